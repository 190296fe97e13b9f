"""A busy shop day: tills without network never sell more pieces or points than there are, and lose nothing."""

from dataclasses import replace
from datetime import timedelta

import pytest

from lianxin.domain.people.commands.moving import merge_households
from lianxin.domain.points.models import Hold
from lianxin.domain.shop.commands import (
    collecting,
    offline_tills,
    reservations,
    shop_days,
    stock,
    till_differences,
    till_sales,
)
from lianxin.domain.shop.commands.offline_tills import TillPlan
from lianxin.domain.shop.commands.stock_counter import NotEnoughStock
from lianxin.domain.shop.models import Till, TillAllowance, TillSale
from lianxin.domain.shop.queries import checks
from lianxin.domain.shop.queries.till_packages import TillNotOffline, package, package_text
from lianxin.domain.shop.queries.tills import list_differences, list_shop_days
from lianxin.domain.shop.rules.allowances import share
from lianxin.domain.shop.rules.terms import Terms
from lianxin.domain.shop.rules.till_sales import Sale
from lianxin.domain.shop.tests.factories import AT, CARD, TODAY, counters, make_item, make_shop, used
from lianxin.platform import keys, scope
from lianxin.platform.actors import Actor
from lianxin.platform.errors import Invalid, NotAllowed
from lianxin.platform.ids import new_id
from lianxin.platform.models import Duty

EVENING = AT + timedelta(hours=8)


@pytest.fixture(autouse=True)
def rules(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rules that let tills without network take 40 points of a household."""
    terms = Terms(reserve_days=3, identity_check_above=50, offline_points=40)
    monkeypatch.setattr(offline_tills, "terms_of", lambda book, on: terms)


def make_tills(shop, count=1):  # type: ignore[no-untyped-def]
    day = shop_days.open_shop_day(
        actor=shop.keeper, venue=shop.venue.pk, community=shop.community.pk, on=TODAY, name="集市日", at=AT
    )
    return day, shop_days.add_tills(
        actor=shop.keeper, shop_day=day.pk, names=[f"{n + 1}号台" for n in range(count)], at=AT
    )


def go_offline(shop, day, plans):  # type: ignore[no-untyped-def]
    return offline_tills.take_offline(actor=shop.keeper, shop_day=day.pk, plans=plans, at=AT)


def sale(shop, item, quantity=1, *, number=0, points=None, minutes=1):  # type: ignore[no-untyped-def]
    return Sale(
        id=new_id(),
        household=shop.homes[number].pk,
        item=item.pk,
        quantity=quantity,
        points=quantity * 10 if points is None else points,
        sold_at=AT + timedelta(minutes=minutes),
    )


def send(shop, till, sales, at=EVENING):  # type: ignore[no-untyped-def]
    return till_sales.reconcile(actor=shop.keeper, till=till.till, sales=sales, at=at)


def all_checks() -> list[str]:
    """Everything that verify would say about the shop."""
    return [
        sentence
        for check in (
            checks.stock_equals_moves,
            checks.reserved_is_promised,
            checks.limits_equal_lines,
            checks.orders_hold_points,
            checks.lines_add_up,
        )
        for sentence in check()
    ]


@pytest.mark.django_db
def test_allowances_of_all_tills_together_never_exceed_free_points() -> None:
    shop = make_shop(balance=25)
    item = make_item(shop, pieces=30)
    day, tills = make_tills(shop, 3)

    go_offline(shop, day, [TillPlan(till.till, {item.pk: 10}) for till in tills])

    with scope.everything():
        mine = TillAllowance.objects.filter(household=shop.homes[0].pk).values_list("points", flat=True)
        assert sorted(mine) == [8, 8, 9]
        assert Hold.objects.filter(state="held").count() == 6
    assert shop.account().held == 25
    assert counters(item, shop.venue) == (30, 30)
    assert all_checks() == []


@pytest.mark.django_db
def test_package_is_signed_and_names_nobody_in_full(django_assert_max_num_queries) -> None:  # type: ignore[no-untyped-def]
    shop = make_shop()
    item = make_item(shop)
    day, [till] = make_tills(shop)
    with pytest.raises(TillNotOffline):
        package(actor=shop.keeper, till=till.till, at=AT)
    go_offline(shop, day, [TillPlan(till.till, {item.pk: 5})])

    with django_assert_max_num_queries(8):
        made = package(actor=shop.keeper, till=till.till, at=AT)

    said = made["package"]
    assert keys.verify(package_text(said), made["algorithm"], made["key_id"], made["signature"])
    assert [(row["name"], row["points"], row["pieces"]) for row in said["items"]] == [("洗衣液", 10, 5)]
    assert {row["points"] for row in said["households"]} == {40}
    assert "陈小明" not in str(said)
    said["items"][0]["points"] = 1
    assert not keys.verify(package_text(said), made["algorithm"], made["key_id"], made["signature"])


@pytest.mark.django_db
def test_sales_are_booked_and_the_rest_is_free_again() -> None:
    shop = make_shop()
    item = make_item(shop, limit_quantity=5, limit_every="day")
    day, [till] = make_tills(shop)
    go_offline(shop, day, [TillPlan(till.till, {item.pk: 6})])

    done = send(shop, till, [sale(shop, item), sale(shop, item, 2), sale(shop, item, number=1)])

    assert (done.booked, done.differences) == (3, [])
    assert (shop.account().balance, shop.account().held) == (70, 0)
    assert (shop.account(1).balance, shop.account(1).held) == (90, 0)
    assert counters(item, shop.venue) == (6, 0)
    assert used(item, shop.homes[0].pk) == 3
    assert all_checks() == []
    shop_days.end_shop_day(actor=shop.keeper, shop_day=day.pk, at=EVENING)


@pytest.mark.django_db
def test_same_report_twice_changes_nothing() -> None:
    shop = make_shop()
    item = make_item(shop)
    day, [till] = make_tills(shop)
    go_offline(shop, day, [TillPlan(till.till, {item.pk: 6})])
    sales = [sale(shop, item), sale(shop, item, 9)]
    first = send(shop, till, sales)

    again = send(shop, till, sales)

    assert (first.booked, again.booked, again.known) == (1, 0, 2)
    assert [row.pk for row in again.differences] == [row.pk for row in first.differences]
    assert shop.account().balance == 90
    assert all_checks() == []


@pytest.mark.django_db
def test_number_of_a_sale_is_not_used_for_another() -> None:
    shop = make_shop()
    item = make_item(shop)
    day, [till] = make_tills(shop)
    go_offline(shop, day, [TillPlan(till.till, {item.pk: 6})])
    first = sale(shop, item)
    send(shop, till, [first])

    with pytest.raises(Invalid):
        send(shop, till, [replace(first, quantity=2, points=20)])

    assert shop.account().balance == 90


@pytest.mark.django_db
def test_household_that_ends_while_a_till_is_out_leaves_a_difference() -> None:
    shop = make_shop()
    item = make_item(shop)
    day, [till] = make_tills(shop)
    go_offline(shop, day, [TillPlan(till.till, {item.pk: 6})])
    merged, into = shop.homes

    merge_households(actor=Actor.system(), households=[merged.pk], into=into.pk, on=TODAY, at=AT)

    done = send(shop, till, [sale(shop, item)])
    assert (done.booked, len(done.differences)) == (0, 1)
    assert shop.account(1).balance == 200
    assert all_checks() == []


@pytest.mark.django_db
def test_sale_beyond_the_allowance_is_a_difference_with_its_pieces_set_aside() -> None:
    shop = make_shop()
    item = make_item(shop)
    day, [till] = make_tills(shop)
    go_offline(shop, day, [TillPlan(till.till, {item.pk: 6})])

    done = send(shop, till, [sale(shop, item, 3), sale(shop, item, 2, minutes=2)])

    assert done.booked == 1
    [wrong] = list_differences(actor=shop.keeper, till=till.till)
    assert (wrong.quantity, wrong.kept, wrong.state) == (2, 2, "difference")
    assert wrong.reason
    assert counters(item, shop.venue) == (7, 2)
    assert all_checks() == []
    with scope.everything():
        assert Duty.objects.filter(kind=till_sales.DUTY, closed_at=None).count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("outcome", "balance", "left"), [("charged", 50, (5, 0)), ("written_off", 70, (5, 0)), ("brought_back", 70, (7, 0))]
)
def test_somebody_decides_on_a_difference(outcome: str, balance: int, left: tuple[int, int]) -> None:
    shop = make_shop()
    item = make_item(shop)
    day, [till] = make_tills(shop)
    go_offline(shop, day, [TillPlan(till.till, {item.pk: 6})])
    done = send(shop, till, [sale(shop, item, 3), sale(shop, item, 2, minutes=2)])

    decided = till_differences.settle_difference(
        actor=shop.keeper, sale=done.differences[0].pk, outcome=outcome, note="已与住户核对", at=EVENING
    )

    assert decided.state == outcome
    assert shop.account().balance == balance
    assert counters(item, shop.venue) == left
    assert all_checks() == []
    with pytest.raises(till_differences.AlreadyDecided):
        till_differences.settle_difference(
            actor=shop.keeper, sale=decided.pk, outcome=outcome, note="再来一次", at=EVENING
        )
    with scope.everything():
        assert not Duty.objects.filter(kind=till_sales.DUTY, closed_at=None).exists()


@pytest.mark.django_db
def test_changed_price_unknown_household_and_too_many_pieces_are_named() -> None:
    shop = make_shop()
    item = make_item(shop)
    day, [till] = make_tills(shop)
    go_offline(shop, day, [TillPlan(till.till, {item.pk: 2})])
    sales = [
        sale(shop, item, points=1),
        replace(sale(shop, item), household=new_id()),
        replace(sale(shop, item), item=new_id()),
        sale(shop, item, 3),
    ]

    done = send(shop, till, sales)

    assert done.booked == 0
    assert len({row.reason for row in done.differences}) == 4
    assert shop.account().balance == 100
    assert all_checks() == []


@pytest.mark.django_db
def test_what_a_closed_till_still_sends_is_paid_from_free_points_or_looked_at() -> None:
    shop = make_shop()
    item = make_item(shop)
    day, [till] = make_tills(shop)
    go_offline(shop, day, [TillPlan(till.till, {item.pk: 6})])
    with pytest.raises(Invalid):
        shop_days.close_till(actor=shop.keeper, till=till.till, reason="", at=EVENING)
    with pytest.raises(shop_days.TillsStillOut):
        shop_days.end_shop_day(actor=shop.keeper, shop_day=day.pk, at=EVENING)

    shop_days.close_till(actor=shop.keeper, till=till.till, reason="平板丢失", at=EVENING)

    assert shop.account().held == 0
    assert counters(item, shop.venue) == (10, 0)
    done = send(shop, till, [sale(shop, item)])
    assert (done.booked, len(done.differences)) == (0, 1)
    assert all_checks() == []


@pytest.mark.django_db
def test_points_whose_time_ran_out_are_taken_from_free_ones() -> None:
    shop = make_shop()
    item = make_item(shop)
    day, [till] = make_tills(shop)
    go_offline(shop, day, [TillPlan(till.till, {item.pk: 6})])

    done = send(shop, till, [sale(shop, item)], at=AT + timedelta(days=3))

    assert (done.booked, shop.account().balance, shop.account().held) == (1, 90, 0)
    assert all_checks() == []


@pytest.mark.django_db
def test_what_tills_took_along_is_not_sold_online() -> None:
    shop = make_shop()
    item = make_item(shop, pieces=6)
    day, [till] = make_tills(shop)
    go_offline(shop, day, [TillPlan(till.till, {item.pk: 5})])

    with pytest.raises(NotEnoughStock):
        reservations.reserve(
            actor=shop.resident(), household=shop.homes[0].pk, venue=shop.venue.pk, items={item.pk: 2}, at=AT
        )
    with pytest.raises(NotEnoughStock):
        stock.write_off(actor=shop.keeper, item=item.pk, venue=shop.venue.pk, quantity=2, reason="破损", at=AT)


@pytest.mark.django_db
def test_till_is_known_by_its_secret_and_may_serve_its_venue_only() -> None:
    shop = make_shop()
    item = make_item(shop)
    _day, [till] = make_tills(shop)

    row = shop_days.find_till(till.token)
    actor = shop_days.till_actor(row)

    assert row.pk == till.till
    with pytest.raises(NotAllowed):
        shop_days.find_till("nobody's")
    done = collecting.redeem_at_counter(
        actor=actor, household=shop.homes[0].pk, venue=shop.venue.pk, items={item.pk: 1}, checks=CARD, at=AT
    )
    assert done.state == "collected"
    with pytest.raises(NotAllowed):
        stock.receive_purchase(actor=actor, item=item.pk, venue=shop.venue.pk, quantity=1, at=AT)


@pytest.mark.django_db
def test_days_and_tills_are_listed_with_their_differences(django_assert_max_num_queries) -> None:  # type: ignore[no-untyped-def]
    shop = make_shop()
    item = make_item(shop)
    day, tills = make_tills(shop, 2)
    go_offline(shop, day, [TillPlan(tills[0].till, {item.pk: 2})])
    send(shop, tills[0], [sale(shop, item, 3)])

    with django_assert_max_num_queries(8):
        [row] = list_shop_days(actor=shop.keeper, community=shop.community.pk)

    assert [(till.name, till.state, till.differences) for till in row.tills] == [
        ("1号台", Till.State.CLOSED, 1),
        ("2号台", Till.State.OPEN, 0),
    ]
    with scope.everything():
        assert TillSale.objects.count() == 1


def test_households_of_one_till_only_have_all_of_their_points_there() -> None:
    first, second, here, there = (new_id() for _ in range(4))

    shares = share(free={first: 30, second: 7, new_id(): 0}, most=20, tills=[(here, frozenset({first})), (there, None)])

    assert shares == {(here, first): 10, (there, first): 10, (there, second): 7}
