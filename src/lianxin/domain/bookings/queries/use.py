"""How much rooms are used: what was booked, what was seen in use, what was given back."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from lianxin.domain.bookings import policy
from lianxin.domain.bookings.models import BookingTime
from lianxin.domain.bookings.queries.terms import LentRoom, lent_spans, list_rooms
from lianxin.domain.bookings.rules.spans import Span, common_minutes, joined
from lianxin.platform import scope
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_moment

State = BookingTime.State
MOST_DAYS = 370


@dataclass(frozen=True, slots=True)
class RoomUse:
    """One room over some days: counts of dates, and minutes."""

    room: LentRoom
    booked: int
    seen: int
    given_back: int
    cancelled: int
    minutes: int
    lent_minutes: int
    within_minutes: int

    @property
    def percent(self) -> int | None:
        """Give which part of the time in which the room is lent was booked; None when it is never lent."""
        return round(100 * self.within_minutes / self.lent_minutes) if self.lent_minutes else None


def show_use(
    *,
    actor: Actor,
    from_on: date,
    until_on: date,
    at: datetime,
    communities: Iterable[UUID] | None = None,
    venue: UUID | None = None,
) -> list[RoomUse]:
    """Give the use of the rooms in scope over days [from_on, until_on) up to a moment, the most used first."""
    last = min(until_on, from_on + timedelta(days=MOST_DAYS)) - timedelta(days=1)
    venues = [venue] if venue is not None else None
    if not actor.holds(*policy.READERS):
        own = set(actor.venues)
        venues = [pk for pk in venues if pk in own] if venues is not None else sorted(own)
    whole = Span(local_moment(from_on), min(local_moment(last + timedelta(days=1)), at))
    if whole.ends_at <= whole.starts_at:
        return []
    with scope.within(actor.communities):
        rooms = list_rooms(communities=communities, venues=venues)
        lent = lent_spans([one.room for one in rooms], first_on=from_on, last_on=last)
        rows = BookingTime.objects.filter(
            room__in=[one.room.pk for one in rooms], starts_at__lt=whole.ends_at, ends_at__gt=whole.starts_at
        ).exclude(state__in=[State.ASKED, State.REFUSED])
        by_room: dict[UUID, list[tuple[str, Span]]] = {}
        for room, state, starts_at, ends_at in rows.values_list("room_id", "state", "starts_at", "ends_at"):
            by_room.setdefault(room, []).append((state, Span(starts_at, ends_at)))
    found = [_use(one, by_room.get(one.room.pk, []), lent.get(one.room.pk, []), whole) for one in rooms]
    return sorted(found, key=lambda one: (-one.minutes, one.room.room.venue.name, one.room.room.name))


def _use(room: LentRoom, rows: list[tuple[str, Span]], lent: list[Span], whole: Span) -> RoomUse:
    taken = [_cut(span, whole) for state, span in rows if state in (State.CONFIRMED, State.USED)]
    open_spans = [_cut(span, whole) for span in lent if span.meets(whole)]
    states = [state for state, _span in rows]
    return RoomUse(
        room=room,
        booked=states.count(State.CONFIRMED) + states.count(State.USED),
        seen=states.count(State.USED),
        given_back=states.count(State.RELEASED),
        cancelled=states.count(State.CANCELLED),
        minutes=sum(span.minutes for span in joined(taken)),
        lent_minutes=sum(span.minutes for span in joined(open_spans)),
        within_minutes=common_minutes(open_spans, taken),
    )


def _cut(span: Span, whole: Span) -> Span:
    return Span(max(span.starts_at, whole.starts_at), min(span.ends_at, whole.ends_at))
