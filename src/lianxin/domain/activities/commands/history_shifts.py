"""Shifts of past dates: who did them, and that they are volunteers."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from lianxin.domain.activities.models import Occurrence, Shift, ShiftPlace, Volunteer
from lianxin.domain.activities.rules.hours import counted_minutes
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day
from lianxin.platform.ids import new_id

if TYPE_CHECKING:
    from lianxin.domain.activities.commands.history import PastDate


class Shifts:
    """Gathers shifts of one community and writes them."""

    def __init__(self, *, actor: Actor, community: UUID) -> None:
        self.actor, self.community = actor, community
        self.shifts: list[Shift] = []
        self.places: list[ShiftPlace] = []

    def write(self) -> None:
        """Write what was gathered."""
        self._write_volunteers()
        Shift.objects.bulk_create(self.shifts)
        ShiftPlace.objects.bulk_create(self.places)

    def add(self, row: Occurrence, one: PastDate) -> dict[UUID, ShiftPlace]:
        """Gather the shift of a date; gives the places of those who came, by person."""
        if one.shift is None:
            return {}
        is_off = one.state != Occurrence.State.HELD
        closed = row.cancelled_at or row.finished_at
        helpers = [person for person in one.people if person.is_on_shift]
        shift = Shift(
            id=new_id(),
            community_id=self.community,
            occurrence=row,
            team_id=one.shift.team,
            state=Shift.State.CANCELLED if is_off else Shift.State.DONE,
            role=one.shift.role,
            what=one.shift.what,
            starts_at=one.starts_at,
            ends_at=one.ends_at,
            venue_id=one.venue,
            place=one.place,
            least=one.shift.least,
            most=one.shift.most,
            taken=0 if is_off else len(helpers),
            closed_at=closed,
            close_reason=one.reason if is_off else "",
            made_by=self.actor.account,
        )
        self.shifts.append(shift)
        found: dict[UUID, ShiftPlace] = {}
        for person in helpers:
            came = person.fate == "came"
            minutes = counted_minutes(
                starts_at=one.starts_at, ends_at=one.ends_at, came_at=person.came_at, left_at=None
            )
            place = ShiftPlace(
                id=new_id(),
                community_id=self.community,
                shift=shift,
                person_id=person.person,
                state=ShiftPlace.State.CANCELLED if is_off else "done" if came else "missed",
                is_reporting_in=person.is_reporting_in,
                starts_at=one.starts_at,
                ends_at=one.ends_at,
                came_at=person.came_at if came and not is_off else None,
                minutes=minutes if came and not is_off else 0,
                taken_at=person.signed_at or row.published_at or row.starts_at,
                taken_by=self.actor.account,
                ended_at=closed,
                ended_reason=one.reason if is_off else "",
            )
            self.places.append(place)
            if came and not is_off:
                found[person.person] = place
        return found

    def _write_volunteers(self) -> None:
        """Enter those as volunteers who did a shift and are none yet, as taking a shift does."""
        first: dict[UUID, date] = {}
        for place in self.places:
            on = local_day(place.taken_at)
            if place.person_id is not None:
                first[place.person_id] = min(on, first.get(place.person_id, on))
        known = set(Volunteer.objects.filter(person__in=first).values_list("person_id", flat=True))
        Volunteer.objects.bulk_create(
            Volunteer(community_id=self.community, person_id=person, registered_on=on)
            for person, on in first.items()
            if person not in known
        )
