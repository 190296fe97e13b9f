"""Periods: what a person types is read, named and compared; what is impossible is answered by a sentence."""

import itertools
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianxin.insight.periods import BadPeriod, Period, day, days, last_days, month_of, read_period, this_month, year

TODAY = date(2026, 11, 23)
some_days = st.dates(date(2000, 1, 1), date(2026, 12, 31))


@pytest.mark.parametrize(
    ("text", "first", "last", "kind"),
    [
        ("2024", date(2024, 1, 1), date(2024, 12, 31), "year"),
        ("2024年", date(2024, 1, 1), date(2024, 12, 31), "year"),
        ("2024-Q3", date(2024, 7, 1), date(2024, 9, 30), "quarter"),
        ("2024年第3季度", date(2024, 7, 1), date(2024, 9, 30), "quarter"),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29), "month"),
        ("2024年2月", date(2024, 2, 1), date(2024, 2, 29), "month"),
        ("2024-W01", date(2024, 1, 1), date(2024, 1, 7), "week"),
        ("2024-07-15", date(2024, 7, 15), date(2024, 7, 15), "day"),
        ("2024-07-01..2024-07-15", date(2024, 7, 1), date(2024, 7, 15), "days"),
        ("2024-07 至 2024-08", date(2024, 7, 1), date(2024, 8, 31), "days"),
    ],
)
def test_what_a_person_types_is_read(text, first, last, kind):
    found = read_period(text, today=TODAY)

    assert (found.from_on, found.last_on, found.kind) == (first, last, kind)
    assert read_period(found.text, today=TODAY) == found


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("2024-13", "2024-13"),
        ("2024-02-30", "2024-02-30"),
        ("2023-W53", "2023-W53"),
        ("last year", "last year"),
        ("", "2024-Q3"),
        ("2024-07-15..2024-07-01", "2024-07-15..2024-07-01"),
        ("0001", "0001"),
        ("2099", "2099"),
        ("9999-12", "9999-12"),
    ],
)
def test_an_impossible_period_is_answered_by_a_sentence_that_names_it(text, said):
    with pytest.raises(BadPeriod) as raised:
        read_period(text, today=TODAY)

    assert said in str(raised.value.detail)


def test_days_that_end_before_they_begin_are_refused():
    with pytest.raises(BadPeriod):
        days(TODAY, TODAY)


@given(first=some_days, length=st.integers(1, 2500))
def test_parts_of_a_period_cover_each_of_its_days_once(first, length):
    whole = days(first, first + timedelta(length))

    parts = whole.parts()

    assert parts[0].from_on == whole.from_on
    assert parts[-1].until_on == whole.until_on
    assert all(left.until_on == right.from_on for left, right in itertools.pairwise(parts))
    assert len(parts) <= 40


@given(on=some_days, make=st.sampled_from((day, month_of, lambda on: year(on.year))))
def test_the_period_before_ends_where_this_one_begins(on, make):
    period: Period = make(on)

    before = period.before()

    assert before.until_on == period.from_on
    assert before.kind == period.kind
    assert period.year_before().from_on.year == period.from_on.year - 1


def test_a_leap_day_is_compared_with_the_last_of_february():
    assert day(date(2024, 2, 29)).year_before().from_on == date(2023, 2, 28)


def test_this_month_ends_today_and_the_last_days_hold_today():
    assert (this_month(TODAY).from_on, this_month(TODAY).last_on) == (date(2026, 11, 1), TODAY)
    assert this_month(date(2026, 11, 30)).kind == "month"
    assert (last_days(TODAY, 7).days, last_days(TODAY, 7).last_on) == (7, TODAY)


def test_whole_months_are_compared_with_as_many_whole_months():
    period = read_period("2024-02..2024-04", today=TODAY)

    assert (period.before().from_on, period.before().until_on) == (date(2023, 11, 1), date(2024, 2, 1))
    assert (period.year_before().from_on, period.year_before().last_on) == (date(2023, 2, 1), date(2023, 4, 30))
