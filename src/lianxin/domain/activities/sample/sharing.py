"""Whole numbers divided so that the parts add up: dates among communities, people among dates."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .planning import Neighbourhood, Planned


def divide(total: int, weights: Sequence[float], *, least: int = 0) -> list[int]:
    """Divide a whole number by weights; the parts add up to it; none is below the least, where it suffices."""
    if not weights:
        return []
    least = min(least, total // len(weights))
    rest, whole = total - least * len(weights), sum(weights)
    exact = [rest * weight / whole for weight in weights] if whole else [0.0] * len(weights)
    parts = [least + int(share) for share in exact]
    order = sorted(range(len(weights)), key=lambda place: (int(exact[place]) - exact[place], place))
    for place in order[: total - sum(parts)]:
        parts[place] += 1
    return parts


def give_people(found: Sequence[Planned], total: int, dice: Random) -> None:
    """Say how many come to each date, so that together they are exactly so many."""
    dates = [(date_, one) for one in found for date_ in one.held]
    if not dates or total <= 0:
        return
    least = 2 if total >= 2 * len(dates) else 1
    natural = [dice.triangular(*one.template.people) * _size(one.place) for _date, one in dates]
    most = [max(least, _most(one)) for _date, one in dates]
    share = _share(natural, most, least, total)
    exact = [min(max(least, size * share), top) for size, top in zip(natural, most, strict=True)]
    for (date_, _one), size in zip(dates, exact, strict=True):
        date_.people = int(size)
    left = total - sum(date_.people for date_, _one in dates)
    order = sorted(range(len(dates)), key=lambda place: (int(exact[place]) - exact[place], place))
    turn = 0
    while left and turn < 200 * len(dates):
        place = order[turn % len(order)]
        turn += 1
        # Whoever does not fit any more is let in at the large ones.
        if left > 0 and (dates[place][0].people < most[place] or turn > len(dates)):
            dates[place][0].people += 1
            left -= 1
        elif left < 0 and dates[place][0].people > least:
            dates[place][0].people -= 1
            left += 1


def _share(natural: Sequence[float], most: Sequence[int], least: int, total: int) -> float:
    """Find by halving how much larger than natural all have to be."""
    low, high = 0.0, 50.0
    for _step in range(60):
        middle = (low + high) / 2
        reached = sum(min(max(least, size * middle), top) for size, top in zip(natural, most, strict=True))
        low, high = (middle, high) if reached < total else (low, middle)
    return (low + high) / 2


def _size(place: Neighbourhood) -> float:
    return min(1.5, max(0.5, (place.people / 160) ** 0.6))


def _most(one: Planned) -> int:
    """Give how many can come at most: most of those whom it is for, and some neighbours."""
    there = one.place.audiences.get(one.template.who, 0)
    return int(there * 1.15) if one.template.who != "all" else int(there * 0.85)
