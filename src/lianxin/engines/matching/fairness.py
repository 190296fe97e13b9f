"""Rates between communities: percentile, Gini coefficient, and the tiers that even them out."""

from collections.abc import Sequence

from lianxin.engines.matching.tables import Array


def gini(rates: Sequence[float]) -> float:
    """Give 0 where all rates are alike, nearly 1 where one has all; 0 also where there is nothing."""
    ordered = sorted(rates)
    count, total = len(ordered), sum(ordered)
    if count == 0 or total <= 0:
        return 0.0
    return sum((2 * place - count - 1) * rate for place, rate in enumerate(ordered, start=1)) / (count * total)


def percentile(rates: Sequence[float], *, share: float) -> float:
    """Give the rate below which so many lie, between neighbours in proportion; 0 of nothing."""
    ordered = sorted(rates)
    if not ordered:
        return 0.0
    place = share * (len(ordered) - 1)
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)


def tier_widths(people: Array, *, tiers: int) -> Array:
    """Cut each community's people into tiers of nearly one width: communities × tiers, whole numbers."""
    import numpy as np

    edges = (np.asarray(people)[:, None] * np.arange(tiers + 1)[None, :]) // tiers
    return np.diff(edges, axis=1)


def tier_bonuses(bonus: int, *, tiers: int) -> list[int]:
    """Give what serving one more is worth in each tier, the worst served first."""
    return [bonus * (tiers - tier) // tiers for tier in range(tiers)]


def bonus_of(served: Array, people: Array, *, bonus: int, tiers: int) -> int:
    """Sum the tiers that the served people fill."""
    import numpy as np

    widths = tier_widths(people, tiers=tiers)
    before = np.cumsum(widths, axis=1) - widths
    filled = np.clip(np.asarray(served)[:, None] - before, 0, widths)
    return int((filled * np.array(tier_bonuses(bonus, tiers=tiers))[None, :]).sum())
