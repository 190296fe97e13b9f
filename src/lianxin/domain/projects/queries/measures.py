"""What the measures of projects are, counted over their tables."""

from typing import Any

from django.db.models import QuerySet

from lianxin.domain.projects.models import Edition, Project
from lianxin.platform.clock import local_moment
from lianxin.platform.contributions import Window


def _narrow(rows: QuerySet[Any], window: Window, at: str) -> QuerySet[Any]:
    rows = rows.filter(
        **{f"{at}__gte": local_moment(window.from_on), f"{at}__lt": local_moment(window.until_on)},
    )
    if window.communities is not None:
        rows = rows.filter(community__in=window.communities)
    return rows


def projects_published(window: Window) -> int:
    """Count the projects put on the public list, by the day of it."""
    rows = _narrow(Project.objects.filter(published_at__isnull=False), window, "published_at")
    if window.venue_id is not None:
        rows = rows.filter(venue=window.venue_id)
    if window.category is not None:
        rows = rows.filter(category__code=window.category)
    return rows.count()


def projects_done(window: Window) -> int:
    """Count the projects that took place, by the day on which they were closed."""
    rows = _narrow(Project.objects.filter(done_at__isnull=False), window, "done_at")
    if window.venue_id is not None:
        rows = rows.filter(venue=window.venue_id)
    if window.category is not None:
        rows = rows.filter(category__code=window.category)
    return rows.count()


def editions_issued(window: Window) -> int:
    """Count the editions issued, by the day of it; they have neither venue nor category."""
    if window.venue_id is not None or window.category is not None:
        return 0
    return _narrow(Edition.objects.filter(state=Edition.State.ISSUED), window, "issued_at").count()
