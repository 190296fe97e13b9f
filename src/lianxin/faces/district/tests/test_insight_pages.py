"""Pillars, pilots, reach, fairness and upgrades: what they show is what the records and facts say."""

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from lianxin.domain.people.queries.counts import count_households, count_residents
from lianxin.domain.places.models import BatchMember, Programme, ProgrammeBatch
from lianxin.platform import scope, tallies
from lianxin.platform.clock import local_day, now
from lianxin.platform.models import NO_VENUE


@pytest.fixture
def counted(small_district: Any) -> dict[str, int]:
    """Person-times and voices of a year in two communities of two subdistricts."""
    own, foreign = small_district.cuiying.pk, small_district.jinzhou_village.pk
    day = date(2025, 3, 5)
    sums = {
        ("person_times", own, day, NO_VENUE, "L01"): 60,
        ("person_times", foreign, day, NO_VENUE, "L01"): 40,
        ("needs_heard", own, day, NO_VENUE, ""): 30,
        ("answers_given", own, day, NO_VENUE, ""): 15,
        ("person_times", own, date(2024, 3, 5), NO_VENUE, "L01"): 30,
    }
    tallies.add(sums)
    return {"own": 60, "foreign": 40}


def figures_of(client: Client, **query: str) -> dict[str, Any]:
    blocks = client.get(reverse("district:pillars"), {"period": "2025", **query}).context["blocks"]
    return {one.measure.name: one for block in blocks for one, _url in block.figures}


def test_pillars_show_the_year_beside_the_year_before_and_month_by_month(
    department: Client, counted: dict[str, int]
) -> None:
    found = figures_of(department)

    assert (found["person_times"].value, found["person_times"].before) == (100, 30)
    assert found["person_times"].line[2] == 100
    assert len(found["person_times"].line) == 12
    assert found["person_times"].change_share == pytest.approx(70 / 30)
    assert found["needs_heard"].change_share is None


def test_pillars_of_a_subdistrict_are_its_own(
    department: Client, xinjin: Client, counted: dict[str, int], small_district: Any
) -> None:
    foreign = str(small_district.jinzhou_village.parent_id)

    assert figures_of(xinjin)["person_times"].value == counted["own"]
    assert figures_of(department, subdistrict=foreign)["person_times"].value == counted["foreign"]
    assert xinjin.get(reverse("district:pillars"), {"subdistrict": foreign}).status_code == 404


def test_what_stands_out_says_what_share_of_voices_was_answered(department: Client, counted: dict[str, int]) -> None:
    blocks = department.get(reverse("district:pillars"), {"period": "2025"}).context["blocks"]

    assert [(share, whole) for _label, share, whole in blocks[0].told.shares] == [(0.5, 30)]


def test_a_period_that_cannot_be_is_this_year(department: Client) -> None:
    page = department.get(reverse("district:pillars"), {"period": "2025-13"})

    assert page.status_code == 200
    assert page.context["period"].from_on == local_day(now()).replace(month=1, day=1)


def test_pilots_are_set_beside_communities_that_never_were_one(
    department: Client, counted: dict[str, int], small_district: Any
) -> None:
    with scope.everything():
        BatchMember.objects.all().delete()
        programme = Programme.objects.create(name="试一试")
        batch = ProgrammeBatch.objects.create(programme=programme, number=7, starts_on=date(2025, 1, 1))
        BatchMember.objects.create(
            programme=programme, batch=batch, community=small_district.cuiying, joined_on=date(2025, 1, 1)
        )

    page = department.get(reverse("district:pilots"), {"period": "2025"})

    rows = {measure.name: row for measure, row, _url in page.context["beside"]}
    assert (rows["person_times"].pilots, rows["person_times"].others) == (60, 40)
    # Both sides together are the figure that the line opens.
    opened = {measure.name: url for measure, _row, url in page.context["beside"]}["person_times"]
    assert department.get(opened).context["numbers"].compared.value == 60 + 40
    assert page.context["batches"] == [(7, date(2025, 1, 1), ["翠英社区"])]
    assert (len(page.context["found"].pilots), len(page.context["found"].others)) == (1, 2)


def test_reach_counts_everybody_on_record_and_suppresses_nothing_but_few(
    department: Client, xinjin: Client, small_district: Any
) -> None:
    whole, own = (client.get(reverse("district:reach")) for client in (department, xinjin))

    with scope.everything():
        assert whole.context["total"].households == count_households(on=small_district.today)
    assert [row.name for row in own.context["table"].page.object_list] == ["翠英社区"]
    assert len(whole.context["map_data"]["markers"]) == 3
    for row in whole.context["table"].page.object_list:
        assert (row.reached.share is None) == (row.reached.households < 10)


def test_a_community_without_a_voice_for_so_long_is_called_silent(department: Client) -> None:
    page = department.get(reverse("district:reach"), {"silent": "voice", "days": "14"})

    found = {code: rows for code, _title, rows in page.context["silent"]}
    assert page.context["table"].count == len(found["voice"])
    assert all(row.no_voice is None or row.no_voice >= 14 for row in found["voice"])


def test_fairness_gives_every_community_its_rate_and_the_spread(
    department: Client, counted: dict[str, int], small_district: Any
) -> None:
    page = department.get(reverse("district:fairness"), {"period": "2025"})

    rows = {row.name: row for row in page.context["table"].page.object_list}
    with scope.everything():
        residents = count_residents(on=page.context["residents_on"] or date(2025, 12, 31))
    assert sum(row.quantity for row in rows.values()) == 100
    assert sum(row.residents for row in rows.values()) == residents
    assert rows["翠英社区"].rate == pytest.approx(1000 * 60 / rows["翠英社区"].residents)
    assert 0 < page.context["spread"].gini < 1


def test_upgrades_add_up_by_state_and_the_openings_to_come_are_those_that_run(
    department: Client, small_district: Any
) -> None:
    page = department.get(reverse("district:upgrade_progress"))

    states = page.context["states"]
    assert sum(line.count for line in states) == department.get(reverse("district:upgrades")).context["table"].count
    assert len(page.context["openings"]) == sum(
        line.count for line in states if line.code in ("planned", "approved", "under_way")
    )
    for line in states:
        assert department.get(line.url).context["table"].count == line.count
