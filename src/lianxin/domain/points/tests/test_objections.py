"""Objections: raised on a notice on show, answered by somebody who has no part in it, and undone when upheld."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from lianxin.domain.people.commands.persons import change_phone
from lianxin.domain.people.tests.factories import staff
from lianxin.domain.points.commands import notices, objections
from lianxin.domain.points.ledger.closing import list_differences
from lianxin.domain.points.models import Account, Claim, Notice, Objection, RulesEnd, Txn
from lianxin.domain.points.queries import notices as reading
from lianxin.domain.points.tests.factories import NOON, TODAY
from lianxin.domain.points.tests.trust_factories import Street, make_rules, make_street
from lianxin.platform import scope
from lianxin.platform.errors import Invalid, Missing, NotAllowed
from lianxin.platform.ids import new_id
from lianxin.platform.models import Duty, Message

pytestmark = pytest.mark.django_db


@pytest.fixture
def street():  # type: ignore[no-untyped-def]
    with scope.everything():
        yield make_street()


@pytest.fixture
def shown(street: Street) -> tuple[Claim, Notice]:
    claim = street.award(0, 10)
    notice = notices.publish_awards(actor=street.staff, book=street.book.id, at=NOON)
    assert notice is not None
    return claim, notice


def raise_one(street: Street, notice: Notice, claim: Claim | None = None, **more):  # type: ignore[no-untyped-def]
    given: dict[str, Any] = {"actor": street.resident(1), "text": "那天他没有来", "at": NOON} | more
    return objections.raise_objection(notice=notice.pk, claim=claim.pk if claim else None, **given)


def decide(street: Street, objection: Objection, *, upheld: bool, **more):  # type: ignore[no-untyped-def]
    given: dict[str, Any] = {"actor": street.staff, "answer": "已核实", "at": NOON + timedelta(days=1)} | more
    return objections.decide(objection=objection.pk, upheld=upheld, **given)


def test_resident_objects_and_staff_has_five_working_days(street: Street, shown: tuple[Claim, Notice]) -> None:
    claim, notice = shown

    objection = raise_one(street, notice, claim)

    assert (objection.person_id, objection.via, objection.state) == (street.heads[1].pk, "web", "open")
    [duty] = Duty.objects.filter(kind=objections.DUTY, closed_at=None)
    # NOON is a Monday: five working days on is the next Monday, half past five in the afternoon in Shanghai.
    assert duty.due_at == datetime(2026, 3, 9, 9, 30, tzinfo=UTC)
    assert duty.assignee_role == "community_staff"


def test_upheld_objection_takes_the_points_back_with_a_linked_correction(
    street: Street, shown: tuple[Claim, Notice]
) -> None:
    claim, notice = shown
    objection = raise_one(street, notice, claim)

    decided = decide(street, objection, upheld=True)

    assert decided.state == "upheld"
    assert Txn.objects.get(pk=decided.reversal_id).kind == "reversal"
    assert Claim.objects.get(pk=claim.pk).state == "reversed"
    assert Account.objects.get(pk=street.book.households[0]).balance == 0
    assert not Duty.objects.filter(kind=objections.DUTY, closed_at=None).exists()
    assert list(list_differences()) == []


def test_upheld_objection_to_points_that_are_spent_leaves_a_debt(street: Street, shown: tuple[Claim, Notice]) -> None:
    claim, notice = shown
    street.spend(0, 10)
    objection = raise_one(street, notice, claim)

    decide(street, objection, upheld=True)

    assert Account.objects.get(kind="debt", owner=street.homes[0].pk).balance == -10


def test_rejected_objection_changes_no_points(street: Street, shown: tuple[Claim, Notice]) -> None:
    claim, notice = shown
    objection = raise_one(street, notice, claim)

    decided = decide(street, objection, upheld=False)

    assert (decided.state, decided.reversal_id) == ("rejected", None)
    assert Account.objects.get(pk=street.book.households[0]).balance == 10


def test_answer_goes_to_the_phone_of_who_objected(street: Street, shown: tuple[Claim, Notice]) -> None:
    claim, notice = shown
    change_phone(actor=street.staff, person=street.heads[1].pk, phone="13800138000", at=NOON)
    objection = raise_one(street, notice, claim)

    decide(street, objection, upheld=False)

    [message] = Message.objects.filter(template=objections.ANSWERED)
    assert (message.channel, message.address.reveal()) == ("sms", "13800138000")
    assert "已核实" in message.context.reveal()


def test_answer_is_printed_for_who_has_no_phone(street: Street, shown: tuple[Claim, Notice]) -> None:
    claim, notice = shown
    objection = raise_one(street, notice, claim)

    decide(street, objection, upheld=False)

    [message] = Message.objects.filter(template=objections.ANSWERED)
    assert (message.channel, message.address.reveal()) == ("print", street.homes[1].number)


def test_who_gave_the_points_does_not_decide(street: Street, shown: tuple[Claim, Notice]) -> None:
    claim, notice = shown
    objection = raise_one(street, notice, claim)
    awarder = replace(street.staff, account=street.awarder)

    with pytest.raises(objections.SomebodyElseDecides):
        decide(street, objection, upheld=False, actor=awarder)


def test_member_of_the_household_and_who_objected_do_not_decide(street: Street, shown: tuple[Claim, Notice]) -> None:
    claim, notice = shown
    objection = raise_one(street, notice, claim)

    for place in (0, 1):
        with pytest.raises(objections.SomebodyElseDecides):
            decide(street, objection, upheld=False, actor=replace(street.staff, person=street.heads[place].pk))


def test_objection_without_an_answer_is_not_decided(street: Street, shown: tuple[Claim, Notice]) -> None:
    claim, notice = shown
    objection = raise_one(street, notice, claim)

    with pytest.raises(Invalid):
        decide(street, objection, upheld=True, answer="  ")


def test_objection_is_decided_once(street: Street, shown: tuple[Claim, Notice]) -> None:
    claim, notice = shown
    objection = raise_one(street, notice, claim)
    decide(street, objection, upheld=False)

    with pytest.raises(objections.DecidedAlready):
        decide(street, objection, upheld=True)


def test_same_key_decides_once(street: Street, shown: tuple[Claim, Notice]) -> None:
    claim, notice = shown
    objection, key, actor = raise_one(street, notice, claim), new_id(), street.staff
    decide(street, objection, upheld=True, key=key, actor=actor)

    again = decide(street, objection, upheld=True, key=key, actor=actor)

    assert again.state == "upheld"
    assert Txn.objects.filter(kind="reversal").count() == 1


def test_two_upheld_objections_to_one_award_take_it_back_once(street: Street, shown: tuple[Claim, Notice]) -> None:
    claim, notice = shown
    one = raise_one(street, notice, claim)
    two = raise_one(street, notice, claim, actor=street.resident(2))
    decide(street, one, upheld=True)

    decided = decide(street, two, upheld=True)

    assert decided.reversal_id == Objection.objects.get(pk=one.pk).reversal_id
    assert Txn.objects.filter(kind="reversal").count() == 1


def test_objection_after_the_notice_is_refused(street: Street, shown: tuple[Claim, Notice]) -> None:
    claim, notice = shown

    raise_one(street, notice, claim, at=NOON + timedelta(days=6))
    with pytest.raises(objections.NoticeOver):
        raise_one(street, notice, claim, at=NOON + timedelta(days=7), actor=street.resident(2))


def test_objection_to_an_award_that_is_not_on_the_notice_is_missing(
    street: Street, shown: tuple[Claim, Notice]
) -> None:
    other = street.award(1, 5)

    with pytest.raises(Missing):
        raise_one(street, shown[1], other)


def test_same_resident_does_not_object_twice_while_one_is_open(street: Street, shown: tuple[Claim, Notice]) -> None:
    claim, notice = shown
    raise_one(street, notice, claim)

    with pytest.raises(objections.ObjectionWaits):
        raise_one(street, notice, claim)


def test_objection_to_points_taken_back_is_refused(street: Street, shown: tuple[Claim, Notice]) -> None:
    claim, notice = shown
    street.reverse(claim)

    with pytest.raises(objections.TakenBackAlready):
        raise_one(street, notice, claim)


def test_objection_says_something_and_not_too_much(street: Street, shown: tuple[Claim, Notice]) -> None:
    claim, notice = shown

    for text in ("", "   ", "长" * 1001):
        with pytest.raises(Invalid):
            raise_one(street, notice, claim, text=text)


def test_resident_of_another_community_does_not_see_the_notice(street: Street, shown: tuple[Claim, Notice]) -> None:
    claim, notice = shown
    stranger = replace(street.resident(1), communities=frozenset({street.tree.daya.pk}))

    with pytest.raises(Missing):
        raise_one(street, notice, claim, actor=stranger)


def test_staff_writes_down_an_objection_made_by_phone(street: Street, shown: tuple[Claim, Notice]) -> None:
    claim, notice = shown

    objection = raise_one(street, notice, claim, actor=street.staff, person=street.heads[2].pk, via="phone")

    assert (objection.person_id, objection.via) == (street.heads[2].pk, "phone")


def test_staff_writes_down_an_unsigned_letter_and_nobody_is_told_the_answer(
    street: Street, shown: tuple[Claim, Notice]
) -> None:
    claim, notice = shown
    objection = raise_one(street, notice, claim, actor=street.staff, via="paper")

    decide(street, objection, upheld=False)

    assert objection.person_id is None
    assert not Message.objects.filter(template=objections.ANSWERED).exists()


def test_resident_does_not_object_in_the_name_of_a_neighbour(street: Street, shown: tuple[Claim, Notice]) -> None:
    claim, notice = shown

    with pytest.raises(Missing):
        raise_one(street, notice, claim, person=street.heads[2].pk)


def test_only_staff_decides(street: Street, shown: tuple[Claim, Notice]) -> None:
    claim, notice = shown
    objection = raise_one(street, notice, claim)

    with pytest.raises(NotAllowed):
        decide(street, objection, upheld=True, actor=street.resident(2))
    with pytest.raises(Missing):
        decide(street, objection, upheld=True, actor=staff("community_staff", street.tree.daya))


def test_upheld_objection_to_rules_withdraws_them_and_the_notice(street: Street) -> None:
    rules = make_rules(street.book, number=2, from_on=TODAY + timedelta(days=20))
    notice = notices.publish_notice(
        actor=street.staff,
        book=street.book.id,
        kind="rules",
        title="第二版规则",
        subject=rules.pk,
        shown_from=TODAY,
        shown_until=TODAY + timedelta(days=6),
        at=NOON,
    )
    objection = raise_one(street, notice)

    decide(street, objection, upheld=True)

    assert RulesEnd.objects.filter(version=rules).exists()
    assert Notice.objects.get(pk=notice.pk).state == "withdrawn"


def test_resident_reads_own_objections_with_the_answer_and_not_those_of_others(
    street: Street, shown: tuple[Claim, Notice]
) -> None:
    claim, notice = shown
    objection = raise_one(street, notice, claim)
    decide(street, objection, upheld=False)

    [own] = reading.list_own_objections(actor=street.resident(1))

    assert own.award is not None
    assert (own.answer, own.award.masked_name, own.person) == ("已核实", "张*三", None)
    assert reading.list_own_objections(actor=street.resident(2)) == []
    with pytest.raises(Missing):
        reading.find_objection(actor=street.resident(2), objection=objection.pk)


def test_staff_sees_the_open_objections_and_on_the_notice_how_many(street: Street, shown: tuple[Claim, Notice]) -> None:
    claim, notice = shown
    objection = raise_one(street, notice, claim)

    assert [one.id for one in reading.list_objections(actor=street.staff)] == [objection.pk]
    assert reading.find_notice_for_staff(actor=street.staff, notice=notice.pk).objections[0].text == "那天他没有来"
    [card] = reading.list_notices(community=street.community.pk, on=TODAY)
    assert card.open_objections == 1
