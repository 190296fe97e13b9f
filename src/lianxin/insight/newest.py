"""The newest records behind a flow, at a cost that depends on how many are asked for and not on how many there are.

How far back one has to look is told by the roll-ups. Each record counts for one at least: the last days that add up to
as many as are wanted are the fewest that can hold them, and only those are read from the facts. Where records count for
more, what was found tells how much further one has to look.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import QuerySet, Sum

from lianxin.domain.places.models import Division, Level
from lianxin.platform import tallies
from lianxin.platform.models import Fact

# What is found tells only roughly how much more there is.
FURTHER = 2
# record kind and id, day, what it counts for, community
Row = tuple[str, UUID, date, int, UUID]


@dataclass(frozen=True, slots=True)
class Newest:
    """The newest records of a flow, corrections taken off; `total` is the flow itself."""

    rows: list[Row]
    total: int


def newest(asked: tallies.Sums, *, most: int) -> Newest:
    """Give at most so many of the newest records of one flow: of equal days those with the smaller id first."""
    months = _by_start(asked, "month")
    total = sum(months.values())
    if not any(months.values()):
        return Newest([], total)
    wanted = most
    while True:
        from_on, held = _looked_through(asked, months, wanted)
        rows = list(_records(asked, from_on)[:most])
        if len(rows) == most or from_on == asked.from_on:
            return Newest(rows, total)
        wanted = FURTHER * max(wanted, held * most // max(1, len(rows)))


def _looked_through(asked: tallies.Sums, months: Mapping[date, int], wanted: int) -> tuple[date, int]:
    """Give the day from which on at least so much was counted, and how much that is."""
    from_on, held = _from_which_on(months, wanted)
    if held < wanted:
        return asked.from_on, held
    from_on = max(from_on, asked.from_on)
    if held > FURTHER * wanted:
        from_on, held = _from_which_on(_by_start(replace(asked, from_on=from_on), "day"), wanted)
    return from_on, held


def _from_which_on(sums: Mapping[date, int], wanted: int) -> tuple[date, int]:
    held, from_on = 0, date.max
    for from_on in sorted(sums, reverse=True):
        # What was taken back on a day of its own counts for less than nothing.
        held += abs(sums[from_on])
        if held >= wanted:
            break
    return from_on, held


def _by_start(asked: tallies.Sums, step: str) -> dict[date, int]:
    return {key[1]: total for key, total in tallies.read(asked, by=(step,)).items()}


def _records(asked: tallies.Sums, from_on: date) -> QuerySet[Any]:
    """Give what is left of each record's facts from a day on; communities are named, since the index goes by them."""
    areas: Any = asked.areas
    if areas is None:
        areas = Division.objects.filter(level=Level.COMMUNITY).order_by().values("pk")
    found = Fact.objects.filter(
        measure__in=list(asked.measures),
        occurred_on__gte=from_on,
        occurred_on__lt=asked.until_on,
        community_id__in=areas,
    )
    if asked.category is not None:
        found = found.filter(category=asked.category)
    keys = ("record_kind", "record_id", "occurred_on", "community_id")
    left = found.order_by().values(*keys).annotate(left=Sum("quantity")).exclude(left=0)
    return left.order_by("-occurred_on", "record_id").values_list(
        "record_kind", "record_id", "occurred_on", "left", "community_id"
    )
