"""Shop days, their tills and what waits to be decided."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Count, Q

from lianxin.domain.people.models import Household
from lianxin.domain.shop import policy
from lianxin.domain.shop.models import Item, ShopDay, Till, TillSale, TillStock
from lianxin.platform import scope
from lianxin.platform.actors import Actor
from lianxin.platform.errors import Missing

MOST_SHOWN = 200


@dataclass(frozen=True, slots=True)
class TillRow:
    """A till on its day's page."""

    id: UUID
    name: str
    state: str
    offline_at: datetime | None
    expires_at: datetime | None
    reconciled_at: datetime | None
    sales: int
    differences: int


@dataclass(frozen=True, slots=True)
class ShopDayRow:
    """A shop day with its tills."""

    id: UUID
    on: date
    name: str
    venue: UUID
    venue_name: str
    ended_at: datetime | None
    tills: list[TillRow]


@dataclass(frozen=True, slots=True)
class Difference:
    """A sale that waits to be decided, or how it was."""

    id: UUID
    till_name: str
    sold_at: datetime
    household_number: str
    item_name: str
    quantity: int
    points: int
    kept: int
    reason: str
    state: str


def find_shop_day(*, actor: Actor, shop_day: UUID) -> ShopDay:
    """Give a shop day to those who work in the shop; raises Missing."""
    with scope.within(actor.communities):
        row = ShopDay.objects.filter(pk=shop_day).select_related("venue").first()
    if row is None or not policy.may_work_in_shop(actor, row.community_id):
        raise Missing
    return row


def find_till(*, actor: Actor, till: UUID) -> Till:
    """Give a till to those who work in the shop; raises Missing."""
    with scope.within(actor.communities):
        row = Till.objects.filter(pk=till).select_related("shop_day__venue").first()
    if row is None or not policy.may_work_in_shop(actor, row.community_id):
        raise Missing
    return row


def find_sale(*, actor: Actor, sale: UUID) -> TillSale:
    """Give what a till reported as sold to those who work in the shop; raises Missing."""
    with scope.within(actor.communities):
        row = TillSale.objects.filter(pk=sale).select_related("till__shop_day").first()
    if row is None or not policy.may_work_in_shop(actor, row.till.community_id):
        raise Missing
    return row


def list_till_stock(*, actor: Actor, till: UUID) -> list[TillStock]:
    """List what a till took along and sold, by name; three queries, raises Missing."""
    row = find_till(actor=actor, till=till)
    with scope.within(actor.communities):
        return list(TillStock.objects.filter(till=row).select_related("item").order_by("item__name", "pk"))


def list_shop_days(
    *, actor: Actor, community: UUID, venue: UUID | None = None, shop_day: UUID | None = None
) -> list[ShopDayRow]:
    """List a community's shop days, newest first; two queries."""
    policy.require(policy.may_work_in_shop(actor, community))
    with scope.within(actor.communities):
        rows = ShopDay.objects.filter(community=community).select_related("venue")
        if venue is not None:
            rows = rows.filter(venue=venue)
        if shop_day is not None:
            rows = rows.filter(pk=shop_day)
        days = list(rows.order_by("-on", "-pk")[:MOST_SHOWN])
        tills: dict[UUID, list[TillRow]] = {}
        counted = Till.objects.filter(shop_day__in=days).annotate(
            sold=Count("sales"), waiting=Count("sales", filter=Q(sales__state=TillSale.State.DIFFERENCE))
        )
        for till in counted.order_by("name", "pk"):
            tills.setdefault(till.shop_day_id, []).append(
                TillRow(
                    id=till.pk,
                    name=till.name,
                    state=till.state,
                    offline_at=till.offline_at,
                    expires_at=till.expires_at,
                    reconciled_at=till.reconciled_at,
                    sales=till.sold,
                    differences=till.waiting,
                )
            )
    return [
        ShopDayRow(
            id=day.pk,
            on=day.on,
            name=day.name,
            venue=day.venue_id,
            venue_name=day.venue.name,
            ended_at=day.ended_at,
            tills=tills.get(day.pk, []),
        )
        for day in days
    ]


def list_differences(*, actor: Actor, till: UUID) -> list[Difference]:
    """List the sales of a till that could not be booked at once; four queries."""
    with scope.within(actor.communities):
        row = Till.objects.filter(pk=till).first()
        if row is None:
            raise Missing
        policy.require(policy.may_work_in_shop(actor, row.community_id))
        sales = list(TillSale.objects.filter(till=row).exclude(state=TillSale.State.BOOKED).order_by("sold_at", "pk"))
        numbers = dict(
            Household.objects.filter(pk__in={sale.household_id for sale in sales}).values_list("pk", "number")
        )
        names = dict(Item.objects.filter(pk__in={sale.item_id for sale in sales}).values_list("pk", "name"))
    return [
        Difference(
            id=sale.pk,
            till_name=row.name,
            sold_at=sale.sold_at,
            household_number=numbers.get(sale.household_id, ""),
            item_name=names.get(sale.item_id, ""),
            quantity=sale.quantity,
            points=sale.points,
            kept=sale.kept,
            reason=sale.reason,
            state=sale.state,
        )
        for sale in sales
    ]
