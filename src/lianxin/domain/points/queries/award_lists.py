"""Finding the households of a list that somebody typed or ticked, with the people who may have done the act."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q

from lianxin.domain.people.models import Household, Person
from lianxin.domain.points import policy
from lianxin.engines.masking import mask_name
from lianxin.platform import scope
from lianxin.platform.actors import Actor
from lianxin.platform.errors import Missing

NO_HOUSEHOLD, NO_MEMBER = "no_household", "no_member"
NUMBER_LENGTH = 6


@dataclass(frozen=True, slots=True)
class Typed:
    """A line as it was typed: a household's number or id, and maybe the name of one of its people."""

    number: str = ""
    name: str = ""
    household: UUID | None = None
    quantity: int | None = None


@dataclass(frozen=True, slots=True)
class Matched:
    """What was found for a line: the household, its living people, and the one who is meant."""

    typed: Typed
    household: UUID | None
    number: str
    members: tuple[tuple[UUID, str], ...]
    person: UUID | None
    problem: str


def match_lines(*, actor: Actor, community: UUID, lines: Sequence[Typed]) -> list[Matched]:
    """Find the active households of a community for some lines; two queries. A household of one means that person."""
    policy.require(policy.may_award_something(actor) and policy.may_see_points(actor))
    if not actor.covers(community):
        raise Missing
    numbers = {form for line in lines for form in _forms(line.number)}
    ids = {line.household for line in lines if line.household}
    with scope.within(actor.communities):
        rows = Household.objects.filter(community=community, state=Household.State.ACTIVE)
        homes = list(rows.filter(Q(number__in=numbers) | Q(pk__in=ids)).only("pk", "number"))
        people: dict[UUID, list[Person]] = {}
        living = Person.objects.filter(household__in=[home.pk for home in homes], state=Person.State.LIVING)
        for person in living.order_by("birth_on", "pk").only("pk", "household_id", "name", "relation"):
            people.setdefault(person.household_id, []).append(person)
    by_number = {home.number: home for home in homes}
    by_id = {home.pk: home for home in homes}
    found = []
    for line in lines:
        home = by_id.get(line.household) if line.household else None
        home = home or next((by_number[form] for form in _forms(line.number) if form in by_number), None)
        members = people.get(home.pk, []) if home else []
        meant = [person for person in members if line.name and person.name == line.name]
        chosen = meant[0] if meant else members[0] if len(members) == 1 and not line.name else None
        problem = NO_HOUSEHOLD if home is None else NO_MEMBER if line.name and not meant else ""
        found.append(
            Matched(
                typed=line,
                household=home.pk if home else None,
                number=home.number if home else line.number,
                members=tuple((person.pk, mask_name(person.name)) for person in members),
                person=chosen.pk if chosen else None,
                problem=problem,
            )
        )
    return found


def _forms(number: str) -> tuple[str, ...]:
    return (number, number.zfill(NUMBER_LENGTH)) if number else ()
