from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianxin.engines.opening import (
    Interval,
    Intervals,
    OpeningHours,
    evening_minutes,
    grouped_days,
    interval,
    parse_intervals,
    weekend_minutes,
    weekly_minutes,
)
from lianxin.engines.reasons import Reason

OFFICE: Intervals = (interval(time(8, 30), time(12)), interval(time(14), time(17, 30)))
NIGHT: Intervals = (interval(time(18), time(2)),)
WEEK = (OFFICE, OFFICE, OFFICE, OFFICE, (*OFFICE, *NIGHT), (), ())
MONDAY = date(2026, 11, 23)


def at(hour: int, minute: int = 0, day: int = 0) -> datetime:
    return datetime.combine(MONDAY, time(hour, minute)) + timedelta(days=day)


@st.composite
def weeks(draw: st.DrawFn) -> tuple[Intervals, ...]:
    week: list[Intervals] = []
    for _ in range(7):
        marks = sorted(draw(st.sets(st.integers(0, 1439), max_size=6)))
        pairs = [Interval(a, b) for a, b in zip(marks[::2], marks[1::2], strict=False)]
        if pairs and draw(st.booleans()):
            pairs[-1] = Interval(pairs[-1].opens, draw(st.integers(1440, pairs[-1].opens + 1440)))
        week.append(tuple(pairs))
    return tuple(week)


def test_the_noon_break_is_closed() -> None:
    hours = OpeningHours(WEEK)

    assert hours.is_open(at(8, 30))
    assert not hours.is_open(at(12))
    assert not hours.is_open(at(13, 59))
    assert hours.open_until(at(9)) == at(12)
    assert hours.next_opening(at(12, 30)) == at(14)


def test_friday_night_reaches_into_saturday() -> None:
    hours = OpeningHours(WEEK)

    assert hours.is_open(at(1, 59, day=5))
    assert hours.open_until(at(23, day=4)) == at(2, day=5)
    assert not hours.is_open(at(2, day=5))
    assert hours.next_opening(at(2, day=5)) == at(8, 30, day=7)


def test_an_exception_closes_one_day_but_not_the_night_before_it() -> None:
    hours = OpeningHours(WEEK, exceptions={MONDAY + timedelta(days=5): ()})

    assert hours.is_open(at(1, day=5))


def test_an_exception_replaces_the_hours_of_its_day() -> None:
    hours = OpeningHours(WEEK, exceptions={MONDAY: (interval(time(10), time(11)),)})

    assert not hours.is_open(at(9))
    assert hours.is_open(at(10, 30))


def test_holidays_change_nothing_unless_said() -> None:
    holidays = {MONDAY}

    assert OpeningHours(WEEK, holidays=holidays).is_open(at(9))
    assert not OpeningHours(WEEK, holidays=holidays, holiday_hours=()).is_open(at(9))
    assert OpeningHours(WEEK, holidays=holidays, holiday_hours=NIGHT).is_open(at(19))


def test_an_exception_is_stronger_than_a_holiday() -> None:
    hours = OpeningHours(WEEK, exceptions={MONDAY: OFFICE}, holidays={MONDAY}, holiday_hours=())

    assert hours.is_open(at(9))


def test_a_make_up_saturday_keeps_mondays_hours() -> None:
    saturday = MONDAY + timedelta(days=5)

    assert OpeningHours(WEEK, makeup_days={saturday}, makeup_as=0).is_open(at(9, day=5))
    assert not OpeningHours(WEEK, makeup_days={saturday}).is_open(at(9, day=5))


def test_hours_that_touch_at_midnight_are_one_opening() -> None:
    hours = OpeningHours(((Interval(1200, 1440),), (Interval(0, 120),), (), (), (), (), ()))

    assert hours.open_until(at(21)) == at(2, day=1)


def test_a_venue_that_never_closes_has_no_end() -> None:
    hours = OpeningHours(((Interval(0, 1440),),) * 7)

    assert hours.is_open(at(3))
    assert hours.open_until(at(3)) is None
    assert hours.next_opening(at(3)) is None
    assert weekly_minutes(hours.week) == 7 * 1440


def test_a_venue_that_never_opens_has_no_next_opening() -> None:
    hours = OpeningHours(((),) * 7)

    assert not hours.is_open(at(3))
    assert hours.next_opening(at(3)) is None


def test_hours_that_overlap_are_refused() -> None:
    with pytest.raises(ValueError, match="overlap"):
        OpeningHours(((Interval(0, 100), Interval(90, 200)), (), (), (), (), (), ()))


def test_minutes_of_the_week_by_kind() -> None:
    assert weekly_minutes(WEEK) == 5 * 420 + 480
    assert evening_minutes(WEEK) == 360
    assert weekend_minutes(WEEK) == 120


def test_sunday_night_falls_on_monday() -> None:
    week = ((), (), (), (), (), (), NIGHT)

    assert weekly_minutes(week) == 480
    assert weekend_minutes(week) == 360


@given(weeks())
def test_minutes_are_what_a_watcher_counts(week: tuple[Intervals, ...]) -> None:
    hours = OpeningHours(week)
    step = 7
    start = at(0)

    opened = sum(hours.is_open(start + timedelta(minutes=minute)) for minute in range(0, 10080, step * 60))

    covered = {
        minute % 10080
        for day, intervals in enumerate(week)
        for part in intervals
        for minute in range(day * 1440 + part.opens, day * 1440 + part.closes)
    }
    assert weekly_minutes(week) == len(covered)
    assert weekend_minutes(week) == sum(minute >= 5 * 1440 for minute in covered)
    assert evening_minutes(week) == sum(minute % 1440 >= 1080 for minute in covered)
    assert opened == sum(minute in covered for minute in range(0, 10080, step * 60))


@given(weeks(), st.integers(0, 10079))
def test_open_until_and_next_opening_agree_with_is_open(week: tuple[Intervals, ...], minute: int) -> None:
    hours = OpeningHours(week)
    now = at(0) + timedelta(minutes=minute)

    until = hours.open_until(now)
    following = hours.next_opening(now)

    if until is not None:
        assert hours.is_open(until - timedelta(minutes=1))
        assert not hours.is_open(until)
    if following is not None:
        assert following > now
        assert hours.is_open(following)
        assert not hours.is_open(following - timedelta(minutes=1))


def test_hours_are_read_as_people_type_them() -> None:
    assert parse_intervals("８：３０－１２：００、14:00—17:30") == OFFICE
    assert parse_intervals("18:00-02:00") == NIGHT
    assert parse_intervals("0:00-24:00") == (Interval(0, 1440),)
    assert parse_intervals("") == ()


@pytest.mark.parametrize("text", ["9-12", "25:00-26:00", "09:70-10:00", "09:00-24:30", "early"])
def test_hours_that_cannot_be_read_are_quoted(text: str) -> None:
    problem = parse_intervals(text)

    assert isinstance(problem, Reason)
    assert text in str(problem)


def test_typed_hours_that_overlap_are_named() -> None:
    assert str(parse_intervals("09:00-12:00,11:00-13:00")) == "09:00-12:00 and 11:00-13:00 overlap."


@given(st.integers(0, 1439), st.integers(1, 1440))
def test_an_interval_reads_back_as_it_is_written(opens: int, length: int) -> None:
    hours = Interval(opens, opens + length)

    assert parse_intervals(str(hours)) == (hours,)


def test_equal_days_are_grouped() -> None:
    assert [days for days, _ in grouped_days(WEEK)] == [(0, 1, 2, 3), (4,), (5, 6)]
