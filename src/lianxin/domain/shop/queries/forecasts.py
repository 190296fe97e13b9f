"""How long each thing in a shop lasts at the rate of the last 90 days."""

from collections.abc import Sequence
from datetime import date, timedelta
from uuid import UUID

from django.db.models import F, QuerySet, Sum

from lianxin.domain.shop import policy
from lianxin.domain.shop.models import RedemptionLine, Stock
from lianxin.domain.shop.queries.liability import RECENT_DAYS, ItemForecast
from lianxin.domain.shop.rules.forecast import runs_out_on
from lianxin.platform import scope
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_moment


def list_forecasts(*, actor: Actor, community: UUID, on: date) -> list[ItemForecast]:
    """List what lies in a community's shop with the day it runs out, the soonest first; two queries."""
    policy.require(policy.may_read_shop(actor, community))
    with scope.within(actor.communities):
        stocks = Stock.objects.filter(community=community).order_by().values("item", "item__name")
        there = list(stocks.annotate(pieces=Sum("on_hand")).values_list("item", "item__name", "pieces"))
        kept = F("quantity") - F("quantity_returned")
        recent = given_out([community], on=on).order_by().values("item").annotate(pieces=Sum(kept))
        given = dict(recent.values_list("item", "pieces"))
    rows = [
        ItemForecast(
            item=item,
            name=name,
            on_hand=pieces,
            given_recently=given.get(item) or 0,
            runs_out_on=runs_out_on(there=pieces, used=given.get(item) or 0, in_days=RECENT_DAYS, on=on),
        )
        for item, name, pieces in there
    ]
    return sorted(rows, key=lambda row: (row.runs_out_on or date.max, row.name, row.item))


def given_out(communities: Sequence[UUID] | None, *, on: date) -> QuerySet[RedemptionLine]:
    """Give the lines of what was given out in the 90 days up to a day, within an active scope; None asks for all."""
    rows = RedemptionLine.objects.filter(
        redemption__collected_at__gte=local_moment(on - timedelta(days=RECENT_DAYS)),
        redemption__collected_at__lt=local_moment(on + timedelta(days=1)),
    )
    return rows if communities is None else rows.filter(redemption__community__in=communities)
