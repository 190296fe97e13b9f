"""Days that repeat: what each rule gives is what somebody finds who goes through the calendar day by day."""

from calendar import monthrange
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianxin.engines import recurrence
from lianxin.engines.recurrence import LAST

FIRST = st.dates(date(2020, 1, 1), date(2030, 12, 31))
LENGTH, INTERVAL = st.integers(-3, 900), st.integers(1, 15)
WEEKDAYS = st.sets(st.integers(0, 6), min_size=1)


def all_days(first: date, length: int) -> list[date]:
    """Every day from the first one on, the last one included."""
    return [first + timedelta(days=number) for number in range(length + 1)]


@given(FIRST, LENGTH, INTERVAL, st.sets(st.integers(0, 6)))
def test_days(first: date, length: int, interval: int, weekdays: set[int]) -> None:
    found = list(
        recurrence.daily(first=first, until=first + timedelta(days=length), interval=interval, weekdays=weekdays)
    )

    assert found == [
        day
        for day in all_days(first, length)
        if (day - first).days % interval == 0 and (not weekdays or day.weekday() in weekdays)
    ]


@given(FIRST, LENGTH, INTERVAL, WEEKDAYS)
def test_weeks(first: date, length: int, interval: int, weekdays: set[int]) -> None:
    found = list(
        recurrence.weekly(first=first, until=first + timedelta(days=length), interval=interval, weekdays=weekdays)
    )

    monday = first - timedelta(days=first.weekday())
    assert found == [
        day for day in all_days(first, length) if day.weekday() in weekdays and (day - monday).days // 7 % interval == 0
    ]


@given(FIRST, LENGTH, INTERVAL, st.sets(st.integers(1, 31), min_size=1))
def test_months(first: date, length: int, interval: int, days: set[int]) -> None:
    found = list(recurrence.monthly(first=first, until=first + timedelta(days=length), interval=interval, days=days))

    assert found == [
        day
        for day in all_days(first, length)
        if day.day in days and (day.year * 12 + day.month - first.year * 12 - first.month) % interval == 0
    ]


@given(FIRST, LENGTH, INTERVAL, WEEKDAYS, st.sampled_from([1, 2, 3, 4, LAST]))
def test_weekdays_of_months(first: date, length: int, interval: int, weekdays: set[int], nth: int) -> None:
    until = first + timedelta(days=length)

    found = list(recurrence.monthly_weekdays(first=first, until=until, interval=interval, weekdays=weekdays, nth=nth))

    def is_the_one(day: date) -> bool:
        return day.day > monthrange(day.year, day.month)[1] - 7 if nth == LAST else (day.day - 1) // 7 == nth - 1

    assert found == [
        day
        for day in all_days(first, length)
        if day.weekday() in weekdays
        and is_the_one(day)
        and (day.year * 12 + day.month - first.year * 12 - first.month) % interval == 0
    ]


@pytest.mark.parametrize("interval", [1, 12])
def test_day_that_no_month_has_gives_nothing_and_comes_to_an_end(interval: int) -> None:
    february = {"first": date(2025, 2, 1), "until": date(2025, 2, 28)}

    assert list(recurrence.monthly(**february, interval=interval, days=[31])) == []
