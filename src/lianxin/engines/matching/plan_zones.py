"""Cuts a month into zones: each is a whole program of its own, and together they prove a bound.

What zones share (offers that go to several, people who walk across) has its price from the linear optimum. For given
prices the zones are independent, and no plan of all can be worth more than the zones' bounds and the priced resources
together (Lagrange). Fractions matter much within zones and hardly between them, so this bound is far sharper than the
linear one.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from lianxin.engines.matching.plan_lp import LARGE, Relaxed
from lianxin.engines.matching.plan_model import MonthModel
from lianxin.engines.matching.plan_program import Program
from lianxin.engines.matching.plan_state import Draft
from lianxin.engines.matching.tables import Array, Tables

LARGEST_ZONE = 18
GAP, GAP_OF_ALL = 5e-4, 1e-3


@dataclass(frozen=True)
class Solved:
    """One zone's occurrences, and its part of the bound."""

    counts: dict[int, int] | None
    bound: float


def zones(tables: Tables, *, largest: int = LARGEST_ZONE) -> list[Array]:
    """Halve the district across its longer side until every zone is small."""
    import numpy as np

    def cut(rows: Array) -> list[Array]:
        if len(rows) <= largest:
            return [np.sort(rows)]
        spread = positions[rows].max(axis=0) - positions[rows].min(axis=0)
        order = rows[np.lexsort((rows, positions[rows, int(spread[1] > spread[0])]))]
        return cut(order[: len(order) // 2]) + cut(order[len(order) // 2 :])

    positions = tables.community_radians * np.array([1.0, 0.9])
    return cut(np.arange(len(tables.communities)))


class Zones:
    """The program of a month cut into zones at given prices."""

    def __init__(self, model: MonthModel, program: Program, relaxed: Relaxed) -> None:
        import numpy as np

        self.model, self.program = model, program
        self.places = zones(model.tables)
        zone_of = np.zeros(len(model.tables.communities), dtype=np.int64)
        for number, rows in enumerate(self.places):
            zone_of[rows] = number
        self.column_zone = _column_zones(model, program, zone_of)
        matrix = program.matrix.tocoo()
        row, column = matrix.coords
        low = np.full(len(program.over), len(self.places))
        high = np.full(len(program.over), -1)
        np.minimum.at(low, row, self.column_zone[column])
        np.maximum.at(high, row, self.column_zone[column])
        shared = (low != high) & (high >= 0)
        price = np.where(shared, relaxed.prices, 0.0)
        # A limit from above can only have a price that is not negative, else the bound would be none.
        price = np.where(program.under == program.over, price, np.maximum(price, 0.0))
        self.row_zone = np.where(shared, -1, low)
        self.gain = program.gain - program.matrix.T @ price
        self.constant = float((price * np.where(price != 0, program.over, 0.0)).sum()) + program.constant

    def solve(self, number: int, *, seconds: float) -> Solved:
        """Solve one zone alone at the prices."""
        import numpy as np

        columns = np.flatnonzero(self.column_zone == number)
        rows = np.flatnonzero(self.row_zone == number)
        return _solve(self.program, self.gain, columns, rows, self.program.low, self.program.high, seconds)

    def again(self, places: Array, plan: Draft, *, seconds: float) -> dict[int, int] | None:
        """Solve some communities anew, exactly, with everything else as in the plan; all the occurrences then."""
        import numpy as np

        program, model = self.program, self.model
        inside = np.isin(model.candidates.community, places)
        counts = np.zeros(program.y)
        counts[list(plan.counts)] = list(plan.counts.values())
        low, high = program.low.copy(), program.high.copy()
        low[: program.y] = np.where(inside, low[: program.y], counts)
        high[: program.y] = np.where(inside, high[: program.y], counts)
        closed = high[: program.y][program.x_candidate] <= 0
        high[program.y : program.y + program.x][closed] = 0.0
        columns = np.flatnonzero(high > 0)
        matrix = program.matrix[:, columns]
        rows = np.flatnonzero(np.diff(matrix.indptr))
        return _solve(program, program.gain, columns, rows, low, high, seconds).counts

    def join(self, plans: list[dict[int, int]], *, seconds: float) -> dict[int, int] | None:
        """Solve the whole district with only those occurrences that one of some plans holds."""
        import numpy as np

        program = self.program
        high = program.high.copy()
        held = program.low[: program.y] > 0
        for counts in plans:
            held[list(counts)] = True
        high[: program.y][~held] = 0.0
        high[program.y : program.y + program.x][~held[program.x_candidate]] = 0.0
        columns = np.flatnonzero(high > 0)
        rows = np.flatnonzero(np.diff(program.matrix[:, columns].indptr))
        return _solve(program, program.gain, columns, rows, program.low, high, seconds, gap=GAP_OF_ALL).counts

    def around(self) -> Iterator[Array]:
        """Give, for ever, sets of communities: the zones in turn, then sets that lie across their borders."""
        import numpy as np

        between = self.model.tables.between
        turn = 0
        while True:
            if turn % 2 == 0:
                yield from self.places
            else:
                for rows in self.places:
                    edge = rows[int(between[rows].mean(axis=1).argmin()) - len(rows) // 2]
                    yield np.sort(np.argsort(between[edge], kind="stable")[:LARGEST_ZONE])
            turn += 1


def _column_zones(model: MonthModel, program: Program, zone_of: Array) -> Array:
    import numpy as np

    c, (communities, tiers) = model.candidates, model.widths.shape
    found = np.r_[
        zone_of[c.community],
        zone_of[c.community[program.x_candidate]],
        zone_of[model.cells.community[program.f_cell]],
        zone_of[np.repeat(np.arange(communities), tiers)],
    ]
    return np.r_[found, zone_of[c.community[program.k_candidate]]]


def _solve(
    program: Program,
    gain: Array,
    columns: Array,
    rows: Array,
    low: Array,
    high: Array,
    seconds: float,
    gap: float = GAP,
) -> Solved:
    """Solve a part of the program; the bound is that of the part."""
    import numpy as np
    from scipy.optimize import Bounds, LinearConstraint, milp

    if not len(columns):
        return Solved({}, 0.0)
    found = milp(
        -gain[columns],
        integrality=program.whole[columns],
        bounds=Bounds(low[columns], high[columns]),
        constraints=LinearConstraint(program.matrix[rows][:, columns], program.under[rows], program.over[rows]),
        options={"time_limit": float(min(max(seconds, 0.05), LARGE)), "mip_rel_gap": gap},
    )
    bound = float("inf") if found.mip_dual_bound is None else -float(found.mip_dual_bound)
    if not np.isfinite(bound):
        bound = float("inf")
    if found.x is None:
        return Solved(None, bound)
    held = columns < program.y
    counts = np.rint(found.x[held]).astype(np.int64)
    return Solved({int(c): int(n) for c, n in zip(columns[held], counts, strict=True) if n}, bound)
