"""Days that repeat: each so many days, weeks or months, from a first day to a last one, in order and each once."""

from calendar import monthrange
from collections.abc import Collection, Iterator
from datetime import date, timedelta

LAST = -1


def daily(*, first: date, until: date, interval: int = 1, weekdays: Collection[int] = ()) -> Iterator[date]:
    """Give each so-manieth day; with weekdays (Monday is 0) only those of them."""
    for offset in range(0, (until - first).days + 1, interval):
        day = first + timedelta(days=offset)
        if not weekdays or day.weekday() in weekdays:
            yield day


def weekly(*, first: date, until: date, interval: int = 1, weekdays: Collection[int]) -> Iterator[date]:
    """Give these weekdays of each so-manieth week; the first one is the week of the first day."""
    before = first.weekday()
    for start in range(-before, (until - first).days + 1, 7 * interval):
        for weekday in sorted(set(weekdays)):
            if 0 <= start + weekday <= (until - first).days:
                yield first + timedelta(days=start + weekday)


def monthly(*, first: date, until: date, interval: int = 1, days: Collection[int]) -> Iterator[date]:
    """Give these days of each so-manieth month. A month without a 31st has no such date, as calendars have it."""
    for year, month in _months(first, until, interval):
        length = monthrange(year, month)[1]
        found = (date(year, month, day) for day in sorted(set(days)) if day <= length)
        yield from (day for day in found if first <= day <= until)


def monthly_weekdays(
    *, first: date, until: date, interval: int = 1, weekdays: Collection[int], nth: int
) -> Iterator[date]:
    """Give the first to fourth, or the LAST, of these weekdays of each so-manieth month."""
    for year, month in _months(first, until, interval):
        found = sorted(_nth_weekday(year, month, weekday, nth) for weekday in set(weekdays))
        yield from (day for day in found if first <= day <= until)


def _months(first: date, until: date, interval: int) -> Iterator[tuple[int, int]]:
    last = until.year * 12 + until.month - 1
    for number in range(first.year * 12 + first.month - 1, last + 1, interval):
        yield number // 12, number % 12 + 1


def _nth_weekday(year: int, month: int, weekday: int, nth: int) -> date:
    if nth == LAST:
        end = date(year, month, monthrange(year, month)[1])
        return end - timedelta(days=(end.weekday() - weekday) % 7)
    start = date(year, month, 1)
    return start + timedelta(days=(weekday - start.weekday()) % 7 + 7 * (nth - 1))
