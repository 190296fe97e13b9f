"""Points given by hand: what the rules of the day give, and what is refused."""

from datetime import date, timedelta

import pytest

from lianxin.domain.points import ledger
from lianxin.domain.points.commands import awards, books, budgets, rules_versions
from lianxin.domain.points.ledger.closing import list_differences
from lianxin.domain.points.models import Claim, Txn
from lianxin.domain.points.tests.award_factories import all_agrees, give
from lianxin.domain.points.tests.rules_factories import AT, SYSTEM, TODAY, item, make_town, staff_of
from lianxin.platform import scope
from lianxin.platform.commands import KeyReused
from lianxin.platform.errors import Invalid, Missing, NotAllowed, Problem
from lianxin.platform.ids import new_id

pytestmark = pytest.mark.django_db


def test_an_award_gives_points_out_of_the_budget() -> None:
    town = make_town(item(points=5))

    claim = give(town, quantity=2, note="送药")

    assert (claim.state, claim.asked, claim.points) == ("awarded", 10, 10)
    assert (town.balance(), town.left()) == (10, 9_990)
    with scope.everything():
        assert Txn.objects.get(claims=claim).note.text == "送药"
        assert list(list_differences()) == []


def test_the_same_form_sent_twice_gives_once_and_with_other_contents_is_refused() -> None:
    town, key = make_town(), new_id()
    first = give(town, key=key)

    again = give(town, key=key)

    assert again.pk == first.pk
    assert town.balance() == 5
    with pytest.raises(KeyReused):
        give(town, key=key, quantity=2)


def test_minutes_count_by_full_hours_up_to_the_most() -> None:
    town = make_town(item(unit="minutes", per=60, most_quantity=120, points=4))

    assert give(town, quantity=119).points == 4
    assert give(town, 1, quantity=120).points == 8
    with pytest.raises(Invalid) as caught:
        give(town, 2, quantity=121)
    assert "quantity" in caught.value.fields


def test_a_cap_gives_what_is_left_and_says_why_it_is_less() -> None:
    town = make_town(item(points=5, caps=[("household", "week", 8)]))
    give(town)

    second, third = give(town), give(town)

    assert (second.asked, second.points, second.reason) == (5, 3, "cap_household")
    assert (third.state, third.points, third.reason) == ("nothing", 0, "cap_household")
    assert town.balance() == 8
    assert all_agrees() == []


def test_a_cap_begins_anew_with_its_window() -> None:
    town = make_town(item(points=5, caps=[("person", "week", 5)]))
    monday = date(2026, 3, 16)
    give(town, done_on=monday)

    same_week, week_before = give(town, done_on=monday + timedelta(days=4)), give(town, done_on=monday - timedelta(1))

    assert (same_week.points, week_before.points) == (0, 5)


def test_a_person_cap_asks_who_it_was() -> None:
    town = make_town(item(caps=[("person", "week", 5)]))

    with pytest.raises(Invalid) as caught:
        give(town, person=None, household=town.households[0].pk)

    assert "person" in caught.value.fields


def test_an_empty_budget_gives_what_is_left() -> None:
    town = make_town(item(points=5), budget=7)

    claims = [give(town), give(town), give(town)]

    assert [(claim.points, claim.reason) for claim in claims] == [(5, ""), (2, "budget"), (0, "budget")]


def test_a_closed_budget_gives_nothing_and_its_rest_went_back() -> None:
    town = make_town()
    budgets.close_budget(actor=town.staff, budget=town.budget.pk, at=AT)

    claim = give(town)

    assert (claim.state, claim.reason, town.left()) == ("nothing", "budget", 0)


def test_new_rules_do_not_start_caps_anew() -> None:
    town = make_town(item(points=5))
    give(town, done_on=date(2026, 3, 16))
    again = rules_versions.save_draft(actor=SYSTEM, book=town.book.pk, at=AT - timedelta(days=30))
    content = again.content | {
        "items": [item(points=5, caps=[("household", "week", 8)])],
        "minutes_on": "2026-02-17",
        "minutes_title": "二",
        "minutes_text": "二",
        "attended": 9,
        "in_favour": 9,
        "notice_from": "2026-02-18",
        "notice_until": "2026-02-25",
        "effective_from": "2026-03-17",
    }
    rules_versions.save_draft(actor=SYSTEM, book=town.book.pk, content=content, at=AT - timedelta(days=30))
    rules_versions.publish_rules(actor=SYSTEM, draft=again.pk, at=AT - timedelta(days=30))

    claim = give(town)

    assert (claim.points, claim.reason) == (3, "cap_household")
    assert all_agrees() == []


@pytest.mark.parametrize("quantity", [0, -3, 1.5, True, 10**12])
def test_quantities_that_cannot_be_get_a_sentence_and_change_nothing(quantity: object) -> None:
    town = make_town()

    with pytest.raises(Invalid) as caught:
        give(town, quantity=quantity)

    assert caught.value.fields["quantity"]
    with scope.everything():
        assert not Claim.objects.exists()


@pytest.mark.parametrize(
    ("done_on", "at", "problem"),
    [
        (TODAY + timedelta(days=1), AT, Invalid),
        (date(2025, 12, 31), AT, Invalid),
        (date(2026, 1, 10), AT, awards.RulesNotInForce),
    ],
)
def test_days_that_do_not_count_get_a_sentence(done_on: date, at: object, problem: type[Problem]) -> None:
    town = make_town()

    with pytest.raises(problem) as caught:
        give(town, done_on=done_on, at=at)

    assert str(caught.value.detail)


def test_rules_that_ended_give_nothing_for_later_days() -> None:
    town = make_town()
    rules_versions.withdraw_rules(
        actor=town.staff, version=town.rules.pk, reason="居民会议废止", at=AT - timedelta(days=5)
    )

    with pytest.raises(awards.RulesNotInForce, match="2026年3月15日"):
        give(town)
    assert give(town, done_on=date(2026, 3, 14)).points == 5


def test_a_closed_period_takes_no_award_by_hand() -> None:
    town = make_town()
    next_year = AT.replace(year=2027)
    with scope.everything():
        period = town.book.periods.get()
    books.close_period(actor=town.staff, period=period.pk, at=next_year)

    with pytest.raises(ledger.PeriodClosed):
        give(town, at=next_year)


def test_an_item_that_asks_for_evidence_is_given_with_it_only() -> None:
    town = make_town(item(evidence="签到表"))

    with pytest.raises(Invalid) as caught:
        give(town)

    assert "签到表" in caught.value.fields["evidence"][0]
    assert give(town, evidence="3月20日签到表").points == 5


def test_unknown_items_and_people_elsewhere_are_refused() -> None:
    town = make_town()
    elsewhere = staff_of(town.tree.jintao)

    with pytest.raises(Invalid) as caught:
        give(town, item="nothing-like-it")
    with pytest.raises(Missing):
        give(town, actor=elsewhere)
    with pytest.raises(Missing):
        give(town, person=new_id())
    assert "item" in caught.value.fields


def test_a_person_of_another_household_is_refused() -> None:
    town = make_town()

    with pytest.raises(Invalid) as caught:
        give(town, household=town.households[1].pk)

    assert "person" in caught.value.fields


def test_volunteers_give_points_only_for_items_that_name_them() -> None:
    town = make_town(item(), item("honour", awarders=["community_staff"]))
    volunteer = staff_of(town.community, "volunteer")

    assert give(town, actor=volunteer).points == 5
    with pytest.raises(NotAllowed):
        give(town, actor=volunteer, item="honour")


@pytest.mark.parametrize("role", ["system_admin", "security_admin", "audit_admin", "resident", "district_staff"])
def test_nobody_else_gives_points(role: str) -> None:
    town = make_town()

    with pytest.raises(NotAllowed):
        give(town, actor=staff_of(town.community, role))
