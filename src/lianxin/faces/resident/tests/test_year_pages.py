"""The year together on anybody's phone: figures in words, years that cannot be, paper, and nobody compared."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from lianxin.domain.projects.models import Project
from lianxin.platform import scope, tallies
from lianxin.platform.clock import local_moment
from lianxin.platform.ids import new_id
from lianxin.platform.models import NO_VENUE
from tests.support.projects import make_projects_object

pytestmark = pytest.mark.django_db
YEAR, CODE = 2022, "440507004020"
MOST_QUERIES, MOST_BYTES = 30, 60 * 1024


@pytest.fixture
def told(small_district: Any) -> Any:
    """A year of 翠英 and its neighbours."""
    sums = {}
    for place, times in ((small_district.cuiying, 2), (small_district.jinzhou_town, 1)):
        for measure, count in (("occurrences_held", 12), ("person_times", 400), ("needs_heard", 30)):
            sums[(measure, place.pk, date(YEAR, 5, 6), NO_VENUE, "")] = count * times
    sums[("volunteer_person_times", small_district.cuiying.pk, date(YEAR, 5, 6), NO_VENUE, "")] = 3
    sums[("occurrences_held", small_district.cuiying.pk, date(YEAR - 1, 5, 6), NO_VENUE, "")] = 20
    with scope.everything(), transaction.atomic():
        tallies.add(sums)
    return small_district


def opened(path: str, *, status: int = 200, **cookies: str) -> str:
    client = Client()
    for name, value in {"lianxin_language": "en", **cookies}.items():
        client.cookies[name.replace("_", "-")] = value
    answer = client.get(path)
    assert answer.status_code == status
    return answer.content.decode()


def test_year_of_a_community_says_what_was_done_and_hides_few(told: Any) -> None:
    text = opened(reverse("resident:year_of", args=[YEAR, CODE]))

    assert "<strong>24</strong> <span>times</span>" in text
    assert "4 more than the year before" in text
    assert "<strong>800</strong>" in text
    assert "Neighbours who lent a hand" not in text
    assert "<strong>3</strong>" not in text
    assert len(text.encode()) < MOST_BYTES


def test_district_adds_up_and_names_no_community(told: Any) -> None:
    text = opened(reverse("resident:year", args=[YEAR]))

    assert "<strong>1,200</strong>" in text
    assert told.cuiying.short_name not in text
    assert told.jinzhou_town.short_name not in text


def test_elder_mode_shows_the_same_figures(told: Any) -> None:
    text = opened(reverse("resident:year_of", args=[YEAR, CODE]), lianxin_mode="elder")

    assert 'data-mode="elder"' in text
    assert "<strong>800</strong>" in text


@pytest.mark.parametrize("place", ["翠英社区", "翠英", "cuiying-id"])
def test_name_or_id_leads_to_the_address_with_the_code(place: str, told: Any) -> None:
    asked = str(told.cuiying.pk) if place == "cuiying-id" else place
    answer = Client().get(reverse("resident:year_of", args=[YEAR, asked]))

    assert answer.status_code == 302
    assert answer.url == reverse("resident:year_of", args=[YEAR, CODE])


def test_name_of_two_places_names_both_codes(told: Any) -> None:
    text = opened(reverse("resident:year_of", args=[YEAR, "金洲"]), status=422)

    assert told.jinzhou_town.code in text
    assert told.jinzhou_village.code in text


@pytest.mark.parametrize(
    ("year", "said"), [(2999, "has not come yet"), (99999, "has not come yet"), (1066, "from 2000")]
)
def test_year_that_cannot_be_gets_a_sentence(year: int, said: str, small_district: Any) -> None:
    assert said in opened(f"/year/{year}/", status=404)
    assert said in opened(f"/year/{year}/{CODE}/print/", status=404)


def test_place_that_nobody_knows_gets_a_sentence(small_district: Any) -> None:
    assert "No place" in opened(reverse("resident:year_of", args=[YEAR, "nowhere"]), status=404)


def test_year_without_records_says_so_and_offers_what_is_on(small_district: Any) -> None:
    text = opened(reverse("resident:year_of", args=[YEAR - 5, CODE]))

    assert "Nothing is on record of this year." in text
    assert reverse("resident:activities") in text


def test_list_of_years_has_the_own_community_first(told: Any) -> None:
    text = opened(reverse("resident:years"), lianxin_community=str(told.cuiying.pk))

    own, whole = (reverse("resident:year_of", args=[YEAR, CODE]), reverse("resident:year", args=[YEAR]))
    assert 0 < text.index(f'href="{own}"') < text.index(f'href="{whole}"')


def test_page_of_the_community_leads_to_its_last_whole_year(told: Any) -> None:
    address = reverse("resident:community_year", args=[told.cuiying.pk])
    answer = Client().get(address)

    assert address in opened(reverse("resident:community", args=[told.cuiying.pk]))
    assert answer.status_code == 302
    year = int(answer.url.split("/")[2])
    assert YEAR <= year <= told.today.year
    assert Client().get(answer.url).status_code == 200


def test_what_was_asked_for_and_done_is_told_with_a_link(told: Any) -> None:
    pk = _done_project(told)

    text = opened(reverse("resident:year_of", args=[YEAR, CODE]))

    assert "You asked, we did" in text
    assert reverse("resident:project", args=[pk]) in text


def _done_project(told: Any) -> Any:
    on = date(YEAR, 6, 1)
    with scope.everything():
        pk = make_projects_object("project", community=told.cuiying.pk)
        Project.objects.filter(pk=pk).update(
            state="done",
            from_on=on,
            until_on=on + timedelta(days=3),
            approved_by=new_id(),
            approved_name="林主任",
            approved_at=local_moment(on),
        )
    return pk


def test_sheet_of_paper_has_title_place_figures_and_a_code(told: Any) -> None:
    text = opened(reverse("resident:year_print_of", args=[YEAR, CODE]))

    assert 'class="sheet"' in text
    assert 'class="qr"' in text
    assert "24" in text
    assert reverse("resident:year_of", args=[YEAR, CODE]) in text


def test_a_page_costs_few_queries(told: Any) -> None:
    client = Client()
    client.get(reverse("resident:year_of", args=[YEAR, CODE]))
    with CaptureQueriesContext(connection) as queries:
        client.get(reverse("resident:year_of", args=[YEAR, CODE]))

    assert len(queries) <= MOST_QUERIES
