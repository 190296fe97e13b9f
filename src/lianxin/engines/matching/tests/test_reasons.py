"""Why a proposal is as it is, why somebody is left, and what would serve them."""

from dataclasses import replace

import pytest

from lianxin.engines.matching.model.problem import Offer
from lianxin.engines.matching.runs import match
from lianxin.engines.matching.tests.small import Clock, need, offer, problem, room


def reason_of(kind: str, **lists) -> str:
    (left,) = match(problem(kind, **lists), cpu=Clock()).unserved
    return left.reason


@pytest.mark.parametrize(
    ("reason", "lists"),
    [
        ("no_resource", {"offers": [offer("o", categories={"C04": 1})]}),
        ("too_far", {"offers": [offer("o", 2, radius_metres=300)]}),
        ("too_far", {"offers": [offer("o", 2)], "needs": [need("a", max_metres=300)]}),
        ("no_time", {"offers": [offer("o", times=["sun1"])]}),
        ("full", {"offers": [offer("o", capacity=0)]}),
        ("held_back", {"offers": [offer("o")], "forbidden": [{"need": "a"}]}),
        ("held_back", {"offers": [offer("o")], "forbidden": [{"offer": "o", "community": "c0"}]}),
    ],
)
def test_who_is_left_in_a_week_hears_one_reason(reason: str, lists: dict) -> None:
    assert reason_of("weekly", **({"needs": [need("a", times=["sat"])]} | lists)) == reason


@pytest.mark.parametrize(
    ("reason", "lists"),
    [
        ("no_venue", {"offers": [offer("o", capacity=9, needs_venue=True)]}),
        ("no_venue", {"offers": [offer("o", capacity=9, needs_venue=True)], "venues": [room("r", sun1=1)]}),
        ("too_few", {"offers": [offer("o", capacity=9, minimum=5)]}),
        ("full", {"offers": [offer("o", capacity=9, occurrences=0)]}),
    ],
)
def test_who_is_left_in_a_month_hears_one_reason(reason: str, lists: dict) -> None:
    assert reason_of("monthly", **({"needs": [need("a", times=["sat"], people=3)]} | lists)) == reason


def test_a_proposal_tells_its_needs_its_provider_and_what_it_changes() -> None:
    needs = [
        need("a", people=2, priority=3, waiting_days=45, times=["sat"]),
        need("b", priority=5, times=["sat"]),
        need("c", times=["sun"]),
        need("d", "c1", waiting_days=3, times=["sat"]),
    ]
    offers = [offer("o", 1, capacity=3, kept=1, promised=3, times=["sat"], radius_metres=1500), offer("p", capacity=1)]

    result = match(problem(needs=needs, offers=offers), cpu=Clock())
    why = next(w for p, w in zip(result.plan.proposals, result.explanations, strict=True) if ("a", 2) in p.served)

    assert (why.people, why.oldest_waiting_days, why.quotes[-1]) == (2, 45, "a")
    assert (why.level, why.kept, why.promised, why.could_come_then) == (3, 1, 3, 3)
    assert 1000 < why.metres < 1050
    assert why.score["priority"] == 6.0
    assert why.score["waiting"] == pytest.approx(0.6)
    assert why.score["total"] == pytest.approx(sum(v for k, v in why.score.items() if k != "total"), abs=1e-5)
    assert why.community_rate_without == pytest.approx(why.community_rate - 0.5)
    assert why.lowest_rate_without < why.lowest_rate


def test_the_loss_of_a_week_is_what_the_plan_loses_without_the_offer() -> None:
    needs, offers = [need("a", priority=4)], [offer("near"), offer("far", 2)]
    given_ = problem(needs=needs, offers=offers, parameters={"fairness_bonus": 0})

    result = match(given_, cpu=Clock())
    without = match(replace(given_, offers=tuple(o for o in given_.offers if o.id != "near")), cpu=Clock())

    (why,) = result.explanations
    assert why.next_best_offer == "far"
    assert why.loss_without == pytest.approx(result.plan.value - without.plan.value, abs=1e-9)


def test_the_loss_of_a_month_is_what_the_plan_loses_without_the_occurrence() -> None:
    offers = [offer("good", capacity=4), offer("fair", capacity=4, categories={"D01": 1})]
    given_ = problem("monthly", needs=[need("a", people=4, priority=2)], offers=offers)

    result = match(given_, cpu=Clock())
    without = match(replace(given_, offers=tuple(o for o in given_.offers if o.id != "good")), cpu=Clock())

    (why,) = result.explanations
    assert why.next_best_offer == "fair"
    assert why.loss_without == pytest.approx(result.objective - without.objective, abs=1e-9)


@pytest.mark.parametrize("kind", ["weekly", "monthly"])
def test_recruiting_what_the_first_line_says_serves_as_many_more(kind: str) -> None:
    needs = [need(f"n{n}", "c1", people=2, priority=1 + n % 3, times=["sun"]) for n in range(4)]
    needs += [need("held", "c1", people=9, times=["sun"]), need("other", "c1", category="C04")]
    given_ = problem(
        kind, needs=needs, offers=[offer("o", 1, capacity=2)], forbidden=[{"need": "held"}], venues=[room("r", "c1")]
    )

    before = match(given_, cpu=Clock())
    line = before.recruitment[0]
    recruited = Offer(
        id="new", provider="", categories=((line.category, 3),), lng=116.71, lat=23.37, capacity=line.serves,
        times=(line.slot,), communities=(line.community,) if kind == "monthly" else (), needs_venue=line.needs_venue,
    )  # fmt: skip
    after = match(replace(given_, offers=(*given_.offers, recruited)), cpu=Clock())

    assert (line.category, line.slot, line.serves, line.needs_venue) == ("D01", "sun1", 4, False)
    assert line.from_communities == ("c1",)
    assert "held" not in {name for line in before.recruitment for name in line.needs}
    assert after.after.served == before.after.served + line.serves


def test_lines_together_count_nobody_twice() -> None:
    needs = [need(f"n{n}", f"c{n % 3}", people=3) for n in range(6)]

    lines = match(problem(needs=needs), cpu=Clock()).recruitment

    assert sum(line.serves for line in lines) == 18
    assert [line.serves for line in lines] == sorted((line.serves for line in lines), reverse=True)
