"""What residents read about hours, distances and times, as people say it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from lianxin.domain.places.models import ServiceHours, Venue, VenueState
from lianxin.domain.places.queries.nearby import Place
from lianxin.domain.places.queries.opening import OpenState
from lianxin.engines.geo import distance_words, walking_minutes
from lianxin.engines.lunar import festivals_on, lunar_words
from lianxin.engines.opening import DAY_MINUTES, Interval
from lianxin.faces.kit.dates import ENGLISH_DAYS, WEEKDAYS, in_english, spoken, time_words
from lianxin.platform.clock import LOCAL, local_day

LAST_WEEK = 5


@dataclass(frozen=True)
class OpenWords:
    """Open or not as a word with its tone, and the sentence that says until or from when."""

    label: str
    tone: str
    detail: str


@dataclass(frozen=True)
class PlaceLine:
    """A place on a list."""

    venue: Venue
    kind: str
    opening: OpenWords | None
    distance: str


def opening_words(state: OpenState, *, venue: Venue, at: datetime) -> OpenWords:
    """Say whether a place is open, until when, or when it opens next."""
    if venue.state == VenueState.PAUSED:
        return OpenWords(_("Closed for the time being"), "due", state.exception_reason)
    if state.is_open:
        until = _("until %(when)s") % {"when": _moment(state.until, at)} if state.until else ""
        if not state.until and state.seen:
            until = _("somebody is there now")
        return OpenWords(_("Open now"), "done", until)
    said = _("opens %(when)s") % {"when": _moment(state.opens_next, at)} if state.opens_next else ""
    if not said:
        said = _("Hours not announced. Please call first.")
    parts = [part for part in (state.exception_reason, said) if part]
    return OpenWords(_("Closed now"), "quiet", "; ".join(parts) if in_english() else "，".join(parts))


def _moment(moment: datetime | None, at: datetime) -> str:
    """Say a moment by the clock if it is today, else with its day."""
    if moment is None:
        return ""
    local = moment.astimezone(LOCAL)
    if local.date() == local_day(at):
        return time_words(local.time())
    if local.date() == local_day(at) + timedelta(days=1):
        return _("tomorrow %(time)s") % {"time": time_words(local.time())}
    return spoken(moment, this_year=local_day(at).year)


def kind_words(venue: Venue) -> str:
    """Say what a place is: a centre, or a station in a mall, a market, an estate."""
    if venue.station_type:
        return f"{venue.get_kind_display()} · {venue.get_station_type_display()}"
    return str(venue.get_kind_display())


def distance_said(metres: int | None) -> str:
    """Say a distance and, within an hour's walk, the minutes on foot."""
    if metres is None:
        return ""
    reason = distance_words(metres)
    far = _(reason.message) % reason.params if reason.params else _(reason.message)
    if metres > 3000:
        return far
    minutes = walking_minutes(metres)
    return _("%(distance)s, %(minutes)d min on foot") % {"distance": far, "minutes": minutes}


def place_line(place: Place, *, at: datetime) -> PlaceLine:
    """Write a place as a line of a list."""
    return PlaceLine(
        venue=place.venue,
        kind=kind_words(place.venue),
        opening=opening_words(place.opening, venue=place.venue, at=at) if place.opening else None,
        distance=distance_said(place.metres),
    )


def interval_words(interval: Interval) -> str:
    """Say one stretch of hours: 上午8:30–中午12:00."""
    if interval.closes < DAY_MINUTES:
        return span_words(*(time(minutes // 60, minutes % 60) for minutes in (interval.opens, interval.closes)))
    return f"{_clock(interval.opens)}–{_clock(interval.closes)}"


def _clock(minutes: int) -> str:
    if minutes == DAY_MINUTES:
        return _("midnight")
    inside = minutes % DAY_MINUTES
    said = time_words(time(inside // 60, inside % 60))
    return pgettext("time after midnight", "%(time)s the next day") % {"time": said} if minutes > DAY_MINUTES else said


def hours_words(intervals: Iterable[Interval]) -> str:
    """Say the hours of a day, or that it is closed."""
    return (", " if in_english() else "，").join(map(interval_words, intervals)) or pgettext("day", "Closed")


def weekday_words(weekday: int) -> str:
    """Name a weekday, 0 for Monday."""
    return ENGLISH_DAYS[weekday] if in_english() else f"周{WEEKDAYS[weekday]}"


def service_times(rows: Iterable[ServiceHours]) -> list[str]:
    """Say when a service is given, days with the same hours together: 每周一至周五 上午9:00–11:30."""
    spans: dict[tuple[int | None, time, time], list[int]] = {}
    for hours in rows:
        spans.setdefault((hours.week_of_month, hours.starts, hours.ends), []).append(hours.weekday)
    said = []
    for (week, starts, ends), weekdays in spans.items():
        values = {"day": _days_together(weekdays), "span": span_words(starts, ends), "week": week}
        if week is None:
            said.append(_("every %(day)s %(span)s") % values)
        elif week == LAST_WEEK:
            said.append(_("the last %(day)s of each month, %(span)s") % values)
        else:
            said.append(_("week %(week)d of each month, %(day)s %(span)s") % values)
    return said


def _days_together(weekdays: Iterable[int]) -> str:
    """Name weekdays, three or more in a row as a stretch: 周一至周五、周日."""
    runs: list[list[int]] = []
    for day in sorted(set(weekdays)):
        if runs and runs[-1][-1] == day - 1:
            runs[-1].append(day)
        else:
            runs.append([day])
    parts = []
    for run in runs:
        if len(run) > 2:
            parts.append(_("%(first)s to %(last)s") % {"first": weekday_words(run[0]), "last": weekday_words(run[-1])})
        else:
            parts += map(weekday_words, run)
    return (", " if in_english() else "、").join(parts)


def span_words(starts: time, ends: time) -> str:
    """Say from when to when; the part of the day is said once when both lie in it: 上午9:00–11:30."""
    first, second = time_words(starts), time_words(ends)
    if not in_english() and first[:2] == second[:2]:
        second = second[2:]
    return f"{first}–{second}"


def service_span(hours: ServiceHours) -> str:
    """Say from when to when a service is given on a day."""
    return span_words(hours.starts, hours.ends)


@dataclass(frozen=True)
class TodayWords:
    """The day as the head of the home page says it."""

    greeting: str
    day: str
    lunar: str
    festivals: str


def today_words(at: datetime) -> TodayWords:
    """Greet by the time of day, with the date, the lunar date and the festivals."""
    today = local_day(at)
    named = [_(one.name) if in_english() else one.name_zh for one in festivals_on(today)]
    return TodayWords(
        greeting=_greeting(at.astimezone(LOCAL).hour),
        day=spoken(today, this_year=today.year),
        lunar=lunar_words(today),
        festivals="、".join(named),
    )


def _greeting(hour: int) -> str:
    if hour < 5 or hour >= 18:
        return _("Good evening")
    if hour < 12:
        return _("Good morning")
    return _("Good afternoon")


def days_words(first: date, last: date) -> str:
    """Say a day or a stretch of days."""
    return spoken(first) if first == last else f"{spoken(first)} – {spoken(last)}"
