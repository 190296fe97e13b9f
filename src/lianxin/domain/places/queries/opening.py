"""Declared hours as they apply on given days, whether a venue is open now, and what was observed instead."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import NamedTuple
from uuid import UUID

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery, Sum

from lianxin.engines import opening as engine
from lianxin.platform.clock import LOCAL, day_span, local_day, local_moment
from lianxin.platform.models import CalendarDay

from ..models import OpeningException, OpeningHours, OpeningLog, Venue, VenueState, VisitCount
from ..rules import opening as rules

AHEAD = timedelta(days=31)
ONE_DAY = timedelta(days=1)
MONDAY = 0


@dataclass(frozen=True)
class OpenState:
    """Whether a venue is open at a moment: `seen` when somebody logged the opening, else by its declared hours."""

    is_open: bool
    seen: bool = False
    since: datetime | None = None
    until: datetime | None = None
    opens_next: datetime | None = None
    exception_reason: str = ""


@dataclass(frozen=True)
class OpeningDetail:
    """What a venue's own page says of its hours: now, each day asked for, and the exceptions that are still ahead."""

    state: OpenState
    days: dict[date, engine.Intervals]
    exceptions: list[OpeningException]


@dataclass(frozen=True)
class ObservedOpening:
    """Declared and observed opening of a venue over some days."""

    venue: UUID
    declared_minutes: int
    observed_minutes: int
    kept_minutes: int
    days_declared: int
    days_opened: int
    openings: int
    closed_by_schedule: int
    visitors: int

    @property
    def kept_percent(self) -> int | None:
        """Give which part of the declared time the door was seen open, or None when nothing was declared."""
        return round(100 * self.kept_minutes / self.declared_minutes) if self.declared_minutes else None


class _Hours(NamedTuple):
    """Declared hours of a weekday: the department's page reads thousands, and models would take much more room."""

    venue_id: UUID
    weekday: int
    opens: time
    closes: time
    valid_from: date
    valid_until: date | None


@dataclass(frozen=True)
class _Declared:
    """The declared rows of some venues that may matter on some days."""

    rows: dict[UUID, list[_Hours]]
    exceptions: dict[UUID, list[OpeningException]]
    calendar: dict[date, bool]

    def on(self, venue: Venue, day: date) -> engine.Intervals:
        """Give the hours of a venue on a day: an exception first, then the holiday rule, then the week that held."""
        calendar = self.calendar if venue.closed_on_holidays else {}
        return _hours_on(day, self.rows.get(venue.pk, []), self.exceptions.get(venue.pk, []), calendar)

    def is_shut(self, venue: Venue, day: date) -> bool:
        """Tell whether an exception or a holiday closes a venue on a day: it would be shut on any weekday."""
        special = [row for row in self.exceptions.get(venue.pk, []) if row.first_on <= day <= row.last_on]
        if special:
            return all(row.opens is None for row in special)
        return venue.closed_on_holidays and self.calendar.get(day) is False

    def week(self, venue: Venue, around: date) -> tuple[engine.Intervals, ...]:
        """Give the week that holds around a day, without exceptions and holidays."""
        rows = [row for row in self.rows.get(venue.pk, []) if _holds(row, around)]
        return tuple(
            tuple(sorted(engine.interval(row.opens, row.closes) for row in rows if row.weekday == weekday))
            for weekday in range(7)
        )

    def hours(self, venue: Venue, around: date, days: Sequence[date]) -> engine.OpeningHours:
        """Give the hours of a venue as a week, with every day that differs from it spelled out."""
        week = self.week(venue, around)
        by_day = {day: self.on(venue, day) for day in self._may_differ(venue, days)}
        differing = {day: hours for day, hours in by_day.items() if hours != week[day.weekday()]}
        return engine.OpeningHours(week=week, exceptions=differing)

    def _may_differ(self, venue: Venue, days: Sequence[date]) -> Sequence[date]:
        # Most venues keep one week for all these days: only their exceptions and holidays need to be worked out.
        if not days or not all(
            _holds(row, min(days)) and _holds(row, max(days)) for row in self.rows.get(venue.pk, [])
        ):
            return days
        calendar = self.calendar if venue.closed_on_holidays else {}
        special = self.exceptions.get(venue.pk, [])
        return [day for day in days if day in calendar or any(one.first_on <= day <= one.last_on for one in special)]


def _read(venues: Mapping[UUID, Venue], *, first: date, last: date) -> _Declared:
    """Read what is declared for some venues over some days, the last one included; two or three queries."""
    rows: dict[UUID, list[_Hours]] = {}
    held = Q(valid_until__isnull=True) | Q(valid_until__gt=first)
    found = OpeningHours.objects.filter(held, venue__in=venues, valid_from__lte=last)
    for row in map(_Hours._make, found.values_list(*_Hours._fields).iterator(chunk_size=500)):
        rows.setdefault(row.venue_id, []).append(row)
    exceptions: dict[UUID, list[OpeningException]] = {}
    for exception in OpeningException.objects.filter(venue__in=venues, first_on__lte=last, last_on__gte=first):
        exceptions.setdefault(exception.venue_id, []).append(exception)
    calendar: dict[date, bool] = {}
    if any(venue.closed_on_holidays for venue in venues.values()):
        days = CalendarDay.objects.filter(day_on__gte=first, day_on__lte=last)
        calendar = dict(days.values_list("day_on", "is_workday"))
    return _Declared(rows, exceptions, calendar)


def declared_hours(
    venues: Iterable[Venue], *, around: date, until: date | None = None
) -> dict[UUID, engine.OpeningHours]:
    """Give the hours of venues: a week as it is around a day, with every differing day up to `until` spelled out."""
    wanted = {venue.pk: venue for venue in venues}
    days = _days(around - ONE_DAY, until or around + AHEAD)
    declared = _read(wanted, first=days[0], last=days[-1])
    return {pk: declared.hours(venue, around, days) for pk, venue in wanted.items()}


def hours_by_day(venues: Iterable[Venue], *, days: Sequence[date]) -> dict[UUID, dict[date, engine.Intervals]]:
    """Give the declared hours of each day, exceptions and holidays included."""
    wanted = {venue.pk: venue for venue in venues}
    if not days or not wanted:
        return {pk: {} for pk in wanted}
    declared = _read(wanted, first=min(days), last=max(days))
    return {pk: {day: declared.on(venue, day) for day in days} for pk, venue in wanted.items()}


def hours_and_closed_days(
    venues: Iterable[Venue], *, days: Sequence[date]
) -> tuple[dict[UUID, dict[date, engine.Intervals]], dict[UUID, set[date]]]:
    """Give what `hours_by_day` gives, and the days closed by an exception or a holiday whatever the weekday says."""
    wanted = {venue.pk: venue for venue in venues}
    if not days or not wanted:
        return {pk: {} for pk in wanted}, {pk: set() for pk in wanted}
    declared = _read(wanted, first=min(days), last=max(days))
    hours = {pk: {day: declared.on(venue, day) for day in days} for pk, venue in wanted.items()}
    return hours, {pk: {day for day in days if declared.is_shut(venue, day)} for pk, venue in wanted.items()}


def _hours_on(
    day: date, rows: list[_Hours], exceptions: list[OpeningException], calendar: Mapping[date, bool]
) -> engine.Intervals:
    """Give the declared hours of one day."""
    special = [row for row in exceptions if row.first_on <= day <= row.last_on]
    if special:
        hours = ((row.opens, row.closes) for row in special)
        spans = (engine.interval(opens, closes) for opens, closes in hours if opens is not None and closes is not None)
        return tuple(sorted(spans))
    weekday = day.weekday()
    if day in calendar:
        if not calendar[day]:
            return ()
        weekday = weekday if weekday < 5 else MONDAY
    held = (row for row in rows if row.weekday == weekday and _holds(row, day))
    return tuple(sorted(engine.interval(row.opens, row.closes) for row in held))


def _holds(row: _Hours, day: date) -> bool:
    return row.valid_from <= day and (row.valid_until is None or day < row.valid_until)


def opening_states(venues: Iterable[Venue], *, at: datetime) -> dict[UUID, OpenState]:
    """Tell for each venue whether it is open at a moment, until when, and when it opens next; three queries."""
    wanted = {venue.pk: venue for venue in venues}
    today = local_day(at)
    days = _days(today - ONE_DAY, today + AHEAD)
    declared = _read(wanted, first=days[0], last=days[-1])
    logs = OpeningLog.objects.filter(
        venue__in=wanted, opened_at__lte=at, closed_at__isnull=True, undone_at__isnull=True
    )
    seen: dict[UUID, datetime] = dict(logs.values_list("venue_id", "opened_at"))
    reasons = {
        pk: row.reason
        for pk, rows in declared.exceptions.items()
        for row in rows
        if row.first_on <= today <= row.last_on
    }
    return {
        pk: _state(venue, declared.hours(venue, today, days), seen.get(pk), reasons.get(pk, ""), at=at)
        for pk, venue in wanted.items()
    }


def _state(
    venue: Venue, hours: engine.OpeningHours, seen_at: datetime | None, reason: str, *, at: datetime
) -> OpenState:
    """Tell whether one venue is open at a moment."""
    if venue.state != VenueState.OPEN:
        return OpenState(is_open=False, exception_reason=venue.state_note)
    local = at.astimezone(LOCAL)
    declared_open = hours.is_open(local)
    until = hours.open_until(local)
    if seen_at is not None and rules.forgotten_close(seen_at, hours.open_until(seen_at.astimezone(LOCAL)), at) is None:
        return OpenState(is_open=True, seen=True, since=seen_at, until=until, exception_reason=reason)
    return OpenState(
        is_open=declared_open,
        until=until,
        opens_next=None if declared_open else hours.next_opening(local),
        exception_reason=reason,
    )


def opening_detail(venue: Venue, *, days: Sequence[date], seen_at: datetime | None, at: datetime) -> OpeningDetail:
    """Tell of one venue whether it is open, its hours on some days, and the exceptions ahead; at most three queries.

    `seen_at` is since when somebody has logged it as open, as `seen_open_since` says beside the venue.
    """
    today = local_day(at)
    around = _days(today - ONE_DAY, today + AHEAD)
    declared = _read({venue.pk: venue}, first=min([around[0], *days]), last=max([around[-1], *days]))
    exceptions = sorted(
        (row for row in declared.exceptions.get(venue.pk, []) if row.last_on >= today),
        key=lambda row: (row.first_on, str(row.opens or "")),
    )
    reason = next((row.reason for row in exceptions if row.first_on <= today), "")
    return OpeningDetail(
        state=_state(venue, declared.hours(venue, today, around), seen_at, reason, at=at),
        days={day: declared.on(venue, day) for day in days},
        exceptions=exceptions,
    )


def seen_open_since(at: datetime) -> Subquery:
    """Give the annotation that tells since when a venue has been seen open, for a query of venues."""
    logs = OpeningLog.objects.filter(
        venue=OuterRef("pk"), opened_at__lte=at, closed_at__isnull=True, undone_at__isnull=True
    )
    return Subquery(logs.order_by("-opened_at").values("opened_at")[:1])


def observed_opening(
    venues: Iterable[Venue], *, from_on: date, until_on: date, at: datetime
) -> dict[UUID, ObservedOpening]:
    """Compare declared with observed opening over days [from_on, until_on), up to the moment `at`; five queries."""
    wanted = {venue.pk: venue for venue in venues}
    days = _days(from_on, until_on - ONE_DAY)
    declared = hours_by_day(wanted.values(), days=days)
    start, end = local_moment(from_on), min(local_moment(until_on), at)
    logs: dict[UUID, list[OpeningLog]] = {}
    for log in OpeningLog.objects.filter(venue__in=wanted, undone_at__isnull=True, opened_at__lt=end).filter(
        Q(closed_at__isnull=True) | Q(closed_at__gt=start)
    ):
        logs.setdefault(log.venue_id, []).append(log)
    visitors = dict(
        list_visits(wanted, from_on=from_on, until_on=until_on)
        .order_by()
        .values("venue")
        .annotate(total=Sum("count"))
        .values_list("venue", "total")
    )
    return {
        pk: _observed(pk, declared[pk], logs.get(pk, []), visitors.get(pk, 0), start=start, end=end) for pk in wanted
    }


def _observed(
    venue: UUID,
    declared: Mapping[date, engine.Intervals],
    logs: list[OpeningLog],
    visitors: int,
    *,
    start: datetime,
    end: datetime,
) -> ObservedOpening:
    """Compare the declared hours of one venue with what was logged."""
    promised, days_declared = [], 0
    for day, intervals in declared.items():
        midnight = local_moment(day)
        pieces = [
            (midnight + timedelta(minutes=one.opens), min(midnight + timedelta(minutes=one.closes), end))
            for one in intervals
        ]
        pieces = [piece for piece in pieces if piece[0] < piece[1]]
        days_declared += bool(pieces)
        promised += pieces
    seen = [(max(log.opened_at, start), min(log.closed_at or end, end)) for log in logs]
    return ObservedOpening(
        venue=venue,
        declared_minutes=rules.minutes_of(promised),
        observed_minutes=rules.minutes_of(seen),
        kept_minutes=rules.common_minutes(promised, seen),
        days_declared=days_declared,
        days_opened=len({local_day(log.opened_at) for log in logs if log.opened_at >= start}),
        openings=len([log for log in logs if log.opened_at >= start]),
        closed_by_schedule=len([log for log in logs if log.closed_by_schedule]),
        visitors=visitors,
    )


def list_openings(venue: UUID, *, limit: int = 50) -> QuerySet[OpeningLog]:
    """Give the last openings of a venue, the latest first, undone ones included."""
    return OpeningLog.objects.filter(venue=venue)[:limit]


def find_open_log(venue: UUID) -> OpeningLog | None:
    """Give the opening that nobody has closed yet, or None."""
    return OpeningLog.objects.filter(venue=venue, closed_at__isnull=True, undone_at__isnull=True).first()


def open_doors(venues: Iterable[UUID]) -> dict[UUID, OpeningLog]:
    """Give the opening that nobody has closed yet of each of these venues that has one: one query."""
    rows = OpeningLog.objects.filter(venue__in=list(venues), closed_at__isnull=True, undone_at__isnull=True)
    return {log.venue_id: log for log in rows}


def list_visits(venues: Iterable[UUID] | None = None, *, from_on: date, until_on: date) -> QuerySet[VisitCount]:
    """Give the counts of visitors over days [from_on, until_on) that were not taken back."""
    rows = VisitCount.objects.filter(
        at__gte=local_moment(from_on), at__lt=local_moment(until_on), undone_at__isnull=True
    )
    return rows if venues is None else rows.filter(venue__in=list(venues))


def count_visits_by_day(venue: UUID, *, from_on: date, until_on: date) -> dict[date, int]:
    """Give the visitors of each day on which any were counted."""
    days: dict[date, int] = {}
    rows = list_visits([venue], from_on=from_on, until_on=until_on)
    for at, count in rows.order_by("at").values_list("at", "count"):
        days[local_day(at)] = days.get(local_day(at), 0) + count
    return days


def count_visits_by_purpose(venue: UUID, *, from_on: date, until_on: date) -> dict[str, int]:
    """Give the visitors by what they came for."""
    rows = list_visits([venue], from_on=from_on, until_on=until_on).order_by()
    return dict(rows.values("purpose").annotate(total=Sum("count")).values_list("purpose", "total"))


def count_openings_on(on: date) -> int:
    """Give how many venues in scope were seen open on a day."""
    start, end = day_span(on)
    rows = OpeningLog.objects.filter(opened_at__gte=start, opened_at__lt=end, undone_at__isnull=True)
    return rows.order_by().aggregate(total=Count("venue", distinct=True))["total"]


def _days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=offset) for offset in range((last - first).days + 1)]
