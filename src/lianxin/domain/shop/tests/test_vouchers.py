"""Vouchers: issued for points, used once at the right merchant's, given back, settled."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from lianxin.domain.shop.commands import settlements, vouchers
from lianxin.domain.shop.models import Settlement, Voucher
from lianxin.domain.shop.queries import checks
from lianxin.domain.shop.queries.orders import my_orders
from lianxin.domain.shop.queries.vouchers import find_settlement, list_settlements, list_taken, sheet_rows
from lianxin.domain.shop.tests.factories import AT, TODAY, make_item, make_merchant, make_shop, merchant_actor
from lianxin.platform import scope
from lianxin.platform.actors import Actor
from lianxin.platform.errors import Invalid, Missing, NotAllowed

pytestmark = pytest.mark.django_db
APRIL = AT.replace(month=4, day=2)


@pytest.fixture
def wash():  # type: ignore[no-untyped-def]
    shop, merchant = make_shop(), make_merchant()
    item = make_item(shop, kind="service", name="洗车", points=20, cost_fen=2500, merchant=merchant.pk)
    return shop, merchant, item


def buy(shop, item, quantity=1):  # type: ignore[no-untyped-def]
    order = vouchers.redeem_vouchers(
        actor=shop.resident(), household=shop.homes[0].pk, item=item.pk, quantity=quantity, at=AT
    )
    with scope.everything():
        return list(Voucher.objects.filter(line__redemption=order).order_by("pk"))


def test_each_piece_has_a_voucher_of_its_own(wash) -> None:  # type: ignore[no-untyped-def]
    shop, _merchant, item = wash

    made = buy(shop, item, 3)

    assert len({voucher.code.reveal() for voucher in made}) == 3
    assert shop.account().balance == 40
    page = my_orders(actor=shop.resident(), household=shop.homes[0].pk, on=TODAY, live_only=True)
    assert {v.code for v in page.rows[0].lines[0].vouchers} == {v.code.reveal() for v in made}


def test_voucher_is_taken_once(wash) -> None:  # type: ignore[no-untyped-def]
    shop, merchant, item = wash
    [voucher] = buy(shop, item)
    code = voucher.code.reveal()

    taken = vouchers.take_voucher(actor=merchant_actor(merchant), code=f"{code[:5]} {code[5:]}", at=AT)

    assert taken.state == "taken"
    with pytest.raises(vouchers.VoucherNotUsable):
        vouchers.take_voucher(actor=merchant_actor(merchant), code=code, at=AT)


def test_foreign_stale_and_mistyped_codes_are_told_apart(wash) -> None:  # type: ignore[no-untyped-def]
    shop, merchant, item = wash
    [voucher] = buy(shop, item)
    code = voucher.code.reveal()
    other = make_merchant("别家洗车行")

    with pytest.raises(vouchers.VoucherNotUsable):
        vouchers.take_voucher(actor=merchant_actor(other), code=code, at=AT)
    with pytest.raises(vouchers.VoucherNotUsable):
        vouchers.take_voucher(actor=merchant_actor(merchant), code=code, at=AT + timedelta(days=100))
    wrong = code[:-1] + str((int(code[-1]) + 1) % 10)
    with pytest.raises(Invalid):
        vouchers.take_voucher(actor=merchant_actor(merchant), code=wrong, at=AT)
    with pytest.raises(NotAllowed):
        vouchers.take_voucher(actor=shop.resident(), code=code, at=AT)

    with scope.everything():
        assert Voucher.objects.get(pk=voucher.pk).state == "issued"


def test_unused_voucher_is_given_back_for_its_points(wash) -> None:  # type: ignore[no-untyped-def]
    shop, merchant, item = wash
    one, _other = buy(shop, item, 2)

    vouchers.give_back_voucher(actor=shop.resident(), voucher=one.pk, at=AT)

    assert shop.account().balance == 80
    with pytest.raises(vouchers.VoucherNotUsable):
        vouchers.take_voucher(actor=merchant_actor(merchant), code=one.code.reveal(), at=AT)
    assert list(checks.vouchers_add_up()) == []


def test_voucher_that_ran_out_gives_its_points_back_once(wash) -> None:  # type: ignore[no-untyped-def]
    shop, _merchant, item = wash
    [voucher] = buy(shop, item)
    later = AT + timedelta(days=91)
    system = Actor.system()

    assert vouchers.expire_voucher(actor=system, voucher=voucher.pk, at=AT + timedelta(days=90)) is False
    assert vouchers.expire_voucher(actor=system, voucher=voucher.pk, at=later) is True

    with scope.everything():
        assert vouchers.list_expired(on=later.date()) == []
    assert shop.account().balance == 100


def test_month_is_settled_by_two_sides(wash) -> None:  # type: ignore[no-untyped-def]
    shop, merchant, item = wash
    for voucher in buy(shop, item, 3)[:2]:
        vouchers.take_voucher(actor=merchant_actor(merchant), code=voucher.code.reveal(), at=AT)
    drawn = {"community": shop.community.pk, "merchant": merchant.pk, "month": date(2026, 3, 1)}
    with pytest.raises(Invalid):
        settlements.draw_settlement(actor=shop.keeper, at=AT, **drawn)

    sheet = settlements.draw_settlement(actor=shop.keeper, at=APRIL, **drawn)

    assert (sheet.pieces, sheet.total_fen, sheet.state) == (2, 5000, "open")
    settlements.sign_settlement(actor=shop.keeper, settlement=sheet.pk, at=APRIL)
    with pytest.raises(settlements.AlreadySigned):
        settlements.sign_settlement(actor=shop.keeper, settlement=sheet.pk, at=APRIL)
    done = settlements.sign_settlement(actor=merchant_actor(merchant), settlement=sheet.pk, at=APRIL)
    assert done.state == Settlement.State.CONFIRMED
    with pytest.raises(settlements.NothingToSettle):
        settlements.draw_settlement(actor=shop.keeper, at=APRIL, **drawn)
    row, taken = find_settlement(actor=merchant_actor(merchant), settlement=sheet.pk)
    assert (row.merchant_name, [line[3] for line in sheet_rows(taken)]) == ("明亮洗车行", ["25.00", "25.00"])


def test_one_person_cannot_sign_for_both_sides(wash) -> None:  # type: ignore[no-untyped-def]
    shop, merchant, item = wash
    [voucher] = buy(shop, item)
    vouchers.take_voucher(actor=shop.keeper, code=voucher.code.reveal(), at=AT)
    sheet = settlements.draw_settlement(
        actor=shop.keeper, community=shop.community.pk, merchant=merchant.pk, month=date(2026, 3, 31), at=APRIL
    )
    settlements.sign_settlement(actor=shop.keeper, settlement=sheet.pk, at=APRIL)

    with pytest.raises(NotAllowed):
        settlements.sign_settlement(
            actor=replace(merchant_actor(merchant), account=shop.keeper.account), settlement=sheet.pk, at=APRIL
        )


def test_withdrawn_sheet_frees_its_vouchers_for_another(wash) -> None:  # type: ignore[no-untyped-def]
    shop, merchant, item = wash
    [voucher] = buy(shop, item)
    vouchers.take_voucher(actor=merchant_actor(merchant), code=voucher.code.reveal(), at=AT)
    drawn = {"community": shop.community.pk, "merchant": merchant.pk, "month": date(2026, 3, 1)}
    first = settlements.draw_settlement(actor=shop.keeper, at=APRIL, **drawn)

    settlements.withdraw_settlement(actor=shop.keeper, settlement=first.pk, reason="金额有误", at=APRIL)

    assert settlements.draw_settlement(actor=shop.keeper, at=APRIL, **drawn).pieces == 1


def test_merchant_sees_its_own_month_and_no_other(wash) -> None:  # type: ignore[no-untyped-def]
    shop, merchant, item = wash
    [voucher] = buy(shop, item)
    vouchers.take_voucher(actor=merchant_actor(merchant), code=voucher.code.reveal(), at=AT)
    other = merchant_actor(make_merchant("别家洗车行"))

    mine = list_taken(actor=merchant_actor(merchant), merchant=merchant.pk, month=TODAY)

    assert [line.item_name for line in mine] == ["洗车"]
    assert list_settlements(actor=merchant_actor(merchant), merchant=merchant.pk) == []
    with pytest.raises(NotAllowed):
        list_taken(actor=other, merchant=merchant.pk, month=TODAY)
    with pytest.raises(Missing):
        find_settlement(actor=other, settlement=voucher.pk)
