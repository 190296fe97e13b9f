"""What declared hours add up to in a week, and on which days they promised an open door."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta

from lianxin.engines.opening import evening_minutes, interval, weekend_minutes, weekly_minutes


@dataclass(frozen=True)
class Hours:
    """Declared hours of one weekday (0 = Monday) that hold from a day until, not including, another."""

    weekday: int
    opens: time
    closes: time
    valid_from: date
    valid_until: date | None = None

    def holds_on(self, on: date) -> bool:
        """Tell whether these hours are in force on a day."""
        return self.valid_from <= on and (self.valid_until is None or on < self.valid_until)


@dataclass(frozen=True)
class SpecialDays:
    """Days, the last one included, on which a venue is closed (`opens` None) or keeps other hours."""

    first_on: date
    last_on: date
    opens: time | None = None


@dataclass(frozen=True)
class WeeklyMinutes:
    """Minutes a week: all, after 18:00, and on Saturday and Sunday."""

    all: int
    evening: int
    weekend: int


def add_up(hours: Iterable[Hours]) -> WeeklyMinutes:
    """Add up a week's hours; times declared twice count once, and after midnight is the next day's."""
    lines = list(hours)
    week = [[interval(line.opens, line.closes) for line in lines if line.weekday == day] for day in range(7)]
    return WeeklyMinutes(weekly_minutes(week), evening_minutes(week), weekend_minutes(week))


def promised_days(
    hours: Sequence[Hours],
    special: Sequence[SpecialDays],
    from_on: date,
    until_on: date,
    *,
    holidays: Collection[date] = (),
) -> frozenset[date]:
    """Give the days in [from_on, until_on) that promised an open door; an exception outweighs a holiday."""
    days = set()
    for offset in range((until_on - from_on).days):
        day = from_on + timedelta(days=offset)
        exceptions = [e for e in special if e.first_on <= day <= e.last_on]
        if exceptions:
            if any(e.opens is not None for e in exceptions):
                days.add(day)
        elif day not in holidays and any(line.weekday == day.weekday() and line.holds_on(day) for line in hours):
            days.add(day)
    return frozenset(days)
