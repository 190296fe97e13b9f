"""Awards taken back, given in lists, and what became of them since."""

from dataclasses import replace

import pytest

from lianxin.domain.people.models import Person
from lianxin.domain.points import ledger
from lianxin.domain.points.commands import awards, budgets
from lianxin.domain.points.models import Account, CapCounter, Txn
from lianxin.domain.points.tests.award_factories import all_agrees, give, spend
from lianxin.domain.points.tests.rules_factories import AT, TODAY, item, make_town
from lianxin.platform import scope
from lianxin.platform.errors import Invalid

pytestmark = pytest.mark.django_db


def test_taking_back_gives_budget_and_cap_back() -> None:
    town = make_town(item(points=5, caps=[("household", "week", 5), ("book", "month", 100)]))
    claim = give(town)

    taken = awards.take_back(actor=town.staff, claim=claim.pk, reason="重复登记", at=AT)

    assert (taken.state, taken.points, taken.note) == ("reversed", 5, "重复登记")
    assert (town.balance(), town.left()) == (0, 10_000)
    with scope.everything():
        assert set(CapCounter.objects.values_list("used", flat=True)) == {0}
        assert Txn.objects.get(source_kind="points.claim", source_id=claim.pk).kind == "reversal"
        assert Account.objects.get(owner=town.households[0].pk, kind="household").earned == 0
    with pytest.raises(ledger.AlreadyReversed):
        awards.take_back(actor=town.staff, claim=claim.pk, reason="重复登记", at=AT)
    assert give(town).points == 5
    assert all_agrees() == []


def test_what_is_spent_becomes_a_debt_that_the_next_award_settles() -> None:
    town = make_town(item(points=5))
    claim = give(town)
    with scope.everything():
        account = Account.objects.get(owner=town.households[0].pk, kind="household")
    spend(town, account, 4)
    awards.take_back(actor=town.staff, claim=claim.pk, reason="记错了", at=AT)
    assert town.balance() == 0

    give(town)

    with scope.everything():
        assert Account.objects.get(kind="debt").balance == 0
    assert town.balance() == 1
    assert all_agrees() == []


def test_a_list_is_given_whole_or_not_at_all() -> None:
    town = make_town(households=4)
    lines = [awards.Award(None, head.pk, "help", 1, TODAY) for head in town.heads]
    wrong = [*lines[:2], replace(lines[2], quantity=0), replace(lines[3], item="x")]
    with pytest.raises(Invalid) as caught:
        awards.award_list(actor=town.staff, awards=wrong, at=AT)

    claims = awards.award_list(actor=town.staff, awards=lines, at=AT)

    assert sorted(caught.value.fields) == ["3", "4"]
    assert [claim.points for claim in claims] == [5] * 4
    with scope.everything():
        assert len({claim.txn_id for claim in claims}) == 1
    assert all_agrees() == []


def test_one_household_of_a_list_is_taken_back_and_the_others_stay() -> None:
    town = make_town()
    claims = awards.award_list(
        actor=town.staff, awards=[awards.Award(None, head.pk, "help", 1, TODAY) for head in town.heads], at=AT
    )

    awards.take_back(actor=town.staff, claim=claims[1].pk, reason="没有参加", at=AT)

    assert [town.balance(n) for n in range(3)] == [5, 0, 5]
    assert all_agrees() == []


def test_points_that_came_from_a_budget_closed_since_go_back_to_issuance() -> None:
    town = make_town()
    claim = give(town)
    budgets.close_budget(actor=town.staff, budget=town.budget.pk, at=AT)

    awards.take_back(actor=town.staff, claim=claim.pk, reason="记错了", at=AT)

    assert (town.balance(), town.left()) == (0, 0)


def test_the_dead_earn_nothing_new() -> None:
    town = make_town()
    with scope.everything():
        Person.objects.filter(pk=town.heads[0].pk).update(state="died", died_on=TODAY)

    with pytest.raises(Invalid) as caught:
        give(town)

    assert "person" in caught.value.fields
