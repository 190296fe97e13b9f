"""Working days by the State Council's yearly list, make-up working weekends included."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from typing import Literal

SHANGHAI = timezone(timedelta(hours=8), "Asia/Shanghai")
DAY = timedelta(days=1)

Kind = Literal["holiday", "makeup"]


@dataclass(frozen=True, slots=True)
class CalendarRow:
    """One published day: a holiday, or a weekend day on which people work."""

    on: date
    kind: Kind
    name: str = ""


@dataclass(frozen=True, slots=True)
class Pause:
    """A time in which a working-day clock stood still; without an end it still does."""

    from_at: datetime
    until_at: datetime | None = None


class Calendar:
    """Working days from published rows; in a year without rows every Monday to Friday is one."""

    def __init__(self, rows: Iterable[CalendarRow], *, zone: tzinfo = SHANGHAI) -> None:
        self._rows: dict[date, CalendarRow] = {}
        for row in rows:
            if row.kind not in ("holiday", "makeup"):
                raise ValueError(f"{row.on}: the kind must be holiday or makeup, not {row.kind!r}.")
            earlier = self._rows.setdefault(row.on, row)
            if earlier.kind != row.kind:
                raise ValueError(f"{row.on} is listed both as a holiday and as a make-up working day.")
        self._years = frozenset(day.year for day in self._rows)
        self._zone = zone

    def covers(self, year: int) -> bool:
        """Say whether the list of this year is known."""
        return year in self._years

    def uncovered(self, start: date, *, until: date) -> list[int]:
        """Name the years between two days for which only weekdays are known."""
        first, last = sorted((start, until))
        return [year for year in range(first.year, last.year + 1) if year not in self._years]

    def row(self, day: date) -> CalendarRow | None:
        """Find what was published for a day."""
        return self._rows.get(day)

    def is_workday(self, day: date) -> bool:
        """Say whether offices work on a day."""
        row = self._rows.get(day)
        return day.weekday() < 5 if row is None else row.kind == "makeup"

    def is_holiday(self, day: date) -> bool:
        """Say whether a day belongs to a published holiday (an ordinary weekend does not)."""
        row = self._rows.get(day)
        return row is not None and row.kind == "holiday"

    def add_workdays(self, day: date, *, days: int) -> date:
        """Go `days` working days on (or back); the day itself is not counted, and 0 means the next one that is open."""
        if days == 0:
            while not self.is_workday(day):
                day += DAY
            return day
        step, left = (DAY, days) if days > 0 else (-DAY, -days)
        while left:
            day += step
            left -= self.is_workday(day)
        return day

    def workdays_between(self, start: date, *, until: date) -> int:
        """Count the working days after `start` up to and with `until`; negative when `until` is earlier."""
        if until < start:
            return -self._count(until + DAY, start)
        return self._count(start + DAY, until)

    def _count(self, first: date, last: date) -> int:
        return sum(self.is_workday(date.fromordinal(n)) for n in range(first.toordinal(), last.toordinal() + 1))

    def deadline(
        self, start_at: datetime, *, days: int, pauses: Iterable[Pause] = (), closes: time | None = None
    ) -> datetime | None:
        """Find the moment (UTC) when a clock of `days` working days runs out, or None while a pause has no end.

        The day of the start is not counted (Civil Code, article 201); the last day ends at `closes`, local time, or
        with its last second (article 203). A working day counts when the clock was running at its end, so that a pause
        within one day changes nothing and pauses add up.
        """
        if days < 0:
            raise ValueError("A term cannot have a negative number of working days.")
        spans = [(self._local(p.from_at), None if p.until_at is None else self._local(p.until_at)) for p in pauses]
        day = self._local(start_at).date()
        left = max(days, 1)
        if days == 0 and self.is_workday(day) and not self._paused(day, spans):
            left = 0
        while left:
            day += DAY
            if any(until is None and since.date() <= day for since, until in spans):
                return None
            left -= self.is_workday(day) and not self._paused(day, spans)
        return datetime.combine(day, closes or time(23, 59, 59), self._zone).astimezone(UTC)

    @staticmethod
    def _paused(day: date, spans: list[tuple[datetime, datetime | None]]) -> bool:
        return any(since.date() <= day and (until is None or day < until.date()) for since, until in spans)

    def _local(self, at: datetime) -> datetime:
        if at.tzinfo is None:
            raise ValueError("A moment needs its time zone.")
        return at.astimezone(self._zone)
