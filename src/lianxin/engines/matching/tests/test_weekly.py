"""A week: the best that there is, fair, around what staff decided, and the same every time."""

import itertools
import random
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lianxin.engines.matching import network
from lianxin.engines.matching.checker import BrokenPlan, check_plan
from lianxin.engines.matching.fairness import gini, percentile
from lianxin.engines.matching.model.plan import Plan, Proposal
from lianxin.engines.matching.model.problem import Problem
from lianxin.engines.matching.runs import match
from lianxin.engines.matching.tests.small import Clock, need, offer, problem

TIERS = 4


@st.composite
def weeks(draw) -> Problem:
    needs = [
        need(
            f"n{n}",
            f"c{draw(st.integers(0, 2))}",
            priority=draw(st.sampled_from([1, 2, 5])),
            waiting_days=draw(st.sampled_from([0, 50, 200])),
            times=draw(st.sampled_from([[], ["sat"], ["sun"]])),
        )
        for n in range(draw(st.integers(1, 5)))
    ]
    offers = [
        offer(
            f"o{n}",
            draw(st.integers(0, 2)),
            capacity=draw(st.integers(0, 2)),
            times=draw(st.sampled_from([[], ["sat"], ["sun1"]])),
            radius_metres=draw(st.sampled_from([0, 1500, 5000])),
            categories={"D01": draw(st.integers(1, 3))},
        )
        for n in range(draw(st.integers(1, 3)))
    ]
    forbidden = [{"offer": "o0", "need": "n0"}] if draw(st.booleans()) else []
    parameters = {"fairness_bonus": draw(st.sampled_from([0, 3])), "fairness_tiers": TIERS}
    return problem(needs=needs, offers=offers, forbidden=forbidden, parameters=parameters)


def every_plan(given_: Problem) -> list[Plan]:
    """Try every offer, slot or nothing for every need, and keep what the checker lets pass."""
    slots = [slot.id for slot in given_.slots]
    ways = [None, *itertools.product([o.id for o in given_.offers], slots)]
    worths = []
    for chosen in itertools.product(ways, repeat=len(given_.needs)):
        if len(given_.needs) > 3 and any(way and way[1] != slots[0] and way[1] != slots[1] for way in chosen):
            continue
        proposals = tuple(
            Proposal(offer=w[0], category=n.category, community=n.community, slot=w[1], served=((n.id, 1),))
            for n, w in zip(given_.needs, chosen, strict=True)
            if w
        )
        worths.append(proposals)
    return worths


def single_pairs(given_: Problem) -> dict[tuple[str, str], float]:
    """Give what each pair is worth, as the checker says, for the pairs that it lets pass in some slot."""
    from lianxin.engines.matching.checker import _Checking

    found = {}
    for n, o, s in itertools.product(given_.needs, given_.offers, given_.slots):
        one = Proposal(offer=o.id, category=n.category, community=n.community, slot=s.id, served=((n.id, 1),))
        worth = _Checking(given_).worth([one])
        try:
            check_plan(given_, Plan(proposals=(one,), value=worth))
        except BrokenPlan:
            continue
        found[n.id, o.id] = worth
    return found


def best_by_trying(given_: Problem, *, fair: bool) -> float:
    """Try all assignments of people to offers."""
    pairs = single_pairs(given_)
    capacity = {o.id: o.capacity for o in given_.offers}
    home = {n.id: n.community for n in given_.needs}

    def served_alone(community: str) -> int:
        return max(sum(w is not None for w in way) for way in ways() if only(way, community))

    def ways():
        options = [[None, *(o for o in capacity if (n.id, o) in pairs)] for n in given_.needs]
        for way in itertools.product(*options):
            if all(way.count(o) <= seats for o, seats in capacity.items()):
                yield way

    def only(way, community: str) -> bool:
        return all(w is None or n.community == community for n, w in zip(given_.needs, way, strict=True))

    reach = {community: served_alone(community) for community in set(home.values())}
    best = 0.0
    for way in ways():
        worth = sum(pairs[n.id, w] for n, w in zip(given_.needs, way, strict=True) if w)
        if fair:
            for community, people in reach.items():
                count = sum(w is not None and n.community == community for n, w in zip(given_.needs, way, strict=True))
                worth += sum(bonus_of_person(given_, k, people) for k in range(count))
        best = max(best, worth)
    return best


def bonus_of_person(given_: Problem, number: int, people: int) -> float:
    tier = next(t for t in range(TIERS) if (people * (t + 1)) // TIERS > number)
    return given_.parameters.fairness_bonus * (TIERS - tier) / TIERS


@settings(max_examples=40, deadline=None, derandomize=True)
@given(weeks())
def test_a_week_is_as_good_as_the_best_found_by_trying_everything(given_: Problem) -> None:
    result = match(given_, cpu=Clock())

    people = max(1, result.after.asked)
    assert result.objective == pytest.approx(best_by_trying(given_, fair=True), abs=0.0011 * people)
    assert result.bound == result.objective
    assert result.bound_without_fairness >= best_by_trying(given_, fair=False) - 0.0011 * people
    assert result.plan.value <= result.bound_without_fairness + 1e-9


@settings(max_examples=20, deadline=None, derandomize=True)
@given(weeks())
def test_what_comes_first_keeps_to_seats_and_people_and_is_no_better(given_: Problem) -> None:
    result = match(replace(given_, locks=()), cpu=Clock())

    seats = sum(offer.capacity * offer.occurrences for offer in given_.offers)
    assert result.before.served <= min(seats, result.before.asked)
    assert result.before.value <= result.bound_without_fairness + 1e-9
    assert (result.before.served > 0) == (result.after.served > 0)


@settings(max_examples=10, deadline=None, derandomize=True)
@given(weeks(), st.randoms(use_true_random=False))
def test_the_order_of_the_input_does_not_show(given_: Problem, draw: random.Random) -> None:
    mixed = replace(
        given_,
        **{
            name: tuple(draw.sample(getattr(given_, name), len(getattr(given_, name))))
            for name in ("needs", "offers", "communities", "slots")
        },
    )

    first, second = match(given_, cpu=Clock()), match(mixed, cpu=Clock())

    assert first == second


@settings(max_examples=10, deadline=None, derandomize=True)
@given(weeks())
def test_the_linear_program_stands_in_for_the_network_solver(given_: Problem) -> None:
    expected = match(given_, cpu=Clock())
    usual = network.cheapest_flow
    network_by_program = lambda arcs, supply: usual(arcs, supply, solver="highs")  # noqa: E731

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("lianxin.engines.matching.flow.cheapest_flow", network_by_program)
        patch.setattr("lianxin.engines.matching.reach.cheapest_flow", network_by_program)
        result = match(given_, cpu=Clock())

    assert result.objective == pytest.approx(expected.objective)
    assert result.solver == "highs linear program"


def test_fairness_serves_the_community_that_would_get_nothing() -> None:
    needs = [need(f"a{n}", "c0", priority=2) for n in range(4)] + [need(f"b{n}", "c1", priority=1.5) for n in range(2)]
    offers = [offer("o", capacity=4)]

    plain = match(problem(needs=needs, offers=offers, parameters={"fairness_bonus": 0}), cpu=Clock())
    fair = match(problem(needs=needs, offers=offers), cpu=Clock())

    assert plain.after.rates == {"c0": 1.0, "c1": 0.0}
    assert fair.after.lowest >= 0.5
    assert fair.after.gini < plain.after.gini
    assert 0 < fair.price_of_fairness < 0.3
    assert fair.plan.value <= fair.bound_without_fairness == pytest.approx(plain.plan.value)


def test_a_rate_stands_beside_what_could_be_reached() -> None:
    needs = [need("a", "c0"), need("b", "c2"), need("c", "c2")]

    result = match(problem(needs=needs, offers=[offer("o", radius_metres=100, capacity=5)]), cpu=Clock())

    assert result.reach == {"c0": 1.0, "c1": 0.0, "c2": 0.0}
    assert result.after.rates == {"c0": 1.0, "c2": 0.0}
    assert result.after.gini > 0.4
    assert result.after.gini_of_reachable == 0.0


def test_a_locked_pair_stays_though_it_is_worse_and_too_far() -> None:
    needs = [need("a", "c2"), need("b", "c0", priority=9)]
    offers = [offer("o", radius_metres=500)]
    locks = [{"offer": "o", "need": "a"}]

    result = match(problem(needs=needs, offers=offers, locks=locks), cpu=Clock())

    assert [(p.served, p.locked) for p in result.plan.proposals] == [((("a", 1),), True)]


@pytest.mark.parametrize(
    "rule",
    [{"offer": "o", "community": "c0"}, {"offer": "o", "need": "a"}, {"need": "a"}, {"category": "D01"}]
    + [{"offer": "o", "slot": "sat1"}, {"need": "a", "slot": "sat1"}, {"community": "c0", "slot": "sat1"}],
    ids=str,
)
def test_what_staff_ruled_out_is_not_proposed(rule: dict[str, str]) -> None:
    given_ = problem(needs=[need("a", times=["sat"])], offers=[offer("o")], forbidden=[rule])

    result = match(given_, cpu=Clock())

    assert result.plan.proposals == ()
    assert result.unserved[0].reason in ({"held_back", "no_time"} if "slot" in rule else {"held_back"})


def test_people_of_one_need_may_go_to_several_offers() -> None:
    given_ = problem(needs=[need("a", people=5)], offers=[offer("o", capacity=2), offer("p", capacity=2)])

    result = match(given_, cpu=Clock())

    assert sum(p.people for p in result.plan.proposals) == 4
    assert [(u.people, u.reason) for u in result.unserved] == [(1, "full")]


def test_a_district_that_asks_for_nothing_or_offers_nothing_is_no_fault() -> None:
    assert match(problem(), cpu=Clock()).plan.proposals == ()
    assert match(problem(offers=[offer("o")]), cpu=Clock()).after.asked == 0

    left = match(problem(needs=[need("a")]), cpu=Clock()).unserved

    assert [(u.need, u.reason) for u in left] == [("a", "no_resource")]


def test_gini_and_percentile_are_those_of_the_books() -> None:
    assert gini([]) == gini([0, 0]) == gini([0.5, 0.5, 0.5]) == 0.0
    assert gini([0, 0, 0, 1]) == 0.75
    assert percentile([0, 1, 2, 3, 4], share=0.1) == pytest.approx(0.4)
