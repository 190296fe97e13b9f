"""Rows that whole plans keep and fractions break, found where a linear optimum breaks them.

A fraction of an occurrence serves those who are worth most in three places at once; a whole one must take the others as
well. For the people S of one community and category who are worth at least so much, and any parts of the week, D people
are served by occurrences of sizes s: with d one of the sizes, K = ceil(D / d) and r = D - (K - 1) d,

    served of S <= D - r K + sum of y (r floor(s / d) + min(s mod d, r))

(mixed integer rounding). On districts of 125 communities these rows take the linear bound from 8 % above a good plan
to 1 %.
"""

from dataclasses import dataclass, replace
from itertools import combinations

from lianxin.engines.matching.plan_model import MonthModel
from lianxin.engines.matching.plan_program import Program
from lianxin.engines.matching.tables import Array

LEAST_BROKEN = 0.05
MOST_PARTS = 6  # with more parts only single ones, pairs and all of them are looked at


@dataclass(frozen=True)
class _Asking:
    """The people of one community and category in some parts: their columns by worth, and who could serve them."""

    candidates: Array
    sizes: Array
    columns: Array
    starts: Array
    people: Array

    def broken(self, values: Array) -> tuple[float, Array, Array, float] | None:
        """Find the row that values break most: by how much, its columns, its entries, and what it is at most."""
        import numpy as np

        held = values[self.candidates]
        served = np.cumsum(np.add.reduceat(values[self.columns], self.starts))
        asked = np.cumsum(self.people)
        best, found = LEAST_BROKEN, None
        for size in np.unique(self.sizes):
            whole = np.ceil(asked / size - 1e-9)
            rest = asked - (whole - 1) * size
            times = np.floor(self.sizes / size + 1e-9)
            over = self.sizes - times * size
            room = rest * (times @ held) + np.minimum(over[None, :], rest[:, None]) @ held
            by = served - room - (asked - rest * whole)
            worst = int(by.argmax())
            if by[worst] > best:
                best, found = float(by[worst]), (worst, times, over, float(rest[worst]), float(whole[worst]))
        if found is None:
            return None
        worst, times, over, rest_, whole_ = found
        end = self.starts[worst + 1] if worst + 1 < len(self.starts) else len(self.columns)
        entries = np.r_[np.ones(end), -(rest_ * times + np.minimum(over, rest_))]
        return best, np.r_[self.columns[:end], self.candidates], entries, float(asked[worst]) - rest_ * whole_


class Cuts:
    """Everything that such rows could be made of, set out once for a month."""

    def __init__(self, model: MonthModel, program: Program) -> None:
        import numpy as np

        c, cells = model.candidates, model.cells
        key_of_cell = cells.category * cells.communities + cells.community
        key_of_group = np.zeros(int(cells.group.max(initial=-1)) + 1, dtype=np.int64)
        key_of_group[cells.group] = key_of_cell
        pairs = np.unique(key_of_group[program.x_group] * program.y + program.x_candidate)
        keys, candidates = pairs // program.y, pairs % program.y
        # Of the people's columns those worth most come first.
        order = np.lexsort((program.f_part, program.f_cell, -cells.weight[program.f_cell], key_of_cell[program.f_cell]))
        keys_of_people = key_of_cell[program.f_cell][order]
        self.asking: list[_Asking] = []
        for key in np.unique(keys):
            mine = candidates[slice(*np.searchsorted(keys, [key, key + 1]))]
            people = order[slice(*np.searchsorted(keys_of_people, [key, key + 1]))]
            for parts in _sets(sorted(set(c.part[mine].tolist()))):
                serving = mine[np.isin(c.part[mine], parts)]
                coming = people[np.isin(program.f_part[people], parts)]
                if not len(coming):
                    continue
                cell = program.f_cell[coming]
                starts = np.flatnonzero(np.r_[True, cell[1:] != cell[:-1]])
                self.asking.append(
                    _Asking(
                        candidates=serving,
                        sizes=c.size[serving].astype(np.float64),
                        columns=program.y + program.x + coming,
                        starts=starts,
                        people=cells.people[cell[starts]].astype(np.float64),
                    )
                )

    def tighten(self, program: Program, values: Array) -> Program | None:
        """Add the rows that these values break; None when they break none."""
        import numpy as np
        from scipy.sparse import csr_array, vstack

        rows: list[Array] = []
        columns: list[Array] = []
        entries: list[Array] = []
        over: list[float] = []
        for asking in self.asking:
            found = asking.broken(values)
            if found is not None:
                rows.append(np.full(len(found[1]), len(over)))
                columns.append(found[1])
                entries.append(found[2])
                over.append(found[3])
        if not over:
            return None
        more = csr_array(
            (np.concatenate(entries), (np.concatenate(rows), np.concatenate(columns))),
            shape=(len(over), len(program.gain)),
        )
        return replace(
            program,
            matrix=csr_array(vstack([program.matrix, more])),
            under=np.r_[program.under, np.full(len(over), -np.inf)],
            over=np.r_[program.over, np.array(over)],
        )


def _sets(parts: list[int]) -> list[tuple[int, ...]]:
    counts = range(1, len(parts) + 1) if len(parts) <= MOST_PARTS else (1, 2, len(parts))
    return [chosen for count in counts for chosen in combinations(parts, count)]
