"""The linear relaxation: a bound, good plans by rounding and greedy repair, and who comes to given occurrences."""

from collections import defaultdict
from dataclasses import dataclass, replace

from lianxin.engines.matching.plan_greedy import greedy
from lianxin.engines.matching.plan_model import MonthModel
from lianxin.engines.matching.plan_program import Program
from lianxin.engines.matching.plan_state import Draft, draft
from lianxin.engines.matching.tables import Array

# How far a fraction must be up for an occurrence to be taken before the greedy one goes on.
THRESHOLDS = (0.98, 0.75, 0.6, 0.45, 0.3)
LARGE = 1e7
# Measured on districts of 125 communities; the time grows about with the square.
SECONDS_OF_LARGE, ROWS_OF_LARGE = 12.0, 68_000


@dataclass(frozen=True)
class Relaxed:
    """The linear optimum."""

    bound: float
    values: Array
    prices: Array


def seconds_to_relax(program: Program) -> float:
    """Guess the CPU seconds that the linear program will take, from its rows."""
    return SECONDS_OF_LARGE * (len(program.over) / ROWS_OF_LARGE) ** 2


def relax(program: Program, low: Array, high: Array, *, seconds: float, method: str = "highs-ds") -> Relaxed | None:
    """Solve without wholeness between bounds, or give None when the time is not enough.

    A whole district is sooner done by the interior point method (highs-ipm), which ends in a corner like the simplex.
    """
    import numpy as np
    from scipy.optimize import linprog

    if seconds <= 0:
        return None
    columns = np.flatnonzero(high > 0)
    matrix = program.matrix[:, columns] if len(columns) < len(high) else program.matrix
    used = np.flatnonzero(np.diff(matrix.indptr))
    equal = used[program.under[used] == program.over[used]]
    less = used[program.under[used] != program.over[used]]
    found = linprog(
        -program.gain[columns],
        A_ub=matrix[less],
        b_ub=program.over[less],
        A_eq=matrix[equal] if len(equal) else None,
        b_eq=program.over[equal] if len(equal) else None,
        bounds=np.c_[low[columns], high[columns]],
        method=method,
        options={"time_limit": float(min(seconds, LARGE))},
    )
    if found.status != 0:
        return None
    values, prices = np.zeros(len(high)), np.zeros(len(program.over))
    values[columns] = found.x
    prices[less] = -found.ineqlin.marginals
    if len(equal):
        prices[equal] = -found.eqlin.marginals
    return Relaxed(-float(found.fun) + program.constant, values, prices)


def round_down(model: MonthModel, relaxed: Relaxed, *, threshold: float) -> Draft:
    """Take the whole parts and what is nearly whole, the surest first, then complete greedily."""
    import numpy as np

    share = relaxed.values[: model.free]
    order = np.lexsort((np.arange(len(share)), -share))
    first = []
    for candidate in order[share[order] > 1e-6].tolist():
        times = int(share[candidate] + 1.0 - threshold + 1e-9)
        first += [candidate] * times
    return greedy(model, first=first, made_by=f"linear program rounded at {threshold:g}")


def best_people(model: MonthModel, program: Program, plan: Draft, *, seconds: float) -> Draft:
    """Keep the occurrences and choose anew who comes: a flow, so the linear optimum is whole nearly everywhere."""
    if not plan.counts:
        return plan
    low, high = fixed_bounds(program, plan.counts)
    found = relax(program, low, high, seconds=seconds)
    if found is None:
        return plan
    made = draft(model, plan.counts, people_of(model, program, found.values), plan.made_by)
    again = replace(made, lies=plan.lies)
    return again if again.objective > plan.objective and holds(model, again) else plan


def fixed_bounds(program: Program, counts: dict[int, int]) -> tuple[Array, Array]:
    """Give bounds that hold the occurrences as they are, with no room for people elsewhere."""
    import numpy as np

    low, high = program.low.copy(), program.high.copy()
    held = np.zeros(program.y)
    held[list(counts)] = list(counts.values())
    low[: program.y] = high[: program.y] = held
    high[program.y : program.y + program.x] = np.where(
        held[program.x_candidate] > 0, high[program.y : program.y + program.x], 0.0
    )
    return low, high


def people_of(model: MonthModel, program: Program, values: Array) -> dict[int, dict[int, int]]:
    """Deal the people of each cell and part out to the candidates that take their group."""
    import numpy as np

    c, cells, lists = model.candidates, model.cells, model.lists
    groups: dict[tuple[int, int], list[list[int]]] = defaultdict(list)
    shares = np.rint(values[program.y + program.x : program.y + program.x + program.f]).astype(np.int64)
    for row in np.flatnonzero(shares > 0).tolist():
        cell = int(program.f_cell[row])
        groups[int(cells.group[cell]), int(program.f_part[row])].append([cell, int(shares[row])])
    taken = np.rint(values[program.y : program.y + program.x]).astype(np.int64)
    people: dict[int, dict[int, int]] = defaultdict(dict)
    for row in np.flatnonzero(taken > 0).tolist():
        candidate, count = int(program.x_candidate[row]), int(taken[row])
        waiting = groups.get((int(program.x_group[row]), int(c.part[candidate])), [])
        place_of = {lists.cell[p]: p for p in range(lists.starts[candidate], lists.starts[candidate + 1])}
        while count and waiting:
            cell, there = waiting[-1]
            come = min(count, there)
            place = place_of[cell]
            people[candidate][place] = people[candidate].get(place, 0) + come
            count -= come
            waiting[-1][1] -= come
            if not waiting[-1][1]:
                waiting.pop()
    return dict(people)


def holds(model: MonthModel, plan: Draft) -> bool:
    """Say whether the people of a plan fit: rounding a linear program may break what it kept."""
    lists = model.lists
    left = model.cells.people.tolist()
    for candidate, count in plan.counts.items():
        mine = plan.people.get(candidate, {})
        total = sum(mine.values())
        if total > lists.size[candidate] * count or total < lists.minimum[candidate] * count:
            return False
        for place, number in mine.items():
            left[lists.cell[place]] -= number
    return min(left, default=0) >= 0
