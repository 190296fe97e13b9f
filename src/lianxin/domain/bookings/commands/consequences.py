"""What follows for bookings when people go, records become one, venues close or change their community."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lianxin.domain.bookings.commands import bookings, found, seats
from lianxin.domain.bookings.models import (
    Booking,
    BookingTime,
    RoomClosing,
    RoomHours,
    RoomTerms,
    SeatStay,
    SlotWait,
    StudySeats,
)
from lianxin.domain.people.events import (
    HouseholdsMerged,
    HouseholdSplit,
    OrganisationsMerged,
    PersonDied,
    PersonErased,
    PersonMerged,
    PersonMovedHousehold,
    PersonMovedOut,
)
from lianxin.domain.people.models import Person
from lianxin.domain.places.events import VenueClosed, VenueMoved, VenuePaused
from lianxin.domain.places.models import Room, Venue
from lianxin.platform import duties, locks, scope
from lianxin.platform.actors import Actor

LOOK_DUTY = "bookings.look_at_paused"
LOOK_WITHIN = timedelta(days=1)
BOARD = "staff:rooms"
AHEAD = (BookingTime.State.ASKED, BookingTime.State.CONFIRMED)
WAITS = (SlotWait.State.WAITING, SlotWait.State.OFFERED)

Gone = PersonDied | PersonMovedOut | PersonErased


def follow_person_gone(event: Gone, *, actor: Actor, at: datetime) -> None:
    """Give up what somebody booked who died, left or is erased, and their place on waiting lists and seats."""
    with scope.everything():
        rows = list(_live(Q(person=event.person)))
        waits = list(SlotWait.objects.filter(person=event.person, state__in=WAITS))
        held = [wait.booking_id for wait in waits if wait.booking_id]
        found.rooms({*_rooms_of(rows), *(wait.room_id for wait in waits)})
        SlotWait.objects.filter(pk__in=[wait.pk for wait in waits]).update(state=SlotWait.State.LEFT)
        rows += [row for row in _live(Q(pk__in=held)) if row.pk not in {one.pk for one in rows}]
        bookings.end_bookings(rows, reason=_("The one who booked is no longer here."), at=at, tell=False)
        for stay in SeatStay.objects.filter(person=event.person, left_at=None):
            seats.end_stay(stay, at=max(at, stay.came_at))


def preview_person_gone(event: Gone) -> list[str]:
    """Tell how many of somebody's bookings end."""
    with scope.everything():
        return _cancelled(_live(Q(person=event.person)).count())


def follow_person_merged(event: PersonMerged, *, actor: Actor, at: datetime) -> None:
    """Let bookings, waits and stays of a merged record belong to the one that stays; nobody waits or sits twice."""
    with scope.everything():
        home = Person.objects.filter(pk=event.into).values_list("household_id", flat=True).first()
        Booking.objects.filter(person=event.merged).update(person=event.into, household=home)
        theirs = SlotWait.objects.filter(person=event.merged)
        mine = set(SlotWait.objects.filter(person=event.into, state__in=WAITS).values_list("room_id", "starts_at"))
        for wait in theirs.filter(state__in=WAITS):
            if (wait.room_id, wait.starts_at) in mine:
                SlotWait.objects.filter(pk=wait.pk).update(state=SlotWait.State.LEFT)
        theirs.update(person=event.into)
        if SeatStay.objects.filter(person=event.into, left_at=None).exists():
            for stay in SeatStay.objects.filter(person=event.merged, left_at=None):
                seats.end_stay(stay, at=max(at, stay.came_at))
        SeatStay.objects.filter(person=event.merged).update(person=event.into)


def follow_person_moved_household(event: PersonMovedHousehold, *, actor: Actor, at: datetime) -> None:
    """Count what somebody has booked towards the household they live in now."""
    with scope.everything():
        _live(Q(person=event.person)).update(household=event.to_household)


def follow_household_split(event: HouseholdSplit, *, actor: Actor, at: datetime) -> None:
    """Count what the ones who left have booked towards their new household."""
    with scope.everything():
        _live(Q(person__in=event.people)).update(household=event.new_household)


def follow_households_merged(event: HouseholdsMerged, *, actor: Actor, at: datetime) -> None:
    """Let bookings of merged households count towards the one that stays."""
    with scope.everything():
        Booking.objects.filter(household__in=event.merged).update(household=event.into)


def follow_organisations_merged(event: OrganisationsMerged, *, actor: Actor, at: datetime) -> None:
    """Let bookings and waits of a merged entry belong to the one that stays."""
    with scope.everything():
        Booking.objects.filter(organisation=event.merged).update(organisation=event.into)
        SlotWait.objects.filter(organisation=event.merged).update(organisation=event.into)


def follow_venue_closed(event: VenueClosed, *, actor: Actor, at: datetime) -> None:
    """Cancel what is booked at a venue that closed for good, tell those who booked, and end waits and stays there."""
    with scope.everything():
        rows = list(_live(Q(times__room__venue=event.venue, times__state__in=AHEAD, times__ends_at__gt=at)).distinct())
        there = set(Room.objects.filter(venue=event.venue).values_list("pk", flat=True))
        found.rooms(there | _rooms_of(rows))
        SlotWait.objects.filter(room__in=there, state__in=WAITS).update(state=SlotWait.State.OVER)
        bookings.end_bookings(rows, reason=_("The place was closed."), at=at, tell=True)
        for stay in SeatStay.objects.filter(room__in=there, left_at=None):
            seats.end_stay(stay, at=max(at, stay.came_at))


def preview_venue_closed(event: VenueClosed) -> list[str]:
    """Tell how many bookings are cancelled when a venue closes."""
    with scope.everything():
        return _cancelled(_live(Q(times__room__venue=event.venue, times__state__in=AHEAD)).distinct().count())


def follow_venue_paused(event: VenuePaused, *, actor: Actor, at: datetime) -> None:
    """Let staff look at what is booked while a venue pauses: only they know how long it lasts."""
    with scope.everything():
        count = (
            _live(Q(times__room__venue=event.venue, times__state__in=AHEAD, times__ends_at__gt=at)).distinct().count()
        )
        if not count:
            return
        venue = Venue.objects.get(pk=event.venue)
        duties.open(
            kind=LOOK_DUTY,
            record=venue,
            community_id=venue.community_id,
            title=_("%(venue)s pauses: move or cancel what is booked there") % {"venue": venue.name},
            due_at=at + LOOK_WITHIN,
            assignee_role="community_staff",
            url_name=BOARD,
            url_args={},
        )


def preview_venue_paused(event: VenuePaused) -> list[str]:
    """Tell how many bookings wait for a decision when a venue pauses."""
    with scope.everything():
        count = _live(Q(times__room__venue=event.venue, times__state__in=AHEAD)).distinct().count()
    if not count:
        return []
    words = ngettext(
        "%(count)d booking stays until you move or cancel it.",
        "%(count)d bookings stay until you move or cancel them.",
        count,
    )
    return [words % {"count": count}]


def follow_venue_reopened(event: Any, *, actor: Actor, at: datetime) -> None:
    """Nothing has to be looked at any more."""
    with scope.everything():
        duties.close(kind=LOOK_DUTY, record=Venue.objects.get(pk=event.venue))


def follow_venue_moved(event: VenueMoved, *, actor: Actor, at: datetime) -> None:
    """Bring terms, closings, seats and what is booked ahead to the venue's new community; what is past stays."""
    with scope.everything():
        rooms = set(Room.objects.filter(venue=event.venue).values_list("pk", flat=True))
        locks.lock(Room.objects.filter(pk__in=rooms))
        ahead = BookingTime.objects.filter(room__in=rooms, state__in=AHEAD, ends_at__gt=at)
        going = list(ahead.values_list("booking_id", flat=True).distinct())
        ahead.update(community=event.new_community)
        Booking.objects.filter(pk__in=going).update(community=event.new_community)
        SlotWait.objects.filter(room__in=rooms, state__in=WAITS).update(community=event.new_community)
        SeatStay.objects.filter(room__in=rooms, left_at=None).update(community=event.new_community)
        for model in (RoomTerms, RoomHours, RoomClosing, StudySeats):
            model.objects.filter(room__in=rooms).update(community=event.new_community)  # type: ignore[attr-defined]


def nothing_to_tell(event: object) -> list[str]:
    """Say nothing: what follows changes nothing that anybody would notice."""
    return []


def _live(which: Q) -> QuerySet[Booking]:
    return Booking.objects.filter(which, state__in=[Booking.State.ASKED, Booking.State.CONFIRMED]).select_related(
        "room", "venue"
    )


def _rooms_of(rows: Iterable[Booking]) -> set[UUID]:
    times = BookingTime.objects.filter(booking__in=[row.pk for row in rows])
    return set(times.values_list("room_id", flat=True))


def _cancelled(count: int) -> list[str]:
    if not count:
        return []
    words = ngettext("%(count)d booking of a room is cancelled.", "%(count)d bookings of rooms are cancelled.", count)
    return [words % {"count": count}]
