"""On which days of a stretch of time an activity may be held: season, school, festivals, weather."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from random import Random

from lianxin.engines.lunar import festivals

from .templates import Template

# Storms that stopped everything in the district, by month and day.
STORM_DAYS = ((7, 25), (7, 26), (9, 6), (9, 7), (10, 31))
# How likely something held once falls into a month: less in the heat, little around the New Year.
MONTHS = (0, 5, 4, 9, 10, 10, 8, 5, 5, 9, 10, 11, 10)
BUSY_FESTIVALS = ("new_years_eve", "spring_festival")

IsHoliday = Callable[[date], bool]


def is_storm(day: date) -> bool:
    """Tell whether a storm stops everything that day."""
    return (day.month, day.day) in STORM_DAYS


def days_of(first: date, last: date) -> Iterator[date]:
    """Give the days from first to last, both included."""
    for number in range((last - first).days + 1):
        yield first + timedelta(days=number)


def _in_season(template: Template, day: date) -> bool:
    month, number = day.month, day.day
    holidays = (
        (month == 7 and number >= 8) or month == 8 or (month == 1 and number >= 20) or (month == 2 and number < 20)
    )
    if template.months and month not in template.months:
        return False
    match template.rhythm:
        case "summer":
            return (month == 7 and number >= 10) or (month == 8 and number <= 28)
        case "winter":
            return (month == 1 and number >= 20) or (month == 2 and number <= 22)
        case "term" | "term_weekly":
            return not holidays
        case _:
            return True


class Days:
    """The days of one stretch of time, first to last."""

    def __init__(self, first: date, last: date, is_holiday: IsHoliday) -> None:
        self.first, self.last = first, last
        self.is_holiday = is_holiday
        self.quiet: set[date] = set()
        self.of_festival: dict[str, list[date]] = {}
        for year in range(first.year, last.year + 1):
            for one in festivals(year):
                self.of_festival.setdefault(one.code, []).append(one.on)
                if one.code in BUSY_FESTIVALS:
                    self.quiet |= set(days_of(one.on, one.on + timedelta(days=6)))

    def candidates(self, template: Template, dice: Random) -> list[date]:
        """Give the days on which an activity may be held, in the order in which it would take them."""
        if template.rhythm == "festival":
            return self._around(template, dice)
        fitting = [
            day
            for day in days_of(self.first, self.last)
            if day.weekday() in template.days
            and _in_season(template, day)
            and day not in self.quiet
            and not self.is_holiday(day)
        ]
        if not fitting:
            return []
        if template.rhythm == "once":
            weighted = [(dice.random() ** (1 / MONTHS[day.month]), day) for day in fitting]
            return [day for _key, day in sorted(weighted, reverse=True)]
        return self._in_a_row(template, fitting, dice)

    def _around(self, template: Template, dice: Random) -> list[date]:
        before, after = template.span
        found = [
            day
            for code in template.festival
            for on in self.of_festival.get(code, ())
            for day in days_of(on + timedelta(days=before), on + timedelta(days=after))
            if self.first <= day <= self.last
        ]
        dice.shuffle(found)
        return found

    @staticmethod
    def _in_a_row(template: Template, fitting: list[date], dice: Random) -> list[date]:
        """Give the days of a series on one weekday, from somewhere on, then those before, for what falls out."""
        step = {"fortnightly": 14, "monthly": 28}.get(template.rhythm, 7)
        if template.rhythm in ("summer", "winter"):
            turn = dice.randrange(max(1, len(fitting) // 2))
            return fitting[turn:] + fitting[:turn]
        weekday = dice.choice(template.days)
        same = [day for day in fitting if day.weekday() == weekday] or fitting
        start = same[dice.randrange(len(same))]
        rhythm = [day for day in same if (day - start).days % step == 0]
        later, earlier = [day for day in rhythm if day >= start], [day for day in rhythm if day < start]
        others = [day for day in same if (day - start).days % step]
        return later + earlier[::-1] + others
