"""Sharing and expiring are arithmetic: nothing is lost, nothing is made."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianxin.domain.points.rules import life
from lianxin.domain.points.rules.take_over_rows import read_day, read_points

TODAY = date(2026, 11, 20)
LOTS = st.dictionaries(
    st.integers(-40, 400).map(lambda days: TODAY + timedelta(days=days)), st.integers(1, 500), max_size=6
)


@given(total=st.integers(0, 10_000), weights=st.lists(st.integers(0, 12), min_size=1, max_size=6))
def test_shares_add_up_and_are_fair_to_one_point(total: int, weights: list[int]) -> None:
    parts = life.share(total, weights)

    if sum(weights) == 0:
        assert parts == [0] * len(weights)
    else:
        assert sum(parts) == total
        assert all(abs(part - total * weight / sum(weights)) < 1 for part, weight in zip(parts, weights, strict=True))


@given(lots=LOTS, held=st.integers(0, 600), staying=st.integers(1, 6), leaving=st.integers(1, 6))
def test_leavers_get_no_more_of_a_lot_than_is_free(
    lots: dict[date, int], held: int, staying: int, leaving: int
) -> None:
    free = life.free_lots(lots, held)

    going = life.share_of_leavers(free, staying=staying, leaving=leaving)

    assert sum(free.values()) == max(sum(lots.values()) - held, 0)
    assert all(0 < points <= free[on] for on, points in going.items())
    assert abs(sum(going.values()) - sum(free.values()) * leaving / (staying + leaving)) < 1


@pytest.mark.parametrize(
    ("days", "warning"), [(-1, None), (0, 1), (1, 1), (2, 7), (7, 7), (8, 30), (30, 30), (31, None)]
)
def test_warning_belongs_to_the_days_that_are_left(days: int, warning: int | None) -> None:
    assert life.warning_of(TODAY + timedelta(days=days), TODAY) == warning


@pytest.mark.parametrize(
    "text", ["2027-12-31", "2027/12/31", "2027年12月31日", "20271231", "46752", "2027-12-31 00:00:00"]
)
def test_a_day_is_read_as_people_write_it(text: str) -> None:
    assert read_day(text) == date(2027, 12, 31)


@pytest.mark.parametrize("text", ["", "明年", "2027-13-01", "1"])
def test_what_is_no_day_gets_a_sentence(text: str) -> None:
    assert isinstance(read_day(text), str)


@pytest.mark.parametrize(("text", "points"), [("120", 120), ("1,200", 1200), ("30.0", 30), ("15分", 15)])
def test_points_are_read_as_people_write_them(text: str, points: int) -> None:
    assert read_points(text) == points


@pytest.mark.parametrize("text", ["", "0", "-5", "1.5", "12a", "99999999"])
def test_what_are_no_points_gets_a_sentence(text: str) -> None:
    assert isinstance(read_points(text), str)
