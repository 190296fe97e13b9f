"""Dates of a series, reckoned from how it repeats: days, weeks, months, lunar days and festivals."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Any

from django.utils.translation import gettext as _

from lianxin.engines import lunar, recurrence
from lianxin.engines.recurrence import LAST
from lianxin.platform.errors import Invalid

MOST_DATES = 200
MOST_YEARS = 3
EVERY = ("day", "week", "month", "month_weekday", "lunar", "festival")
FESTIVALS = {festival.code: festival for year in (2024, 2025, 2026) for festival in lunar.festivals(year)}


@dataclass(frozen=True)
class Recurrence:
    """How a series repeats; one that does not repeat has no Recurrence.

    `every`: "day", "week" (on `weekdays`, 0 = Monday), "month" (on `days` of the month), "month_weekday" (the `nth` of
    `weekdays`, -1 the last), "lunar" (on lunar `days`, such as the 1st and 15th), "festival" (each year on `festival`).
    It ends with `until` (the last day included) or after `times` dates.
    """

    every: str
    interval: int = 1
    weekdays: tuple[int, ...] = ()
    days: tuple[int, ...] = ()
    nth: int = 0
    festival: str = ""
    until: date | None = None
    times: int | None = None

    def to_json(self) -> dict[str, Any]:
        """Give a plain dictionary without what is not said, that `read` turns back into this recurrence."""
        values: dict[str, Any] = {"every": self.every, "interval": self.interval}
        for name in ("weekdays", "days"):
            if getattr(self, name):
                values[name] = list(getattr(self, name))
        if self.nth:
            values["nth"] = self.nth
        if self.festival:
            values["festival"] = self.festival
        values["until"] = self.until.isoformat() if self.until else None
        values["times"] = self.times
        return values


def read(values: Mapping[str, Any]) -> Recurrence | None:
    """Read a stored or typed recurrence; {} is none; raises Invalid with a sentence for what cannot be."""
    if not values:
        return None
    try:
        made = Recurrence(
            every=str(values.get("every", "")),
            interval=int(values.get("interval") or 1),
            weekdays=tuple(sorted({int(day) for day in values.get("weekdays") or ()})),
            days=tuple(sorted({int(day) for day in values.get("days") or ()})),
            nth=int(values.get("nth") or 0),
            festival=str(values.get("festival") or ""),
            until=_read_day(values.get("until")),
            times=int(values["times"]) if values.get("times") else None,
        )
    except (TypeError, ValueError):
        raise Invalid(_("How it repeats cannot be read. Choose again.")) from None
    problems = dict(_problems(made))
    if problems:
        raise Invalid(fields={name: [sentence] for name, sentence in problems.items()})
    return made


def _read_day(value: object) -> date | None:
    if value in (None, ""):
        return None
    return value if isinstance(value, date) else date.fromisoformat(str(value))


def _problems(rule: Recurrence) -> Iterator[tuple[str, str]]:
    if rule.every not in EVERY:
        yield "every", _("Choose how it repeats.")
    if not 1 <= rule.interval <= 12:
        yield "interval", _("It repeats after 1 to 12 of these.")
    if any(not 0 <= day <= 6 for day in rule.weekdays):
        yield "weekdays", _("A week has seven days.")
    elif rule.every in ("week", "month_weekday") and not rule.weekdays:
        yield "weekdays", _("Choose at least one day of the week.")
    most_day = 30 if rule.every == "lunar" else 31
    if any(not 1 <= day <= most_day for day in rule.days):
        yield "days", _("Days of a month are numbers from 1 to %(most)d.") % {"most": most_day}
    elif rule.every in ("month", "lunar") and not rule.days:
        yield "days", _("Say on which days of the month.")
    if rule.every == "month_weekday" and rule.nth not in (1, 2, 3, 4, LAST):
        yield "nth", _("Choose the first, second, third, fourth or last.")
    if rule.every == "festival" and rule.festival not in FESTIVALS:
        yield "festival", _("Choose a festival.")
    if rule.times is not None and not 1 <= rule.times <= MOST_DATES:
        yield "times", _("A series has 1 to %(most)d dates.") % {"most": MOST_DATES}
    if (rule.until is None) == (rule.times is None):
        yield "until", _("Say either the last day or how many times, not both.")


def list_days(rule: Recurrence, *, first_on: date, skips: Callable[[date], bool] = lambda day: False) -> list[date]:
    """List the days of a series from a day on; a skipped day is left out and does not count among the times."""
    latest = first_on.replace(year=first_on.year + MOST_YEARS, day=min(first_on.day, 28))
    if rule.until is not None:
        if rule.until < first_on:
            raise Invalid(fields={"until": [_("The last day lies before the first one.")]})
        if rule.until > latest:
            raise Invalid(
                fields={"until": [_("A series reaches at most %(years)d years ahead.") % {"years": MOST_YEARS}]}
            )
        latest = rule.until
    days = (day for day in _days(rule, first_on, latest) if not skips(day))
    found = list(islice(days, rule.times or MOST_DATES + 1))
    if len(found) > MOST_DATES:
        raise Invalid(
            fields={"until": [_("That makes more than %(most)d dates. End it earlier.") % {"most": MOST_DATES}]}
        )
    return found


def _days(rule: Recurrence, first_on: date, latest: date) -> Iterator[date]:
    span: dict[str, Any] = {"first": first_on, "until": latest}
    if rule.every == "lunar":
        return (day for day in recurrence.daily(**span) if lunar.lunar_day(day) in rule.days)
    if rule.every == "festival":
        return (day for day in _festive(rule, first_on, latest) if first_on <= day <= latest)
    span["interval"] = rule.interval
    if rule.every == "day":
        return recurrence.daily(**span, weekdays=rule.weekdays)
    if rule.every == "week":
        return recurrence.weekly(**span, weekdays=rule.weekdays)
    if rule.every == "month":
        return recurrence.monthly(**span, days=rule.days)
    return recurrence.monthly_weekdays(**span, weekdays=rule.weekdays, nth=rule.nth)


def _festive(rule: Recurrence, first_on: date, latest: date) -> Iterator[date]:
    for year in range(first_on.year, latest.year + 1, rule.interval):
        yield from (festival.on for festival in lunar.festivals(year) if festival.code == rule.festival)


def describe(values: Mapping[str, Any]) -> str:
    """Say in words how a series repeats: “every week on Monday, Thursday, until 2026-12-31”."""
    rule = read(values)
    if rule is None:
        return _("once")
    if rule.times:
        end = _("%(times)d times") % {"times": rule.times}
    else:
        end = _("until %(day)s") % {"day": rule.until}
    return _("%(pattern)s, %(end)s") % {"pattern": _pattern(rule), "end": end}


def _pattern(rule: Recurrence) -> str:
    names = weekday_names()
    weekdays = _(", ").join(names[day] for day in rule.weekdays)
    days = _(", ").join(str(day) for day in rule.days)
    if rule.every == "day":
        plain = _("every day") if rule.interval == 1 else _("every %(interval)d days") % {"interval": rule.interval}
        return _("%(pattern)s on %(days)s") % {"pattern": plain, "days": weekdays} if weekdays else plain
    if rule.every == "week":
        values = {"interval": rule.interval, "days": weekdays}
        return (
            _("every week on %(days)s") % values
            if rule.interval == 1
            else _("every %(interval)d weeks on %(days)s") % values
        )
    if rule.every == "month":
        return _("each month on day %(days)s") % {"days": days}
    if rule.every == "lunar":
        return _("each lunar month on day %(days)s") % {"days": days}
    if rule.every == "festival":
        return _("each year at %(festival)s") % {"festival": festival_name(rule.festival)}
    nth = nth_names()[rule.nth]
    return _("each month on the %(nth)s %(days)s") % {"nth": nth, "days": weekdays}


def weekday_names() -> list[str]:
    """Give the names of the days of the week, Monday first."""
    return [
        _("Monday"),
        _("Tuesday"),
        _("Wednesday"),
        _("Thursday"),
        _("Friday"),
        _("Saturday"),
        _("Sunday"),
    ]


def nth_names() -> dict[int, str]:
    """Give the words for which one of a month."""
    return {1: _("first"), 2: _("second"), 3: _("third"), 4: _("fourth"), LAST: _("last")}


def festival_name(code: str) -> str:
    """Name a festival in the language of the page."""
    festival = FESTIVALS.get(code)
    return _(festival.name) if festival else code
