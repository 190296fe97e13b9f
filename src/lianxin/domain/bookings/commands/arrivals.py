"""Who came uses the room; who does not come, or goes early, gives it back."""

from datetime import datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext_lazy

from lianxin.domain.bookings import policy
from lianxin.domain.bookings.commands import found, waiting_line
from lianxin.domain.bookings.commands.bookings import end_times, require_may_change
from lianxin.domain.bookings.models import BookingTime
from lianxin.domain.bookings.rules.spans import Span
from lianxin.platform import facts, scope
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day
from lianxin.platform.commands import act, command
from lianxin.platform.errors import Refused

State = BookingTime.State
EARLY = timedelta(minutes=30)
RELEASE_AT_MOST = 100
END_AT_MOST = 200
USES = "room_uses"


class TooEarly(Refused):
    """The booked time is not near yet."""

    title = gettext_lazy("It is too early. The room can be taken from half an hour before the time.")


class NotConfirmed(Refused):
    """Nobody has decided on this booking yet."""

    title = gettext_lazy("This booking is not confirmed yet. Please ask the centre's staff.")


@command("bookings.note_arrival")
def note_arrival(*, actor: Actor, time: UUID, at: datetime, key: UUID | None = None) -> BookingTime:
    """Note that who booked is there, by themselves or by who keeps the room; a repeat changes nothing."""
    row = found.time(time)
    require_may_change(actor, row.booking)
    if row.state == State.USED:
        return row
    if row.state == State.ASKED:
        raise NotConfirmed
    if row.state != State.CONFIRMED or row.ends_at <= at:
        raise found.TimeOver
    if at < row.starts_at - EARLY:
        raise TooEarly
    row.state, row.arrived_at, row.arrived_by = State.USED, at, actor.account
    row.save(update_fields=["state", "arrived_at", "arrived_by"])
    act().target(row, "arrived", {"state": [State.CONFIRMED, State.USED]})
    return row


@command("bookings.undo_arrival")
def undo_arrival(*, actor: Actor, time: UUID, at: datetime, key: UUID | None = None) -> BookingTime:
    """Take back that somebody came, when it was the wrong line."""
    row = found.time(time)
    policy.require(policy.may_keep_room(actor, row.community_id, row.booking.venue_id))
    if row.state != State.USED or row.ended_at is not None:
        raise found.TimeOver
    row.state, row.arrived_at, row.arrived_by = State.CONFIRMED, None, None
    row.save(update_fields=["state", "arrived_at", "arrived_by"])
    act().target(row, "arrival taken back", {"state": [State.USED, State.CONFIRMED]})
    return row


@command("bookings.give_back")
def give_back(*, actor: Actor, time: UUID, at: datetime, key: UUID | None = None) -> BookingTime:
    """Give a slot back: before it was used it is free as a whole, in the middle of use from now on."""
    row = found.time(time)
    require_may_change(actor, row.booking)
    if row.ends_at <= at or row.ended_at is not None:
        raise found.TimeOver
    if row.state == State.USED and row.starts_at < at:
        left = Span(at, row.ends_at)
        buffer = row.blocked_until - row.ends_at
        row.ends_at, row.blocked_until, row.ended_at = at, at + buffer, at
        row.sequence += 1
        row.save(update_fields=["ends_at", "blocked_until", "ended_at", "sequence"])
        _count(row)
        act().target(row, "left early", {"ends_at": [left.ends_at, at]})
        waiting_line.offer_freed(row.room_id, [left], at=at)
        return row
    if row.state == State.USED:
        # Somebody came early and goes before the time begins: the room was not used.
        row.state, row.arrived_at, row.arrived_by = State.CONFIRMED, None, None
        row.save(update_fields=["state", "arrived_at", "arrived_by"])
    if row.state not in (State.ASKED, State.CONFIRMED):
        raise found.TimeOver
    end_times([row], state=State.RELEASED, reason="", at=at)
    act().target(row, "given back", {"state": [row.state, State.RELEASED]})
    row.refresh_from_db()
    return row


@command("bookings.end_uses")
def end_uses(*, actor: Actor, at: datetime, limit: int = END_AT_MOST) -> int:
    """Count the uses whose time is over; gives how many. From then on an arrival cannot be taken back."""
    policy.require(actor.is_system)
    with scope.everything():
        over = BookingTime.objects.filter(state=State.USED, ended_at=None, ends_at__lte=at)
        due = dict(over.order_by("ends_at", "pk").values_list("pk", "room_id")[:limit])
        if not due:
            return 0
        found.rooms(due.values())
        rows = list(over.filter(pk__in=due).select_related("booking").order_by("pk"))
        for row in rows:
            row.ended_at = row.ends_at
            _count(row)
        BookingTime.objects.bulk_update(rows, ["ended_at"])
        for row in rows[:1]:
            act().target(row, "used", {"count": [None, len(rows)]})
    return len(rows)


def _count(row: BookingTime) -> None:
    """Note a use as a fact, once: when it is over, so that a wrong press before counts for nothing."""
    facts.record(
        measure=USES,
        record=row,
        quantity=1,
        community_id=row.community_id,
        venue_id=row.booking.venue_id,
        on=local_day(row.starts_at),
    )


@command("bookings.release_unused")
def release_unused(*, actor: Actor, at: datetime, limit: int = RELEASE_AT_MOST) -> int:
    """Give back slots to which nobody came in the minutes that the room's terms name; gives how many.

    What stands for a record of another module is left alone: an activity has its own way of ending.
    """
    policy.require(actor.is_system)
    with scope.everything():
        due = BookingTime.objects.filter(
            state=State.CONFIRMED,
            starts_at__lt=at,
            ends_at__gt=at,
            booking__record_kind="",
            room__terms__release_after__isnull=False,
        )
        late = [
            (pk, room)
            for pk, room, starts_at, minutes in due.order_by("starts_at", "pk").values_list(
                "pk", "room_id", "starts_at", "room__terms__release_after"
            )
            if starts_at + timedelta(minutes=minutes or 0) <= at
        ][:limit]
        if not late:
            return 0
        found.rooms({room for _pk, room in late})
        rows = list(BookingTime.objects.filter(pk__in=[pk for pk, _room in late], state=State.CONFIRMED))
        ended = end_times(rows, state=State.RELEASED, reason="", at=at)
        for row in ended[:1]:
            act().target(row, "given back by itself", {"count": [None, len(ended)]})
    return len(ended)
