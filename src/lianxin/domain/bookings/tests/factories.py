"""A centre with rooms that can be booked, for the tests of this module."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from lianxin.domain.bookings.commands import bookings, terms
from lianxin.domain.bookings.models import Booking, BookingTime, SlotWait
from lianxin.domain.people.models import Household, Person
from lianxin.domain.people.tests.factories import make_household, members_of, new_person, resident, staff
from lianxin.domain.places.models import Division, Room, RoomKind, Venue
from lianxin.domain.places.tests import factories as places
from lianxin.platform import scope
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_moment
from lianxin.platform.ids import new_id

AT = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)  # a Friday, 10:00 in Shanghai
MONDAY = date(2026, 11, 23)
SYSTEM = Actor.system(via="worker")


@dataclass(frozen=True)
class Centre:
    """Everything that a test of rooms wants to name."""

    community: Division
    elsewhere: Division
    venue: Venue
    room: Room
    small: Room
    homes: tuple[Household, ...]
    keeper: Actor

    def member(self, number: int = 0) -> Person:
        """The head of one home."""
        return members_of(self.homes[number])[0]

    def resident(self, number: int = 0) -> Actor:
        """Who logs in from one home."""
        return resident(self.member(number))

    def host(self, **more: Any) -> Actor:
        """Who hosts this venue."""
        return staff("host", self.community, venues=frozenset({self.venue.pk}), **more)


def make_centre(*, homes: int = 2, terms_of_room: dict[str, Any] | None = None) -> Centre:
    """A community whose centre is open on weekdays, with a hall that residents may book and a small room for staff."""
    divisions = places.make_district()
    community, elsewhere = divisions["翠英居委会"], divisions["华新社区居委会"]
    venue = places.make_venue(community)
    places.give_office_hours(venue)
    keeper = staff("community_staff", community)
    kind = RoomKind.objects.order_by("position")[0]
    with scope.everything():
        rooms = [
            Room.objects.create(community=community, venue=venue, kind=kind, name=name, seats=seats)
            for name, seats in (("多功能厅", 60), ("会议室", 12))
        ]
        made = tuple(make_household(community, new_person("陈小明", phone="13800138000")) for _ in range(homes))
    centre = Centre(community, elsewhere, venue, rooms[0], rooms[1], made, keeper)
    lend(centre, **(terms_of_room or {}))
    return centre


def lend(centre: Centre, room: Room | None = None, **values: Any) -> None:
    """Put a room on terms: open to residents at once unless said otherwise."""
    entries = {"open_to": "residents", "needs_approval": False} | values
    terms.set_terms(actor=centre.keeper, room=(room or centre.room).pk, values=entries, at=AT)


def slot(day: date = MONDAY, opens: str = "09:00", closes: str = "10:00") -> tuple[datetime, datetime]:
    """A stretch of one day by the clock on the wall."""
    return local_moment(day, time.fromisoformat(opens)), local_moment(day, time.fromisoformat(closes))


def weekly(count: int, *, opens: str = "09:00", closes: str = "10:00") -> list[tuple[datetime, datetime]]:
    """The same stretch on so many Mondays."""
    return [slot(MONDAY + timedelta(days=7 * n), opens, closes) for n in range(count)]


def book(
    centre: Centre,
    actor: Actor | None = None,
    *times: tuple[datetime, datetime],
    room: Room | None = None,
    **more: Any,
) -> Booking:
    """Book the hall, on Monday at nine unless said otherwise."""
    entries = {"title": "合唱排练", "at": AT} | more
    wanted = list(times) or [slot()]
    return bookings.book_times(actor=actor or centre.keeper, room=(room or centre.room).pk, times=wanted, **entries)


def times_of(booking: Booking | UUID) -> list[BookingTime]:
    """The dates of a booking as they are now."""
    with scope.everything():
        pk = getattr(booking, "pk", booking)
        return list(BookingTime.objects.filter(booking=pk).order_by("starts_at", "pk"))


def states_of(booking: Booking | UUID) -> list[str]:
    """The states of a booking's dates."""
    return [row.state for row in times_of(booking)]


def fresh(row: Any) -> Any:
    """The row as it is now."""
    with scope.everything():
        return type(row).objects.get(pk=row.pk)


def waits(room: Room) -> list[SlotWait]:
    """Who waits for slots of a room, in the order of asking."""
    with scope.everything():
        return list(SlotWait.objects.filter(room=room).order_by("asked_at", "pk"))


def live(room: Room) -> Sequence[BookingTime]:
    """The live dates of a room."""
    with scope.everything():
        return list(BookingTime.objects.filter(room=room, state__in=BookingTime.LIVE).order_by("blocked_from"))


def anybody(role: str, **more: Any) -> Actor:
    """Somebody with one role and no community."""
    return Actor(account=new_id(), role=role, communities=frozenset(), via="web", roles=frozenset({role}), **more)
