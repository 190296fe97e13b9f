"""A ledger in sixty lines of plain Python: what the real one must agree with."""

from dataclasses import dataclass, field
from datetime import date, timedelta

GRACE = timedelta(days=30)


class NotPossible(Exception):
    """The rules say no."""


@dataclass
class Home:
    """One household: lots by expiry day, points held, and its debt."""

    lots: dict[date, int] = field(default_factory=dict)
    held: int = 0
    debt: int = 0

    @property
    def balance(self) -> int:
        """Give all points."""
        return sum(self.lots.values())

    def put(self, on: date, points: int) -> None:
        """Add to a lot."""
        self.lots[on] = self.lots.get(on, 0) + points

    def take(self, points: int, first: date | None = None, *, only: bool = False) -> list[tuple[date, int]]:
        """Take from one lot first, then from the oldest."""
        order = ([first] if first else []) + ([] if only else sorted(self.lots))
        taken = []
        for on in order:
            part = min(self.lots.get(on, 0), points)
            if part:
                self.lots[on] -= part
                points -= part
                taken.append((on, part))
        if points:
            raise NotPossible
        return taken


@dataclass
class Model:
    """Households, a budget, and what each act moved."""

    budget: int
    homes: list[Home]
    acts: list[tuple[str, int, list[tuple[date, int]]]] = field(default_factory=list)
    reversed: set[int] = field(default_factory=set)

    def earn(self, home: int, points: int, on: date) -> None:
        """Move points from the budget into a lot."""
        if points > self.budget:
            raise NotPossible
        self.budget -= points
        self.homes[home].put(on, points)
        self.acts.append(("earn", home, [(on, points)]))

    def spend(self, home: int, points: int, *, held: int = 0) -> None:
        """Move points out, oldest lots first; `held` of them were kept aside."""
        if points > self.homes[home].balance - self.homes[home].held + held:
            raise NotPossible
        self.homes[home].held -= held
        self.acts.append(("spend", home, self.homes[home].take(points)))

    def expire(self, home: int, on: date, points: int) -> None:
        """Move points out of one lot."""
        if points > self.homes[home].balance - self.homes[home].held or points > self.homes[home].lots.get(on, 0):
            raise NotPossible
        self.acts.append(("spend", home, self.homes[home].take(points, on, only=True)))

    def reverse(self, act: int, today: date) -> None:
        """Undo an act: what is spent already becomes a debt."""
        kind, home, parts = self.acts[act]
        if act in self.reversed:
            raise NotPossible
        self.reversed.add(act)
        one = self.homes[home]
        for on, points in parts:
            if kind == "spend":
                one.put(on if on > today else today + GRACE, points)
            else:
                there = max(min(points, one.balance - one.held), 0)
                one.take(there, on)
                one.debt += points - there
                self.budget += points
