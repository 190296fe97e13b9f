"""The words and tones of activities on the office's pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from lianxin.domain.activities.models import Activity, Occurrence
from lianxin.domain.activities.queries.occurrences import OccurrenceLine
from lianxin.domain.activities.rules.wording import span_words
from lianxin.faces.kit.dates import spoken
from lianxin.faces.kit.timelines import Happening, happenings
from lianxin.platform.audit import TimelineEntry

from .act_words import ACTS

ACTIVITY_TONES = {
    Activity.State.DRAFT: "due",
    Activity.State.PUBLISHED: "done",
    Activity.State.ENDED: "quiet",
    Activity.State.CANCELLED: "stop",
}
OCCURRENCE_TONES = {
    Occurrence.State.DRAFT: "due",
    Occurrence.State.PUBLISHED: "info",
    Occurrence.State.HELD: "done",
    Occurrence.State.NOT_HELD: "quiet",
    Occurrence.State.CANCELLED: "stop",
}
FIELDS: dict[str, Any] = {
    "title": gettext_lazy("Title"),
    "summary": gettext_lazy("In one sentence"),
    "poster_text": gettext_lazy("Text of the poster"),
    "open_to": pgettext_lazy("activity", "For whom"),
    "min_age": gettext_lazy("Age from"),
    "max_age": gettext_lazy("Age to"),
    "category": gettext_lazy("Category"),
    "state": gettext_lazy("State"),
    "starts_at": pgettext_lazy("activity", "Start"),
    "ends_at": pgettext_lazy("activity", "End"),
    "venue": gettext_lazy("Venue"),
    "room": gettext_lazy("Room"),
    "place": pgettext_lazy("activity", "Where exactly"),
    "size": pgettext_lazy("activity", "Places"),
    "note": gettext_lazy("Note"),
    "dates": gettext_lazy("Dates"),
}


def places_words(line: OccurrenceLine) -> str:
    """Say how many places are taken and who waits."""
    if not line.takes_sign_ups:
        return _("no sign-up")
    words = str(line.taken) if line.size is None else f"{line.taken}/{line.size}"
    return _("%(places)s, %(waiting)d waiting") % {"places": words, "waiting": line.waiting} if line.waiting else words


def when_words(starts_at: datetime, ends_at: datetime) -> str:
    """Say from when to when."""
    return span_words(starts_at, ends_at)


def story(entries: Sequence[TimelineEntry]) -> list[Happening]:
    """Word a record's entries; a state is said by its name, a moment as people say it."""
    shown = [replace(entry, change=_in_words(entry.change)) for entry in entries]
    return happenings(list[Any](shown), titles=ACTS, labels=FIELDS)


def _in_words(change: dict[str, Any]) -> dict[str, Any]:
    return {
        name: [_word(name, one) for one in pair]
        for name, pair in change.items()
        if isinstance(pair, list) and len(pair) == 2 and pair[0] != pair[1]
    }


def _word(name: str, value: Any) -> str:
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        return _(", ").join(str(FIELDS.get(str(one), one)) for one in value)
    if name == "state":
        return str(STATES.get(str(value), value))
    if name in MOMENTS:
        return spoken(datetime.fromisoformat(str(value)))
    return str(value)


MOMENTS = frozenset({"starts_at", "ends_at", "sign_up_from", "sign_up_until", "first_until"})
STATES: dict[str, Any] = {**dict(Activity.State.choices), **dict(Occurrence.State.choices)}
