"""Demands of earlier years, taken over from a community's own book: each counted once on the day it came."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from lianxin.domain.reporting.commands.requests_history import PastDemand, take_in
from lianxin.domain.reporting.models import Demand
from lianxin.domain.reporting.queries import requests_checks
from lianxin.domain.reporting.tests.request_factories import AT, DAY, HOUR, Place, make_place
from lianxin.platform import facts, scope
from lianxin.platform.errors import Invalid, NotAllowed

pytestmark = pytest.mark.django_db
# A Saturday two years ago, noon.
CAME = AT - 2 * 365 * DAY - 2 * DAY
YEAR = {"from_on": date(2024, 1, 1), "until_on": date(2025, 1, 1)}
DEMAND = PastDemand(
    "区住建局", "district", "form", "物业小区照片", "wechat", CAME, CAME + DAY, due_at=CAME + 3 * HOUR, field_count=6
)


@pytest.fixture
def place() -> Place:
    return make_place()


def test_book_of_demands_counts_each_on_its_day_and_all_are_done(place: Place) -> None:
    other = replace(DEMAND, title="隐患排查表", asked_at=CAME + 3 * DAY, ended_at=CAME + 9 * DAY, due_at=None)

    made = take_in(actor=place.clerk, community=place.community.pk, demands=[DEMAND, other], at=AT)

    measures = ("demands_sent", "fields_asked", "demands_out_of_hours", "demands_short_notice")
    with scope.everything():
        assert [facts.figure(name, **YEAR) for name in measures] == [2, 12, 1, 1]
        assert {row.state for row in Demand.objects.filter(pk__in=[one.pk for one in made])} == {"done"}
        assert list(requests_checks.burden_is_counted()) == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"ended_at": CAME - DAY},
        {"due_at": CAME - HOUR},
        {"ended_at": AT + DAY},
        {"field_count": 2001},
        {"kind": "tea"},
        {"title": " "},
    ],
)
def test_a_demand_that_cannot_be_is_refused_with_the_others(place: Place, wrong: dict[str, Any]) -> None:
    with pytest.raises(Invalid):
        take_in(actor=place.clerk, community=place.community.pk, demands=[DEMAND, replace(DEMAND, **wrong)], at=AT)

    with scope.everything():
        assert not Demand.objects.exists()


def test_only_the_communitys_own_office_brings_its_book(place: Place) -> None:
    with pytest.raises(NotAllowed):
        take_in(actor=place.other_clerk, community=place.community.pk, demands=[DEMAND], at=AT)
