"""What states, channels and reasons of needs are called on these pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from lianxin.domain.needs.models import Answer, Need, NeedReport
from lianxin.domain.needs.rules import priority
from lianxin.engines.masking import mask_name
from lianxin.faces.kit.timelines import Happening, happenings
from lianxin.faces.staff.choices import kind_name
from lianxin.platform.audit import TimelineEntry

from ..settings.act_words import all_acts

NEED_TONES = {
    Need.State.OPEN: "due",
    Need.State.PLANNED: "info",
    Need.State.PARTLY: "info",
    Need.State.MET: "done",
    Need.State.UNMET: "stop",
    Need.State.WITHDRAWN: "quiet",
}
VOICE_TONES = {
    NeedReport.State.NEW: "due",
    NeedReport.State.JOINED: "done",
    NeedReport.State.NOT_A_NEED: "quiet",
    NeedReport.State.REFERRED: "info",
    NeedReport.State.WITHDRAWN: "quiet",
}
ANSWER_TONES = {
    Answer.State.SENT: "done",
    Answer.State.TO_TELL: "due",
    Answer.State.TO_HAND: "due",
    Answer.State.TOLD: "done",
    Answer.State.SHOWN: "quiet",
}
FIELDS: dict[str, Any] = {
    "title": pgettext_lazy("needs", "title"),
    "category": pgettext_lazy("needs", "category"),
    "priority": pgettext_lazy("needs", "priority"),
    "state": pgettext_lazy("needs", "state"),
    "met": pgettext_lazy("needs", "was it met"),
    "channel": pgettext_lazy("needs", "told by"),
    "target_group": pgettext_lazy("needs", "for whom"),
}
WORDS: dict[str, dict[str, Any]] = {
    "state": dict(Need.State.choices) | dict(NeedReport.State.choices),
    "met": dict(NeedReport.Met.choices),
    "channel": dict(NeedReport.Channel.choices),
}


def who(row: NeedReport) -> str:
    """Say who said something, masked: staff open the record where they need more."""
    if row.is_anonymous:
        return _("unnamed")
    if row.person is not None:
        return mask_name(row.person.name)
    return mask_name(row.guest_name) if row.guest_name else _("a guest")


def category_of(row: NeedReport | Need) -> str:
    """Name a category in the language of the page, or nothing where none is decided."""
    return kind_name(row.category) if row.category is not None else ""


def reasons_of(need: Need) -> list[str]:
    """Say why an entry has its priority."""
    said = [priority.say(name, number) for name, _points, number in need.priority_reasons]
    if need.priority_by:
        said.insert(0, _("set by hand: %(words)s") % {"words": need.priority_words})
    return said


def story(entries: Sequence[TimelineEntry]) -> list[Happening]:
    """Word what happened to a voice or an entry."""
    shown = [replace(entry, change=_in_words(entry.change)) for entry in entries]
    return happenings(list[Any](shown), titles=all_acts(), labels=FIELDS)


def _in_words(change: dict[str, Any]) -> dict[str, Any]:
    return {
        name: ["" if one in (None, "") else str(WORDS.get(name, {}).get(one, one))[:80] for one in pair]
        for name, pair in change.items()
        if name in FIELDS and isinstance(pair, list) and len(pair) == 2 and pair[0] != pair[1]
    }
