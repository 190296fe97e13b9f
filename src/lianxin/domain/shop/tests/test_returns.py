"""What comes back: pieces, points in their lots, limits."""

from datetime import date, timedelta

import pytest

from lianxin.domain.points.ledger.closing import list_differences
from lianxin.domain.points.models import Txn
from lianxin.domain.shop.commands import collecting, returns
from lianxin.domain.shop.models import GoodsReturn, StockMove
from lianxin.domain.shop.queries import checks
from lianxin.domain.shop.rules.lots import lots_to_fill
from lianxin.domain.shop.tests.factories import AT, CARD, counters, fresh, lots, make_item, make_shop, used
from lianxin.platform import scope
from lianxin.platform.errors import Invalid

FIRST, SECOND = date(2026, 6, 30), date(2026, 12, 31)


def redeem(shop, items, **more):  # type: ignore[no-untyped-def]
    return collecting.redeem_at_counter(
        actor=shop.keeper,
        household=shop.homes[0].pk,
        venue=shop.venue.pk,
        items={item.pk: quantity for item, quantity in items},
        checks=("card_only", "known_in_person"),
        at=more.pop("at", AT),
        **more,
    )


def bring_back(shop, order, items, *, to_stock=True, at=AT):  # type: ignore[no-untyped-def]
    pieces = {item.pk: quantity for item, quantity in items}
    return returns.return_lines(
        actor=shop.keeper, redemption=order.pk, pieces=pieces, to_stock=to_stock, reason="包装破损", at=at
    )


@pytest.mark.django_db
def test_part_comes_back_into_the_lot_that_was_emptied_last() -> None:
    shop = make_shop(until=[(FIRST, 15), (SECOND, 15)])
    item = make_item(shop, points=10, limit_quantity=5, limit_every="year")
    order = redeem(shop, [(item, 2)])

    done = bring_back(shop, order, [(item, 1)])

    assert done.points == 10
    assert shop.account().balance == 20
    assert shop.account().spent == 10
    assert lots(shop.account()) == {FIRST: 5, SECOND: 15}
    assert used(item, shop.homes[0].pk) == 1
    assert counters(item, shop.venue) == (9, 0)
    with scope.everything():
        assert Txn.objects.get(pk=done.txn_id).kind == "return"
        assert list(list_differences()) == []


@pytest.mark.django_db
def test_second_part_fills_what_the_first_left_open() -> None:
    shop = make_shop(until=[(FIRST, 15), (SECOND, 15)])
    item = make_item(shop, points=10)
    order = redeem(shop, [(item, 2)])

    bring_back(shop, order, [(item, 1)])
    bring_back(shop, order, [(item, 1)])

    assert lots(shop.account()) == {FIRST: 15, SECOND: 15}
    assert fresh(order).state == "returned"
    with pytest.raises(returns.CannotComeBack):
        bring_back(shop, order, [(item, 1)])


@pytest.mark.django_db
def test_whole_order_is_reversed() -> None:
    shop = make_shop(until=[(FIRST, 15), (SECOND, 15)])
    item = make_item(shop, points=10)
    order = redeem(shop, [(item, 2)])

    done = bring_back(shop, order, [(item, 2)])

    with scope.everything():
        assert Txn.objects.get(pk=done.txn_id).reverses_id == order.txn_id
    assert lots(shop.account()) == {FIRST: 15, SECOND: 15}
    assert shop.account().spent == 0


@pytest.mark.django_db
def test_points_of_a_lot_that_is_over_live_on_for_thirty_days() -> None:
    shop = make_shop(until=[(FIRST, 30)])
    item = make_item(shop, points=10)
    order = redeem(shop, [(item, 2)])
    later = AT + timedelta(days=150)

    bring_back(shop, order, [(item, 1)], at=later)

    assert lots(shop.account())[date(2026, 8, 29)] == 10


@pytest.mark.django_db
def test_spoiled_pieces_do_not_go_back_on_the_shelf_but_leave_a_trail() -> None:
    shop = make_shop()
    item = make_item(shop, points=10, pieces=5)
    order = redeem(shop, [(item, 2)])

    done = bring_back(shop, order, [(item, 2)], to_stock=False)

    assert counters(item, shop.venue) == (3, 0)
    with scope.everything():
        moves = dict(StockMove.objects.filter(source_id=done.pk).values_list("kind", "quantity"))
        assert list(checks.stock_equals_moves()) == []
    assert moves == {"returned": 2, "spoiled": -2}


@pytest.mark.django_db
def test_more_than_was_given_out_cannot_come_back() -> None:
    shop = make_shop()
    item, other = make_item(shop), make_item(shop, name="大米")
    order = redeem(shop, [(item, 2)])

    with pytest.raises(returns.CannotComeBack):
        bring_back(shop, order, [(item, 3)])
    with pytest.raises(Invalid):
        bring_back(shop, order, [(other, 1)])

    assert shop.account().balance == 80
    with scope.everything():
        assert not GoodsReturn.objects.exists()


@pytest.mark.django_db
def test_checks_find_nothing_after_a_day_of_this_and_that() -> None:
    shop = make_shop()
    item = make_item(shop, points=3, limit_quantity=9, limit_every="month")
    for quantity in (1, 2, 3):
        bring_back(shop, redeem(shop, [(item, quantity)]), [(item, 1)])

    found = [
        sentence
        for check in (
            checks.stock_equals_moves,
            checks.reserved_is_promised,
            checks.limits_equal_lines,
            checks.orders_hold_points,
            checks.lines_add_up,
            checks.vouchers_add_up,
        )
        for sentence in check()
    ]

    assert found == []


def test_lots_are_filled_from_the_last_to_the_first() -> None:
    taken = [(FIRST, 15), (SECOND, 5)]

    assert lots_to_fill(taken=taken, given_back=0, points=10, on=AT.date()) == [(FIRST, 5), (SECOND, 5)]
    assert lots_to_fill(taken=taken, given_back=10, points=10, on=AT.date()) == [(FIRST, 10)]
    with pytest.raises(ValueError, match="more points"):
        lots_to_fill(taken=taken, given_back=15, points=10, on=AT.date())


@pytest.mark.django_db
def test_card_alone_suffices_below_the_limit() -> None:
    shop = make_shop()
    item = make_item(shop, points=10)

    order = collecting.redeem_at_counter(
        actor=shop.keeper,
        household=shop.homes[0].pk,
        venue=shop.venue.pk,
        items={item.pk: 5},
        checks=CARD,
        at=AT,
    )

    assert order.identity_check == "card_only"
