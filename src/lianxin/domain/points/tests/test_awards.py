"""Points given by hand: what the rules of the day give, who else has to agree, and what is refused."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from lianxin.domain.people.commands.households import register_persons
from lianxin.domain.people.models import Person
from lianxin.domain.people.tests.factories import new_person
from lianxin.domain.points import ledger
from lianxin.domain.points.commands import approvals, awards, books, budgets, relatives, rules_versions
from lianxin.domain.points.ledger.closing import list_differences
from lianxin.domain.points.models import Account, CapCounter, Claim, Txn
from lianxin.domain.points.queries import checks
from lianxin.domain.points.tests.rules_factories import AT, SYSTEM, TODAY, Town, item, make_town, staff_of
from lianxin.platform import scope
from lianxin.platform.actors import Actor
from lianxin.platform.commands import KeyReused
from lianxin.platform.errors import Invalid, Missing, NotAllowed, Problem
from lianxin.platform.ids import new_id
from lianxin.platform.models import Duty

pytestmark = pytest.mark.django_db


def give(town: Town, number: int = 0, *, actor: Actor | None = None, **more: object) -> Claim:
    """Give one of the households' heads points for helping."""
    values = {"person": town.heads[number].pk, "item": "help", "quantity": 1, "done_on": TODAY, "at": AT} | more
    return awards.award(actor=actor or town.staff, **values)  # type: ignore[arg-type]


def all_agrees() -> list[str]:
    """What `verify` would say about claims, caps and balances."""
    return [*checks.balances_agree(), *checks.claims_agree(), *checks.counters_agree(), *checks.caps_hold()]


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

    with pytest.raises(awards.RulesNotInForce, match="2026-03-15"):
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


def test_nobody_gives_points_to_themselves() -> None:
    town = make_town()
    neighbour = replace(town.staff, person=town.heads[0].pk)

    with pytest.raises(awards.SelfAward):
        give(town, actor=neighbour)


def test_the_own_household_waits_for_somebody_else() -> None:
    town = make_town()
    neighbour = replace(town.staff, person=town.heads[0].pk)
    [spouse] = register_persons(
        actor=SYSTEM, household=town.households[0].pk, persons=[new_person("林二", "spouse")], at=AT
    )

    claim = give(town, actor=neighbour, person=spouse)

    assert (claim.state, claim.asked, claim.points, claim.reason) == ("waiting", 5, 0, "second_person")
    assert town.balance() == 0
    with scope.everything():
        assert Duty.objects.get(kind="points.second_person").closed_at is None
    with pytest.raises(approvals.SameHands):
        awards.approve(actor=neighbour, claim=claim.pk, at=AT)
    with pytest.raises(NotAllowed):
        awards.approve(actor=staff_of(town.community, "volunteer"), claim=claim.pk, at=AT)
    approved = awards.approve(actor=town.colleague, claim=claim.pk, at=AT)
    assert (approved.state, approved.points, town.balance()) == ("awarded", 5, 5)
    with scope.everything():
        assert Duty.objects.get(kind="points.second_person").closed_at is not None
    with pytest.raises(approvals.DecidedAlready):
        awards.approve(actor=town.colleague, claim=claim.pk, at=AT)
    assert all_agrees() == []


def test_declared_relatives_wait_and_a_relative_is_no_second_person_either() -> None:
    town = make_town()
    relatives.declare_relative(actor=town.staff, household=town.households[0].pk, at=AT)
    relatives.declare_relative(actor=town.colleague, household=town.households[0].pk, at=AT)

    claim = give(town)

    assert claim.state == "waiting"
    with pytest.raises(approvals.SameHands):
        awards.approve(actor=town.colleague, claim=claim.pk, at=AT)


def test_a_declaration_is_ended_by_somebody_else_and_counts_for_earlier_days() -> None:
    town = make_town()
    row = relatives.declare_relative(actor=town.staff, household=town.households[0].pk, at=AT)
    with pytest.raises(relatives.NotByOneself):
        relatives.end_relative(actor=town.staff, relative=row.pk, reason="离婚", at=AT)

    relatives.end_relative(actor=town.colleague, relative=row.pk, reason="离婚", at=AT)

    tomorrow = AT + timedelta(days=1)
    assert give(town, at=tomorrow).state == "waiting"
    assert give(town, at=tomorrow, done_on=TODAY + timedelta(days=1)).state == "awarded"


def test_a_large_award_waits_and_caps_hold_as_they_stand_when_it_is_approved() -> None:
    town = make_town(item(points=20, caps=[("household", "week", 50)]), second_person_above=30)
    large = give(town, quantity=2, note="救人")
    assert (large.state, large.note) == ("waiting", "救人")
    give(town)

    approved = awards.approve(actor=town.colleague, claim=large.pk, at=AT)

    assert (approved.points, approved.reason, approved.note, town.balance()) == (30, "cap_household", "", 50)
    with scope.everything():
        assert Txn.objects.get(claims=approved).note.text == "救人"
    assert all_agrees() == []


def test_a_refused_award_keeps_its_reason_and_gives_nothing() -> None:
    town = make_town(second_person_above=1)
    claim = give(town)
    with pytest.raises(Invalid):
        awards.refuse(actor=town.colleague, claim=claim.pk, reason=" ", at=AT)

    refused = awards.refuse(actor=town.colleague, claim=claim.pk, reason="没有人看到", at=AT)

    assert (refused.state, refused.note, refused.points) == ("refused", "没有人看到", 0)
    with pytest.raises(approvals.DecidedAlready):
        awards.approve(actor=staff_of(town.community), claim=claim.pk, at=AT)


def test_who_entered_it_may_withdraw_what_waits() -> None:
    town = make_town(second_person_above=1)
    claim = give(town)

    withdrawn = awards.refuse(actor=town.staff, claim=claim.pk, reason="记错了", at=AT)

    assert (withdrawn.state, withdrawn.approved_by) == ("refused", None)


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


def spend(town: Town, account: Account, points: int) -> None:
    """Spend in the shop."""
    from django.db import transaction

    with scope.everything(), transaction.atomic():
        shop = ledger.system_account(book=town.book.pk, community=town.community.pk, kind="shop", at=AT)
        ledger.post(
            ledger.Posting(
                book=town.book.pk,
                kind="redeem",
                moves=[ledger.Move(account.pk, shop, points)],
                effective_on=TODAY,
                at=AT,
                key=new_id(),
            )
        )
