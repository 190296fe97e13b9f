"""How often an offer can be had: the stretch of days that a limit of times counts over."""

from datetime import date, timedelta


def period_of(every: str, on: date) -> tuple[date, date] | None:
    """Give the days [first, after last) of the week, month or quarter in which a day lies; None for "in all"."""
    if every == "week":
        first = on - timedelta(days=on.weekday())
        return first, first + timedelta(days=7)
    if every == "month":
        first = on.replace(day=1)
        return first, _later(first, 1)
    if every == "quarter":
        first = date(on.year, (on.month - 1) // 3 * 3 + 1, 1)
        return first, _later(first, 3)
    return None


def _later(first: date, months: int) -> date:
    number = first.year * 12 + first.month - 1 + months
    return date(number // 12, number % 12 + 1, 1)
