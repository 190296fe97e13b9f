"""Stretches of time that figures are given for: read from what a person types, named, compared and cut into parts."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from lianxin.platform.errors import Invalid

YEAR, QUARTER, MONTH, WEEK, DAY, DAYS = "year", "quarter", "month", "week", "day", "days"
ONE_DAY = timedelta(days=1)
EARLIEST = 1990
YEARS_AHEAD = 1
LONGEST_DAYS = 31


class BadPeriod(Invalid):
    """What was typed is no stretch of time that figures can be given for."""

    title = gettext_lazy("This is not a period that figures can be given for.")


@dataclass(frozen=True)
class Period:
    """Days [from_on, until_on), of a kind, written as `text`."""

    from_on: date
    until_on: date
    kind: str
    text: str

    @property
    def last_on(self) -> date:
        """Give the last day."""
        return self.until_on - ONE_DAY

    @property
    def days(self) -> int:
        """Count the days."""
        return (self.until_on - self.from_on).days

    @property
    def label(self) -> str:
        """Say the period in words."""
        first, last = self.from_on, self.last_on
        if self.kind == YEAR:
            return _("%(year)d") % {"year": first.year}
        if self.kind == QUARTER:
            words = pgettext("period", "%(year)d, quarter %(quarter)d")
            return words % {"year": first.year, "quarter": (first.month + 2) // 3}
        if self.kind == MONTH:
            return _("%(year)d-%(month)02d") % {"year": first.year, "month": first.month}
        if self.kind == DAY:
            return _day(first)
        return _("%(first)s to %(last)s") % {"first": _day(first), "last": _day(last)}

    def before(self) -> Period:
        """Give the period of the same kind before this one."""
        if self.kind == YEAR:
            return year(self.from_on.year - 1)
        if self.kind == QUARTER:
            return _quarter_of(self.from_on - ONE_DAY)
        if self.kind == MONTH:
            return month_of(self.from_on - ONE_DAY)
        if self.kind == DAYS and self.from_on.day == self.until_on.day == 1:
            # Whole months are compared with as many whole months, which no day has to be looked up for.
            return _days(_months_earlier(self.from_on, self._months), self.from_on, self.kind)
        return _days(self.from_on - (self.until_on - self.from_on), self.from_on, self.kind)

    @property
    def _months(self) -> int:
        first, until = self.from_on, self.until_on
        return (until.year - first.year) * 12 + until.month - first.month

    def year_before(self) -> Period:
        """Give the same stretch of the year before."""
        if self.kind == YEAR:
            return self.before()
        if self.kind == QUARTER:
            return _quarter_of(_a_year_back(self.from_on))
        if self.kind == MONTH:
            return month_of(_a_year_back(self.from_on))
        first = _a_year_back(self.from_on)
        if self.from_on.day == self.until_on.day == 1:
            return _days(first, _a_year_back(self.until_on), DAYS)
        return _days(first, first + (self.until_on - self.from_on), DAY if self.kind == DAY else DAYS)

    def parts(self) -> list[Period]:
        """Cut into years, months or days, whichever a reader can take in; a single day is its own part."""
        if self.kind == DAY:
            return [self]
        if self.days <= LONGEST_DAYS:
            return [day(self.from_on + timedelta(n)) for n in range(self.days)]
        if self.days > 3 * 366:
            return _cut(self, lambda at: year(at.year))
        return _cut(self, month_of)


def _cut(whole: Period, part_of) -> list[Period]:  # type: ignore[no-untyped-def]
    found, at = [], whole.from_on
    while at < whole.until_on:
        part = part_of(at)
        first, until = max(part.from_on, whole.from_on), min(part.until_on, whole.until_on)
        found.append(part if (first, until) == (part.from_on, part.until_on) else _days(first, until, DAYS))
        at = until
    return found


def _day(on: date) -> str:
    return _("%(year)d-%(month)02d-%(day)02d") % {"year": on.year, "month": on.month, "day": on.day}


def _months_earlier(on: date, months: int) -> date:
    years, month = divmod(on.year * 12 + on.month - 1 - months, 12)
    return on.replace(year=years, month=month + 1)


def _a_year_back(on: date) -> date:
    try:
        return on.replace(year=on.year - 1)
    except ValueError:
        return on.replace(year=on.year - 1, day=28)


def _days(first: date, until: date, kind: str) -> Period:
    if kind == WEEK:
        calendar = first.isocalendar()
        return Period(first, until, WEEK, f"{calendar.year}-W{calendar.week:02d}")
    if (until - first).days == 1:
        return Period(first, until, DAY, first.isoformat())
    return Period(first, until, DAYS, f"{first.isoformat()}..{(until - ONE_DAY).isoformat()}")


def year(number: int) -> Period:
    """Give a calendar year."""
    return Period(date(number, 1, 1), date(number + 1, 1, 1), YEAR, f"{number:04d}")


def month_of(on: date) -> Period:
    """Give the calendar month of a day."""
    first = on.replace(day=1)
    return Period(first, (first + timedelta(days=32)).replace(day=1), MONTH, f"{first:%Y-%m}")


def _quarter_of(on: date) -> Period:
    number = (on.month + 2) // 3
    first = date(on.year, 3 * number - 2, 1)
    return Period(first, (first + timedelta(days=95)).replace(day=1), QUARTER, f"{on.year:04d}-Q{number}")


def day(on: date) -> Period:
    """Give one day."""
    return Period(on, on + ONE_DAY, DAY, on.isoformat())


def days(from_on: date, until_on: date) -> Period:
    """Give the days [from_on, until_on)."""
    if until_on <= from_on:
        raise BadPeriod(_("The last day lies before the first one. Turn them round."))
    return _days(from_on, until_on, DAYS)


def last_days(today: date, count: int) -> Period:
    """Give the last so many days up to and with today."""
    return days(today - timedelta(days=count - 1), today + ONE_DAY)


def this_month(today: date) -> Period:
    """Give the month of today, up to and with today."""
    whole = month_of(today)
    return whole if whole.until_on == today + ONE_DAY else days(whole.from_on, today + ONE_DAY)


_FORMS = (
    (re.compile(r"(\d{4})年?$"), lambda m: year(int(m[1]))),
    (re.compile(r"(\d{4})[-年]?[Qq第]?([1-4])(?:季度|季)$"), lambda m: _quarter_of(date(int(m[1]), 3 * int(m[2]), 1))),
    (re.compile(r"(\d{4})-?[Qq]([1-4])$"), lambda m: _quarter_of(date(int(m[1]), 3 * int(m[2]), 1))),
    (re.compile(r"(\d{4})[-/.年](\d{1,2})月?$"), lambda m: month_of(date(int(m[1]), int(m[2]), 1))),
    (re.compile(r"(\d{4})-?[Ww](\d{1,2})$"), lambda m: _week(int(m[1]), int(m[2]))),
    (
        re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?$"),
        lambda m: day(date(int(m[1]), int(m[2]), int(m[3]))),
    ),
)


def _week(number: int, week: int) -> Period:
    first = date.fromisocalendar(number, week, 1)
    return _days(first, first + timedelta(days=7), WEEK)


def read_period(text: str, *, today: date) -> Period:
    """Read "2024", "2024-Q3", "2024-07", "2024-W30", "2024-07-15" or "2024-07-01..2024-07-15"; raises BadPeriod."""
    given = "".join(text.split())
    for separator in ("..", "至", "~"):
        if separator in given:
            first, last = given.split(separator, 1)
            whole = _read_one(first, text).from_on, _read_one(last, text).until_on
            if whole[1] <= whole[0]:
                raise BadPeriod(
                    _("“%(text)s” ends before it begins. Write the earlier day first.") % {"text": text.strip()}
                )
            return _possible(_days(*whole, DAYS), text, today)
    return _possible(_read_one(given, text), text, today)


def _read_one(given: str, text: str) -> Period:
    for form, make in _FORMS:
        match = form.match(given)
        if match:
            try:
                found: Period = make(match)
            except (ValueError, OverflowError):
                raise BadPeriod(
                    _("“%(text)s” is not in the calendar. Look at the month, week or day again.")
                    % {"text": text.strip()}
                ) from None
            return found
    raise BadPeriod(
        _(
            "“%(text)s” is no period. Write a year (2024), a quarter (2024-Q3), a month (2024-07), a week (2024-W30), "
            "a day (2024-07-15) or two days (2024-07-01..2024-07-15)."
        )
        % {"text": text.strip()[:40]}
    )


def _possible(period: Period, text: str, today: date) -> Period:
    if period.from_on.year < EARLIEST or period.until_on.year > today.year + YEARS_AHEAD + 1:
        raise BadPeriod(
            _("“%(text)s” lies outside the years that are kept: %(first)d to %(last)d.")
            % {"text": text.strip()[:40], "first": EARLIEST, "last": today.year + YEARS_AHEAD}
        )
    return period
