"""Which cells of a published table are kept back, so that no small one can be worked out from those that are told.

Leaving out the small cells is not enough: a table is published with its sums, and a cell that is missing alone is the
sum less its neighbours. So others are kept back with it, as in L. H. Cox, "Suppression methodology and statistical
disclosure control" (JASA 75, 1980) and, for tables that are networks, J. P. Kelly, B. L. Golden and A. A. Assad,
"Cell suppression: disclosure protection for sensitive tabular data" (Networks 22, 1992): each cell joins two sums, a
sum is a knot, and the cells along any closed way of knots can give and take the same number without one sum changing.
Each small cell gets the closed ways that take the fewest people out of the table.

What holds: from all that is told, each number from 1 to `least - 1` stays possible for each small cell. The table then
says no more of it than the mark "fewer than five" does. For a small cell is made to grow to `least - 1` and to shrink
to 1, one by one, along closed ways: what is kept back is what these ways touch, so that the tables at both ends, and
all between, agree with everything that is told. Cells with nothing in them hide nothing, since everybody can know that
nothing was held there.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from heapq import heappop, heappush
from typing import TypeVar

from lianxin.insight.publishing import LEAST

K = TypeVar("K", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Cell:
    """A number and the two sums that it is in, `out_of` with a plus and `into` with a minus.

    Of a sum that is equal to its parts, the whole stands on the other side than they do. What is in one sum alone has
    any knot as its other one that stands for no sum.
    """

    value: int
    out_of: Hashable
    into: Hashable


# A step from one sum to the next: the sum it leads to, the cell, and whether that moves as the small cell does.
Step = tuple[int, int, bool]


def kept_back(cells: Mapping[K, Cell], *, least: int = LEAST) -> frozenset[K]:
    """Give the cells that are not told; the same for the same cells in the same order.

    Where a small cell has no closed way, nothing of the table is told.
    """
    network = _Network(cells.values())
    small = [n for n, value in enumerate(network.values) if 0 < value < least]
    network.kept.update(small)
    for cell in sorted(small, key=network.values.__getitem__):
        value = network.values[cell]
        for times, grows in ((least - 1 - value, True), (value - 1, False)):
            if not network.moves(cell, times=times, grows=grows):
                return frozenset(cells)
    return frozenset(key for n, key in enumerate(cells) if n in network.kept)


class _Network:
    """Cells and sums by their numbers, which are found faster than what they stand for, and what is kept back."""

    def __init__(self, cells: Iterable[Cell]) -> None:
        self.values: list[int] = []
        self.ends: list[tuple[int, int]] = []
        self.kept: set[int] = set()
        sums: dict[Hashable, int] = {}
        self.steps: list[list[Step]] = []
        for n, cell in enumerate(cells):
            out_of, into = (sums.setdefault(one, len(sums)) for one in (cell.out_of, cell.into))
            self.steps.extend([] for _new in range(len(sums) - len(self.steps)))
            self.values.append(cell.value)
            self.ends.append((out_of, into))
            if cell.value:
                self.steps[out_of].append((into, n, True))
                self.steps[into].append((out_of, n, False))

    def moves(self, cell: int, *, times: int, grows: bool) -> bool:
        """Let a small cell grow or shrink by so many, keep back what moves with it, and tell whether it can."""
        moved: dict[int, int] = {}
        for _time in range(times):
            way = self._cheapest_way(cell, grows, moved)
            if way is None:
                return False
            for other, is_alike in way:
                moved[other] = moved.get(other, 0) + (1 if is_alike == grows else -1)
                self.kept.add(other)
        return True

    def _cheapest_way(self, cell: int, grows: bool, moved: Mapping[int, int]) -> list[tuple[int, bool]] | None:
        """Give the other cells of the closed way that keeps the fewest people back, and which move alike (Dijkstra)."""
        goal, start = self.ends[cell]
        best = {start: 0}
        came_by: dict[int, tuple[int, int, bool]] = {}
        waiting = [(0, start)]
        while waiting:
            cost, at = heappop(waiting)
            if at == goal:
                return _walked(goal, start, came_by)
            if cost > best[at]:
                continue
            for to, other, is_alike in self.steps[at]:
                # What shrinks must have something left.
                if other == cell or (is_alike != grows and self.values[other] + moved.get(other, 0) < 1):
                    continue
                reached = cost + (0 if other in self.kept else self.values[other])
                if to not in best or reached < best[to]:
                    best[to] = reached
                    came_by[to] = (at, other, is_alike)
                    heappush(waiting, (reached, to))
        return None


def _walked(goal: int, start: int, came_by: Mapping[int, tuple[int, int, bool]]) -> list[tuple[int, bool]]:
    way = []
    at = goal
    while at != start:
        at, cell, is_alike = came_by[at]
        way.append((cell, is_alike))
    return way
