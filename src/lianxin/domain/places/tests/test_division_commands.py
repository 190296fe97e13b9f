"""Renaming, recoding, moving, splitting and merging divisions."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from lianxin.domain.places.commands.dated_rows import CodeTaken, DivisionEnded, LaterChangeKnown
from lianxin.domain.places.commands.division_changes import (
    move_division,
    recode_division,
    recode_divisions,
    rename_division,
)
from lianxin.domain.places.commands.division_splits import NewPart, merge_divisions, split_division
from lianxin.domain.places.commands.divisions import add_division_alias, end_division_alias, load_divisions
from lianxin.domain.places.commands.rooms import add_room
from lianxin.domain.places.commands.venue_moves import move_venues
from lianxin.domain.places.commands.visits import record_visits
from lianxin.domain.places.models import Division, Room, Venue, VisitCount
from lianxin.domain.places.queries import checks
from lianxin.domain.places.queries.division_previews import preview_merge, preview_move, preview_recode, preview_split
from lianxin.domain.places.queries.divisions import (
    find_by_code,
    list_by_name,
    list_communities_below,
    list_history,
    list_scope_below,
)
from lianxin.domain.places.rules.history import DivisionRow
from lianxin.platform import scope, search
from lianxin.platform.errors import Invalid, NotAllowed
from lianxin.platform.ids import new_id

from .factories import AT, SINCE, SYSTEM, TODAY, make_district, make_staff, make_venue

ON = date(2025, 5, 1)
District = dict[str, Division]


@pytest.fixture
def district(db: None) -> Iterator[District]:
    yield make_district()
    for check in (
        checks.check_current_columns,
        checks.check_spans,
        checks.check_communities,
        checks.check_history,
    ):
        assert list(check()) == []


def _titles(text: str) -> list[str]:
    with scope.within([]):
        return [hit.title for hit in search.find(text, kinds=["division"])]


def test_a_renamed_community_is_found_by_both_names(district: District) -> None:
    cuiying = district["翠英居委会"]

    renamed = rename_division(actor=SYSTEM, division=cuiying.pk, official_name="翠园居委会", on=ON, at=AT)

    assert (renamed.official_name, renamed.short_name) == ("翠园居委会", "翠园社区")
    assert list_by_name("翠英", on=ON - timedelta(days=1)) == [cuiying]
    assert list_by_name("翠英", on=ON) == []
    assert _titles("翠英") == ["翠园社区"]


def test_a_name_given_twice_on_one_day_leaves_no_empty_span(district: District) -> None:
    cuiying = district["翠英居委会"]
    rename_division(actor=SYSTEM, division=cuiying.pk, official_name="翠圆居委会", on=ON, at=AT)

    rename_division(actor=SYSTEM, division=cuiying.pk, official_name="翠园居委会", on=ON, at=AT)

    assert sorted(cuiying.names.filter(kind="official").values_list("name", flat=True)) == ["翠园居委会", "翠英居委会"]


def test_a_change_before_a_recorded_one_is_refused(district: District) -> None:
    cuiying = district["翠英居委会"]
    rename_division(actor=SYSTEM, division=cuiying.pk, official_name="翠园居委会", on=ON, at=AT)

    with pytest.raises(LaterChangeKnown, match="2025-05-01"):
        rename_division(actor=SYSTEM, division=cuiying.pk, official_name="翠湖居委会", on=date(2024, 1, 1), at=AT)


def test_a_change_cannot_lie_in_the_future(district: District) -> None:
    with pytest.raises(Invalid) as caught:
        rename_division(
            actor=SYSTEM,
            division=district["翠英居委会"].pk,
            official_name="翠园居委会",
            on=TODAY + timedelta(days=1),
            at=AT,
        )

    assert "on" in caught.value.fields


def test_two_codes_can_be_swapped(district: District) -> None:
    one, other = district["翠英居委会"], district["华新社区居委会"]

    recode_divisions(actor=SYSTEM, codes={one.pk: other.code, other.pk: one.code}, on=ON, at=AT)

    assert find_by_code("440507004020") == other
    assert find_by_code("440507004020", on=SINCE) == one


def test_a_code_in_use_is_refused_and_nothing_changes(district: District) -> None:
    one, other = district["翠英居委会"], district["华新社区居委会"]

    with pytest.raises(CodeTaken, match="华新社区居委会"):
        recode_division(actor=SYSTEM, division=one.pk, code=other.code, on=ON, at=AT)

    assert find_by_code("440507004020") == one


@pytest.mark.parametrize("code", ["", "44050700402", "44050700402x", "440507004000"])
def test_a_code_must_have_twelve_digits_and_the_right_level(district: District, code: str) -> None:
    with pytest.raises(Invalid):
        recode_division(actor=SYSTEM, division=district["翠英居委会"].pk, code=code, on=ON, at=AT)


def test_a_moved_community_lies_elsewhere_from_that_day(district: District) -> None:
    cuiying, xinjin, waisha = district["翠英居委会"], district["新津街道"], district["外砂街道"]

    move_division(actor=SYSTEM, division=cuiying.pk, parent=waisha.pk, on=ON, at=AT)

    assert cuiying.pk in list_communities_below(waisha.pk)
    assert cuiying.pk in list_communities_below(xinjin.pk, on=ON - timedelta(days=1))
    assert cuiying.pk not in list_communities_below(xinjin.pk, on=ON)
    assert [step.kind for step in list_history(cuiying.pk)] == ["move"]


def test_a_community_cannot_lie_under_a_community(district: District) -> None:
    with pytest.raises(Invalid):
        move_division(actor=SYSTEM, division=district["翠英居委会"].pk, parent=district["金洲村委会"].pk, on=ON, at=AT)


def test_a_split_takes_only_the_venues_that_it_names(district: District) -> None:
    cuiying = district["翠英居委会"]
    staying, going = make_venue(cuiying), make_venue(cuiying, name="翠园站", kind="station", station_type="park")
    add_room(actor=SYSTEM, venue=going.pk, kind="reading", at=AT)

    (part,) = split_division(
        actor=SYSTEM,
        division=cuiying.pk,
        parts=[NewPart("翠园居委会", "440507004027", venues=frozenset({going.pk}))],
        on=ON,
        at=AT,
    )

    with scope.everything():
        assert Venue.objects.get(pk=staying.pk).community == cuiying
        assert Venue.objects.get(pk=going.pk).community == part
        assert Room.objects.get(venue=going).community == part
    assert part.parent == district["新津街道"]


def test_a_split_refuses_a_venue_of_another_community(district: District) -> None:
    foreign = make_venue(district["金洲村委会"])

    with pytest.raises(Invalid, match="翠英居委会"):
        split_division(
            actor=SYSTEM,
            division=district["翠英居委会"].pk,
            parts=[NewPart("翠园居委会", "440507004027", venues=frozenset({foreign.pk}))],
            on=ON,
            at=AT,
        )

    assert not Division.objects.filter(code="440507004027").exists()


def test_merged_communities_end_and_their_past_stays_theirs(district: District) -> None:
    cuiying, huaxin = district["翠英居委会"], district["华新社区居委会"]
    venue = make_venue(huaxin)
    visit = record_visits(actor=SYSTEM, venue=venue.pk, count=3, at=AT)

    merge_divisions(actor=SYSTEM, divisions=[huaxin.pk], into=cuiying.pk, on=TODAY, at=AT)

    with scope.everything():
        assert Venue.objects.get(pk=venue.pk).community == cuiying
        assert VisitCount.objects.get(pk=visit.pk).community == huaxin
    assert list_by_name("华新社区") == [cuiying]
    assert _titles("华新") == ["翠英社区"]
    assert list_communities_below(district["新津街道"].pk) == [cuiying.pk]
    assert list_scope_below(district["新津街道"].pk) == {cuiying.pk, huaxin.pk}


def test_an_ended_division_changes_no_more(district: District) -> None:
    cuiying, huaxin = district["翠英居委会"], district["华新社区居委会"]
    merge_divisions(actor=SYSTEM, divisions=[huaxin.pk], into=cuiying.pk, on=ON, at=AT)

    with pytest.raises(DivisionEnded):
        rename_division(actor=SYSTEM, division=huaxin.pk, official_name="新华居委会", on=TODAY, at=AT)


def test_merging_into_itself_or_another_level_is_refused(district: District) -> None:
    cuiying = district["翠英居委会"].pk

    with pytest.raises(Invalid):
        merge_divisions(actor=SYSTEM, divisions=[cuiying], into=cuiying, on=ON, at=AT)
    with pytest.raises(Invalid):
        merge_divisions(actor=SYSTEM, divisions=[cuiying], into=district["外砂街道"].pk, on=ON, at=AT)


def test_a_venue_in_use_since_that_day_is_not_moved_on_it(district: District) -> None:
    venue = make_venue(district["翠英居委会"], opened_on=TODAY)
    record_visits(actor=SYSTEM, venue=venue.pk, count=3, at=AT)

    with pytest.raises(LaterChangeKnown):
        move_venues(actor=SYSTEM, venues=[venue.pk], community=district["金洲村委会"].pk, on=TODAY, at=AT)


def test_an_alias_leads_to_the_community_and_can_be_ended(district: District) -> None:
    cuiying = district["翠英居委会"]
    alias = add_division_alias(actor=SYSTEM, division=cuiying.pk, name=" 翠英园 ", on=ON, at=AT)

    assert list_by_name("翠英园") == [cuiying]

    ended = end_division_alias(actor=SYSTEM, alias=alias.pk, on=TODAY, at=AT)
    assert ended is not None
    assert ended.valid_until == TODAY


def test_a_list_whose_code_is_another_division_is_refused(district: District) -> None:
    with pytest.raises(Invalid) as caught:
        load_divisions(actor=SYSTEM, rows=[DivisionRow("440507004020", "别处居委会", "440507004000")], on=ON, at=AT)

    assert "翠英居委会" in str(caught.value.fields["rows"])


def test_a_community_without_its_subdistrict_is_refused(db: None) -> None:
    with pytest.raises(Invalid, match="cannot be taken|不能"):
        load_divisions(actor=SYSTEM, rows=[DivisionRow("440507004020", "翠英居委会", "440507004000")], on=ON, at=AT)

    assert not Division.objects.exists()


def test_a_rare_character_comes_back_as_it_went_in(district: District) -> None:
    row = DivisionRow("440507009210", "莫𡐓村委会", "440507009000")
    (village,) = load_divisions(actor=SYSTEM, rows=[row], on=ON, at=AT)

    venue = make_venue(village, name="莫𡐓村党群服务中心")

    assert Division.objects.get(pk=village.pk).short_name == "莫𡐓村"
    assert list_by_name("莫𡐓村") == [village]
    assert _titles("莫𡐓村") == ["莫𡐓村"]
    assert _titles("𡐓") == ["莫𡐓村"]
    with scope.within([]):
        assert [hit.record_id for hit in search.find("莫𡐓", kinds=["venue"])] == [venue.pk]


@pytest.mark.parametrize("role", ["community_staff", "subdistrict_staff", "host", "resident"])
def test_only_the_district_changes_divisions(district: District, role: str) -> None:
    cuiying = district["翠英居委会"]

    with pytest.raises(NotAllowed):
        rename_division(
            actor=make_staff(role, cuiying.pk), division=cuiying.pk, official_name="翠园居委会", on=ON, at=AT
        )


def test_a_repeated_split_with_the_same_key_makes_one_part(district: District) -> None:
    actor, key = make_staff("district_staff"), new_id()
    parts = [NewPart("翠园居委会", "440507004027")]

    first, second = (
        split_division(actor=actor, division=district["翠英居委会"].pk, parts=parts, on=ON, at=AT, key=key)
        for _ in range(2)
    )

    assert first == second


def test_previews_say_what_goes_and_what_stays(district: District) -> None:
    cuiying, huaxin, waisha = district["翠英居委会"], district["华新社区居委会"], district["外砂街道"]
    venue = make_venue(huaxin)

    merging = preview_merge(divisions=[huaxin.pk], into=cuiying.pk, on=ON)
    splitting = preview_split(division=huaxin.pk, children=[], venues=[venue.pk], on=ON)
    moving = preview_move(division=huaxin.pk, parent=waisha.pk, on=ON)
    recoding = preview_recode(division=huaxin.pk, code="440507009299", on=ON)

    assert "华新社区居委会" in merging[0]
    assert "1" in merging[1]
    assert "1" in splitting[1]
    assert "外砂街道" in moving[0]
    assert "440507009299" in recoding[0]
