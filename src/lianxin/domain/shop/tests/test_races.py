"""Who comes at the same moment: one gets the last piece, one spends the last points, one key counts once."""

from typing import Any

import pytest

from lianxin.domain.points.ledger.closing import list_differences
from lianxin.domain.points.models import Account
from lianxin.domain.shop.commands import collecting, reservations, stock_counter
from lianxin.domain.shop.models import Redemption, Stock
from lianxin.domain.shop.queries import checks
from lianxin.domain.shop.tests.factories import AT, CARD, counters, make_item, make_shop
from lianxin.platform import scope
from lianxin.platform.actors import Actor
from lianxin.platform.ids import new_id
from tests.support.racing import DONE, race

pytestmark = pytest.mark.django_db(transaction=True)
REDEEMERS = 64
TILLS = 32


def reserve_for(shop, item, number: int, actor: Actor, **more: Any):  # type: ignore[no-untyped-def]
    return reservations.reserve(
        actor=actor, household=shop.homes[number].pk, venue=shop.venue.pk, items={item.pk: 1}, at=AT, **more
    )


def orders() -> int:
    """How many orders there are."""
    with scope.everything():
        return Redemption.objects.count()


def nothing_differs() -> bool:
    """Whether ledger and shop agree with themselves."""
    with scope.everything():
        found = [*list_differences(), *checks.stock_equals_moves(), *checks.reserved_is_promised()]
        found += [*checks.limits_equal_lines(), *checks.orders_hold_points()]
    return found == []


def test_sixty_four_redeemers_and_one_last_piece() -> None:
    shop = make_shop(homes=REDEEMERS, balance=30)
    item = make_item(shop, points=10, pieces=1)

    outcomes = race(REDEEMERS, lambda number: reserve_for(shop, item, number, shop.keeper))

    assert outcomes == {DONE: 1, "NotEnoughStock": REDEEMERS - 1}
    assert counters(item, shop.venue) == (1, 1)
    assert orders() == 1
    with scope.everything():
        assert sorted(Account.objects.filter(kind="household").values_list("held", flat=True)) == [0] * 63 + [10]
        assert set(Account.objects.filter(kind="household").values_list("balance", flat=True)) == {30}
    assert nothing_differs()


def test_with_a_counter_that_is_read_first_the_last_piece_is_sold_to_many(monkeypatch: pytest.MonkeyPatch) -> None:
    shop = make_shop(homes=REDEEMERS, balance=30)
    item = make_item(shop, points=10, pieces=1)
    with scope.everything():
        seen = Stock.objects.get(item=item)

    def promise(pieces):  # type: ignore[no-untyped-def]
        for one in pieces:
            if seen.on_hand - seen.reserved < one.quantity:
                raise stock_counter.NotEnoughStock
            Stock.objects.filter(pk=one.stock).update(reserved=seen.reserved + one.quantity)

    monkeypatch.setattr(stock_counter, "promise", promise)
    outcomes = race(REDEEMERS, lambda number: reserve_for(shop, item, number, shop.keeper))

    assert outcomes[DONE] > 1
    assert orders() > 1
    assert not nothing_differs()


def test_one_household_at_thirty_two_tills_with_points_for_one() -> None:
    shop = make_shop(homes=1, balance=15)
    item = make_item(shop, points=10, pieces=100)

    def redeem(_number: int) -> None:
        collecting.redeem_at_counter(
            actor=shop.keeper,
            household=shop.homes[0].pk,
            venue=shop.venue.pk,
            items={item.pk: 1},
            checks=CARD,
            at=AT,
            key=new_id(),
        )

    outcomes = race(TILLS, redeem)

    assert outcomes == {DONE: 1, "NotEnoughPoints": TILLS - 1}
    assert (shop.account().balance, counters(item, shop.venue)) == (5, (99, 0))
    assert nothing_differs()


def test_with_points_that_are_read_first_one_household_reserves_them_many_times(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    shop = make_shop(homes=1, balance=15)
    item = make_item(shop, points=10, pieces=100)
    seen = shop.account()
    kept = reservations.ledger.hold

    def hold(wanted, **more):  # type: ignore[no-untyped-def]
        [one] = wanted
        if seen.balance - seen.held < one.points:
            raise reservations.ledger.NotEnoughPoints
        Account.objects.filter(pk=one.account).update(held=0)
        made = kept(wanted, **more)
        Account.objects.filter(pk=one.account).update(held=seen.held + one.points)
        return made

    monkeypatch.setattr(reservations.ledger, "hold", hold)
    outcomes = race(TILLS, lambda _number: reserve_for(shop, item, 0, shop.keeper))

    assert outcomes[DONE] > 1
    assert not nothing_differs()


def test_one_key_sent_thirty_two_times_reserves_once() -> None:
    shop = make_shop(homes=1)
    item = make_item(shop, points=1)
    key, actor = new_id(), shop.keeper

    outcomes = race(TILLS, lambda _number: reserve_for(shop, item, 0, actor, key=key))

    assert outcomes == {DONE: TILLS}
    assert (orders(), shop.account().held, counters(item, shop.venue)) == (1, 1, (10, 1))


def test_without_a_key_each_sending_is_an_order_of_its_own() -> None:
    shop = make_shop(homes=1)
    item = make_item(shop, points=1, pieces=100)

    outcomes = race(8, lambda _number: reserve_for(shop, item, 0, shop.keeper))

    assert outcomes == {DONE: 8}
    assert (orders(), shop.account().held) == (8, 8)


def test_of_collecting_cancelling_and_running_out_exactly_one_wins() -> None:
    shop = make_shop(homes=1)
    item = make_item(shop, points=10)
    order = reserve_for(shop, item, 0, shop.keeper)
    last = order.expires_at
    assert last is not None

    def act(number: int) -> None:
        if number % 3 == 0:
            early = last.replace(microsecond=0) - (last - AT) / 2
            collecting.collect(actor=shop.keeper, redemption=order.pk, checks=CARD, at=early)
        elif number % 3 == 1:
            reservations.cancel(actor=shop.keeper, redemption=order.pk, at=AT)
        elif not reservations.expire_reservations(actor=Actor.system(), at=last):
            raise reservations.NotReservedAnyMore

    outcomes = race(12, act)

    assert outcomes == {DONE: 1, "NotReservedAnyMore": 11}
    account = shop.account()
    assert account.held == 0
    assert account.balance == (90 if counters(item, shop.venue)[0] == 9 else 100)
    assert nothing_differs()
