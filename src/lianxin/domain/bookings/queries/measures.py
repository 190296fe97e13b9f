"""What the module's measures count, over its own tables."""

from django.db.models import QuerySet

from lianxin.domain.bookings.models import BookingTime, RoomTerms, SeatStay
from lianxin.platform.clock import local_moment
from lianxin.platform.contributions import Window


def room_uses(window: Window) -> int:
    """Count dates of bookings to which somebody came and that are over."""
    rows = BookingTime.objects.filter(
        state=BookingTime.State.USED,
        ended_at__isnull=False,
        starts_at__gte=local_moment(window.from_on),
        starts_at__lt=local_moment(window.until_on),
    )
    if window.communities is not None:
        rows = rows.filter(community__in=window.communities)
    if window.venue_id is not None:
        rows = rows.filter(booking__venue=window.venue_id)
    return rows.count()


def study_stays(window: Window) -> int:
    """Count stays on study seats by the day on which they began."""
    rows = SeatStay.objects.filter(came_at__gte=local_moment(window.from_on), came_at__lt=local_moment(window.until_on))
    if window.communities is not None:
        rows = rows.filter(community__in=window.communities)
    if window.venue_id is not None:
        rows = rows.filter(room__venue=window.venue_id)
    return rows.count()


def rooms_lent(window: Window) -> int:
    """Count rooms that residents or partners may book, as it is now."""
    return terms_of_rooms(window).count()


def terms_of_rooms(window: Window) -> QuerySet[RoomTerms]:
    """Give the terms of rooms that residents or partners may book, as it is now."""
    rows = RoomTerms.objects.exclude(open_to=RoomTerms.OpenTo.STAFF).exclude(room__state="removed")
    if window.communities is not None:
        rows = rows.filter(community__in=window.communities)
    if window.venue_id is not None:
        rows = rows.filter(room__venue=window.venue_id)
    return rows
