"""The board of rooms: who has which room when, day by day."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID

from lianxin.domain.bookings import policy
from lianxin.domain.bookings.models import BookingTime, RoomClosing
from lianxin.domain.bookings.queries.terms import LentRoom, list_rooms
from lianxin.platform import scope
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day, local_moment


@dataclass(frozen=True, slots=True)
class Entry:
    """One stretch on the board: a date of a booking, or a closing (`booking` None)."""

    starts_at: datetime
    ends_at: datetime
    title: str
    state: str
    booking: UUID | None = None
    time: UUID | None = None
    is_confidential: bool = False
    record_kind: str = ""


@dataclass(frozen=True, slots=True)
class BoardRow:
    """One room with what stands in it on each day."""

    room: LentRoom
    days: dict[date, list[Entry]] = field(default_factory=dict)


def show_board(
    *, actor: Actor, first_on: date, days: int, communities: Iterable[UUID] | None = None, venue: UUID | None = None
) -> list[BoardRow]:
    """Give the rooms in scope with their dates and closings; of confidential rooms without titles. Three queries."""
    venues = [venue] if venue is not None else None
    if not actor.holds(*policy.READERS):
        own = set(actor.venues)
        venues = [pk for pk in venues if pk in own] if venues is not None else sorted(own)
    on = [first_on + timedelta(days=n) for n in range(days)]
    starts, ends = local_moment(on[0]), local_moment(on[-1] + timedelta(days=1))
    with scope.within(actor.communities):
        rooms = list_rooms(communities=communities, venues=venues)
        rows = {one.room.pk: BoardRow(one, {day: [] for day in on}) for one in rooms}
        times = BookingTime.objects.filter(
            room__in=rows, state__in=BookingTime.LIVE, starts_at__lt=ends, ends_at__gt=starts
        ).select_related("booking")
        for row in times.order_by("starts_at", "pk"):
            _put(rows[row.room_id], _entry(row, hidden=rows[row.room_id].room.is_confidential))
        closings = RoomClosing.objects.filter(room__in=rows, starts_at__lt=ends, ends_at__gt=starts, lifted_at=None)
        for closing in closings.order_by("starts_at", "pk"):
            _put(rows[closing.room_id], Entry(closing.starts_at, closing.ends_at, closing.reason, "closed"))
    return list(rows.values())


def list_ahead(*, room: LentRoom, from_at: datetime, until_at: datetime) -> list[Entry]:
    """Give the live dates of one room in scope within some time, the soonest first; one query."""
    rows = BookingTime.objects.filter(
        room=room.room.pk, state__in=BookingTime.LIVE, starts_at__lt=until_at, ends_at__gt=from_at
    ).select_related("booking")
    return [_entry(row, hidden=room.is_confidential) for row in rows.order_by("starts_at", "pk")]


def _entry(row: BookingTime, *, hidden: bool) -> Entry:
    return Entry(
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        title="" if hidden else row.booking.title,
        state=row.state,
        booking=row.booking_id,
        time=row.pk,
        is_confidential=hidden,
        record_kind=row.booking.record_kind,
    )


def _put(row: BoardRow, entry: Entry) -> None:
    day, last = local_day(entry.starts_at), local_day(entry.ends_at - timedelta(seconds=1))
    while day <= last:
        if day in row.days:
            row.days[day].append(entry)
            row.days[day].sort(key=lambda one: one.starts_at)
        day += timedelta(days=1)
