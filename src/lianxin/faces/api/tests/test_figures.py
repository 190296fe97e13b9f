"""Figures over the API: the catalogue for all, values within the caller's area, problems that say what is wrong."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from lianxin.platform import scope, tallies
from lianxin.platform.models import NO_VENUE

pytestmark = pytest.mark.django_db
BASE = "/api/v1/figures"
ENGLISH = {"accept-language": "en"}


@pytest.fixture
def told(small_district: Any) -> Any:
    """Visits of 2022 in two communities."""
    sums = {
        ("visits", small_district.cuiying.pk, date(2022, 3, 4), NO_VENUE, ""): 70,
        ("visits", small_district.cuiying.pk, date(2022, 4, 4), NO_VENUE, ""): 30,
        ("visits", small_district.jinzhou_town.pk, date(2022, 3, 4), NO_VENUE, ""): 11,
    }
    with scope.everything(), transaction.atomic():
        tallies.add(sums)
    return small_district


def of(district: Any, name: str) -> Client:
    client = Client(headers=ENGLISH)
    district.log_in(client, name)
    return client


def test_catalogue_is_open_to_everybody_and_explains_each_figure() -> None:
    answer = Client(headers=ENGLISH).get(f"{BASE}/").json()

    names = [one["name"] for one in answer["items"]]
    assert {"visits", "occurrences_held", "person_times", "centres"} <= set(names)
    assert len(names) == len(set(names))
    assert {one["topic"] for one in answer["items"]} == {one["code"] for one in answer["topics"]}
    assert all(one["label"] and one["kind"] in ("flow", "level", "distinct") for one in answer["items"])


def test_values_are_a_flat_object_of_the_callers_area(told: Any) -> None:
    asked = {"names": "visits, occurrences_held", "period": "2022"}

    whole = of(told, "district").get(f"{BASE}/values/", asked).json()
    own = of(told, "cuiying1").get(f"{BASE}/values/", asked).json()
    named = of(told, "district").get(f"{BASE}/values/", asked | {"place": told.jinzhou_town.code}).json()

    assert whole["values"] == {"visits": 111, "occurrences_held": 0}
    assert (whole["window"]["from_on"], whole["window"]["until_on"]) == ("2022-01-01", "2023-01-01")
    assert own["values"]["visits"] == 100
    assert own["window"]["place"] == str(told.cuiying.pk)
    assert named["values"]["visits"] == 11


def test_all_figures_come_when_none_is_named(told: Any) -> None:
    answer = of(told, "cuiying1").get(f"{BASE}/values/", {"period": "2022-03"}).json()

    assert answer["values"]["visits"] == 70
    assert len(answer["values"]) > 50


def test_parts_and_areas_add_up_to_the_figure(told: Any) -> None:
    client = of(told, "district")

    series = client.get(f"{BASE}/visits/series/", {"period": "2022"}).json()["points"]
    areas = client.get(f"{BASE}/visits/by-area/", {"period": "2022"}).json()["items"]

    assert [one["value"] for one in series] == [0, 0, 81, 30, *[0] * 8]
    assert sum(one["value"] for one in areas) == 111
    assert [one["code"] for one in areas] == sorted(one["code"] for one in areas)


def test_records_behind_a_figure_add_up_to_it_and_stay_in_the_callers_communities(told: Any) -> None:
    client, year = of(told, "cuiying1"), str(told.today.year)

    figure = client.get(f"{BASE}/values/", {"names": "openings", "period": year}).json()["values"]["openings"]
    answer = client.get(f"{BASE}/openings/records/", {"period": year}).json()

    rows, pages = list(answer["items"]), answer["pages"]
    for page in range(2, pages + 1):
        rows += client.get(f"{BASE}/openings/records/", {"period": year, "page": page}).json()["items"]
    assert figure == answer["total"] == sum(row["quantity"] for row in rows) > 0
    assert len(rows) == answer["count"]
    assert {row["community"] for row in rows} == {str(told.cuiying.pk)}


@pytest.mark.parametrize(
    ("path", "asked", "status", "kind"),
    [
        ("values/", {"period": "2024-13"}, 422, "bad-period"),
        ("values/", {"period": "yesterday"}, 422, "bad-period"),
        ("values/", {"names": "vists"}, 404, "unknown-figure"),
        ("values/", {"place": "\x00nowhere"}, 404, "unknown-place"),
        ("nothing/series/", {}, 404, "unknown-figure"),
        ("visits/records/", {"page": 99999}, 404, "missing"),
        ("visits/by-area/", {"place": "金洲"}, 422, "ambiguous-place"),
    ],
)
def test_what_cannot_be_asked_is_a_problem_with_a_sentence(
    path: str, asked: dict[str, Any], status: int, kind: str, small_district: Any
) -> None:
    answer = of(small_district, "district").get(f"{BASE}/{path}", asked)

    assert answer.status_code == status
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json()["type"] == f"urn:lianxin:problem:{kind}"
    assert len(answer.json()["detail"]) > 15


def test_place_of_others_is_not_known_and_figures_are_for_offices(told: Any) -> None:
    foreign = {"place": str(told.jinzhou_town.pk), "period": "2022"}
    resident = Client(headers=ENGLISH)
    told.log_in_resident(resident)

    assert of(told, "cuiying1").get(f"{BASE}/values/", foreign).status_code == 404
    assert Client().get(f"{BASE}/values/").status_code == 401
    for client in (resident, of(told, "host"), of(told, "audit")):
        assert client.get(f"{BASE}/values/").status_code == 404
