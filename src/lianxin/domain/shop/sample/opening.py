"""How a pilot's supermarket begins and is kept: catalogue, prices, what was given and bought, what is wanted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random
from uuid import UUID

from django.db.models import QuerySet

from lianxin.domain.people.models import Account, Organisation, OrganisationRole, RoleGrant
from lianxin.domain.people.queries.accounts import actor_for
from lianxin.domain.places.models import Venue, VenueState
from lianxin.domain.points.sample.pilots import Pilot
from lianxin.domain.points.sample.story import Step, step
from lianxin.domain.shop.commands.catalogue import create_item, put_on_sale, set_price
from lianxin.domain.shop.commands.stock import count_stock, receive_donation, receive_purchase, write_off
from lianxin.domain.shop.commands.supplies import ask_for_supplies, thank_donor
from lianxin.domain.shop.models import Donation, Item, Stock, SupplyNeed
from lianxin.platform import scope
from lianxin.platform.actors import Actor
from lianxin.platform.sample import Plan

from .catalogue import CAR_WASH, DEARER, GOODS, OF_MERCHANTS, OFFERS, SERVICE, YEARLY, Offer

DONATED = ("大米(2.5公斤)", "抽纸(3包)", "毛巾(2条)")
WANTED = (("大米(2.5公斤)", 9), ("小药箱", 4))
SHELF = 0.1
"""Pieces of each thing for a household."""
SPOILED, MISCOUNTED = "鸡蛋(30枚)", "抽纸(3包)"


@dataclass(frozen=True, slots=True)
class Counter:
    """A pilot's supermarket: where it is, and the merchants whose vouchers it gives out."""

    pilot: Pilot
    venue: UUID
    merchants: dict[str, UUID]
    cashier: Actor | None
    paying: UUID | None
    donors: list[UUID]

    def item(self, name: str) -> Item:
        """Read an item by its name."""
        with scope.everything():
            return Item.objects.get(community=self.pilot.community, name=name)


def find_counter(pilot: Pilot) -> Counter | None:
    """Give a pilot's supermarket, in its centre if it has one; none where no venue is at work."""
    with scope.everything():
        at_work = Venue.objects.filter(
            community=pilot.community, state__in=[VenueState.OPEN, VenueState.PAUSED]
        ).order_by("kind", "pk")
        venues = list(at_work)
        if not venues:
            return None
        venue = next((one for one in venues if one.kind == "centre"), venues[0])
        cashier, paying = _paying_merchant(pilot.plan)
        washes = _active("merchant").filter(name__contains=CAR_WASH).first()
        merchants = [_active("merchant").filter(pk=paying).first() if paying else None, washes]
        donors = list(_active("donor").values_list("pk", flat=True)) or list(
            _active("partner").values_list("pk", flat=True)
        )
    return Counter(
        pilot=pilot,
        venue=venue.pk,
        merchants={_voucher_of(row).name: row.pk for row in merchants if row is not None},
        cashier=cashier,
        paying=paying,
        donors=donors,
    )


def _active(kind: str) -> QuerySet[Organisation]:
    known = OrganisationRole.objects.filter(kind=kind).values("organisation")
    return Organisation.objects.filter(pk__in=known).exclude(state__in=["merged", "closed"]).order_by("pk")


def _paying_merchant(plan: Plan) -> tuple[Actor | None, UUID | None]:
    """Give the merchant that has an account, and who works with it."""
    grants = RoleGrant.objects.filter(role="merchant", until_on=None, organisation__isnull=False)
    grant = grants.order_by("granted_at", "pk").first()
    if grant is None:
        return None, None
    account = Account.objects.get(pk=grant.account_id)
    return actor_for(account=account, at=plan.at, via="cli"), grant.organisation_id


def _voucher_of(merchant: Organisation) -> Offer:
    """Give what a merchant does for a voucher."""
    for tail, offer in OF_MERCHANTS.items():
        if tail in merchant.name:
            return offer
    return Offer(SERVICE, "商户十元券", "服务", 24, 1_000, 12)


def offers_of(counter: Counter) -> dict[str, tuple[Offer, UUID | None]]:
    """Give everything that a supermarket offers, with the merchant who honours it."""
    found: dict[str, tuple[Offer, UUID | None]] = {offer.name: (offer, None) for offer in OFFERS}
    every = {offer.name: offer for offer in OF_MERCHANTS.values()}
    for name, merchant in counter.merchants.items():
        found[name] = (every.get(name, Offer(SERVICE, name, "服务", 24, 1_000, 12)), merchant)
    return found


def beginnings(counter: Counter) -> Iterator[Step]:
    """Give the steps of the first days, and what came or changed later."""
    pilot, plan = counter.pilot, counter.pilot.plan
    on = pilot.switched_on
    yield step(on + timedelta(days=3), 9, lambda at: _offer(counter, at))
    yield step(on + timedelta(days=4), 9, lambda at: _fill(counter, at))
    for year in range(pilot.first_year + 1, plan.today.year + 1):
        again = date(year, 1, 20)
        yield step(again, 9, lambda at: _buy(counter, at))
    yield step(date(pilot.first_year + 1, 1, 18), 9, lambda at: _price(counter, at))
    yield step(plan.day(31), 9, lambda at: _buy(counter, at))
    yield step(plan.day(17), 9, lambda at: _count(counter, at))
    yield step(plan.day(15), 9, lambda at: _ask(counter, at))
    yield step(plan.day(6), 9, lambda at: _receive_wanted(counter, at))
    yield step(plan.day(5), 9, lambda at: _thank(counter, at))


def _offer(counter: Counter, at: datetime) -> None:
    staff = counter.pilot.staff
    for offer, merchant in offers_of(counter).values():
        made = create_item(
            actor=staff,
            community=counter.pilot.community.pk,
            kind=offer.kind,
            name=offer.name,
            points=offer.points,
            description=offer.description,
            category=offer.category,
            merchant=merchant,
            cost_fen=offer.cost_fen,
            limit_quantity=offer.limit,
            limit_every=YEARLY if offer.limit else "",
            valid_days=90,
            at=at,
        )
        put_on_sale(actor=staff, item=made.pk, at=at)


def _fill(counter: Counter, at: datetime) -> None:
    """Take in the first stock: some given, the rest bought."""
    dice = _dice(counter, "donations")
    for name in DONATED:
        item = counter.item(name)
        _give(counter, at, item, _on_shelf(counter), dice, None)
    _buy(counter, at)


def _give(counter: Counter, at: datetime, item: Item, pieces: int, dice: Random, need: UUID | None) -> None:
    donor = dice.choice(counter.donors) if counter.donors and dice.random() < 0.8 else None
    receive_donation(
        actor=counter.pilot.staff,
        item=item.pk,
        venue=counter.venue,
        quantity=pieces,
        donor=donor,
        donor_name="" if donor else "一位街坊",
        wants_name_shown=donor is not None,
        value_fen=pieces * item.cost_fen,
        document="捐赠登记",
        need=need,
        at=at,
    )


def _buy(counter: Counter, at: datetime) -> None:
    """Buy what there is too little of on the shelf."""
    goods = [offer.name for offer in OFFERS if offer.kind == GOODS]
    with scope.everything():
        items = Item.objects.filter(community=counter.pilot.community, name__in=goods).order_by("pk")
        there = dict(Stock.objects.filter(item__in=items).values_list("item", "on_hand"))
        short = [(item, _on_shelf(counter) - there.get(item.pk, 0)) for item in items]
    for number, (item, pieces) in enumerate((one for one in short if one[1] * 2 > _on_shelf(counter)), start=1):
        receive_purchase(
            actor=counter.pilot.staff,
            item=item.pk,
            venue=counter.venue,
            quantity=pieces,
            value_fen=pieces * item.cost_fen,
            document=f"收据{at:%Y%m%d}-{number:02d}",
            at=at,
        )


def _on_shelf(counter: Counter) -> int:
    """Give how many pieces of each thing should lie on the shelf."""
    return max(4, round(len(counter.pilot.homes) * SHELF))


def _price(counter: Counter, at: datetime) -> None:
    for name, points in DEARER.items():
        on = date(counter.pilot.first_year + 1, 2, 1)
        set_price(actor=counter.pilot.staff, item=counter.item(name).pk, points=points, from_on=on, at=at)


def _count(counter: Counter, at: datetime) -> None:
    """Count the shelf: a box of eggs is broken, and one thing is missing."""
    staff, venue = counter.pilot.staff, counter.venue
    eggs, paper = counter.item(SPOILED), counter.item(MISCOUNTED)
    with scope.everything():
        there = {row.item_id: row for row in eggs.stocks.all() | paper.stocks.all()}
    if there[eggs.pk].on_hand > there[eggs.pk].reserved:
        write_off(actor=staff, item=eggs.pk, venue=venue, quantity=1, reason="搬货时摔破了", at=at)
    counted = max(there[paper.pk].on_hand - 1, there[paper.pk].reserved)
    count_stock(actor=staff, item=paper.pk, venue=venue, counted=counted, reason="少一提,找不到去处", at=at)


def _ask(counter: Counter, at: datetime) -> None:
    for name, quantity in WANTED:
        ask_for_supplies(
            actor=counter.pilot.staff,
            community=counter.pilot.community.pk,
            what=name,
            quantity=quantity,
            item=counter.item(name).pk,
            at=at,
        )


def _receive_wanted(counter: Counter, at: datetime) -> None:
    name, quantity = WANTED[0]
    item = counter.item(name)
    with scope.everything():
        need = SupplyNeed.objects.filter(item=item, state=SupplyNeed.State.OPEN).first()
    if need is not None:
        _give(counter, at, item, quantity // 3, _dice(counter, "wanted"), need.pk)


def _thank(counter: Counter, at: datetime) -> None:
    with scope.everything():
        last = Donation.objects.filter(community=counter.pilot.community).order_by("-pk").first()
    if last is not None:
        thank_donor(actor=counter.pilot.staff, donation=last.pk, how="打电话致谢,并在公示栏写明", at=at)


def _dice(counter: Counter, *what: object) -> Random:
    return counter.pilot.plan.random("shop", counter.pilot.community.code, *what)
