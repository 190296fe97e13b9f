"""Figures open down to their records; what is asked wrongly is told, what is foreign is not there."""

import io
import re
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import openpyxl
import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from lianxin.domain.activities.models import Attendance
from lianxin.faces.kit.record_pages import PAGES, WITHOUT_PAGE, address_of, addresses_of
from lianxin.insight import records
from lianxin.insight.catalogue import list_measures, topics
from lianxin.insight.opening import OpenedRow
from lianxin.platform import scope
from lianxin.platform.ids import new_id
from lianxin.platform.models import Fact, FactPending
from tests.support.activities import make_activity_object
from tests.support.walk import objects_of_jinzhou

MOST_QUERIES = 12
FIGURE = "person_times"


@pytest.fixture
def year(small_district):
    """A stretch of a year in which people came to two communities, on several days, for two kinds of service."""
    today = small_district.today
    home = small_district.first("people.Household", community=small_district.cuiying)
    came = make_activity_object("attendance", community=small_district.cuiying.pk, household=home.pk)
    with scope.everything():
        person = small_district.first("people.Person", household=home)
        Attendance.objects.filter(pk=came).update(person=person)
        for n in range(62):
            place = small_district.jinzhou_village if n % 8 == 7 else small_district.cuiying
            # One record is real and the newest, of whose day there are most.
            on = today - timedelta(days=3 if n < 20 else n * 5)
            fact = Fact.objects.create(
                occurred_on=on, recorded_at=at_noon(on), community_id=place.pk, measure=FIGURE,
                category="A01" if n % 3 else "F04", quantity=1, record_kind="activities.attendance",
                record_id=new_id() if n else came,
            )  # fmt: skip
            FactPending.objects.create(fact_id=fact.pk)
    return f"{(today - timedelta(days=364)).isoformat()}..{today.isoformat()}"


def at_noon(day):
    return datetime(day.year, day.month, day.day, 4, tzinfo=UTC)


def page_of(client, name=FIGURE, **asked):
    return client.get(reverse("district:figure", args=[name]), asked)


def charts_of(page):
    return dict(page.context["charts"])


def values_of(chart):
    return dict(zip((str(p.label) for p in chart.points), chart.series[0].values, strict=True))


def value_of(page):
    return page.context["numbers"].compared.value


def test_a_figure_leads_down_to_its_records_and_says_the_same_on_every_step(department, small_district, year):
    whole = page_of(department, period=year)
    by_place = charts_of(whole)["按地方看"]
    steps = [value_of(whole)]

    assert sum(by_place.series[0].values) == steps[0] > 0
    for point, value in zip(by_place.points, by_place.series[0].values, strict=True):
        assert value_of(department.get(point.url)) == value
    subdistrict = department.get(max(zip(by_place.series[0].values, by_place.points, strict=True), key=first)[1].url)
    chart = charts_of(subdistrict)["按地方看"]
    community = department.get(max(zip(chart.series[0].values, chart.points, strict=True), key=first)[1].url)
    months = charts_of(community)["按时间看"]
    assert sum(months.series[0].values) == value_of(community)
    days = charts_of(community)["逐日看"]
    day = department.get(max(zip(days.series[0].values, days.points, strict=True), key=first)[1].url)
    opened = department.get(day.context["records_url"])
    assert opened.context["table"].count == value_of(day) == max(days.series[0].values) > 0
    real = [row for row in opened.context["table"].rows if row.url]
    assert [department.get(row.url).status_code for row in real] == [200]
    assert "*" in real[0].note


def first(pair):
    return pair[0]


def test_every_figure_has_a_page_and_its_records_without_many_queries(department, small_district, year):
    small_district.log_in(department, "district")
    department.get(reverse("district:figures"))
    slow = []
    for measure in list_measures():
        with CaptureQueriesContext(connection) as asked:
            page = page_of(department, measure.name, period=year)
        assert page.status_code == 200, measure.name
        slow += [(measure.name, len(asked))] if len(asked) > MOST_QUERIES else []
        if page.context["records_url"]:
            listed = department.get(page.context["records_url"])
            assert listed.status_code == 200, measure.name
            assert listed.context["opened"].total == value_of(page), measure.name

    assert not slow


@pytest.mark.parametrize("who", ["district", "xinjin", "cuiying1"])
def test_every_chapter_of_the_catalogue_opens_for_every_office(small_district, client, who):
    small_district.log_in(client, who)
    client.get(reverse("district:figures"))
    for topic in topics():
        with CaptureQueriesContext(connection) as asked:
            page = client.get(reverse("district:figures"), {"topic": topic.code})
        shown = [card["url"] for _topic, cards in page.context["topics"] for card in cards]
        assert len(shown) == len(topic.measures)
        assert len(asked) <= MOST_QUERIES, topic.code
    assert client.get(shown[0]).status_code == 200


def test_the_catalogue_says_the_numbers_of_the_figures_pages(department, year):
    page = department.get(reverse("district:figures"), {"topic": "activities", "period": year})

    for _topic, cards in page.context["topics"]:
        for card in cards:
            opened = department.get(card["url"])
            assert f"{value_of(opened):,}" == card["number"], card["label"]
            assert parse_qs(urlsplit(card["url"]).query)["period"] == [year]


def test_search_finds_figures_by_word_and_by_name(department):
    by_word = department.get(reverse("district:figures"), {"q": "志愿"})
    by_name = department.get(reverse("district:figures"), {"q": "person_times"})
    nothing = department.get(reverse("district:figures"), {"q": "没有这个"})

    assert len(by_word.context["topics"][0][1]) > 2
    assert "人次" in by_name.content.decode()
    assert "没有叫这个名字的数字" in nothing.content.decode()


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"period": "2024-13"}, "2024-13"),
        ({"period": "2024-02-30"}, "2024-02-30"),
        ({"period": "去年夏天"}, "2024-W30"),
        ({"period": "2024-07-02..2024-07-01"}, "2024-07-02..2024-07-01"),
        ({"period": "3024"}, "3024"),
        ({"first": "2024-07-02"}, "2024-07-02"),
        ({"place": "火星"}, "火星"),
    ],
)
def test_what_cannot_be_answered_is_said_with_what_was_typed(department, asked, words):
    for address in (reverse("district:figures"), reverse("district:figure", args=[FIGURE])):
        page = department.get(address, asked)
        body = page.content.decode()
        assert page.status_code == 422
        assert words in body
        assert re.search(r'class="error|field-wrong', body)


def test_place_is_found_by_its_name_and_two_of_one_name_are_told_apart(department, small_district, year):
    found = page_of(department, period=year, place="翠英")
    two = page_of(department, period=year, place="金洲")

    assert found.context["asked"].area.id == small_district.cuiying.pk
    assert two.status_code == 422


def test_foreign_places_do_not_exist_and_nobody_else_sees_figures(small_district, community_office, client, year):
    foreign = small_district.jinzhou_village.pk
    own = page_of(community_office, period=year)
    assert own.context["asked"].area.id == small_district.cuiying.pk
    assert value_of(own) == value_of(page_of(community_office, period=year, place=small_district.cuiying.pk))
    for name in ("district:figure", "district:figure_records", "district:figure_records_export"):
        assert community_office.get(reverse(name, args=[FIGURE]), {"place": foreign}).status_code == 404
    assert community_office.get(reverse("district:figures"), {"place": foreign}).status_code == 404
    assert client.get(reverse("district:figures")).status_code == 302
    for who in ("host", "volunteer", "system"):
        small_district.log_in(client, who)
        assert client.get(reverse("district:figures")).status_code == 404
        assert page_of(client).status_code == 404


def test_unknown_figure_is_not_there(department):
    assert page_of(department, "person_timez").status_code == 404


def test_records_are_given_as_a_workbook_and_as_a_sheet_as_they_are_seen(department, small_district, year):
    asked = {"period": year, "place": str(small_district.cuiying.pk)}
    listed = department.get(reverse("district:figure_records", args=[FIGURE]), asked)
    book = department.get(reverse("district:figure_records_export", args=[FIGURE]), asked)
    sheet = department.get(reverse("district:figure_records_print", args=[FIGURE]), asked)

    rows = list(openpyxl.load_workbook(io.BytesIO(book.content)).active.values)
    titles = [row.title for row in listed.context["table"].rows]
    assert sum(1 for row in rows if row[2] in titles) == listed.context["table"].count
    assert sheet.content.decode().count("<tr>") == listed.context["table"].count + 1


def test_pages_of_records_are_cut_and_a_wrong_number_is_the_nearest(department, year):
    address = reverse("district:figure_records", args=[FIGURE])
    one = department.get(address, {"period": year})
    pages = one.context["table"].page.paginator.num_pages
    last = department.get(address, {"period": year, "page": pages})

    assert pages > 1
    assert len(one.context["table"].rows) == 50
    assert len(last.context["table"].rows) == one.context["table"].count - 50 * (pages - 1)
    for wrong in ("9999", "0", "x"):
        assert department.get(address, {"period": year, "page": wrong}).status_code == 200


def test_records_of_a_category_are_those_of_the_chart(department, year):
    chart = charts_of(page_of(department, period=year))["按类别看"]
    value, point = max(zip(chart.series[0].values, chart.points, strict=True), key=first)

    listed = department.get(point.url)

    assert listed.context["opened"].total == value
    assert str(point.label) in listed.content.decode()


def test_running_period_is_compared_with_as_many_days(department, small_district):
    page = page_of(department, period=str(small_district.today.year))
    asked = page.context["asked"]

    assert asked.so_far.until_on == small_district.today + timedelta(days=1)
    assert asked.beside()[0].days == asked.so_far.days
    assert "还没结束" in page.content.decode()


def test_every_kind_of_record_has_a_page_or_needs_none():
    pages = {reading.page for reading in records.READINGS.values()} | {"points.passbook"}

    assert pages - {""} <= set(PAGES)
    assert {kind for kind, reading in records.READINGS.items() if not reading.page} <= WITHOUT_PAGE


@pytest.mark.parametrize("who", ["jinzhou.waisha1", "district"])
def test_a_record_of_each_kind_leads_to_a_page_that_opens(small_district, client, who):
    objects_of_jinzhou(small_district)
    actor = small_district.actor(who)
    small_district.log_in(client, who)
    rows = []
    with scope.within(frozenset({small_district.jinzhou_village.pk})):
        for kind in sorted(records.kinds()):
            row = apps.get_model(kind)._default_manager.order_by("pk").last()
            rows += [OpenedRow(kind, row.pk, small_district.today, 1, None)] if row is not None else []
    found = addresses_of(rows, actor)
    named = {row.record_kind: records.titles(row.record_kind, [row.record_id], actor) for row in rows}

    assert {one.record_kind for one in rows if one.record_id in found} >= {
        "activities.attendance", "activities.occurrence", "bookings.bookingtime", "needs.needreport",
        "places.visitcount", "shop.redemption", "voice.casereport", "voice.meeting",
        "resources.promise", "projects.project",
    }  # fmt: skip
    assert [address for address in found.values() if client.get(address).status_code != 200] == []
    assert not [kind for kind, titles in named.items() if not titles and kind in SHOWN]


SHOWN = {kind for kind in records.kinds() if kind.split(".")[0] in ("activities", "voice", "needs", "resources")}


def test_a_record_leads_nowhere_for_strangers_and_for_helpers(small_district):
    home = small_district.first("people.Household", community=small_district.jinzhou_village)
    made = make_activity_object("attendance", community=small_district.jinzhou_village.pk, household=home.pk)
    kind = "activities.attendance"

    assert address_of(kind, made, actor=small_district.actor("district"))
    assert address_of(kind, made, actor=small_district.actor("cuiying1")) is None
    assert address_of(kind, made, actor=small_district.actor("volunteer")) is None
