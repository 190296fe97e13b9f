"""The month: greedy, then rounded from the linear optimum, then better by whole programs; always the best so far."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import islice

from lianxin.engines.matching.model.plan import Plan, Proposal
from lianxin.engines.matching.plan_cuts import Cuts
from lianxin.engines.matching.plan_greedy import complete, greedy
from lianxin.engines.matching.plan_lp import THRESHOLDS, Relaxed, best_people, relax, round_down, seconds_to_relax
from lianxin.engines.matching.plan_model import MonthModel
from lianxin.engines.matching.plan_program import Program, build_program
from lianxin.engines.matching.plan_search import improve
from lianxin.engines.matching.plan_start import begin
from lianxin.engines.matching.plan_state import Draft, Growing, bonus_total
from lianxin.engines.matching.plan_zones import Zones
from lianxin.engines.matching.timing import Stopwatch
from lianxin.engines.matching.unfolding import proposals, timetable

# Shares are of the whole budget and told in what an ordinary machine does in that time, so that the same input gives
# the same plan; what is left by the clock only stops a machine that is much slower.
REST = 0.12
SHARE_TO_RELAX = 0.3
SHARE_OF_LOCAL_ALONE, SHARE_OF_LOCAL, LONGEST_LOCAL = 0.6, 0.15, 8.0
# Each linear program with more rows takes longer than the one before; four rounds take about seven times the first.
ROUNDS_OF_CUTS, SHARE_OF_CUTS, LONGER_WITH_CUTS = 4, 0.3, 2.0
SHARE_OF_ZONES, ZONES_MAY_TAKE = 0.5, 1.5
SHARE_OF_JOIN = 0.4
LEAST_USED = 1e-6
LONGEST_ZONE, LEAST_FOR_ZONE, SECONDS_OF_TURN = 20.0, 0.2, 10.0
MOST_TURNS = 1_000
CLOSE_ENOUGH = 5e-4


@dataclass(frozen=True)
class Month:
    """A solved month; the bound is infinite when there was no time to prove one."""

    plan: Plan
    draft: Draft
    objective: float
    bound: float
    solver: str


def solve_month(
    model: MonthModel,
    *,
    watch: Stopwatch,
    start: Sequence[Proposal] = (),
    better: Callable[[Draft], None] | None = None,
) -> Month:
    """Plan a month within the watch's budget of CPU seconds; with none at all the greedy plan is the answer.

    `start` is a plan to take up, made before staff locked or ruled something out; the answer is not worse than what is
    left of it.
    """
    with watch.step("greedy"):
        best = greedy(model)
        if start:
            growing = begin(model, start)
            complete(growing)
            best = max(best, growing.done("plan before"), key=lambda plan: plan.objective)
    bound = float("inf")
    if not len(model.candidates):
        bound = best.objective
    elif watch.left > 0:
        search = _Search(model, watch, best, better)
        search.run()
        best, bound = search.best, search.bound
    plan = timetable(model, best)
    listed = proposals(model, plan)
    return Month(
        plan=Plan(proposals=listed, value=round(plan.objective - fairness_of(model, plan), 9)),
        draft=plan,
        objective=plan.objective,
        bound=max(bound, plan.objective),
        solver=plan.made_by,
    )


class _Search:
    """The steps after the greedy plan, each within what is left of the time."""

    def __init__(
        self, model: MonthModel, watch: Stopwatch, best: Draft, better: Callable[[Draft], None] | None
    ) -> None:
        self.model, self.watch, self.best, self.better = model, watch, best, better
        self.bound = float("inf")
        self.program = build_program(model)

    def run(self) -> None:
        """Go from the quick steps to the slow ones; without time for the linear program search without it."""
        watch = self.watch
        relaxed = None
        expected = seconds_to_relax(self.program)
        if expected < SHARE_TO_RELAX * watch.budget:
            with watch.step("linear program"):
                relaxed = self.relax(self.program)
        if relaxed is None:
            with watch.step("local search"):
                self.local(watch.budget * SHARE_OF_LOCAL_ALONE)
            with watch.step("people"):
                self.people()
            return
        self.bound = relaxed.bound
        program = self.program
        with watch.step("cuts"):
            rounds = int(min(ROUNDS_OF_CUTS, SHARE_OF_CUTS * watch.budget / (LONGER_WITH_CUTS * expected)))
            cuts = Cuts(self.model, program) if rounds else None
            for _ in range(rounds):
                more = cuts.tighten(program, relaxed.values) if cuts else None
                tighter = self.relax(more) if more else None
                if more is None or tighter is None:
                    break
                program, relaxed = more, tighter
                self.bound = min(self.bound, relaxed.bound)
        with watch.step("rounding"):
            for threshold in THRESHOLDS:
                self.take(round_down(self.model, relaxed, threshold=threshold))
        with watch.step("local search"):
            self.local(min(watch.budget * SHARE_OF_LOCAL, LONGEST_LOCAL))
            self.people()
        zones = Zones(self.model, program, relaxed)
        with watch.step("zones"):
            self.zones(zones, relaxed)
        with watch.step("zones again"):
            self.again(zones)

    def relax(self, program: Program) -> Relaxed | None:
        """Solve the linear program of the whole district."""
        return relax(program, program.low, program.high, seconds=self.seconds(self.watch.left), method="highs-ipm")

    def local(self, seconds: float) -> None:
        """Search without a solver, as far as an ordinary machine gets in so many seconds."""
        until = self.watch.used + self.watch.left * (1 - REST)
        self.take(improve(self.model, self.best, watch=self.watch, seconds=seconds, until=until))

    def people(self) -> None:
        """Choose anew who comes to the occurrences of the best plan."""
        if self.watch.left > 0:
            seconds = self.watch.wall_of(self.watch.left)
            self.take(best_people(self.model, self.program, self.best, seconds=seconds))

    def zones(self, zones: Zones, relaxed: Relaxed) -> None:
        """Solve every zone at the prices: their bounds together prove one, their plans together make one."""
        bound, counts = zones.constant, dict[int, int]()
        until = self.watch.used + self.watch.left * SHARE_OF_ZONES
        for number in range(len(zones.places)):
            seconds = (until - self.watch.used) / (len(zones.places) - number) * ZONES_MAY_TAKE
            solved = zones.solve(number, seconds=self.watch.wall_of(min(seconds, until - self.watch.used)))
            bound += solved.bound
            counts |= solved.counts or {}
        self.bound = min(self.bound, bound)
        used = {int(candidate): 1 for candidate in (relaxed.values[: self.program.y] > LEAST_USED).nonzero()[0]}
        limit = self.seconds(self.watch.left * SHARE_OF_JOIN)
        self.try_counts(zones.join([counts, used, self.best.counts], seconds=limit))

    def again(self, zones: Zones) -> None:
        """Solve one zone after the other, all else held, until time is over or a whole round brought nothing."""
        turns = int(min(MOST_TURNS, max(2 * len(zones.places), self.watch.budget / SECONDS_OF_TURN)))
        idle = 0
        for places in islice(zones.around(), turns):
            left = self.watch.left
            if left < LEAST_FOR_ZONE or idle >= 2 * len(zones.places):
                return
            if self.best.objective >= self.bound * (1 - CLOSE_ENOUGH):
                return
            before = self.best.objective
            self.try_counts(zones.again(places, self.best, seconds=self.seconds(min(left, LONGEST_ZONE))))
            idle = 0 if self.best.objective > before + 1e-6 else idle + 1

    def try_counts(self, counts: dict[int, int] | None) -> None:
        """Choose who comes to some occurrences, and keep that if it is better."""
        if counts is not None:
            plan = Draft(counts, {}, float("-inf"), "zones")
            self.take(best_people(self.model, self.program, plan, seconds=self.seconds(max(1.0, self.watch.left))))

    def seconds(self, left: float) -> float:
        """Give a solver's limit, which is one of the clock, for so many seconds of CPU."""
        return self.watch.wall_of(left)

    def take(self, plan: Draft) -> None:
        """Keep a plan if, with real slots, it is better than the best so far."""
        if plan.objective <= self.best.objective + 1e-9:
            return
        kept = timetable(self.model, plan)
        if kept.objective > self.best.objective + 1e-9:
            self.best = kept
            if self.better:
                self.better(kept)


def fairness_of(model: MonthModel, plan: Draft) -> float:
    """Give the part of a plan's objective that stands for fairness between communities."""
    lists = model.lists
    served = [0] * model.cells.communities
    for mine in plan.people.values():
        for place, number in mine.items():
            served[lists.cell_community[lists.cell[place]]] += number
    return bonus_total(model, served)


def first_come_month(model: MonthModel) -> tuple[tuple[Proposal, ...], float]:
    """Hold what comes first: by category the nearest offer, while somebody comes; and what that is worth."""
    import numpy as np

    c = model.candidates
    metres = model.tables.metres[c.offer, c.community]
    growing = Growing(model)
    for candidate in np.lexsort((c.part, metres, c.community, c.category)).tolist():
        if candidate < model.free:
            while growing.fits(candidate) and growing.worth(candidate) > float("-inf"):
                growing.put(candidate, growing.fill(candidate))
    plan = growing.done("first come")
    return proposals(model, plan), plan.objective - fairness_of(model, plan)
