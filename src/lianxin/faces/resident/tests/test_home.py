"""The front page and choosing a community."""

from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from lianxin.domain.places.commands.venues import pause_venue
from lianxin.faces.resident.community import COOKIE
from lianxin.platform.actors import Actor
from lianxin.platform.clock import now
from tests.support.district import SmallDistrict

HOME = "/"


def test_first_visit_asks_for_the_community(small_district: SmallDistrict, client: Client) -> None:
    page = client.get(HOME).content.decode()

    assert "您住在哪个社区" in page
    assert reverse("resident:communities") in page


def test_home_shows_the_centre_with_a_phone_to_touch(small_district: SmallDistrict, visitor: Client) -> None:
    page = visitor.get(HOME).content.decode()

    assert small_district.centre.name in page
    assert small_district.centre.address in page
    assert f'href="tel:{small_district.centre.phone}"' in page


def test_home_of_a_resident_is_the_community_of_the_register(small_district: SmallDistrict, client: Client) -> None:
    small_district.log_in_resident(client)

    page = client.get(HOME).content.decode()

    assert small_district.centre.name in page


def test_paused_centre_says_why_and_the_home_still_leads_on(small_district: SmallDistrict, visitor: Client) -> None:
    pause_venue(
        actor=Actor.system(), venue=small_district.centre.pk, reason="屋顶维修", on=small_district.today, at=now()
    )

    page = visitor.get(HOME).content.decode()

    assert "屋顶维修" in page
    assert reverse("resident:places") in page


def test_choice_is_kept_on_the_phone(small_district: SmallDistrict, client: Client) -> None:
    answer = client.post(reverse("resident:communities"), {"community": str(small_district.jinzhou_town.pk)})

    assert answer.status_code == 302
    assert client.cookies[COOKIE].value == str(small_district.jinzhou_town.pk)
    assert "金洲" in client.get(HOME).content.decode()


@pytest.mark.parametrize("wrong", ["", "nonsense", "018f0000-0000-7000-8000-000000000000"])
def test_unknown_choice_is_a_sentence_with_the_list(small_district: SmallDistrict, client: Client, wrong: str) -> None:
    answer = client.post(reverse("resident:communities"), {"community": wrong})

    assert answer.status_code == 422
    assert "请从列表里选一个社区" in answer.content.decode()


def test_choice_that_leads_nowhere_is_forgotten(small_district: SmallDistrict, client: Client) -> None:
    client.cookies[COOKIE] = str(uuid4())

    answer = client.get(HOME)

    assert answer.status_code == 302
    assert answer.url == reverse("resident:communities")
    assert client.cookies[COOKIE].value == ""


@pytest.mark.parametrize("query", ["翠英", "cy", "cuiying"])
def test_community_is_found_by_name_pinyin_and_initials(
    small_district: SmallDistrict, client: Client, query: str
) -> None:
    page = client.get(reverse("resident:communities"), {"q": query})

    assert small_district.cuiying in page.context["found"]


def test_name_that_two_communities_share_gives_both(small_district: SmallDistrict, client: Client) -> None:
    page = client.get(reverse("resident:communities"), {"q": "金洲"})

    assert {small_district.jinzhou_town, small_district.jinzhou_village} <= set(page.context["found"])
    assert "鸥汀街道" in page.content.decode()
    assert "外砂街道" in page.content.decode()


def test_search_without_a_find_still_lists_all(small_district: SmallDistrict, client: Client) -> None:
    page = client.get(reverse("resident:communities"), {"q": "没有这个"}).content.decode()

    assert "没有找到叫" in page
    assert str(small_district.cuiying.pk) in page


def test_page_of_another_community_can_be_made_ones_own(small_district: SmallDistrict, visitor: Client) -> None:
    page = visitor.get(reverse("resident:community", args=[small_district.jinzhou_village.pk]))

    assert page.status_code == 200
    assert f'value="{small_district.jinzhou_village.pk}"' in page.content.decode()


def test_unknown_community_is_missing(small_district: SmallDistrict, client: Client) -> None:
    assert client.get(reverse("resident:community", args=[uuid4()])).status_code == 404


def test_anonymous_page_is_kept_privately_and_briefly(small_district: SmallDistrict, visitor: Client) -> None:
    assert visitor.get(HOME).headers["Cache-Control"] == "private, max-age=30"


def test_page_of_somebody_logged_in_is_not_kept(small_district: SmallDistrict, resident: Client) -> None:
    assert "no-store" in resident.get(HOME).headers["Cache-Control"]


def test_foreign_cookie_value_is_no_error(small_district: SmallDistrict, client: Client) -> None:
    client.cookies[COOKIE] = "'; DROP TABLE"

    assert client.get(HOME).status_code == 200
