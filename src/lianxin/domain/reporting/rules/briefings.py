"""Rules of briefings: which stretches of time there are, and what the number on the paper reads."""

from datetime import date, timedelta

MONTHS = {"month": 1, "quarter": 3, "year": 12}
LONGEST_NAME = 40
LONGEST_OFFICE = 80
EARLIEST_YEAR = 1990


def days_of(kind: str, year: int, part: int = 1) -> tuple[date, date]:
    """Give the days [from, until) of the so-and-so-many-th month or quarter of a year, or of the year.

    Raises ValueError where a year has no such part.
    """
    length = MONTHS[kind]
    if not 1 <= part <= 12 // length:
        raise ValueError(part)
    first = date(year, (part - 1) * length + 1, 1)
    following = part * length
    return first, date(year + following // 12, following % 12 + 1, 1)


def is_whole(kind: str, from_on: date, until_on: date) -> bool:
    """Tell whether days are a whole month, quarter or year of the calendar."""
    if kind not in MONTHS or from_on.day != 1:
        return False
    length = MONTHS[kind]
    if (from_on.month - 1) % length:
        return False
    return days_of(kind, from_on.year, (from_on.month - 1) // length + 1) == (from_on, until_on)


def last_whole(kind: str, today: date) -> tuple[int, int]:
    """Give year and part of the last month, quarter or year that is over."""
    length = MONTHS[kind]
    part = (today.month - 1) // length
    return (today.year, part) if part else (today.year - 1, 12 // length)


def last_on(until_on: date) -> date:
    """Give the last day of a stretch [from, until)."""
    return until_on - timedelta(days=1)


def printed_number(year: int, number: int) -> str:
    """Give a number as it is printed, with the six-cornered brackets of GB/T 9704."""
    return f"〔{year}〕{number}号"
