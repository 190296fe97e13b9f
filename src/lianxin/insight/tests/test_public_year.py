"""The year that everybody may read: what is kept back, what it is compared with, which years there are."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from scipy.optimize import linprog

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

    # The next smallest goes along: the sum of both without the other would be the small one.
    assert told == {few.pk: None, some.pk: None, many.pk: 60}
    assert district.told["volunteers"].value == 103
    assert read_year(year=YEAR, area=area(few), today=LATER).told["volunteer_held"].value == 1


def test_small_month_cannot_be_worked_out_from_all_pages_together(small_district: SmallDistrict) -> None:
    small, *others = small_district.cuiying, small_district.jinzhou_town, small_district.jinzhou_village
    counted("person_times", small, (1, 5, 3), (2, 5, 12), (3, 5, 50))
    for n, other in enumerate(others):
        counted("person_times", other, (1, 5, 21 + n), (2, 5, 30 + n), (3, 5, 60 + n))
    places = [small, *others]
    uppers = {place.parent_id for place in places}
    areas = [area(place) for place in places]
    areas += [find_area(pk, actor=Actor.system(via="web"), on=date(YEAR, 12, 31)) for pk in uppers]
    areas.append(whole(Actor.system(via="web"), on=LATER))

    pages = {one.communities: read_year(year=YEAR, area=one, today=LATER) for one in areas}

    told = [
        (communities, one.first_on.month, one.came)
        for communities, page in pages.items()
        for one in page.months
        if one.came is not None
    ]
    told += [(communities, None, page.told["came"].value) for communities, page in pages.items()]
    low, high = possible(small.pk, 1, [one for one in told if one[2] is not None], [place.pk for place in places])
    assert (low, high) == (pytest.approx(0), pytest.approx(15))
    assert pages[frozenset({small.pk})].told["came"].value == 65
    assert [one.came for one in pages[frozenset({small.pk})].months] == [None, None, 50, *[0] * 9]


def possible(place: UUID, month: int, told: list[Any], places: list[UUID]) -> tuple[float, float]:
    """Give the least and most that a month of a place can be, for somebody who adds and subtracts all that is told."""
    cells = [(one, number) for one in places for number in (1, 2, 3)]
    rows = [[(c is None or one in c) and m in (None, number) for one, number in cells] for c, m, _n in told]
    aim = [one == place and number == month for one, number in cells]
    ends = [
        linprog([sign * on for on in aim], A_eq=rows, b_eq=[n for _c, _m, n in told], bounds=(0, None)).fun
        for sign in (1, -1)
    ]
    return ends[0], -ends[1]


def test_few_and_none_look_the_same(small_district: SmallDistrict) -> None:
    few, none, many = small_district.cuiying, small_district.jinzhou_town, small_district.jinzhou_village
    counted("needs_heard", few, (3, 1, 4))
    counted("needs_heard", many, (3, 1, 43))

    told = [read_year(year=YEAR, area=area(place), today=LATER).told["heard"].value for place in (few, none)]

    assert told == [None, None]


def test_number_of_the_year_before_is_not_told_by_the_change_where_it_is_small(small_district: SmallDistrict) -> None:
    place = small_district.cuiying
    counted("visits", place, (3, 1, 4), year=YEAR - 1)
    counted("visits", place, (3, 1, 60))

    assert read_year(year=YEAR, area=area(place), today=LATER).told["visits"].change is None


def test_running_year_tells_of_people_by_whole_months_of_the_district_alone(small_district: SmallDistrict) -> None:
    place, year = small_district.cuiying, YEAR - 10
    counted("person_times", place, (1, 5, 60), (2, 5, 70), (3, 5, 80), year=year)
    counted("visits", place, (1, 5, 60), (2, 5, 2), year=year)
    counted("occurrences_held", place, (1, 5, 3), (3, 5, 4), year=year)
    today = date(year, 3, 10)

    part = read_year(year=year, area=area(place), today=today)
    district = read_year(year=year, area=whole(Actor.system(via="web"), on=LATER), today=today)

    assert (part.told["came"].value, part.months, part.people_until_on) == (None, (), None)
    assert part.told["held"].value == district.told["held"].value == 7
    assert not part.is_empty
    assert [one.came for one in district.months] == [60, 70, None]
    assert (district.told["came"].value, district.people_until_on) == (130, date(year, 3, 1))
    assert district.told["visits"].value is None


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
    assert [(one.held, one.came) for one in at_the_end.months][:3] == [(0, 0), (6, 60), (0, 0)]


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
