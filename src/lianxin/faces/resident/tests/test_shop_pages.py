"""The points shop on residents' pages: what there is, taking it with one button, codes, giving up."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from lianxin.domain.people.commands.consents import give_consent
from lianxin.domain.people.commands.proxies import link_proxy
from lianxin.domain.shop.commands.stock import receive_donation
from lianxin.domain.shop.commands.supplies import ask_for_supplies
from lianxin.domain.shop.models import Item, Redemption, Voucher
from lianxin.platform import scope
from lianxin.platform.clock import now
from tests.support.district import SmallDistrict
from tests.support.pilot import SYSTEM, Pilot, make_merchant, make_pilot

MOST = 12


@pytest.fixture
def pilot(small_district: SmallDistrict) -> Pilot:
    """A community with passbooks and a shop."""
    return make_pilot(small_district)


@pytest.fixture
def holder(pilot: Pilot, client: Client) -> Client:
    """The head of the first home, with 15 points."""
    pilot.award(times=3)
    pilot.log_in(client)
    return client


def read(client: Client, name: str, *args: object, query: str = "") -> str:
    """The text of a page that is there."""
    answer = client.get(reverse(f"resident:{name}", args=args) + query)
    assert answer.status_code == 200, answer.content.decode()[:2000]
    return answer.content.decode()


def take(client: Client, pilot: Pilot, item: Item, **more: object) -> object:
    """Press the red button of something as its page offers it."""
    address = reverse("resident:shop_item", args=[pilot.community.pk, item.pk])
    form = client.get(address).context["form"]
    sent = {"key": str(form["key"].value()), "quantity": "1"}
    if "venue" in form.fields:
        sent["venue"] = str(pilot.centre.pk)
    return client.post(address, sent | {name: str(value) for name, value in more.items()})


def only_order(pilot: Pilot) -> Redemption:
    """The one order there is."""
    with scope.everything():
        return Redemption.objects.get(community=pilot.community)


def test_shop_shows_what_the_points_reach_for(pilot: Pilot, holder: Client) -> None:
    pilot.item(points=10, name="洗衣液")
    pilot.item(points=40, name="电饭煲")
    pilot.item(points=5, pieces=0, name="牙膏")

    page = read(holder, "shop", pilot.community.pk)
    reach = read(holder, "shop", pilot.community.pk, query="?can=on")

    assert "you can have it" in page
    assert "25 points to go" in page
    assert "none left just now" in page
    assert "洗衣液" in reach
    assert "电饭煲" not in reach


def test_visitor_reads_the_shop_without_a_login(pilot: Pilot, client: Client) -> None:
    item = pilot.item()
    client.cookies["lianxin-language"] = "en"

    assert "洗衣液" in read(client, "shop", pilot.community.pk)
    assert "Log in to reserve it" in read(client, "shop_item", pilot.community.pk, item.pk)
    sent = client.post(reverse("resident:shop_item", args=[pilot.community.pk, item.pk]), {"quantity": "1"})
    assert "/login" in sent.headers["Location"]


def test_community_without_a_shop_says_so(small_district: SmallDistrict, client: Client) -> None:
    pilot = make_pilot(small_district, with_book=False)
    pilot.log_in(client)

    assert "The shop of this community offers nothing yet." in read(client, "shop", pilot.community.pk)
    assert "Nothing waits to be collected." in read(client, "codes")


def test_reserving_keeps_points_aside_and_shows_code_place_and_last_day(pilot: Pilot, holder: Client) -> None:
    answer = take(holder, pilot, pilot.item(points=10))

    order = only_order(pilot)
    page = read(holder, "code", order.pk)
    assert answer.headers["Location"] == reverse("resident:code", args=[order.pk])  # type: ignore[attr-defined]
    assert pilot.balance() == (15, 10)
    with scope.everything():
        code = order.code.reveal()  # type: ignore[union-attr]
    assert f"{code[:3]} {code[3:]}" in page
    assert pilot.centre.name in page
    assert str((now() + timedelta(hours=8) + timedelta(days=7)).day) in page
    assert f"{code[:3]} {code[3:]}" in read(holder, "codes")


def test_form_sent_twice_reserves_once(pilot: Pilot, holder: Client) -> None:
    item = pilot.item(points=5)
    address = reverse("resident:shop_item", args=[pilot.community.pk, item.pk])
    key = str(holder.get(address).context["form"]["key"].value())
    sent = {"key": key, "quantity": "1", "venue": str(pilot.centre.pk)}

    first, again = holder.post(address, sent), holder.post(address, sent)

    assert first.headers["Location"] == again.headers["Location"]
    assert pilot.balance() == (15, 5)


def test_last_piece_gone_meanwhile_is_a_sentence(pilot: Pilot, holder: Client) -> None:
    item = pilot.item(points=5, pieces=1)
    address = reverse("resident:shop_item", args=[pilot.community.pk, item.pk])
    holder.get(address)
    other = Client()
    pilot.award(1)
    pilot.log_in(other, 1)
    take(other, pilot, item)

    answer = holder.post(address, {"quantity": "1", "venue": str(pilot.centre.pk)})

    assert answer.status_code == 422
    assert pilot.balance() == (15, 0)


def test_too_few_points_offer_no_button_and_a_sentence(pilot: Pilot, holder: Client) -> None:
    item = pilot.item(points=40)

    page = read(holder, "shop_item", pilot.community.pk, item.pk)
    answer = holder.post(
        reverse("resident:shop_item", args=[pilot.community.pk, item.pk]),
        {"quantity": "1", "venue": str(pilot.centre.pk)},
    )

    assert "25 points to go" in page
    assert "Reserve it" not in page
    assert answer.status_code == 422
    assert pilot.balance() == (15, 0)


def test_resident_of_another_community_reads_but_cannot_take(pilot: Pilot, client: Client) -> None:
    item = pilot.item(points=0)
    pilot.district.log_in_resident(client)
    client.cookies["lianxin-language"] = "en"

    page = read(client, "shop_item", pilot.community.pk, item.pk)
    answer = client.post(
        reverse("resident:shop_item", args=[pilot.community.pk, item.pk]),
        {"quantity": "1", "venue": str(pilot.centre.pk)},
    )

    assert "Points are spent in the shop of the own community." in page
    assert answer.status_code == 403


def test_giving_up_asks_first_and_frees_the_points(pilot: Pilot, holder: Client) -> None:
    take(holder, pilot, pilot.item(points=10))
    order = only_order(pilot)
    address = reverse("resident:code_cancel", args=[order.pk])

    asked = holder.get(address)
    holder.post(address, {"key": str(asked.context["form"]["key"].value()), "confirmed": "yes"})
    again = holder.post(address, {"confirmed": "yes"}, follow=True).content.decode()

    assert "10 points are free again at once." in asked.content.decode()
    assert pilot.balance() == (15, 0)
    assert "This order is no longer waiting." in again


def test_service_gives_a_voucher_that_can_be_given_back(pilot: Pilot, holder: Client) -> None:
    washing = pilot.item(kind="service", name="洗车一次", points=5, merchant=make_merchant().pk)

    take(holder, pilot, washing)

    order = only_order(pilot)
    page = read(holder, "code", order.pk)
    with scope.everything():
        voucher = Voucher.objects.get(line__redemption=order)
        code = voucher.code.reveal()
    assert f"{code[:3]} {code[3:6]} {code[6:]}" in page
    assert "明亮洗车行" in page
    assert pilot.balance() == (10, 0)
    holder.post(reverse("resident:voucher_back", args=[order.pk, voucher.pk]), {"confirmed": "yes"})
    assert pilot.balance() == (15, 0)
    assert "given back" in read(holder, "code", order.pk)


def test_order_of_another_household_does_not_exist(pilot: Pilot, holder: Client) -> None:
    take(holder, pilot, pilot.item(points=10))
    order = only_order(pilot)
    neighbour = Client()
    pilot.log_in(neighbour, 1)

    for name in ("code", "code_cancel"):
        assert neighbour.get(reverse(f"resident:{name}", args=[order.pk])).status_code == 404
        assert neighbour.post(reverse(f"resident:{name}", args=[order.pk])).status_code in (404, 405)
    assert neighbour.get(reverse("resident:voucher_back", args=[order.pk, uuid4()])).status_code == 404
    assert pilot.balance() == (15, 10)


def test_earlier_orders_are_listed_without_codes(pilot: Pilot, holder: Client) -> None:
    take(holder, pilot, pilot.item(points=10))
    order = only_order(pilot)
    holder.post(reverse("resident:code_cancel", args=[order.pk]), {"confirmed": "yes"})

    page = read(holder, "codes", query="?all=on")

    assert "cancelled" in page
    assert reverse("resident:code", args=[order.pk]) in page


def test_limit_that_is_used_up_is_said(pilot: Pilot, holder: Client) -> None:
    item = pilot.item(points=5, limit_quantity=1, limit_every="month")
    take(holder, pilot, item)

    page = read(holder, "shop_item", pilot.community.pk, item.pk)

    assert "At most 1 a month for a household." in page
    assert "taken as often as the limit allows" in page


def test_item_of_another_community_is_not_under_this_address(pilot: Pilot, holder: Client) -> None:
    item = pilot.item()

    answer = holder.get(reverse("resident:shop_item", args=[pilot.district.cuiying.pk, item.pk]))

    assert answer.status_code == 404


def test_wanted_supplies_and_donors_who_want_to_be_named_are_shown(pilot: Pilot, client: Client) -> None:
    item = pilot.item(pieces=0)
    ask_for_supplies(actor=pilot.staff, community=pilot.community.pk, what="大米", quantity=20, at=now())
    for name, shown in (("长平超市", True), ("不愿具名者", False)):
        receive_donation(
            actor=pilot.staff,
            item=item.pk,
            venue=pilot.centre.pk,
            quantity=3,
            donor_name=name,
            wants_name_shown=shown,
            at=now(),
        )

    page = read(client, "shop_supplies", pilot.community.pk)

    assert "大米" in page
    assert "长平超市" in page
    assert "不愿具名者" not in page


@pytest.fixture
def act_for(pilot: Pilot, client: Client) -> Callable[[], None]:
    """Let somebody of 翠英 spend the points of the first home's head, and begin."""

    def begin() -> None:
        child = pilot.district.first("people.Person", community=pilot.district.cuiying, relation="head")
        receipt = give_consent(actor=SYSTEM, person=pilot.member().pk, purpose="proxy", how="paper", at=now())
        link_proxy(
            actor=SYSTEM,
            principal=pilot.member().pk,
            kind="family",
            acts=["points"],
            from_on=pilot.today,
            until_on=pilot.today + timedelta(days=100),
            agent_person=child.pk,
            consent=receipt.pk,
            at=now(),
        )
        pilot.district.log_in_resident(client, child)
        client.cookies["lianxin-language"] = "en"
        client.post(reverse("resident:act_for"), {"person": str(pilot.member().pk)})

    return begin


def test_daughter_in_another_community_reserves_for_the_parent(
    pilot: Pilot, client: Client, act_for: Callable[[], None], django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    pilot.award(times=2)
    item = pilot.item(points=10)
    act_for()

    take(client, pilot, item)

    order = only_order(pilot)
    assert pilot.balance() == (10, 10)
    assert pilot.centre.name in read(client, "code", order.pk)
    assert pilot.centre.name in read(client, "codes")


def test_pages_cost_the_same_with_many_offers_and_orders(
    pilot: Pilot, holder: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    pilot.award(times=3)
    item = pilot.item(points=1)
    take(holder, pilot, item)
    addresses = [
        reverse("resident:shop", args=[pilot.community.pk]),
        reverse("resident:shop_item", args=[pilot.community.pk, item.pk]),
        reverse("resident:shop_supplies", args=[pilot.community.pk]),
        reverse("resident:codes"),
        reverse("resident:codes") + "?all=on",
        reverse("resident:code", args=[only_order(pilot).pk]),
    ]
    small = {}
    for address in addresses:
        with django_assert_max_num_queries(MOST, info=address) as found:
            assert holder.get(address).status_code == 200
        small[address] = len(found)
    for number in range(5):
        take(holder, pilot, pilot.item(points=1, name=f"第{number}件"))

    for address in addresses:
        with django_assert_max_num_queries(small[address], info=address):
            assert holder.get(address).status_code == 200
