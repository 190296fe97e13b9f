"""Pilots beside the others: rates, and the difference of the changes around the month in which they began."""

from datetime import date
from uuid import UUID, uuid5

import pytest

from lianxin.insight import pilots
from lianxin.platform import scope, tallies
from lianxin.platform.models import NO_VENUE

ONES = [uuid5(UUID(int=0), str(n)) for n in range(4)]
FOUND = pilots.Pilots(
    batches=((1, date(2024, 7, 1), frozenset(ONES[:2])),), pilots=frozenset(ONES[:2]), others=frozenset(ONES[2:])
)
PEOPLE = dict.fromkeys(ONES, 500)
NAME = "volunteer_person_times"
TODAY = date(2025, 3, 15)


def count(by_month: dict[tuple[int, int], tuple[int, int]]) -> None:
    """Count for the first pilot and the first of the others on the fifth of each month."""
    sums = {
        (NAME, community, date(year, month, 5), NO_VENUE, ""): quantity
        for (year, month), both in by_month.items()
        for community, quantity in zip((ONES[0], ONES[2]), both, strict=True)
    }
    tallies.add(sums)


@pytest.mark.django_db
def test_the_difference_is_what_the_pilots_gained_more_than_the_others() -> None:
    count({(2024, month): (30, 40) for month in range(1, 7)} | {(2024, month): (90, 60) for month in range(8, 13)})
    count({(2024, 7): (9000, 9000), (2025, 1): (90, 60)})

    with scope.everything():
        [batch] = pilots.find_effects(FOUND, PEOPLE, on=TODAY, measures=[NAME])

    [effect] = batch.effects
    assert batch.months == 6
    assert (effect.before, effect.after, effect.others_before, effect.others_after) == (30, 90, 40, 60)
    assert (effect.change, effect.others_change, effect.difference) == (60, 20, 40)
    assert not effect.is_small


@pytest.mark.django_db
def test_months_in_which_nothing_was_counted_yet_belong_to_neither_side() -> None:
    count({(2024, month): (30, 40) for month in (5, 6)} | {(2024, month): (90, 60) for month in (8, 9)})

    with scope.everything():
        [batch] = pilots.find_effects(FOUND, PEOPLE, on=TODAY, measures=[NAME])
        too_early = pilots.find_effects(FOUND, PEOPLE, on=date(2024, 9, 20), measures=[NAME])

    assert batch.months == 2
    assert batch.effects[0].difference == 40
    assert too_early == []


@pytest.mark.django_db
def test_small_counts_are_marked() -> None:
    count({(2024, month): (1, 40) for month in range(1, 13)} | {(2025, 1): (1, 40)})

    with scope.everything():
        [batch] = pilots.find_effects(FOUND, PEOPLE, on=TODAY, measures=[NAME])
        [beside] = pilots.compare(FOUND, PEOPLE, from_on=date(2024, 1, 1), until_on=date(2025, 1, 1), measures=[NAME])

    assert batch.effects[0].is_small
    assert (beside.pilots, beside.others, beside.pilots_rate, beside.others_rate) == (12, 480, 12, 480)
    assert beside.is_small
    assert beside.ratio == pytest.approx(12 / 480)


@pytest.mark.django_db
def test_months_are_read_for_both_groups_at_once() -> None:
    count({(2024, 1): (10, 20), (2024, 2): (30, 0)})
    months = [(date(2024, month, 1), date(2024, month + 1, 1)) for month in (1, 2, 3)]

    with scope.everything():
        rates = pilots.read_months(FOUND, PEOPLE, measure=NAME, months=months)

    assert rates == [(10, 20), (30, 0), (0, 0)]
