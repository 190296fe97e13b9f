"""Phones that send at the same moment: a record is taken once, a visit has one record, a household one plan."""

import pytest

from lianxin.domain.needs.commands import syncing, visits
from lianxin.domain.needs.models import NeedReport, Visit, VisitConflict, VisitPromise
from lianxin.platform import scope
from lianxin.platform.errors import Refused
from lianxin.platform.ids import new_id
from tests.support.racing import DONE, race

from .factories import AT, TODAY, fresh, make_place
from .visit_factories import differences, planned, sent

pytestmark = pytest.mark.django_db(transaction=True)
AT_ONCE = 6


class Other(Refused):
    """The answer was not "taken"."""


def test_same_record_sent_many_times_at_once_is_taken_once() -> None:
    place = make_place()
    [row] = planned(place)
    record = sent(
        row,
        made=[{"record": str(new_id()), "words": "带药", "due_on": None}],
        wishes=[{"record": str(new_id()), "words": "想学用手机"}],
    )

    def send(_number: int) -> None:
        [answer] = syncing.take_sent(actor=place.keeper, sent=[record], at=AT)
        if answer.state != "taken":
            assert answer.state == "again"
            raise Other

    assert race(AT_ONCE, send) == {DONE: 1, "Other": AT_ONCE - 1}
    with scope.everything():
        assert VisitPromise.objects.count() == NeedReport.objects.count() == 1
        assert not VisitConflict.objects.exists()
    assert differences() == []


def test_phones_with_different_records_of_one_visit_leave_one_record_and_the_others_beside_it() -> None:
    place = make_place()
    [row] = planned(place)
    records = [sent(row, note=f"第{number}个人") for number in range(AT_ONCE)]

    def send(number: int) -> None:
        [answer] = syncing.take_sent(actor=place.keeper, sent=[records[number]], at=AT)
        if answer.state != "taken":
            assert answer.state == "conflict"
            raise Other

    assert race(AT_ONCE, send) == {DONE: 1, "Other": AT_ONCE - 1}
    with scope.everything():
        assert VisitConflict.objects.count() == AT_ONCE - 1
    assert fresh(row).version == 2
    assert differences() == []


def test_household_planned_by_several_at_once_is_visited_once() -> None:
    place = make_place()

    race(
        AT_ONCE,
        lambda _number: visits.plan(
            actor=place.keeper,
            community=place.community.pk,
            households=[home.pk for home in place.homes],
            reason="round",
            due_on=TODAY,
            at=AT,
        ),
    )

    with scope.everything():
        assert Visit.objects.count() == len(place.homes)
