"""Registering households and changing where they live."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.domain.people import policy
from lianxin.domain.people.commands import bulk, found
from lianxin.domain.people.commands.searching import index_people
from lianxin.domain.people.models import Household, Person
from lianxin.domain.people.rules.contacts import ID_DIGEST
from lianxin.domain.people.rules.new_people import NewHousehold, NewPerson, complete
from lianxin.platform import locks, scope
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day
from lianxin.platform.commands import act, command
from lianxin.platform.errors import EditedMeanwhile, Invalid, Missing, Refused
from lianxin.platform.sensitive import digest_candidates

TOLD_ONE_BY_ONE = 20
"""Up to so many people are named in the audit entry as targets; a larger batch is a run with a row of its own."""


class AlreadyRegistered(Refused):
    """Somebody with this ID number is on record in the district."""

    title = gettext_lazy("Somebody with this ID number is already registered.")


class NumberTaken(Invalid):
    """Another household of the community has this number."""

    title = gettext_lazy("This household number is already in use in the community.")


@command("people.register_households")
def register_households(
    *,
    actor: Actor,
    households: Sequence[NewHousehold],
    at: datetime,
    on: date | None = None,
    source_run: UUID | None = None,
    key: UUID | None = None,
) -> list[UUID]:
    """Register households with their members, all or none; give the household ids in order.

    `on` is since when they live here; members who were born later belong to the household since their birth.
    """
    policy.require(policy.may_write_people(actor))
    today = local_day(at)
    on = on or today
    for household in households:
        _check_household(household, max(on, today))
    _refuse_known_numbers([person for household in households for person in household.members])
    bulk.number_households(households)
    try:
        bulk.insert_households(households, on=on, source_run=source_run)
        made = bulk.insert_people(
            ((h.community, h.id, person) for h in households for person in h.members), on=on, source_run=source_run
        )
    except IntegrityError as error:
        raise _as_sentence(error) from error
    index_people(made)
    if len(made) <= TOLD_ONE_BY_ONE:
        for row in Household.objects.filter(pk__in=[h.id for h in households]).order_by("pk"):
            act().target(row, "registered", {"number": [None, row.number], "members": [0, len(made)]})
        for person_row in Person.objects.filter(pk__in=made).order_by("pk"):
            act().target(person_row, "registered", {"relation": [None, person_row.relation]})
    act().note(community_id=households[0].community if households else None)
    return [household.id for household in households]


@command("people.register_household")
def register_household(
    *,
    actor: Actor,
    community: UUID,
    members: Sequence[NewPerson],
    at: datetime,
    number: str = "",
    address: str = "",
    building: str = "",
    unit: str = "",
    room: str = "",
    on: date | None = None,
    key: UUID | None = None,
) -> Household:
    """Register one household with its members."""
    new = NewHousehold(community, list(members), number.strip(), address.strip(), building, unit, room)
    (made,) = register_households(actor=actor, households=[new], at=at, on=on)
    return Household.objects.get(pk=made)


@command("people.register_persons")
def register_persons(
    *,
    actor: Actor,
    household: UUID,
    persons: Sequence[NewPerson],
    at: datetime,
    on: date | None = None,
    key: UUID | None = None,
) -> list[UUID]:
    """Add people to a household that exists: a birth, a marriage, somebody who moved in."""
    policy.require(policy.may_write_people(actor))
    on = on or local_day(at)
    _check_members(persons, on)
    row = found.active_household(household)
    if any(p.relation == Person.Relation.HEAD for p in persons) and has_head(row.pk):
        raise Invalid(_("This household has a head already. Change the head first, or choose another relation."))
    _refuse_known_numbers(persons)
    try:
        made = bulk.insert_people(((row.community_id, row.pk, person) for person in persons), on=on)
    except IntegrityError as error:
        raise _as_sentence(error) from error
    index_people(made)
    for person in Person.objects.filter(pk__in=made).order_by("pk"):
        act().target(person, "registered", {"relation": [None, person.relation]})
    act().target(row, "grew", {"members": [None, len(made)]})
    return made


@command("people.register_person")
def register_person(
    *, actor: Actor, household: UUID, person: NewPerson, at: datetime, on: date | None = None, key: UUID | None = None
) -> Person:
    """Add one person to a household that exists."""
    (made,) = register_persons(actor=actor, household=household, persons=[person], at=at, on=on)
    return Person.objects.get(pk=made)


@command("people.edit_household")
def edit_household(
    *,
    actor: Actor,
    household: UUID,
    version: int,
    number: str,
    address: str,
    building: str = "",
    unit: str = "",
    room: str = "",
    at: datetime,
    key: UUID | None = None,
) -> Household:
    """Change a household's printed number or address."""
    policy.require(policy.may_write_people(actor))
    row = found.active_household(household)
    if row.version != version:
        raise EditedMeanwhile
    number = number.strip()
    if not number:
        raise Invalid(fields={"number": [_("The household number is missing.")]})
    if Household.objects.filter(community=row.community_id, number=number).exclude(pk=row.pk).exists():
        raise NumberTaken(fields={"number": [NumberTaken.title]})
    change: dict[str, list[str]] = {}
    if number != row.number:
        change["number"] = [row.number, number]
    if (address, building, unit, room) != (row.address, row.building, row.unit, row.room):
        change["address"] = ["", ""]
    row.number, row.address, row.building, row.unit, row.room = number, address.strip(), building, unit, room
    row.version += 1
    row.save(update_fields=["number", "address", "building", "unit", "room", "version"])
    act().target(row, "changed", change)
    index_people(list(Person.objects.filter(household=row).values_list("pk", flat=True)))
    return row


@command("people.change_head")
def change_head(
    *, actor: Actor, household: UUID, head: UUID, former_head_is: str, at: datetime, key: UUID | None = None
) -> Household:
    """Make another member the head; the former head gets the relation that is given."""
    policy.require(policy.may_write_people(actor))
    members = locks.lock(Person.objects.filter(household=household, state=Person.State.LIVING), rank=locks.RECORD)
    row = found.active_household(household)
    chosen = next((m for m in members if m.pk == head), None)
    if chosen is None:
        raise Missing
    if former_head_is not in Person.Relation.values or former_head_is == Person.Relation.HEAD:
        raise Invalid(fields={"former_head_is": [_("Choose what the former head is to the new one.")]})
    for member in members:
        relation = "head" if member is chosen else former_head_is if member.relation == "head" else member.relation
        if relation != member.relation:
            act().target(member, "changed", {"relation": [member.relation, relation]})
            member.relation = relation
            member.version += 1
            member.save(update_fields=["relation", "version"])
    return row


def has_head(household: UUID) -> bool:
    """Tell whether a living member of the household is its head."""
    return Person.objects.filter(household=household, state=Person.State.LIVING, relation="head").exists()


def _check_household(household: NewHousehold, on: date) -> None:
    if not scope.covers(household.community):
        raise Missing
    if not household.members:
        raise Invalid(_("A household has at least one member."))
    _check_members(household.members, on)
    if sum(person.relation == Person.Relation.HEAD for person in household.members) > 1:
        raise Invalid(_("A household has one head. Choose who it is."))


def _check_members(members: Sequence[NewPerson], on: date) -> None:
    for place, person in enumerate(members):
        errors = complete(person, on)
        if errors:
            prefix = "" if len(members) == 1 else f"{place + 1}."
            raise Invalid(fields={f"{prefix}{name}": sentences for name, sentences in errors.items()})


def _refuse_known_numbers(people: Sequence[NewPerson]) -> None:
    numbers = [person.id_number for person in people if person.id_number]
    if len(set(numbers)) < len(numbers):
        raise AlreadyRegistered(_("The same ID number was given for two people."))
    digests = [candidate for number in numbers for candidate in digest_candidates(number, ID_DIGEST)]
    # The whole district is asked, and nothing but "yes" is told: a second record would count a person twice.
    with scope.everything():
        known = any(
            Person.objects.filter(id_digest__in=digests[start : start + 500]).exists()
            for start in range(0, len(digests), 500)
        )
    if known:
        raise AlreadyRegistered(
            _(
                "Somebody with this ID number is already registered in the district. Find the record and move it here, "
                "or ask the community where the person lived before."
            )
        )


def _as_sentence(error: IntegrityError) -> Exception:
    text = str(error)
    if "id_digest" in text:
        return AlreadyRegistered()
    if "number" in text:
        return NumberTaken(fields={"number": [NumberTaken.title]})
    return error
