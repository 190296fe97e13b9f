"""The tree of 2019, the reform of 2020, and what was added since."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.conf import settings

from lianxin.domain.places.commands.division_history import load_division_history, read_longhu
from lianxin.domain.places.commands.divisions import load_divisions
from lianxin.domain.places.commands.visits import record_visits
from lianxin.domain.places.models import Division, DivisionLineage
from lianxin.domain.places.queries import checks
from lianxin.domain.places.queries.divisions import (
    DivisionNode,
    find_by_code,
    find_by_code_ever,
    list_by_name,
    list_communities_below,
    list_tree,
    path_of,
)
from lianxin.domain.places.queries.venues import count_by_division
from lianxin.domain.places.rules.history import UnreadableDivisions, read_rows
from lianxin.platform import facts, scope, search

from .factories import AT, SYSTEM, make_venue

IN_2019, IN_2020, IN_2021, NOW = date(2019, 6, 1), date(2020, 6, 1), date(2021, 6, 1), date(2026, 11, 20)


@pytest.fixture
def longhu(db: None) -> list[Division]:
    return load_division_history(actor=SYSTEM, history=read_longhu(settings.DATA_DIR), at=AT)


def _by_level(on: date, level: str) -> list[DivisionNode]:
    return [node for root in list_tree(on=on) for node in root.walk() if node.level == level]


def test_today_there_are_125_communities_in_10_subdistricts(longhu: list[Division]) -> None:
    communities = Division.objects.filter(level="community", ended_on=None)

    assert communities.count() == 125
    assert communities.filter(committee="residents").count() == 92
    assert communities.filter(committee="villagers").count() == 33
    assert Division.objects.filter(level="subdistrict", ended_on=None).count() == 10
    assert {d.code: d.official_name for d in longhu} == {
        row.code: row.name for row in read_longhu(settings.DATA_DIR).final_rows
    }


def test_every_division_lies_where_the_list_of_today_puts_it(longhu: list[Division]) -> None:
    parents = {d.code: d.parent.code if d.parent else "" for d in Division.objects.select_related("parent")}

    assert parents == {row.code: row.parent_code for row in read_longhu(settings.DATA_DIR).final_rows}


@pytest.mark.parametrize(
    ("on", "communities", "subdistricts"),
    [(IN_2019, 121, 7), (IN_2020, 121, 10), (IN_2021, 124, 10), (NOW, 125, 10)],
)
def test_each_year_has_its_own_tree(longhu: list[Division], on: date, communities: int, subdistricts: int) -> None:
    assert len(_by_level(on, "community")) == communities
    assert len(_by_level(on, "subdistrict")) == subdistricts


def test_the_towns_of_2019_held_their_villages(longhu: list[Division]) -> None:
    towns = {node.official_name: len(node.children) for node in _by_level(IN_2019, "subdistrict")}

    assert towns["外砂镇"] == 17
    assert towns["新溪镇"] == 18
    assert {node.official_name for node in _by_level(IN_2020, "subdistrict")}.isdisjoint({"外砂镇", "新溪镇"})


def test_an_old_code_finds_its_community_on_its_day_and_after(longhu: list[Division]) -> None:
    daya = find_by_code("440507010208")

    assert find_by_code("440507100203", on=IN_2019) == daya
    assert find_by_code("440507100203", on=IN_2020) is None
    assert find_by_code("440507100203") is None
    assert find_by_code_ever("440507100203") == daya
    assert [node.official_name for node in path_of(daya.pk, on=IN_2019)][-2:] == ["外砂镇", "大衙村委会"]
    assert [node.official_name for node in path_of(daya.pk, on=NOW)][-2:] == ["龙华街道", "大衙村委会"]


def test_37_codes_changed(longhu: list[Division]) -> None:
    recoded = DivisionLineage.objects.filter(kind="recode", from_division__level="community")

    assert recoded.count() == 37


@pytest.mark.parametrize(("old", "new"), [("珠璋", "珠樟"), ("周厝温", "周厝塭")])
def test_a_name_that_changed_a_character_stays_findable(longhu: list[Division], old: str, new: str) -> None:
    (now,) = list_by_name(new)

    assert list_by_name(old) == [now]
    assert list_by_name(old + "社区", on=IN_2019) == [now]
    assert list_by_name(new, on=IN_2019) == []
    with scope.within([]):
        assert [hit.record_id for hit in search.find(old, kinds=["division"])] == [now.pk]


def test_two_communities_are_called_jinzhou(longhu: list[Division]) -> None:
    assert [d.official_name for d in list_by_name("金洲")] == ["金洲居委会", "金洲村委会"]
    assert [d.official_name for d in list_by_name("金洲村")] == ["金洲村委会"]
    with scope.within([]):
        assert {hit.title for hit in search.find("金洲", kinds=["division"])} == {"金洲社区", "金洲村"}


def test_spoken_and_official_names_find_the_same_community(longhu: list[Division]) -> None:
    (jinzhu,) = list_by_name("金珠居委会")

    assert list_by_name("金珠社区") == [jinzhu]
    assert list_by_name("金珠社区居委会") == [jinzhu]
    assert jinzhu.short_name == "金珠社区"


@pytest.mark.parametrize("typed", ["翠英", "cy", "cuiying"])
def test_characters_pinyin_and_initials_find_cuiying(longhu: list[Division], typed: str) -> None:
    with scope.within([]):
        found = [hit.title for hit in search.find(typed, kinds=["division"])]

    assert "翠英社区" in found


def test_a_visit_of_2019_stays_with_its_village_and_counts_for_the_town_of_then(longhu: list[Division]) -> None:
    # given a centre that worked before the reform, with visits before and after it
    daya = find_by_code("440507010208")
    centre = make_venue(daya, opened_on=date(2019, 2, 1))
    for year, count in ((2019, 7), (2020, 11)):
        record_visits(actor=SYSTEM, venue=centre.pk, count=count, counted_at=datetime(year, 6, 1, 2, tzinfo=UTC), at=AT)

    town = next(node.id for node in _by_level(IN_2019, "subdistrict") if node.official_name == "外砂镇")
    longhua = next(node.id for node in _by_level(NOW, "subdistrict") if node.official_name == "龙华街道")

    def visits(division: object, year: int) -> int:
        below = list_communities_below(division, on=date(year, 6, 1))
        with scope.everything():
            return facts.figure("visits", from_on=date(year, 1, 1), until_on=date(year + 1, 1, 1), communities=below)

    assert visits(town, 2019) == 7
    assert visits(town, 2020) == 0
    assert visits(longhua, 2020) == 11
    with scope.everything():
        counted = {
            year: {c.division.official_name: c.centres for c in count_by_division(on=date(year, 6, 1)) if c.centres}
            for year in (2019, 2020)
        }
    assert counted[2019]["外砂镇"] == 1
    assert counted[2020]["龙华街道"] == 1
    assert "外砂街道" not in counted[2020]


def test_nothing_differs_after_the_history(longhu: list[Division]) -> None:
    assert list(checks.check_current_columns()) == []
    assert list(checks.check_spans()) == []


def test_loading_today_again_creates_nothing(longhu: list[Division]) -> None:
    rows = read_longhu(settings.DATA_DIR).final_rows

    assert load_divisions(actor=SYSTEM, rows=rows, on=NOW, at=AT) == []


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(UnreadableDivisions, match=r"longhu_divisions\.csv"):
        read_longhu(tmp_path)


def test_a_bad_line_is_named_with_line_and_column() -> None:
    lines = [{"code": "440507001001", "name": "金谷居委会"}, {"code": "4405", "name": "短"}]

    with pytest.raises(UnreadableDivisions, match="line 3, column code"):
        read_rows(lines)


def test_a_code_that_stands_twice_is_named() -> None:
    lines = [{"code": "440507001001", "name": "金谷居委会"}] * 2

    with pytest.raises(UnreadableDivisions, match="line 3.*twice"):
        read_rows(lines)
