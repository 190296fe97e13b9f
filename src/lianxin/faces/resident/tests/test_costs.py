"""What a page costs: at most twelve queries, whatever the size; and how heavy it is on the line."""

from __future__ import annotations

import gzip
import re
from datetime import time

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from lianxin.domain.places.commands.rooms import add_rooms, set_amenities
from lianxin.domain.places.commands.services import add_services
from lianxin.domain.places.commands.venues import register_venue
from lianxin.domain.places.queries.services import page_public_services
from lianxin.platform.actors import Actor
from lianxin.platform.clock import now
from tests.support.district import SmallDistrict

MOST = 12
SYSTEM = Actor.system()
PUBLIC = (
    "home",
    "communities",
    "community",
    "places",
    "places_open",
    "place",
    "services",
    "week",
    "category",
    "service",
)
FIRST_LOAD, NEXT_PAGE = 60 * 1024, 15 * 1024


def address_of(name: str, district: SmallDistrict) -> str:
    """Where a page of this test is."""
    service = page_public_services(on=district.today, communities=[district.cuiying.pk]).services[0]
    return {
        "home": "/",
        "communities": reverse("resident:communities"),
        "community": reverse("resident:community", args=[district.jinzhou_village.pk]),
        "places": reverse("resident:places"),
        "places_open": reverse("resident:places") + "?open=on&q=cy&kind=centre",
        "place": reverse("resident:place", args=[district.centre.pk]),
        "services": reverse("resident:services"),
        "week": reverse("resident:services") + "?when=week",
        "category": reverse("resident:category", args=[service.category.code]) + "?where=all",
        "service": reverse("resident:service", args=[service.pk]),
        "search": reverse("resident:search") + "?q=jz",
    }[name]


def grow(district: SmallDistrict) -> None:
    """Put thirty stations beside the centre and forty services into it."""
    for number in range(30):
        register_venue(
            actor=SYSTEM,
            community=district.cuiying.pk,
            kind="station",
            station_type="park",
            name=f"第{number}号站",
            lng=district.centre.lng,
            lat=district.centre.lat,
            opened_on=district.today,
            at=now(),
        )
    category = page_public_services(on=district.today).services[0].category.code
    times = [(weekday, time(8), time(22), None) for weekday in range(7)]
    new = [{"name": f"第{number}项", "category": category, "times": times} for number in range(40)]
    add_services(actor=SYSTEM, venue=district.centre.pk, services=new, at=now())
    rooms = [{"kind": "reading", "name": f"{number}室"} for number in range(20)]
    add_rooms(actor=SYSTEM, venue=district.centre.pk, rooms=rooms, at=now())
    set_amenities(actor=SYSTEM, venue=district.centre.pk, amenities=[{"kind": "aed"}, {"kind": "wifi"}], at=now())


@pytest.mark.parametrize("name", [*PUBLIC, "search"])
def test_public_page_costs_the_same_at_any_size(
    small_district: SmallDistrict,
    resident: Client,
    name: str,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    address = address_of(name, small_district)
    resident.get(address)

    with django_assert_max_num_queries(MOST) as small:
        assert resident.get(address).status_code == 200
    grow(small_district)
    with django_assert_max_num_queries(MOST) as large:
        assert resident.get(address).status_code == 200

    assert len(large) <= len(small)


@pytest.mark.parametrize("name", ["me", "household", "card", "consents", "family", "family_new", "my_data", "phone"])
def test_own_page_costs_little(
    small_district: SmallDistrict,
    resident: Client,
    name: str,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    with django_assert_max_num_queries(MOST):
        assert resident.get(reverse(f"resident:{name}")).status_code == 200


def test_page_before_erasure_asks_each_module_once_or_twice(
    small_district: SmallDistrict, resident: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    """It tells what every module would do; the number grows with the modules, never with what somebody did."""
    with django_assert_max_num_queries(MOST + 8):
        assert resident.get(reverse("resident:erase")).status_code == 200


def assets_of(page: str) -> set[str]:
    """The files that a page asks for."""

    found = re.findall(r'(?:href|src)="/static/([^"#]+)(?:#[^"]*)?"', page)
    return set(found)


def weight(path: str) -> int:
    """How many bytes of a file go over the line."""
    found = finders.find(path)
    assert found, f"{path} is not there"
    with open(found, "rb") as file:
        return len(gzip.compress(file.read()))


@pytest.mark.parametrize("mode", ["normal", "elder"])
@pytest.mark.parametrize("name", [*PUBLIC, "search"])
def test_first_load_and_next_page_are_light(
    small_district: SmallDistrict, visitor: Client, name: str, mode: str
) -> None:
    assert "django.middleware.gzip.GZipMiddleware" in settings.MIDDLEWARE
    visitor.cookies["lianxin-mode"] = mode

    page = visitor.get(address_of(name, small_district)).content
    files = assets_of(page.decode())

    alone = len(gzip.compress(page))
    assert files
    assert alone <= NEXT_PAGE
    assert alone + sum(weight(path) for path in files) <= FIRST_LOAD
