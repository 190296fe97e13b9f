"""From "each Tuesday until December" to dates: wall-clock times in Shanghai, each date a stretch of its own."""

from collections.abc import Collection, Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from lianxin.domain.bookings.rules.spans import Span
from lianxin.domain.bookings.rules.terms import MOST_TIMES
from lianxin.engines import recurrence
from lianxin.platform.clock import LOCAL, local_moment
from lianxin.platform.errors import Invalid

DAY, WEEK, MONTH = "day", "week", "month"
EVERY = (DAY, WEEK, MONTH)
MOST_INTERVAL = 52
# Five calendar years: nothing is booked further ahead, and no loop runs longer.
MOST_DAYS = 1830


def dates_of(
    *,
    first: Span,
    every: str,
    interval: int = 1,
    weekdays: Collection[int] = (),
    until: date,
    skip: Collection[date] = (),
) -> list[Span]:
    """Give all dates of a recurrence that begins with `first`; raises Invalid. A month without that day has none."""
    starts, ends = first.starts_at.astimezone(LOCAL), first.ends_at.astimezone(LOCAL)
    problems: dict[str, list[str]] = {}
    if every not in EVERY:
        problems["every"] = [_("Choose day, week or month.")]
    if not 1 <= interval <= MOST_INTERVAL:
        problems["interval"] = [_("Enter a number from 1 to %(most)d.") % {"most": MOST_INTERVAL}]
    if any(not 0 <= weekday <= 6 for weekday in weekdays):
        problems["weekdays"] = [_("Choose days of the week.")]
    if until < starts.date():
        problems["until"] = [_("The last day lies before the first.")]
    elif (until - starts.date()).days > MOST_DAYS:
        problems["until"] = [_("Choose a last day within the next five years.")]
    if problems:
        raise Invalid(fields=problems)
    days = [day for day in _days(starts.date(), every, interval, set(weekdays), until) if day not in skip]
    if not days:
        raise Invalid(fields={"until": [_("There is no such day up to the last day.")]})
    if len(days) > MOST_TIMES:
        raise Invalid(fields={"until": [_("At most %(most)d dates in one booking.") % {"most": MOST_TIMES}]})
    over = (ends.date() - starts.date()).days
    return [Span(local_moment(day, starts.timetz().replace(tzinfo=None)), _end(day, over, ends)) for day in days]


def _end(day: date, over: int, ends: datetime) -> datetime:
    return local_moment(day + timedelta(days=over), ends.timetz().replace(tzinfo=None))


def _days(first: date, every: str, interval: int, weekdays: set[int], until: date) -> Iterator[date]:
    if every == MONTH:
        return recurrence.monthly(first=first, until=until, interval=interval, days=[first.day])
    if every == WEEK:
        wanted = weekdays or {first.weekday()}
        return recurrence.weekly(first=first, until=until, interval=interval, weekdays=wanted)
    return recurrence.daily(first=first, until=until, interval=interval, weekdays=weekdays)


def as_given(*, every: str, interval: int, weekdays: Collection[int], until: date) -> dict[str, Any]:
    """Write a recurrence down as it was given."""
    return {"every": every, "interval": interval, "weekdays": sorted(set(weekdays)), "until": until.isoformat()}


def say(given: Mapping[str, Any]) -> str:
    """Say a recurrence in words; nothing for a single date."""
    if not given:
        return ""
    interval = int(given.get("interval", 1))
    every = given.get("every", WEEK)
    names = [_("Mon"), _("Tue"), _("Wed"), _("Thu"), _("Fri"), _("Sat"), _("Sun")]
    days = _(", ").join(names[number] for number in given.get("weekdays", []))
    words = {
        DAY: _("every day") if interval == 1 else _("every %(count)d days") % {"count": interval},
        WEEK: _("every week") if interval == 1 else _("every %(count)d weeks") % {"count": interval},
        MONTH: _("every month") if interval == 1 else _("every %(count)d months") % {"count": interval},
    }[every]
    until = date.fromisoformat(given["until"]) if given.get("until") else None
    parts = [words, days, _("until %(day)s") % {"day": until.isoformat()} if until else ""]
    return " ".join(part for part in parts if part)
