import csv
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianxin.engines.workdays import Calendar, CalendarRow, Pause

ROWS = Path(__file__).parents[4] / "data" / "workdays.csv"


@pytest.fixture(scope="module")
def calendar() -> Calendar:
    with ROWS.open(encoding="utf-8") as file:
        return Calendar(
            CalendarRow(date.fromisoformat(row["date"]), row["kind"], row["name"]) for row in csv.DictReader(file)
        )


CALENDAR = Calendar(
    [
        *(CalendarRow(date(2026, 10, day), "holiday", "国庆节") for day in range(1, 8)),
        CalendarRow(date(2026, 9, 20), "makeup", "国庆节"),
        CalendarRow(date(2026, 10, 10), "makeup", "国庆节"),
    ]
)
days_of_2026 = st.dates(min_value=date(2026, 8, 1), max_value=date(2026, 12, 31))


def local(day: int, hour: int, month: int = 9) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=UTC) - timedelta(hours=8)


def test_national_day_is_no_working_day(calendar: Calendar) -> None:
    assert not calendar.is_workday(date(2026, 10, 1))
    assert calendar.is_holiday(date(2026, 10, 1))
    assert not calendar.is_holiday(date(2026, 11, 22))
    assert calendar.row(date(2026, 10, 1)).name == "国庆节"


def test_a_year_without_rows_falls_back_to_weekdays_and_says_so(calendar: Calendar) -> None:
    assert calendar.covers(2026)
    assert not calendar.covers(2027)
    assert calendar.is_workday(date(2027, 10, 1))
    assert not calendar.is_workday(date(2027, 10, 2))
    assert calendar.uncovered(date(2026, 12, 1), until=date(2028, 1, 5)) == [2027, 2028]


def test_five_working_days_before_national_day_run_over_it() -> None:
    assert CALENDAR.add_workdays(date(2026, 9, 28), days=5) == date(2026, 10, 10)


def test_zero_working_days_mean_the_next_open_day() -> None:
    assert CALENDAR.add_workdays(date(2026, 10, 1), days=0) == date(2026, 10, 8)
    assert CALENDAR.add_workdays(date(2026, 9, 28), days=0) == date(2026, 9, 28)


@given(start=days_of_2026, days=st.integers(min_value=1, max_value=60))
def test_counting_undoes_adding(start: date, days: int) -> None:
    end = CALENDAR.add_workdays(start, days=days)

    assert CALENDAR.is_workday(end)
    assert CALENDAR.workdays_between(start, until=end) == days


@given(start=days_of_2026, days=st.integers(min_value=1, max_value=60))
def test_going_back_from_a_working_day_returns_to_it(start: date, days: int) -> None:
    start = CALENDAR.add_workdays(start, days=0)

    assert CALENDAR.add_workdays(CALENDAR.add_workdays(start, days=days), days=-days) == start


@given(a=days_of_2026, b=days_of_2026, c=days_of_2026)
def test_working_days_add_up(a: date, b: date, c: date) -> None:
    a, b, c = sorted((a, b, c))

    whole = CALENDAR.workdays_between(a, until=c)
    assert CALENDAR.workdays_between(a, until=b) + CALENDAR.workdays_between(b, until=c) == whole


@given(a=days_of_2026, b=days_of_2026)
def test_counting_backwards_is_the_negative_of_counting_forwards(a: date, b: date) -> None:
    assert CALENDAR.workdays_between(a, until=b) == -CALENDAR.workdays_between(b, until=a)


def test_a_term_that_ended_on_monday_is_four_days_late_on_friday() -> None:
    assert CALENDAR.workdays_between(date(2026, 9, 25), until=date(2026, 9, 21)) == -4


def test_the_day_of_the_start_is_not_counted() -> None:
    due = CALENDAR.deadline(local(21, 9), days=1)

    assert due == datetime(2026, 9, 22, 15, 59, 59, tzinfo=UTC)


def test_the_last_day_ends_when_the_office_closes() -> None:
    due = CALENDAR.deadline(local(21, 9), days=1, closes=time(17, 30))

    assert due == datetime(2026, 9, 22, 9, 30, tzinfo=UTC)


def test_the_local_day_decides_and_not_the_day_in_utc() -> None:
    late_evening_in_utc = datetime(2026, 9, 20, 16, 30, tzinfo=UTC)

    assert CALENDAR.deadline(late_evening_in_utc, days=1).date() == date(2026, 9, 22)


def test_a_pause_moves_the_deadline_by_its_working_nights() -> None:
    pauses = [Pause(local(22, 10), local(24, 9))]

    assert CALENDAR.deadline(local(21, 9), days=2, pauses=pauses).date() == date(2026, 9, 25)


def test_a_pause_within_one_day_moves_nothing() -> None:
    pauses = [Pause(local(22, 10), local(22, 15))]

    assert CALENDAR.deadline(local(21, 9), days=2, pauses=pauses) == CALENDAR.deadline(local(21, 9), days=2)


def test_an_open_pause_has_no_deadline() -> None:
    assert CALENDAR.deadline(local(21, 9), days=2, pauses=[Pause(local(22, 10))]) is None


def test_a_pause_that_begins_after_the_deadline_changes_nothing() -> None:
    pauses = [Pause(local(28, 10))]

    assert CALENDAR.deadline(local(21, 9), days=2, pauses=pauses).date() == date(2026, 9, 23)


@given(days=st.integers(1, 20), start=st.integers(0, 40), length=st.integers(0, 300))
def test_a_pause_never_brings_a_deadline_forward(days: int, start: int, length: int) -> None:
    begun = local(1, 9)
    pause = Pause(begun + timedelta(hours=start), begun + timedelta(hours=start + length))

    assert CALENDAR.deadline(begun, days=days, pauses=[pause]) >= CALENDAR.deadline(begun, days=days)


def test_a_moment_without_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        CALENDAR.deadline(datetime(2026, 9, 1), days=1)  # noqa: DTZ001 (the fault under test)


def test_a_day_cannot_be_holiday_and_working_day() -> None:
    day = date(2026, 9, 20)

    with pytest.raises(ValueError, match="both"):
        Calendar([CalendarRow(day, "holiday"), CalendarRow(day, "makeup")])
