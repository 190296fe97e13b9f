"""Deciding on bookings that wait for approval."""

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.domain.bookings import policy
from lianxin.domain.bookings.commands import found, telling
from lianxin.domain.bookings.commands.bookings import end_times
from lianxin.domain.bookings.models import Booking, BookingTime, SlotWait
from lianxin.platform.actors import Actor
from lianxin.platform.commands import act, command
from lianxin.platform.errors import Invalid, Refused

State = Booking.State
LONGEST = 300


class NothingToDecide(Refused):
    """Somebody decided already, or who asked took it back."""

    title = gettext_lazy("There is nothing to decide on this booking any more.")


@command("bookings.approve")
def approve(*, actor: Actor, booking: UUID, answer: str = "", at: datetime, key: UUID | None = None) -> Booking:
    """Let a booking have its room; dates that are over meanwhile are left out. Raises NothingToDecide."""
    row = _asked(actor, booking)
    words = _answer(answer)
    over = BookingTime.objects.filter(booking=row, state=BookingTime.State.ASKED, ends_at__lte=at)
    over.update(state=BookingTime.State.CANCELLED, ended_at=at)
    if not BookingTime.objects.filter(booking=row, state=BookingTime.State.ASKED).update(
        state=BookingTime.State.CONFIRMED
    ):
        raise NothingToDecide(_("All dates of this booking are over."))
    _decide(actor, row, State.CONFIRMED, words, at)
    return row


@command("bookings.refuse")
def refuse(*, actor: Actor, booking: UUID, answer: str, at: datetime, key: UUID | None = None) -> Booking:
    """Refuse a booking with a reason that the one who asked reads; its times are free again."""
    row = _asked(actor, booking)
    words = _answer(answer)
    if not words:
        raise Invalid(fields={"answer": [_("Say why, and what could be done instead.")]})
    times = list(BookingTime.objects.filter(booking=row, state=BookingTime.State.ASKED))
    _decide(actor, row, State.REFUSED, words, at)
    end_times(times, state=BookingTime.State.REFUSED, reason=words, at=at)
    BookingTime.objects.filter(booking=row, state=BookingTime.State.ASKED).update(
        state=BookingTime.State.REFUSED, ended_at=at
    )
    return row


def _asked(actor: Actor, pk: UUID) -> Booking:
    row = found.booking(pk)
    policy.require(policy.may_keep_room(actor, row.community_id, row.venue_id))
    if row.state != State.ASKED:
        raise NothingToDecide
    if SlotWait.objects.filter(booking=row, state=SlotWait.State.OFFERED).exists():
        raise NothingToDecide(_("This slot is held for somebody who has not answered yet."))
    return row


def _answer(text: str) -> str:
    words = text.strip()
    if len(words) > LONGEST:
        raise Invalid(fields={"answer": [_("Use at most %(count)d characters.") % {"count": LONGEST}]})
    return words


def _decide(actor: Actor, row: Booking, state: str, words: str, at: datetime) -> None:
    act().target(row, "approved" if state == State.CONFIRMED else "refused", {"state": [row.state, state]})
    act().note(reason=words)
    row.state, row.answer, row.decided_at, row.decided_by = state, words, at, actor.account
    row.version += 1
    row.save(update_fields=["state", "answer", "decided_at", "decided_by", "version"])
    telling.close_duties(row)
    telling.tell_decided(row)
