"""Until when points are valid."""

from calendar import monthrange
from datetime import date

NEVER = date(9999, 12, 31)


def expiry_day(*, expiry: str, months: int, done_on: date, valid_months: int | None = None) -> date:
    """Give the last day of points for an act: an item's own months win over the rules'.

    Yearly: 31 December, so many whole years after the year of the act. Rolling: the end of the month so many months
    later.
    """
    if valid_months is not None:
        return end_of_month(done_on, valid_months)
    if expiry == "never":
        return NEVER
    if expiry == "yearly":
        return date(min(done_on.year + months // 12, NEVER.year), 12, 31)
    if expiry == "rolling":
        return end_of_month(done_on, months)
    raise ValueError(f"points cannot expire {expiry}")


def end_of_month(day: date, months: int) -> date:
    """Give the last day of the month so many months later."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    if year > NEVER.year:
        return NEVER
    return date(year, month + 1, monthrange(year, month + 1)[1])
