"""One object of each kind that the pages of rooms name, for tests which walk all addresses."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from lianxin.domain.bookings.models import Booking, BookingTime, RoomClosing, SlotWait, StudySeats
from lianxin.domain.people.models import Person
from lianxin.domain.places.models import Room
from lianxin.platform import scope

NOW = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
HOUR = timedelta(hours=1)


def make_rooms_object(kind: str, *, community: UUID, household: UUID, room: UUID) -> UUID:
    """Make an object of one kind in a community and give its id."""
    with scope.everything():
        place = Room.objects.select_related("venue").get(pk=room)
        StudySeats.objects.get_or_create(room=place, defaults={"community_id": place.community_id, "seats": 10})
        return MAKERS[kind](place, household).pk


def _booking(room: Room, household: UUID, days: int = 40) -> Booking:
    made = Booking.objects.create(
        community_id=room.community_id,
        venue_id=room.venue_id,
        room=room,
        state="asked",
        title="测试",
        person=Person.objects.filter(household=household).order_by("pk").first(),
        household_id=household,
        asked_at=NOW,
    )
    starts = NOW + timedelta(days=days)
    BookingTime.objects.create(
        community_id=room.community_id,
        booking=made,
        room=room,
        starts_at=starts,
        ends_at=starts + HOUR,
        blocked_from=starts,
        blocked_until=starts + HOUR,
        state="asked",
    )
    return made


def _time(room: Room, household: UUID) -> BookingTime:
    return BookingTime.objects.get(booking=_booking(room, household, days=41))


def _closing(room: Room, household: UUID) -> RoomClosing:
    starts = NOW + timedelta(days=80)
    return RoomClosing.objects.create(
        community_id=room.community_id, room=room, starts_at=starts, ends_at=starts + HOUR, reason="测试"
    )


def _wait(room: Room, household: UUID) -> SlotWait:
    starts = NOW + timedelta(days=42)
    return SlotWait.objects.create(
        community_id=room.community_id,
        room=room,
        starts_at=starts,
        ends_at=starts + HOUR,
        person=Person.objects.filter(household=household).order_by("pk").first(),
        title="测试",
        asked_at=NOW,
    )


MAKERS: dict[str, Callable[[Room, UUID], Any]] = {
    "booking": _booking,
    "time": _time,
    "closing": _closing,
    "wait": _wait,
}
