"""The rules of needs that know no database: times, priority, receipts, titles and outcomes."""

from uuid import UUID

import pytest

from lianxin.domain.needs.rules import outcomes, priority, receipts, times, titles


def test_times_are_packed_and_said_in_few_words() -> None:
    mask = times.mask_of(["working_evenings", "unknown"]) | times.bit(5, times.MORNING)

    assert times.unpack(times.bit(5, times.MORNING)) == [(5, "morning")]
    assert times.describe(mask) == "weekday evenings, Saturday morning"
    assert times.describe(times.ANY) == times.describe(times.ALL) == "any time"
    assert times.mask_of(times.SPOKEN) == times.ALL


@pytest.mark.parametrize(
    ("masks", "joint"),
    [
        ([], 0),
        ([0, 0], 0),
        ([0b01, 0b01, 0b10], 0b01),
        ([0b01, 0b10, 0b100], 0b111),
        ([0, 0b01], 0),
    ],
)
def test_times_of_those_who_ask_together_suit_half_of_them(masks: list[int], joint: int) -> None:
    assert times.joint(masks) == joint


def test_priority_is_the_sum_of_its_reasons_between_one_and_five() -> None:
    assert priority.weigh(priority.Case(voices=1)) == (1, [])
    assert priority.weigh(priority.Case(urgent=1, households=12, waiting_days=100, very_old=1, not_met=1))[0] == 5
    assert priority.weigh(priority.Case(voices=3)) == (2, [("households", 1, 3)])
    # Old askers and a group that comes first are one reason, not two.
    assert priority.weigh(priority.Case(voices=1, very_old=1, is_group_first=True)) == (2, [("very_old", 1, 1)])
    for name in ("urgent", "households", "waiting_days", "very_old", "group", "not_met"):
        assert priority.say(name, 3)


def test_receipt_notices_one_wrong_digit_and_neighbours_swapped() -> None:
    number = receipts.number_for(UUID(int=7))

    assert receipts.read_number(f" {number[:4]}-{number[4:]} ") == number
    for place in range(8):
        for digit in set("0123456789") - {number[place]}:
            assert receipts.read_number(number[:place] + digit + number[place + 1 :]) == ""
    assert receipts.number_for(UUID(int=7), turn=1) != number
    assert len(receipts.word_for(UUID(int=7))) == 4


@pytest.mark.parametrize(
    ("words", "title"),
    [
        ("您好，想请人教老人用手机挂号。我妈总不会", "想请人教老人用手机挂号"),
        ("我是陈小明，电话 138-0013-8000", "我是***，电话 *************"),
        ("希望" + "很" * 60, "希望" + "很" * 37 + "…"),
        ("？？", "??"),
    ],
)
def test_title_is_the_first_clause_without_names_and_numbers(words: str, title: str) -> None:
    assert titles.suggest(words, names=["陈小明", "", "王"]) == title


@pytest.mark.parametrize(
    ("says", "now", "after"),
    [
        (["", ""], "partly", "partly"),
        (["yes"], "partly", "met"),
        (["yes", "partly"], "partly", "partly"),
        (["yes", "yes", "partly"], "partly", "met"),
        (["yes", "no"], "met", "partly"),
        (["no"], "met", "open"),
        (["no"], "unmet", "open"),
        (["no"], "planned", "planned"),
        (["partly"], "planned", "planned"),
        (["yes"], "planned", "met"),
        (["no"], "withdrawn", "withdrawn"),
    ],
)
def test_askers_decide_whether_it_is_met(says: list[str], now: str, after: str) -> None:
    assert outcomes.judge(says, now=now) == after
