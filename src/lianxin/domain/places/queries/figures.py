"""What the measures of this part of the module are, counted over its tables."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Q, QuerySet, Sum

from lianxin.platform.clock import local_moment
from lianxin.platform.contributions import Window

from ..models import OpeningLog, ServiceState, StandingService, VenueKind, VisitCount
from .venues import working_on

ONE_DAY = timedelta(days=1)


def _narrow(rows: QuerySet, window: Window) -> QuerySet:
    """Keep the rows of the window's communities and venue."""
    if window.communities is not None:
        rows = rows.filter(community__in=window.communities)
    return rows.filter(venue=window.venue_id) if window.venue_id else rows


def centres(window: Window) -> int:
    """Count the centres at work on the last day of a window."""
    return centre_rows(window).count()


def centre_rows(window: Window) -> QuerySet:
    """Give the centres at work on the last day of a window, by their periods."""
    return working_on(kind=VenueKind.CENTRE, on=window.until_on - ONE_DAY, communities=window.communities)


def stations(window: Window) -> int:
    """Count the stations at work on the last day of a window."""
    return station_rows(window).count()


def station_rows(window: Window) -> QuerySet:
    """Give the stations at work on the last day of a window, by their periods."""
    return working_on(kind=VenueKind.STATION, on=window.until_on - ONE_DAY, communities=window.communities)


def visits(window: Window) -> int:
    """Add up the visitors counted in a window."""
    rows = VisitCount.objects.filter(
        at__gte=local_moment(window.from_on), at__lt=local_moment(window.until_on), undone_at__isnull=True
    )
    return _narrow(rows, window).aggregate(total=Sum("count"))["total"] or 0


def openings(window: Window) -> int:
    """Count the openings logged in a window."""
    rows = OpeningLog.objects.filter(
        opened_at__gte=local_moment(window.from_on),
        opened_at__lt=local_moment(window.until_on),
        undone_at__isnull=True,
    )
    return _narrow(rows, window).count()


def categories_in_use(window: Window) -> int:
    """Count the service categories in which anything was offered on some day of a window."""
    return services_in_use(window).order_by().values("category").distinct().count()


def services_in_use(window: Window) -> QuerySet:
    """Give the standing services that were offered on some day of a window."""
    rows = StandingService.objects.exclude(state=ServiceState.PAUSED).filter(
        Q(valid_until__isnull=True) | Q(valid_until__gt=window.from_on), valid_from__lt=window.until_on
    )
    rows = _narrow(rows, window)
    if window.category:
        rows = rows.filter(category__code=window.category)
    return rows
