"""Figures of needs: the rates name their denominators, narrow by the filter, and leave as workbook and sheet."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from python_calamine import CalamineWorkbook

from lianxin.domain.needs.commands import answers, hearing, joining, lists
from lianxin.domain.needs.models import Need
from lianxin.domain.places.models import Division
from lianxin.domain.projects.models import MatchRun
from lianxin.platform import scope
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day, now
from tests.support.district import SmallDistrict

pytestmark = pytest.mark.django_db
MOST_QUERIES = 10
SYSTEM = Actor.system(via="cli")
PAGES = ("needs_figures", "needs_figures_each", "needs_figures_reasons")


def asked(district: SmallDistrict, title: str, code: str, *says: str, place: Any = None) -> Need:
    """An entry with a voice for each of these, which says so of it where it says anything."""
    voices = [
        hearing.hear(
            actor=SYSTEM,
            words=f"{title}{number}",
            how="desk",
            channel="none",
            community=place or district.cuiying.pk,
            at=now() - timedelta(days=20),
        )
        for number in range(len(says))
    ]
    made = joining.join_many(actor=SYSTEM, reports=[one.pk for one in voices], title=title, category=code, at=now())
    if any(says):
        given = {"record_kind": "needs.need", "record_id": made.pk, "at": now()}
        answers.answer_askers(actor=SYSTEM, needs=[made.pk], kind="done", words="办好了。", **given)
    for voice, met in zip(voices, says, strict=True):
        if met:
            answers.say_met(actor=SYSTEM, report=voice.pk, met=met, at=now())
    return made


def rows_of(answer: Any) -> list[list[Any]]:
    return CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()


def test_each_entry_shows_how_many_of_those_who_answered_say_that_it_is_met(
    small_district: SmallDistrict, client: Client
) -> None:
    asked(small_district, "巷口装扶手", "E05", "yes", "no", "", "partly")
    asked(small_district, "请人教书法", "B02", "")
    small_district.log_in(client, "cuiying1")

    page = client.get(reverse("staff:needs_figures_each")).content.decode()
    narrowed = client.get(reverse("staff:needs_figures_each"), {"category": "B02"}).content.decode()
    book = rows_of(client.get(reverse("staff:needs_figures_each"), {"as": "xlsx"}))

    assert "33% (1/3)" in page
    assert "巷口装扶手" not in narrowed
    assert "请人教书法" in narrowed
    row = next(one for one in book if "巷口装扶手" in str(one[0]))
    assert [int(value) for value in row[3:7]] == [4, 1, 1, 1]
    assert row[7] == "33% (1/3)"


def test_categories_and_reasons_name_what_they_are_counted_of(small_district: SmallDistrict, client: Client) -> None:
    asked(small_district, "巷口装扶手", "E05", "yes", "no")
    hopeless = asked(small_district, "请人教书法", "B02", "")
    lists.mark_unmet(actor=SYSTEM, need=hopeless.pk, reason="no_money", words="今年没有经费了", at=now())
    small_district.log_in(client, "cuiying1")

    categories = rows_of(client.get(reverse("staff:needs_figures"), {"as": "xlsx"}))
    reasons = rows_of(client.get(reverse("staff:needs_figures_reasons"), {"as": "xlsx"}))

    assert "50% (1/2)" in next(row for row in categories if "50% (1/2)" in row)
    line = next(row for row in reasons if row[0] == Need.Reason.NO_MONEY.label)
    assert [int(line[1]), int(line[2]), line[3]] == [1, 1, "100%"]
    assert line[4]


@pytest.mark.parametrize("name", PAGES)
def test_figures_are_for_offices_cheap_and_can_be_printed(
    small_district: SmallDistrict, client: Client, name: str
) -> None:
    asked(small_district, "巷口装扶手", "E05", "yes")
    url = reverse(f"staff:{name}")
    small_district.log_in(client, "cuiying1")
    client.get(url)

    with CaptureQueriesContext(connection) as made:
        page = client.get(url)
    answered = {}
    for login in ("xinjin", "district", "volunteer"):
        other = Client()
        small_district.log_in(other, login)
        answered[login] = other.get(url).status_code

    assert page.status_code == 200
    assert len(made) <= MOST_QUERIES, [one["sql"][:110] for one in made.captured_queries]
    assert client.get(url, {"as": "print"}).status_code == 200
    assert answered == {"xinjin": 200, "district": 200, "volunteer": 404}


def test_a_community_reads_what_the_last_matching_could_reach_there(
    small_district: SmallDistrict, client: Client
) -> None:
    asked(small_district, "巷口装扶手", "E05", "")
    make_run(small_district, reach=0.62, planned=0.4)
    small_district.log_in(client, "cuiying1")

    lead = client.get(reverse("staff:needs_figures")).context["lead"]

    assert "62%" in lead
    assert "40%" in lead


def test_the_district_reads_how_even_the_rates_are_beside_what_is_within_reach(
    small_district: SmallDistrict, client: Client
) -> None:
    met = asked(small_district, "巷口装扶手", "E05", "yes")
    asked(small_district, "修路灯", "E05", "", place=small_district.jinzhou_village.pk)
    make_run(small_district, reach=0.62, planned=0.4)
    small_district.log_in(client, "district")

    with CaptureQueriesContext(connection) as made:
        page = client.get(reverse("district:needs"))
    rows = {one.name: one for one in page.context["table"].rows}
    categories = client.get(reverse("district:need_categories")).context["table"].rows

    assert met.state
    assert rows[small_district.cuiying.short_name].reach == 62
    assert rows[small_district.cuiying.short_name].spoke >= 1
    assert "0.50" in page.context["lead"]
    assert len(made) <= MOST_QUERIES + 2
    assert sum(one.asked for one in categories) == sum(one.asked for one in rows.values())
    assert client.get(reverse("district:need_reasons")).status_code == 200


def make_run(district: SmallDistrict, *, reach: float, planned: float) -> MatchRun:
    """A finished run of the whole district in which 翠英 and 金洲 could be reached alike."""
    with scope.everything():
        top = Division.objects.get(level="district")
        here = [str(district.cuiying.pk), str(district.jinzhou_village.pk)]
        return MatchRun.objects.create(
            community=top,
            kind="weekly",
            from_on=local_day(now()),
            until_on=local_day(now()) + timedelta(days=6),
            state="done",
            value=1.0,
            bound=1.0,
            metrics={"reach": dict.fromkeys(here, reach), "after": {"rates": dict.fromkeys(here, planned)}},
            asked_at=now(),
            done_at=now(),
        )
