"""Periods and comparisons of editions."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianxin.domain.projects.rules import editions

DAYS = st.dates(min_value=date(2000, 1, 1), max_value=date(2100, 12, 31))
EVERY = st.sampled_from(["month", "quarter"])


@given(DAYS, EVERY)
def test_each_day_lies_in_one_period_and_periods_follow_each_other(day: date, every: str) -> None:
    period = editions.period_of(day, every)

    assert period.from_on <= day <= period.until_on
    assert editions.period_of(period.until_on, every) == period
    assert editions.period_of(period.until_on + timedelta(days=1), every).from_on == period.until_on + timedelta(days=1)
    assert editions.period_before(period).until_on == period.from_on - timedelta(days=1)
    assert period.from_on < period.due_on <= period.until_on


@given(DAYS)
def test_a_quarter_is_made_of_its_three_months(day: date) -> None:
    quarter = editions.period_of(day, "quarter")
    last = editions.period_of(quarter.until_on, "month")
    middle = editions.period_before(last)

    assert editions.period_before(middle).from_on == quarter.from_on


def test_nothing_else_is_a_period() -> None:
    with pytest.raises(ValueError, match="month or a quarter"):
        editions.period_of(date(2026, 1, 1), "year")


@given(st.sets(st.integers(0, 30)), st.sets(st.integers(0, 30)), st.sets(st.integers(0, 30)))
def test_each_entry_is_accounted_for_once(before: set[int], now: set[int], done: set[int]) -> None:
    entries = {n: {"id": str(n), "title": f"第{n}条"} for n in before | now}
    fates = {str(n): {"done": n in done, "why": "" if n in done else "没人报名"} for n in before - now}

    changes = editions.compare([entries[n] for n in before], [entries[n] for n in now], fates)

    told = [one["id"] for kind in ("new", "done", "dropped") for one in changes[kind]]
    assert sorted(told, key=int) == [str(n) for n in sorted(before ^ now)]
    assert {one["id"] for one in changes["done"]} == {str(n) for n in (before - now) & done}
    assert all(one["why"] for one in changes["dropped"])
