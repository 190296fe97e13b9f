"""Opening figures: every one opens into records that add up to it, and the cost does not go by how many there are."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.db.models import Sum
from django.test.utils import CaptureQueriesContext

from lianxin.insight.areas import find_area, whole
from lianxin.insight.catalogue import FLOW, list_measures
from lianxin.insight.figures import by_area, values
from lianxin.insight.newest import newest
from lianxin.insight.opening import open_figure
from lianxin.insight.periods import year
from lianxin.platform import facts, scope
from lianxin.platform.ids import new_id
from lianxin.platform.models import Fact, FactPending
from lianxin.platform.tallies import Sums
from tests.support.district import SmallDistrict

pytestmark = pytest.mark.django_db
ALL_AT_ONCE = 100_000
MEASURE, FIRST = "goods_redeemed", date(2015, 1, 1)
STRETCH = {"measures": (MEASURE,), "from_on": FIRST, "until_on": date(2019, 1, 1)}
AT = datetime(2019, 1, 1, 4, tzinfo=UTC)


def test_every_figure_opens_into_records_that_add_up_to_it(small_district_with_points: SmallDistrict) -> None:
    district = small_district_with_points
    office, period = district.actor("district"), year(district.today.year)
    area = whole(office, on=period.last_on)
    opened = {}

    with scope.within(office.communities):
        for measure in list_measures():
            assert measure.kind == FLOW or measure.rows is not None, f"{measure.name} names no rows to open"
            opened[measure.name] = open_figure(
                measure.name, period=period, area=area, actor=office, per_page=ALL_AT_ONCE
            )
        said = values([measure.name for measure in list_measures()], period=period, area=area)

    assert {name: one.total for name, one in opened.items()} == said
    assert {name: sum(row.quantity for row in one.rows) for name, one in opened.items()} == said
    assert not [name for name, one in opened.items() if one.is_cut or one.count != len(one.rows)]
    empty = {name for name, one in opened.items() if not one.rows}
    assert not empty & {"points_outstanding", "points_awarded", "person_times", "residents", "categories", "visits"}


def test_points_in_passbooks_open_into_households_with_their_heads_masked(
    small_district_with_points: SmallDistrict,
) -> None:
    district = small_district_with_points
    clerk, period = district.actor("cuiying1"), year(district.today.year)
    with scope.within(clerk.communities):
        area = find_area(district.cuiying.pk, actor=clerk, on=period.last_on)
        own = open_figure("points_outstanding", period=period, area=area, actor=clerk)
        placed = by_area(["points_outstanding"], period=period, areas=[area])["points_outstanding"]
    stranger = district.actor("jinzhou.waisha1")
    with scope.everything():
        foreign = open_figure("points_outstanding", period=period, area=area, actor=stranger)

    assert own.total == sum(row.quantity for row in own.rows) == placed[district.cuiying.pk] > 0
    assert {row.record_kind for row in own.rows} == {"points.account"}
    assert {row.community_id for row in own.rows} == {district.cuiying.pk}
    assert all("*" in row.note for row in own.rows)
    assert not any(row.title or row.note for row in foreign.rows)


@pytest.fixture
def acts(small_district: SmallDistrict) -> list[UUID]:
    """Let 700 records of two communities lie on days of four years, some of a greater count, some taken back."""
    chance = random.Random(7)
    places = [small_district.cuiying.pk, small_district.jinzhou_village.pk]
    made = []
    for n in range(700):
        on = FIRST + timedelta(days=int(1460 * chance.random() ** 0.5))
        quantity = chance.choice((1, 1, 2, 30))
        kept = {
            "occurred_on": on, "recorded_at": AT, "community_id": places[n % 2], "measure": MEASURE,
            "category": "", "record_kind": "shop.redemption", "record_id": new_id(),
        }  # fmt: skip
        fact = Fact(pk=new_id(), quantity=quantity, **kept)
        made.append(fact)
        if n % 9 == 0:
            made.append(Fact(pk=new_id(), quantity=-quantity, corrects=fact.pk, **kept))
    with scope.everything():
        Fact.objects.bulk_create(made)
        FactPending.objects.bulk_create(FactPending(fact_id=fact.pk) for fact in made)
        while facts.fold(holder="t", at=AT):
            pass
    return places


def all_in_order(areas: frozenset[UUID] | None) -> list[Any]:
    """Give every record that is left, read in one go from all facts."""
    found = Fact.objects.filter(measure=MEASURE, occurred_on__gte=FIRST, occurred_on__lt=STRETCH["until_on"])
    if areas is not None:
        found = found.filter(community_id__in=areas)
    left = found.order_by().values("record_kind", "record_id", "occurred_on", "community_id")
    ordered = left.annotate(left=Sum("quantity")).exclude(left=0).order_by("-occurred_on", "record_id")
    return list(ordered.values_list("record_kind", "record_id", "occurred_on", "left", "community_id"))


@pytest.mark.parametrize("most", [1, 8, 90, 622, 1000])
@pytest.mark.parametrize("in_one_place", [False, True])
def test_the_newest_records_are_the_first_of_all_of_them(acts: list[UUID], most: int, in_one_place: bool) -> None:
    areas = frozenset(acts[:1]) if in_one_place else None
    with scope.everything():
        everything = all_in_order(areas)
        with CaptureQueriesContext(connection) as asked:
            found = newest(Sums(**STRETCH, areas=areas), most=most)

    assert found.rows == everything[:most]
    assert found.total == sum(row[3] for row in everything)
    assert len(asked) <= 7


def test_few_records_are_found_without_looking_through_all(acts: list[UUID]) -> None:
    with scope.everything(), CaptureQueriesContext(connection) as asked:
        newest(Sums(**STRETCH), most=8)

    read = [one["sql"] for one in asked if "record_id" in one["sql"]]
    assert read
    assert not [sql for sql in read if FIRST.isoformat() in sql]


def test_stretch_without_anything_has_no_records(small_district: SmallDistrict) -> None:
    with scope.everything():
        assert newest(Sums((MEASURE,), date(1999, 1, 1), date(1999, 3, 1)), most=5).rows == []
        assert newest(Sums((MEASURE,), FIRST, date(2030, 1, 1), areas=frozenset()), most=5).rows == []
