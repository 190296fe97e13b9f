"""Weekly opening hours with exceptions by date: several times a day, over midnight, holidays."""

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import pairwise

from lianxin.engines.reasons import N_, Reason

DAY_MINUTES = 24 * 60
WEEK_MINUTES = 7 * DAY_MINUTES
EVENING_FROM = 18 * 60
LOOK_AHEAD_DAYS = 400

_TIMES = re.compile(r"(\d{1,2}):(\d{2})(?:-|--|~|至|到)(\d{1,2}):(\d{2})")


@dataclass(frozen=True, slots=True, order=True)
class Interval:
    """Open from `opens` to `closes`, minutes from the day's midnight; more than 1440 reaches into the next day."""

    opens: int
    closes: int

    def __post_init__(self) -> None:
        if not 0 <= self.opens < DAY_MINUTES or not self.opens < self.closes <= self.opens + DAY_MINUTES:
            raise ValueError(f"Opening from minute {self.opens} to {self.closes} is not possible.")

    def __str__(self) -> str:
        closes = self.closes if self.closes <= DAY_MINUTES else self.closes - DAY_MINUTES
        return f"{self.opens // 60:02}:{self.opens % 60:02}-{closes // 60:02}:{closes % 60:02}"


Intervals = tuple[Interval, ...]


def interval(opens: time, closes: time) -> Interval:
    """Make an interval of two times of day; closing at or before opening means the next day."""
    start, end = opens.hour * 60 + opens.minute, closes.hour * 60 + closes.minute
    return Interval(start, end if end > start else end + DAY_MINUTES)


def parse_intervals(text: str) -> Intervals | Reason:
    """Read the hours of one day as people type them, such as `08:30-12:00、14:00-17:30`; an empty text is closed."""
    found: list[Interval] = []
    plain = unicodedata.normalize("NFKC", text).replace("—", "-").replace("–", "-").replace(" ", "")
    for part in filter(None, re.split(r"[,;、\n]+", plain)):
        match = _TIMES.fullmatch(part)
        hours = [int(group) for group in match.groups()] if match else []
        if not match or hours[0] > 23 or max(hours[1], hours[3]) > 59 or hours[2] * 60 + hours[3] > DAY_MINUTES:
            return Reason("hours_form", N_("Write hours like 08:30-12:00: %(text)s cannot be read."), {"text": part})
        start, end = hours[0] * 60 + hours[1], hours[2] * 60 + hours[3]
        found.append(Interval(start, end if end > start else end + DAY_MINUTES))
    found.sort()
    return overlap(found) or tuple(found)


def overlap(intervals: Sequence[Interval]) -> Reason | None:
    """Name the first two sorted intervals of a day that overlap, or None."""
    for earlier, later in pairwise(intervals):
        if later.opens < earlier.closes:
            return Reason(
                "hours_overlap",
                N_("%(first)s and %(second)s overlap."),
                {"first": str(earlier), "second": str(later)},
            )
    return None


@dataclass(frozen=True, slots=True)
class OpeningHours:
    """The hours of a venue: seven days from Monday, days with other hours or none, and what holds on holidays.

    `holiday_hours` None means that holidays change nothing, `()` that the venue is closed. A make-up working day keeps
    the hours of the weekday `makeup_as` (Monday is 0); None means its own.
    """

    week: tuple[Intervals, ...]
    exceptions: Mapping[date, Intervals] = field(default_factory=dict)
    holidays: Collection[date] = frozenset()
    holiday_hours: Intervals | None = None
    makeup_days: Collection[date] = frozenset()
    makeup_as: int | None = None

    def __post_init__(self) -> None:
        if len(self.week) != 7:
            raise ValueError("A week has seven days.")
        for intervals in (*self.week, *self.exceptions.values(), self.holiday_hours or ()):
            if problem := overlap(sorted(intervals)):
                raise ValueError(str(problem))

    def hours_on(self, day: date) -> Intervals:
        """List the hours that begin on a day: an exception first, then a holiday, then a make-up day, then the week."""
        if day in self.exceptions:
            return self.exceptions[day]
        if self.holiday_hours is not None and day in self.holidays:
            return self.holiday_hours
        if self.makeup_as is not None and day in self.makeup_days:
            return self.week[self.makeup_as]
        return self.week[day.weekday()]

    def is_open(self, at_local: datetime) -> bool:
        """Say whether the venue is open by the clock on its wall; it is closed at the very minute of closing."""
        return self._span_at(at_local.replace(tzinfo=None)) is not None

    def open_until(self, at_local: datetime) -> datetime | None:
        """Find when it closes, hours that touch taken as one; None when it is closed now or never closes."""
        span = self._span_at(at_local.replace(tzinfo=None))
        if span is None or span[1] - span[0] >= timedelta(days=LOOK_AHEAD_DAYS):
            return None
        return span[1].replace(tzinfo=at_local.tzinfo)

    def next_opening(self, at_local: datetime) -> datetime | None:
        """Find the next moment when it opens after being closed; None when there is none in the next 400 days."""
        now = at_local.replace(tzinfo=None)
        for start, _ in self._spans(now.date()):
            if start > now:
                return start.replace(tzinfo=at_local.tzinfo)
        return None

    def _span_at(self, now: datetime) -> tuple[datetime, datetime] | None:
        for start, end in self._spans(now.date()):
            if start > now:
                return None
            if now < end:
                return start, end
        return None

    def _spans(self, day: date) -> Iterator[tuple[datetime, datetime]]:
        """Walk the times it is open from the day before on, merged where they touch, in order."""
        current: tuple[datetime, datetime] | None = None
        for offset in range(-1, LOOK_AHEAD_DAYS + 1):
            try:
                on = day + timedelta(days=offset)
                midnight = datetime.combine(on, time())
                for hours in sorted(self.hours_on(on)):
                    start, end = (midnight + timedelta(minutes=minute) for minute in (hours.opens, hours.closes))
                    if current is None:
                        current = start, end
                    elif start <= current[1]:
                        current = current[0], max(end, current[1])
                    else:
                        yield current
                        current = start, end
            except OverflowError:
                continue
        if current is not None:
            yield current


def weekly_minutes(week: Sequence[Iterable[Interval]]) -> int:
    """Count the minutes of a week in which it is open; hours that overlap count once."""
    return sum(end - start for start, end in _merged(week))


def evening_minutes(week: Sequence[Iterable[Interval]], *, after: int = EVENING_FROM) -> int:
    """Count the open minutes between `after` (minutes from midnight, default 18:00) and midnight."""
    return sum(
        _common(start, end, day * DAY_MINUTES + after, (day + 1) * DAY_MINUTES)
        for start, end in _merged(week)
        for day in range(7)
    )


def weekend_minutes(week: Sequence[Iterable[Interval]]) -> int:
    """Count the open minutes on Saturday and Sunday."""
    return sum(_common(start, end, 5 * DAY_MINUTES, WEEK_MINUTES) for start, end in _merged(week))


def grouped_days(week: Sequence[Intervals]) -> list[tuple[tuple[int, ...], Intervals]]:
    """Group days with the same hours, in the order of their first day, for a short text on a page."""
    groups: dict[Intervals, list[int]] = {}
    for day, intervals in enumerate(week):
        groups.setdefault(tuple(sorted(intervals)), []).append(day)
    return [(tuple(days), intervals) for intervals, days in groups.items()]


def _common(start: int, end: int, first: int, last: int) -> int:
    return max(0, min(end, last) - max(start, first))


def _merged(week: Sequence[Iterable[Interval]]) -> list[tuple[int, int]]:
    """Lay the week on a ring of minutes: what Sunday carries over midnight falls on Monday."""
    pieces: list[tuple[int, int]] = []
    for day, intervals in enumerate(week):
        for hours in intervals:
            start, end = day * DAY_MINUTES + hours.opens, day * DAY_MINUTES + hours.closes
            pieces.append((start, min(end, WEEK_MINUTES)))
            if end > WEEK_MINUTES:
                pieces.append((0, end - WEEK_MINUTES))
    merged: list[tuple[int, int]] = []
    for start, end in sorted(pieces):
        if merged and start <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(end, merged[-1][1])
        else:
            merged.append((start, end))
    return merged
