"""The shop's pages in the office: who sees which, what lists give out, what each page costs."""

from __future__ import annotations

import io
import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from python_calamine import CalamineWorkbook

from lianxin.domain.shop.commands import catalogue, stock, supplies
from lianxin.domain.shop.models import Donation, Item, Stock, StockMove, SupplyNeed
from lianxin.faces.staff.tests.shop_pages import OpenShop, new_item, open_shop
from lianxin.platform import scope
from lianxin.platform.clock import local_day, now

pytestmark = pytest.mark.django_db

LISTS = (
    "shop_orders",
    "shop_catalogue",
    "shop_stock",
    "shop_moves",
    "shop_settlements",
    "shop_needs",
    "shop_donations",
    "shop_days",
)
FORMS = (
    "shop_counter",
    "shop_take_voucher",
    "shop_item_new",
    "shop_receive",
    "shop_receive_donation",
    "shop_settlement_new",
    "shop_need_new",
    "shop_day_new",
)
MOST_QUERIES = 12


@pytest.fixture
def shop(small_district) -> OpenShop:
    return open_shop(small_district)


@pytest.fixture
def clerk(small_district, client: Client) -> Client:
    small_district.log_in(client, "cuiying1")
    return client


def shelf_of(shop: OpenShop) -> Stock:
    with scope.everything():
        return Stock.objects.get(item=shop.goods, venue=shop.venue)


def queries_of(client: Client, path: str) -> int:
    client.get(path)
    with CaptureQueriesContext(
        connection,
    ) as made:
        assert client.get(path).status_code == 200, path
    return len(made)


def test_every_page_of_an_own_shop_opens(shop, clerk) -> None:
    answers = {name: clerk.get(shop.url(name)).status_code for name in ("shop_overview", *LISTS, *FORMS)}

    assert set(answers.values()) == {200}, answers


def test_no_page_of_another_communitys_shop_exists(shop, small_district, client) -> None:
    small_district.log_in(client, "jinzhou.waisha1")

    answers = {name: client.get(shop.url(name)).status_code for name in ("shop_overview", *LISTS, *FORMS)}
    answers["item"] = client.get(reverse("staff:shop_item", args=[shop.goods.pk])).status_code
    answers["shelf"] = client.get(reverse("staff:shop_shelf", args=[shelf_of(shop).pk])).status_code

    assert set(answers.values()) == {404}, answers


def test_the_department_reads_and_keeps_nothing(shop, small_district, client) -> None:
    small_district.log_in(client, "district")

    read = {name: client.get(shop.url(name)).status_code for name in ("shop_overview", *LISTS)}
    kept = {name: client.get(shop.url(name)).status_code for name in FORMS}

    assert set(read.values()) == {200}, read
    assert set(kept.values()) == {403}, kept


def test_volunteers_residents_and_administrators_have_no_shop(shop, small_district) -> None:
    for login in ("volunteer", "system", "security", "audit"):
        client = Client()
        small_district.log_in(client, login)
        assert client.get(reverse("staff:shop")).status_code == 404, login
        assert client.get(shop.url("shop_overview")).status_code == 404, login


def test_shop_leads_to_the_one_community_and_lists_those_of_a_district(shop, small_district, clerk) -> None:
    assert clerk.get(reverse("staff:shop")).headers["Location"] == shop.url("shop_overview")
    office = Client()
    small_district.log_in(office, "district")

    page = office.get(reverse("staff:shop"))

    assert "翠英社区" in page.content.decode()
    assert page.context["table"].count == 3


def test_no_page_costs_more_queries_with_more_rows(shop, clerk) -> None:
    paths = [shop.url(name) for name in ("shop_overview", "shop_counter", *LISTS)]
    before = {path: queries_of(clerk, path) for path in paths}
    with scope.within([shop.community.pk]):
        for number in range(15):
            item = new_item(shop.keeper, shop.community.pk, name=f"毛巾{number}", points=5)
            stock.receive_donation(
                actor=shop.keeper, item=item.pk, venue=shop.venue.pk, quantity=3, donor_name=f"街坊{number}", at=now()
            )
            supplies.ask_for_supplies(
                actor=shop.keeper, community=shop.community.pk, what=f"毛巾{number}", quantity=3, at=now()
            )

    after = {path: queries_of(clerk, path) for path in paths}

    assert after == before
    assert max(after.values()) <= MOST_QUERIES, after


def test_lists_are_given_out_as_workbook_and_on_paper(shop, clerk) -> None:
    for name in LISTS:
        workbook = clerk.get(shop.url(name), {"as": "xlsx"})
        assert workbook.headers["Content-Type"].endswith("sheet"), name
        assert clerk.get(shop.url(name), {"as": "print"}).status_code == 200, name

    book = CalamineWorkbook.from_filelike(io.BytesIO(clerk.get(shop.url("shop_stock"), {"as": "xlsx"}).content))
    cells = [cell for row in book.get_sheet_by_index(0).to_python() for cell in row]

    assert "洗衣粉" in cells
    assert 20 in cells


def test_an_item_is_entered_offered_priced_and_ended(shop, clerk) -> None:
    entered = clerk.post(
        shop.url("shop_item_new"),
        {
            "kind": "goods",
            "name": "牙膏",
            "points": "8",
            "cost_yuan": "5.50",
            "limit_quantity": "2",
            "limit_every": "month",
        },
    )
    with scope.everything():
        item = Item.objects.get(name="牙膏")
    page = entered.headers["Location"]
    clerk.post(reverse("staff:shop_item_offer", args=[item.pk]))
    tomorrow = local_day(now()) + timedelta(days=1)
    clerk.post(reverse("staff:shop_item_price", args=[item.pk]), {"points": "9", "from_on": tomorrow.isoformat()})

    text = clerk.get(page).content.decode()

    assert item.cost_fen == 550
    assert (item.limit_quantity, item.limit_every) == (2, "month")
    assert clerk.get(shop.url("shop_catalogue")).content.decode().count("牙膏") >= 1
    assert re.search(r">\s*9(\D|<)", text)
    clerk.post(reverse("staff:shop_item_end", args=[item.pk]), {"reason": ""})
    with scope.everything():
        assert Item.objects.get(pk=item.pk).state == "ended"


def test_a_name_that_is_taken_comes_back_with_a_sentence_and_what_was_typed(shop, clerk) -> None:
    answer = clerk.post(shop.url("shop_item_new"), {"kind": "goods", "name": "洗衣粉", "points": "7"})

    assert answer.status_code == 422
    assert 'value="7"' in answer.content.decode()


def test_somebody_elses_change_is_not_overwritten(shop, clerk) -> None:
    page = reverse("staff:shop_item_edit", args=[shop.goods.pk])
    version = clerk.get(page).context["form"].initial["version"]
    with scope.within([shop.community.pk]):
        catalogue.edit_item(actor=shop.keeper, item=shop.goods.pk, category="日用", at=now())

    answer = clerk.post(page, {"name": "洗衣粉大袋", "version": version})

    assert answer.status_code == 422
    with scope.everything():
        assert Item.objects.get(pk=shop.goods.pk).name == "洗衣粉"


def test_stock_is_received_counted_written_off_and_moved(shop, clerk) -> None:
    shelf = shelf_of(shop)
    named = {"item": shop.goods.pk, "venue": shop.venue.pk}
    clerk.post(shop.url("shop_receive"), {**named, "quantity": "5", "value_yuan": "60", "document": "票001"})
    clerk.post(reverse("staff:shop_count", args=[shelf.pk]), {"counted": "24", "reason": "少了一袋"})
    clerk.post(reverse("staff:shop_write_off", args=[shelf.pk]), {"quantity": "4", "reason": "受潮"})

    assert shelf_of(shop).on_hand == 20
    with scope.everything():
        kinds = list(StockMove.objects.filter(stock=shelf).order_by("at", "pk").values_list("kind", "quantity"))
    assert kinds == [("bought", 20), ("bought", 5), ("counted", -1), ("spoiled", -4)]
    assert "受潮" in clerk.get(shop.url("shop_moves")).content.decode()


def test_a_form_that_is_sent_twice_takes_in_once(shop, clerk) -> None:
    key = clerk.get(shop.url("shop_receive")).context["form"]["key"].value()
    sent = {"item": shop.goods.pk, "venue": shop.venue.pk, "quantity": "5", "key": key}

    clerk.post(shop.url("shop_receive"), sent)
    clerk.post(shop.url("shop_receive"), sent)

    assert shelf_of(shop).on_hand == 25


def test_a_donation_meets_a_need_and_its_donor_is_thanked(shop, clerk) -> None:
    clerk.post(shop.url("shop_need_new"), {"what": "洗衣粉", "quantity": "5", "item": shop.goods.pk})
    with scope.everything():
        need = SupplyNeed.objects.get()
    named = {"item": shop.goods.pk, "venue": shop.venue.pk, "need": need.pk}
    clerk.post(shop.url("shop_receive_donation"), {**named, "quantity": "5", "donor_name": "林阿姨"})
    with scope.everything():
        donation = Donation.objects.get()

    clerk.post(reverse("staff:shop_thank", args=[donation.pk]), {"how": "打了电话"})

    with scope.everything():
        need.refresh_from_db()
        donation.refresh_from_db()
    assert need.state == "met"
    assert donation.thanked_how == "打了电话"
    assert "林阿姨" in clerk.get(shop.url("shop_donations")).content.decode()


def test_a_shop_without_a_book_says_what_comes_first(small_district, client) -> None:
    shop = open_shop(small_district)
    with scope.everything():
        from lianxin.domain.points.models import Book

        Book.objects.filter(community=shop.community).update(state="closed")
    small_district.log_in(client, "cuiying1")

    answer = client.post(shop.url("shop_counter"), {"shown": shop.home.number}, follow=True)

    assert answer.status_code == 200
    assert shop.url("shop_counter") != ""
    assert reverse("staff:points_book", args=[shop.community.pk]) in answer.content.decode()
