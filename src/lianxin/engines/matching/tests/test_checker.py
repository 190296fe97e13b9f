"""Each kind of broken plan is caught by a checker that knows no solver."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from lianxin.engines.matching import checker
from lianxin.engines.matching.checker import BrokenPlan, check_plan
from lianxin.engines.matching.model.plan import Plan, Proposal
from lianxin.engines.matching.model.problem import Problem
from lianxin.engines.matching.runs import match
from lianxin.engines.matching.tests.small import Clock, need, offer, problem, room

MONTH = problem(
    "monthly",
    needs=[
        need("a", people=4),
        need("b", "c1", people=4, times=["sat"]),
        need("law", category="C04", people=4),
        need("held", people=2),
    ],
    offers=[
        offer("o", capacity=4, minimum=2, needs_venue=True, volunteer="v", radius_metres=2000),
        offer("p", 1, capacity=4, minimum=2, needs_venue=True, volunteer="v", communities=["c1"], times=["sat"]),
    ],
    venues=[room("r0", "c0", 4), room("r1", "c1", 9)],
    forbidden=[{"need": "held"}, {"offer": "o", "community": "c2"}],
    parameters={"volunteer_per_week": 2, "walking_metres": 0},
)  # fmt: skip
WEEK = problem(
    needs=[need("a"), need("b", "c2", times=["sat"])],
    offers=[offer("o", radius_metres=100), offer("p", 2)],
    locks=[{"offer": "p", "need": "b"}],
)


def first(plan: Plan, **changed) -> Plan:
    """Change the proposal of offer o."""
    rows = [replace(p, **changed) if p.offer == "o" else p for p in plan.proposals]
    return replace(plan, proposals=tuple(rows))


def with_more(plan: Plan, **changed) -> Plan:
    """Add another occurrence like that of offer o."""
    more = next(replace(p, **changed) for p in plan.proposals if p.offer == "o")
    return replace(plan, proposals=(*plan.proposals, more))


@pytest.mark.parametrize(
    ("word", "breaking"),
    [
        ("not there", lambda plan: first(plan, offer="nobody")),
        ("not there", lambda plan: first(plan, slot="never")),
        ("does not do", lambda plan: first(plan, category="C04")),
        ("serves 1 people of need 'nobody'", lambda plan: first(plan, served=(("nobody", 1), ("a", 2)))),
        ("serves -1", lambda plan: first(plan, served=(("b", -1), ("a", 3)))),
        ("twice", lambda plan: first(plan, served=(("a", 2), ("a", 2)))),
        ("asks for C04", lambda plan: first(plan, served=(("law", 2),))),
        ("held back", lambda plan: first(plan, served=(("held", 2),))),
        ("4 people; 5 are served", lambda plan: first(plan, served=(("a", 5),))),
        ("more than the 4", lambda plan: first(plan, served=(("a", 5),))),
        ("fewer than the 2", lambda plan: first(plan, served=(("a", 1),))),
        ("do not walk", lambda plan: first(plan, served=(("a", 2), ("b", 1)))),
        ("cannot come", lambda plan: first(plan, community="c1", venue="r1", slot="sun1", served=(("b", 2),))),
        ("needs a venue", lambda plan: first(plan, venue="")),
        ("needs a venue", lambda plan: first(plan, venue="r1")),
        ("too far", lambda plan: first(plan, community="c2")),
        ("ruled this out", lambda plan: first(plan, community="c2")),
        ("comes 2 times", lambda plan: with_more(plan, slot="sun1")),
        ("in 2 places", lambda plan: with_more(plan, community="c1", venue="r1")),
        ("used 2 times", lambda plan: with_more(plan, offer="p", community="c0")),
        ("Volunteer v comes 3 times", lambda plan: with_more(plan, slot="sun1")),
        ("does not go to", lambda plan: with_more(plan, offer="p")),
        ("is not there in slot", lambda plan: with_more(plan, offer="p", slot="sun1")),
        ("not those that staff locked", lambda plan: first(plan, locked=True)),
        ("it is worth", lambda plan: replace(plan, value=plan.value + 0.01)),
    ],
)  # fmt: skip
def test_a_broken_month_is_caught(word: str, breaking: Callable[[Plan], Plan]) -> None:
    plan = match(MONTH, cpu=Clock()).plan
    check_plan(MONTH, plan)

    with pytest.raises(BrokenPlan, match=word):
        check_plan(MONTH, breaking(plan))


def one(problem_: Problem, **fields) -> Plan:
    made = Proposal(**({"offer": "o", "category": "D01", "community": "c0", "slot": "sat1"} | fields))
    return Plan(proposals=(made,), value=0.0)


@pytest.mark.parametrize(
    ("word", "fields"),
    [
        ("lock of offer p and need b", {"served": (("a", 1),)}),
        ("lives in community c2", {"served": (("b", 1),)}),
        ("more than it takes", {"served": (("a", 2),)}),
        ("too far", {"community": "c2", "served": (("b", 1),)}),
        ("cannot come", {"offer": "p", "community": "c2", "slot": "sun1", "served": (("b", 1),)}),
    ],
)
def test_a_broken_week_is_caught(word: str, fields: dict) -> None:
    check_plan(WEEK, match(WEEK, cpu=Clock()).plan)

    with pytest.raises(BrokenPlan, match=word):
        check_plan(WEEK, one(WEEK, **fields))


def test_every_plan_is_checked_before_it_is_given(monkeypatch) -> None:
    monkeypatch.setattr("lianxin.engines.matching.runs.solve_month", _solve_badly)

    with pytest.raises(BrokenPlan):
        match(MONTH, cpu=Clock())


def _solve_badly(model, *, watch, **others):
    from lianxin.engines.matching.monthly import solve_month

    month = solve_month(model, watch=watch)
    return replace(month, plan=first(month.plan, venue="r1"))


def test_the_checker_imports_no_solver() -> None:
    text = Path(checker.__file__).read_text(encoding="utf-8")

    imported = {line.split()[1] for line in text.splitlines() if line.startswith(("from ", "import "))}
    assert imported == {
        "collections", "collections.abc", "lianxin.engines.geo",
        "lianxin.engines.matching.model.plan", "lianxin.engines.matching.model.problem",
    }  # fmt: skip
