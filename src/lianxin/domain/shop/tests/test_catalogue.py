"""The catalogue, and what residents, counter and keepers read of the shop."""

from datetime import timedelta

import pytest

from lianxin.domain.people.models import Organisation
from lianxin.domain.shop.commands import catalogue, collecting, reservations
from lianxin.domain.shop.models import ItemPrice
from lianxin.domain.shop.queries.catalogue import find_item, list_items, list_offers
from lianxin.domain.shop.queries.liability import liability_of
from lianxin.domain.shop.queries.measures import goods_redeemed
from lianxin.domain.shop.queries.orders import at_counter, find_order, list_orders, my_orders
from lianxin.domain.shop.rules.forecast import Average, days_left, runs_out_on
from lianxin.domain.shop.tests.factories import AT, CARD, TODAY, make_item, make_shop
from lianxin.platform import facts, scope
from lianxin.platform.actors import Actor
from lianxin.platform.contributions import Window
from lianxin.platform.errors import EditedMeanwhile, Invalid, Missing, NotAllowed
from lianxin.platform.ids import new_id

TOMORROW = TODAY + timedelta(days=1)


@pytest.mark.django_db
def test_everybody_sees_what_is_offered_and_what_is_left(django_assert_max_num_queries) -> None:  # type: ignore[no-untyped-def]
    shop = make_shop()
    item = make_item(shop, points=10, pieces=5, limit_quantity=3, limit_every="month")
    make_item(shop, name="还没上架", on_sale=False)
    reservations.reserve(
        actor=shop.resident(), household=shop.homes[0].pk, venue=shop.venue.pk, items={item.pk: 2}, at=AT
    )

    [seen] = list_offers(actor=Actor.anonymous(), community=shop.community.pk, on=TODAY)
    with django_assert_max_num_queries(8):
        [mine] = list_offers(actor=shop.resident(), community=shop.community.pk, on=TODAY, household=shop.homes[0].pk)

    assert (seen.points, seen.available, seen.available_at) == (10, 3, {shop.venue.pk: 3})
    assert (seen.limit_left, mine.limit_left) == (3, 1)


@pytest.mark.django_db
def test_neighbours_do_not_learn_what_somebody_took() -> None:
    shop = make_shop()
    item = make_item(shop, limit_quantity=3, limit_every="month")
    reservations.reserve(
        actor=shop.resident(), household=shop.homes[0].pk, venue=shop.venue.pk, items={item.pk: 2}, at=AT
    )

    [seen] = list_offers(actor=shop.resident(1), community=shop.community.pk, on=TODAY, household=shop.homes[0].pk)

    assert seen.limit_left == 3
    with pytest.raises(NotAllowed):
        my_orders(actor=shop.resident(1), household=shop.homes[0].pk, on=TODAY)


@pytest.mark.django_db
def test_codes_are_shown_to_the_household_and_to_nobody_else(django_assert_max_num_queries) -> None:  # type: ignore[no-untyped-def]
    shop = make_shop()
    order = reservations.reserve(
        actor=shop.resident(),
        household=shop.homes[0].pk,
        venue=shop.venue.pk,
        items={make_item(shop).pk: 1},
        at=AT,
    )

    with django_assert_max_num_queries(8):
        [mine] = my_orders(actor=shop.resident(), household=shop.homes[0].pk, on=TODAY).rows
    with django_assert_max_num_queries(8):
        [theirs] = list_orders(actor=shop.keeper, community=shop.community.pk, state="reserved").rows

    assert mine.code == order.code.reveal()
    assert theirs.code == ""
    assert find_order(actor=shop.keeper, redemption=order.pk, on=TODAY).code == ""
    with pytest.raises(Missing):
        find_order(actor=shop.resident(1), redemption=order.pk, on=TODAY)


@pytest.mark.django_db
def test_orders_come_in_pages() -> None:
    shop = make_shop()
    item = make_item(shop, points=1)
    for _ in range(3):
        reservations.reserve(
            actor=shop.keeper, household=shop.homes[0].pk, venue=shop.venue.pk, items={item.pk: 1}, at=AT
        )

    first = list_orders(actor=shop.keeper, community=shop.community.pk, limit=2)
    second = list_orders(actor=shop.keeper, community=shop.community.pk, limit=2, after=first.after)

    assert (len(first.rows), len(second.rows), second.after) == (2, 1, "")
    with pytest.raises(Missing):
        list_orders(actor=shop.keeper, community=shop.community.pk, after="no id")


@pytest.mark.django_db
def test_counter_sees_free_points_members_and_what_waits(django_assert_max_num_queries) -> None:  # type: ignore[no-untyped-def]
    shop = make_shop()
    reservations.reserve(
        actor=shop.keeper,
        household=shop.homes[0].pk,
        venue=shop.venue.pk,
        items={make_item(shop).pk: 1},
        at=AT,
    )

    with django_assert_max_num_queries(8):
        seen = at_counter(actor=shop.keeper, household=shop.homes[0].pk, on=TODAY)

    assert (seen.balance, seen.free, len(seen.waiting), seen.is_open) == (100, 90, 1, True)
    assert [name for _pk, name in seen.people] == ["陈*明", "林*婆"]


@pytest.mark.django_db
def test_liability_sets_points_against_goods(django_assert_max_num_queries) -> None:  # type: ignore[no-untyped-def]
    shop = make_shop()
    item = make_item(shop, points=10, pieces=10, cost_fen=1500)
    collecting.redeem_at_counter(
        actor=shop.keeper,
        household=shop.homes[0].pk,
        venue=shop.venue.pk,
        items={item.pk: 3},
        checks=CARD,
        at=AT,
    )

    with django_assert_max_num_queries(8):
        told = liability_of(actor=shop.keeper, community=shop.community.pk, on=TODAY)

    assert (told.points_out, told.recent_points, told.recent_fen) == (170, 30, 4_500)
    assert (told.cost_fen, told.goods_pieces, told.goods_fen) == (25_500, 7, 10_500)
    assert told.uncovered_fen == 15_000
    assert told.items[0].runs_out_on == TODAY + timedelta(days=210)


@pytest.mark.django_db
def test_facts_and_measure_agree_on_what_was_redeemed() -> None:
    shop = make_shop()
    item = make_item(shop, points=10)
    collecting.redeem_at_counter(
        actor=shop.keeper,
        household=shop.homes[0].pk,
        venue=shop.venue.pk,
        items={item.pk: 3},
        checks=CARD,
        at=AT,
    )

    with scope.everything():
        assert goods_redeemed(Window(TODAY, TOMORROW)) == 3
        assert facts.figure("goods_redeemed", from_on=TODAY, until_on=TOMORROW) == 3
        assert facts.figure("points_redeemed", from_on=TODAY, until_on=TOMORROW) == 30


@pytest.mark.django_db
def test_prices_only_grow_and_begin_today_or_later() -> None:
    shop = make_shop()
    item = make_item(shop, points=10)

    with pytest.raises(Invalid):
        catalogue.set_price(actor=shop.keeper, item=item.pk, points=5, from_on=TODAY - timedelta(days=1), at=AT)
    catalogue.set_price(actor=shop.keeper, item=item.pk, points=8, from_on=TODAY, at=AT)
    catalogue.set_price(actor=shop.keeper, item=item.pk, points=6, from_on=TOMORROW, at=AT)

    [row] = list_items(actor=shop.keeper, community=shop.community.pk, on=TODAY)
    assert (row.points, row.next_points, row.next_from_on) == (8, 6, TOMORROW)
    _item, prices = find_item(actor=shop.keeper, item=item.pk)
    assert [price.points for price in prices] == [6, 8, 10]


@pytest.mark.django_db
@pytest.mark.parametrize("points", [-1, 1.5, True, 10**12, "10"])
def test_prices_that_cannot_be_are_refused(points: object) -> None:
    shop = make_shop(homes=0)

    with pytest.raises(Invalid):
        make_item(shop, points=points)

    with scope.everything():
        assert not ItemPrice.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("name", {"name": "  "}),
        ("kind", {"kind": "money"}),
        ("cost_fen", {"cost_fen": -1}),
        ("limit_quantity", {"limit_quantity": 3}),
        ("limit_quantity", {"limit_every": "week"}),
        ("limit_quantity", {"limit_quantity": 0, "limit_every": "week"}),
        ("limit_every", {"limit_quantity": 3, "limit_every": "age"}),
        ("merchant", {"kind": "service", "merchant": new_id()}),
        ("valid_days", {"valid_days": 0}),
    ],
)
def test_entries_that_cannot_be_are_told_by_field(field: str, values: dict) -> None:
    shop = make_shop(homes=0)

    with pytest.raises(Invalid) as wrong:
        make_item(shop, **values)

    assert field in wrong.value.fields


@pytest.mark.django_db
def test_merchant_has_to_be_entered_as_one() -> None:
    shop = make_shop(homes=0)
    firm = Organisation.objects.create(name="某单位", registered_on=TODAY)

    with pytest.raises(Invalid):
        make_item(shop, kind="service", merchant=firm.pk)


@pytest.mark.django_db
def test_second_editor_is_told_and_names_stay_apart() -> None:
    shop = make_shop(homes=0)
    item, other = make_item(shop), make_item(shop, name="大米")

    catalogue.edit_item(actor=shop.keeper, item=item.pk, version=item.version, description="两升装", at=AT)

    with pytest.raises(EditedMeanwhile):
        catalogue.edit_item(actor=shop.keeper, item=item.pk, version=item.version, name="新名", at=AT)
    with pytest.raises(catalogue.NameTaken):
        catalogue.edit_item(actor=shop.keeper, item=other.pk, name="洗衣液", at=AT)
    catalogue.end_item(actor=shop.keeper, item=item.pk, at=AT)
    with pytest.raises(catalogue.ItemEnded):
        catalogue.put_on_sale(actor=shop.keeper, item=item.pk, at=AT)


@pytest.mark.django_db
def test_residents_keep_no_catalogue() -> None:
    shop = make_shop()
    item = make_item(shop)

    with pytest.raises(NotAllowed):
        catalogue.edit_item(actor=shop.resident(), item=item.pk, name="免费", at=AT)
    with pytest.raises(NotAllowed):
        list_items(actor=shop.resident(), community=shop.community.pk, on=TODAY)


def test_forecast_looks_at_the_recent_rate() -> None:
    assert days_left(there=10, used=0, in_days=90) is None
    assert days_left(there=10, used=5, in_days=90) == 180
    assert runs_out_on(there=10**9, used=1, in_days=90, on=TODAY) is None
    assert Average(fen=100, points=3).cost_of(2) == 67
    assert Average(fen=0, points=0).cost_of(2) is None
