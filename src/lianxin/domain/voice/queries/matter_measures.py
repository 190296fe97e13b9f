"""What the measures of deliberation are, counted over its tables."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, QuerySet

from lianxin.domain.voice.models import Commitment, Matter, Meeting
from lianxin.domain.voice.rules import commitments as rules
from lianxin.platform.clock import local_moment
from lianxin.platform.contributions import Window


def _within(rows: QuerySet[Any], window: Window) -> QuerySet[Any]:
    return rows if window.communities is None else rows.filter(community__in=window.communities)


def _between(rows: QuerySet[Any], window: Window, at: str) -> QuerySet[Any]:
    span = {f"{at}__gte": local_moment(window.from_on), f"{at}__lt": local_moment(window.until_on)}
    return _within(rows.filter(**span), window)


def _is_narrow(window: Window) -> bool:
    return window.venue_id is not None or window.category is not None


def meetings_held(window: Window) -> int:
    """Count the meetings that were held and closed with minutes, by the day on which they began."""
    if _is_narrow(window):
        return 0
    return _held(window).count()


def _held(window: Window) -> QuerySet[Meeting]:
    return _between(Meeting.objects.filter(state=Meeting.State.CLOSED), window, "starts_at")


def meetings_of_one_matter(window: Window) -> int:
    """Count the meetings of the matter that took most of them."""
    return rows_of_one_matter(window).count()


def rows_of_one_matter(window: Window) -> QuerySet[Meeting]:
    """Give the meetings held of the matter that took most of them; of two alike, the older one."""
    if _is_narrow(window):
        return Meeting.objects.none()
    held = _held(window)
    most = held.order_by().values("matter").annotate(n=Count("pk")).order_by("-n", "matter").values("matter")[:1]
    return held.filter(matter__in=most)


def commitments_kept(window: Window) -> int:
    """Count the commitments that somebody else verified, by the day of it."""
    if _is_narrow(window):
        return 0
    return _between(Commitment.objects.filter(state=rules.KEPT), window, "ended_at").count()


def commitments_open(window: Window) -> int:
    """Count the commitments that are open now."""
    return 0 if _is_narrow(window) else open_commitments(window).count()


def open_commitments(window: Window) -> QuerySet[Commitment]:
    """Give the commitments that are open now."""
    return _within(Commitment.objects.filter(state__in=rules.LIVE), window)


def matters_agreed(window: Window) -> int:
    """Count the matters on which all sides agreed, be they carried out already or not."""
    return 0 if _is_narrow(window) else agreed_matters(window).count()


def agreed_matters(window: Window) -> QuerySet[Matter]:
    """Give the matters opened before a window's end on which all sides agreed."""
    rows = Matter.objects.filter(state__in=[Matter.State.AGREED, Matter.State.DONE])
    return _within(rows.filter(opened_at__lt=local_moment(window.until_on)), window)
