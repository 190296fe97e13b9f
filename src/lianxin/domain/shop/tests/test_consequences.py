"""What follows in the shop when households, venues, organisations and communities change."""

from datetime import date, timedelta
from typing import Any

import pytest

from lianxin.domain.people.commands.moving import merge_households
from lianxin.domain.people.events import OrganisationsMerged, PersonMerged
from lianxin.domain.people.tests.factories import members_of
from lianxin.domain.places.events import DivisionsMerged, VenueClosed
from lianxin.domain.places.models import Division, Venue
from lianxin.domain.points.events import PassbookClosing
from lianxin.domain.points.ledger import AccountNotOpen
from lianxin.domain.points.ledger.closing import list_differences
from lianxin.domain.points.models import Account
from lianxin.domain.shop.commands import collecting, consequences, reservations, returns, stock, vouchers
from lianxin.domain.shop.commands.stock import EMPTY_DUTY
from lianxin.domain.shop.models import Item, Redemption, Stock, Voucher
from lianxin.domain.shop.queries import checks
from lianxin.domain.shop.tests.factories import (
    AT,
    CARD,
    TODAY,
    counters,
    fresh,
    make_item,
    make_merchant,
    make_shop,
    used,
)
from lianxin.platform import contributions, scope
from lianxin.platform.actors import Actor
from lianxin.platform.commands import command
from lianxin.platform.models import Duty

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system()


@command("tests.report")
def report(*, actor: Actor, do: Any, event: Any, at: Any) -> None:
    do(event, actor=actor, at=at)


def follow(do: Any, event: Any) -> None:
    """Let a consequence run as it does inside the reporting command."""
    report(actor=SYSTEM, do=do, event=event, at=AT)


def order_of(shop: Any, item: Item, number: int = 0) -> Redemption:
    return reservations.reserve(
        actor=shop.keeper, household=shop.homes[number].pk, venue=shop.venue.pk, items={item.pk: 2}, at=AT
    )


def test_household_that_becomes_part_of_another_loses_its_orders_and_keeps_its_points() -> None:
    shop = make_shop()
    item = make_item(shop, limit_quantity=5, limit_every="month")
    order = order_of(shop, item)
    merged, into = shop.homes

    merge_households(actor=SYSTEM, households=[merged.pk], into=into.pk, on=TODAY, at=AT)

    assert fresh(order).state == "cancelled"
    assert counters(item, shop.venue) == (10, 0)
    assert used(item, merged.pk) == 0
    assert shop.account(1).balance == 200
    assert list(checks.orders_hold_points()) == []


def test_what_comes_back_after_a_merger_goes_to_the_household_that_stayed() -> None:
    shop, merchant = make_shop(), make_merchant()
    item = make_item(shop, points=10)
    service = make_item(shop, kind="service", name="洗车", points=20, merchant=merchant.pk)
    done = collecting.redeem_at_counter(
        actor=shop.keeper,
        household=shop.homes[0].pk,
        venue=shop.venue.pk,
        items={item.pk: 2, service.pk: 1},
        checks=CARD,
        at=AT,
    )
    merge_households(actor=SYSTEM, households=[shop.homes[0].pk], into=shop.homes[1].pk, on=TODAY, at=AT)

    returns.return_lines(
        actor=shop.keeper, redemption=done.pk, pieces={item.pk: 2}, to_stock=True, reason="退货", at=AT
    )
    with scope.everything():
        voucher = Voucher.objects.get()
    assert vouchers.expire_voucher(actor=SYSTEM, voucher=voucher.pk, at=AT + timedelta(days=100))

    assert shop.account(1).balance == 200
    with scope.everything():
        assert list(list_differences()) == []


def test_voucher_of_a_household_without_a_passbook_ends_without_points() -> None:
    shop, merchant = make_shop(), make_merchant()
    service = make_item(shop, kind="service", name="洗车", points=20, merchant=merchant.pk)
    vouchers.redeem_vouchers(actor=shop.resident(), household=shop.homes[0].pk, item=service.pk, at=AT)
    with scope.everything():
        Account.objects.filter(pk=shop.account().pk).update(state="closed")
        voucher = Voucher.objects.get()

    with pytest.raises(AccountNotOpen):
        vouchers.give_back_voucher(actor=shop.keeper, voucher=voucher.pk, at=AT)
    assert vouchers.expire_voucher(actor=SYSTEM, voucher=voucher.pk, at=AT + timedelta(days=100))

    assert shop.account().balance == 80


def test_end_of_a_passbook_cancels_only_the_orders_of_that_household() -> None:
    shop = make_shop()
    item = make_item(shop)
    mine, theirs = order_of(shop, item), order_of(shop, item, 1)
    event = PassbookClosing((shop.account().pk,), (shop.homes[0].pk,), TODAY)

    follow(consequences.follow_passbook_closing, event)

    assert (fresh(mine).state, fresh(theirs).state) == ("cancelled", "reserved")
    assert counters(item, shop.venue) == (10, 2)
    assert shop.account().held == 0


def test_closed_venue_cancels_its_orders_and_leaves_a_duty_for_its_stock() -> None:
    shop = make_shop()
    item = make_item(shop)
    order = order_of(shop, item)
    event = VenueClosed(shop.venue.pk, TODAY)
    told = consequences.preview_venue_closed(event)

    follow(consequences.follow_venue_closed, event)

    assert len(told) == 2
    assert fresh(order).state == "cancelled"
    assert shop.account().held == 0
    with scope.everything():
        assert Duty.objects.filter(kind=EMPTY_DUTY, closed_at=None).count() == 1


def test_duty_of_a_closed_venue_ends_when_its_last_piece_is_elsewhere() -> None:
    shop = make_shop()
    item = make_item(shop, pieces=3)
    follow(consequences.follow_venue_closed, VenueClosed(shop.venue.pk, TODAY))
    with scope.everything():
        Venue.objects.filter(pk=shop.venue.pk).update(state="closed", closed_on=TODAY)
    places = {"from_venue": shop.venue.pk, "to_venue": shop.other_venue.pk}

    stock.move_stock(actor=shop.keeper, item=item.pk, quantity=3, at=AT, **places)

    with scope.everything():
        assert not Duty.objects.filter(kind=EMPTY_DUTY, closed_at=None).exists()


def test_shop_is_told_by_the_house_when_a_venue_closes() -> None:
    shop = make_shop()
    order = order_of(shop, make_item(shop))

    follow(
        lambda event, *, actor, at: contributions.follow(event, actor=actor, at=at), VenueClosed(shop.venue.pk, TODAY)
    )

    assert fresh(order).state == "cancelled"


def test_merged_organisation_takes_its_services_and_vouchers_along() -> None:
    shop, gone, kept = make_shop(), make_merchant("旧店"), make_merchant("新店")
    item = make_item(shop, kind="service", name="洗车", merchant=gone.pk)
    vouchers.redeem_vouchers(actor=shop.resident(), household=shop.homes[0].pk, item=item.pk, at=AT)
    event = OrganisationsMerged(gone.pk, kept.pk)
    told = consequences.preview_organisations_merged(event)

    follow(consequences.follow_organisations_merged, event)

    assert len(told) == 1
    with scope.everything():
        assert Item.objects.get(pk=item.pk).merchant_id == kept.pk
        assert Voucher.objects.get().merchant_id == kept.pk


def test_merged_communities_have_one_shop_with_names_told_apart() -> None:
    shop = make_shop()
    item = make_item(shop)
    done = collecting.redeem_at_counter(
        actor=shop.keeper,
        household=shop.homes[0].pk,
        venue=shop.venue.pk,
        items={item.pk: 1},
        checks=CARD,
        at=AT,
    )
    into = Division.objects.create(
        level="community",
        official_name="金涛社区",
        short_name="金涛社区",
        code="440507004099",
        created_on=date(2019, 1, 1),
    )
    with scope.everything():
        Item.objects.create(community=into, kind="goods", name="洗衣液", needs_stock=True, state="on_sale")

    follow(consequences.follow_divisions_merged, DivisionsMerged((shop.community.pk,), into.pk, TODAY))

    with scope.everything():
        assert set(Item.objects.filter(community=into).values_list("name", flat=True)) == {
            "洗衣液",
            "洗衣液（翠英社区）",
        }
        assert Stock.objects.get(item=item).community_id == into.pk
        assert Redemption.objects.get(pk=done.pk).community_id == shop.community.pk


def test_merged_and_erased_people_leave_the_household_its_orders() -> None:
    shop = make_shop()
    item = make_item(shop)
    head, mother = members_of(shop.homes[0])
    order = collecting.redeem_at_counter(
        actor=shop.keeper,
        household=shop.homes[0].pk,
        venue=shop.venue.pk,
        items={item.pk: 1},
        checks=CARD,
        person=mother.pk,
        at=AT,
    )

    follow(consequences.follow_person_merged, PersonMerged(mother.pk, head.pk, shop.community.pk))
    assert fresh(order).person_id == head.pk
    assert [row["points"] for row in consequences.export_rows(head.pk)] == [10]

    said = consequences.erase_rows(head.pk, SYSTEM, AT + timedelta(days=1))
    assert len(said) == 1
    assert fresh(order).person_id is None
