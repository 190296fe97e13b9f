"""Waiting for a slot that is taken: asking, taking what is offered, leaving, and offers that nobody answered."""

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.domain.bookings import policy
from lianxin.domain.bookings.commands import found, slots, telling
from lianxin.domain.bookings.commands.bookings import end_times
from lianxin.domain.bookings.models import Booking, BookingTime, SlotWait
from lianxin.domain.bookings.queries import free
from lianxin.domain.bookings.queries.terms import find_terms
from lianxin.domain.bookings.rules.spans import Span
from lianxin.platform import duties, scope
from lianxin.platform.actors import Actor
from lianxin.platform.commands import act, command
from lianxin.platform.errors import Invalid, Missing, Refused

State = SlotWait.State
LIVE = (State.WAITING, State.OFFERED)
MOST_TITLE = 120
MOST_WAITS = 5
LAPSE_AT_MOST = 100


class SlotIsFree(Refused):
    """Nobody has this slot, so there is nothing to wait for."""

    title = gettext_lazy("This time is free. You can book it at once.")


class WaitsAlready(Refused):
    """The person waits for this slot, or for as many as one may."""

    title = gettext_lazy("You are on the waiting list for this time already.")


class NotOffered(Refused):
    """The offer was answered, or its time is over."""

    title = gettext_lazy("This offer is no longer open. The slot went to the next one who waited.")


@command("bookings.wait_for_slot")
def wait_for_slot(
    *,
    actor: Actor,
    room: UUID,
    starts_at: datetime,
    ends_at: datetime,
    title: str,
    person: UUID | None = None,
    organisation: UUID | None = None,
    at: datetime,
    key: UUID | None = None,
) -> SlotWait:
    """Put somebody on the waiting list of a slot that is taken; raises SlotIsFree, WaitsAlready, Invalid."""
    row = found.room(room)
    found.require_in_use(row)
    keeps = policy.may_keep_room(actor, row.community_id, row.venue_id)
    span, terms = Span(starts_at, ends_at), find_terms(row)
    slots.check_times([span], at=at)
    if span.starts_at <= at:
        raise Invalid(fields={"times": [_("Choose a time that is still ahead.")]})
    who = found.booker(actor, person, keeps=keeps, at=at)
    firm = found.organisation(actor, organisation, keeps=keeps)
    if who is None and firm is None:
        raise Invalid(fields={"person": [_("Say who waits for the slot.")]})
    if not keeps:
        slots.check_terms(actor, row, terms, [span], at=at)
    words = title.strip()
    if not words or len(words) > MOST_TITLE:
        raise Invalid(fields={"title": [_("Say what the room is used for, in at most 120 characters.")]})
    conflicts = free.list_conflicts(row.pk, [span])
    if not conflicts:
        raise SlotIsFree
    if all(one.kind == free.CLOSED for one in conflicts):
        raise slots.RoomTaken(conflicts)
    mine = SlotWait.objects.filter(state__in=LIVE, starts_at__gt=at)
    mine = mine.filter(person=who) if who else mine.filter(organisation=firm, person=None)
    if mine.filter(room=row, starts_at=starts_at).exists():
        raise WaitsAlready
    if not keeps and mine.count() >= MOST_WAITS:
        raise WaitsAlready(_("You wait for %(most)d slots already. Leave one of them first.") % {"most": MOST_WAITS})
    wait = SlotWait.objects.create(
        community_id=row.community_id,
        room=row,
        starts_at=starts_at,
        ends_at=ends_at,
        person=who,
        organisation=firm,
        title=words,
        asked_by=actor.account,
        asked_at=at,
    )
    act().target(wait, "put on the waiting list")
    return wait


@command("bookings.take_offer")
def take_offer(*, actor: Actor, wait: UUID, at: datetime, key: UUID | None = None) -> Booking:
    """Take the slot that was offered: confirmed, or sent to staff where the room needs approval. Raises NotOffered."""
    row, booking = _offered(actor, wait, at=at)
    terms = find_terms(booking.room)
    keeps = policy.may_keep_room(actor, row.community_id, booking.venue_id)
    if terms.needs_approval and not keeps:
        telling.ask_for_decision(booking, first=Span(row.starts_at, row.ends_at), at=at)
    else:
        booking.state, booking.decided_at, booking.decided_by = Booking.State.CONFIRMED, at, actor.account
        booking.save(update_fields=["state", "decided_at", "decided_by"])
        BookingTime.objects.filter(booking=booking, state=BookingTime.State.ASKED).update(
            state=BookingTime.State.CONFIRMED
        )
    _end(row, State.TAKEN)
    act().target(booking, "taken from the waiting list", {"state": [State.OFFERED, State.TAKEN]})
    return booking


@command("bookings.leave_list")
def leave_list(*, actor: Actor, wait: UUID, at: datetime, key: UUID | None = None) -> SlotWait:
    """Leave the waiting list, or decline what was offered; the slot then goes to the next. Raises NotOffered."""
    row = _wait(actor, wait)
    if row.state not in LIVE:
        raise NotOffered(_("You are not on this waiting list any more."))
    was = row.state
    _end(row, State.LEFT)
    act().target(row, "left the waiting list", {"state": [was, State.LEFT]})
    if row.booking_id is not None:
        _give_up(row, at=at)
    return row


@command("bookings.lapse_offers")
def lapse_offers(*, actor: Actor, at: datetime, limit: int = LAPSE_AT_MOST) -> int:
    """End offers that nobody answered in time and waits whose time has come; call it again while it gives `limit`."""
    policy.require(actor.is_system)
    with scope.everything():
        due = SlotWait.objects.filter(state=State.OFFERED, offered_until__lte=at) | SlotWait.objects.filter(
            state=State.WAITING, starts_at__lte=at
        )
        found_rows = list(due.order_by("room_id", "pk").values_list("pk", "room_id")[:limit])
        if not found_rows:
            return 0
        found.rooms({room for _pk, room in found_rows})
        ended = 0
        for pk, _room in found_rows:
            row = SlotWait.objects.select_related("booking").get(pk=pk)
            late = row.state == State.OFFERED and row.offered_until is not None and row.offered_until <= at
            if not late and not (row.state == State.WAITING and row.starts_at <= at):
                continue
            _end(row, State.OVER)
            ended += 1
            if late:
                _give_up(row, at=at)
            if ended == 1:
                act().target(row, "waiting ended")
    return ended


def _wait(actor: Actor, pk: UUID) -> SlotWait:
    room = SlotWait.objects.filter(pk=pk).values_list("room_id", flat=True).first()
    if room is None:
        raise Missing
    place = found.room(room)
    row = SlotWait.objects.select_related("booking__room", "booking__venue").get(pk=pk)
    keeps = policy.may_keep_room(actor, place.community_id, place.venue_id)
    own = (row.person_id is not None and row.person_id in (actor.person, actor.on_behalf_of)) or (
        row.organisation_id is not None and row.organisation_id in actor.organisations
    )
    if not keeps and own and row.person_id != actor.person and row.person_id is not None:
        found.booker(actor, row.person_id, keeps=False, at=act().at)
    policy.require(keeps or own)
    return row


def _offered(actor: Actor, pk: UUID, *, at: datetime) -> tuple[SlotWait, Booking]:
    row = _wait(actor, pk)
    if row.state != State.OFFERED or row.booking is None or row.offered_until is None or row.offered_until <= at:
        raise NotOffered
    return row, row.booking


def _end(row: SlotWait, state: str) -> None:
    row.state = state
    row.save(update_fields=["state"])
    duties.close(kind=telling.CALL_DUTY, record=row)


def _give_up(row: SlotWait, *, at: datetime) -> None:
    """Free what was held for a wait, so that it goes to the next."""
    if row.booking_id is None:
        return
    times = list(BookingTime.objects.filter(booking=row.booking_id, state=BookingTime.State.ASKED))
    Booking.objects.filter(pk=row.booking_id).update(state=Booking.State.CANCELLED)
    if not end_times(times, state=BookingTime.State.CANCELLED, reason="", at=at):
        BookingTime.objects.filter(booking=row.booking_id, state=BookingTime.State.ASKED).update(
            state=BookingTime.State.CANCELLED, ended_at=at
        )
