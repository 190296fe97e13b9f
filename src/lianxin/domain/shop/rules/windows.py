"""The stretch of time in which a limit per household counts."""

from datetime import date

FORMS = {
    "day": r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$",
    "week": r"^[0-9]{4}-W[0-9]{2}$",
    "month": r"^[0-9]{4}-[0-9]{2}$",
    "year": r"^[0-9]{4}$",
}
"""How the windows of each length are written; those of one length sort by time."""


def window_of(every: str, on: date) -> str:
    """Name the day, week, month or year that a day lies in; weeks are ISO weeks."""
    if every == "day":
        return on.isoformat()
    if every == "week":
        year, week, _weekday = on.isocalendar()
        return f"{year}-W{week:02d}"
    if every == "month":
        return f"{on:%Y-%m}"
    if every == "year":
        return f"{on:%Y}"
    raise ValueError(f"no such window: {every!r}")
