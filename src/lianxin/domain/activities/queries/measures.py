"""What the measures of activities are, counted over their tables; a measure's day is the day of the occurrence."""

from typing import Any

from django.db.models import Q, QuerySet, Sum

from lianxin.domain.activities.models import Attendance, CrowdLog, Occurrence
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
    return _narrow(Occurrence.objects.filter(state=Occurrence.State.HELD), window).count()


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
