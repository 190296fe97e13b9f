"""The terms of rooms, and when each is lent."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet

from lianxin.domain.bookings import policy
from lianxin.domain.bookings.models import RoomClosing, RoomHours, RoomTerms, StudySeats
from lianxin.domain.bookings.rules.spans import Span, joined, without
from lianxin.domain.bookings.rules.terms import Terms
from lianxin.domain.places.models import Room, RoomState
from lianxin.domain.places.queries.opening import hours_and_closed_days
from lianxin.platform import scope
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day, local_moment
from lianxin.platform.errors import Missing

OpenTo = RoomTerms.OpenTo
WITH = ("venue__community", "kind", "terms", "study_seats")


@dataclass(frozen=True, slots=True)
class LentRoom:
    """A room with its terms, as lists and forms show it."""

    room: Room
    terms: Terms
    has_terms: bool
    version: int
    seats: StudySeats | None = None

    @property
    def is_confidential(self) -> bool:
        """Tell whether nobody else may see who uses the room."""
        return self.terms.is_confidential


def terms_of(row: RoomTerms | None, room: Room) -> Terms:
    """Give the terms that hold for a room; a room confidential by itself is so whatever its terms say."""
    if row is None:
        return Terms(is_confidential=room.confidential)
    return Terms(
        open_to=row.open_to,
        needs_approval=row.needs_approval,
        is_confidential=row.is_confidential or room.confidential,
        buffer_before=row.buffer_before,
        buffer_after=row.buffer_after,
        shortest_minutes=row.shortest_minutes,
        longest_minutes=row.longest_minutes,
        days_ahead=row.days_ahead,
        most_a_week=row.most_a_week,
        release_after=row.release_after,
        offer_minutes=row.offer_minutes,
        set_ups=tuple(row.set_ups),
        house_rules=row.house_rules,
    )


def terms_by_room(rooms: Iterable[Room]) -> dict[UUID, Terms]:
    """Give the terms of some rooms, in any community; one query."""
    wanted = {room.pk: room for room in rooms}
    with scope.everything():
        rows = {row.room_id: row for row in RoomTerms.objects.filter(room__in=wanted)}
    return {pk: terms_of(rows.get(pk), room) for pk, room in wanted.items()}


def find_terms(room: Room) -> Terms:
    """Give the terms of one room."""
    return terms_by_room([room])[room.pk]


def list_rooms(
    *, communities: Iterable[UUID] | None = None, venues: Iterable[UUID] | None = None, text: str = ""
) -> list[LentRoom]:
    """Give the rooms in scope that are not removed, with their terms, by venue; one query."""
    rows = Room.objects.exclude(state=RoomState.REMOVED).select_related(*WITH)
    if communities is not None:
        rows = rows.filter(community__in=list(communities))
    if venues is not None:
        rows = rows.filter(venue__in=list(venues))
    for word in text.split():
        rows = rows.filter(Q(name__icontains=word) | Q(venue__name__icontains=word))
    ordered = rows.order_by("venue__community__code", "venue__kind", "venue__name", "floor", "name", "pk")
    return [lent_room(room) for room in ordered]


def find_lent_room(room: UUID) -> LentRoom | None:
    """Give a room in scope with its terms, or None; one query."""
    row = Room.objects.filter(pk=room).select_related(*WITH).first()
    return None if row is None else lent_room(row)


def list_open_rooms(*, community: UUID, actor: Actor) -> list[LentRoom]:
    """Give the rooms of a community that somebody may ask for (any resident, at the least) or study in; one query."""
    with scope.everything():
        return [
            one
            for one in list_rooms(communities=[community])
            if is_shown(one) and (is_lent_to(actor, one) or one.seats is not None)
        ]


def find_open_room(room: UUID) -> LentRoom | None:
    """Give a room that everybody may look at (lent beyond the office, or with study seats), or None."""
    with scope.everything():
        one = find_lent_room(room)
    if one is None or not is_shown(one):
        return None
    return one if one.terms.open_to != OpenTo.STAFF or one.seats is not None else None


def is_lent_to(actor: Actor, one: LentRoom) -> bool:
    """Tell whether a room is lent to residents, or to hosts and partners of whom the actor is one."""
    return one.terms.open_to == OpenTo.RESIDENTS or policy.may_ask_for_room(actor, one.terms.open_to)


def is_shown(one: LentRoom) -> bool:
    """Tell whether a room stands on public pages: in use, in a venue at work."""
    return one.room.state == RoomState.IN_USE and one.room.venue.state in ("open", "paused")


def list_hours(room: UUID) -> list[RoomHours]:
    """Give the lending hours of a room by weekday."""
    return list(RoomHours.objects.filter(room=room).order_by("weekday", "opens"))


def list_closings(rooms: Iterable[UUID], *, from_at: datetime) -> list[RoomClosing]:
    """Give the closings of rooms that are not over or lifted, the soonest first."""
    rows = RoomClosing.objects.filter(room__in=list(rooms), ends_at__gt=from_at, lifted_at=None)
    return list(rows.select_related("room").order_by("starts_at", "pk"))


def closings_during(rooms: Iterable[UUID], whole: Span) -> QuerySet[RoomClosing]:
    """Give the closings of rooms that touch a stretch of time and were not lifted, within an active scope."""
    return RoomClosing.objects.filter(
        room__in=list(rooms), starts_at__lt=whole.ends_at, ends_at__gt=whole.starts_at, lifted_at=None
    )


def lent_spans(
    rooms: Sequence[Room], *, first_on: date, last_on: date, without_closings: bool = True
) -> dict[UUID, list[Span]]:
    """Give when rooms are lent on some days, the last one included: their hours without closings; five queries.

    A room's own hours go before those of its venue, but not on days on which the venue is closed by an exception or a
    holiday. Whoever reads the closings together with other times leaves them in by `without_closings=False`.
    """
    days = [first_on + timedelta(days=n) for n in range((last_on - first_on).days + 1)]
    venues = {room.venue_id: room.venue for room in rooms}
    with scope.everything():
        by_venue, shut = hours_and_closed_days(venues.values(), days=days)
        own: dict[UUID, list[RoomHours]] = {}
        for row in RoomHours.objects.filter(room__in=[room.pk for room in rooms]):
            own.setdefault(row.room_id, []).append(row)
        closings: dict[UUID, list[Span]] = {}
        span = Span(local_moment(first_on), local_moment(last_on + timedelta(days=2)))
        gone = closings_during([room.pk for room in rooms], span) if without_closings else RoomClosing.objects.none()
        for room, starts_at, ends_at in gone.values_list("room_id", "starts_at", "ends_at"):
            closings.setdefault(room, []).append(Span(starts_at, ends_at))
    found = {}
    for one in rooms:
        hours = own.get(one.pk)
        spans = []
        for day in days:
            midnight = local_moment(day)
            if hours is None:
                pieces = [(lent.opens, lent.closes) for lent in by_venue[one.venue_id].get(day, ())]
            elif day in shut[one.venue_id]:
                pieces = []
            else:
                pieces = [
                    (lent.opens.hour * 60 + lent.opens.minute, lent.closes.hour * 60 + lent.closes.minute)
                    for lent in hours
                    if lent.weekday == day.weekday()
                ]
            spans += [Span(midnight + timedelta(minutes=a), midnight + timedelta(minutes=b)) for a, b in pieces]
        found[one.pk] = without(joined(spans), closings.get(one.pk, []))
    return found


def lent_around(room: Room, spans: Sequence[Span]) -> list[Span]:
    """Give when a room is lent from the first to the last day of some stretches."""
    first, last = min(spans).starts_at, max(span.ends_at for span in spans)
    return lent_spans([room], first_on=local_day(first) - timedelta(days=1), last_on=local_day(last))[room.pk]


def lent_room(room: Room) -> LentRoom:
    """Give a room that was read with its terms and seats as lists and forms show it."""
    row: RoomTerms | None = getattr(room, "terms", None)
    return LentRoom(
        room=room,
        terms=terms_of(row, room),
        has_terms=row is not None,
        version=row.version if row else 0,
        seats=getattr(room, "study_seats", None),
    )


def find_closing(closing: UUID) -> RoomClosing:
    """Give a closing in scope; raises Missing."""
    row = RoomClosing.objects.filter(pk=closing).select_related("room").first()
    if row is None:
        raise Missing
    return row
