"""Who it is that came, and whether they can be taken in: decided for all before anything is written."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.domain.activities import policy
from lianxin.domain.activities.commands.own_people import OwnPeople
from lianxin.domain.activities.commands.seats import Seats, give_back
from lianxin.domain.activities.models import Attendance, NoShow, Occurrence, ShiftPlace, SignUp
from lianxin.domain.activities.rules.eligibility import NAME_LONGEST
from lianxin.domain.activities.rules.windows import Door, is_from_the_future, told_moment
from lianxin.domain.people.models import Person
from lianxin.domain.people.rules import contacts
from lianxin.platform.actors import Actor
from lianxin.platform.errors import Gone, Invalid, Missing, Problem, Refused
from lianxin.platform.ids import new_id
from lianxin.platform.sensitive import Sealed

How = Attendance.How
SOMEBODY = (SignUp.State.WAITING, SignUp.State.OFFERED, SignUp.State.IN_DRAW)
# What was seen by somebody who wrote it down then: the guard of the door has no say in it.
WRITTEN_DOWN = frozenset({How.PAPER, How.IMPORT})


class NotComing(Refused):
    """The occurrence is not public, or was called off."""

    title = gettext_lazy("This date was called off or is not announced yet, so nobody can check in.")


class NotOpenNow(Refused):
    """It is too early or too late to check in."""

    title = gettext_lazy("One cannot check in now.")


class WasUndone(Gone):
    """This check-in was taken back."""

    title = gettext_lazy("This check-in was taken back. If the person is here, check them in again.")


@dataclass(frozen=True, slots=True)
class Guest:
    """Somebody without a record: a name, and a phone number where they gave one."""

    name: str
    phone: str = ""


@dataclass(frozen=True, slots=True)
class Came:
    """That somebody came: by their place, as a person, as a guest, or on a shift; `id` is the device's own."""

    how: str
    came_at: datetime
    id: UUID | None = None
    sign_up: UUID | None = None
    person: UUID | None = None
    guest: Guest | None = None
    shift_place: UUID | None = None
    token: str = ""
    is_offline: bool = False


@dataclass(slots=True)
class Outcome:
    """What became of one who came: the attendance, whether it is new, or why not."""

    came: Came
    attendance: Attendance | None = None
    is_new: bool = False
    refusal: Problem | None = None


@dataclass(slots=True)
class _Who:
    person: Person | None = None
    sign_up: SignUp | None = None
    place: ShiftPlace | None = None
    guest_name: str = ""
    guest_phone: Sealed | None = None
    guest_digest: str = ""

    @property
    def name_key(self) -> tuple[str, str]:
        return (self.guest_digest, self.guest_name)


@dataclass(slots=True)
class _Known:
    """What is on record of those who came, read in a few queries for all."""

    by_id: dict[UUID, Attendance] = field(default_factory=dict)
    people: dict[UUID, Person] = field(default_factory=dict)
    sign_ups: dict[UUID, SignUp] = field(default_factory=dict)
    places: dict[UUID, ShiftPlace] = field(default_factory=dict)
    there_by_person: dict[UUID, Attendance] = field(default_factory=dict)
    there_by_sign_up: dict[UUID, Attendance] = field(default_factory=dict)
    there_by_guest: dict[tuple[str, str], Attendance] = field(default_factory=dict)
    there_by_place: dict[UUID, Attendance] = field(default_factory=dict)

    def add(self, row: Attendance) -> None:
        if row.person_id is not None:
            self.there_by_person[row.person_id] = row
        if row.sign_up_id is not None:
            self.there_by_sign_up[row.sign_up_id] = row
        if row.guest_digest:
            self.there_by_guest[row.guest_digest, row.guest_name] = row
        if row.shift_place_id is not None:
            self.there_by_place[row.shift_place_id] = row


def decide(
    *, actor: Actor, row: Occurrence, came: Sequence[Came], at: datetime, source_run: UUID | None = None
) -> list[Outcome]:
    """Decide on those who came to a locked occurrence, in their order; new rows are made and not yet written."""
    runs = policy.may_run(actor, row.community_id, row.venue_id)
    known = _read(row, came)
    seats = Seats(row, at=at)
    own = None if runs else OwnPeople(actor, row, at)
    outcomes = []
    for one in came:
        outcome = Outcome(one)
        outcomes.append(outcome)
        try:
            outcome.attendance = _same_again(one, row, known)
            if outcome.attendance is None:
                made = _arrive(one, row=row, known=known, seats=seats, own=own, actor=actor, at=at)
                outcome.attendance, outcome.is_new = made
                if outcome.is_new:
                    made[0].source_run = source_run
                    known.by_id[made[0].pk] = made[0]
                    known.add(made[0])
                    seats.came_in()
        except Problem as problem:
            outcome.refusal = problem
    seats.write()
    return outcomes


def give_seats_back(attendances: Sequence[Attendance], *, reason: str, at: datetime) -> None:
    """End the places that were made at the door for those who, after all, did not come."""
    made = [row.sign_up for row in attendances if row.sign_up is not None and row.sign_up.how == SignUp.How.WALK_IN]
    if made and attendances[0].occurrence.state == Occurrence.State.PUBLISHED:
        give_back([one for one in made if one is not None], reason=reason, at=at)


def forgive(attendances: Iterable[Attendance], *, at: datetime) -> None:
    """Forget that somebody did not come who, as it turns out, did."""
    came = [row.sign_up_id for row in attendances if row.sign_up_id is not None]
    NoShow.objects.filter(sign_up__in=came, forgiven_at=None).update(forgiven_at=at, forgiven_why=_("Came after all."))


def _read(row: Occurrence, came: Sequence[Came]) -> _Known:
    known = _Known()
    ids = [one.id for one in came if one.id is not None]
    known.by_id = Attendance.objects.in_bulk(ids) if ids else {}
    asked_people = {one.person for one in came if one.person is not None}
    asked_sign_ups = {one.sign_up for one in came if one.sign_up is not None}
    asked_places = {one.shift_place for one in came if one.shift_place is not None}
    digests = {
        digest for one in came if one.guest is not None and one.guest.phone for digest in _candidates(one.guest.phone)
    }
    wanted = (
        Q(pk__in=asked_sign_ups)
        | Q(occurrence=row, person__in=asked_people)
        | Q(occurrence=row, guest_digest__in=digests)
    )
    for sign_up in SignUp.objects.filter(wanted).order_by("pk"):
        known.sign_ups[sign_up.pk] = sign_up
        if sign_up.person_id is not None:
            asked_people.add(sign_up.person_id)
    held = ShiftPlace.objects.filter(shift__occurrence=row).exclude(state=ShiftPlace.State.CANCELLED)
    for place in held.filter(Q(pk__in=asked_places) | Q(person__in=asked_people)).order_by("starts_at", "pk"):
        known.places[place.pk] = place
        if place.person_id is not None:
            asked_people.add(place.person_id)
    in_reach = Q(pk__in=asked_people)
    if digests:
        in_reach |= Q(phone_digest__in=digests, state=Person.State.LIVING)
    for person in Person.objects.filter(in_reach):
        known.people[person.pk] = person
    there = Attendance.objects.filter(occurrence=row, undone_at=None).filter(
        Q(person__in=known.people)
        | Q(sign_up__in=known.sign_ups)
        | Q(guest_digest__in=digests - {""})
        | Q(shift_place__in=known.places)
    )
    for attendance in there:
        known.add(attendance)
    return known


def _same_again(one: Came, row: Occurrence, known: _Known) -> Attendance | None:
    if one.id is None or one.id not in known.by_id:
        return None
    former = known.by_id[one.id]
    if former.occurrence_id != row.pk:
        raise Invalid(_("This check-in belongs to another date."))
    if former.undone_at is not None:
        raise WasUndone
    return former


def _arrive(
    one: Came, *, row: Occurrence, known: _Known, seats: Seats, own: OwnPeople | None, actor: Actor, at: datetime
) -> tuple[Attendance, bool]:
    who = _who(one, row, known)
    if own is not None:
        own.require(how=one.how, token=one.token, person=who.person, sign_up=who.sign_up)
    there = _is_there(who, known)
    if there is not None:
        return there, False
    _check_moment(one, row, at)
    sign_up = _seat(one, who, row, seats, own, actor)
    made = Attendance(
        id=one.id or new_id(),
        community_id=row.community_id,
        occurrence=row,
        sign_up=sign_up,
        person=who.person,
        household_id=who.person.household_id if who.person else None,
        guest_name=who.guest_name,
        guest_phone=who.guest_phone,
        guest_digest=who.guest_digest,
        how=one.how,
        came_at=told_moment(one.came_at, at=at),
        shift_place=who.place,
        is_offline=one.is_offline,
        noted_at=at,
        noted_by=actor.account,
    )
    return made, True


def _who(one: Came, row: Occurrence, known: _Known) -> _Who:
    """Say who it is; a guest whose name and number are those of a resident is that resident."""
    if one.how not in How.values:
        raise Invalid(fields={"how": [_("Say how the person was recognised.")]})
    if one.shift_place is not None:
        place = known.places.get(one.shift_place)
        if place is None:
            raise Missing(_("This place on a shift was given back, or belongs to another date."))
        if place.person_id is None:
            return _Who(place=place, guest_name=place.guest_name)
        return _as_resident(place.person_id, row, known, place=place)
    if one.sign_up is not None:
        sign_up = known.sign_ups.get(one.sign_up)
        if sign_up is None:
            raise Missing(_("Nobody is signed up with this code."))
        if sign_up.occurrence_id != row.pk:
            raise Refused(_("This ticket is for another date. Please look at the day and time on it."))
        if sign_up.person_id is not None:
            return _as_resident(sign_up.person_id, row, known)
        return _Who(None, sign_up, None, sign_up.guest_name, _again(sign_up.guest_phone), sign_up.guest_digest)
    if one.person is not None:
        return _as_resident(one.person, row, known)
    if one.guest is not None:
        return _as_guest(one.guest, row, known)
    raise Invalid(_("Say who came."))


def _as_resident(pk: UUID, row: Occurrence, known: _Known, place: ShiftPlace | None = None) -> _Who:
    person = known.people.get(pk)
    if person is None or person.state in (Person.State.DIED, Person.State.ERASED):
        raise Missing(_("There is no such person on record any more."))
    mine = [one for one in known.sign_ups.values() if one.person_id == pk and one.occurrence_id == row.pk]
    sign_up = next((one for one in mine if one.ended_at is None), None)
    if place is None:
        held = (one for one in known.places.values() if one.person_id == pk)
        place = next((one for one in held if one.pk not in known.there_by_place), None)
    return _Who(person, sign_up, place)


def _as_guest(guest: Guest, row: Occurrence, known: _Known) -> _Who:
    name = " ".join(guest.name.split())
    if not name:
        raise Invalid(fields={"name": [_("Please give a name.")]})
    if len(name) > NAME_LONGEST:
        raise Invalid(fields={"name": [_("A name has at most %(most)d characters.") % {"most": NAME_LONGEST}]})
    if not guest.phone.strip():
        return _Who(guest_name=name)
    number, wrong = contacts.check_phone(guest.phone)
    if wrong:
        raise Invalid(fields={"phone": [wrong]})
    candidates = set(contacts.phone_candidates(number))
    for person in known.people.values():
        if person.name == name and person.phone_digest in candidates and person.state == Person.State.LIVING:
            return _as_resident(person.pk, row, known)
    for sign_up in known.sign_ups.values():
        if (
            sign_up.guest_name == name
            and sign_up.guest_digest in candidates
            and sign_up.ended_at is None
            and sign_up.occurrence_id == row.pk
        ):
            return _Who(None, sign_up, None, name, _again(sign_up.guest_phone), sign_up.guest_digest)
    sealed = contacts.sealed_phone(number, purpose="activities.attendance.guest_phone")
    return _Who(guest_name=name, guest_phone=sealed.sealed, guest_digest=sealed.digest or "")


def _again(sealed: Sealed | None) -> Sealed | None:
    """Seal a number for the column of attendances; a sealed text belongs to the column it was sealed for."""
    if sealed is None:
        return None
    return contacts.sealed_phone(sealed.reveal(), purpose="activities.attendance.guest_phone").sealed


def _is_there(who: _Who, known: _Known) -> Attendance | None:
    if who.person is not None and who.person.pk in known.there_by_person:
        return known.there_by_person[who.person.pk]
    if who.sign_up is not None and who.sign_up.pk in known.there_by_sign_up:
        return known.there_by_sign_up[who.sign_up.pk]
    if who.place is not None and who.place.pk in known.there_by_place:
        return known.there_by_place[who.place.pk]
    return known.there_by_guest.get(who.name_key) if who.guest_digest else None


def _check_moment(one: Came, row: Occurrence, at: datetime) -> None:
    if is_from_the_future(one.came_at, at=at):
        raise Invalid(_("The clock of the device is wrong: it is ahead of the time. Set it, then check in again."))
    if one.how in WRITTEN_DOWN:
        if at < row.starts_at:
            raise NotOpenNow(_("It has not begun yet. A sheet is entered afterwards."))
        return
    door = Door(row.starts_at, row.ends_at, row.early_minutes, row.late_minutes)
    if why := door.why_closed(one.came_at):
        raise NotOpenNow(why)


def _seat(one: Came, who: _Who, row: Occurrence, seats: Seats, own: OwnPeople | None, actor: Actor) -> SignUp | None:
    """Give the place that somebody has, or one at the door; who is on a shift needs none."""
    sign_up = who.sign_up
    if sign_up is not None and sign_up.ended_at is None:
        if sign_up.state == SignUp.State.CONFIRMED:
            return sign_up
        if sign_up.state in SOMEBODY and row.state == Occurrence.State.PUBLISHED and seats.confirm(sign_up):
            return sign_up
    if who.place is not None or one.how in WRITTEN_DOWN:
        return None
    if own is not None:
        own.require_open_to(who.person)
    made = None
    if sign_up is None or sign_up.ended_at is not None:
        made = seats.take(
            actor=actor,
            person=who.person.pk if who.person else None,
            household=who.person.household_id if who.person else None,
            guest_name=who.guest_name,
            guest_phone=_for_sign_up(who.guest_phone),
            guest_digest=who.guest_digest,
        )
    if made is None and not seats.lets_in_without_place():
        raise seats.refusal()
    return made


def _for_sign_up(sealed: Sealed | None) -> Sealed | None:
    if sealed is None:
        return None
    return contacts.sealed_phone(sealed.reveal(), purpose="activities.signup.guest_phone").sealed


def _candidates(phone: str) -> list[str]:
    number, wrong = contacts.check_phone(phone)
    return [] if wrong else contacts.phone_candidates(number)
