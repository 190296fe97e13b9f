"""Reading a party that wants to sign up: who they are, who may say so, what is known of them at this occurrence."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Count, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.domain.activities import policy
from lianxin.domain.activities.models import Attendance, NoShow, Occurrence, SignUp
from lianxin.domain.activities.rules.eligibility import (
    DESK,
    NAME_LONGEST,
    NEWCOMER_DAYS,
    NOTE_LONGEST,
    PARTY_MOST,
    How,
    Somebody,
    is_elder,
    waits_after_no_shows,
)
from lianxin.domain.people.models import Person, ProxyLink
from lianxin.domain.people.queries.proxies import list_principals
from lianxin.domain.people.rules import contacts
from lianxin.platform import scope
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day
from lianxin.platform.errors import Invalid, Missing, NotAllowed, Refused

NO_SHOW_DAYS = 183
_UUIDS = SignUp._meta.pk
_KNOWN = """
SELECT s.person_id, s.household_id, s.guest_digest, s.guest_name, p.phone_digest, p.name
FROM activities_signup s LEFT JOIN people_person p ON p.id = s.person_id
WHERE s.occurrence_id = %s AND s.state IN (%s, %s, %s, %s)"""


class AlreadySignedUp(Refused):
    """One of the party has a place, or waits for one, at this occurrence."""

    title = gettext_lazy("This person is signed up already.")


class HouseholdFull(Refused):
    """The household has as many places as one household may have."""

    title = gettext_lazy("Your household has as many places as one household can have here.")


@dataclass(slots=True)
class Guest:
    """One of a party as far as it is known: `person` is None for somebody known by name and phone alone."""

    somebody: Somebody
    name: str
    phone: str = ""
    digests: tuple[str, ...] = ()
    person: UUID | None = None
    household: UUID | None = None
    community: UUID | None = None
    subdistrict: UUID | None = None
    birth_on: date | None = None
    limit: UUID | None = None
    missed: int = 0
    by_volunteer: bool = False


def read_party(people: Sequence[Somebody], *, how: str) -> list[Guest]:
    """Check what was entered, without a look at the database; raises Invalid."""
    if not people:
        raise Invalid(fields={"people": [_("Choose at least one person.")]})
    if len(people) > PARTY_MOST:
        raise Invalid(fields={"people": [_("At most %(most)d people can sign up together.") % {"most": PARTY_MOST}]})
    if len({one.person for one in people if one.person}) < sum(one.person is not None for one in people):
        raise Invalid(fields={"people": [_("One person is chosen twice.")]})
    party = [_read(one, how=how) for one in people]
    named = [(guest.digests, guest.name) for guest in party if guest.somebody.person is None and guest.phone]
    if len(set(named)) < len(named):
        raise Invalid(fields={"name": [_("The same name stands there twice. Write each person once.")]})
    return party


def _read(one: Somebody, *, how: str) -> Guest:
    if len(one.note) > NOTE_LONGEST:
        raise Invalid(fields={"note": [_("A note has at most %(most)d characters.") % {"most": NOTE_LONGEST}]})
    if one.person is not None:
        return Guest(one, name="", person=one.person)
    name = " ".join(one.name.split())
    if not name:
        raise Invalid(fields={"name": [_("Please enter the name.")]})
    if len(name) > NAME_LONGEST:
        raise Invalid(fields={"name": [_("A name has at most %(most)d characters.") % {"most": NAME_LONGEST}]})
    phone = one.phone.strip()
    if not phone:
        if how not in DESK:
            raise Invalid(fields={"phone": [_("Please enter a phone number, so that we can tell you of changes.")]})
        return Guest(one, name=name)
    number, why = contacts.check_phone(phone)
    if why:
        raise Invalid(fields={"phone": [why]})
    return Guest(one, name=name, phone=number, digests=tuple(contacts.phone_candidates(number)))


def complete(party: list[Guest]) -> None:
    """Fill in what the register knows of the residents in a party, in whatever community; raises Missing."""
    wanted = {guest.person for guest in party if guest.person}
    if not wanted:
        return
    names = ("id", "name", "household", "community", "community__parent", "birth_on", "phone_digest")
    with scope.everything():
        rows = Person.objects.filter(pk__in=wanted, state=Person.State.LIVING).values_list(*names)
        known = {row[0]: row for row in rows}
    for guest in party:
        if guest.person is None:
            continue
        if guest.person not in known:
            raise Missing
        _id, guest.name, guest.household, guest.community, guest.subdistrict, guest.birth_on, found = known[
            guest.person
        ]
        guest.digests = (found,) if found else ()


def require_may_sign_up(actor: Actor, place: Occurrence, party: Iterable[Guest], *, how: str, at: datetime) -> None:
    """Raise NotAllowed unless the actor may sign these people up in this way.

    Residents: themselves, their household, and whom they may act for. Who runs the occurrence: anybody. Guests
    themselves: by name and phone.
    """
    if how in DESK:
        policy.require(policy.may_run(actor, place.community_id, place.venue_id))
        return
    residents = [guest for guest in party if guest.person]
    if not residents:
        return
    if actor.person is None:
        raise NotAllowed
    with scope.everything():
        own = Person.objects.filter(pk=actor.person).values_list("household", flat=True).first()
    others = [g for g in residents if g.person not in (actor.person,) and (g.household is None or g.household != own)]
    if not others:
        return
    may = {link.person: link for link in list_principals(actor=actor, on=local_day(at)) if link.may("sign_up")}
    policy.require(all(guest.person in may for guest in others))
    for guest in others:
        guest.by_volunteer = guest.person is not None and may[guest.person].kind == ProxyLink.Kind.VOLUNTEER


def refuse_doubles(place: Occurrence, party: Sequence[Guest]) -> None:
    """Raise AlreadySignedUp or HouseholdFull; true because the occurrence is locked.

    Somebody with a record and somebody of that name at that phone number are one. A phone number without a record
    stands for its household.
    """
    known = _known_there(place, party)
    by_phone = {(digest, name) for _p, _h, digest, name, *_rest in known if digest}
    by_phone |= {(row[4], row[5]) for row in known if row[4]}
    for guest in party:
        is_known = any(guest.person == row[0] for row in known if guest.person)
        if is_known or any((digest, guest.name) in by_phone for digest in guest.digests):
            raise AlreadySignedUp(_("%(name)s is signed up already.") % {"name": guest.name})
    if place.household_most is not None:
        _refuse_full_homes(place.household_most, party, known)


def _known_there(place: Occurrence, party: Sequence[Guest]) -> list[tuple]:
    """Give (person, household, digest, name, the person's digest and name) of live sign-ups that may be of the party.

    Written out because a whole community may ask in one minute: the statement costs less than making it would.
    """
    wanted: dict[str, list[Any]] = {
        "s.guest_digest": [digest for guest in party for digest in guest.digests],
        "s.person_id": [_UUIDS.get_db_prep_value(guest.person, connection) for guest in party if guest.person],
        "s.household_id": [_UUIDS.get_db_prep_value(guest.household, connection) for guest in party if guest.household],
    }
    wanted["p.phone_digest"] = wanted["s.guest_digest"]
    alike = [f"{column} IN ({', '.join(['%s'] * len(values))})" for column, values in wanted.items() if values]
    if not alike:
        return []
    values = [value for part in wanted.values() for value in part]
    occurrence = _UUIDS.get_db_prep_value(place.pk, connection)
    with scope.everything(), connection.cursor() as cursor:
        cursor.execute(f"{_KNOWN} AND ({' OR '.join(alike)})", [occurrence, *SignUp.LIVE, *values])
        rows = cursor.fetchall()
    return [(_uuid(row[0]), _uuid(row[1]), *row[2:]) for row in rows]


def _uuid(value: Any) -> UUID | None:
    return value if value is None or isinstance(value, UUID) else UUID(value)


def _refuse_full_homes(most: int, party: Sequence[Guest], known: Sequence[tuple]) -> None:
    for guest in party:
        if guest.household:
            count = sum(row[1] == guest.household for row in known)
            count += sum(other.household == guest.household for other in party)
        elif guest.digests:
            count = sum(row[2] in guest.digests for row in known)
            count += sum(other.household is None and other.digests == guest.digests for other in party)
        else:
            continue
        if count > most:
            raise HouseholdFull(_("One household can have %(most)d places here.") % {"most": most})


def count_no_shows(place: Occurrence, party: Sequence[Guest], *, at: datetime) -> None:
    """Note of each younger resident how often they did not come to this series within half a year."""
    on = local_day(at)
    younger = [guest.person for guest in party if guest.person and not is_elder(guest.birth_on, on)]
    if not younger:
        return
    missed = no_shows_of(place.activity_id, younger, on=on)
    for guest in party:
        if guest.person:
            guest.missed = missed.get(guest.person, 0)


def no_shows_of(activity: UUID, people: Iterable[UUID], *, on: date) -> dict[UUID, int]:
    """Count by person the times they did not come to a series, those forgiven left out."""
    rows = NoShow.objects.filter(
        activity=activity, person__in=list(people), forgiven_at__isnull=True, on__gt=on - timedelta(days=NO_SHOW_DAYS)
    )
    return dict(rows.order_by().values_list("person").annotate(n=Count("pk")))


def is_held_back(place: Occurrence, party: Sequence[Guest], *, neighbours: frozenset[UUID], at: datetime) -> bool:
    """Tell whether others come first: in the first hours, or after two no-shows until the last day."""
    on = local_day(at)
    if any(waits_after_no_shows(guest.missed, elder=is_elder(guest.birth_on, on)) for guest in party):
        return True
    if not place.first_for or place.first_until is None or at >= place.first_until:
        return False
    if place.first_for == Occurrence.FirstFor.NEIGHBOURS:
        return any(guest.community not in neighbours for guest in party)
    return _came_lately(place.community_id, party, at=at)


def _came_lately(community: UUID, party: Sequence[Guest], *, at: datetime) -> bool:
    """Tell whether one of a party came to anything in the community within three months."""
    came = Attendance.objects.filter(
        community=community, came_at__gte=at - timedelta(days=NEWCOMER_DAYS), undone_at__isnull=True
    )
    people = [guest.person for guest in party if guest.person]
    digests = [digest for guest in party if guest.person is None for digest in guest.digests]
    return came.filter(Q(person__in=people) | Q(guest_digest__in=digests) & ~Q(guest_digest="")).exists()


def how_for(how: str, guest: Guest, actor: Actor) -> str:
    """Say in which way one of a party was signed up: by themselves, family, a volunteer, or as the caller says."""
    if how != How.SELF:
        return how
    if guest.person is None:
        return How.GUEST
    if guest.by_volunteer:
        return How.VOLUNTEER
    return How.SELF if guest.person == actor.person else How.FAMILY
