"""Words, tones and ways that the pages of deliberation share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from django import forms
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from lianxin.domain.places.models import Venue
from lianxin.domain.places.queries.venues import list_usable_rooms
from lianxin.domain.voice.models import Commitment, Matter, Meeting, Resolution
from lianxin.domain.voice.queries import matters
from lianxin.faces.kit.timelines import Happening, happenings
from lianxin.platform import scope
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day, local_moment, now

from .case_desk import CaseDesk
from .matter_act_words import ACTS

MATTER_TONES = {"open": "info", "agreed": "done", "done": "done", "failed": "stop", "suspended": "quiet"}
MEETING_TONES = {"planned": "info", "held": "due", "closed": "done", "cancelled": "quiet"}
RESOLUTION_TONES = {"proposed": "info", "passed": "done", "rejected": "stop", "withdrawn": "quiet"}
COMMITMENT_TONES = {"open": "info", "shown": "due", "kept": "done", "broken": "stop", "released": "quiet"}
LIGHTS = {
    "blue": (pgettext_lazy("light", "in time"), "info"),
    "yellow": (pgettext_lazy("light", "due soon"), "due"),
    "red": (pgettext_lazy("light", "late"), "stop"),
}
FIELDS: dict[str, Any] = {
    "state": gettext_lazy("State"),
    "title": pgettext_lazy("matter", "What it is about"),
    "due_by": gettext_lazy("Due by"),
    "starts_at": gettext_lazy("Begins"),
    "minutes": pgettext_lazy("meeting", "Minutes"),
}
STATES = {
    str(value): label
    for kind in (Matter.State, Meeting.State, Resolution.State, Commitment.State, Meeting.Minutes)
    for value, label in kind.choices
}


def matter_url(matter: UUID) -> str:
    """Give the page of a matter."""
    return reverse("staff:matter", kwargs={"matter": matter})


def meeting_url(meeting: UUID) -> str:
    """Give the page of a meeting."""
    return reverse("staff:meeting", kwargs={"meeting": meeting})


def commitment_url(commitment: UUID) -> str:
    """Give the page of a commitment."""
    return reverse("staff:commitment", kwargs={"commitment": commitment})


def way_to(*, matter: Matter | None = None, meeting: Meeting | None = None, here: Any = "") -> list[tuple[Any, str]]:
    """Give the way from the list of matters to a page."""
    way: list[tuple[Any, str]] = [(_("Deliberation"), reverse("staff:matters"))]
    above = meeting.matter if meeting is not None else matter
    if above is not None:
        way.append((above.title, matter_url(above.pk)))
    if meeting is not None:
        way.append((meeting_words(meeting), meeting_url(meeting.pk)))
    return [*way, (here, "")] if here else [*way[:-1], (way[-1][0], "")]


def meeting_words(row: Meeting) -> str:
    """Name a meeting."""
    return _("Meeting %(number)d") % {"number": row.number}


def story_of(actor: Actor, kind: str, record: UUID) -> list[Happening]:
    """Give what happened to a record in words."""
    entries = matters.timeline_of(actor=actor, kind=kind, record=record)
    worded = [
        replace(
            entry,
            change={
                name: ["" if one is None else _legible(one) for one in pair]
                for name, pair in entry.change.items()
                if name in FIELDS and isinstance(pair, list) and len(pair) == 2 and pair[0] != pair[1]
            },
        )
        for entry in entries
    ]
    return happenings(list[Any](worded), titles=ACTS, labels=FIELDS)


def _legible(value: Any) -> str:
    if isinstance(value, str) and "T" in value:
        try:
            return f"{datetime.fromisoformat(value).astimezone(now().astimezone().tzinfo):%Y-%m-%d %H:%M}"
        except ValueError:
            return value
    return str(STATES.get(str(value), value))


def room_choices(community: UUID) -> list[tuple[str, Any]]:
    """Give the rooms of a community, and none."""
    venues = Venue.objects.filter(community=community).values_list("pk", flat=True)
    rooms = list_usable_rooms(venues=list(venues))
    return [("", _("no room of ours")), *((str(one.pk), f"{one.venue.name} · {one.name}") for one in rooms)]


def side_choices(matter: UUID) -> list[tuple[str, Any]]:
    """Give the sides of a matter, and none."""
    sides = [one for one in matters.list_parties(matter) if one.left_on is None]
    return [("", _("no side")), *((str(one.pk), one.name) for one in sides)]


def worker_choices(desk: CaseDesk, community: UUID) -> list[tuple[str, Any]]:
    """Give who works in a community, and everybody who does."""
    with scope.within(desk.actor.communities):
        workers = matters.list_workers(actor=desk.actor, community=community, on=local_day(desk.at))
    return [("", _("whoever works here")), *((str(pk), name) for pk, name in workers)]


def moment_of(on: date, clock: time) -> datetime:
    """Give the moment of a day and a wall-clock time."""
    return local_moment(on, clock)


def uuid_or_none(text: str | None) -> UUID | None:
    """Read a chosen id; nothing chosen is None."""
    return UUID(text) if text else None


def offered(form: forms.Form, **choices: Sequence[tuple[str, Any]]) -> None:
    """Fill a form's choices."""
    fields: dict[str, Any] = form.fields
    for name, offers in choices.items():
        fields[name].choices = offers
