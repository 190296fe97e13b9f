"""What the pilots' households took for their points: at the counter, ordered ahead, as vouchers; and what came back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from random import Random
from uuid import UUID

from django.db.models import F

from lianxin.domain.points.models import Account
from lianxin.domain.points.sample.campaigns import campaign_days
from lianxin.domain.points.sample.pilots import Home
from lianxin.domain.points.sample.story import Step, step
from lianxin.domain.shop.commands.collecting import collect, redeem_at_counter
from lianxin.domain.shop.commands.reservations import cancel, put_ready, reserve
from lianxin.domain.shop.commands.returns import return_lines
from lianxin.domain.shop.commands.settlements import draw_settlement, sign_settlement
from lianxin.domain.shop.commands.vouchers import redeem_vouchers, take_voucher
from lianxin.domain.shop.models import Item, Redemption, RedemptionLine, Settlement, Stock, Voucher
from lianxin.domain.shop.queries.prices import prices_on
from lianxin.platform import scope
from lianxin.platform.clock import local_day

from .opening import Counter, _dice, offers_of

CHECKS = ("card_only", "known_in_person")
SHARE = 0.09
FEWEST, MOST = 2, 5
FEWEST_VOUCHERS, MOST_VOUCHERS = 3, 6
Balances = dict[UUID, int]


def redemptions(counter: Counter) -> Iterator[Step]:
    """Give the steps of the counter: the day after a campaign in each month, then in the weeks before today."""
    pilot, plan = counter.pilot, counter.pilot.plan
    for number, (on, _kind, stretch) in enumerate(campaign_days(pilot)):
        if number % 3 == 2 or (stretch == "recent" and number % 2):
            yield step(on + timedelta(days=2), 16, lambda at: _at_counter(counter, at))
    yield step(date(pilot.first_year, 12, 29), 16, lambda at: _at_counter(counter, at, with_honours=True))
    yield step(plan.day(10), 16, lambda at: _at_counter(counter, at, with_honours=True))
    yield step(plan.day(12), 11, lambda at: _order(counter, at, 2))
    yield step(plan.day(11), 9, lambda at: _put_ready(counter, at))
    yield step(plan.day(9), 17, lambda at: _collect(counter, at))
    yield step(plan.day(7), 10, lambda at: _bring_back(counter, at))
    yield step(plan.day(3), 11, lambda at: _order(counter, at, 3))
    yield step(plan.day(2), 9, lambda at: _put_ready(counter, at))
    yield step(plan.day(1), 20, lambda at: _order(counter, at, 2))


def vouchers(counter: Counter) -> Iterator[Step]:
    """Give the steps of the vouchers: bought and used in the last month that is over, settled, and some since."""
    plan = counter.pilot.plan
    this_month = plan.day(4).replace(day=1)
    month = (this_month - timedelta(days=1)).replace(day=1)
    yield step(month + timedelta(days=4), 10, lambda at: _buy_vouchers(counter, at))
    yield step(month + timedelta(days=12), 15, lambda at: _use_vouchers(counter, at, MOST_VOUCHERS - 1))
    yield step(this_month, 10, lambda at: _draw(counter, at, month))
    yield step(this_month + timedelta(days=1), 10, lambda at: _sign(counter, at))
    yield step(plan.day(2), 10, lambda at: _buy_vouchers(counter, at))
    yield step(plan.day(1), 15, lambda at: _use_vouchers(counter, at, 1))


def _free(counter: Counter, *, least: int) -> Balances:
    """Give what households can spend, those that have so much."""
    with scope.everything():
        rows = Account.objects.filter(
            community=counter.pilot.community, kind=Account.Kind.HOUSEHOLD, state=Account.State.OPEN
        ).annotate(free=F("balance") - F("held"))
        return dict(rows.filter(free__gte=least).values_list("owner", "free"))


def _shelf(counter: Counter, on: date, *, with_honours: bool) -> dict[UUID, tuple[int, int]]:
    """Give price and free pieces of what can be given out by the piece."""
    with scope.everything():
        there = Stock.objects.filter(venue=counter.venue, item__state=Item.State.ON_SALE)
        pieces = dict(there.annotate(free=F("on_hand") - F("reserved")).values_list("item", "free"))
        if with_honours:
            honours = Item.objects.filter(community=counter.pilot.community, kind=Item.Kind.HONOUR)
            pieces |= dict.fromkeys(honours.values_list("pk", flat=True), MOST)
        prices = prices_on(pieces, on)
    return {pk: (prices[pk], free) for pk, free in sorted(pieces.items()) if pk in prices and free > 1}


def _choose(counter: Counter, dice: Random, count: int, *, least: int = 20) -> list[Home]:
    free = _free(counter, least=least)
    homes = [home for home in counter.pilot.homes if home.household in free]
    return dice.sample(homes, min(count, len(homes)))


def _basket(dice: Random, shelf: dict[UUID, tuple[int, int]], points: int) -> dict[UUID, int]:
    """Choose one or two things that a household can pay for, dear ones rather than cheap ones."""
    basket: dict[UUID, int] = {}
    for _turn in range(dice.choice((1, 1, 2))):
        fits = [pk for pk, (price, free) in shelf.items() if price <= points and free > 1 and pk not in basket]
        if not fits:
            break
        chosen = dice.choices(fits, [shelf[pk][0] for pk in fits])[0]
        price, free = shelf[chosen]
        basket[chosen] = 1
        shelf[chosen] = (price, free - 1)
        points -= price
    return basket


def _at_counter(counter: Counter, at: datetime, *, with_honours: bool = False) -> None:
    dice = _dice(counter, "counter", at)
    shelf = _shelf(counter, local_day(at), with_honours=with_honours)
    free = _free(counter, least=20)
    wanted = max(FEWEST, min(MOST, round(len(counter.pilot.homes) * SHARE)))
    for home in _choose(counter, dice, wanted):
        basket = _basket(dice, shelf, free[home.household])
        if basket:
            redeem_at_counter(
                actor=counter.pilot.staff,
                household=home.household,
                venue=counter.venue,
                items=basket,
                checks=CHECKS,
                person=dice.choice(home.adults),
                at=at,
            )


def _order(counter: Counter, at: datetime, count: int) -> None:
    dice = _dice(counter, "orders", at)
    shelf = _shelf(counter, local_day(at), with_honours=False)
    free = _free(counter, least=20)
    for home in _choose(counter, dice, count):
        basket = _basket(dice, shelf, free[home.household])
        if basket:
            helped = counter.pilot.staff.acting_for(home.head, "known_in_person")
            reserve(actor=helped, household=home.household, venue=counter.venue, items=basket, person=home.head, at=at)


def _waiting(counter: Counter) -> list[Redemption]:
    with scope.everything():
        rows = Redemption.objects.filter(community=counter.pilot.community, state=Redemption.State.RESERVED)
        return list(rows.order_by("pk"))


def _put_ready(counter: Counter, at: datetime) -> None:
    for row in _waiting(counter)[:2]:
        put_ready(actor=counter.pilot.staff, redemption=row.pk, at=at)


def _collect(counter: Counter, at: datetime) -> None:
    """Give out what was ordered, but the last, who does not want it any more."""
    waiting = _waiting(counter)
    for row in waiting[:-1]:
        if row.code is not None:
            collect(actor=counter.pilot.staff, code=row.code.reveal(), checks=("code", "known_in_person"), at=at)
    for row in waiting[-1:]:
        cancel(actor=counter.pilot.staff, redemption=row.pk, reason="家里来电话说不用了", at=at)


def _bring_back(counter: Counter, at: datetime) -> None:
    with scope.everything():
        lines = RedemptionLine.objects.filter(
            redemption__community=counter.pilot.community,
            redemption__state=Redemption.State.COLLECTED,
            redemption__collected_at__lt=at,
            item__kind=Item.Kind.GOODS,
        )
        line = lines.select_related("redemption").order_by("-pk").first()
    if line is not None:
        return_lines(
            actor=counter.pilot.staff,
            redemption=line.redemption_id,
            pieces={line.item_id: 1},
            to_stock=True,
            reason="拿错了,没拆封",
            at=at,
        )


def _buy_vouchers(counter: Counter, at: datetime) -> None:
    """Let some households take vouchers of the merchants in turn, or of the community itself where there are none."""
    dice = _dice(counter, "vouchers", at)
    offers = offers_of(counter)
    names = list(counter.merchants) or ["家政服务1小时"]
    for turn in range(dice.randint(FEWEST_VOUCHERS, MOST_VOUCHERS)):
        item = counter.item(names[turn % len(names)])
        homes = _choose(counter, dice, 1, least=offers[item.name][0].points)
        for home in homes:
            helped = counter.pilot.staff.acting_for(home.head, "known_in_person")
            redeem_vouchers(actor=helped, household=home.household, item=item.pk, person=home.head, at=at)


def _use_vouchers(counter: Counter, at: datetime, count: int) -> None:
    with scope.everything():
        rows = Voucher.objects.filter(community=counter.pilot.community, state=Voucher.State.ISSUED)
        found = list(rows.filter(expires_on__gte=local_day(at)).order_by("pk")[:count])
    for row in found:
        own = counter.cashier is not None and row.merchant_id == counter.paying
        actor = counter.cashier if own and counter.cashier else counter.pilot.staff
        take_voucher(actor=actor, code=row.code.reveal() if row.code else "", at=at)


def _draw(counter: Counter, at: datetime, month: date) -> None:
    """Draw up the sheet of the merchant that has an account."""
    pilot = counter.pilot
    with scope.everything():
        taken = Voucher.objects.filter(
            community=pilot.community, merchant=counter.paying, state=Voucher.State.TAKEN, settlement=None
        )
        there = counter.paying is not None and taken.filter(taken_at__lt=at).exists()
    if counter.paying is not None and there:
        draw_settlement(actor=pilot.staff, community=pilot.community.pk, merchant=counter.paying, month=month, at=at)


def _sign(counter: Counter, at: datetime) -> None:
    with scope.everything():
        sheet = Settlement.objects.filter(community=counter.pilot.community, state=Settlement.State.OPEN).first()
    if sheet is not None and counter.cashier is not None:
        sign_settlement(actor=counter.pilot.staff, settlement=sheet.pk, at=at)
        sign_settlement(actor=counter.cashier, settlement=sheet.pk, at=at + timedelta(hours=5))
