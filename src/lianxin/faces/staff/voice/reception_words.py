"""What states of reception days and places are called on these pages, and who somebody is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from lianxin.domain.voice.models import ReceptionDay, ReceptionPlace, ReceptionSeries
from lianxin.domain.voice.rules import receptions as rules
from lianxin.engines.masking import mask_name
from lianxin.faces.kit.dates import spoken
from lianxin.faces.kit.timelines import Happening, happenings
from lianxin.platform.audit import TimelineEntry
from lianxin.platform.clock import LOCAL

from ..settings.act_words import all_acts

DAY_TONES: dict[str, str] = {
    ReceptionDay.State.PLANNED: "info",
    ReceptionDay.State.HELD: "done",
    ReceptionDay.State.MISSED: "stop",
    ReceptionDay.State.CANCELLED: "quiet",
}
PLACE_TONES: dict[str, str] = {
    ReceptionPlace.State.BOOKED: "info",
    ReceptionPlace.State.WAITING: "due",
    ReceptionPlace.State.RECEIVED: "done",
    ReceptionPlace.State.ABSENT: "quiet",
    ReceptionPlace.State.CANCELLED: "quiet",
}
FIELDS: dict[str, Any] = {
    "state": pgettext_lazy("reception", "state"),
    "leader": pgettext_lazy("reception", "who receives"),
}
WORDS = dict(ReceptionDay.State.choices) | dict(ReceptionPlace.State.choices)


def who(row: ReceptionPlace) -> str:
    """Say whose place it is, masked: staff open the record where they need more."""
    if row.person is not None:
        return mask_name(row.person.name)
    return mask_name(row.guest_name) if row.guest_name else _("a guest")


def hours(starts_at: datetime, ends_at: datetime) -> str:
    """Say from when until when, on the clock of here."""
    return f"{starts_at.astimezone(LOCAL):%H:%M}–{ends_at.astimezone(LOCAL):%H:%M}"


def day_of(row: ReceptionDay, *, holiday: str = "") -> str:
    """Say a day, with the holiday on which it falls."""
    said = spoken(row.held_on)
    return f"{said} ({holiday})" if holiday else said


def how_often(row: ReceptionSeries) -> str:
    """Say how often a series comes."""
    return rules.read(row.recurrence).say()


def until(row: ReceptionSeries) -> str:
    """Say from when until when a series runs."""
    last: date | None = row.until_on
    end = spoken(last) if last else _("until further notice")
    return f"{spoken(row.from_on)} – {end}"


def story(entries: Sequence[TimelineEntry]) -> list[Happening]:
    """Word what happened to a series, a day or a place."""
    shown = [replace(entry, change=_in_words(entry.change)) for entry in entries]
    return happenings(list[Any](shown), titles=all_acts(), labels=FIELDS)


def _in_words(change: dict[str, Any]) -> dict[str, Any]:
    return {
        name: ["" if one in (None, "") else str(WORDS.get(one, one))[:80] for one in pair]
        for name, pair in change.items()
        if name in FIELDS and isinstance(pair, list) and len(pair) == 2 and pair[0] != pair[1]
    }
