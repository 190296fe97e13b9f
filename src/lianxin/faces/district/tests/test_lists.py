"""Lists narrow, sort, cost the same for every size, and leave as workbooks and sheets with the same rows."""

import io

import openpyxl
import pytest
from django.urls import reverse
from python_calamine import CalamineWorkbook

from lianxin.domain.places.models import StandardItem
from lianxin.platform import clock, deployment, scope
from tests.support.district import SmallDistrict, build

LISTS = (
    "communities",
    "services",
    "use",
    "map",
    "centres",
    "upgrades",
    "programmes",
    "standards",
    "resources",
    "resource_categories",
    "needs",
    "need_categories",
    "need_reasons",
)
# Pages that read over all modules.
INSIGHT = ("standing", "pillars", "pilots", "reach", "fairness", "upgrade_progress", "wall", "walls")
MOST_QUERIES = 12
# Reading the scope of a subdistrict office costs one more, and how the district stands counts twelve things in all.
MOST_FOR_STANDING = 13


def most_for(name):
    return MOST_FOR_STANDING if name == "standing" else MOST_QUERIES


def rows_of(answer):
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0)
    return sheet.to_python()


@pytest.mark.parametrize("name", LISTS)
def test_every_list_leaves_as_a_workbook_and_as_a_sheet_of_paper(name, department):
    page = department.get(reverse(f"district:{name}"))
    book = department.get(reverse(f"district:{name}_export"))
    sheet = department.get(reverse(f"district:{name}_print"))

    title, _note, headings, *rows = rows_of(book)
    assert title[0] == page.context["caption"]
    assert [str(header.label) for header in page.context["table"].headers] == [h for h in headings if h]
    assert len(rows) == page.context["table"].count == sheet.context["table"].count
    assert "attachment" in book.headers["Content-Disposition"]


def test_a_workbook_holds_the_rows_of_the_page_in_its_order(department):
    query = {"sort": "-name"}

    page = department.get(reverse("district:communities"), query)
    book = openpyxl.load_workbook(io.BytesIO(department.get(reverse("district:communities_export"), query).content))

    shown = [(row.name, row.code, row.residents) for row in page.context["table"].rows]
    cells = list(book.active.iter_rows(min_row=4, values_only=True))
    assert [(row[0], row[1], row[5]) for row in cells] == shown
    assert all(isinstance(row[1], str) and len(row[1]) == 12 for row in cells)


def test_centres_are_narrowed_by_subdistrict_and_shortfall(department, small_district):
    address = reverse("district:centres")

    one = department.get(address, {"subdistrict": small_district.cuiying.parent_id}).context["table"].rows
    everything = department.get(address)
    by_group = {label: number for label, number, _url in everything.context["shortfalls"]}
    weak = department.get(address, {"shortfall": "weak"}).context["table"].rows

    assert [row.pk for row in one] == [small_district.centre.pk]
    assert len(weak) == by_group[StandardItem.Group.WEAK.label]


def test_a_filter_that_is_no_choice_is_left_out(department):
    answer = department.get(reverse("district:centres"), {"shortfall": "enormous", "standing": "'"})

    assert answer.status_code == 200
    assert answer.context["table"].count == 3


def test_the_map_lists_the_places_without_a_script(department, small_district):
    answer = department.get(reverse("district:map"), {"kind": "station"})

    names = [row.name for row in answer.context["table"].rows]
    assert small_district.station.name in names
    assert small_district.centre.name not in names
    assert small_district.station.name in answer.content.decode()


def test_positions_that_are_approximate_are_said_so(department):
    answer = department.get(reverse("district:map"))

    assert answer.context["approximate"] > 0
    assert "大致" in answer.content.decode()


def test_open_and_closed_places_make_up_all_places(department):
    address = reverse("district:map")

    counts = [department.get(address, {"open": word}).context["all"] for word in ("yes", "no", "")]

    assert counts[0] + counts[1] == counts[2]


def test_the_outline_may_be_kept_for_a_day(department):
    answer = department.get(reverse("district:outline"))

    assert answer.json()["type"] == "FeatureCollection"
    assert "max-age=86400" in answer.headers["Cache-Control"]


def test_upgrades_are_listed_by_state_in_tabs(department, small_district):
    address = reverse("district:upgrades")
    everything = department.get(address)
    states = {row.state for row in everything.context["table"].rows}

    for state in states:
        rows = department.get(address, {"state": state}).context["table"].rows
        assert {row.state for row in rows} == {state}
    assert sum(tab[3] for tab in everything.context["tabs"][1:]) == everything.context["tabs"][0][3]


@pytest.mark.parametrize("role", ["district", "xinjin"])
@pytest.mark.parametrize("name", ["overview", "help", *LISTS, "divisions", *INSIGHT])
def test_a_page_costs_few_queries(name, role, client, small_district, django_assert_max_num_queries):
    small_district.log_in(client, role)
    client.get(reverse("district:overview"))

    with django_assert_max_num_queries(most_for(name)):
        client.get(reverse(f"district:{name}"))


@pytest.mark.parametrize("query", [{"shortfall": "weak"}, {"open": "yes"}, {"category": "A01", "kind": "centre"}])
def test_a_narrowed_map_costs_few_queries(query, department, django_assert_max_num_queries):
    department.get(reverse("district:overview"))

    with django_assert_max_num_queries(MOST_QUERIES):
        department.get(reverse("district:map"), query)


@pytest.mark.parametrize("kind", ["venue", "upgrade", "upgrade_history", "programme", "programme_comparison"])
def test_a_record_costs_few_queries(kind, department, small_district, django_assert_max_num_queries):
    model = {"venue": "Venue", "upgrade": "Upgrade", "upgrade_history": "Upgrade"}.get(kind, "Programme")
    record = small_district.first(f"places.{model}")
    department.get(reverse("district:overview"))

    with django_assert_max_num_queries(MOST_QUERIES):
        department.get(reverse(f"district:{kind}", args=[record.pk]))


def test_thirty_communities_cost_no_more_queries_than_three(db, client, django_assert_max_num_queries):
    deployment.forget()
    today = clock.local_day(clock.now())
    with scope.everything():
        build(today=today, residents=600, communities=30)
    SmallDistrict(today=today).log_in(client, "district")
    client.get(reverse("district:overview"))

    for name in ("overview", "help", *LISTS, "divisions", *INSIGHT):
        with django_assert_max_num_queries(most_for(name)):
            answer = client.get(reverse(f"district:{name}"))
        assert answer.status_code == 200
    deployment.forget()
    assert client.get(reverse("district:communities")).context["table"].count == 30
