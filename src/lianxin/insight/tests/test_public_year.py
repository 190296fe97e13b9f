"""The year that everybody may read: what is kept back, what it is compared with, which years there are."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from lianxin.insight.areas import Area, find_area, whole
from lianxin.insight.public_year import is_a_year, read_year, years_told
from lianxin.platform import scope, tallies
from lianxin.platform.actors import Actor
from lianxin.platform.models import NO_VENUE
from tests.support.district import SmallDistrict

pytestmark = pytest.mark.django_db
# A year of which the sample tells nothing.
YEAR = 2022
LATER = date(2025, 6, 1)
MOST_QUERIES = 12


def counted(measure: str, community: Any, *on: tuple[int, int, int], year: int = YEAR) -> None:
    """Let a figure have a count on days: (month, day, count)."""
    sums = {(measure, community.pk, date(year, month, day), NO_VENUE, ""): count for month, day, count in on}
    with scope.everything(), transaction.atomic():
        tallies.add(sums)


def area(place: Any) -> Area:
    return find_area(place.pk, actor=Actor.system(via="web"), on=date(YEAR, 12, 31))


def test_few_people_are_never_told_as_a_number(small_district: SmallDistrict) -> None:
    few, some, many = small_district.cuiying, small_district.jinzhou_town, small_district.jinzhou_village
    counted("volunteer_person_times", few, (3, 1, 3))
    counted("volunteer_person_times", some, (3, 1, 40))
    counted("volunteer_person_times", many, (3, 1, 60))
    counted("volunteer_occurrences", few, (3, 1, 1))

    told = {
        place.pk: read_year(year=YEAR, area=area(place), today=LATER).told["volunteers"].value
        for place in (few, some, many)
    }
    district = read_year(year=YEAR, area=whole(Actor.system(via="web"), on=LATER), today=LATER)

    # The next smallest goes along: the district's sum without the others would be the small one.
    assert told == {few.pk: None, some.pk: None, many.pk: 60}
    assert district.told["volunteers"].value == 103
    assert read_year(year=YEAR, area=area(few), today=LATER).told["volunteer_held"].value == 1


def test_a_single_small_month_takes_the_next_smallest_with_it(small_district: SmallDistrict) -> None:
    place = small_district.cuiying
    counted("occurrences_held", place, (1, 5, 1), (2, 5, 1), (3, 5, 2))
    counted("person_times", place, (1, 5, 3), (2, 5, 9), (3, 5, 50))

    found = read_year(year=YEAR, area=area(place), today=LATER)

    assert [one.came for one in found.months] == [None, None, 50, *[0] * 9]
    assert [one.held for one in found.months][:4] == [1, 1, 2, 0]
    assert found.told["came"].value == 62


def test_few_and_none_look_the_same_and_then_nobody_else_is_kept_back(small_district: SmallDistrict) -> None:
    few, none, many = small_district.cuiying, small_district.jinzhou_town, small_district.jinzhou_village
    counted("needs_heard", few, (3, 1, 4))
    counted("needs_heard", many, (3, 1, 43))

    told = [read_year(year=YEAR, area=area(place), today=LATER).told["heard"].value for place in (few, none, many)]

    assert told == [None, None, 43]


def test_sum_of_two_figures_is_kept_back_as_one(small_district: SmallDistrict) -> None:
    counted("needs_heard", small_district.cuiying, (3, 1, 3))
    counted("cases_heard", small_district.cuiying, (3, 1, 4))

    assert read_year(year=YEAR, area=area(small_district.cuiying), today=LATER).told["heard"].value == 7


def test_year_that_goes_on_is_compared_with_the_same_days(small_district: SmallDistrict) -> None:
    place = small_district.cuiying
    counted("occurrences_held", place, (2, 5, 4), (11, 5, 90))
    counted("occurrences_held", place, (2, 5, 6), year=YEAR + 1)
    counted("person_times", place, (2, 5, 60), year=YEAR + 1)

    so_far = read_year(year=YEAR + 1, area=area(place), today=date(YEAR + 1, 3, 10))
    at_the_end = read_year(year=YEAR + 1, area=area(place), today=LATER)

    assert (so_far.told["held"].value, so_far.told["held"].before, so_far.told["held"].change) == (6, 4, 2)
    assert (at_the_end.told["held"].before, at_the_end.told["held"].change) == (94, -88)
    assert (so_far.is_whole, at_the_end.is_whole) == (False, True)
    assert [(one.held, one.came) for one in so_far.months] == [(0, 0), (6, 60), (0, 0)]


def test_years_with_anything_on_record_are_listed_and_an_empty_one_says_so(small_district: SmallDistrict) -> None:
    place = small_district.cuiying
    counted("visits", place, (2, 5, 40))
    counted("needs_heard", small_district.jinzhou_town, (2, 5, 40), year=YEAR - 2)
    everything = whole(Actor.system(via="web"), on=LATER)

    assert years_told(area=area(place), today=date(YEAR + 1, 1, 1)) == [YEAR]
    assert years_told(area=everything, today=date(YEAR + 1, 1, 1)) == [YEAR, YEAR - 2]
    assert read_year(year=YEAR - 1, area=area(place), today=LATER).is_empty
    assert not read_year(year=YEAR, area=area(place), today=LATER).is_empty


def test_years_that_cannot_be_are_none() -> None:
    today = date(2026, 11, 23)

    assert [year for year in (0, 1999, 2000, 2026, 2027, 99999) if is_a_year(year, today=today)] == [2000, 2026]


def test_a_year_costs_few_queries_however_many_communities(small_district: SmallDistrict) -> None:
    asked: list[tuple[UUID | None, int]] = []
    for one in (area(small_district.cuiying), whole(Actor.system(via="web"), on=LATER)):
        with CaptureQueriesContext(connection) as queries:
            read_year(year=YEAR, area=one, today=LATER)
        asked.append((one.id, len(queries)))

    assert all(number <= MOST_QUERIES for _id, number in asked), asked
