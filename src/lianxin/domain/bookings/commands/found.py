"""Finding and locking the rows that a command acts on; what is outside the scope is missing."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.domain.bookings.models import Booking, BookingTime
from lianxin.domain.people.models import Organisation, Person
from lianxin.domain.people.queries import proxies
from lianxin.domain.places.models import Room, RoomState, VenueState
from lianxin.platform import locks
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day
from lianxin.platform.errors import EditedMeanwhile, Invalid, Missing, NotAllowed, Refused


class RoomNotInUse(Refused):
    """The room or its venue is closed for now or for good."""

    title = gettext_lazy("This room is not in use now. Choose another one.")


class BookingOver(Refused):
    """The booking was refused, cancelled or is over."""

    title = gettext_lazy("This booking has ended. Book again if you still need the room.")


class TimeOver(Refused):
    """One date of a booking is past, cancelled or given back."""

    title = gettext_lazy("This date has ended or was given up. Nothing was changed.")


def rooms(pks: Iterable[UUID]) -> dict[UUID, Room]:
    """Lock rooms in scope by their ids and give them with their venues; raises Missing."""
    wanted = set(pks)
    found = locks.lock(Room.objects.filter(pk__in=wanted).select_related("venue"))
    if len(found) != len(wanted):
        raise Missing
    return {room.pk: room for room in found}


def room(pk: UUID) -> Room:
    """Lock one room in scope; raises Missing."""
    return rooms([pk])[pk]


def require_in_use(row: Room) -> None:
    """Refuse a room that is out of use, and one whose venue has no visitors now."""
    if row.state != RoomState.IN_USE or row.venue.state not in (VenueState.OPEN, VenueState.PLANNED):
        raise RoomNotInUse


def booking(pk: UUID) -> Booking:
    """Give a booking in scope, its room locked first; raises Missing.

    Every act on a booking waits for its room, so that of two that change the same times one sees what the other did.
    """
    known = BookingTime.objects.filter(booking=pk).values_list("room_id", flat=True).distinct()
    wanted = set(known) | set(Booking.objects.filter(pk=pk).values_list("room_id", flat=True))
    if not wanted:
        raise Missing
    rooms(wanted)
    row: Booking | None = locks.lock_one(Booking.objects.filter(pk=pk).select_related("room", "venue"))
    if row is None:
        raise Missing
    return row


def live_booking(pk: UUID) -> Booking:
    """Give a booking that is asked for or confirmed; raises BookingOver."""
    row = booking(pk)
    if row.state not in (Booking.State.ASKED, Booking.State.CONFIRMED):
        raise BookingOver
    return row


def time(pk: UUID) -> BookingTime:
    """Give one date of a booking with its booking, the room locked first; raises Missing."""
    known = BookingTime.objects.filter(pk=pk).values_list("booking_id", flat=True).first()
    if known is None:
        raise Missing
    of = booking(known)
    row = BookingTime.objects.get(pk=pk)
    row.booking = of
    return row


def require_version(row: Booking, version: int | None) -> None:
    """Refuse when somebody else saved since the form was opened; None asks for no comparison."""
    if version is not None and row.version != version:
        raise EditedMeanwhile(current_version=row.version)


def booker(actor: Actor, person: UUID | None, *, keeps: bool, at: datetime) -> Person | None:
    """Give the resident for whom a room is booked: anybody in scope for who keeps it, else oneself or a principal."""
    wanted = person or (None if keeps else actor.on_behalf_of or actor.person)
    if wanted is None:
        return None
    if not keeps and wanted != actor.person:
        link = proxies.find_principal(actor=actor, person=wanted, on=local_day(at))
        if not (link.may("sign_up") or link.may("desk")):
            raise NotAllowed
    row = Person.objects.filter(pk=wanted, state=Person.State.LIVING).first()
    if row is None:
        raise Missing
    return row


def organisation(actor: Actor, pk: UUID | None, *, keeps: bool) -> Organisation | None:
    """Give the organisation that books: any on the register for who keeps the room, else one's own."""
    if pk is None and not keeps and actor.person is None and actor.organisations:
        # Who works for several and names none books for the first on the register.
        pk = min(actor.organisations)
    if pk is None:
        return None
    if not keeps and pk not in actor.organisations:
        raise NotAllowed
    row = Organisation.objects.filter(pk=pk).exclude(state__in=["merged", "closed"]).first()
    if row is None:
        raise Invalid(fields={"organisation": [_("This organisation is not on record, or has ended.")]})
    return row
