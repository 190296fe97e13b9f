"""One object of each kind that the pages of the shop name, for tests which walk all addresses."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from lianxin.domain.people.models import Organisation, OrganisationRole
from lianxin.domain.places.models import Venue
from lianxin.domain.shop.models import (
    Donation,
    Item,
    ItemPrice,
    Redemption,
    RedemptionLine,
    Settlement,
    ShopDay,
    Stock,
    StockMove,
    SupplyNeed,
    Till,
    TillSale,
    Voucher,
)
from lianxin.platform import scope
from lianxin.platform.ids import new_id
from lianxin.platform.sensitive import seal

NOW = datetime.now(UTC)
DAY = date(2026, 1, 1)


def make_shop_object(kind: str, *, community: UUID, household: UUID) -> UUID:
    """Make an object of one kind in a community's shop and give its id; nothing in it costs points."""
    with scope.everything():
        return MAKERS[kind](community, household).pk


def _item(community: UUID, household: UUID, kind: str = "goods") -> Item:
    made = Item.objects.create(
        community_id=community, kind=kind, name=f"测试{new_id()}"[:60], needs_stock=kind == "goods", state="on_sale"
    )
    ItemPrice.objects.create(item=made, points=0, from_on=DAY, set_at=NOW)
    return made


def _venue(community: UUID) -> Venue:
    return Venue.objects.filter(community=community).order_by("pk")[0]


def _stock(community: UUID, household: UUID) -> Stock:
    made = Stock.objects.create(
        community_id=community, item=_item(community, household), venue=_venue(community), on_hand=5
    )
    StockMove.objects.create(stock=made, kind="bought", quantity=5, at=NOW)
    return made


def _order(community: UUID, household: UUID, kind: str = "goods") -> Redemption:
    made = Redemption.objects.create(
        community_id=community,
        household_id=household,
        venue=_venue(community),
        state="collected",
        made_via="counter",
        points=0,
        made_at=NOW,
        collected_at=NOW,
    )
    RedemptionLine.objects.create(redemption=made, item=_item(community, household, kind), quantity=1, unit_points=0)
    return made


def _voucher(community: UUID, household: UUID) -> Voucher:
    line = RedemptionLine.objects.get(redemption=_order(community, household, "service"))
    return Voucher.objects.create(
        community_id=community,
        line=line,
        code=seal("1", "shop.voucher.code"),
        code_digest=str(new_id()),
        cost_fen=0,
        expires_on=date(2036, 1, 1),
    )


def _settlement(community: UUID, household: UUID) -> Settlement:
    merchant = Organisation.objects.create(name=f"测试商户{new_id()}", registered_on=DAY)
    OrganisationRole.objects.create(organisation=merchant, kind="merchant", since_on=DAY)
    return Settlement.objects.create(
        community_id=community, merchant=merchant, month_from=DAY, total_fen=0, pieces=0, drawn_at=NOW
    )


def _need(community: UUID, household: UUID) -> SupplyNeed:
    return SupplyNeed.objects.create(community_id=community, what="测试", quantity=5, asked_on=DAY)


def _donation(community: UUID, household: UUID) -> Donation:
    move = StockMove.objects.create(stock=_stock(community, household), kind="donated", quantity=1, at=NOW)
    Stock.objects.filter(pk=move.stock_id).update(on_hand=6)
    return Donation.objects.create(community_id=community, donor_name="测试", move=move, received_on=DAY)


def _shop_day(community: UUID, household: UUID) -> ShopDay:
    return ShopDay.objects.create(community_id=community, venue=_venue(community), on=DAY, ended_at=NOW)


def _till(community: UUID, household: UUID) -> Till:
    day = _shop_day(community, household)
    return Till.objects.create(
        community_id=community, shop_day=day, name="测试", token_digest=str(new_id()), state="closed", closed_at=NOW
    )


def _sale(community: UUID, household: UUID) -> TillSale:
    return TillSale.objects.create(
        till=_till(community, household),
        household_id=household,
        item_id=_item(community, household).pk,
        quantity=1,
        points=0,
        sold_at=NOW,
        received_at=NOW,
        state="difference",
        reason="测试",
    )


MAKERS: dict[str, Callable[[UUID, UUID], Any]] = {
    "item": _item,
    "stock": _stock,
    "order": _order,
    "voucher": _voucher,
    "settlement": _settlement,
    "need": _need,
    "donation": _donation,
    "shop_day": _shop_day,
    "till": _till,
    "sale": _sale,
}
