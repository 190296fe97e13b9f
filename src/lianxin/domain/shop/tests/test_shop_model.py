"""Any order of reserving, cancelling, collecting, bringing back and running out ends where a small model says."""

from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lianxin.domain.points.ledger.closing import list_differences
from lianxin.domain.points.ledger.errors import NotEnoughPoints
from lianxin.domain.shop.commands import collecting, reservations, returns
from lianxin.domain.shop.commands.limits import LimitReached
from lianxin.domain.shop.commands.stock_counter import NotEnoughStock
from lianxin.domain.shop.queries import checks
from lianxin.domain.shop.tests.factories import AT, counters, make_item, make_shop, used
from lianxin.platform import scope
from lianxin.platform.actors import Actor

PRICE, PIECES, BALANCE, LIMIT = 7, 9, 60, 6
SURE = ("card_only", "known_in_person")


@dataclass
class Small:
    """The shop in numbers: two households, one kind of goods."""

    balance: list[int] = field(default_factory=lambda: [BALANCE, BALANCE])
    held: list[int] = field(default_factory=lambda: [0, 0])
    used: list[int] = field(default_factory=lambda: [0, 0])
    on_hand: int = PIECES
    reserved: int = 0

    def refusal(self, home: int, quantity: int) -> type[Exception] | None:
        """Why an order is refused, in the order in which the shop looks."""
        if self.balance[home] - self.held[home] < quantity * PRICE:
            return NotEnoughPoints
        if self.used[home] + quantity > LIMIT:
            return LimitReached
        return NotEnoughStock if self.on_hand - self.reserved < quantity else None


Act = st.tuples(
    st.sampled_from(["reserve", "buy", "cancel", "collect", "expire", "return"]),
    st.integers(0, 1),
    st.integers(1, 4),
)


@pytest.mark.django_db
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=st.lists(Act, min_size=5, max_size=25))
def test_shop_is_where_the_small_model_is(acts: list[tuple[str, int, int]]) -> None:
    from django.db import transaction

    with transaction.atomic():
        play(acts)
        transaction.set_rollback(True)


def play(acts: list[tuple[str, int, int]]) -> None:
    shop, small, at = make_shop(homes=2, balance=BALANCE), Small(), AT
    item = make_item(shop, points=PRICE, pieces=PIECES, limit_quantity=LIMIT, limit_every="year")
    waiting: list[tuple[int, int, object]] = []
    given_out: list[list] = []
    for what, home, quantity in acts:
        order = {"household": shop.homes[home].pk, "venue": shop.venue.pk, "items": {item.pk: quantity}}
        if what in ("reserve", "buy"):
            wrong = small.refusal(home, quantity)
            act = reservations.reserve if what == "reserve" else collecting.redeem_at_counter
            more = {} if what == "reserve" else {"checks": SURE}
            if wrong is not None:
                with pytest.raises(wrong):
                    act(actor=shop.keeper, at=at, **order, **more)
                continue
            made = act(actor=shop.keeper, at=at, **order, **more)
            small.used[home] += quantity
            if what == "reserve":
                waiting.append((home, quantity, made.pk))
                small.held[home] += quantity * PRICE
                small.reserved += quantity
            else:
                given_out.append([home, quantity, made.pk])
                small.balance[home] -= quantity * PRICE
                small.on_hand -= quantity
        elif what in ("cancel", "collect") and waiting:
            home, quantity, pk = waiting.pop(0)
            small.held[home] -= quantity * PRICE
            small.reserved -= quantity
            if what == "cancel":
                reservations.cancel(actor=shop.keeper, redemption=pk, at=at)
                small.used[home] -= quantity
            else:
                collecting.collect(actor=shop.keeper, redemption=pk, checks=SURE, at=at)
                given_out.append([home, quantity, pk])
                small.balance[home] -= quantity * PRICE
                small.on_hand -= quantity
        elif what == "expire":
            at += timedelta(days=5)
            assert reservations.expire_reservations(actor=Actor.system(), at=at) == len(waiting)
            for home, quantity, _pk in waiting:
                small.held[home] -= quantity * PRICE
                small.reserved -= quantity
                small.used[home] -= quantity
            waiting.clear()
        elif what == "return" and given_out:
            home, left, pk = given_out[0]
            back = min(left, quantity)
            returns.return_lines(
                actor=shop.keeper, redemption=pk, pieces={item.pk: back}, to_stock=True, reason="退货", at=at
            )
            small.balance[home] += back * PRICE
            small.on_hand += back
            small.used[home] -= back
            given_out[0][1] -= back
            if not given_out[0][1]:
                given_out.pop(0)
    for home in (0, 1):
        account = shop.account(home)
        assert (account.balance, account.held) == (small.balance[home], small.held[home])
        assert used(item, shop.homes[home].pk) == small.used[home]
    assert counters(item, shop.venue) == (small.on_hand, small.reserved)
    with scope.everything():
        assert [*list_differences(), *checks.stock_equals_moves(), *checks.reserved_is_promised()] == []
        assert [*checks.limits_equal_lines(), *checks.orders_hold_points(), *checks.lines_add_up()] == []
