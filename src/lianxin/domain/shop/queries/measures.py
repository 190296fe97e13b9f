"""What the shop's measures are, counted over its tables."""

from datetime import timedelta

from django.db.models import QuerySet, Sum

from lianxin.domain.shop.models import Donation, GoodsReturn, Item, RedemptionLine
from lianxin.platform.clock import local_moment
from lianxin.platform.contributions import Window


def _narrow(rows: QuerySet, window: Window, *, community: str, venue: str) -> QuerySet:
    if window.communities is not None:
        rows = rows.filter(**{f"{community}__in": window.communities})
    return rows.filter(**{venue: window.venue_id}) if window.venue_id else rows


def goods_redeemed(window: Window) -> int:
    """Count the pieces and vouchers given out in a window, less those that came back in it."""
    from_at, until_at = local_moment(window.from_on), local_moment(window.until_on)
    given = _narrow(
        RedemptionLine.objects.filter(redemption__collected_at__gte=from_at, redemption__collected_at__lt=until_at),
        window,
        community="redemption__community",
        venue="redemption__venue",
    ).aggregate(total=Sum("quantity"))
    back = _narrow(
        GoodsReturn.objects.filter(at__gte=from_at, at__lt=until_at),
        window,
        community="redemption__community",
        venue="redemption__venue",
    ).aggregate(total=Sum("quantity"))
    return (given["total"] or 0) - (back["total"] or 0)


def goods_donated(window: Window) -> int:
    """Count the pieces given by donors in a window."""
    rows = Donation.objects.filter(received_on__gte=window.from_on, received_on__lt=window.until_on)
    rows = _narrow(rows, window, community="community", venue="move__stock__venue")
    return rows.aggregate(total=Sum("move__quantity"))["total"] or 0


def shops(window: Window) -> int:
    """Count the communities that have something on offer now, as the level on the last day of a window."""
    return on_sale(window).order_by().values("community").distinct().count()


def on_sale(window: Window) -> QuerySet[Item]:
    """Give what is on offer now and had a price by the last day of a window."""
    last = window.until_on - timedelta(days=1)
    rows = Item.objects.filter(state=Item.State.ON_SALE, prices__from_on__lte=last)
    if window.communities is not None:
        rows = rows.filter(community__in=window.communities)
    return rows
