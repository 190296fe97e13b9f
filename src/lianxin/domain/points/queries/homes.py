"""To which household an act counts: the one that is named, or the one its person lives in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple
from uuid import UUID

from lianxin.domain.people.models import Household, HouseholdMembership, Person
from lianxin.platform.errors import Missing

Subject = tuple[UUID | None, UUID | None, date]
"""A household, a person (either may be missing) and the day of the act."""
_TOGETHER = 5_000


class Home(NamedTuple):
    """The household of an act; `belongs` is false when the person did not live there, `ended` when it is no more."""

    household: UUID
    community: UUID
    belongs: bool
    ended: bool


@dataclass(frozen=True, slots=True)
class Homes:
    """The households of some acts."""

    _homes: dict[tuple[UUID | None, UUID | None], Home]

    def of(self, household: UUID | None, person: UUID | None) -> Home:
        """Give the household of an act's subjects."""
        return self._homes[household, person]


def read_homes(subjects: Sequence[Subject]) -> Homes:
    """Find the households of acts, within an active scope; raises Missing for what is outside it."""
    people, households = _people({person for _household, person, _on in subjects if person})
    households |= _households({household for household, _person, _on in subjects if household} - households.keys())
    elsewhere = {
        (household, person)
        for household, person, _on in subjects
        if household and person and person in people and people[person] != (household, Person.State.LIVING)
    }
    former = _memberships(elsewhere)
    homes: dict[tuple[UUID | None, UUID | None], Home] = {}
    for household, person, on in subjects:
        if (household, person) in homes:
            continue
        if person and person not in people:
            raise Missing
        own, state = people[person] if person else (household, Person.State.LIVING)
        pk = household or own
        if pk is None or pk not in households:
            raise Missing
        belongs = person is None or (own == pk and state == Person.State.LIVING)
        if not belongs and household and person:
            belongs = any(
                first <= on and (last is None or last >= on) for first, last in former.get((household, person), ())
            )
        community, ended = households[pk]
        homes[household, person] = Home(pk, community, belongs, ended)
    return Homes(homes)


def _people(wanted: set[UUID]) -> tuple[dict[UUID, tuple[UUID, str]], dict[UUID, tuple[UUID, bool]]]:
    """Read people with their households: person to (household, state), and household to (community, has ended)."""
    people: dict[UUID, tuple[UUID, str]] = {}
    households: dict[UUID, tuple[UUID, bool]] = {}
    for part in _parts(wanted):
        rows = Person.objects.filter(pk__in=part).values_list(
            "pk", "household_id", "state", "household__community_id", "household__state"
        )
        for pk, household, state, community, of_household in rows:
            people[pk] = (household, state)
            households[household] = (community, of_household != Household.State.ACTIVE)
    return people, households


def _households(wanted: set[UUID]) -> dict[UUID, tuple[UUID, bool]]:
    found: dict[UUID, tuple[UUID, bool]] = {}
    for part in _parts(wanted):
        rows = Household.objects.filter(pk__in=part).values_list("pk", "community_id", "state")
        found |= {pk: (community, state != Household.State.ACTIVE) for pk, community, state in rows}
    return found


def _memberships(pairs: set[tuple[UUID, UUID]]) -> dict[tuple[UUID, UUID], list[tuple[date, date | None]]]:
    found: dict[tuple[UUID, UUID], list[tuple[date, date | None]]] = {}
    for part in _parts({person for _household, person in pairs}):
        rows = HouseholdMembership.objects.filter(person__in=part).values_list(
            "household_id", "person_id", "from_on", "until_on"
        )
        for household, person, first, last in rows:
            if (household, person) in pairs:
                found.setdefault((household, person), []).append((first, last))
    return found


def _parts(wanted: set[UUID]) -> list[list[UUID]]:
    ordered = sorted(wanted)
    return [ordered[start : start + _TOGETHER] for start in range(0, len(ordered), _TOGETHER)]
