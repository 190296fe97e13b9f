"""Pages of a city: every number opens, twelve queries at most, and nothing of a district has an address there."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import clear_url_caches, get_resolver
from django.utils import translation

from lianxin.domain.people.models import Account
from lianxin.domain.places.models import Division
from lianxin.domain.reporting.models import DistrictFeed, LevelReading
from lianxin.domain.reporting.sample.upper import build_upper
from lianxin.faces.district.figure_words import category_names
from lianxin.faces.entrance.session import BACKEND, SEEN
from lianxin.platform import clock, deployment, scope, tallies
from lianxin.platform.models import NO_VENUE

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


@dataclass(frozen=True)
class Places:
    """One place of each level, and the address of the district's own program."""

    district: Division
    office: Division
    community: Division
    base_url: str


@pytest.fixture
def places(get: Get) -> Places:
    """Give the first district with its first subdistrict, and the first community of that."""
    with scope.everything():
        district = Division.objects.filter(level="district").order_by("code")[0]
        office = Division.objects.filter(level="subdistrict", parent=district).order_by("code")[0]
        community = Division.objects.filter(level="community", parent=office).order_by("code")[0]
    return Places(district, office, community, DistrictFeed.objects.get(code=district.code).base_url)


def last_month() -> str:
    """Write the last whole month as addresses do."""
    return f"{clock.local_day(clock.now()).replace(day=1) - timedelta(days=1):%Y-%m}"


def figure(name: str, place: Division | None = None, period: str = "") -> str:
    """Give the address of a figure of the last month."""
    asked = f"/district/figures/{name}/?period={period or last_month()}"
    return asked if place is None else f"{asked}&place={place.pk}"


def points(answer: Any, title: str) -> dict[str, tuple[str, float | None]]:
    """Give what a chart of a page shows: by name, the address it opens and its value."""
    chart = dict(answer.context["charts"])[title]
    values = chart.series[0].values
    return {str(one.label): (one.url, value) for one, value in zip(chart.points, values, strict=True)}


def test_every_page_leads_down_in_few_queries(get: Get, places: Places) -> None:
    month, district, office = last_month(), places.district, places.office

    for address, leads_to in (
        ("/district/", f"&place={district.pk}"),
        (f"/district/?period={month}&place={district.pk}", f"/district/?period={month}&place={office.pk}"),
        (f"/district/?period={month}&place={office.pk}", f"{places.base_url}/district/figures/"),
        (f"/district/?period={month}&place={places.community.pk}", f"{places.base_url}/district/figures/"),
        (figure("visits"), f"place={district.pk}"),
        (figure("visits", district), f"place={office.pk}"),
        (figure("visits", office), f"&place={places.community.code}"),
        (figure("visits", places.community), f"{places.base_url}/district/figures/visits/?period={month}"),
        (figure("person_times", district, "2026"), f"place={office.pk}"),
        (figure("residents"), f"place={district.pk}"),
        (figure("categories", district, "2026"), f"place={office.pk}"),
        (figure("pilot_volunteer_person_times"), f"place={district.pk}"),
        (figure("pilot_volunteer_person_times", office), f"place={district.pk}"),
        ("/district/figures/", "/district/figures/centres/"),
        (f"/district/figures/?topic=activities&place={office.pk}", "/district/figures/occurrences_held/"),
        (f"/district/figures/?topic=volunteering&period={month}", "/district/figures/pilot_volunteer_person_times/"),
        ("/district/figures/?q=person-times", "/district/figures/person_times/"),
        ("/district/divisions/?q=4405", f"/district/divisions/{district.pk}/"),
        (f"/district/divisions/{district.pk}/", f"place={district.pk}"),
        ("/district/feeds/", f"/district/?place={district.pk}"),
    ):
        answer, queries = counted(get, address)
        assert answer.status_code == 200, address
        assert any(leads_to in link for link in links(answer)), (address, leads_to)
        assert queries <= MOST_QUERIES, (address, queries)


def test_a_figure_is_the_districts_own_page_and_its_parts_make_up_the_whole(get: Get, places: Places) -> None:
    whole, district, office = (get(figure("visits", one)) for one in (None, places.district, places.office))

    for page in (whole, district, office):
        assert page.templates[0].name == "district/figures/figure.html"
        by_place, by_day = points(page, "By place"), points(page, "By time")
        assert {"By place, per 1,000 residents"} <= dict(page.context["charts"]).keys()
        assert (
            sum(value or 0 for _url, value in by_place.values())
            == sum(value or 0 for _url, value in by_day.values())
            == page.context["numbers"].compared.value
            > 0
        )
        assert not [link for link in links(page) if "/records/" in link]
    assert get("/district/figures/").templates[0].name == "district/figures/catalogue.html"
    # A city has no table of categories: they have the names that the program ships.
    english = points(get(figure("occurrences_held")), "By category")
    with translation.override("zh-hans"):
        chinese = category_names(["A01"])["A01"]
    assert not {"A01", chinese} & english.keys()
    assert re.search(r"[一-鿿]", chinese)
    assert {url for url, _value in english.values()} == {""}
    rates = points(district, "By place, per 1,000 residents")
    residents = points(get(figure("residents", places.district)), "By place")
    visits = points(district, "By place")
    assert {name: value and round(value, 6) for name, (_url, value) in rates.items()} == {
        name: round(1000 * value / (residents[name][1] or 0), 6) for name, (_url, value) in visits.items() if value
    }


def test_a_community_opens_at_its_district_with_period_and_code(get: Get, places: Places) -> None:
    code = places.community.code
    there = f"{places.base_url}/district/figures/visits/?period={last_month()}&place={code}"
    office, community = get(figure("visits", places.office)), get(figure("visits", places.community))

    assert there in {url for url, _value in points(office, "By place").values()}
    assert f'href="{html.escape(there)}" rel="noopener"' in office.content.decode()
    assert community.context["opens_at"] == there
    body = community.content.decode()
    assert "The records stay in the district. There you log in with the district" in body
    crumbs = [label for label, _url in community.context["crumbs"]]
    assert crumbs[2:4] == [places.district.official_name, places.office.official_name]
    assert get(figure("visits")).context["opens_at"] == ""


def test_levels_and_what_is_counted_once_are_as_the_districts_read_them(get: Get, places: Places) -> None:
    readings = LevelReading.objects.filter(area_id=places.district.pk)
    stood = readings.filter(measure="residents", span="D", read_on__lt=clock.local_day(clock.now()).replace(day=1))
    once = readings.get(measure="categories", span="M", read_on=f"{last_month()}-01")
    level, distinct = get(figure("residents", places.district)), get(figure("categories", places.district))
    some_days = get(figure("categories", places.district, f"{last_month()}-03..{last_month()}-09"))

    last = stood.order_by("-read_on")[0].value
    assert level.context["numbers"].compared.value == last
    assert sum(value or 0 for _url, value in points(level, "By place").values()) == last
    assert distinct.context["numbers"].compared.value == once.value
    assert not distinct.context["is_of_months"]
    assert some_days.context["numbers"].compared.value == once.value
    assert "the largest of their months stands here" in some_days.content.decode()


def test_a_figure_in_the_pilots_counts_the_communities_last_read_as_pilots(get: Get, places: Places) -> None:
    LevelReading.objects.filter(measure="pilot_communities").exclude(area_id=places.community.pk).update(value=0)
    LevelReading.objects.filter(measure="pilot_communities", area_id=places.community.pk).update(value=1)
    on = clock.local_day(clock.now()).replace(day=1) - timedelta(days=3)
    before = get(figure("volunteer_person_times")).context["numbers"].compared.value
    for many, place in ((9, places.community), (5, Division.objects.filter(level="community").order_by("-code")[0])):
        district = place.parent.parent.pk  # type: ignore[union-attr]
        tallies.add({("volunteer_person_times", place.pk, on, NO_VENUE, ""): many}, wider={place.pk: district})

    whole, everybody = get(figure("pilot_volunteer_person_times")), get(figure("volunteer_person_times"))

    assert whole.context["numbers"].compared.value == 9
    assert points(whole, "By place")[places.district.official_name][1] == 9
    assert everybody.context["numbers"].compared.value == before + 14


def test_what_cannot_be_answered_is_said_in_a_sentence(get: Get) -> None:
    for page in ("/district/", "/district/figures/", "/district/figures/visits/"):
        nowhere, never = get(f"{page}?place=火星"), get(f"{page}?period=2026-13")
        foreign = get(f"{page}?place=00000000-0000-4000-8000-000000000000")

        assert (nowhere.status_code, never.status_code, foreign.status_code) == (422, 422, 404)
        assert "No place “火星” is known here." in nowhere.content.decode()
        assert "2026-13" in never.content.decode()


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
    assert get("/district/figures/visits/records/").status_code == 404


def test_only_the_department_reads_figures(get: Get) -> None:
    stranger = Client()
    administrator = Client()
    administrator.force_login(Account.objects.get(login_name="security"), backend=BACKEND)
    session = administrator.session
    session[SEEN] = clock.now().isoformat()
    session.save()

    assert stranger.get("/district/").status_code == 302
    assert administrator.get("/district/").status_code == 404
    assert administrator.get("/district/figures/visits/").status_code == 404
    rights = administrator.get("/staff/settings/rights/").content.decode()
    assert ("市级工作人员" in rights, "区级工作人员" in rights) == (True, False)
