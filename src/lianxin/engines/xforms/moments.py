"""Dates and times as ODK counts them: a number of days since 1970, at one fixed distance from UTC.

One offset for all years: differences of dates stay whole days, and a phone in any zone agrees with the server.
"""

import math
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone

DAY_MS = 86_400_000
ISO = re.compile(
    r"(\d{4})-(\d{1,2})-(\d{1,2})(?:T(\d{2})(?::(\d{2})(?::(\d{2})(?:\.(\d+))?)?)?(Z|[-+]\d{2}:\d{2})?)?", re.ASCII
)
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
FARTHEST_MS = 250_000_000_000_000


@dataclass(frozen=True, slots=True)
class Moment:
    """A date or time that counts as a number and reads as ISO text."""

    milliseconds: float
    offset: int

    @property
    def days(self) -> float:
        return self.milliseconds / DAY_MS

    def local(self) -> datetime:
        return (EPOCH + timedelta(milliseconds=self.milliseconds)).astimezone(timezone(timedelta(minutes=self.offset)))

    def __str__(self) -> str:
        local = self.local()
        if not (local.hour or local.minute or local.second or local.microsecond):
            return local.date().isoformat()
        return stamp(local)


def stamp(local: datetime) -> str:
    """Write a time with milliseconds and its distance from UTC."""
    return local.isoformat(timespec="milliseconds")


def from_number(days: float, offset: int) -> Moment | None:
    """Take a number of days since 1970 as a moment."""
    if math.isnan(days) or math.isinf(days) or abs(days * DAY_MS) > FARTHEST_MS:
        return None
    milliseconds = math.floor(days * DAY_MS + 0.5)
    return Moment(milliseconds, offset) if in_calendar(milliseconds, offset) else None


def in_calendar(milliseconds: float, offset: int) -> bool:
    """Say whether a moment lies in the years 1 to 9999."""
    return -62_135_596_800_000 <= milliseconds + offset * 60_000 < 253_402_300_800_000


def from_text(text: str, offset: int, *, unpadded: bool = False) -> Moment | None:
    """Read an ISO date or date with time; None if it is none or not in the calendar."""
    found = ISO.fullmatch(text)
    if found is None:
        return None
    year, month, day, hour, minute, second, fraction, zone = found.groups()
    if not unpadded and (len(month) == 1 or len(day) == 1):
        return None
    zone_minutes = offset
    if zone == "Z":
        zone_minutes = 0
    elif zone:
        hours, minutes = int(zone[1:3]), int(zone[4:6])
        if hours > 14 or minutes > 59:
            return None
        zone_minutes = (hours * 60 + minutes) * (-1 if zone[0] == "-" else 1)
    try:
        local = datetime(
            int(year), int(month), int(day), int(hour or 0), int(minute or 0), int(second or 0), tzinfo=UTC
        )
    except ValueError:
        return None
    whole = (local - EPOCH) // timedelta(milliseconds=1) + int(((fraction or "") + "000")[:3])
    return Moment(whole - zone_minutes * 60_000, offset)


def format_moment(moment: Moment, pattern: str, *, with_time: bool) -> str:
    """Write a moment by ODK's pattern letters."""
    local = moment.local()
    letters = {
        "Y": f"{local.year:04}",
        "y": f"{local.year % 100:02}",
        "m": f"{local.month:02}",
        "n": str(local.month),
        "b": MONTHS[local.month - 1],
        "d": f"{local.day:02}",
        "e": str(local.day),
        "a": DAYS[local.weekday()],
    }
    if with_time:
        letters |= {
            "H": f"{local.hour:02}",
            "h": str(local.hour),
            "M": f"{local.minute:02}",
            "S": f"{local.second:02}",
            "3": f"{local.microsecond // 1000:03}",
        }
    return re.sub("%([" + "".join(letters) + "])", lambda found: letters[found[1]], pattern)
