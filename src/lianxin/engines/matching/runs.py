"""One whole run: solve, check, explain. `match` is the door of the engine."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from lianxin.engines.matching.checker import check_plan
from lianxin.engines.matching.explain import explain
from lianxin.engines.matching.fields import Faults
from lianxin.engines.matching.instead import instead_in_month, instead_in_week
from lianxin.engines.matching.integrity import check_references
from lianxin.engines.matching.measures import digest, measure, people_served
from lianxin.engines.matching.model.plan import Plan, Proposal, Result
from lianxin.engines.matching.model.problem import Kind, Problem
from lianxin.engines.matching.monthly import first_come_month, solve_month
from lianxin.engines.matching.plan_model import build_month
from lianxin.engines.matching.plan_state import Draft
from lianxin.engines.matching.recruitment import recruitment
from lianxin.engines.matching.tables import Tables
from lianxin.engines.matching.timing import Clock, Stopwatch
from lianxin.engines.matching.unserved import unserved
from lianxin.engines.matching.weekly import first_come, solve_week

NO_BOUND = -1.0


def match(
    problem: Problem,
    *,
    cpu: Clock,
    wall: Clock | None = None,
    seconds: float = 5.0,
    kind: Kind | None = None,
    start: Sequence[Proposal] = (),
    better: Callable[[float, str], None] | None = None,
) -> Result:
    """Match needs and offers; `seconds` of CPU bound the search for a better month, a week needs none.

    `cpu` gives the CPU seconds of this process, `wall` a clock that only goes on (it tells how busy the machine is).
    `start` is an earlier monthly plan to go on from, around new locks; `better` hears of each better plan. A problem
    that was not read from a file is looked through first (`BadFile`); a plan that breaks a rule raises `BrokenPlan`.
    """
    if kind is not None and kind != problem.kind:
        problem = replace(problem, kind=kind)
    faults = Faults()
    check_references(problem, faults=faults)
    faults.stop()
    watch = Stopwatch(cpu, wall, seconds)
    return _week(problem, watch) if problem.kind == "weekly" else _month(problem, watch, start, better)


def _week(problem: Problem, watch: Stopwatch) -> Result:
    tables = Tables(problem)
    week = solve_week(tables, watch=watch)
    solved = watch.used
    with watch.step("check"):
        check_plan(problem, week.plan)
    with watch.step("first come"):
        before, value = first_come(tables, week)
    asked = [0] * len(tables.communities)
    for need, community in zip(tables.needs, tables.need_community.tolist(), strict=True):
        asked[community] += need.people
    reach = {
        place.id: int(count) / total if total else 0.0
        for place, count, total in zip(tables.communities, week.reachable, asked, strict=True)
    }
    with watch.step("reasons"):
        left = unserved(tables, week.plan.proposals)
        lines = recruitment(tables, week.plan.proposals, left)
        reasons = explain(tables, week.plan.proposals, instead_in_week(tables, week, week.plan.proposals))
    return Result(
        kind="weekly",
        digest=digest(problem),
        plan=week.plan,
        objective=week.objective,
        bound=week.bound,
        bound_without_fairness=week.bound_without_fairness,
        gap=_gap(week.objective, week.bound),
        cpu_seconds=solved,
        solver=week.assignment.solver,
        steps=tuple(watch.steps),
        before=measure(problem, before, value=value, reach=reach),
        after=measure(problem, people_served(week.plan.proposals), value=week.plan.value, reach=reach),
        reach=reach,
        price_of_fairness=max(0.0, _gap(week.plan.value, week.bound_without_fairness)),
        explanations=reasons,
        unserved=left,
        recruitment=lines,
    )


def _month(
    problem: Problem,
    watch: Stopwatch,
    start: Sequence[Proposal],
    better: Callable[[float, str], None] | None,
) -> Result:
    with watch.step("candidates"):
        model = build_month(Tables(problem), start=start)
    tables = model.tables

    def told(plan: Draft) -> None:
        if better:
            better(plan.objective, plan.made_by)

    month = solve_month(model, watch=watch, start=start, better=told)
    solved, proposals = watch.used, month.plan.proposals
    with watch.step("check"):
        check_plan(problem, month.plan)
    reach = {
        place.id: int(count) / asked if asked else 0.0
        for place, count, asked in zip(tables.communities, model.reachable, model.asked.tolist(), strict=True)
    }
    with watch.step("first come"):
        before_plan, value = first_come_month(model)
        check_plan(problem, Plan(proposals=before_plan, value=value))
    with watch.step("reasons"):
        left = unserved(tables, proposals)
        lines = recruitment(tables, proposals, left)
        reasons = explain(tables, proposals, instead_in_month(model, month.draft, proposals))
    proven = month.bound < float("inf")
    return Result(
        kind="monthly",
        digest=digest(problem),
        plan=month.plan,
        objective=month.objective,
        bound=month.bound if proven else NO_BOUND,
        bound_without_fairness=NO_BOUND,
        gap=_gap(month.objective, month.bound) if proven else 1.0,
        cpu_seconds=solved,
        solver=month.solver,
        steps=tuple(watch.steps),
        before=measure(problem, people_served(before_plan), value=value, reach=reach),
        after=measure(problem, people_served(proposals), value=month.plan.value, reach=reach),
        reach=reach,
        price_of_fairness=0.0,
        explanations=reasons,
        unserved=left,
        recruitment=lines,
        notes={"candidates": len(model.candidates)},
    )


def _gap(value: float, bound: float) -> float:
    """Give how far a value is below its bound, as a share of the bound."""
    return (bound - value) / bound if bound > 0 else 0.0
