"""Households as those who visit them need them: where, who lives there, what to mind."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.utils.translation import gettext as _

from lianxin.domain.needs.rules import visits as rules
from lianxin.domain.people.models import Household, Person
from lianxin.domain.people.rules.households import address_line
from lianxin.domain.people.rules.persons import age_on
from lianxin.engines.masking import mask_address, mask_name

AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody who lives there; nothing that is sealed is among the flags."""

    person: UUID
    name: str
    age: int | None
    flags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class VisitHome:
    """A household to be visited."""

    id: UUID
    number: str
    address: str
    members: tuple[Member, ...]
    flags: tuple[str, ...]


def homes_of(households: Iterable[UUID], *, on: date, masked: bool = True) -> dict[UUID, VisitHome]:
    """Give households in scope by id, the head first; names and addresses masked unless they are needed at the door."""
    wanted = sorted(set(households))
    found: dict[UUID, VisitHome] = {}
    for start in range(0, len(wanted), AT_ONCE):
        part = wanted[start : start + AT_ONCE]
        living: dict[UUID, list[Person]] = {}
        people = Person.objects.filter(household__in=part, state=Person.State.LIVING).order_by("birth_on", "pk")
        for person in people:
            living.setdefault(person.household_id, []).append(person)
        for home in Household.objects.filter(pk__in=part):
            found[home.pk] = _home(home, living.get(home.pk, []), on, masked=masked)
    return found


def _home(home: Household, people: list[Person], on: date, *, masked: bool) -> VisitHome:
    people.sort(key=lambda one: one.relation != Person.Relation.HEAD)
    address = address_line(address=home.address, building=home.building, unit=home.unit, room=home.room)
    members = tuple(
        Member(
            person.pk, mask_name(person.name) if masked else person.name, age_on(person.birth_on, on), _flags(person)
        )
        for person in people
    )
    alone = rules.lives_alone([one.age for one in members])
    return VisitHome(
        home.pk,
        home.number,
        mask_address(address) if masked else address,
        members,
        (_("lives alone"),) if alone else (),
    )


def _flags(person: Person) -> tuple[str, ...]:
    said = (
        (person.prefers_teochew, _("prefers to speak Teochew")),
        (person.prefers_large_print, _("prefers large print")),
        (person.no_phone, _("has no phone")),
    )
    return tuple(words for holds, words in said if holds)
