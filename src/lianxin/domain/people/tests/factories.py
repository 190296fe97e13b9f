"""Builders for tests of residents, households and organisations, over the small district of the account builders."""

from datetime import UTC, date, datetime
from itertools import count
from typing import Any
from uuid import UUID

from lianxin.domain.people.commands.consents import load_purposes
from lianxin.domain.people.commands.households import register_household
from lianxin.domain.people.models import Household, Person
from lianxin.domain.people.purposes import shipped_register
from lianxin.domain.people.rules.new_people import NewPerson
from lianxin.domain.places.models import Division
from lianxin.engines.identity import resident_id_check_character
from lianxin.platform import scope
from lianxin.platform.actors import Actor
from lianxin.platform.ids import new_id

AT = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
TODAY = date(2026, 11, 20)
SYSTEM = Actor.system(via="cli")
_serial = count(1)


def id_number(birth_on: date, *, sex: str = "f", region: str = "440507") -> str:
    """A made-up ID number that passes its check."""
    serial = next(_serial) % 500 * 2 - (sex == "m")
    body = f"{region}{birth_on:%Y%m%d}{serial % 1000:03d}"
    return body + resident_id_check_character(body)


def staff(role: str = "community_staff", *communities: Division, **more: Any) -> Actor:
    """Somebody who works for some communities; without any, for the whole district."""
    reach = frozenset(c.pk for c in communities) if communities else None
    return Actor(account=new_id(), role=role, communities=reach, via="web", roles=frozenset({role}), **more)


def resident(person: Person) -> Actor:
    """The actor whom a resident is."""
    return Actor(
        account=new_id(),
        role="resident",
        communities=frozenset({person.community_id}),
        via="web",
        person=person.pk,
        roles=frozenset({"resident"}),
    )


def new_person(name: str = "陈小明", relation: str = "head", **values: Any) -> NewPerson:
    """A person to be registered, born 1950 unless said otherwise."""
    return NewPerson(**{"name": name, "relation": relation, "birth_on": date(1950, 5, 1)} | values)


def make_household(community: Division, *members: NewPerson, **values: Any) -> Household:
    """A household with these members, or with one head."""
    entries = {"address": "长平路1号", "on": date(2024, 1, 1), "at": AT} | values
    return register_household(actor=SYSTEM, community=community.pk, members=list(members or [new_person()]), **entries)


def members_of(household: Household) -> list[Person]:
    """Who is in a household, head first."""
    with scope.everything():
        people = list(Person.objects.filter(household=household.pk).order_by("pk"))
    return sorted(people, key=lambda person: person.relation != "head")


def fresh(person: Person | UUID) -> Person:
    """The row as it is now."""
    with scope.everything():
        return Person.objects.select_related("household").get(pk=getattr(person, "pk", person))


def fresh_household(household: Household | UUID) -> Household:
    """The row as it is now."""
    with scope.everything():
        return Household.objects.get(pk=getattr(household, "pk", household))


def load_register() -> None:
    """Enter the purposes and texts that the program ships."""
    load_purposes(actor=SYSTEM, register=shipped_register(), at=AT)
