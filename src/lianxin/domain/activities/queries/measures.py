"""What the measures of activities are, counted over their tables; a measure's day is the day of the occurrence."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from django.db.models import Q, QuerySet, Sum

from lianxin.domain.activities.models import Attendance, CrowdLog, Occurrence
from lianxin.domain.places.queries.programmes import pilots_on
from lianxin.platform.clock import local_moment
from lianxin.platform.contributions import Window


def _narrow(rows: QuerySet[Any], window: Window, *, prefix: str = "") -> QuerySet[Any]:
    """Keep the rows of a window's days, communities, venue and category; `prefix` leads to the occurrence."""
    rows = rows.filter(
        **{
            f"{prefix}starts_at__gte": local_moment(window.from_on),
            f"{prefix}starts_at__lt": local_moment(window.until_on),
        }
    )
    if window.communities is not None:
        rows = rows.filter(community__in=window.communities)
    if window.venue_id is not None:
        rows = rows.filter(**{f"{prefix}venue": window.venue_id})
    if window.category is not None:
        rows = rows.filter(**{f"{prefix}activity__category__code": window.category})
    return rows


def occurrences_held(window: Window) -> int:
    """Count the dates that were held."""
    return held_rows(window).count()


def held_rows(window: Window) -> QuerySet[Occurrence]:
    """Give the dates that were held."""
    return _narrow(Occurrence.objects.filter(state=Occurrence.State.HELD), window)


def activities(window: Window) -> int:
    """Count the activities and series of which a date was held."""
    return held_rows(window).order_by().values("activity").distinct().count()


def categories(window: Window) -> int:
    """Count the categories of service in which a date was held."""
    return held_rows(window).order_by().values("activity__category").distinct().count()


def pilot_volunteer_occurrences(window: Window) -> int:
    """Count the volunteer occurrences in what were pilots on the last day of a window."""
    return volunteer_occurrences(_in_pilots(window))


def pilot_volunteer_person_times(window: Window) -> int:
    """Count the volunteer person-times in what were pilots on the last day of a window."""
    return volunteer_person_times(_in_pilots(window))


def _in_pilots(window: Window) -> Window:
    pilots = pilots_on(window.until_on - timedelta(days=1))
    return replace(window, communities=pilots if window.communities is None else pilots & window.communities)


def volunteer_occurrences(window: Window) -> int:
    """Count the dates held of activities that are done by volunteers."""
    held = Occurrence.objects.filter(state=Occurrence.State.HELD, activity__is_volunteering=True)
    return _narrow(held, window).count()


def live_attendances() -> QuerySet[Attendance]:
    """Give the attendances that count: those that were not taken back."""
    return Attendance.objects.filter(undone_at=None)


def person_times(window: Window) -> int:
    """Count the attendances, each a person known by name at one date."""
    return _narrow(live_attendances(), window, prefix="occurrence__").count()


def volunteer_attendances() -> QuerySet[Attendance]:
    """Give the attendances that are voluntary service: at what volunteers do, and on a shift anywhere."""
    return live_attendances().filter(Q(occurrence__activity__is_volunteering=True) | Q(shift_place__isnull=False))


def volunteer_person_times(window: Window) -> int:
    """Count the attendances that are voluntary service."""
    return _narrow(volunteer_attendances(), window, prefix="occurrence__").count()


def crowd_counted(window: Window) -> int:
    """Sum the crowds that were counted without names in the open air."""
    rows = _narrow(CrowdLog.objects.filter(undone_at=None), window, prefix="occurrence__")
    return rows.aggregate(total=Sum("count"))["total"] or 0
