"""What the shop registers, and the tasks that end what is out of time."""

from datetime import timedelta

import pytest

from lianxin.domain.shop import wiring
from lianxin.domain.shop.commands import reservations, vouchers
from lianxin.domain.shop.models import Voucher
from lianxin.domain.shop.tests.factories import AT, fresh, make_item, make_merchant, make_shop
from lianxin.platform import clock, contributions, scope
from lianxin.platform.actors import Actor
from lianxin.platform.ids import new_id
from lianxin.platform.tasks import Running

pytestmark = pytest.mark.django_db


class Job(Running):
    """A job that no worker leases."""

    def beat(self) -> None:
        """Nothing to renew."""


JOB = Job(new_id(), Actor.system(), "tests", 1)


def test_tasks_end_what_is_out_of_time(monkeypatch: pytest.MonkeyPatch) -> None:
    shop, merchant = make_shop(), make_merchant()
    goods = make_item(shop)
    service = make_item(shop, kind="service", name="洗车", points=20, merchant=merchant.pk)
    order = reservations.reserve(
        actor=shop.resident(), household=shop.homes[0].pk, venue=shop.venue.pk, items={goods.pk: 1}, at=AT
    )
    vouchers.redeem_vouchers(actor=shop.resident(), household=shop.homes[0].pk, item=service.pk, quantity=2, at=AT)
    monkeypatch.setattr(clock, "now", lambda: AT + timedelta(days=100))

    wiring.expire_reservations(JOB)
    wiring.expire_vouchers(JOB)

    assert fresh(order).state == "expired"
    assert (shop.account().balance, shop.account().held) == (100, 0)
    with scope.everything():
        assert set(Voucher.objects.values_list("state", flat=True)) == {"expired"}


def test_every_check_of_the_shop_runs_and_finds_nothing_in_an_empty_house() -> None:
    mine = next(one for one in contributions.modules() if one.module == "shop")

    assert [sentence for check in mine.checks for sentence in check.run()] == []
    assert len(mine.checks) == 6


def test_previews_of_a_household_name_what_waits() -> None:
    from lianxin.domain.people.events import HouseholdClosed

    shop = make_shop()
    item = make_item(shop)
    reservations.reserve(actor=shop.keeper, household=shop.homes[0].pk, venue=shop.venue.pk, items={item.pk: 1}, at=AT)
    event = HouseholdClosed(shop.homes[0].pk, shop.community.pk, AT.date())
    other = HouseholdClosed(shop.homes[1].pk, shop.community.pk, AT.date())

    mine = next(one for one in contributions.modules() if one.module == "shop")
    told = [c.preview(event) for c in mine.consequences if c.on is HouseholdClosed]
    quiet = [c.preview(other) for c in mine.consequences if c.on is HouseholdClosed]

    assert len(told[0]) == 1
    assert quiet == [[]]
