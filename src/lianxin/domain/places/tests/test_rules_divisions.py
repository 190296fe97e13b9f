"""Codes, names and dated spans."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianxin.domain.places.rules.divisions import (
    Span,
    clean_code,
    committee_of,
    cut,
    first_overlap,
    holds_on,
    is_code,
    level_of,
    names_to_search,
    overlap,
    parent_code_of,
    short_name,
    split_name,
    spoken_name,
)

DAYS = st.dates(date(2000, 1, 1), date(2040, 1, 1))


@st.composite
def spans(draw: st.DrawFn) -> Span:
    """Draw a span of at least one day, or an open one."""
    start = draw(DAYS)
    length = draw(st.none() | st.integers(1, 5000))
    return Span(start, None if length is None else start + timedelta(days=length))


@given(spans(), spans())
def test_two_spans_overlap_exactly_when_some_day_lies_in_both(one: Span, other: Span) -> None:
    # The later of the two first days is in both spans if any day is.
    candidate = max(one.from_on, other.from_on)

    assert overlap(one, other) == (holds_on(one, candidate) and holds_on(other, candidate))
    assert overlap(one, other) == overlap(other, one)


@given(st.lists(spans(), max_size=8))
def test_first_overlap_agrees_with_comparing_every_pair(held: list[Span]) -> None:
    pairs = [(a, b) for number, a in enumerate(held) for b in held[number + 1 :]]

    assert (first_overlap(held) is not None) == any(overlap(a, b) for a, b in pairs)


@given(spans(), DAYS)
def test_a_cut_span_keeps_its_days_before_the_cut_and_none_after(span: Span, on: date) -> None:
    remaining = cut(span, on)

    before, after = on - timedelta(days=1), on
    assert holds_on(span, before) == (remaining is not None and holds_on(remaining, before))
    assert remaining is None or not holds_on(remaining, after)


@given(DAYS, st.lists(st.integers(1, 400), min_size=1, max_size=6))
def test_a_chain_of_cuts_leaves_spans_that_lie_apart(start: date, steps: list[int]) -> None:
    held, current = [], Span(start)
    for step in steps:
        on = current.from_on + timedelta(days=step)
        held.append(cut(current, on))
        current = Span(on)

    assert first_overlap([*held, current]) is None


@pytest.mark.parametrize(
    ("code", "level"),
    [
        ("440000000000", "province"),
        ("440500000000", "city"),
        ("440507000000", "district"),
        ("440507001000", "subdistrict"),
        ("440507100000", "subdistrict"),
        ("440507001001", "community"),
    ],
)
def test_level_is_read_from_the_zeros(code: str, level: str) -> None:
    assert level_of(code) == level


def test_last_three_digits_say_the_kind_of_committee() -> None:
    assert committee_of("440507001001") == "residents"
    assert committee_of("440507009207") == "villagers"
    assert committee_of("440507009498") == "none"


def test_parent_code_follows_the_digits() -> None:
    assert parent_code_of("440507101002") == "440507101000"
    assert parent_code_of("440507101000") == "440507000000"
    assert parent_code_of("440000000000") == ""


def test_full_width_digits_and_spaces_are_understood() -> None:
    assert clean_code(" ４４０５０７００１００１ ") == "440507001001"
    assert is_code("440507001001")
    assert not is_code("44050700100")
    assert not is_code("٤40507001001")


@pytest.mark.parametrize(
    ("official", "spoken", "short"),
    [
        ("金珠居委会", "金珠社区", "金珠"),
        ("长泰社区居委会", "长泰社区", "长泰"),
        ("大衙村委会", "大衙村", "大衙"),
        ("莫𡐓村委会", "莫𡐓村", "莫𡐓"),
        ("东村村委会", "东村", "东村"),
        ("旦家园居委会", "旦家园社区", "旦家园"),
        ("和平村民委员会", "和平村", "和平"),
    ],
)
def test_spoken_and_short_names_follow_from_the_official_one(official: str, spoken: str, short: str) -> None:
    assert spoken_name(official) == spoken
    assert short_name(official) == short


def test_upper_divisions_are_spoken_of_by_their_name() -> None:
    assert spoken_name("金霞街道", "subdistrict") == "金霞街道"
    assert short_name("金霞街道", "subdistrict") == "金霞"
    assert short_name("外砂镇", "subdistrict") == "外砂"


def test_the_ending_names_the_committee() -> None:
    assert split_name("金洲居委会") == ("金洲", "residents")
    assert split_name("金洲村") == ("金洲", "villagers")
    assert split_name("金洲") == ("金洲", "none")


def test_every_usual_way_to_write_a_name_is_searched() -> None:
    assert names_to_search("金珠居委会") == ["金珠居委会", "金珠社区", "金珠", "金珠社区居委会"]


@given(st.text(alphabet="金珠大衙翠英莫𡐓村社区新", min_size=1, max_size=6))
def test_a_spoken_name_is_its_own_spoken_name(base: str) -> None:
    spoken = spoken_name(base + "居委会")

    assert spoken_name(spoken) == spoken
