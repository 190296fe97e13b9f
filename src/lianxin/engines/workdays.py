"""Working days by the State Council's yearly list, make-up working weekends included."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from typing import Literal, NamedTuple

SHANGHAI = timezone(timedelta(hours=8), "Asia/Shanghai")
DAY = timedelta(days=1)

Kind = Literal["holiday", "makeup"]
Span = tuple[datetime, datetime | None]
# Each yearly list names these three days, whatever weekday they fall on; one day that somebody typed in is no list.
ALWAYS_LISTED = ((1, 1), (5, 1), (10, 1))


@dataclass(frozen=True, slots=True)
class CalendarRow:
    """One published day: a holiday, or a weekend day on which people work."""

    on: date
    kind: Kind
    name: str = ""


class Pause(NamedTuple):
    """A time in which a clock stood still; without an end it still does."""

    from_at: datetime
    until_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Term:
    """How long something may take: in hours of the plain clock, or in working days."""

    hours: int = 0
    working_days: int = 0

    def __post_init__(self) -> None:
        if min(self.hours, self.working_days) < 0 or bool(self.hours) == bool(self.working_days):
            raise ValueError("A term needs either a number of hours or a number of working days.")

    @classmethod
    def of(cls, text: str) -> "Term":
        """Read a term as rules write it: `2h` are two hours, `7wd` are seven working days."""
        found = re.fullmatch(r"([0-9]{1,4})(h|wd)", text.strip())
        if found is None:
            raise ValueError(f"A term is written as 24h or 7wd, not as {text!r}.")
        number = int(found[1])
        return cls(hours=number) if found[2] == "h" else cls(working_days=number)

    def __str__(self) -> str:
        return f"{self.hours}h" if self.hours else f"{self.working_days}wd"


class Calendar:
    """Working days from published rows; in a year without its list every Monday to Friday is taken for one."""

    def __init__(self, rows: Iterable[CalendarRow], *, zone: tzinfo = SHANGHAI) -> None:
        self._rows: dict[date, CalendarRow] = {}
        for row in rows:
            if row.kind not in ("holiday", "makeup"):
                raise ValueError(f"{row.on}: the kind must be holiday or makeup, not {row.kind!r}.")
            earlier = self._rows.setdefault(row.on, row)
            if earlier.kind != row.kind:
                raise ValueError(f"{row.on} is listed both as a holiday and as a make-up working day.")
        self._years = frozenset(
            year
            for year in {day.year for day in self._rows}
            if all(self.is_holiday(date(year, month, day)) for month, day in ALWAYS_LISTED)
        )
        self._zone = zone

    def covers(self, year: int) -> bool:
        """Say whether the list of this year is known."""
        return year in self._years

    def uncovered(self, start: date, *, until: date) -> list[int]:
        """Name the years between two days for which only weekdays are known."""
        first, last = sorted((start, until))
        return [year for year in range(first.year, last.year + 1) if year not in self._years]

    def is_assumed(self, day: date) -> bool:
        """Say whether a day is only taken for open or closed by its weekday, as its year's list is not known."""
        return day.year not in self._years

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

    def due(
        self, term: Term, *, since: datetime, pauses: Iterable[Span] = (), closes: time | None = None
    ) -> datetime | None:
        """Find the moment (UTC) when a term runs out, or None while a pause has no end.

        Hours run through nights and holidays and stand still from the first to the last second of a pause; working
        days run as `deadline` says.
        """
        if term.working_days:
            return self.deadline(since, days=term.working_days, pauses=pauses, closes=closes)
        at, left = self._local(since), timedelta(hours=term.hours)
        for from_at, until_at in sorted(self._spans(pauses), key=lambda span: span[0]):
            if from_at - at >= left:
                break
            if until_at is None:
                return None
            left -= max(from_at - at, timedelta())
            at = max(at, until_at)
        return (at + left).astimezone(UTC)

    def due_is_assumed(self, term: Term, *, since: datetime, pauses: Iterable[Span] = ()) -> bool:
        """Say whether `due` rests on a year whose list is not known; hours never do."""
        due = None if term.hours else self.due(term, since=since, pauses=pauses)
        if due is None:
            return False
        return bool(self.uncovered(self._local(since).date() + DAY, until=self._local(due).date()))

    def deadline(
        self, start_at: datetime, *, days: int, pauses: Iterable[Span] = (), closes: time | None = None
    ) -> datetime | None:
        """Find the moment (UTC) when a clock of `days` working days runs out, or None while a pause has no end.

        The day of the start is not counted (Civil Code, article 201); the last day ends at `closes`, local time, or
        with its last second (article 203). A working day counts when the clock was running at its end, so that a pause
        within one day changes nothing and pauses add up.
        """
        if days < 0:
            raise ValueError("A term cannot have a negative number of working days.")
        spans = self._spans(pauses)
        day = self._local(start_at).date()
        left = max(days, 1)
        if days == 0 and self.is_workday(day) and not self._paused(self._end(day, closes), spans):
            left = 0
        while left:
            day += DAY
            end = self._end(day, closes)
            if any(until is None and since < end for since, until in spans):
                return None
            left -= self.is_workday(day) and not self._paused(end, spans)
        return datetime.combine(day, closes or time(23, 59, 59), self._zone).astimezone(UTC)

    def _end(self, day: date, closes: time | None) -> datetime:
        return datetime.combine(day + DAY if closes is None else day, closes or time(), self._zone)

    @staticmethod
    def _paused(at: datetime, spans: list[Span]) -> bool:
        return any(since < at and (until is None or at <= until) for since, until in spans)

    def _spans(self, pauses: Iterable[Span]) -> list[Span]:
        spans = [(self._local(since), None if until is None else self._local(until)) for since, until in pauses]
        if any(until is not None and until < since for since, until in spans):
            raise ValueError("A pause cannot end before it begins.")
        return spans

    def _local(self, at: datetime) -> datetime:
        if at.tzinfo is None:
            raise ValueError("A moment needs its time zone.")
        return at.astimezone(self._zone)
