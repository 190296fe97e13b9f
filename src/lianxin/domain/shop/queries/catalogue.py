"""What a shop offers today, to residents and to those who keep the catalogue."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from lianxin.domain.shop import policy
from lianxin.domain.shop.models import Item, ItemPrice, LimitCounter, Stock
from lianxin.domain.shop.queries.prices import prices_on
from lianxin.domain.shop.queries.standing import acts_for
from lianxin.domain.shop.rules.windows import window_of
from lianxin.platform import files, scope
from lianxin.platform.actors import Actor
from lianxin.platform.errors import Missing
from lianxin.platform.models import StoredFile


@dataclass(frozen=True, slots=True)
class Offer:
    """One thing on offer: `available` is None for what needs no stock, `limit_left` None without a limit."""

    item: UUID
    kind: str
    name: str
    description: str
    category: str
    merchant_name: str
    points: int
    available: int | None
    available_at: dict[UUID, int]
    limit_quantity: int | None
    limit_every: str
    limit_left: int | None
    picture_id: UUID | None


@dataclass(frozen=True, slots=True)
class CatalogueRow:
    """One line of the keepers' catalogue; `points` is today's price, None before the first begins."""

    item: Item
    merchant_name: str
    points: int | None
    next_points: int | None
    next_from_on: date | None


def list_offers(
    *,
    actor: Actor,
    community: UUID,
    on: date,
    venue: UUID | None = None,
    household: UUID | None = None,
    kind: str = "",
) -> list[Offer]:
    """List what a community offers on a day; for a household that the actor may spend for, with what limits leave.

    Everybody may look at a catalogue. Six queries at most.
    """
    with scope.within([community]):
        rows = Item.objects.filter(state=Item.State.ON_SALE).select_related("merchant").order_by("kind", "name", "pk")
        items = list(rows.filter(kind=kind) if kind else rows)
        prices = prices_on([item.pk for item in items], on)
        stocks = Stock.objects.filter(item__in=[item.pk for item in items if item.needs_stock], venue__state="open")
        if venue is not None:
            stocks = stocks.filter(venue=venue)
        there: dict[UUID, dict[UUID, int]] = {}
        for pk, place, on_hand, reserved in stocks.values_list("item_id", "venue_id", "on_hand", "reserved"):
            there.setdefault(pk, {})[place] = on_hand - reserved
    used: dict[UUID, int] = {}
    is_limited = any(item.limit_quantity is not None for item in items)
    if household is not None and is_limited and _may_look(actor, community, household, on):
        with scope.within([community]):
            used = _used(items, household, on)
    offers = []
    for item in items:
        if item.pk not in prices:
            continue
        places = there.get(item.pk, {})
        left = None
        if item.limit_quantity is not None:
            left = max(item.limit_quantity - used.get(item.pk, 0), 0)
        offers.append(
            Offer(
                item=item.pk,
                kind=item.kind,
                name=item.name,
                description=item.description,
                category=item.category,
                merchant_name=item.merchant.name if item.merchant else "",
                points=prices[item.pk],
                available=sum(places.values()) if item.needs_stock else None,
                available_at=places,
                limit_quantity=item.limit_quantity,
                limit_every=item.limit_every,
                limit_left=left,
                picture_id=item.picture_id,
            )
        )
    return offers


def list_items(*, actor: Actor, community: UUID, on: date, state: str = "") -> list[CatalogueRow]:
    """List a community's catalogue for those who keep it, with today's and the next price; three queries."""
    policy.require(policy.may_work_in_shop(actor, community))
    with scope.within(actor.communities):
        rows = Item.objects.filter(community=community).select_related("merchant").order_by("kind", "name", "pk")
        items = list(rows.filter(state=state) if state else rows.exclude(state=Item.State.ENDED))
        ids = [item.pk for item in items]
        prices = prices_on(ids, on)
        coming: dict[UUID, tuple[int, date]] = {}
        ahead = ItemPrice.objects.filter(item__in=ids, from_on__gt=on).order_by("item_id", "from_on", "-pk")
        for pk, points, from_on in ahead.values_list("item_id", "points", "from_on"):
            coming.setdefault(pk, (points, from_on))
    return [
        CatalogueRow(
            item=item,
            merchant_name=item.merchant.name if item.merchant else "",
            points=prices.get(item.pk),
            next_points=coming.get(item.pk, (None, None))[0],
            next_from_on=coming.get(item.pk, (None, None))[1],
        )
        for item in items
    ]


def find_picture(*, community: UUID, item: UUID, drafts: bool = False) -> StoredFile:
    """Give the picture of something that a community offers or offered, for everybody; raises Missing."""
    with scope.within([community]):
        rows = Item.objects.filter(pk=item, picture_id__isnull=False)
        row = (rows if drafts else rows.exclude(state=Item.State.DRAFT)).first()
    return files.find_file(row.picture_id if row else None)


def find_item(*, actor: Actor, item: UUID) -> tuple[Item, list[ItemPrice]]:
    """Give an item and its price versions, newest first, for those who work in the shop; raises Missing."""
    with scope.within(actor.communities):
        row = Item.objects.filter(pk=item).select_related("merchant").first()
        if row is None:
            raise Missing
        policy.require(policy.may_work_in_shop(actor, row.community_id))
        return row, list(ItemPrice.objects.filter(item=row).order_by("-from_on", "-pk"))


def _may_look(actor: Actor, community: UUID, household: UUID, on: date) -> bool:
    if policy.may_work_in_shop(actor, community):
        return True
    with scope.within(actor.communities):
        return acts_for(actor, household, on)


def _used(items: list[Item], household: UUID, on: date) -> dict[UUID, int]:
    windows = {item.pk: window_of(item.limit_every, on) for item in items if item.limit_quantity is not None}
    rows = LimitCounter.objects.filter(household=household, item__in=list(windows), window__in=set(windows.values()))
    return {
        item: used for item, window, used in rows.values_list("item_id", "window", "used") if windows[item] == window
    }
