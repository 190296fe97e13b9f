"""Reception days: how often they come (RFC 5545, the part that such days need), their slots, and how that is said."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from lianxin.engines import recurrence
from lianxin.platform.errors import Invalid

CODES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
WEEKDAYS = (
    gettext_lazy("Monday"),
    gettext_lazy("Tuesday"),
    gettext_lazy("Wednesday"),
    gettext_lazy("Thursday"),
    gettext_lazy("Friday"),
    gettext_lazy("Saturday"),
    gettext_lazy("Sunday"),
)
NTH = {
    1: gettext_lazy("first"),
    2: gettext_lazy("second"),
    3: gettext_lazy("third"),
    4: gettext_lazy("fourth"),
    recurrence.LAST: gettext_lazy("last"),
}
MOST_INTERVAL = 12
MOST_SLOTS = 60
_BYDAY = re.compile(r"(-1|\+?[1-4])?(MO|TU|WE|TH|FR|SA|SU)")


@dataclass(frozen=True, slots=True)
class Every:
    """How often: so-manieth weeks on weekdays, or so-manieth months on an nth weekday or on days of the month."""

    unit: str
    interval: int = 1
    weekdays: tuple[int, ...] = ()
    nth: int = 0
    days: tuple[int, ...] = ()

    def write(self) -> str:
        """Give it as RFC 5545 writes it."""
        parts = ["FREQ=WEEKLY" if self.unit == "week" else "FREQ=MONTHLY"]
        if self.interval > 1:
            parts.append(f"INTERVAL={self.interval}")
        if self.weekdays:
            nth = str(self.nth) if self.nth else ""
            parts.append("BYDAY=" + ",".join(nth + CODES[day] for day in self.weekdays))
        if self.days:
            parts.append("BYMONTHDAY=" + ",".join(str(day) for day in self.days))
        return ";".join(parts)

    def dates(self, *, first: date, until: date) -> Iterator[date]:
        """Give its days from the first day of the series to a last one, both counted."""
        if self.unit == "week":
            return recurrence.weekly(first=first, until=until, interval=self.interval, weekdays=self.weekdays)
        if self.days:
            return recurrence.monthly(first=first, until=until, interval=self.interval, days=self.days)
        return recurrence.monthly_weekdays(
            first=first, until=until, interval=self.interval, weekdays=self.weekdays, nth=self.nth
        )

    def say(self) -> str:
        """Say it in words."""
        names = _(", ").join(str(WEEKDAYS[day]) for day in self.weekdays)
        if self.unit == "week":
            if self.interval == 1:
                return _("every week on %(days)s") % {"days": names}
            return _("every %(n)d weeks on %(days)s") % {"n": self.interval, "days": names}
        if self.days:
            which = _(", ").join(str(day) for day in self.days)
            if self.interval == 1:
                return _("every month on day %(days)s") % {"days": which}
            return _("every %(n)d months on day %(days)s") % {"n": self.interval, "days": which}
        said = {"n": self.interval, "nth": NTH[self.nth], "days": names}
        if self.interval == 1:
            return _("every month on the %(nth)s %(days)s") % said
        return _("every %(n)d months on the %(nth)s %(days)s") % said


def read(text: str) -> Every:
    """Read a recurrence; raises Invalid with a sentence where it says what such days do not need."""
    parts = {}
    for part in text.strip().upper().removeprefix("RRULE:").split(";"):
        name, found, value = part.partition("=")
        if not found or name in parts:
            raise _wrong()
        parts[name] = value
    frequency = parts.pop("FREQ", "")
    interval = _number(parts.pop("INTERVAL", "1"), 1, MOST_INTERVAL)
    parts.pop("WKST", None)
    by_day, by_month_day = parts.pop("BYDAY", ""), parts.pop("BYMONTHDAY", "")
    position = parts.pop("BYSETPOS", "")
    if parts or frequency not in ("WEEKLY", "MONTHLY") or bool(by_day) == bool(by_month_day):
        raise _wrong()
    if by_month_day:
        days = tuple(sorted({_number(one, 1, 31) for one in by_month_day.split(",")}))
        if frequency == "WEEKLY" or position:
            raise _wrong()
        return Every("month", interval, days=days)
    found_days = [_BYDAY.fullmatch(one) for one in by_day.split(",")]
    if not all(found_days):
        raise _wrong()
    weekdays = tuple(sorted({CODES.index(one.group(2)) for one in found_days if one}))
    places = {int(one.group(1) or 0) for one in found_days if one}
    if frequency == "WEEKLY":
        if places != {0} or position:
            raise _wrong()
        return Every("week", interval, weekdays=weekdays)
    if position and places == {0} and len(weekdays) == 1:
        places = {_number(position, -1, 4)}
    if len(places) != 1 or not places <= set(NTH):
        raise _wrong()
    return Every("month", interval, weekdays=weekdays, nth=places.pop())


def slots_of(*, minutes: int, slot_minutes: int) -> int:
    """Give how many people can be received."""
    return min(minutes // slot_minutes, MOST_SLOTS)


def slot_times(starts_at: datetime, ends_at: datetime, slots: int) -> list[tuple[datetime, datetime]]:
    """Give from when until when each slot is; the slots share the time of the day evenly."""
    each = (ends_at - starts_at) / max(slots, 1)
    whole = timedelta(minutes=int(each.total_seconds() // 60))
    return [(starts_at + whole * number, starts_at + whole * (number + 1)) for number in range(slots)]


def first_free(taken: Iterable[int], slots: int) -> int | None:
    """Give the earliest slot that nobody has."""
    gone = set(taken)
    return next((number for number in range(slots) if number not in gone), None)


def length_words(minutes: int) -> str:
    """Say how long."""
    return ngettext("%(n)d minute", "%(n)d minutes", minutes) % {"n": minutes}


def _number(text: str, least: int, most: int) -> int:
    try:
        number = int(text)
    except ValueError:
        raise _wrong() from None
    if not least <= number <= most or number == 0:
        raise _wrong()
    return number


def _wrong() -> Invalid:
    return Invalid(fields={"recurrence": [_("Choose weekdays of each week, or a day of each month.")]})
