"""Households that moved to another community: what they gave back, cancelled or collected, and where points went."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from lianxin.domain.people.commands import moving
from lianxin.domain.people.models import Household
from lianxin.domain.people.tests.factories import make_household, members_of, resident, staff
from lianxin.domain.places.tests.factories import make_venue
from lianxin.domain.points.commands import estates
from lianxin.domain.points.ledger import AccountNotOpen
from lianxin.domain.points.models import Book, Txn
from lianxin.domain.points.tests.life_factories import (
    AT,
    SYSTEM,
    TODAY,
    YEAR_END,
    Tree,
    account_of,
    all_agree,
    balance,
    give,
    lots,
    make_life_book,
)
from lianxin.domain.shop.commands import catalogue, collecting, reservations, stock, vouchers
from lianxin.domain.shop.commands.reservations import NotReservedAnyMore
from lianxin.domain.shop.models import Item, Redemption, Voucher
from lianxin.domain.shop.queries import checks
from lianxin.domain.shop.tests.factories import CARD, counters, fresh
from lianxin.platform import scope
from lianxin.platform.actors import Actor

pytestmark = pytest.mark.django_db


@dataclass(frozen=True)
class Two:
    """Two communities of which the first keeps a shop, and a household with 50 points that lives there."""

    tree: Tree
    old: Book
    home: Household

    def item(self, **values: Any) -> Item:
        """Something on offer in the first community."""
        row = catalogue.create_item(actor=SYSTEM, community=self.tree.cuiying.pk, at=AT, **values)
        return catalogue.put_on_sale(actor=SYSTEM, item=row.pk, at=AT)

    def vouchers(self, quantity: int = 2) -> list[Voucher]:
        """Vouchers at 20 points each, paid for before the move."""
        item = self.item(kind="service", name="理发", points=20)
        order = vouchers.redeem_vouchers(
            actor=self.member(), household=self.home.pk, item=item.pk, quantity=quantity, at=AT
        )
        with scope.everything():
            return list(Voucher.objects.filter(line__redemption=order).order_by("pk"))

    def move(self) -> None:
        """Let the household go to the second community."""
        moving.move_household(
            actor=SYSTEM, household=self.home.pk, community=self.tree.jintao.pk, address="金涛路2号", on=TODAY, at=AT
        )

    def member(self) -> Actor:
        """Who logs in from the household, wherever it lives now."""
        return resident(members_of(self.home)[0])


def make_two(**terms: Any) -> Two:
    tree = Tree()
    old, home = make_life_book(tree.cuiying, **terms), make_household(tree.cuiying)
    give(old, home, 50)
    return Two(tree, old, home)


def all_is_well() -> None:
    assert [*checks.vouchers_add_up(), *checks.lines_add_up(), *checks.orders_hold_points()] == []
    all_agree()


@pytest.mark.parametrize("quantity", [1, 2])
def test_voucher_given_back_after_the_move_brings_its_points_to_where_the_others_went(quantity: int) -> None:
    two = make_two()
    new = make_life_book(two.tree.jintao)
    voucher, *_others = two.vouchers(quantity)
    two.move()

    vouchers.give_back_voucher(actor=two.member(), voucher=voucher.pk, at=AT)

    left = 50 - 20 * quantity
    assert (balance(two.old, two.home), balance(new, two.home)) == (0, left + 20)
    assert lots(new, two.home) == {YEAR_END: left + 20}
    with scope.everything():
        out = Txn.objects.get(kind=Txn.Kind.RETURN)
        assert Txn.objects.filter(kind=Txn.Kind.MOVE_IN, source_id=out.pk, book=new).count() == 1
        assert Voucher.objects.get(pk=voucher.pk).state == Voucher.State.VOID
    with pytest.raises(vouchers.VoucherNotUsable):
        vouchers.give_back_voucher(actor=two.member(), voucher=voucher.pk, at=AT)
    all_is_well()


def test_voucher_that_runs_out_after_the_move_brings_its_points_along_too() -> None:
    two = make_two()
    new = make_life_book(two.tree.jintao)
    [voucher] = two.vouchers(1)
    two.move()

    assert vouchers.expire_voucher(actor=SYSTEM, voucher=voucher.pk, at=AT + timedelta(days=100))

    assert balance(new, two.home) == 50
    all_is_well()


@pytest.mark.parametrize("quantity", [1, 2])
def test_what_is_given_back_while_points_wait_for_a_new_book_waits_with_them(quantity: int) -> None:
    two = make_two()
    voucher, *_others = two.vouchers(quantity)
    two.move()

    vouchers.give_back_voucher(actor=two.member(), voucher=voucher.pk, at=AT)
    waiting = account_of(two.old, two.home)
    new = make_life_book(two.tree.jintao)
    estates.carry_points_over(actor=staff("community_staff", two.tree.jintao), household=two.home.pk, at=AT)

    assert waiting is not None
    assert waiting.state == "frozen"
    assert balance(new, two.home) == 50 - 20 * (quantity - 1)
    all_is_well()


def test_where_points_end_with_a_move_a_voucher_can_still_be_used_but_brings_none_back() -> None:
    two = make_two(move="expire")
    make_life_book(two.tree.jintao)
    [voucher] = two.vouchers(1)
    two.move()

    with pytest.raises(AccountNotOpen):
        vouchers.give_back_voucher(actor=two.member(), voucher=voucher.pk, at=AT)
    taken = vouchers.take_voucher(actor=staff("community_staff", two.tree.cuiying), code=voucher.code.reveal(), at=AT)

    assert taken.state == Voucher.State.TAKEN
    all_is_well()


def test_order_that_waited_at_the_move_cannot_be_collected_and_its_points_came_along() -> None:
    two = make_two()
    new = make_life_book(two.tree.jintao)
    item, venue = two.item(kind="goods", name="洗衣液", points=5), make_venue(two.tree.cuiying)
    stock.receive_purchase(actor=SYSTEM, item=item.pk, venue=venue.pk, quantity=2, at=AT)
    order = reservations.reserve(actor=two.member(), household=two.home.pk, venue=venue.pk, items={item.pk: 2}, at=AT)
    two.move()

    with pytest.raises(NotReservedAnyMore):
        collecting.collect(actor=staff("community_staff", two.tree.cuiying), redemption=order.pk, checks=CARD, at=AT)

    with pytest.raises(NotReservedAnyMore):
        reservations.cancel(actor=two.member(), redemption=order.pk, at=AT)
    assert fresh(order).state == Redemption.State.CANCELLED
    assert counters(item, venue) == (2, 0)
    assert balance(new, two.home) == 50
    all_is_well()


@pytest.mark.parametrize("is_collected", [True, False])
def test_order_without_points_is_collected_or_cancelled_after_the_move(is_collected: bool) -> None:
    two = make_two()
    item, venue = two.item(kind="honour", name="感谢信", points=0), make_venue(two.tree.cuiying)
    other = make_household(two.tree.cuiying, number="free")
    guest = resident(members_of(other)[0])
    order = reservations.reserve(actor=guest, household=other.pk, venue=venue.pk, items={item.pk: 1}, at=AT)
    moving.move_household(
        actor=SYSTEM, household=other.pk, community=two.tree.jintao.pk, address="金涛路3号", on=TODAY, at=AT
    )

    if is_collected:
        clerk = staff("community_staff", two.tree.cuiying)
        collecting.collect(actor=clerk, redemption=order.pk, checks=CARD, at=AT)
    else:
        reservations.cancel(actor=resident(members_of(other)[0]), redemption=order.pk, at=AT)

    assert fresh(order).state == ("collected" if is_collected else "cancelled")
    all_is_well()
