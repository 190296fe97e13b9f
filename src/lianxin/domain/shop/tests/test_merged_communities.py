"""Communities become one and places move while orders wait in several of them: nothing is lost, locks keep order."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest

from lianxin.domain.people.models import Household
from lianxin.domain.people.tests.factories import make_household, staff
from lianxin.domain.places.commands.division_splits import NewPart, merge_divisions, split_division
from lianxin.domain.places.commands.venue_moves import move_venues
from lianxin.domain.places.events import DivisionsMerged
from lianxin.domain.places.models import Division, Venue
from lianxin.domain.places.tests.factories import make_venue
from lianxin.domain.points.commands import budgets
from lianxin.domain.points.models import Account, Book, Budget
from lianxin.domain.points.tests.life_factories import AT, SYSTEM, TODAY, Tree, all_agree, balance, give, make_life_book
from lianxin.domain.shop.commands import catalogue, collecting, consequences, reservations, stock
from lianxin.domain.shop.commands.stock import EMPTY_DUTY
from lianxin.domain.shop.models import Item, Redemption, Stock
from lianxin.domain.shop.queries import checks
from lianxin.domain.shop.tests.factories import CARD, counters, fresh
from lianxin.platform import scope
from lianxin.platform.models import Duty

pytestmark = pytest.mark.django_db


@dataclass(frozen=True)
class Street:
    """A community with a shop at two places, and an order that waits at each."""

    community: Division
    book: Book
    venues: list[Venue]
    item: Item
    homes: list[Household]
    orders: list[Redemption]


def make_street(community: Division, *, name: str) -> Street:
    """Two households with 20 points each, whose orders of 2 pieces at 3 points wait at two places."""
    book = make_life_book(community)
    venues = [make_venue(community, name=f"{community.short_name}{number}号点") for number in (1, 2)]
    item = catalogue.create_item(
        actor=SYSTEM, community=community.pk, kind="goods", name=name, points=3, limit_quantity=9,
        limit_every="month", at=AT,
    )  # fmt: skip
    catalogue.put_on_sale(actor=SYSTEM, item=item.pk, at=AT)
    homes, orders = [], []
    for venue in venues:
        stock.receive_purchase(actor=SYSTEM, item=item.pk, venue=venue.pk, quantity=10, at=AT)
        home = make_household(community, number=venue.name[-4:])
        give(book, home, 20)
        wanted = {item.pk: 2}
        order = reservations.reserve(actor=SYSTEM, household=home.pk, venue=venue.pk, items=wanted, at=AT)
        homes.append(home)
        orders.append(order)
    return Street(community, book, venues, item, homes, orders)


def nothing_differs() -> None:
    """Every proof of points and shop."""
    all_agree()
    for check in (
        checks.stock_equals_moves,
        checks.reserved_is_promised,
        checks.limits_equal_lines,
        checks.orders_hold_points,
        checks.lines_add_up,
    ):
        assert list(check()) == []


def held(street: Street) -> int:
    """What is kept aside of the passbooks of a book."""
    with scope.everything():
        return sum(Account.objects.filter(book=street.book, kind="household").values_list("held", flat=True))


def test_orders_of_both_communities_come_to_their_end_or_wait_on_when_their_books_become_one() -> None:
    tree = Tree()
    ends, stays = make_street(tree.cuiying, name="洗衣液"), make_street(tree.jintao, name="食用油")

    merge_divisions(actor=SYSTEM, divisions=[tree.cuiying.pk], into=tree.jintao.pk, on=TODAY, at=AT)

    assert [fresh(order).state for order in ends.orders] == ["cancelled", "cancelled"]
    assert [fresh(order).state for order in stays.orders] == ["reserved", "reserved"]
    assert [balance(stays.book, home) for home in ends.homes + stays.homes] == [20, 20, 20, 20]
    assert (held(ends), held(stays)) == (0, 12)
    assert [counters(ends.item, venue) for venue in ends.venues] == [(10, 0), (10, 0)]
    nothing_differs()


def test_merger_of_two_communities_into_a_third_ends_the_orders_of_one_book_only() -> None:
    tree = Tree()
    one, other = make_street(tree.cuiying, name="洗衣液"), make_street(tree.jintao, name="食用油")
    with scope.everything():
        first, second = sorted((one, other), key=lambda street: street.book.pk)

    ended = (tree.cuiying.pk, tree.jintao.pk)
    *_offered, waiting = consequences.preview_divisions_merged(DivisionsMerged(ended, tree.daya.pk, TODAY))

    merge_divisions(actor=SYSTEM, divisions=ended, into=tree.daya.pk, on=TODAY, at=AT)

    assert waiting.startswith("2 ")
    assert [fresh(order).state for order in first.orders] == ["reserved", "reserved"]
    assert [fresh(order).state for order in second.orders] == ["cancelled", "cancelled"]
    with scope.everything():
        assert set(Stock.objects.values_list("community", flat=True)) == {tree.daya.pk}
        assert not Duty.objects.filter(kind=EMPTY_DUTY, closed_at=None).exists()
    nothing_differs()


def test_order_that_waits_on_is_collected_in_the_community_that_goes_on() -> None:
    tree = Tree()
    street = make_street(tree.cuiying, name="洗衣液")

    merge_divisions(actor=SYSTEM, divisions=[tree.cuiying.pk], into=tree.jintao.pk, on=TODAY, at=AT)
    keeper = staff("community_staff", tree.jintao)
    done = collecting.collect(actor=keeper, redemption=street.orders[0].pk, checks=CARD, at=AT)

    assert (done.state, done.community_id) == ("collected", tree.jintao.pk)
    assert balance(street.book, street.homes[0]) == 14
    nothing_differs()


def test_points_of_budgets_go_back_when_their_book_ends() -> None:
    tree = Tree()
    ends, stays = make_street(tree.cuiying, name="洗衣液"), make_street(tree.jintao, name="食用油")
    budget = budgets.set_budget(
        actor=SYSTEM, book=ends.book.pk, name="全年", valid_from=date(2026, 1, 1), valid_until=date(2026, 12, 31),
        points=500, is_general=True, at=AT,
    )  # fmt: skip

    merge_divisions(actor=SYSTEM, divisions=[tree.cuiying.pk], into=tree.jintao.pk, on=TODAY, at=AT)

    with scope.everything():
        assert Account.objects.get(pk=budget.account_id).balance == 0
        assert Budget.objects.get(pk=budget.pk).closed_on == TODAY
    assert [balance(stays.book, home) for home in ends.homes] == [20, 20]
    nothing_differs()


def test_places_that_go_to_another_community_together_leave_their_orders_behind() -> None:
    tree = Tree()
    street = make_street(tree.cuiying, name="洗衣液")

    move_venues(actor=SYSTEM, venues=[venue.pk for venue in street.venues], community=tree.jintao.pk, on=TODAY, at=AT)

    assert [fresh(order).state for order in street.orders] == ["cancelled", "cancelled"]
    assert held(street) == 0
    with scope.everything():
        waiting = Duty.objects.filter(kind=EMPTY_DUTY, closed_at=None)
        assert {duty.community_id for duty in waiting} == {tree.cuiying.pk}
        assert waiting.count() == 2
    nothing_differs()


def test_places_that_go_to_two_new_parts_leave_their_orders_behind() -> None:
    tree = Tree()
    street = make_street(tree.cuiying, name="洗衣液")
    parts: list[Any] = [
        NewPart(f"翠英{letter}社区", f"44050700101{number}", venues=frozenset({street.venues[number].pk}))
        for number, letter in enumerate("东西")
    ]

    split_division(actor=SYSTEM, division=tree.cuiying.pk, parts=parts, on=TODAY, at=AT)

    assert [fresh(order).state for order in street.orders] == ["cancelled", "cancelled"]
    nothing_differs()
