"""Figures of a city: districts as one sum, levels as last read, what is counted once by month, quarter and year."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lianxin.domain.places.commands.foreign_trees import found_upper_division
from lianxin.domain.places.models import Division, DivisionParent
from lianxin.domain.reporting.models import DistrictFeed, LevelReading
from lianxin.insight import figures, levels
from lianxin.insight.areas import Area, UnknownPlace, children, find_area, whole
from lianxin.insight.catalogue import find_measures
from lianxin.insight.periods import read_period
from lianxin.platform import scope, tallies
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_moment
from lianxin.platform.ids import new_id
from lianxin.platform.models import NO_VENUE

SYSTEM = Actor.system(via="cli")
ON = date(2024, 12, 31)
TODAY = date(2026, 11, 23)
SINCE = date(2019, 1, 1)


@pytest.fixture
def city(db: None, settings: Any) -> Iterator[dict[str, UUID]]:
    """Set up a city with two districts of two communities each."""
    settings.LEVEL = "city"
    top = found_upper_division(actor=SYSTEM, code="440500000000", name="汕头市", at=local_moment(TODAY))
    ids: dict[str, UUID] = {"top": top.pk}
    for six, name in (("440502", "东"), ("440503", "西")):
        ids[name] = _division(f"{six}000000", "district", f"{name}区", top.pk)
        office = _division(f"{six}001000", "subdistrict", f"{name}街道", ids[name])
        ids[f"{name}街道"] = office
        for number in (1, 2):
            ids[f"{name}{number}"] = _division(f"{six}00100{number}", "community", f"{name}{number}社区", office)
        DistrictFeed.objects.create(
            district_id=ids[name],
            code=f"{six}000000",
            name=f"{name}区",
            base_url="https://one.example.invalid",
            public_key="00" * 32,
            trusted_at=local_moment(TODAY),
        )
    with scope.everything():
        yield ids


def _division(code: str, level: str, name: str, parent: UUID) -> UUID:
    made = Division.objects.create(
        level=level, created_on=SINCE, official_name=name, short_name=name, code=code, parent_id=parent
    )
    DivisionParent.objects.create(division=made, parent_id=parent, valid_from=SINCE)
    return made.pk


def add(city: dict[str, UUID], measure: str, where: str, on: date, many: int, category: str = "") -> None:
    """Add to the sums of a community and of its district, as an import does."""
    key = (measure, city[where], on, NO_VENUE, category)
    tallies.add({key: many}, wider={city[where]: city[where[0]]})


def read(city: dict[str, UUID], measure: str, values: dict[str, int], on: date, span: str = "D") -> None:
    """Keep readings of some places."""
    LevelReading.objects.bulk_create(
        LevelReading(id=new_id(), measure=measure, span=span, area_id=city[where], read_on=on, value=value)
        for where, value in values.items()
    )


def value(name: str, period: str, place: UUID | None = None) -> int:
    """Give one figure."""
    area = find_area(place, actor=SYSTEM, on=ON) if place else whole(SYSTEM, on=ON)
    return figures.values([name], period=read_period(period, today=TODAY), area=area)[name]


def parts(place: UUID | None = None) -> list[Area]:
    """Give what lies in a place."""
    return children(find_area(place, actor=SYSTEM, on=ON) if place else whole(SYSTEM, on=ON), on=ON)


def test_sums_of_any_days_are_the_same_from_above_and_from_below(city: dict[str, UUID]) -> None:
    add(city, "visits", "东1", date(2024, 7, 2), 5)
    add(city, "visits", "东2", date(2024, 7, 30), 7)
    add(city, "visits", "西1", date(2024, 8, 1), 11)

    for period, expected in (
        ("2024", 23),
        ("2024-07", 12),
        ("2024-07-02..2024-07-29", 5),
        ("2024-07-30..2024-08-01", 18),
    ):
        period_read = read_period(period, today=TODAY)
        by_district = figures.by_area(["visits"], period=period_read, areas=parts())["visits"]
        below = figures.by_area(["visits"], period=period_read, areas=[*parts(city["东街道"]), *parts(city["西街道"])])
        assert value("visits", period) == expected
        assert sum(by_district.values()) == sum(below["visits"].values()) == expected
        assert by_district[city["东"]] == value("visits", period, city["东"]) == value("visits", period, city["东街道"])


def test_a_level_is_the_last_one_read_in_the_period_or_before(city: dict[str, UUID]) -> None:
    read(city, "residents", {"东": 30, "东1": 10, "东2": 20, "西": 5}, date(2024, 6, 30))
    read(city, "residents", {"东": 33, "东1": 12, "东2": 21}, date(2024, 7, 31))

    assert [value("residents", period) for period in ("2024-05", "2024-06", "2024-07", "2024")] == [0, 35, 38, 38]
    assert value("residents", "2024-07", city["东街道"]) == 33
    assert value("residents", "2025-12") == 0  # nobody has read it for more than a year
    months = [read_period(f"2024-{number:02d}", today=TODAY) for number in (5, 6, 7)]
    area = whole(SYSTEM, on=ON)
    assert figures.series(["residents"], periods=months, area=area)["residents"] == [0, 35, 38]


def test_what_is_counted_once_is_read_for_months_quarters_and_years(city: dict[str, UUID]) -> None:
    read(city, "activities", {"东": 4, "西": 3}, date(2024, 7, 1), "M")
    read(city, "activities", {"东": 5, "西": 3}, date(2024, 7, 1), "Q")
    read(city, "categories", {"东": 9, "西": 12}, date(2024, 7, 1), "M")

    assert (value("activities", "2024-07"), value("activities", "2024-Q3")) == (7, 8)
    assert value("activities", "2024-07-03..2024-07-09", city["东"]) == 4
    # Districts share the list of categories: together they have at least those of the largest.
    assert value("categories", "2024-07") == 12
    by_area = figures.by_area(["categories"], period=read_period("2024-07", today=TODAY), areas=parts())
    assert by_area["categories"] == {city["东"]: 9, city["西"]: 12}


def test_sums_in_the_pilots_are_those_of_communities_that_were_pilots(city: dict[str, UUID]) -> None:
    for where in ("东1", "东2", "西1"):
        add(city, "volunteer_person_times", where, date(2024, 7, 2), 10)
    read(city, "pilot_communities", {"东": 1, "东1": 1, "东2": 0, "西": 0, "西1": 0}, date(2024, 7, 31))

    assert value("pilot_volunteer_person_times", "2024-07") == 10
    assert value("pilot_volunteer_person_times", "2024-07", city["西"]) == 0
    below = frozenset({city["东"], city["西"]})
    assert levels.pilots(until_on=ON, areas=below) == {city["东1"]: (city["东街道"], city["东"])}
    assert levels.pilots(until_on=ON, areas=None) == {city["东1"]: (city["东"],)}
    assert not levels.pilots(until_on=date(2025, 12, 1), areas=None)  # nobody has read it for more than a year
    assert not levels.pilots(until_on=date(2025, 12, 1), areas=below)
    by_area = figures.by_area(
        ["pilot_volunteer_person_times"], period=read_period("2024-07", today=TODAY), areas=parts()
    )
    assert by_area["pilot_volunteer_person_times"] == {city["东"]: 10, city["西"]: 0}


def test_many_counts_at_once_are_what_each_says_by_itself_in_a_few_queries(city: dict[str, UUID]) -> None:
    for month, many in ((6, 30), (7, 33), (9, 40)):
        read(city, "residents", {"东": many, "东1": many - 20, "东2": 20, "西": 5}, date(2024, month, 28))
        read(city, "activities", {"东": many, "东1": 4, "西": 3}, date(2024, month, 1), "M")
    read(city, "activities", {"东": 99, "西": 9}, date(2024, 1, 1), "Y")
    read(city, "categories", {"东": 9, "西": 12}, date(2024, 7, 1), "Q")
    measures = find_measures(["residents", "activities", "categories"])
    areas: list[frozenset[UUID] | None] = [None, *(frozenset({city[one]}) for one in ("东", "西", "东1", "东2"))]
    periods = [read_period(one, today=TODAY) for one in ("2024", "2024-Q3", "2024-05", "2024-06", "2024-W30", "2025")]
    asked = [(measure, period, area) for measure in measures for period in periods for area in areas]

    with CaptureQueriesContext(connection) as queries:
        together = levels.counts(asked)

    assert together == [levels.level_values([m], period=period, areas=area)[m.name] for m, period, area in asked]
    assert len(set(together)) > 8
    assert len(queries) <= 7
    few = [one for one in asked if one[1] == periods[0]]
    with CaptureQueriesContext(connection) as queries:
        assert levels.counts(few) == [n for one, n in zip(asked, together, strict=True) if one in few]
    assert len(queries) <= 4


def test_a_flow_is_split_by_places_and_categories_at_every_step_down(city: dict[str, UUID]) -> None:
    for where, many, category in (("东1", 5, "A01"), ("东2", 7, "B02"), ("西1", 11, "A01")):
        add(city, "volunteer_person_times", where, date(2024, 7, 2), many, category)
    read(city, "pilot_communities", {"东": 1, "东1": 0, "东2": 1, "西": 1, "西1": 1}, date(2024, 6, 30))
    july = read_period("2024-07", today=TODAY)
    (in_pilots,) = find_measures(["pilot_volunteer_person_times"])
    expected = {
        None: ({"东": 12, "西": 11}, {"A01": 16, "B02": 7}, {"东": 7, "西": 11}, {"A01": 11, "B02": 7}),
        "东": ({"东街道": 12}, {"A01": 5, "B02": 7}, {"东街道": 7}, {"B02": 7}),
        "东街道": ({"东1": 5, "东2": 7}, {"A01": 5, "B02": 7}, {"东2": 7}, {"B02": 7}),
        "西1": ({}, {"A01": 11}, {}, {"A01": 11}),
    }

    for where, (by_place, by_code, pilots_by_place, pilots_by_code) in expected.items():
        area = find_area(city[where], actor=SYSTEM, on=ON) if where else whole(SYSTEM, on=ON)
        below = children(area, on=ON)
        found = figures.split("volunteer_person_times", period=july, area=area, places=below)
        assert found == ({city[one]: many for one, many in by_place.items()}, by_code), where
        name, inside, places = figures.narrowed(in_pilots, until_on=july.until_on, area=area, places=below)
        found = figures.split(name, period=july, area=inside, places=places)
        assert found == ({city[one]: many for one, many in pilots_by_place.items()}, pilots_by_code), where


def test_only_the_whole_citys_department_finds_what_lies_above_communities(city: dict[str, UUID]) -> None:
    one = replace(SYSTEM, communities=frozenset({city["东1"]}))

    assert [(above.kind, above.name) for above in find_area(city["东1"], actor=SYSTEM, on=ON).above] == [
        ("district", "东区"),
        ("subdistrict", "东街道"),
    ]
    assert find_area(city["东1"], actor=one, on=ON).id == city["东1"]
    for where in ("top", "东", "西1"):
        with pytest.raises(UnknownPlace):
            find_area(city[where], actor=one, on=ON)


def test_a_city_has_its_districts_and_a_district_its_subdistricts(city: dict[str, UUID]) -> None:
    assert [area.id for area in parts()] == [city["东"], city["西"]]
    assert [area.id for area in parts(city["东"])] == [city["东街道"]]
    assert [area.id for area in parts(city["东街道"])] == [city["东1"], city["东2"]]
    assert whole(SYSTEM, on=ON).id == city["top"]
