"""Stretches of days that figures are compared over."""

from __future__ import annotations

from datetime import date, timedelta

WEEK = timedelta(days=7)
ONE_DAY = timedelta(days=1)
Days = tuple[date, date]


def months_beside(today: date) -> tuple[Days, Days]:
    """Give this month up to and with today, and as many days of the last month: [from, until) each."""
    first = today.replace(day=1)
    last_first = (first - ONE_DAY).replace(day=1)
    return (first, today + ONE_DAY), (last_first, min(last_first + (today - first) + ONE_DAY, first))


def weeks_before(today: date, count: int) -> list[Days]:
    """Give the last whole weeks, Monday to Sunday, oldest first: [from, until) each."""
    monday = today - timedelta(days=today.weekday())
    return [(monday - WEEK * n, monday - WEEK * (n - 1)) for n in range(count, 0, -1)]
