"""How evenly something is spread over communities: rates per 1,000 residents, the Lorenz curve, top beside bottom."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from uuid import UUID

PER = 1_000
PARTS = 5


@dataclass(frozen=True, slots=True)
class Share:
    """What one community has of something, and for how many residents."""

    community: UUID
    residents: int
    quantity: int

    @property
    def rate(self) -> float | None:
        """Give the quantity per 1,000 residents; None where nobody is on record."""
        return PER * self.quantity / self.residents if self.residents else None


@dataclass(frozen=True, slots=True)
class Spread:
    """How evenly a quantity is spread; what cannot be said of so few communities is None."""

    communities: int
    residents: int
    quantity: int
    gini: float | None
    top_rate: float | None
    bottom_rate: float | None
    # Points of the Lorenz curve: (share of residents, share of the quantity), from (0, 0) to (1, 1).
    curve: tuple[tuple[float, float], ...]

    @property
    def rate(self) -> float | None:
        """Give the quantity per 1,000 residents over all of them."""
        return PER * self.quantity / self.residents if self.residents else None

    @property
    def ratio(self) -> float | None:
        """Give how many times as much the top fifth has as the bottom fifth; None when the bottom has nothing."""
        if self.top_rate is None or not self.bottom_rate:
            return None
        return self.top_rate / self.bottom_rate


def spread(shares: Iterable[Share]) -> Spread:
    """Tell how evenly a quantity is spread over the communities that have residents.

    Communities count by their residents, so that a small one does not weigh as much as a large one.
    """
    known = sorted((one for one in shares if one.residents), key=lambda one: (one.rate or 0, str(one.community)))
    residents, quantity = sum(one.residents for one in known), sum(one.quantity for one in known)
    curve = _curve(known, residents, quantity)
    fifth = len(known) // PARTS
    return Spread(
        communities=len(known),
        residents=residents,
        quantity=quantity,
        gini=_gini(curve) if quantity else None,
        top_rate=_pooled(known[-fifth:]) if fifth else None,
        bottom_rate=_pooled(known[:fifth]) if fifth else None,
        curve=curve,
    )


def _curve(ordered: Sequence[Share], residents: int, quantity: int) -> tuple[tuple[float, float], ...]:
    points, people, things = [(0.0, 0.0)], 0, 0
    if not residents or not quantity:
        return ()
    for one in ordered:
        people, things = people + one.residents, things + one.quantity
        points.append((people / residents, things / quantity))
    return tuple(points)


def _gini(curve: Sequence[tuple[float, float]]) -> float:
    return max(0.0, 1 - sum((right[0] - left[0]) * (right[1] + left[1]) for left, right in pairwise(curve)))


def _pooled(some: Sequence[Share]) -> float:
    return PER * sum(one.quantity for one in some) / sum(one.residents for one in some)


def tenths(curve: Sequence[tuple[float, float]], parts: int = 10) -> list[tuple[int, float]]:
    """Read the curve at every tenth of the residents: (percent of residents, share of the quantity)."""
    found = []
    for step in range(1, parts + 1):
        at = step / parts
        for left, right in pairwise(curve):
            if right[0] >= at - 1e-9:
                width = right[0] - left[0]
                part = (at - left[0]) / width if width else 1.0
                found.append((100 * step // parts, left[1] + min(1.0, part) * (right[1] - left[1])))
                break
    return found


def quarter_of(heard: float | None, served: float | None, *, middle: tuple[float, float]) -> str:
    """Tell where a community stands between asking and getting: asks more or less, gets more or less than half do."""
    if heard is None or served is None:
        return ""
    asks = "asks_more" if heard > middle[0] else "asks_less"
    return f"{asks}_{'gets_more' if served > middle[1] else 'gets_less'}"


def middle_of(pairs: Iterable[tuple[float | None, float | None]]) -> tuple[float, float]:
    """Give the medians of what is asked and what is got."""
    known = [(asked, got) for asked, got in pairs if asked is not None and got is not None]
    if not known:
        return 0.0, 0.0
    return median(asked for asked, _got in known), median(got for _asked, got in known)
