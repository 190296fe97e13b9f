"""Made-up households as they are in the Teochew area: elders alone, families of three generations, flats shared."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from random import Random
from typing import NamedTuple
from uuid import UUID

from lianxin.domain.people.rules.new_people import NewHousehold, NewPerson
from lianxin.domain.people.rules.persons import years_before

from .names import Names, phone_number

HABIT_OF_TEOCHEW = 0.72


class Home(NamedTuple):
    """A household with what its kind says about care."""

    household: NewHousehold
    kind: str


class Family:
    """Draws the members of one household."""

    def __init__(self, names: Names, dice: Random, on: date) -> None:
        self.names, self.dice, self.on = names, dice, on
        self.surname = names.surname(dice)
        self.phone = phone_number(dice)
        self.floating = False

    def person(self, relation: str, age: float, sex: str, *, surname: str = "") -> NewPerson:
        """Draw one member of about this age."""
        dice = self.dice
        birth_on = self.on - timedelta(days=max(40, round(age * 365.25 + dice.randint(0, 364))))
        old = birth_on <= years_before(self.on, 60)
        number = ""
        if dice.random() < 0.985:
            number = self.names.id_number(dice, birth_on, sex, from_elsewhere=self.floating)
        phone = ""
        if birth_on <= years_before(self.on, 14) and dice.random() < (0.62 if age > 75 else 0.93):
            # Elders often give the number of the child they live with.
            phone = self.phone if old and dice.random() < 0.25 else phone_number(dice)
        residence = "floating" if self.floating else "resident" if dice.random() < 0.12 else "registered"
        return NewPerson(
            name=(surname or self.surname) + self.names.given(dice, sex, birth_on.year),
            relation=relation,
            sex=sex,
            birth_on=birth_on,
            id_number=number,
            phone=phone,
            residence=residence,
            prefers_teochew=old and dice.random() < HABIT_OF_TEOCHEW,
            prefers_large_print=old and dice.random() < 0.5,
            no_phone=not phone and old,
        )

    def couple(self, age: float, *, relation: str = "head") -> list[NewPerson]:
        """Draw man and wife; the wife keeps her own surname."""
        second = "spouse" if relation == "head" else relation
        other = self.names.surname(self.dice)
        return [
            self.person(relation, age, "m"),
            self.person(second, max(20.0, age - self.dice.gauss(2, 2)), "f", surname=other),
        ]

    def children(self, parent_age: float, *, relation: str = "child", most: int = 3) -> list[NewPerson]:
        """Draw children who were born when the parents were between 22 and 40."""
        dice = self.dice
        found = []
        for _child in range(min(most, dice.choices((1, 2, 3), (40, 43, 17))[0])):
            age = parent_age - dice.uniform(23, 37)
            if 0 <= age < 26:
                found.append(self.person(relation, age, dice.choice("mf")))
        return found

    def alone(self) -> list[NewPerson]:
        """Somebody of working age on their own."""
        return [self.person("head", self.dice.uniform(20, 58), self.dice.choice("mf"))]

    def elder_alone(self) -> list[NewPerson]:
        """An elder on their own, more often a widow."""
        return [
            self.person("head", 60 + 41 * self.dice.betavariate(1.5, 2.9), "f" if self.dice.random() < 0.66 else "m")
        ]

    def elder_couple(self) -> list[NewPerson]:
        """Two elders without anybody younger."""
        return self.couple(62 + 32 * self.dice.betavariate(1.5, 3.0))

    def two(self) -> list[NewPerson]:
        """A couple without children at home."""
        return self.couple(self.dice.choice((self.dice.uniform(24, 36), self.dice.uniform(48, 60))))

    def with_children(self) -> list[NewPerson]:
        """Parents with children."""
        age = self.dice.uniform(26, 54)
        return [*self.couple(age), *self.children(age)]

    def three_generations(self) -> list[NewPerson]:
        """Parents, children, and one or both grandparents."""
        dice = self.dice
        age = dice.uniform(28, 56)
        old = age + dice.uniform(22, 34)
        parents = [self.person("parent", old - 2, "f", surname=self.names.surname(dice))]
        if dice.random() < 0.55 and old < 86:
            parents.append(self.person("parent", old, "m"))
        return [*self.couple(age), *self.children(age), *parents]

    def one_parent(self) -> list[NewPerson]:
        """A mother or father with a child or two."""
        age = self.dice.uniform(30, 50)
        return [self.person("head", age, "f" if self.dice.random() < 0.75 else "m"), *self.children(age, most=2)]

    def shared_flat(self) -> list[NewPerson]:
        """Workers from elsewhere who share a flat."""
        self.floating = True
        count = self.dice.randint(2, 4)
        return [
            self.person(
                "head" if number == 0 else "not_kin",
                self.dice.uniform(19, 45),
                self.dice.choice("mf"),
                surname=self.names.surname(self.dice),
            )
            for number in range(count)
        ]

    def with_grandchild(self) -> list[NewPerson]:
        """Grandparents who bring up a child whose parents work elsewhere."""
        age = self.dice.uniform(58, 72)
        return [*self.couple(age), self.person("grandchild", self.dice.uniform(2, 15), self.dice.choice("mf"))]


KINDS: tuple[tuple[str, Callable[[Family], list[NewPerson]], int], ...] = (
    ("elder_alone", Family.elder_alone, 60),
    ("elder_couple", Family.elder_couple, 70),
    ("alone", Family.alone, 110),
    ("two", Family.two, 100),
    ("with_children", Family.with_children, 330),
    ("three_generations", Family.three_generations, 210),
    ("one_parent", Family.one_parent, 40),
    ("shared_flat", Family.shared_flat, 50),
    ("with_grandchild", Family.with_grandchild, 30),
)
_NAMES = [name for name, _draw, _weight in KINDS]
_DRAW = {name: draw for name, draw, _weight in KINDS}
_WEIGHTS = [weight for _name, _draw_it, weight in KINDS]


def draw_homes(names: Names, dice: Random, *, community: UUID, people: int, on: date, village: bool) -> Iterator[Home]:
    """Draw households until they hold exactly so many people."""
    left = people
    lanes = names.addresses["village_lanes" if village else "streets"]
    estates = [
        dice.choice(names.addresses["estate_first"])
        + dice.choice(names.addresses["estate_second"])
        + dice.choice(names.addresses["estate_tail"])
        for _estate in range(4)
    ]
    while left > 0:
        kind = dice.choices(_NAMES, _WEIGHTS)[0]
        if village and kind == "shared_flat" and dice.random() < 0.6:
            kind = "three_generations"
        members = _DRAW[kind](Family(names, dice, on))[:left]
        left -= len(members)
        home = NewHousehold(community=community, members=members)
        if village:
            home.address = f"{dice.choice(lanes)}{dice.randint(1, 120)}号"
        else:
            home.building, home.unit = f"{dice.randint(1, 18)}幢", f"{dice.randint(1, 3)}单元"
            home.room = f"{dice.randint(1, 9)}0{dice.randint(1, 4)}"
            home.address = f"{dice.choice(lanes)}{dice.randint(1, 160)}号{dice.choice(estates)}"
        yield Home(home, kind)
