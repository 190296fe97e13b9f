"""What counts as voluntary work: whole minutes within the shift and a little around it, never more than a day has."""

from datetime import date, datetime, time, timedelta

from lianxin.platform.clock import local_day, local_moment

EARLY = timedelta(minutes=30)
LATE = timedelta(minutes=60)
GRACE = timedelta(minutes=15)
MOST_A_DAY = 16 * 60
MOST_TAKEN_OVER = 10_000 * 60
LONGEST_REASON = 200


def counted_minutes(
    *, starts_at: datetime, ends_at: datetime, came_at: datetime | None, left_at: datetime | None
) -> int:
    """Count the minutes of a shift: with a moment of leaving what was done, without one what was planned.

    What was done reaches half an hour before the shift and an hour after it at most; what was planned begins with the
    shift, and being a quarter of an hour late costs nothing.
    """
    if left_at is None:
        came = came_at if came_at is not None and came_at > starts_at + GRACE else starts_at
        left = ends_at
    else:
        came = max(came_at or starts_at, starts_at - EARLY)
        left = min(left_at, ends_at + LATE)
    return min(max(0, round((left - came).total_seconds() / 60)), MOST_A_DAY)


def moments_of(*, came: time, left: time, starts_at: datetime, ends_at: datetime) -> tuple[datetime, datetime]:
    """Give the moments that two clock times in Shanghai mean at a shift, which may go on past midnight.

    A time that is on the clock while work counts means that moment; any other one is of the first day for coming and
    of the last day for leaving.
    """
    opens, closes = starts_at - EARLY, ends_at + LATE
    days = [local_day(opens) + timedelta(days=day) for day in range((local_day(closes) - local_day(opens)).days + 1)]
    came_at, left_at = [local_moment(day, came) for day in days], [local_moment(day, left) for day in days]
    return (
        next((moment for moment in came_at if opens <= moment <= closes), came_at[0]),
        next((moment for moment in left_at if opens <= moment <= closes), left_at[-1]),
    )


def plain_hours(minutes: int) -> str:
    """Write minutes as hours with at most one digit, as certificates do: 90 becomes 1.5."""
    tenths = round(minutes / 6)
    whole, part = divmod(abs(tenths), 10)
    sign = "-" if tenths < 0 else ""
    return f"{sign}{whole}.{part}" if part else f"{sign}{whole}"


def certificate_number(year: int, serial: int) -> str:
    """Write the number of a certificate: V2026-000123."""
    return f"V{year}-{serial:06d}"


def is_in_order(from_on: date, until_on: date) -> bool:
    """Tell whether a stretch of days can be certified: not empty and no longer than ten years."""
    return from_on <= until_on <= from_on + timedelta(days=3660)
