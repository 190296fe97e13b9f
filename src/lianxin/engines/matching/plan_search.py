"""Makes a plan better without a solver: empty a few communities, fill them again, keep what is better."""

import heapq
import random
from collections import defaultdict

from lianxin.engines.matching.plan_greedy import complete
from lianxin.engines.matching.plan_model import MonthModel
from lianxin.engines.matching.plan_state import Draft, Growing
from lianxin.engines.matching.timing import Stopwatch

SEED = 20_210_701
WIDTHS = (2, 3, 5)
NOISE = (0.0, 0.15, 0.35)
# Candidates looked at; what the machine does on which the benches ran, less a quarter.
EFFORT_PER_SECOND = 130_000


def improve(model: MonthModel, plan: Draft, *, watch: Stopwatch, seconds: float, until: float) -> Draft:
    """Search as long as an ordinary machine does in so many seconds: the same steps, and the same plan, each time.

    Only on a much slower machine the watch ends the search, when `until` CPU seconds are used.
    """
    search = _Search(model, plan)
    places = model.cells.communities
    draw = random.Random(SEED)  # noqa: S311 (no secret: only to look elsewhere each time)
    order = list(range(places))
    effort = seconds * EFFORT_PER_SECOND
    while search.effort < effort and watch.used < until:
        draw.shuffle(order)
        before = search.total
        for place in order:
            if search.effort >= effort or watch.used >= until:
                break
            search.again(place, WIDTHS[draw.randrange(len(WIDTHS))], NOISE[draw.randrange(len(NOISE))], draw)
        complete(search.growing)
        search.total = search.growing.done("").objective
        if search.total <= before * (1 + 1e-5) and places < 5:
            break
    complete(search.growing)
    found = search.growing.done("local search")
    return found if found.objective > plan.objective else plan


class _Search:
    def __init__(self, model: MonthModel, plan: Draft) -> None:
        self.model, self.lists = model, model.lists
        self.growing = Growing(model)
        self.growing.resume(plan)
        self.total = self.growing.done("").objective
        self.near = model.tables.between.argsort(axis=1, kind="stable").tolist()
        self.held_in: dict[int, set[int]] = defaultdict(set)
        self.candidates_in: dict[int, list[int]] = defaultdict(list)
        self.community = model.candidates.community.tolist()
        for candidate in range(model.free):
            self.candidates_in[self.community[candidate]].append(candidate)
        self.effort = 0
        self.bonus_up_to = [_running(widths, model.bonuses) for widths in model.widths.tolist()]

    def again(self, place: int, width: int, noise: float, draw: random.Random) -> None:
        """Empty a place and its neighbours and fill them again; undo it when that was no gain."""
        growing = self.growing
        around = self.near[place][:width]
        inside = [candidate for near in around for candidate in self.candidates_in[near]]
        self.effort += len(inside)
        gone = [candidate for candidate in inside if candidate in growing.counts]
        served = list(growing.served)
        growing.table.journal = []
        worth_before = self._worth(gone)
        removed = [(candidate, *growing.take_out(candidate)) for candidate in gone]
        added = self._fill(inside, noise, draw)
        gain = self._worth(added) - worth_before + self._bonus_change(served)
        if gain > 1e-9:
            self.total += gain
            return
        if gain > -1e-9 and not noise:
            return
        for candidate in added:
            growing.take_out(candidate)
        for candidate, count, mine in removed:
            growing.put_back(candidate, count, mine)
        growing.table.undo()

    def _fill(self, inside: list[int], noise: float, draw: random.Random) -> list[int]:
        growing = self.growing
        factor: dict[int, float] = {}
        heap = []
        for candidate in inside:
            if growing.fits(candidate):
                worth = growing.worth(candidate)
                if worth > 0:
                    factor[candidate] = 1.0 + noise * draw.random() if noise else 1.0
                    heap.append((-worth * factor[candidate], candidate))
        heapq.heapify(heap)
        added = []
        while heap:
            stale, candidate = heap[0]
            if not growing.fits(candidate):
                heapq.heappop(heap)
                continue
            worth = growing.worth(candidate)
            if worth <= 0:
                heapq.heappop(heap)
            elif worth * factor[candidate] < -stale - 1e-12:
                heapq.heapreplace(heap, (-worth * factor[candidate], candidate))
            else:
                if candidate not in growing.counts:
                    added.append(candidate)
                growing.put(candidate, growing.fill(candidate))
        return added

    def _worth(self, candidates: list[int]) -> float:
        """Give what these candidates' occurrences are worth without the bonus for fairness."""
        growing, lists, total = self.growing, self.lists, 0.0
        churn = self.model.churn
        for candidate in candidates:
            count = growing.counts[candidate]
            total -= count * lists.cost[candidate]
            for place, number in growing.people.get(candidate, {}).items():
                total += number * lists.cell_value[place]
            if churn:
                total -= churn * (count - 2 * min(count, lists.earlier[candidate]))
        return total

    def _bonus_change(self, served: list[int]) -> float:
        total = 0.0
        for community, (before, now) in enumerate(zip(served, self.growing.served, strict=True)):
            if before != now:
                steps = self.bonus_up_to[community]
                total += steps[min(now, len(steps) - 1)] - steps[min(before, len(steps) - 1)]
        return total


def _running(widths: list[int], bonuses: list[float]) -> list[float]:
    """Give the bonus for 0, 1, 2 … people served."""
    steps = [0.0]
    for width, bonus in zip(widths, bonuses, strict=True):
        for _ in range(width):
            steps.append(steps[-1] + bonus)
    return steps
