"""What stands or occurred, counted for many figures, days and places in one query."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Count, IntegerField, QuerySet, Value

from lianxin.platform.contributions import Measure, Window

# SQLite puts at most 500 parts together in one query; parts name their communities one by one.
AT_ONCE = 60


def counts(asked: Sequence[tuple[Measure, Window]]) -> list[int]:
    """Give levels and distincts for pairs of figure and window, in their order: one query for each sixty of them.

    A figure that does not name its rows, or is a sum of amounts, is asked for itself.
    """
    found: dict[int, int] = {}
    parts: list[QuerySet[Any]] = []
    for n, (measure, window) in enumerate(asked):
        if measure.counts_rows:
            parts.append(_part(n, measure, window))
        else:
            found[n] = measure.query(window)
    for start in range(0, len(parts), AT_ONCE):
        first, *others = parts[start : start + AT_ONCE]
        found |= dict(first.union(*others, all=True) if others else first)
    # What a database need not be asked for, such as the rows of no community, has no part in its answer.
    return [found.get(n, 0) for n in range(len(asked))]


def _part(number: int, measure: Measure, window: Window) -> QuerySet[Any]:
    assert measure.rows is not None
    rows: QuerySet[Any] = measure.rows(window).order_by()
    counted = Count(measure.per or "pk", distinct=bool(measure.per))
    numbered = rows.annotate(asked_number=Value(number, output_field=IntegerField())).values("asked_number")
    return numbered.annotate(counted=counted).values_list("asked_number", "counted")
