"""Windows of caps: the day, ISO week, month or year (in Shanghai) on which an act counts, each with a key."""

from calendar import monthrange
from datetime import date, timedelta

DAY, WEEK, MONTH, YEAR = EVERY = ("day", "week", "month", "year")


def window(every: str, on: date) -> str:
    """Give the key of the window of this length that holds a day: 2026-03-02, 2026-W10, 2026-03 or 2026."""
    if every == DAY:
        return on.isoformat()
    if every == WEEK:
        year, week, _weekday = on.isocalendar()
        return f"{year:04d}-W{week:02d}"
    if every == MONTH:
        return f"{on.year:04d}-{on.month:02d}"
    if every == YEAR:
        return f"{on.year:04d}"
    raise ValueError(f"no window is called {every}")


def windows_of(on: date) -> dict[str, str]:
    """Give the keys of all windows that hold a day, by their length."""
    return {every: window(every, on) for every in EVERY}


def days_of(every: str, on: date) -> tuple[date, date]:
    """Give the first and the last day of the window of this length that holds a day."""
    if every == DAY:
        return on, on
    if every == WEEK:
        first = on - timedelta(days=on.weekday())
        return first, first + timedelta(days=6)
    if every == MONTH:
        return on.replace(day=1), on.replace(day=monthrange(on.year, on.month)[1])
    if every == YEAR:
        return date(on.year, 1, 1), date(on.year, 12, 31)
    raise ValueError(f"no window is called {every}")
