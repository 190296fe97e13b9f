"""The tables of a year as all its public pages publish them together, and which of their cells those pages may tell.

A cell is a place and a month, or a place and the whole year. A place is a community, a subdistrict or the district
(`ALL`). Months add up to the year and places to the one above them, so that whoever has all pages can add and subtract
over both; what is kept back is therefore chosen for all pages at once.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from datetime import date
from uuid import UUID

from lianxin.insight.kept_back import Cell, kept_back

# The district, and the whole year.
ALL: None = None
YEAR: None = None
Place = UUID | None
Key = tuple[Place, date | None]
Told = dict[Key, int | None]


def year_table(counts: Mapping[tuple[UUID, date], int], above: Mapping[UUID, UUID]) -> dict[Key, Cell]:
    """Give the table of what is told month by month and as a year; `above` is the subdistrict of a community."""
    sums, upper = _summed(counts, above, with_months=True), frozenset(above.values())
    return {key: _cell(key, value, above, upper, with_months=True) for key, value in sums.items()}


def totals_table(counts: Mapping[tuple[UUID, date], int], above: Mapping[UUID, UUID]) -> dict[Key, Cell]:
    """Give the table of what is told as a year alone."""
    sums, upper = _summed(counts, above, with_months=False), frozenset(above.values())
    return {key: _cell(key, value, above, upper, with_months=False) for key, value in sums.items()}


def told(table: Mapping[Key, Cell]) -> Told:
    """Give the cells as they may be told, None for what is kept back; of what is not there, there is nothing."""
    hidden = kept_back(table)
    return {key: None if key in hidden else cell.value for key, cell in table.items()}


def _summed(
    counts: Mapping[tuple[UUID, date], int], above: Mapping[UUID, UUID], *, with_months: bool
) -> dict[Key, int]:
    """Give each cell that holds anything, in an order of its own."""
    sums: dict[Key, int] = {}
    for (community, month), count in counts.items():
        for place in (community, above.get(community), ALL) if community in above else (community, ALL):
            for column in (month, YEAR) if with_months else (YEAR,):
                sums[place, column] = sums.get((place, column), 0) + count
    return {key: sums[key] for key in sorted(sums, key=lambda key: tuple(map(str, key))) if sums[key] > 0}


def _cell(
    key: Key, value: int, above: Mapping[UUID, UUID], subdistricts: frozenset[UUID], *, with_months: bool
) -> Cell:
    """Give a cell with its two sums: that of its months, and that of the places beside it.

    A subdistrict's months add up because those of its communities do: its cells join sums of places above and below.
    """
    place, column = key
    row: Hashable = ("months of", place) if with_months else "no sum"
    below: Hashable = ("places in", place, column) if place is ALL or place in subdistricts else row
    beside: Hashable = row if place is ALL else ("places in", above.get(place, ALL), column)
    if column is YEAR:
        return Cell(value, out_of=beside, into=below)
    return Cell(value, out_of=below, into=beside)
