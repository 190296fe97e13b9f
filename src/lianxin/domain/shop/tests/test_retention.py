"""What the shop forgets in time, and that nothing that still counts goes with it."""

from datetime import timedelta

import pytest

from lianxin.domain.points.ledger.closing import list_differences
from lianxin.domain.shop.commands import collecting, reservations, retention, vouchers
from lianxin.domain.shop.models import LimitCounter, Redemption, Voucher
from lianxin.domain.shop.queries import checks
from lianxin.domain.shop.tests.factories import AT, CARD, fresh, make_item, make_merchant, make_shop, merchant_actor
from lianxin.platform import scope

pytestmark = pytest.mark.django_db
LATER = timedelta(days=retention.CODE_DAYS + 1)


def test_codes_are_forgotten_when_they_were_used_long_ago() -> None:
    shop, merchant = make_shop(), make_merchant()
    item = make_item(shop)
    service = make_item(shop, kind="service", name="洗车", points=20, merchant=merchant.pk, valid_days=300)
    places = {"household": shop.homes[0].pk, "venue": shop.venue.pk}
    used = reservations.reserve(actor=shop.keeper, items={item.pk: 1}, at=AT, **places)
    collecting.collect(actor=shop.keeper, redemption=used.pk, checks=CARD, at=AT)
    vouchers.redeem_vouchers(actor=shop.resident(), household=shop.homes[0].pk, item=service.pk, quantity=2, at=AT)
    with scope.everything():
        first, second = Voucher.objects.order_by("pk")
    assert first.code is not None
    vouchers.take_voucher(actor=merchant_actor(merchant), code=first.code.reveal(), at=AT)
    waiting = reservations.reserve(actor=shop.keeper, items={item.pk: 1}, at=AT + LATER, **places)

    assert retention.forget_codes(AT + LATER) == 2

    with scope.everything():
        assert (fresh(used).code, fresh(used).code_digest) == (None, None)
        assert Voucher.objects.get(pk=first.pk).code is None
        assert Voucher.objects.get(pk=second.pk).code is not None
        assert Redemption.objects.get(pk=waiting.pk).code is not None
    assert retention.forget_codes(AT + LATER) == 0


def test_codes_of_yesterday_are_kept() -> None:
    shop = make_shop()
    order = reservations.reserve(
        actor=shop.keeper, household=shop.homes[0].pk, venue=shop.venue.pk, items={make_item(shop).pk: 1}, at=AT
    )
    reservations.cancel(actor=shop.keeper, redemption=order.pk, at=AT)

    assert retention.forget_codes(AT + timedelta(days=1)) == 0


@pytest.mark.parametrize("every", ["day", "week", "month", "year"])
def test_limits_of_windows_long_over_are_dropped_and_everything_still_agrees(every: str) -> None:
    shop = make_shop()
    item = make_item(shop, limit_quantity=5, limit_every=every)
    order = {"household": shop.homes[0].pk, "venue": shop.venue.pk, "items": {item.pk: 1}}
    collecting.redeem_at_counter(actor=shop.keeper, checks=CARD, at=AT, **order)

    assert retention.forget_limits(AT + timedelta(days=300)) == 0
    assert retention.forget_limits(AT + timedelta(days=retention.WINDOW_DAYS + 366)) == 1

    with scope.everything():
        assert not LimitCounter.objects.exists()
        assert list(list_differences()) == []
    assert list(checks.limits_equal_lines()) == []
