"""What declared hours, weekly times and counted visits must be, and how declared and observed opening compare."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lianxin.engines.opening import Interval, interval, overlap

MOST_VISITORS_AT_ONCE = 2000
CLOSE_AT_THE_LATEST_AFTER = timedelta(hours=16)

Hours = tuple[int, time, time]
Stretch = tuple[datetime, datetime]


def hours_problems(hours: Iterable[Hours]) -> list[Promise | str]:
    """Give what is wrong with a week of opening hours; empty when nothing is."""
    problems: list[Promise | str] = []
    days: dict[int, list[Interval]] = {}
    for weekday, opens, closes in hours:
        if not 0 <= weekday <= 6:
            problems.append(_("A weekday is a number from 0 (Monday) to 6 (Sunday)."))
            continue
        days.setdefault(weekday, []).append(interval(opens, closes))
    for intervals in days.values():
        reason = overlap(sorted(intervals))
        if reason is not None:
            problems.append(_(reason.message) % reason.params)
    return problems


def nth_of_month(on: date) -> tuple[int, bool]:
    """Give which one of its weekday a day is in its month (1 to 5), and whether it is the last one."""
    return (on.day - 1) // 7 + 1, (on + timedelta(days=7)).month != on.month


def is_service_day(on: date, *, weekday: int, week_of_month: int | None) -> bool:
    """Tell whether a weekly or monthly time falls on a day; week 5 means the last one of the month."""
    if on.weekday() != weekday:
        return False
    if week_of_month is None:
        return True
    nth, last = nth_of_month(on)
    return last if week_of_month == 5 else nth == week_of_month


def merge_stretches(stretches: Iterable[Stretch]) -> list[Stretch]:
    """Lay stretches of time together so that none overlap or touch."""
    merged: list[Stretch] = []
    for start, end in sorted(stretches):
        if end <= start:
            continue
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def minutes_of(stretches: Iterable[Stretch]) -> int:
    """Count the minutes that stretches of time cover, shared ones once."""
    return sum(int((end - start).total_seconds()) // 60 for start, end in merge_stretches(stretches))


def common_minutes(one: Sequence[Stretch], other: Sequence[Stretch]) -> int:
    """Count the minutes that two sets of stretches share."""
    shared = []
    for start, end in merge_stretches(one):
        for begin, finish in merge_stretches(other):
            if max(start, begin) < min(end, finish):
                shared.append((max(start, begin), min(end, finish)))
    return minutes_of(shared)


def forgotten_close(opened_at: datetime, declared_end: datetime | None, at: datetime) -> datetime | None:
    """Give when a door that nobody locked counts as closed: the declared end, or 16 hours after; None if not yet."""
    end = declared_end if declared_end is not None and declared_end > opened_at else None
    latest = opened_at + CLOSE_AT_THE_LATEST_AFTER
    closes = min(end, latest) if end else latest
    # An hour of grace: whoever is still tidying up can lock the door themselves.
    return closes if at >= closes + timedelta(hours=1) else None
