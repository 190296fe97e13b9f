"""Deciding what an act earns: terms of the rules in, points and the reason out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from lianxin.domain.points.rules.expiry import expiry_day

MINUTES = "minutes"
HOUSEHOLD, PERSON, BOOK = SUBJECTS = ("household", "person", "book")

FULL = ""
NO_RULES = "no_rules"
NO_ITEM = "no_item"
TOO_LITTLE = "too_little"
BUDGET = "budget"
OF_CAP = {HOUSEHOLD: "cap_household", PERSON: "cap_person", BOOK: "cap_book"}


@dataclass(frozen=True, slots=True)
class Cap:
    """The most points of one item for a household, a person or the whole community in one window."""

    subject: str
    every: str
    points: int


@dataclass(frozen=True, slots=True)
class Item:
    """What earns how many points, as far as deciding needs it."""

    code: str
    act_kind: str
    title: str
    points: int
    unit: str
    per: int
    most_quantity: int
    awarders: frozenset[str] = frozenset()
    valid_months: int | None = None
    caps: tuple[Cap, ...] = ()
    evidence: str = ""
    id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Terms:
    """A version of the rules, as far as deciding needs it."""

    id: UUID | None
    book: UUID
    number: int
    effective_from: date
    ended_on: date | None
    second_person_above: int
    expiry: str
    expiry_months: int
    items: tuple[Item, ...] = ()

    def expiry_of(self, item: Item, done_on: date) -> date:
        """Give the last day of points for an act of this item."""
        return expiry_day(
            expiry=self.expiry, months=self.expiry_months, done_on=done_on, valid_months=item.valid_months
        )


@dataclass(frozen=True, slots=True)
class Offered:
    """An act as it is offered: its kind (or an item's code), how often, how long, and whether a person is named."""

    act_kind: str
    quantity: int = 1
    minutes: int = 0
    item: str = ""
    has_person: bool = True


@dataclass(frozen=True, slots=True)
class Decision:
    """What the item asks for, what is given, and why it is less."""

    asked: int
    points: int
    reason: str
    item: Item | None = field(default=None)


Used = Mapping[tuple[str, str], int]


def find_item(act: Offered, items: Sequence[Item]) -> Item | None:
    """Give the item that an act falls under: the one of its code, else the first of its kind."""
    for item in items:
        if item.code == act.item if act.item else item.act_kind == act.act_kind:
            return item
    return None


def asked_points(act: Offered, item: Item) -> int:
    """Give the points that an item has for an act before any limit: for each full `per` of its unit, up to its most."""
    quantity = act.minutes if item.unit == MINUTES else act.quantity
    return item.points * (min(quantity, item.most_quantity) // item.per)


def decide(act: Offered, items: Sequence[Item], used: Used, budget: int) -> Decision:
    """Decide on an act: `used` tells what each cap's subject and window has of the item already.

    Where a cap or the budget has less left than the item asks for, what is left is given and the reason says which.
    """
    item = find_item(act, items)
    if item is None:
        return Decision(0, 0, NO_ITEM)
    asked = asked_points(act, item)
    if asked == 0:
        return Decision(0, 0, TOO_LITTLE, item)
    points, reason = asked, FULL
    for cap in item.caps:
        if cap.subject == PERSON and not act.has_person:
            continue
        left = max(cap.points - used.get((cap.subject, cap.every), 0), 0)
        if left < points:
            points, reason = left, OF_CAP[cap.subject]
    if max(budget, 0) < points:
        points, reason = max(budget, 0), BUDGET
    return Decision(asked, points, reason, item)


def terms_on(versions: Sequence[Terms], on: date) -> Terms | None:
    """Give the version in force on a day: the newest that began, unless it has ended; one withdrawn before it began
    never was."""
    began = [
        terms
        for terms in versions
        if terms.effective_from <= on and (terms.ended_on is None or terms.ended_on > terms.effective_from)
    ]
    if not began:
        return None
    newest = max(began, key=lambda terms: terms.number)
    return None if newest.ended_on is not None and newest.ended_on <= on else newest
