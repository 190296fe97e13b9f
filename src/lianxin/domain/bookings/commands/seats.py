"""Study seats behind an open door: sitting down, getting up, and stays that nobody ended."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.domain.bookings import policy
from lianxin.domain.bookings.commands import found
from lianxin.domain.bookings.models import SeatStay, StudySeats
from lianxin.domain.people.models import Person
from lianxin.domain.places.models import Room
from lianxin.platform import facts, locks, scope
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day
from lianxin.platform.commands import act, command
from lianxin.platform.errors import EditedMeanwhile, Invalid, Missing, Refused

STAYS = "study_stays"
MOST_SEATS = 1000
END_AT_MOST = 200


class AllSeatsTaken(Refused):
    """No seat is free."""

    title = gettext_lazy("All seats are taken now. Please come back a little later.")


class SitsAlready(Refused):
    """The person has a seat, here or elsewhere."""

    title = gettext_lazy("You have a seat already. Get up there first.")


class NobodySits(Refused):
    """No such stay is open."""

    title = gettext_lazy("This seat was given back already.")


@command("bookings.set_study_seats")
def set_study_seats(
    *,
    actor: Actor,
    room: UUID,
    seats: int,
    longest_minutes: int = 240,
    version: int | None = None,
    at: datetime,
    key: UUID | None = None,
) -> StudySeats:
    """Say how many seats a room has for whoever comes; not fewer than are taken. Raises Invalid, EditedMeanwhile."""
    place = found.room(room)
    policy.require(policy.may_keep_room(actor, place.community_id, place.venue_id))
    row: StudySeats | None = locks.lock_one(StudySeats.objects.filter(room=place))
    if version is not None and version != (row.version if row else 0):
        raise EditedMeanwhile(current_version=row.version if row else 0)
    problems: dict[str, list[str]] = {}
    if not 0 <= seats <= MOST_SEATS:
        problems["seats"] = [_("Enter a number from 0 to %(most)d.") % {"most": MOST_SEATS}]
    elif row is not None and seats < row.taken:
        problems["seats"] = [_("%(taken)d seats are taken now. Enter at least that many.") % {"taken": row.taken}]
    if not 15 <= longest_minutes <= 1440:
        problems["longest_minutes"] = [_("Enter from 15 to 1440 minutes.")]
    if problems:
        raise Invalid(fields=problems)
    if row is None:
        row = StudySeats.objects.create(
            community_id=place.community_id, room=place, seats=seats, longest_minutes=longest_minutes
        )
        act().target(row, "study seats set", {"seats": [None, seats]})
        return row
    act().target(row, "changed", {"seats": [row.seats, seats]})
    row.seats, row.longest_minutes, row.version = seats, longest_minutes, row.version + 1
    row.save(update_fields=["seats", "longest_minutes", "version"])
    return row


@command("bookings.sit_down")
def sit_down(
    *, actor: Actor, room: UUID, person: UUID | None = None, at: datetime, key: UUID | None = None
) -> SeatStay:
    """Take a seat: a resident for themselves, who keeps the room for anybody, named or not. Raises AllSeatsTaken."""
    place = _room(room)
    found.require_in_use(place)
    keeps = policy.may_keep_room(actor, place.community_id, place.venue_id)
    who = person if keeps else actor.person
    policy.require(keeps or (who is not None and person in (None, who)))
    if who is not None:
        if not Person.objects.filter(pk=who, state=Person.State.LIVING).exists():
            raise Missing
        with scope.everything():
            if SeatStay.objects.filter(person=who, left_at=None).exists():
                raise SitsAlready
    locks.reach(locks.RECORD)
    free = StudySeats.objects.filter(room=place, taken__lt=F("seats"))
    if not free.update(taken=F("taken") + 1):
        raise AllSeatsTaken
    # One's own stay is told apart by the unique key: of two presses the second one fails and takes no seat.
    try:
        with transaction.atomic():
            stay = SeatStay.objects.create(
                community_id=place.community_id, room=place, person_id=who, came_at=at, noted_by=actor.account
            )
    except IntegrityError as error:
        raise SitsAlready from error
    facts.record(
        measure=STAYS,
        record=stay,
        quantity=1,
        community_id=place.community_id,
        venue_id=place.venue_id,
        on=local_day(at),
    )
    act().target(stay, "came")
    return stay


@command("bookings.get_up")
def get_up(
    *, actor: Actor, room: UUID | None = None, stay: UUID | None = None, at: datetime, key: UUID | None = None
) -> SeatStay:
    """Give a seat back: one's own, a named stay, or for who keeps the room the longest one without a name."""
    rows = SeatStay.objects.filter(left_at=None).select_related("room")
    if stay is not None:
        row = rows.filter(pk=stay).first()
    elif room is not None:
        row = rows.filter(room=room, person=None).order_by("came_at", "pk").first()
    else:
        row = rows.filter(person=actor.person).first() if actor.person is not None else None
    if row is None:
        raise NobodySits
    keeps = policy.may_keep_room(actor, row.community_id, row.room.venue_id)
    policy.require(keeps or (actor.person is not None and row.person_id == actor.person))
    if not end_stay(row, at=max(at, row.came_at)):
        raise NobodySits
    act().target(row, "left")
    row.left_at = max(at, row.came_at)
    return row


@command("bookings.end_forgotten_stays")
def end_forgotten_stays(*, actor: Actor, at: datetime, limit: int = END_AT_MOST) -> int:
    """End stays that lasted longer than anybody sits there; gives how many. Call it again while it gives `limit`."""
    policy.require(actor.is_system)
    with scope.everything():
        open_ones = SeatStay.objects.filter(left_at=None).select_related("room__study_seats").order_by("room_id", "pk")
        due = []
        for row in open_ones:
            longest = timedelta(minutes=row.room.study_seats.longest_minutes)
            if row.came_at + longest <= at:
                due.append((row, row.came_at + longest))
        ended = [row for row, until in due[:limit] if end_stay(row, at=until, by_schedule=True)]
        for row in ended[:1]:
            act().target(row, "left by itself", {"count": [None, len(ended)]})
    return len(ended)


def end_stay(row: SeatStay, *, at: datetime, by_schedule: bool = False) -> bool:
    """End an open stay once and free its seat; False when somebody ended it meanwhile."""
    open_stay = SeatStay.objects.filter(pk=row.pk, left_at=None)
    if not open_stay.update(left_at=at, left_by_schedule=by_schedule):
        return False
    locks.reach(locks.RECORD)
    StudySeats.objects.filter(room=row.room_id).update(taken=F("taken") - 1)
    return True


def _room(pk: UUID) -> Room:
    place = Room.objects.filter(pk=pk).select_related("venue").first()
    if place is None or not StudySeats.objects.filter(room=place).exists():
        raise Missing
    return place
