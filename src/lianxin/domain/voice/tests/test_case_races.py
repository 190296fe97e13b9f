"""People who act at the same moment: numbers are given once, crossing joins leave one case, an end counts once."""

from typing import Any

import pytest

from lianxin.domain.voice.commands import closing, joining, moving
from lianxin.domain.voice.models import Case, CaseReport
from lianxin.domain.voice.queries import case_checks
from lianxin.platform import facts, scope
from tests.support.racing import DONE, race

from .tier_factories import AT, DAY, TODAY, case_of, make_place, say

pytestmark = pytest.mark.django_db(transaction=True)
AT_ONCE = 4


def differences() -> list[str]:
    """What `verify` would say of cases."""
    return [
        *case_checks.voices_are_counted(),
        *case_checks.steps_lead_to_state(),
        *case_checks.joined_cases_name_theirs(),
        *case_checks.open_cases_have_somebody(),
    ]


def test_voices_heard_at_once_have_numbers_and_receipts_of_their_own() -> None:
    place = make_place(homes=2)

    def tell(number: int) -> Any:
        return say(place, f"第{number}件事", by=number % 2)

    assert race(AT_ONCE, tell) == {DONE: AT_ONCE}
    with scope.everything():
        assert sorted(Case.objects.values_list("number", flat=True)) == [1, 2, 3, 4]
        assert CaseReport.objects.values("receipt").distinct().count() == AT_ONCE
    assert differences() == []


def test_cases_joined_into_each_other_at_once_leave_one() -> None:
    place = make_place(homes=2)
    one, two = case_of(say(place)), case_of(say(place, "三楼的灯", by=1))
    ways = [(one.pk, two.pk), (two.pk, one.pk)] * 2

    def join(number: int) -> Any:
        case, into = ways[number]
        return joining.join(actor=place.keeper, case=case, into=into, at=AT)

    counted = race(AT_ONCE, join)

    assert counted[DONE] == 1
    with scope.everything():
        assert sorted(Case.objects.values_list("state", "voices")) == [("joined", 0), ("new", 2)]
    assert differences() == []


def test_two_who_say_solved_at_once_end_the_case_once() -> None:
    place = make_place(homes=2)
    voices = [say(place), say(place, "三楼的灯", by=1)]
    case = joining.join(actor=place.keeper, case=voices[1].case_id, into=voices[0].case_id, at=AT)
    moving.assign(actor=place.keeper, case=case.pk, account=place.keeper.account, at=AT)
    closing.finish(actor=place.keeper, case=case.pk, words="修好了", at=AT)

    def agree(number: int) -> Any:
        return closing.say(actor=place.resident(number), report=voices[number].pk, solved=True, at=AT)

    assert race(2, agree) == {DONE: 2}
    with scope.everything():
        assert Case.objects.get(pk=case.pk).state == "confirmed"
        assert facts.figure("cases_ended", from_on=TODAY, until_on=TODAY + DAY) == 1
    assert differences() == []
