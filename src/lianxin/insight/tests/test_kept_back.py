"""What is kept back of a published table: whoever adds and subtracts all that is told learns no small number."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from lianxin.insight.kept_back import Cell, kept_back
from lianxin.insight.publishing import LEAST
from lianxin.insight.year_tables import ALL, YEAR, Key, told, totals_table, year_table

COMMUNITIES = [UUID(int=n) for n in range(1, 7)]
SUBDISTRICTS = [UUID(int=n) for n in (101, 102)]
MONTHS = [date(2022, n, 1) for n in range(1, 5)]
Counts = dict[tuple[UUID, date], int]
counts_of_people = st.one_of(st.just(0), st.integers(1, LEAST), st.integers(1, 60))


@st.composite
def districts(draw: st.DrawFn) -> tuple[Counts, dict[UUID, UUID]]:
    """Give counts by community and month, and the subdistrict of some communities."""
    communities = COMMUNITIES[: draw(st.integers(1, len(COMMUNITIES)))]
    months = MONTHS[: draw(st.integers(1, len(MONTHS)))]
    counts = {(one, month): draw(counts_of_people) for one in communities for month in months}
    uppers = {one: draw(st.sampled_from([None, *SUBDISTRICTS])) for one in communities}
    return counts, {one: upper for one, upper in uppers.items() if upper is not None}


def parts_of(key: Key, leaves: list[tuple[UUID, date | None]], above: Mapping[UUID, UUID]) -> np.ndarray[Any, Any]:
    """Mark the counts that a cell is the sum of, without any help of what is tested."""
    place, column = key
    return np.array(
        [
            float((place is ALL or place in (community, above.get(community))) and (column is YEAR or column == month))
            for community, month in leaves
        ]
    )


def what_is_possible(
    counts: Mapping[Any, int], above: Mapping[UUID, UUID], table: Mapping[Key, Cell]
) -> dict[Key, Any]:
    """Give the least and the greatest that each small cell can be for somebody who has every page.

    Where nothing came that is taken as known, and everything else as at least nothing.
    """
    open_cells = {key: value for key, value in told(table).items() if value is not None}
    leaves = sorted(counts, key=str)
    sums = [parts_of(key, leaves, above) for key in open_cells]
    known = {"A_eq": np.array(sums), "b_eq": [float(n) for n in open_cells.values()]} if sums else {}
    bounds = [(0, None if counts[leaf] else 0) for leaf in leaves]
    found = {}
    for key, cell in table.items():
        if not 0 < cell.value < LEAST:
            continue
        aim = parts_of(key, leaves, above)
        low, high = (linprog(sign * aim, bounds=bounds, **known) for sign in (1, -1))
        found[key] = (low.fun, -high.fun if high.status == 0 else float("inf"))
    return found


@settings(max_examples=60)
@given(districts())
@example(({(COMMUNITIES[0], MONTHS[0]): 1}, {}))
@example(({(COMMUNITIES[0], MONTHS[0]): 1, (COMMUNITIES[1], MONTHS[0]): 1}, {COMMUNITIES[0]: SUBDISTRICTS[0]}))
@pytest.mark.parametrize("make", [year_table, totals_table])
def test_each_number_up_to_four_stays_possible_for_every_small_cell(make: Any, made: Any) -> None:
    counts, above = made
    table = make(counts, above)
    if make is totals_table:
        years: dict[Any, int] = {}
        for (community, _month), count in counts.items():
            years[community, YEAR] = years.get((community, YEAR), 0) + count
        counts = years

    possible = what_is_possible(counts, above, table)

    assert not [value for value in told(table).values() if value is not None and value < LEAST]
    narrow = {key: found for key, found in possible.items() if found[0] > 1 + 1e-6 or found[1] < LEAST - 1 - 1e-6}
    assert not narrow


def test_without_small_cells_everything_is_told() -> None:
    counts = {(one, month): 5 for one in COMMUNITIES for month in MONTHS}

    table = year_table(counts, {})

    assert told(table) == {key: cell.value for key, cell in table.items()}


def test_a_small_month_takes_its_cheapest_way_round_with_it() -> None:
    one, two, three = COMMUNITIES[:3]
    first, second, third = MONTHS[:3]
    counts = {
        (one, first): 3, (one, second): 20, (one, third): 50,
        (two, first): 9, (two, second): 10, (two, third): 70,
        (three, first): 40, (three, second): 60, (three, third): 80,
    }  # fmt: skip

    table = year_table(counts, {})

    assert {key for key, value in told(table).items() if value is None} == {
        (one, first), (one, second), (two, first), (two, second),
    }  # fmt: skip


def test_a_table_that_cannot_be_kept_safe_is_not_told_at_all() -> None:
    lonely = {"small": Cell(2, "one", "two"), "big": Cell(90, "two", "three")}

    assert kept_back(lonely) == {"small", "big"}
