"""The words and tones of volunteering on the office's pages, and times as they are typed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any

from django import forms
from django.utils.translation import gettext as _gettext
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from lianxin.domain.activities.models import HoursEntry, Shift, ShiftPlace, Team, TeamMember, Volunteer
from lianxin.faces.kit.dates import spoken
from lianxin.faces.kit.timelines import Happening, happenings
from lianxin.platform.audit import TimelineEntry
from lianxin.platform.clock import LOCAL

from ..acting import ClockInput, DayInput
from ..activities.act_words import ACTS as ACTIVITY_ACTS
from .act_words import ACTS

SHIFT_TONES = {
    Shift.State.DRAFT: "quiet",
    Shift.State.OPEN: "info",
    Shift.State.DONE: "done",
    Shift.State.CANCELLED: "stop",
}
PLACE_TONES = {
    ShiftPlace.State.TAKEN: "due",
    ShiftPlace.State.DONE: "done",
    ShiftPlace.State.MISSED: "quiet",
    ShiftPlace.State.CANCELLED: "quiet",
}
VOLUNTEER_TONES = {Volunteer.State.ACTIVE: "done", Volunteer.State.RESTING: "due", Volunteer.State.LEFT: "quiet"}
TEAM_TONES = {Team.State.ACTIVE: "done", Team.State.ENDED: "quiet"}
DAYS = (_("Mon"), _("Tue"), _("Wed"), _("Thu"), _("Fri"), _("Sat"), _("Sun"))
HALVES = (("am", _("morning")), ("pm", _("afternoon")), ("eve", _("evening")))
SUIT_CHOICES = [(f"{number}{half}", (DAYS[number], word)) for number in range(7) for half, word in HALVES]
FIELDS: dict[str, Any] = {
    "state": _("State"),
    "role": _("Task"),
    "most": _("Most"),
    "least": _("Least"),
    "starts_at": _("Beginning"),
    "ends_at": _("End"),
    "place": _("Where exactly"),
    "minutes": _("Minutes"),
    "name": _("Name"),
    "skills": _("Skills"),
    "people": _("People"),
    "reason": _("Reason"),
}


def hours_words(minutes: int) -> str:
    """Write minutes as people say them: 2 h 30 min."""
    whole, rest = divmod(abs(minutes), 60)
    parts = []
    if whole or not rest:
        parts.append(ngettext("%(n)d h", "%(n)d h", whole) % {"n": whole})
    if rest:
        parts.append(_gettext("%(n)d min") % {"n": rest})
    return ("−" if minutes < 0 else "") + " ".join(parts)


def span_words(starts_at: datetime, ends_at: datetime) -> str:
    """Write when a shift is: the day once, and both times."""
    start, end = starts_at.astimezone(LOCAL), ends_at.astimezone(LOCAL)
    if start.date() == end.date():
        return f"{spoken(start.date())} {start:%H:%M}–{end:%H:%M}"
    return f"{spoken(start)} – {spoken(end)}"


def suits_words(suits: Sequence[str]) -> str:
    """Write half days in words."""
    words = dict(SUIT_CHOICES)
    return "、".join(f"{words[one][0]} {words[one][1]}" for one in suits if one in words)


def suit_choices() -> list[tuple[str, str]]:
    """Give the half days of a week as choices."""
    return [(code, f"{day} {half}") for code, (day, half) in SUIT_CHOICES]


def moment(day: date, clock: time) -> datetime:
    """Make a moment of a day and a time in Shanghai."""
    return datetime.combine(day, clock, tzinfo=LOCAL)


def day_field(label: Any, **more: Any) -> forms.DateField:
    """Make a field for a day."""
    return forms.DateField(label=label, widget=DayInput, **more)


def clock_field(label: Any, **more: Any) -> forms.TimeField:
    """Make a field for a time of day."""
    return forms.TimeField(label=label, widget=ClockInput, **more)


def story(entries: Sequence[TimelineEntry]) -> list[Happening]:
    """Word what happened to a record."""
    return happenings(list[Any](entries), titles=ACTIVITY_ACTS | ACTS, labels=FIELDS)


KIND_WORDS = dict(HoursEntry.Kind.choices)
ROLE_WORDS = dict(TeamMember.Role.choices)
