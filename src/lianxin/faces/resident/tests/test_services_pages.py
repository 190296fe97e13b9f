"""Services: today, this week, by category, one service; and the search over everything public."""

from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from lianxin.domain.places.commands.services import change_service_state
from lianxin.domain.places.queries.services import page_public_services
from lianxin.platform.actors import Actor
from lianxin.platform.clock import now
from tests.support.district import SmallDistrict


def some_service(district: SmallDistrict):
    """A service of the centre of 翠英."""
    return page_public_services(on=district.today, communities=[district.cuiying.pk]).services[0]


def test_all_categories_stand_in_their_groups(small_district: SmallDistrict, visitor: Client) -> None:
    page = visitor.get(reverse("resident:services"))

    groups = page.context["groups"]
    assert len(groups) == 6
    assert sum(len(kinds) for kinds in groups.values()) == 33


def test_without_a_community_the_page_says_how_to_choose(small_district: SmallDistrict, client: Client) -> None:
    page = client.get(reverse("resident:services")).content.decode()

    assert reverse("resident:communities") in page
    assert "按类别找" in page


def test_week_holds_today_and_what_comes(small_district: SmallDistrict, visitor: Client) -> None:
    today = visitor.get(reverse("resident:services")).context["days"]
    week = visitor.get(reverse("resident:services"), {"when": "week"}).context["days"]

    assert [rows for _day, rows in week][: len(today)] == [rows for _day, rows in today]
    assert len(week) >= len(today)


def test_category_of_the_community_and_of_the_district(small_district: SmallDistrict, visitor: Client) -> None:
    service = some_service(small_district)
    address = reverse("resident:category", args=[service.category.code])

    here = visitor.get(address)
    everywhere = visitor.get(address, {"where": "all"})

    assert {one.community_id for one, _times in here.context["services"]} == {small_district.cuiying.pk}
    assert everywhere.context["total"] >= here.context["total"]


def test_page_after_the_last_shows_the_first(small_district: SmallDistrict, visitor: Client) -> None:
    address = reverse("resident:category", args=[some_service(small_district).category.code])

    assert visitor.get(address, {"page": "99"}).context["services"]


def test_unknown_category_is_missing(small_district: SmallDistrict, visitor: Client) -> None:
    assert visitor.get(reverse("resident:category", args=["Z99"])).status_code == 404


def test_service_answers_every_question(small_district: SmallDistrict, visitor: Client) -> None:
    service = some_service(small_district)

    page = visitor.get(reverse("resident:service", args=[service.pk])).content.decode()

    for question in ("什么时候", "在哪里", "怎么办", "要带什么", "收费"):
        assert question in page
    assert service.venue.name in page


def test_ended_service_is_missing(small_district: SmallDistrict, visitor: Client) -> None:
    service = some_service(small_district)
    change_service_state(actor=Actor.system(), service=service.pk, state="ended", on=small_district.today, at=now())

    assert visitor.get(reverse("resident:service", args=[service.pk])).status_code == 404
    assert visitor.get(reverse("resident:service", args=[uuid4()])).status_code == 404


@pytest.mark.parametrize("query", ["翠英", "cy", "cuiying"])
def test_search_finds_community_and_centre(small_district: SmallDistrict, client: Client, query: str) -> None:
    page = client.get(reverse("resident:search"), {"q": query}).content.decode()

    assert reverse("resident:community", args=[small_district.cuiying.pk]) in page
    assert reverse("resident:place", args=[small_district.centre.pk]) in page


def test_search_of_a_subdistrict_leads_to_its_communities(small_district: SmallDistrict, client: Client) -> None:
    page = client.get(reverse("resident:search"), {"q": "新津街道"}).content.decode()

    assert reverse("resident:communities") + "?q=%E6%96%B0%E6%B4%A5" in page


def test_every_found_thing_opens(small_district: SmallDistrict, client: Client) -> None:
    found = client.get(reverse("resident:search"), {"q": "jz"}).context["found"]

    assert found
    assert {client.get(address).status_code for _hit, address, _icon, _label in found} == {200}


def test_search_never_finds_people(small_district: SmallDistrict, client: Client) -> None:
    person = small_district.first("people.Person", community=small_district.cuiying)

    assert not [
        hit
        for hit, *_rest in client.get(reverse("resident:search"), {"q": person.name}).context["found"]
        if hit.kind in ("person", "household")
    ]


def test_empty_and_hostile_searches_are_no_error(small_district: SmallDistrict, client: Client) -> None:
    for query in ("", " ", '"', "' OR 1=1 --", "*", "\\", "a" * 500, "zqpublic", "AND NOT"):
        assert client.get(reverse("resident:search"), {"q": query}).status_code == 200
