"""Pages of a city: every number opens, twelve queries at most, and nothing of a district has an address there."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import clear_url_caches, get_resolver

from lianxin.domain.people.models import Account
from lianxin.domain.places.models import Division
from lianxin.domain.reporting.models import DistrictFeed
from lianxin.domain.reporting.sample.upper import build_upper
from lianxin.faces.entrance.session import BACKEND, SEEN
from lianxin.platform import clock, deployment, scope

MOST_QUERIES = 12
Get = Callable[[str], Any]


@pytest.fixture
def get(db: None, settings: Any) -> Iterator[Get]:
    """Give a reader of a sample city of three districts."""
    settings.LEVEL = "city"
    settings.ROOT_URLCONF = "lianxin.config.upper_urls"
    clear_url_caches()
    at = clock.now()
    deployment.forget()
    build_upper(
        at=at,
        today=clock.local_day(at),
        seed=7,
        districts=3,
        communities=4,
        days=70,
        tell=lambda _part, _share: None,
    )
    client = Client()
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    client.force_login(Account.objects.get(login_name="city"), backend=BACKEND)
    session = client.session
    session[SEEN] = at.isoformat()
    session.save()
    yield client.get
    clear_url_caches()
    deployment.forget()


def counted(get: Get, address: str) -> tuple[Any, int]:
    """Give a page as it answers the second time, and how many queries that took."""
    get(address)
    with CaptureQueriesContext(connection) as queries:
        answer = get(address)
    return answer, len(queries)


def links(answer: Any) -> list[str]:
    """Give the addresses to which a page leads."""
    return [html.unescape(found) for found in re.findall(r'href="([^"]+)"', answer.content.decode())]


def test_every_number_leads_down_to_the_district_in_few_queries(get: Get) -> None:
    with scope.everything():
        district = Division.objects.filter(level="district").order_by("code").first()
        office = Division.objects.filter(level="subdistrict", parent=district).order_by("code").first()
        community = Division.objects.filter(level="community", parent=office).order_by("code").first()
    assert district
    assert office
    assert community
    month = f"{clock.local_day(clock.now()).replace(day=1) - timedelta(days=1):%Y-%m}"

    for address, leads_to in (
        ("/district/", f"/district/?place={district.pk}"),
        (f"/district/?period={month}&place={district.pk}", f"/district/?place={office.pk}"),
        (f"/district/figures/visits/?period={month}", f"place={district.pk}"),
        (f"/district/figures/visits/?period={month}&place={district.pk}", f"place={office.pk}"),
        (f"/district/figures/visits/?period={month}&place={office.pk}", f"&place={community.code}"),
        (
            f"/district/figures/visits/?period={month}&place={community.pk}",
            f"{DistrictFeed.objects.get(code=district.code).base_url}/district/figures/visits/?period={month}",
        ),
        (f"/district/figures/person_times/?period={month}&place={district.code}", f"place={office.pk}"),
        (f"/district/figures/residents/?period={month}", f"place={district.pk}"),
        ("/district/figures/", "/district/figures/occurrences_held/"),
        ("/district/divisions/?q=4405", f"/district/divisions/{district.pk}/"),
        (f"/district/divisions/{district.pk}/", f"place={district.pk}"),
        ("/district/feeds/", f"/district/?place={district.pk}"),
    ):
        answer, queries = counted(get, address)
        assert answer.status_code == 200, address
        assert any(leads_to in link for link in links(answer)), (address, leads_to)
        assert queries <= MOST_QUERIES, (address, queries)


def test_district_that_is_late_is_named_with_its_last_day(get: Get) -> None:
    late = DistrictFeed.objects.order_by("code").last()
    assert late

    page = get("/district/").content.decode()

    assert "Figures that are not here yet" in page
    assert re.search(rf"{late.name}</a> · last figures of", page)


def test_nothing_of_a_district_has_an_address_at_a_city(get: Get) -> None:
    names = {name for name in get_resolver().reverse_dict if isinstance(name, str)}

    assert "login" in names
    for address in ("/staff/", "/staff/people/", "/api/v1/openapi.json", "/places/", "/me/", "/district/map/"):
        assert get(address).status_code == 404, address
    assert get("/").url == "/district/"
    assert get("/district/figures/nothing/").status_code == 404
    assert get("/district/?period=2026-13").status_code == 422
    assert get("/district/?place=nowhere").status_code == 404


def test_only_the_department_reads_figures(get: Get) -> None:
    stranger = Client()
    administrator = Client()
    administrator.force_login(Account.objects.get(login_name="security"), backend=BACKEND)
    session = administrator.session
    session[SEEN] = clock.now().isoformat()
    session.save()

    assert stranger.get("/district/").status_code == 302
    assert administrator.get("/district/").status_code == 404
    assert administrator.get("/staff/settings/").status_code == 200
