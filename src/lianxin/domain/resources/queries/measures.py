"""What the measures of resources are, counted over their tables."""

from lianxin.domain.resources.models import Offer, Promise
from lianxin.platform.clock import local_moment
from lianxin.platform.contributions import Window


def offers_made(window: Window) -> int:
    """Count the offers that were entered."""
    rows = Offer.objects.filter(made_at__gte=local_moment(window.from_on), made_at__lt=local_moment(window.until_on))
    if window.communities is not None:
        rows = rows.filter(community__in=window.communities)
    if window.category is not None:
        rows = rows.filter(categories__category__code=window.category)
    return rows.count()


def promises_kept(window: Window) -> int:
    """Count the promises that were kept, wholly or partly, by the day for which they were made."""
    rows = Promise.objects.filter(
        state__in=[Promise.State.KEPT, Promise.State.PARTLY], on__gte=window.from_on, on__lt=window.until_on
    )
    if window.communities is not None:
        rows = rows.filter(community__in=window.communities)
    if window.category is not None:
        rows = rows.filter(offer__categories__category__code=window.category)
    return rows.count()
