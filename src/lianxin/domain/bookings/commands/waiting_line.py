"""A slot that became free goes to the first who waits for it: held for them until they answer."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from lianxin.domain.bookings.commands import slots, telling
from lianxin.domain.bookings.models import Booking, BookingTime, SlotWait
from lianxin.domain.bookings.queries import free
from lianxin.domain.bookings.queries.terms import find_terms
from lianxin.domain.bookings.rules.spans import Span
from lianxin.domain.people.models import Person
from lianxin.domain.places.models import Room, RoomState, VenueState
from lianxin.platform import scope
from lianxin.platform.commands import act
from lianxin.platform.ids import new_id

LEAST_MINUTES = 10
"""How long an answer is waited for at least, however soon the slot begins."""


def offer_freed(room: UUID, freed: Sequence[Span], *, at: datetime) -> list[SlotWait]:
    """Offer stretches of a locked room to those who wait for them, in the order of asking; gives who got an offer.

    The offered slot is held by a booking that is asked for, so that no newcomer goes before.
    """
    ahead = [span for span in freed if span.ends_at > at]
    if not ahead:
        return []
    with scope.everything():
        rows = SlotWait.objects.filter(
            room=room,
            state=SlotWait.State.WAITING,
            starts_at__gt=at,
            starts_at__lt=max(span.ends_at for span in ahead),
            ends_at__gt=min(span.starts_at for span in ahead),
        )
        waiting = list(rows.order_by("asked_at", "pk"))
        if not waiting:
            return []
        place = Room.objects.select_related("venue").get(pk=room)
        if place.state != RoomState.IN_USE or place.venue.state != VenueState.OPEN:
            return []
        terms = find_terms(place)
        offered = []
        for wait in waiting:
            span = Span(wait.starts_at, wait.ends_at)
            household = _household(wait)
            if free.list_conflicts(room, [span]) or slots.why_too_often(room, terms, household, [span]):
                continue
            booking = Booking.objects.create(
                id=new_id(),
                community_id=place.community_id,
                venue_id=place.venue_id,
                room=place,
                state=Booking.State.ASKED,
                title=wait.title,
                person_id=wait.person_id,
                household_id=household,
                organisation_id=wait.organisation_id,
                booked_by=wait.asked_by,
                asked_at=wait.asked_at,
            )
            slots.write_times(booking, place, terms, [span], state=BookingTime.State.ASKED)
            # Nobody is asked to answer after the slot has begun.
            until = min(max(at + timedelta(minutes=terms.offer_minutes), at), wait.starts_at)
            until = max(until, min(at + timedelta(minutes=LEAST_MINUTES), wait.ends_at))
            wait.state, wait.offered_until, wait.booking = SlotWait.State.OFFERED, until, booking
            wait.save(update_fields=["state", "offered_until", "booking"])
            telling.tell_offered(wait, booking, until=until)
            act().target(wait, "offered")
            offered.append(wait)
    return offered


def _household(wait: SlotWait) -> UUID | None:
    if wait.person_id is None:
        return None
    return Person.objects.filter(pk=wait.person_id).values_list("household_id", flat=True).first()
