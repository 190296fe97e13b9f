"""Pilots of a city, which knows of them only what its districts read off: who, since when, and what changed."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

import pytest

from lianxin.insight import upper_pilots, upper_since
from lianxin.insight.periods import read_period
from lianxin.platform import tallies

from .test_levels import add, city, read  # noqa: F401

MEASURE = "volunteer_person_times"
PEOPLE = {"东": 1_000, "东1": 500, "东2": 500, "西": 1_000, "西1": 500, "西2": 500}
MONTHS = [date(2024, number, 1) for number in range(1, 13)]
YEAR = (date(2024, 1, 1), date(2025, 1, 1))


@pytest.fixture
def pilots(city: dict[str, UUID]) -> dict[str, UUID]:  # noqa: F811
    """Let 东1 always have been a pilot and 东2 be one since July, with sums that changed in August."""
    for month in MONTHS:
        last = tallies.next_month(month) - timedelta(days=1)
        began = int(month >= date(2024, 7, 1))
        read(city, "pilot_communities", {"东": 1 + began, "东1": 1, "东2": began, "西": 0, "西1": 0, "西2": 0}, last)
        read(city, "residents", PEOPLE, last)
        for where, before, after in (("东1", 7, 7), ("东2", 30, 90), ("西1", 40, 60)):
            many = after if month > date(2024, 7, 1) else before
            add(city, MEASURE, where, month + timedelta(days=4), many)
    return city


def find(city: dict[str, UUID], until_on: date = YEAR[1], where: str = "") -> upper_pilots.Found:  # noqa: F811
    """Give the pilots of both districts, or within one place."""
    return upper_pilots.find_pilots(
        districts=[city["东"], city["西"]], until_on=until_on, within=city[where] if where else None
    )


def compare(city: dict[str, UUID], found: upper_pilots.Found) -> upper_pilots.Compared:  # noqa: F811
    """Set the pilots of both districts beside the others over the year."""
    return upper_pilots.compare(
        found,
        upper_pilots.read_details(found),
        areas=frozenset({city["东"], city["西"]}),
        days=YEAR,
        on=date(2025, 1, 1),
        months=MONTHS,
        drawn=MEASURE,
    )


def test_a_pilot_is_what_its_district_read_off_last(pilots: dict[str, UUID]) -> None:
    assert find(pilots, date(2024, 6, 30)).ids == {pilots["东1"]}
    assert find(pilots).ids == {pilots["东1"], pilots["东2"]}
    assert find(pilots, where="东街道").ids == {pilots["东1"], pilots["东2"]}
    assert find(pilots, where="东2").ids == {pilots["东2"]}
    assert find(pilots, where="西").ids == frozenset()
    began = {one.name: one.began_on for one in upper_pilots.read_details(find(pilots)).values()}
    assert began == {"东1社区": None, "东2社区": date(2024, 7, 31)}

    # A community that is read no more, while its district is, is no pilot any more.
    read(pilots, "pilot_communities", {"东": 1, "东2": 1}, date(2025, 1, 31))

    assert find(pilots, date(2025, 2, 1)).ids == {pilots["东2"]}


def test_what_changed_is_told_around_the_month_of_the_first_reading(pilots: dict[str, UUID]) -> None:
    told = compare(pilots, find(pilots))

    row = next(row for row in told.beside if row.measure == MEASURE)
    assert (row.pilots, row.others) == (12 * 7 + 7 * 30 + 5 * 90, 7 * 40 + 5 * 60)
    assert (told.pilots.residents, told.others.residents) == (1_000, 1_000)
    [batch] = told.effects
    effect = next(one for one in batch.effects if one.measure == MEASURE)
    assert (batch.began_on, batch.months) == (date(2024, 7, 1), 5)
    # The pilot of before belongs to neither side: 60 and 180 per 1,000 in 东2, 40 and 60 in 西.
    assert (effect.before, effect.after, effect.others_before, effect.others_after) == (60, 180, 40, 60)
    assert effect.difference == 100
    assert (told.months[0], told.months[-1]) == ((37, 40), (97, 60))


def test_too_many_pilots_are_summed_as_few_are_but_not_month_by_month(
    pilots: dict[str, UUID], monkeypatch: pytest.MonkeyPatch
) -> None:
    add(pilots, upper_pilots.MEASURES[0], "东1", date(2024, 3, 5), 9)
    few = compare(pilots, find(pilots))
    monkeypatch.setattr(upper_pilots, "MANY", 1)

    many = compare(pilots, find(pilots))

    assert many.beside == few.beside
    assert few.first[pilots["东"]] == few.first[pilots["东1"]] == 9
    assert {place: many.first[place] for place in few.first} == few.first
    assert (many.effects, many.months) == ((), ())


def test_of_too_many_pilots_whole_months_are_read_over_years_and_months_alike(
    pilots: dict[str, UUID], monkeypatch: pytest.MonkeyPatch
) -> None:
    add(pilots, MEASURE, "东1", date(2023, 11, 5), 1_000)
    monkeypatch.setattr(upper_pilots, "MANY", 1)
    asked = upper_pilots.whole_months(read_period("2023-11-20..2024-12-30", today=date(2025, 1, 1)))

    told = upper_pilots.compare(
        find(pilots), {}, areas=frozenset({pilots["东"]}), days=(asked.from_on, asked.until_on), on=YEAR[1]
    )

    assert (asked.from_on, asked.until_on) == (date(2023, 11, 1), date(2025, 1, 1))
    row = next(row for row in told.beside if row.measure == MEASURE)
    assert (row.pilots, row.others) == (1_000 + 12 * 7 + 7 * 30 + 5 * 90, 0)


def test_a_district_that_hands_figures_up_only_since_later_is_named(pilots: dict[str, UUID]) -> None:
    both = {pilots["东"], pilots["西"]}
    add(pilots, MEASURE, "西1", date(2023, 11, 20), 1)

    def missing(day: date) -> set[UUID]:
        return upper_since.not_held_yet(both, measures=[MEASURE], day=day)

    # Of 东 the first figures are those of 5 January 2024, of 西 those of 20 November 2023.
    assert missing(date(2023, 11, 1)) == both
    assert missing(date(2023, 11, 14)) == missing(date(2023, 12, 1)) == {pilots["东"]}
    assert missing(date(2024, 1, 1)) == missing(date(2024, 6, 10)) == set()
