"""Times as the matcher knows them: the six parts of a week in which people say they can come, week by week."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from lianxin.platform.clock import local_moment

HOURS: dict[str, tuple[time, time]] = {
    "morning": (time(9, 0), time(12, 0)),
    "afternoon": (time(14, 30), time(17, 30)),
    "evening": (time(19, 0), time(21, 30)),
}
WORKING, WEEKEND = tuple(range(5)), (5, 6)
PARTS: dict[str, tuple[tuple[int, ...], str]] = {
    f"{days}_{part}s": (WORKING if days == "working" else WEEKEND, part)
    for days in ("working", "weekend")
    for part in HOURS
}


@dataclass(frozen=True, slots=True)
class TimeSlot:
    """One part of one week; its days are those within the period."""

    id: str
    week: int
    part: str
    days: tuple[date, ...]


def slots_between(from_on: date, until_on: date) -> list[TimeSlot]:
    """Give the slots of the days [from_on, until_on], weeks counted from the first day's Monday."""
    monday = from_on - timedelta(days=from_on.weekday())
    slots = []
    for week in range((until_on - monday).days // 7 + 1):
        first = monday + timedelta(days=7 * week)
        for part, (weekdays, _half) in PARTS.items():
            days = tuple(day for n in weekdays if from_on <= (day := first + timedelta(days=n)) <= until_on)
            if days:
                slots.append(TimeSlot(f"{week + 1}-{part}", week + 1, part, days))
    return slots


def parts_of_mask(mask: int) -> tuple[str, ...]:
    """Give the parts that suit somebody whose mask names any half of one of its days; none of them means any time."""
    if not mask:
        return ()
    return tuple(
        part
        for part, (weekdays, half) in PARTS.items()
        if any(mask & 1 << (14 + day if half == "evening" else 2 * day + (half == "afternoon")) for day in weekdays)
    )


def starts_in(part: str, day: date, minutes: int, windows: Sequence[tuple[int, time, time]]) -> datetime | None:
    """Give when something of so many minutes can start on a day in a part, within weekly windows; None: not then.

    No windows at all means by arrangement: at the part's beginning.
    """
    opens, closes = HOURS[PARTS[part][1]]
    if not windows:
        return local_moment(day, opens)
    for weekday, starts, ends in sorted(windows):
        if weekday != day.weekday():
            continue
        start = max(starts, opens)
        if start < min(ends, closes) and _minutes(start, ends) >= min(minutes, _minutes(starts, ends)):
            return local_moment(day, start)
    return None


def days_that_fit(
    slot: TimeSlot,
    *,
    minutes: int,
    windows: Sequence[tuple[int, time, time]],
    away: Sequence[tuple[date, date]],
    first_on: date,
    last_on: date,
) -> Iterator[datetime]:
    """Give the moments in a slot at which an offer can be had."""
    for day in slot.days:
        if not first_on <= day <= last_on or any(start <= day <= end for start, end in away):
            continue
        moment = starts_in(slot.part, day, minutes, windows)
        if moment is not None:
            yield moment


def _minutes(start: time, end: time) -> int:
    return (end.hour - start.hour) * 60 + end.minute - start.minute
