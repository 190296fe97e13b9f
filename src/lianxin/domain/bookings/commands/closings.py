"""Stretches in which a room is not lent."""

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from lianxin.domain.bookings import policy
from lianxin.domain.bookings.commands import found, telling, waiting_line
from lianxin.domain.bookings.commands.bookings import end_if_empty, end_times, is_own
from lianxin.domain.bookings.models import BookingTime, RoomClosing
from lianxin.domain.bookings.rules.spans import Span
from lianxin.platform import locks
from lianxin.platform.actors import Actor
from lianxin.platform.commands import act, command
from lianxin.platform.errors import Invalid, Missing, Refused

State = BookingTime.State


class RoomIsBooked(Refused):
    """Somebody has the room in that stretch."""

    title = gettext_lazy("The room is booked then. Move these bookings first, or close it and let them be cancelled.")


class ActivitiesThere(Refused):
    """An activity stands in that stretch, and people may have signed up for it."""

    title = gettext_lazy("Activities are planned in this room then. Move or cancel them first.")


@command("bookings.close_room")
def close_room(
    *,
    actor: Actor,
    room: UUID,
    starts_at: datetime,
    ends_at: datetime,
    reason: str,
    cancel_bookings: bool = False,
    at: datetime,
    key: UUID | None = None,
) -> RoomClosing:
    """Close a room for a stretch; what is booked then is cancelled and told if wished, else RoomIsBooked is raised."""
    place = found.room(room)
    policy.require(policy.may_keep_room(actor, place.community_id, place.venue_id))
    problems: dict[str, list[str]] = {}
    if ends_at <= starts_at:
        problems["ends_at"] = [_("The end lies before the beginning.")]
    elif ends_at <= at:
        problems["ends_at"] = [_("This time is over already.")]
    words = reason.strip()
    if not words or len(words) > 200:
        problems["reason"] = [_("Say why, in at most %(count)d characters.") % {"count": 200}]
    if problems:
        raise Invalid(fields=problems)
    there = BookingTime.objects.filter(
        room=place, state__in=(State.ASKED, State.CONFIRMED), starts_at__lt=ends_at, ends_at__gt=max(starts_at, at)
    ).select_related("booking__room", "booking__venue")
    rows = list(there.order_by("starts_at", "pk"))
    if any(row.booking.record_kind for row in rows):
        raise ActivitiesThere
    if rows and not cancel_bookings:
        count = ngettext("%(count)d date is booked.", "%(count)d dates are booked.", len(rows)) % {"count": len(rows)}
        raise RoomIsBooked(f"{RoomIsBooked.title} {count}", dates=len(rows))
    closing = RoomClosing.objects.create(
        community_id=place.community_id,
        room=place,
        starts_at=starts_at,
        ends_at=ends_at,
        reason=words,
        closed_by=actor.account,
    )
    act().target(closing, "closed", {"starts_at": [None, starts_at], "ends_at": [None, ends_at]})
    act().note(reason=words)
    end_times(rows, state=State.CANCELLED, reason=words, at=at)
    end_if_empty({row.booking_id: row.booking for row in rows}.values(), at=at)
    for row in rows:
        if not is_own(actor, row.booking):
            telling.tell_cancelled(row.booking, [Span(row.starts_at, row.ends_at)], reason=words)
    return closing


@command("bookings.lift_closing")
def lift_closing(*, actor: Actor, closing: UUID, at: datetime, key: UUID | None = None) -> RoomClosing:
    """Lend a closed room again; who waits for a slot in that stretch is offered it."""
    room = RoomClosing.objects.filter(pk=closing).values_list("room_id", flat=True).first()
    if room is None:
        raise Missing
    place = found.room(room)
    policy.require(policy.may_keep_room(actor, place.community_id, place.venue_id))
    row: RoomClosing = locks.lock_one(RoomClosing.objects.filter(pk=closing))
    if row.lifted_at is None and row.ends_at > at:
        row.lifted_at = at
        row.save(update_fields=["lifted_at"])
        act().target(row, "lifted")
        waiting_line.offer_freed(room, [Span(row.starts_at, row.ends_at)], at=at)
    return row
