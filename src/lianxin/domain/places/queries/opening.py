"""Declared hours as they apply on given days, whether a venue is open now, and what was observed instead."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Count, Q, QuerySet, Sum

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


def declared_hours(
    venues: Iterable[Venue], *, around: date, until: date | None = None
) -> dict[UUID, engine.OpeningHours]:
    """Give the hours of venues: a week as it is around a day, with every differing day up to `until` spelled out."""
    wanted = {venue.pk: venue for venue in venues}
    days = _days(around - ONE_DAY, until or around + AHEAD)
    by_day = hours_by_day(wanted.values(), days=days)
    weeks: dict[UUID, dict[int, engine.Intervals]] = {pk: {} for pk in wanted}
    rows = OpeningHours.objects.filter(venue__in=wanted, valid_from__lte=around).filter(
        Q(valid_until__isnull=True) | Q(valid_until__gt=around)
    )
    for row in rows:
        week = weeks[row.venue_id]
        week[row.weekday] = (*week.get(row.weekday, ()), engine.interval(row.opens, row.closes))
    found = {}
    for pk, week in weeks.items():
        usual = tuple(tuple(sorted(week.get(weekday, ()))) for weekday in range(7))
        differing = {day: hours for day, hours in by_day[pk].items() if hours != usual[day.weekday()]}
        found[pk] = engine.OpeningHours(week=usual, exceptions=differing)
    return found


def hours_by_day(venues: Iterable[Venue], *, days: Sequence[date]) -> dict[UUID, dict[date, engine.Intervals]]:
    """Give the declared hours of each day: an exception first, then the holiday rule, then the week that held."""
    wanted = {venue.pk: venue for venue in venues}
    result: dict[UUID, dict[date, engine.Intervals]] = {pk: {} for pk in wanted}
    if not days or not wanted:
        return result
    first, last = days[0], days[-1]
    rows: dict[UUID, list[OpeningHours]] = {}
    for row in OpeningHours.objects.filter(venue__in=wanted, valid_from__lte=last).filter(
        Q(valid_until__isnull=True) | Q(valid_until__gt=first)
    ):
        rows.setdefault(row.venue_id, []).append(row)
    exceptions: dict[UUID, list[OpeningException]] = {}
    for exception in OpeningException.objects.filter(venue__in=wanted, first_on__lte=last, last_on__gte=first):
        exceptions.setdefault(exception.venue_id, []).append(exception)
    calendar: dict[date, bool] = {}
    if any(venue.closed_on_holidays for venue in wanted.values()):
        calendar = dict(
            CalendarDay.objects.filter(day_on__gte=first, day_on__lte=last).values_list("day_on", "is_workday")
        )
    for pk, venue in wanted.items():
        for day in days:
            result[pk][day] = _hours_on(
                day,
                rows.get(pk, []),
                exceptions.get(pk, []),
                calendar if venue.closed_on_holidays else {},
            )
    return result


def _hours_on(
    day: date, rows: list[OpeningHours], exceptions: list[OpeningException], calendar: Mapping[date, bool]
) -> engine.Intervals:
    """Give the declared hours of one day."""
    special = [row for row in exceptions if row.first_on <= day <= row.last_on]
    if special:
        return tuple(sorted(engine.interval(row.opens, row.closes) for row in special if row.opens is not None))
    weekday = day.weekday()
    if day in calendar:
        if not calendar[day]:
            return ()
        weekday = weekday if weekday < 5 else MONDAY
    held = (
        row
        for row in rows
        if row.weekday == weekday and row.valid_from <= day and (row.valid_until is None or day < row.valid_until)
    )
    return tuple(sorted(engine.interval(row.opens, row.closes) for row in held))


def opening_states(venues: Iterable[Venue], *, at: datetime) -> dict[UUID, OpenState]:
    """Tell for each venue whether it is open at a moment, until when, and when it opens next; three queries."""
    listed = list(venues)
    today = local_day(at)
    hours = declared_hours(listed, around=today)
    logs = OpeningLog.objects.filter(
        venue__in=[venue.pk for venue in listed],
        opened_at__lte=at,
        closed_at__isnull=True,
        undone_at__isnull=True,
    )
    seen = {log.venue_id: log.opened_at for log in logs}
    reasons = dict(
        OpeningException.objects.filter(
            venue__in=[venue.pk for venue in listed], first_on__lte=today, last_on__gte=today
        ).values_list("venue", "reason")
    )
    return {
        venue.pk: _state(venue, hours[venue.pk], seen.get(venue.pk), reasons.get(venue.pk, ""), at=at)
        for venue in listed
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


def list_visits(
    venues: Iterable[UUID] | None = None, *, from_on: date, until_on: date
) -> QuerySet[VisitCount]:
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
