"""What the measures of the burden count, over requests that reached communities and demands that they noted."""

from typing import Any

from django.db.models import Count, Q, QuerySet, Sum

from lianxin.domain.reporting.models import Demand, RequestReach
from lianxin.platform.clock import local_moment
from lianxin.platform.contributions import Window


def demands_sent(window: Window) -> int:
    """Count what communities were asked to do, each request once for each community and round."""
    return _reaches(window).count() + _demands(window).count()


def fields_asked(window: Window) -> int:
    """Count what communities were asked to fill in by hand."""
    return _sum_fields(_reaches(window), Q(request__fields__how="hand")) + _noted_fields(window)


def fields_asked_again(window: Window) -> int:
    """Count what was asked by hand though it was known or asked within a year."""
    return _sum_fields(_reaches(window), Q(request__fields__how="hand", request__fields__is_again=True))


def fields_answered_by_figures(window: Window) -> int:
    """Count what was asked and delivered at once, without asking anybody."""
    return _sum_fields(_all_reaches(window), ~Q(request__fields__how="hand"))


def demands_out_of_hours(window: Window) -> int:
    """Count what reached communities at night, on weekends and holidays."""
    return _reaches(window).filter(is_out_of_hours=True).count() + _demands(window).filter(is_out_of_hours=True).count()


def demands_short_notice(window: Window) -> int:
    """Count what left communities less than one working day."""
    return _reaches(window).filter(is_short_notice=True).count() + _demands(window).filter(is_short_notice=True).count()


def _all_reaches(window: Window) -> QuerySet[RequestReach]:
    rows = RequestReach.objects.filter(
        opened_at__gte=local_moment(window.from_on), opened_at__lt=local_moment(window.until_on)
    )
    if window.category is not None:
        rows = rows.filter(request__office_level=window.category)
    return _in_window(rows, window)


def _reaches(window: Window) -> QuerySet[RequestReach]:
    return _all_reaches(window).exclude(state=RequestReach.State.DELIVERED)


def _demands(window: Window) -> QuerySet[Demand]:
    rows = Demand.objects.filter(
        asked_at__gte=local_moment(window.from_on), asked_at__lt=local_moment(window.until_on)
    ).exclude(state=Demand.State.TAKEN_BACK)
    if window.category is not None:
        rows = rows.filter(office_level=window.category)
    return _in_window(rows, window)


def _in_window(rows: Any, window: Window) -> Any:
    if window.venue_id is not None:
        return rows.none()
    return rows if window.communities is None else rows.filter(community__in=window.communities)


def _sum_fields(rows: QuerySet[RequestReach], which: Q) -> int:
    return int(rows.order_by().aggregate(n=Count("request__fields", filter=which))["n"] or 0)


def _noted_fields(window: Window) -> int:
    return int(_demands(window).order_by().aggregate(n=Sum("field_count"))["n"] or 0)
