"""Points and the shop by program: the own passbook, what everybody may read, reserving with a key, vouchers."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from lianxin.domain.points.models import Seal
from lianxin.domain.shop.models import Redemption, Voucher
from lianxin.engines.masking import mask_name
from lianxin.platform import scope
from lianxin.platform.ids import new_id
from tests.support.district import SmallDistrict
from tests.support.pilot import Pilot, make_merchant, make_pilot

pytest_plugins = ["tests.support.district"]


@pytest.fixture
def pilot(small_district: SmallDistrict) -> Pilot:
    """A community with passbooks and a shop, whose first home has 15 points."""
    made = make_pilot(small_district)
    made.award(times=3)
    made.seal()
    return made


@pytest.fixture
def holder(pilot: Pilot, client: Client) -> Client:
    """The head of the first home."""
    pilot.log_in(client)
    return client


def get(client: Client, path: str, **query: Any) -> Any:
    """What an operation answers."""
    answer = client.get(f"/api/v1/{path}", query)
    assert answer.status_code == 200, answer.content.decode()
    return answer.json()


def post(client: Client, path: str, body: dict[str, Any]) -> Any:
    """Send a body to an operation."""
    return client.post(f"/api/v1/{path}", body, content_type="application/json")


def test_passbook_lines_statement_and_proof_are_one_household_s(pilot: Pilot, holder: Client) -> None:
    passbook = get(holder, "points/passbook")
    lines = get(holder, "points/lines")
    given = get(holder, "points/statement", from_on=f"{pilot.today.year - 1}-01-01", until_on=str(pilot.today))
    proof = get(holder, "points/lines/1/proof")

    assert (passbook["balance"], passbook["free"], passbook["has_book"]) == (15, 15, True)
    assert [line["delta"] for line in lines["items"]] == [15]
    assert (given["opening"], given["closing"]) == (0, 15)
    assert proof["holds"] is True
    assert get(holder, "points/why")["adds_up"] is True


def test_everybody_reads_rules_notices_offers_and_seals(pilot: Pilot) -> None:
    shown = pilot.notice()
    pilot.item(points=10)
    nobody, community = Client(), str(pilot.community.pk)
    with scope.everything():
        code = Seal.objects.values_list("code", flat=True)[0]

    rules = get(nobody, "points/rules", community=community)
    notice = get(nobody, f"points/notices/{shown.pk}", community=community)

    assert rules["rules"]["items"]
    assert [one["id"] for one in get(nobody, "points/notices", community=community)] == [str(shown.pk)]
    assert [award["masked_name"] for award in notice["awards"]] == [mask_name(pilot.member().name)]
    assert get(nobody, "points/honour-rolls", community=community) == []
    assert get(nobody, f"points/seals/{code}")["is_signed"] is True
    assert [offer["points"] for offer in get(nobody, "shop/offers", community=community)] == [10]


def test_own_operations_refuse_nobody_and_those_without_a_passbook(pilot: Pilot) -> None:
    nobody, clerk = Client(), Client()
    pilot.district.log_in(clerk, "cuiying1")

    for path in ("points/passbook", "points/lines", "points/why", "shop/orders", "shop/purse"):
        assert nobody.get(f"/api/v1/{path}").status_code == 401, path
        refused = clerk.get(f"/api/v1/{path}")
        assert refused.status_code == 404, path
        assert refused.headers["Content-Type"] == "application/problem+json"


def test_reserving_with_one_key_happens_once_and_can_be_cancelled(pilot: Pilot, holder: Client) -> None:
    item = pilot.item(points=10)
    body = {"key": str(new_id()), "venue": str(pilot.centre.pk), "items": [{"item": str(item.pk), "quantity": 1}]}

    first, again = post(holder, "shop/orders", body), post(holder, "shop/orders", body)
    other = post(holder, "shop/orders", body | {"items": [{"item": str(item.pk), "quantity": 2}]})
    order = first.json()
    waiting = get(holder, "shop/orders", live_only=True)
    cancelled = post(holder, f"shop/orders/{order['id']}/cancel", {"key": str(new_id())})

    assert first.status_code == again.status_code == 200
    assert first.json() == again.json()
    assert other.status_code == 409
    assert len(order["code"]) == 7
    assert [row["id"] for row in waiting["items"]] == [order["id"]]
    assert cancelled.json()["state"] == "cancelled"
    assert pilot.balance() == (15, 0)


def test_order_of_another_household_does_not_exist(pilot: Pilot, holder: Client) -> None:
    item = pilot.item(points=10)
    made = post(holder, "shop/orders", {"venue": str(pilot.centre.pk), "items": [{"item": str(item.pk)}]}).json()
    neighbour = Client()
    pilot.log_in(neighbour, 1)

    assert neighbour.get(f"/api/v1/shop/orders/{made['id']}").status_code == 404
    assert post(neighbour, f"shop/orders/{made['id']}/cancel", {}).status_code == 404
    assert pilot.balance() == (15, 10)


@pytest.mark.parametrize("quantity", [0, -1, 1.5, 10**9])
def test_quantities_that_cannot_be_are_refused_with_a_problem(pilot: Pilot, holder: Client, quantity: float) -> None:
    item = pilot.item(points=1)
    body = {"venue": str(pilot.centre.pk), "items": [{"item": str(item.pk), "quantity": quantity}]}

    answer = post(holder, "shop/orders", body)

    assert answer.status_code == 422
    assert answer.headers["Content-Type"] == "application/problem+json"
    with scope.everything():
        assert not Redemption.objects.filter(community=pilot.community).exists()


def test_too_few_points_change_nothing(pilot: Pilot, holder: Client) -> None:
    item = pilot.item(points=40)

    answer = post(holder, "shop/orders", {"venue": str(pilot.centre.pk), "items": [{"item": str(item.pk)}]})

    assert answer.status_code == 409
    assert pilot.balance() == (15, 0)


def test_nobody_acts_for_a_stranger(pilot: Pilot, holder: Client) -> None:
    answer = holder.get("/api/v1/points/passbook", {"person": str(pilot.member(1).pk)})

    assert answer.status_code == 404
    assert holder.get("/api/v1/points/passbook", {"person": str(uuid4())}).status_code == 404


def test_voucher_is_no_resident_s_to_take(pilot: Pilot, holder: Client) -> None:
    washing = pilot.item(kind="service", name="洗车一次", points=5, merchant=make_merchant().pk)
    made = post(holder, "shop/vouchers", {"item": str(washing.pk), "key": str(new_id())}).json()
    [line] = made["lines"]
    [voucher] = line["vouchers"]

    answer = post(holder, "shop/vouchers/take", {"code": voucher["code"]})

    assert len(voucher["code"]) == 10
    assert answer.status_code == 403
    with scope.everything():
        assert Voucher.objects.get(pk=voucher["id"]).state == Voucher.State.ISSUED
