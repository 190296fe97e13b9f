"""The clock: read by faces, the worker and the command line only; everything below is told the time."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

LOCAL = ZoneInfo("Asia/Shanghai")


def now() -> datetime:
    """Give this moment in UTC."""
    return datetime.now(UTC)


def local_day(at: datetime) -> date:
    """Give the day in Shanghai on which a moment lies."""
    return at.astimezone(LOCAL).date()


def local_moment(on: date, at: time = time.min) -> datetime:
    """Give the moment (UTC) of a wall-clock time in Shanghai."""
    return datetime.combine(on, at, tzinfo=LOCAL).astimezone(UTC)


def day_span(on: date) -> tuple[datetime, datetime]:
    """Give the half-open span of moments that make up a day in Shanghai."""
    return local_moment(on), local_moment(on + timedelta(days=1))
