"""Who comes: people of the place and some neighbours, by age and habit, nobody to two things on one day."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from heapq import nlargest
from random import Random
from typing import NamedTuple
from uuid import UUID

NEIGHBOURS_SHARE = 0.14
ADULT = 18


class Somebody(NamedTuple):
    """A resident who may come."""

    person: UUID
    household: UUID
    community: UUID
    age: int
    sex: str
    has_phone: bool
    habit: float


Weigh = Callable[[int, str], float]


def _between(first: int, last: int, *, else_: float = 0.0) -> Weigh:
    return lambda age, _sex: 1.0 if first <= age <= last else else_ if age >= ADULT else 0.0


AUDIENCES: Mapping[str, Weigh] = {
    "elders": lambda age, _sex: 1.0 if age >= 60 else 0.45 if age >= 52 else 0.0,
    "adults45": lambda age, _sex: 1.0 if age >= 45 else 0.25 if age >= 32 else 0.0,
    "women45": lambda age, sex: (
        (1.0 if sex == "f" else 0.06) if age >= 40 else 0.5 if sex == "f" and age >= 22 else 0.0
    ),
    "adults": _between(20, 62, else_=0.35),
    "parents": _between(26, 52),
    "carers": _between(30, 72, else_=0.1),
    "workers": _between(18, 46, else_=0.15),
    "all": lambda age, _sex: 1.3 if age >= 60 else 1.0 if age >= ADULT else 0.4 if age >= 6 else 0.0,
    "children": lambda age, _sex: 1.0 if 5 <= age <= 13 else 0.0,
    "pupils": lambda age, _sex: 1.0 if 6 <= age <= 13 else 0.0,
    "families": lambda age, _sex: 1.0 if 4 <= age <= 13 else 0.0,
    "families_small": lambda age, _sex: 1.0 if 2 <= age <= 8 else 0.0,
    "volunteers": lambda _age, _sex: 1.0,
}
VOLUNTEERS = "volunteers"
WITH_PARENTS = ("families", "families_small")


class Pool:
    """The people of one community, and those of each audience with how likely they come."""

    def __init__(self, people: Sequence[Somebody], *, helpers: Sequence[Somebody] = ()) -> None:
        self.people = people
        self.helpers = helpers
        self.grown_ups: dict[UUID, list[Somebody]] = {}
        for one in people:
            if one.age >= ADULT:
                self.grown_ups.setdefault(one.household, []).append(one)
        self._weighted: dict[str, list[tuple[Somebody, float]]] = {}

    def of(self, audience: str) -> list[tuple[Somebody, float]]:
        """Give those of an audience, each with the exponent by which the dice decide."""
        if audience not in self._weighted:
            weigh = AUDIENCES[audience]
            people = self.helpers if audience == VOLUNTEERS else self.people
            found = ((one, weigh(one.age, one.sex) * one.habit) for one in people)
            self._weighted[audience] = [(one, 1 / weight) for one, weight in found if weight > 0]
        return self._weighted[audience]

    def count(self, audience: str) -> int:
        """Count how many an activity for this audience could bring together here."""
        found = len(self.of(audience))
        return 2 * found if audience in WITH_PARENTS else found


class Crowd:
    """Draws who comes; remembers who is somewhere already that day."""

    def __init__(self, pools: Mapping[UUID, Pool], near: Mapping[UUID, Sequence[UUID]]) -> None:
        self.pools, self.near = pools, near
        self._out: dict[date, set[UUID]] = {}

    def draw(self, community: UUID, audience: str, count: int, on: date, dice: Random) -> list[Somebody]:
        """Draw so many people: most from the community, some from those beside it; fewer where there are no more."""
        out = self._out.setdefault(on, set())
        is_own = audience == VOLUNTEERS
        neighbours = 0 if is_own else sum(dice.random() < NEIGHBOURS_SHARE for _one in range(count))
        found = self._from(community, audience, count - neighbours, out, dice)
        beside = [] if is_own else list(self.near.get(community, ()))
        dice.shuffle(beside)
        for number, other in enumerate(beside):
            missing = count - len(found)
            if missing <= 0:
                break
            share = missing if number == len(beside) - 1 else (missing + 1) // 2
            found += self._from(other, audience, share, out, dice)
        for kind in (audience, "adults", "all"):
            if len(found) < count:
                found += self._from(community, kind, count - len(found), out, dice)
        if len(found) < count:
            found += self._from_afar(community, count - len(found), out, dice)
        return found

    def _from_afar(self, community: UUID, count: int, out: set[UUID], dice: Random) -> list[Somebody]:
        """Draw grown-ups from further away, as everybody near is out already."""
        found: list[Somebody] = []
        others = [other for other in self.pools if other != community]
        for other in dice.sample(others, len(others)):
            if len(found) >= count:
                break
            found += self._from(other, "adults", min(3, count - len(found)), out, dice)
        return found

    def _from(self, community: UUID, audience: str, count: int, out: set[UUID], dice: Random) -> list[Somebody]:
        pool = self.pools.get(community)
        if pool is None or count <= 0:
            return []
        keyed = [
            (dice.random() ** exponent, number)
            for number, (one, exponent) in enumerate(pool.of(audience))
            if one.person not in out
        ]
        rows = pool.of(audience)
        chosen = [rows[number][0] for _key, number in nlargest(count, keyed)]
        if audience in WITH_PARENTS:
            chosen = _with_parents(pool, chosen, count, out, dice)
        out.update(one.person for one in chosen)
        return chosen


def _with_parents(pool: Pool, children: Iterable[Somebody], count: int, out: set[UUID], dice: Random) -> list[Somebody]:
    """Let a grown-up of the household come along with most children, until so many are together."""
    found: list[Somebody] = []
    there: set[UUID] = set()
    for child in children:
        if len(found) >= count:
            break
        found.append(child)
        grown_ups = [one for one in pool.grown_ups.get(child.household, ()) if one.person not in out]
        free = [one for one in grown_ups if one.person not in there]
        if len(found) < count and free and dice.random() < 0.85:
            parent = dice.choice(free)
            there.add(parent.person)
            found.append(parent)
    return found
