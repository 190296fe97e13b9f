"""The district's pages at a city: pillars, pilots, fairness and the wall screen, made of what districts handed up."""

from __future__ import annotations

import re
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from django.urls import NoReverseMatch, reverse
from openpyxl import load_workbook

from lianxin.domain.places.models import Division
from lianxin.domain.reporting.commands.walls import make_wall
from lianxin.domain.reporting.models import DistrictFeed
from lianxin.insight import figures, periods
from lianxin.insight.areas import find_area, whole
from lianxin.platform import clock, scope
from lianxin.platform.actors import Actor
from lianxin.platform.errors import Invalid

from .test_upper_pages import MOST_QUERIES, Get, counted, get, links  # noqa: F401

SYSTEM = Actor.system(via="cli")
HTMX = {"HX-Request": "true"}


@pytest.fixture
def month(get: Get) -> periods.Period:  # noqa: F811
    """Give the last whole month."""
    return periods.month_of(clock.local_day(clock.now())).before()


def first(level: str, above: Division | None = None) -> Division:
    """Give the first division of a level."""
    with scope.everything():
        found = Division.objects.filter(level=level).order_by("code")
        row = (found.filter(parent=above) if above else found).first()
    assert row
    return row


def value(name: str, period: periods.Period, place: Any = None) -> int:
    """Give a figure as every other page reads it."""
    with scope.everything():
        on = period.last_on
        area = find_area(place, actor=SYSTEM, on=on) if place else whole(SYSTEM, on=on)
        return figures.values([name], period=period, area=area)[name]


def test_pillars_and_fairness_of_a_city_are_its_figures_and_lead_down(get: Get, month: periods.Period) -> None:  # noqa: F811
    district = first("district")
    office = first("subdistrict", district)
    community = first("community", office)

    for place in ("", str(district.pk), district.code, str(office.pk), str(community.pk)):
        page, queries = counted(get, f"/district/pillars/?period={month.text}&place={place}")
        found = {one.measure.name: (one, url) for block in page.context["blocks"] for one, url in block.figures}
        one, url = found["person_times"]
        assert one.value == value("person_times", month, place) > 0
        assert (f"place={district.pk}" in url) == (place in (str(district.pk), district.code))
        assert queries <= MOST_QUERIES, (place, queries)

    whole_city, queries = counted(get, f"/district/fairness/?period={month.text}")
    rows = whole_city.context["table"].page.object_list
    assert queries <= MOST_QUERIES
    assert len(rows) == DistrictFeed.objects.count()
    assert sum(row.quantity for row in rows) == value("person_times", month)
    assert sum(row.residents for row in rows) == value("residents", month)
    assert any(f"/district/fairness/?place={district.pk}" in link for link in links(whole_city))

    page, queries = counted(get, f"/district/fairness/?period={month.text}&place={district.pk}")
    rows = page.context["table"].page.object_list
    assert queries <= MOST_QUERIES
    assert len(rows) == 4
    assert sum(row.quantity for row in rows) == value("person_times", month, district.pk)
    base = DistrictFeed.objects.get(district_id=district.pk).base_url
    assert f"{base}/district/figures/person_times/?period={month.text}&place={community.code}" in links(page)
    book = load_workbook(BytesIO(get(f"/district/fairness/export/?period={month.text}").content))
    assert len(list(book.worksheets[0].iter_rows())) >= 1 + DistrictFeed.objects.count()
    assert get(f"/district/fairness/print/?period={month.text}").status_code == 200


def test_pilots_of_a_city_are_those_that_districts_read_off(get: Get, month: periods.Period) -> None:  # noqa: F811
    district = first("district")

    page, queries = counted(get, f"/district/pilots/?period={month.text}")
    own, own_queries = counted(get, f"/district/pilots/?period={month.text}&place={district.pk}")

    pilots = value("pilot_communities", month)
    assert len(page.context["pilots"].communities) == pilots > 0
    assert sum(row.pilots for row in page.context["districts"]) == pilots
    assert len(own.context["communities"]) == value("pilot_communities", month, district.pk)
    beside = {measure.name: row for measure, row, _url in page.context["beside"]}["person_times"]
    assert beside.pilots + beside.others == value("person_times", month)
    assert max(queries, own_queries) <= MOST_QUERIES, (queries, own_queries)


def test_a_year_before_of_which_nothing_is_held_is_not_compared(get: Get) -> None:  # noqa: F811
    today = clock.local_day(clock.now())

    page = get(f"/district/pillars/?period={today.year}")

    assert len(page.context["new"]) == DistrictFeed.objects.count()
    assert {one.change for block in page.context["blocks"] for one, _url in block.figures} == {None}
    assert "Nothing is set beside the year before" in page.content.decode()


def test_figures_that_did_not_come_yet_are_named_on_every_page(get: Get, month: periods.Period) -> None:  # noqa: F811
    late = DistrictFeed.objects.order_by("code").last()
    assert late
    DistrictFeed.objects.filter(pk=late.pk).update(held_until_on=month.from_on)

    for name in ("pillars", "pilots", "fairness"):
        page = get(f"/district/{name}/?period={month.text}")
        assert [one.feed.name for one in page.context["lacking"]] == [late.name], name
        assert "Figures of 1 district are not all here yet" in page.content.decode()
    DistrictFeed.objects.update(held_until_on=clock.local_day(clock.now()))
    assert get(f"/district/pillars/?period={month.text}").context["lacking"] == []


def test_wall_of_a_city_sets_districts_side_by_side_and_says_what_is_late(get: Get) -> None:  # noqa: F811
    district = first("district")
    late = DistrictFeed.objects.order_by("code").last()
    assert late
    made = make_wall(actor=SYSTEM, name="大厅", subdistrict=district.pk, at=clock.now())
    everything = make_wall(actor=SYSTEM, name="大厅", at=clock.now())

    page, queries = counted(get, "/district/wall/")
    hung = Client().get(reverse("district:wall_hung", args=[everything.secret]))  # type: ignore[attr-defined]
    own = Client().get(reverse("district:wall_hung_part", args=[made.secret]), headers=HTMX)  # type: ignore[attr-defined]

    assert queries <= MOST_QUERIES, queries
    feeds = DistrictFeed.objects.count()
    numbers = page.context["numbers"]
    assert (len(numbers), numbers[0].number, numbers[0].of) == (8, feeds - 1, feeds)
    assert [bar.late for bar in page.context["pages"][0]] == [False] * (feeds - 1) + [True]
    assert any(line.startswith(late.name) for line in page.context["lines"])
    assert re.search(rf'href="/district/figures/person_times/[^"]*place={district.pk}', page.content.decode())
    assert {one.url for one in hung.context["numbers"]} == {""}
    assert b'href="/district' not in hung.content
    assert own.context["area"] == district.short_name
    assert len(own.context["pages"][0]) == Division.objects.filter(level="subdistrict", parent=district).count()
    assert b"<html" not in own.content


def test_a_screen_shows_a_district_that_hands_figures_up_and_no_part_of_it(get: Get) -> None:  # noqa: F811
    form = get("/district/walls/new/").context["form"]

    assert len(form.fields["subdistrict"].choices) == 1 + DistrictFeed.objects.count()
    with pytest.raises(Invalid):
        make_wall(actor=SYSTEM, name="大厅", subdistrict=first("subdistrict").pk, at=clock.now())


def test_pages_that_need_records_do_not_exist_at_a_city(get: Get) -> None:  # noqa: F811
    for address in ("today/late/all/", "reach/", "map/", "upgrades/progress/", "burden/", "requests/", "briefings/"):
        assert get(f"/district/{address}").status_code == 404, address
    for name in ("reach", "upgrade_progress", "burden", "requests", "briefings", "programmes"):
        with pytest.raises(NoReverseMatch):
            reverse(f"district:{name}")
    assert get("/district/pillars/?place=nowhere").status_code == 404
    assert get("/district/fairness/?place=440000000001").status_code == 404
