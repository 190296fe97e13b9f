"""A month: occurrences with rooms, times and minimums; never worse than the quick plan, and never a broken one."""

import itertools
from dataclasses import replace
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.matching_districts import monthly_district
from lianxin.engines.matching.checker import BrokenPlan, check_plan
from lianxin.engines.matching.model.plan import Plan, Proposal, Result
from lianxin.engines.matching.model.problem import Earlier, Forbidden, Lock, Problem
from lianxin.engines.matching.plan_cuts import Cuts
from lianxin.engines.matching.plan_greedy import greedy
from lianxin.engines.matching.plan_lp import fixed_bounds, relax, round_down
from lianxin.engines.matching.plan_model import build_month
from lianxin.engines.matching.plan_program import build_program
from lianxin.engines.matching.reading import problem_from
from lianxin.engines.matching.runs import match
from lianxin.engines.matching.tables import Tables
from lianxin.engines.matching.tests.small import Clock, need, offer, problem, room

DISTRICT = problem_from(monthly_district(3, communities=12, needs=400, offers=120))
NO_BONUS = {"month_fairness_bonus": 0, "setup_cost": 0.25}


@cache
def long_search() -> Result:
    """Search once for all tests that need a good plan."""
    return match(DISTRICT, cpu=Clock(0.02), seconds=6)


@st.composite
def months(draw) -> Problem:
    needs = [
        need(
            f"n{n}",
            f"c{draw(st.integers(0, 1))}",
            people=draw(st.integers(1, 3)),
            priority=draw(st.sampled_from([1, 4])),
            times=draw(st.sampled_from([[], ["sat"], ["sun"]])),
        )
        for n in range(draw(st.integers(1, 3)))
    ]
    offers = [
        offer(
            f"o{n}",
            draw(st.integers(0, 1)),
            capacity=draw(st.integers(2, 5)),
            needs_venue=draw(st.booleans()),
            occurrences=draw(st.integers(1, 2)),
            volunteer=draw(st.sampled_from(["", "v"])),
            minimum=draw(st.integers(1, 2)),
        )
        for n in range(draw(st.integers(1, 2)))
    ]
    venues = [room("r0", "c0", seats=draw(st.integers(2, 6)), sat1=1), room("r1", "c1", sat1=1, sun1=1)]
    return problem(
        "monthly", needs=needs, offers=offers, venues=venues,
        parameters=NO_BONUS | {"volunteer_per_week": 1, "walking_metres": draw(st.sampled_from([0, 2000]))},
    )  # fmt: skip


def best_by_trying(given_: Problem) -> float:
    """Hold every set of up to three occurrences with every way to fill them, and keep what the checker lets pass."""
    from lianxin.engines.matching.checker import _Checking

    checking = _Checking(given_)
    places = {"c0": ["r0"], "c1": ["r1"], "c2": []}
    shells = [
        Proposal(offer=o.id, category="D01", community=c, slot=s.id, venue=v)
        for o in given_.offers
        for c in ("c0", "c1")
        for s in given_.slots
        for v in (places[c] if o.needs_venue else [""])
    ]
    best = 0.0
    for count in (1, 2, 3):
        for chosen in itertools.combinations(shells, count):
            if len({(p.offer, p.slot) for p in chosen}) < count:
                continue
            for filled in fillings(given_, chosen):
                worth = checking.worth(filled)
                if worth > best + 1e-9 and passes(given_, filled, worth):
                    best = worth
    return best


def fillings(given_: Problem, chosen: tuple[Proposal, ...]):
    """Give every way to deal the people of all needs out to some occurrences."""
    shares = [
        [way for way in itertools.product(range(n.people + 1), repeat=len(chosen)) if sum(way) <= n.people]
        for n in given_.needs
    ]
    for ways in itertools.product(*shares):
        made = []
        for number, shell in enumerate(chosen):
            served = tuple((n.id, w[number]) for n, w in zip(given_.needs, ways, strict=True) if w[number])
            made.append(replace(shell, served=served))
        if all(p.served and pooled_rightly(given_, p) for p in made):
            yield tuple(made)


def pooled_rightly(given_: Problem, held: Proposal) -> bool:
    """Say whether those who come from next door come because one side alone has too few."""
    home = {n.id: n.community for n in given_.needs}
    least = next(o.minimum for o in given_.offers if o.id == held.offer)

    def people(community: str) -> int:
        return sum(
            n.people for n in given_.needs if n.community == community and held.slot[:3] in (n.times or ("sat", "sun"))
        )

    from_others = {home[name] for name, _ in held.served} - {held.community}
    return all(min(people(held.community), people(other)) < least for other in from_others)


def passes(given_: Problem, proposals: tuple[Proposal, ...], worth: float) -> bool:
    try:
        check_plan(given_, Plan(proposals=proposals, value=worth))
    except BrokenPlan:
        return False
    return True


@settings(max_examples=12, deadline=None, derandomize=True)
@given(months())
def test_a_small_month_is_as_good_as_the_best_found_by_trying_everything(given_: Problem) -> None:
    best = best_by_trying(given_)

    result = match(given_, cpu=Clock(), seconds=30)

    assert result.objective == pytest.approx(best, rel=2e-3, abs=1e-6)
    assert result.bound >= best - 1e-6


def test_no_budget_gives_the_greedy_plan_and_more_never_a_worse_one() -> None:
    found = [
        match(DISTRICT, cpu=Clock(0.0), seconds=0),
        *(match(DISTRICT, cpu=Clock(0.02), seconds=s) for s in (0.1, 1)),
    ]
    found.append(long_search())

    values = [result.objective for result in found]
    assert (found[0].bound, found[0].solver) == (-1, "greedy")
    assert all(value >= values[0] for value in values)
    assert values[3] > values[0]
    assert values[3] <= found[3].bound
    assert found[3].gap < 0.12


def test_a_search_that_its_budget_ends_gives_the_same_plan_each_time() -> None:
    first, second = (match(DISTRICT, cpu=Clock(0.02), seconds=2) for _ in range(2))

    assert first == second
    assert first.objective > match(DISTRICT, cpu=Clock(0.0), seconds=0).objective


def test_rows_that_fractions_break_are_kept_by_whole_plans_and_prove_a_lower_bound() -> None:
    model = build_month(Tables(DISTRICT))
    program = build_program(model)
    loose = relax(program, program.low, program.high, seconds=60)
    cuts = Cuts(model, program)
    tight = cuts.tighten(program, loose.values)
    lower = relax(tight, tight.low, tight.high, seconds=60)

    for plan in (greedy(model), round_down(model, lower, threshold=0.6)):
        low, high = fixed_bounds(tight, plan.counts)
        without = relax(program, *fixed_bounds(program, plan.counts), seconds=60)
        held = relax(tight, low, high, seconds=60)

        assert held.bound == pytest.approx(without.bound, rel=1e-9)
        assert plan.objective <= held.bound + 1e-6 < lower.bound
    assert lower.bound < 0.99 * loose.bound


def test_the_same_month_in_another_order_gives_the_same_plan() -> None:
    mixed = replace(
        DISTRICT,
        needs=DISTRICT.needs[::-1],
        offers=DISTRICT.offers[::-1],
        venues=DISTRICT.venues[::-1],
        slots=DISTRICT.slots[::-1],
    )

    first, second = (match(p, cpu=Clock(0.0), seconds=0) for p in (DISTRICT, mixed))

    assert first == second


def test_a_plan_is_much_better_than_taking_what_comes_first() -> None:
    result = match(DISTRICT, cpu=Clock(0.0), seconds=0)

    assert result.after.value > 1.05 * result.before.value
    assert result.after.lowest >= result.before.lowest


def test_locks_stay_and_what_is_ruled_out_does_not_come_back() -> None:
    plan = match(DISTRICT, cpu=Clock(0.0), seconds=0).plan.proposals
    kept, refused, banned = plan[0], plan[1], plan[-1]
    again = replace(
        DISTRICT,
        locks=(Lock(offer=kept.offer, category=kept.category, community=kept.community, slot=kept.slot),),
        forbidden=(
            Forbidden(offer=refused.offer, community=refused.community),
            Forbidden(category=banned.category, community=banned.community, slot=banned.slot),
        ),
    )

    found = match(again, cpu=Clock(0.0), seconds=0).plan.proposals

    assert [(p.offer, p.slot) for p in found if p.locked] == [(kept.offer, kept.slot)]
    assert not [p for p in found if (p.offer, p.community) == (refused.offer, refused.community)]
    assert not [
        p for p in found if (p.category, p.community, p.slot) == (banned.category, banned.community, banned.slot)
    ]


def test_a_plan_is_taken_up_around_a_new_lock_and_stays_nearly_as_it_was() -> None:
    good = long_search()
    moved = good.plan.proposals[0]
    lock = Lock(offer=moved.offer, category=moved.category, community=moved.community, slot=moved.slot)
    refused = Forbidden(offer=good.plan.proposals[-1].offer)
    changed = replace(DISTRICT, locks=(lock,), forbidden=(refused,))

    fresh = match(changed, cpu=Clock(0.0), seconds=0)
    again = match(changed, cpu=Clock(0.0), seconds=0, start=good.plan.proposals)

    def places(result):
        return {(p.offer, p.category, p.community, p.slot, p.venue) for p in result.plan.proposals}

    assert again.objective > fresh.objective
    assert len(places(again) & places(good)) >= 0.95 * len(places(good))
    assert refused.offer not in {p.offer for p in again.plan.proposals}


def test_a_lock_holds_below_the_minimum_and_beyond_the_radius() -> None:
    given_ = problem(
        "monthly",
        needs=[need("a", "c2")],
        offers=[offer("o", radius_metres=10, capacity=5, minimum=4, needs_venue=True)],
        venues=[room("small", "c2", 3), room("large", "c2", 9)],
        locks=[{"offer": "o", "category": "D01", "community": "c2", "slot": "sun1"}],
    )

    found = match(given_, cpu=Clock()).plan.proposals

    assert [(p.slot, p.venue, p.served, p.locked) for p in found] == [("sun1", "large", (("a", 1),), True)]


def test_neighbours_pool_what_neither_has_enough_of() -> None:
    lists = {
        "needs": [need("a", "c0", people=2), need("b", "c1", people=2), need("far", "c2", people=2, max_metres=100)],
        "offers": [offer("o", capacity=8, minimum=4)],
    }

    together = match(problem("monthly", **lists, parameters={"walking_metres": 1200}), cpu=Clock())
    apart = match(problem("monthly", **lists, parameters={"walking_metres": 100}), cpu=Clock())

    assert [dict(p.served) for p in together.plan.proposals] == [{"a": 2, "b": 2}]
    assert apart.plan.proposals == ()
    assert {u.reason for u in apart.unserved} == {"too_few"}


def test_people_who_walk_go_only_as_far_as_they_said_and_only_to_named_neighbours() -> None:
    needs = [need("a", "c0", people=3), need("b", "c1", people=2), need("c", "c1", people=2, max_metres=500)]
    given_ = {"needs": needs, "offers": [offer("o", capacity=8, minimum=4, communities=["c0"])]}

    named = match(
        problem("monthly", **given_, neighbours=[["c0", "c1"]], parameters={"walking_metres": 0}), cpu=Clock()
    )
    others = match(problem("monthly", **given_, neighbours=[["c1", "c2"]]), cpu=Clock())

    assert [dict(p.served) for p in named.plan.proposals] == [{"a": 3, "b": 2}]
    assert others.plan.proposals == ()


def test_a_new_plan_keeps_to_the_one_before_unless_a_change_is_worth_it() -> None:
    lists = {
        "needs": [need("a", people=4)],
        "offers": [offer("o1", capacity=5), offer("o2", capacity=5, categories={"D01": 2})],
    }
    earlier = (Earlier(offer="o2", category="D01", community="c0", slot="sat1"),)
    given_ = problem("monthly", **lists)

    fresh = match(given_, cpu=Clock())
    keeping = match(replace(given_, previous=earlier), cpu=Clock())
    freer = replace(given_, previous=earlier, parameters=replace(given_.parameters, churn_cost=0.01))

    assert [p.offer for p in fresh.plan.proposals] == ["o1"]
    assert [p.offer for p in keeping.plan.proposals] == ["o2"]
    assert [p.offer for p in match(freer, cpu=Clock()).plan.proposals] == ["o1"]


def test_a_volunteer_with_two_offers_comes_as_often_a_week_as_agreed() -> None:
    offers = [offer("o1", capacity=3, volunteer="v"), offer("o2", capacity=3, volunteer="v")]
    given_ = problem("monthly", needs=[need("a", people=6)], offers=offers, parameters={"volunteer_per_week": 1})

    result = match(given_, cpu=Clock())

    assert len(result.plan.proposals) == 1
    assert {u.reason for u in result.unserved} == {"full"}
