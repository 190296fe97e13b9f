"""Reserving, collecting, cancelling and running out of time."""

from dataclasses import replace
from datetime import timedelta

import pytest

from lianxin.domain.people.models import ProxyLink
from lianxin.domain.points import ledger
from lianxin.domain.shop.commands import catalogue, collecting, reservations
from lianxin.domain.shop.commands.basket import NotOffered
from lianxin.domain.shop.commands.limits import LimitReached
from lianxin.domain.shop.commands.stock_counter import NotEnoughStock
from lianxin.domain.shop.models import Redemption, StockMove
from lianxin.domain.shop.tests.factories import AT, CARD, TODAY, counters, fresh, make_item, make_shop, used
from lianxin.platform import scope
from lianxin.platform.actors import Actor
from lianxin.platform.commands import KeyReused
from lianxin.platform.errors import Invalid, Missing, NotAllowed
from lianxin.platform.ids import new_id

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system()


def reserve(shop, item, quantity=1, number=0, **more):  # type: ignore[no-untyped-def]
    return reservations.reserve(
        actor=more.pop("actor", None) or shop.resident(number),
        household=shop.homes[number].pk,
        venue=shop.venue.pk,
        items={item.pk: quantity},
        at=more.pop("at", AT),
        **more,
    )


def test_reservation_holds_points_and_promises_pieces() -> None:
    shop = make_shop()
    item = make_item(shop, points=10, pieces=5)

    order = reserve(shop, item, 3)

    assert (shop.account().balance, shop.account().held) == (100, 30)
    assert counters(item, shop.venue) == (5, 3)
    assert len(order.code.reveal()) == 7
    assert order.expires_at is not None
    assert order.expires_at - AT > timedelta(days=3)


def test_collecting_by_code_spends_what_was_held() -> None:
    shop = make_shop()
    item = make_item(shop, points=10, pieces=5)
    order = reserve(shop, item, 3)

    done = collecting.collect(actor=shop.keeper, code=f" {order.code.reveal()} ", checks=("code",), at=AT)

    assert (done.pk, done.state, done.identity_check) == (order.pk, "collected", "code")
    assert (shop.account().balance, shop.account().held) == (70, 0)
    assert counters(item, shop.venue) == (2, 0)
    with scope.everything():
        assert StockMove.objects.get(source_id=order.pk).quantity == -3


def test_collected_order_is_not_collected_again() -> None:
    shop = make_shop()
    order = reserve(shop, make_item(shop))
    collecting.collect(actor=shop.keeper, redemption=order.pk, checks=CARD, at=AT)

    with pytest.raises(reservations.NotReservedAnyMore, match="2026年3月2日 12:00"):
        collecting.collect(actor=shop.keeper, code=order.code.reveal(), checks=CARD, at=AT)

    assert shop.account().balance == 90


@pytest.mark.parametrize("code", ["", "123", "1234567", "abcdefg", "00000000000"])
def test_wrong_code_is_told_by_its_check_digit(code: str) -> None:
    shop = make_shop()

    with pytest.raises((Invalid, Missing)):
        collecting.collect(actor=shop.keeper, code=code, checks=CARD, at=AT)


def test_foreign_code_is_missing_for_the_staff_of_another_community() -> None:
    shop = make_shop()
    order = reserve(shop, make_item(shop))
    stranger = Actor(
        account=new_id(),
        role="community_staff",
        communities=frozenset({new_id()}),
        via="web",
        roles=frozenset({"community_staff"}),
    )

    with pytest.raises(Missing):
        collecting.collect(actor=stranger, code=order.code.reveal(), checks=CARD, at=AT)


def test_cancelled_order_frees_points_pieces_and_limit() -> None:
    shop = make_shop()
    item = make_item(shop, limit_quantity=2, limit_every="month")
    order = reserve(shop, item, 2)

    reservations.cancel(actor=shop.resident(), redemption=order.pk, at=AT)

    assert (shop.account().balance, shop.account().held) == (100, 0)
    assert counters(item, shop.venue) == (10, 0)
    assert used(item, shop.homes[0].pk) == 0
    with pytest.raises(reservations.NotReservedAnyMore):
        reservations.cancel(actor=shop.resident(), redemption=order.pk, at=AT)


def test_order_runs_out_of_time_once_and_cannot_be_collected_then() -> None:
    shop = make_shop()
    item = make_item(shop)
    order = reserve(shop, item, 2)
    later = order.expires_at

    with pytest.raises(reservations.NotReservedAnyMore):
        collecting.collect(actor=shop.keeper, redemption=order.pk, checks=CARD, at=later)
    assert reservations.expire_reservations(actor=SYSTEM, at=later - timedelta(seconds=1)) == 0
    assert reservations.expire_reservations(actor=SYSTEM, at=later) == 1

    assert reservations.expire_reservations(actor=SYSTEM, at=later) == 0
    assert fresh(order).state == "expired"
    assert shop.account().held == 0
    assert counters(item, shop.venue) == (10, 0)


def test_same_key_reserves_once_and_another_basket_is_refused() -> None:
    shop, key = make_shop(), new_id()
    item, actor = make_item(shop), shop.resident()
    first = reserve(shop, item, key=key, actor=actor)

    again = reserve(shop, item, key=key, actor=actor)

    assert again.pk == first.pk
    assert again.code.reveal() == first.code.reveal()
    assert counters(item, shop.venue) == (10, 1)
    with pytest.raises(KeyReused):
        reserve(shop, item, 2, key=key, actor=actor)


def test_more_than_the_points_there_are_is_refused_and_changes_nothing() -> None:
    shop = make_shop(balance=25)
    item = make_item(shop, points=10)

    with pytest.raises(ledger.NotEnoughPoints):
        reserve(shop, item, 3)

    assert shop.account().held == 0
    assert counters(item, shop.venue) == (10, 0)


def test_more_than_the_pieces_there_are_is_refused_and_changes_nothing() -> None:
    shop = make_shop()
    item = make_item(shop, points=1, pieces=2)

    with pytest.raises(NotEnoughStock, match="3.*2"):
        reserve(shop, item, 3)

    assert shop.account().held == 0
    with scope.everything():
        assert not Redemption.objects.exists()


def test_limit_counts_within_its_window_and_begins_anew_in_the_next() -> None:
    shop = make_shop()
    item = make_item(shop, points=1, limit_quantity=2, limit_every="week")
    reserve(shop, item, 2)

    with pytest.raises(LimitReached, match="2.*2"):
        reserve(shop, item, 1)

    assert reserve(shop, item, 1, number=1).points == 1
    assert reserve(shop, item, 2, at=AT + timedelta(days=7)).points == 2


def test_price_of_the_day_is_the_newest_that_began() -> None:
    shop = make_shop()
    item = make_item(shop, points=10)
    tomorrow = TODAY + timedelta(days=1)
    catalogue.set_price(actor=shop.keeper, item=item.pk, points=20, from_on=tomorrow, at=AT)

    today, then = reserve(shop, item), reserve(shop, item, at=AT + timedelta(days=1))

    assert (today.points, then.points) == (10, 20)


def test_free_goods_need_no_points_and_are_collected_once() -> None:
    shop = make_shop(balance=0)
    item = make_item(shop, points=0, pieces=1)

    order = reserve(shop, item)
    collecting.collect(actor=shop.keeper, redemption=order.pk, checks=CARD, at=AT)

    assert counters(item, shop.venue) == (0, 0)
    with pytest.raises(reservations.NotReservedAnyMore):
        collecting.collect(actor=shop.keeper, redemption=order.pk, checks=CARD, at=AT)


def test_honour_costs_points_and_no_stock() -> None:
    shop = make_shop()
    item = make_item(shop, kind="honour", name="社区之星证书", points=40)

    order = reserve(shop, item)
    collecting.collect(actor=shop.keeper, redemption=order.pk, checks=CARD, at=AT)

    assert shop.account().balance == 60


def test_draft_and_ended_items_are_not_offered() -> None:
    shop = make_shop()
    draft = make_item(shop, on_sale=False)

    with pytest.raises(NotOffered):
        reserve(shop, draft)

    catalogue.end_item(actor=shop.keeper, item=draft.pk, at=AT)
    with pytest.raises(NotOffered):
        reserve(shop, draft)


def test_neighbours_may_not_spend_each_others_points() -> None:
    shop = make_shop()
    item = make_item(shop)

    with pytest.raises(NotAllowed):
        reserve(shop, item, actor=shop.resident(1))

    assert shop.account().held == 0


@pytest.mark.parametrize("quantity", [0, -1, 1.5, True, 10**9])
def test_pieces_that_cannot_be_are_refused(quantity: object) -> None:
    shop = make_shop()

    with pytest.raises(Invalid):
        reserve(shop, make_item(shop), quantity)


def test_above_the_limit_one_check_is_not_enough() -> None:
    shop = make_shop()
    item = make_item(shop, points=60)
    order = reserve(shop, item)

    with pytest.raises(collecting.CheckNeeded):
        collecting.collect(actor=shop.keeper, redemption=order.pk, checks=CARD, at=AT)

    checks = ("card_only", "photo_on_document")
    done = collecting.collect(actor=shop.keeper, redemption=order.pk, checks=checks, at=AT)
    assert done.identity_check == "card_only+photo_on_document"


def test_walk_up_at_the_counter_is_one_step() -> None:
    shop = make_shop()
    item = make_item(shop, points=10, pieces=3)

    done = collecting.redeem_at_counter(
        actor=shop.keeper,
        household=shop.homes[0].pk,
        venue=shop.venue.pk,
        items={item.pk: 3},
        checks=CARD,
        person=shop.member().pk,
        at=AT,
    )

    assert (done.state, done.person_id) == ("collected", shop.member().pk)
    assert (shop.account().balance, counters(item, shop.venue)) == (70, (0, 0))


def test_promised_pieces_are_not_sold_at_the_counter() -> None:
    shop = make_shop()
    item = make_item(shop, points=1, pieces=2)
    reserve(shop, item, 2)

    with pytest.raises(NotEnoughStock):
        collecting.redeem_at_counter(
            actor=shop.keeper,
            household=shop.homes[1].pk,
            venue=shop.venue.pk,
            items={item.pk: 1},
            checks=CARD,
            at=AT,
        )

    assert shop.account(1).balance == 100


def test_host_gives_out_at_the_own_venue_only() -> None:
    shop = make_shop()
    order = reserve(shop, make_item(shop))
    host = Actor(
        account=new_id(),
        role="host",
        communities=frozenset({shop.community.pk}),
        via="web",
        roles=frozenset({"host"}),
        venues=frozenset({shop.other_venue.pk}),
    )

    with pytest.raises(NotAllowed):
        collecting.collect(actor=host, code=order.code.reveal(), checks=CARD, at=AT)

    mine = replace(host, venues=frozenset({shop.venue.pk}))
    assert collecting.collect(actor=mine, code=order.code.reveal(), checks=CARD, at=AT).state == "collected"


def test_agent_with_points_in_the_link_reserves_and_collects_for_another_household() -> None:
    shop = make_shop()
    item, agent = make_item(shop), shop.member(1)
    with scope.everything():
        ProxyLink.objects.create(
            community_id=shop.community.pk,
            principal=shop.member(0),
            agent_person=agent,
            kind="guardian",
            acts=["points"],
            from_on=TODAY,
            until_on=TODAY + timedelta(days=30),
        )

    order = reserve(shop, item, actor=shop.resident(1), person=agent.pk)

    assert order.person_id == agent.pk
    with pytest.raises(NotAllowed):
        reserve(shop, item, actor=shop.resident(1), at=AT + timedelta(days=31))
