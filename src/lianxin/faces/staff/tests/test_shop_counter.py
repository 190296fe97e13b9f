"""The counter and the tills: from the card that is shown to the receipt, with and without a network."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from lianxin.domain.people.commands.cards import issue_cards
from lianxin.domain.people.tests.factories import resident
from lianxin.domain.shop.commands import offline_tills, reservations, vouchers
from lianxin.domain.shop.models import Redemption, Settlement, Stock, Till, TillSale, Voucher
from lianxin.domain.shop.queries import till_packages
from lianxin.domain.shop.rules.terms import Terms
from lianxin.faces.staff.tests.shop_pages import OpenShop, find_at_counter, new_item, new_merchant, open_shop
from lianxin.platform import scope
from lianxin.platform.clock import local_moment, now
from lianxin.platform.ids import new_id

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop(small_district) -> OpenShop:
    return open_shop(small_district)


@pytest.fixture
def clerk(small_district, client: Client) -> Client:
    small_district.log_in(client, "cuiying1")
    return client


@pytest.fixture
def offline_rules(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rules that let tills without network take 40 points of a household."""
    terms = Terms(reserve_days=3, identity_check_above=50, offline_points=40)
    monkeypatch.setattr(offline_tills, "terms_of", lambda book, on: terms)
    monkeypatch.setattr(till_packages, "terms_of", lambda book, on: terms)


def sell(client: Client, path: str, shop: OpenShop, quantity: int, **more: Any) -> Any:
    sent = {f"pieces-{shop.goods.pk}": str(quantity), "checks": ["card_only"], "person": "", "venue": shop.venue.pk}
    return client.post(path, sent | {"act": "give"} | more)


def at_counter(clerk: Client, shop: OpenShop, shown: str = "") -> str:
    answer = find_at_counter(clerk, shop, shown)
    assert answer.redirect_chain, answer.context["form"].errors
    return str(answer.redirect_chain[-1][0])


def on_hand(shop: OpenShop) -> tuple[int, int]:
    with scope.everything():
        row = Stock.objects.get(item=shop.goods, venue=shop.venue)
    return row.on_hand, row.reserved


def test_a_household_number_leads_to_points_and_masked_names(shop, clerk) -> None:
    page = clerk.get(at_counter(clerk, shop)).content.decode()

    assert "<strong>100</strong>" in page
    assert shop.person.name not in page
    assert "洗衣粉" in page


def test_a_card_leads_to_its_holder_with_the_card_ticked(shop, clerk) -> None:
    with scope.within([shop.community.pk]):
        [card] = issue_cards(actor=shop.keeper, people=[shop.person.pk], replace=True, at=now())

    page = clerk.get(at_counter(clerk, shop, card.number))

    form = page.context["form"]
    assert form["person"].value() == str(shop.person.pk)
    assert form["checks"].value() == ["card_only"]


def test_goods_are_given_out_once_and_the_receipt_follows(shop, clerk) -> None:
    path = at_counter(clerk, shop)
    key = clerk.get(path).context["form"]["key"].value()

    first = sell(clerk, path, shop, 3, key=key)
    again = sell(clerk, path, shop, 3, key=key)

    assert first.headers["Location"] == again.headers["Location"]
    assert shop.account().balance == 70
    assert on_hand(shop) == (17, 0)
    with scope.everything():
        order = Redemption.objects.get()
    receipt = clerk.get(reverse("staff:shop_receipt", args=[order.pk])).content.decode()
    assert "洗衣粉" in receipt
    assert ">30<" in receipt


def test_counting_together_gives_nothing_out(shop, clerk) -> None:
    path = at_counter(clerk, shop)

    answer = sell(clerk, path, shop, 3, act="count")

    assert answer.status_code == 200
    assert answer.context["counted"] == 30
    assert on_hand(shop) == (20, 0)


def test_too_many_points_come_back_with_what_was_typed(shop, clerk) -> None:
    answer = sell(clerk, at_counter(clerk, shop), shop, 11, checks=["card_only", "known_in_person"])

    assert answer.status_code == 422
    assert 'value="11"' in answer.content.decode()
    assert shop.account().balance == 100


def test_nothing_is_given_out_before_somebody_says_how_they_made_sure(shop, clerk) -> None:
    answer = sell(clerk, at_counter(clerk, shop), shop, 1, checks=[])

    assert answer.status_code == 422
    assert on_hand(shop) == (20, 0)


def test_an_address_of_the_counter_cannot_be_made_up(shop, clerk) -> None:
    answer = clerk.get(shop.url("shop_counter"), {"who": f"{shop.home.pk}:x"})

    assert answer.status_code == 200
    assert "view" not in answer.context


def reserved(shop: OpenShop) -> Redemption:
    with scope.within([shop.community.pk]):
        return reservations.reserve(
            actor=resident(shop.person),
            household=shop.home.pk,
            venue=shop.venue.pk,
            items={shop.goods.pk: 2},
            at=now(),
        )


def test_an_order_is_found_by_its_code_handed_out_and_partly_brought_back(shop, clerk) -> None:
    order = reserved(shop)
    found = clerk.post(shop.url("shop_counter"), {"shown": order.code.reveal()})
    collect = found.headers["Location"]
    form = clerk.get(collect).context["form"]

    done = clerk.post(collect, {"person": "", "checks": form["checks"].value()})
    clerk.post(
        reverse("staff:shop_return", args=[order.pk]),
        {f"pieces-{shop.goods.pk}": "1", "to_stock": "shelf", "reason": "买多了"},
    )

    assert form["checks"].value() == ["code"]
    assert done.headers["Location"] == reverse("staff:shop_order", args=[order.pk])
    assert shop.account().balance == 90
    assert on_hand(shop) == (19, 0)


def test_an_order_is_put_ready_and_cancelled(shop, clerk) -> None:
    order = reserved(shop)
    page = reverse("staff:shop_order", args=[order.pk])

    clerk.post(reverse("staff:shop_ready", args=[order.pk]))
    shown = clerk.get(page)
    clerk.post(reverse("staff:shop_cancel", args=[order.pk]), {"reason": "不要了"})

    assert order.code.reveal() not in shown.content.decode()
    assert on_hand(shop) == (20, 0)
    with scope.everything():
        order.refresh_from_db()
    assert (order.state, bool(order.ready_at)) == ("cancelled", True)


def test_a_voucher_is_taken_by_its_merchant_and_settled_by_both(shop, clerk, small_district) -> None:
    merchant = new_merchant(shop.community)
    with scope.within([shop.community.pk]):
        wash = new_item(
            shop.keeper, shop.community.pk, kind="service", name="洗车", points=20, merchant=merchant.pk, cost_fen=1500
        )
        vouchers.redeem_vouchers(actor=resident(shop.person), household=shop.home.pk, item=wash.pk, at=now())
    with scope.everything():
        voucher = Voucher.objects.get()
    found = clerk.post(shop.url("shop_counter"), {"shown": voucher.code.reveal()})
    take = found.headers["Location"]
    code = clerk.get(take).context["form"]["code"].value()
    clerk.post(take, {"code": code})
    with scope.everything():
        last = local_moment(now().date().replace(day=1)) - timedelta(days=3)
        Voucher.objects.update(taken_at=last)

    month = last.strftime("%Y-%m")
    drawn = clerk.post(shop.url("shop_settlement_new"), {"merchant": merchant.pk, "month": month})
    with scope.everything():
        sheet = Settlement.objects.get()
    page = reverse("staff:shop_settlement", args=[sheet.pk])
    clerk.post(reverse("staff:shop_settlement_sign", args=[sheet.pk]))

    assert drawn.headers["Location"] == page
    assert clerk.get(page, {"as": "xlsx"}).headers["Content-Type"].endswith("sheet")
    assert clerk.get(page, {"as": "print"}).status_code == 200
    with scope.everything():
        sheet.refresh_from_db()
    assert (sheet.total_fen, bool(sheet.community_signed_at), sheet.state) == (1500, True, "open")


def till_out(clerk: Client, shop: OpenShop, pieces: int = 6) -> tuple[Till, str]:
    """Announce a day, set up a till and let it go; gives it with its secret."""
    clerk.post(shop.url("shop_day_new"), {"venue": shop.venue.pk, "on": now().date().isoformat(), "name": "集市日"})
    with scope.everything():
        from lianxin.domain.shop.models import ShopDay

        day = ShopDay.objects.get()
    slips = clerk.post(reverse("staff:shop_tills_new", args=[day.pk]), {"names": "1号台"})
    [(_name, address)] = slips.context["slips"]
    prepared = clerk.post(
        reverse("staff:shop_day_prepare", args=[day.pk]),
        {"tills": [str(Till.objects.get().pk)], "days": "2", f"pieces-{shop.goods.pk}": str(pieces)},
    )
    assert prepared.status_code == 302, prepared.content.decode()
    return Till.objects.get(), address.partition("#")[2]


def report(secret: str, *sales: dict[str, Any]) -> Any:
    return Client().post(
        reverse("staff:till_sales"),
        json.dumps({"sales": sales}),
        content_type="application/json",
        headers={"X-Till-Secret": secret},
    )


def sale(shop: OpenShop, quantity: int, points: int) -> dict[str, Any]:
    return {
        "id": str(new_id()),
        "household": str(shop.home.pk),
        "item": str(shop.goods.pk),
        "quantity": quantity,
        "points": points,
        "sold_at": now().isoformat(),
    }


@pytest.mark.usefixtures("offline_rules")
def test_a_till_fetches_its_package_with_its_secret_only(shop, clerk) -> None:
    with scope.everything():
        _till, secret = till_out(clerk, shop)
    path = reverse("staff:till_package")

    right = Client().get(path, headers={"X-Till-Secret": secret})
    wrong = Client().get(path, headers={"X-Till-Secret": "x" * 32})

    assert wrong.status_code == 403
    [goods] = right.json()["package"]["items"]
    assert (goods["name"], goods["pieces"], goods["points"]) == ("洗衣粉", 6, 10)
    assert shop.person.name not in right.content.decode()
    assert on_hand(shop) == (20, 6)


@pytest.mark.usefixtures("offline_rules")
def test_a_till_sends_its_sales_and_sending_twice_changes_nothing(shop, clerk) -> None:
    with scope.everything():
        till, secret = till_out(clerk, shop)
    sold = [sale(shop, 2, 20), sale(shop, 3, 30)]

    first = report(secret, *sold).json()
    again = report(secret, *sold).json()

    assert (first["booked"], first["known"], len(first["differences"])) == (1, 0, 1)
    assert (again["booked"], again["known"], len(again["differences"])) == (0, 2, 1)
    assert shop.account().balance == 80
    page = clerk.get(reverse("staff:shop_till", args=[till.pk])).content.decode()
    with scope.everything():
        waiting = TillSale.objects.get(state="difference")
    decide = reverse("staff:shop_difference", args=[waiting.pk])
    assert decide in page
    clerk.post(decide, {"outcome": "charged", "note": ""})
    assert shop.account().balance == 50
    assert on_hand(shop) == (15, 0)


@pytest.mark.usefixtures("offline_rules")
@pytest.mark.parametrize("body", ["", "[]", "{}", '{"sales": [1]}', '{"sales": [{"id": "x"}]}', '{"sales": {"a": 1}}'])
def test_a_report_that_cannot_be_read_gets_a_sentence(shop, clerk, body) -> None:
    with scope.everything():
        _till, secret = till_out(clerk, shop)

    answer = Client().post(
        reverse("staff:till_sales"), body, content_type="application/json", headers={"X-Till-Secret": secret}
    )

    assert answer.status_code == 422
    assert answer.json()["error"]


@pytest.mark.usefixtures("offline_rules")
def test_a_day_ends_only_when_its_tills_are_back_or_closed_by_hand(shop, clerk) -> None:
    with scope.everything():
        till, _secret = till_out(clerk, shop)
    end = reverse("staff:shop_day_end", args=[till.shop_day_id])

    clerk.post(end)
    with scope.everything():
        early = Till.objects.get().shop_day.ended_at
    clerk.post(reverse("staff:shop_till_close", args=[till.pk]), {"reason": "摔坏了"})
    clerk.post(end)

    with scope.everything():
        late = Till.objects.get().shop_day.ended_at
    assert early is None
    assert late is not None
    assert on_hand(shop) == (20, 0)
    assert shop.account().held == 0


def test_the_tills_page_and_its_worker_hold_no_data_and_need_no_login(db) -> None:
    page, worker = Client().get(reverse("staff:till_app")), Client().get(reverse("staff:till_worker"))

    assert page.status_code == 200
    assert worker.headers["Content-Type"].startswith("text/javascript")


def test_a_merchant_takes_its_own_voucher_once_and_sees_nobodys_name(shop, small_district, client) -> None:
    small_district.log_in(client, "merchant")
    [organisation] = small_district.actor("merchant").organisations
    with scope.within([shop.community.pk]):
        wash = new_item(shop.keeper, shop.community.pk, kind="service", name="洗车", points=20, merchant=organisation)
        vouchers.redeem_vouchers(actor=resident(shop.person), household=shop.home.pk, item=wash.pk, at=now())
    with scope.everything():
        code = Voucher.objects.get(line__item=wash).code.reveal()
    page = reverse("staff:shop_merchant")

    first = client.post(page, {"code": code}, follow=True)
    again = client.post(page, {"code": code})

    assert "洗车" in first.content.decode()
    assert shop.person.name not in first.content.decode()
    assert again.status_code == 422
    assert client.get(shop.url("shop_overview")).status_code == 404
