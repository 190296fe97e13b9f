"""The list of places, the map on request, and the page of one place."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from lianxin.domain.places.commands.opening import add_opening_exception, open_venue
from lianxin.domain.places.commands.rooms import set_amenities
from lianxin.domain.places.commands.venues import close_venue, edit_venue
from lianxin.platform.actors import Actor
from lianxin.platform.clock import now
from tests.support.district import SmallDistrict

SYSTEM = Actor.system()


def names(page) -> list[str]:
    """The names of the places on a list."""
    return [line.venue.name for line in page.context["lines"]]


def test_list_begins_with_the_own_centre(small_district: SmallDistrict, visitor: Client) -> None:
    page = visitor.get(reverse("resident:places"))

    assert names(page)[0] == small_district.centre.name
    assert page.context["count"] == 5


def test_position_sorts_and_leaves_no_trace_finer_than_a_hundred_metres(
    small_district: SmallDistrict, visitor: Client
) -> None:
    there = small_district.foreign_centre

    page = visitor.get(reverse("resident:places"), {"lat": there.lat, "lng": there.lng})

    assert names(page)[0] == there.name
    assert page.context["is_near"]


@pytest.mark.parametrize("wrong", [{"lat": "x", "lng": "1"}, {"lat": "999", "lng": "1"}, {"page": "x"}, {"kind": "y"}])
def test_unreadable_wishes_are_left_out(small_district: SmallDistrict, visitor: Client, wrong: dict) -> None:
    page = visitor.get(reverse("resident:places"), wrong)

    assert page.status_code == 200
    assert page.context["count"] == 5


def test_only_stations_of_a_kind(small_district: SmallDistrict, visitor: Client) -> None:
    kind = small_district.station.station_type

    page = visitor.get(reverse("resident:places"), {"kind": f"station:{kind}"})

    assert small_district.station.name in names(page)
    assert {line.venue.station_type for line in page.context["lines"]} == {kind}


def test_only_places_with_an_amenity(small_district: SmallDistrict, visitor: Client) -> None:
    set_amenities(actor=SYSTEM, venue=small_district.centre.pk, amenities=[], at=now())
    set_amenities(actor=SYSTEM, venue=small_district.station.pk, amenities=[{"kind": "aed"}], at=now())

    page = visitor.get(reverse("resident:places"), {"amenity": "aed"})

    assert small_district.station.name in names(page)
    assert small_district.centre.name not in names(page)


def test_open_now_leaves_out_the_closed(small_district: SmallDistrict, visitor: Client) -> None:
    deep_night = datetime.combine(small_district.today, datetime.min.time(), UTC) + timedelta(hours=20)
    with time_machine.travel(deep_night, tick=False):
        shut = visitor.get(reverse("resident:places"), {"open": "on", "kind": "centre"})
        open_venue(actor=SYSTEM, venue=small_district.centre.pk, at=now())
        seen = visitor.get(reverse("resident:places"), {"open": "on", "kind": "centre"})

    assert small_district.centre.name not in names_or_none(shut)
    assert small_district.centre.name in names(seen)


def names_or_none(page) -> list[str]:
    """The names on a list that may be empty."""
    return [line.venue.name for line in page.context["lines"] or []]


@pytest.mark.parametrize("query", ["翠英", "cy", "cuiying"])
def test_search_finds_by_name_and_pinyin(small_district: SmallDistrict, visitor: Client, query: str) -> None:
    assert small_district.centre.name in names(visitor.get(reverse("resident:places"), {"q": query}))


def test_nothing_fits_offers_the_way_back(small_district: SmallDistrict, visitor: Client) -> None:
    page = visitor.get(reverse("resident:places"), {"q": "没有这个地方"}).content.decode()

    assert "没有地方同时符合" in page
    assert f'href="{reverse("resident:places")}"' in page


def test_list_has_pages(small_district: SmallDistrict, visitor: Client) -> None:
    visitor.cookies["lianxin-mode"] = "elder"
    from lianxin.faces.resident.views import places as view

    before, view.A_PAGE_FOR_ELDERS = view.A_PAGE_FOR_ELDERS, 2
    try:
        second = visitor.get(reverse("resident:places"), {"page": "2"})
    finally:
        view.A_PAGE_FOR_ELDERS = before

    assert len(second.context["lines"]) == 2
    assert "page=3" in second.content.decode()


def test_map_comes_only_on_request(small_district: SmallDistrict, visitor: Client) -> None:
    assert "leaflet" not in visitor.get(reverse("resident:places")).content.decode()
    assert "leaflet" in visitor.get(reverse("resident:places_map")).content.decode()


def test_place_page_marks_today(small_district: SmallDistrict, visitor: Client) -> None:
    page = visitor.get(reverse("resident:place", args=[small_district.centre.pk]))

    marked = [on for _day, on, _hours, is_today, _reason in page.context["week"] if is_today]
    assert marked == [small_district.today]
    assert "本周开放时间" in page.content.decode()


def test_exception_stands_beside_its_day(small_district: SmallDistrict, visitor: Client) -> None:
    today = small_district.today
    add_opening_exception(
        actor=SYSTEM, venue=small_district.centre.pk, first_on=today, last_on=today, reason="消防演练", at=now()
    )

    page = visitor.get(reverse("resident:place", args=[small_district.centre.pk]))

    assert "消防演练" in page.content.decode()
    assert page.context["opening"].label != "正在开放"


def test_closed_place_is_missing(small_district: SmallDistrict, visitor: Client) -> None:
    close_venue(actor=SYSTEM, venue=small_district.station.pk, reason="搬走", on=small_district.today, at=now())

    assert visitor.get(reverse("resident:place", args=[small_district.station.pk])).status_code == 404
    assert visitor.get(reverse("resident:place", args=[uuid4()])).status_code == 404


def test_text_to_pass_on_is_whole(small_district: SmallDistrict, visitor: Client) -> None:
    page = visitor.get(reverse("resident:place_share", args=[small_district.centre.pk]))

    text = page.context["text"]
    assert small_district.centre.name in text
    assert small_district.centre.phone in text
    assert reverse("resident:place", args=[small_district.centre.pk]) in text


def test_poster_carries_a_code(small_district: SmallDistrict, visitor: Client) -> None:
    page = visitor.get(reverse("resident:place_poster", args=[small_district.centre.pk])).content.decode()

    assert "<svg" in page
    assert small_district.centre.name in page


def test_village_shows_its_produce_with_the_growers_phone(small_district: SmallDistrict, visitor: Client) -> None:
    village = small_district.jinzhou_village

    listed = visitor.get(reverse("resident:produce_of", args=[village.pk]))
    one = listed.context["produce"][0]
    page = visitor.get(reverse("resident:produce", args=[one.id])).content.decode()

    assert one.grower_phone
    assert f"tel:{one.grower_phone}" in page


def test_rare_character_goes_through_page_and_search(small_district: SmallDistrict, visitor: Client) -> None:
    centre = small_district.centre
    edit_venue(actor=SYSTEM, venue=centre.pk, values={"name": "莫𡐓村党群服务中心"}, at=now())

    page = visitor.get(reverse("resident:places"), {"q": "莫𡐓"})

    assert names(page) == ["莫𡐓村党群服务中心"]
    assert "莫𡐓村" in page.content.decode()
