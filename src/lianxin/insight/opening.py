"""Opening a figure: the records that it is made of, as far as the reader may see them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import CharField, Count, Min, Model, QuerySet, Sum
from django.db.models.functions import Cast

from lianxin.insight import figures, records
from lianxin.insight.areas import Area, communities_below
from lianxin.insight.catalogue import FLOW, find_measure
from lianxin.insight.periods import Period
from lianxin.platform.actors import Actor
from lianxin.platform.contributions import Measure, Window
from lianxin.platform.errors import Missing
from lianxin.platform.models import Fact, kind_of

PER_PAGE = 50


@dataclass(frozen=True)
class OpenedRow:
    """One record behind a figure: what it is, on which day, and how much it counts for."""

    record_kind: str
    record_id: UUID
    on: date
    quantity: int
    community_id: UUID | None
    title: str = ""
    note: str = ""


@dataclass(frozen=True)
class Opened:
    """A page of the records behind a figure; `total` is the figure, `count` how many records there are."""

    rows: tuple[OpenedRow, ...]
    total: int
    count: int
    page: int
    pages: int


def open_figure(
    name: str,
    *,
    period: Period,
    area: Area,
    actor: Actor,
    page: int = 1,
    per_page: int = PER_PAGE,
    category: str | None = None,
) -> Opened:
    """Give the records behind a figure, newest first; raises Missing for a page that is not there.

    A record that was taken back counts for nothing and is left out. A figure that is a sum of amounts kept on accounts
    has no rows.
    """
    measure = find_measure(name)
    found = _facts(measure, period, area, category) if measure.kind == FLOW else _standing(measure, period, area)
    count = 0 if found is None else found.count()
    pages = max(1, -(-count // per_page))
    if not 1 <= page <= pages:
        raise Missing
    total = figures.values([name], period=period, area=area, category=category)[measure.name]
    shown = [] if found is None else found[(page - 1) * per_page : page * per_page]
    rows = [_opened(measure, row, found, period) for row in shown]
    return Opened(tuple(_titled(rows, actor)), total, count, page, pages)


def _opened(measure: Measure, row: tuple[Any, ...], found: Any, period: Period) -> OpenedRow:
    if measure.kind == FLOW:
        return OpenedRow(*row)
    kind = counted_kind(measure, found.model)
    if not measure.per:
        return OpenedRow(kind, row[0], period.last_on, 1, row[1])
    pk, places, first = row
    # What several communities share, such as a category, lies in none.
    return OpenedRow(kind, pk, period.last_on, 1, UUID(first) if places == 1 else None)


def _facts(measure: Measure, period: Period, area: Area, category: str | None = None) -> QuerySet[Any]:
    """Give what is left of each record's facts, corrections taken off."""
    communities = area.communities
    if measure.of:
        communities = figures.within(measure, period.until_on, communities)
    if communities is None and area.id is not None:
        communities = communities_below([area.id], on=period.last_on) | communities_below([area.id], on=period.from_on)
    found = Fact.objects.filter(
        measure=measure.of or measure.name, occurred_on__gte=period.from_on, occurred_on__lt=period.until_on
    )
    if communities is not None:
        found = found.filter(community_id__in=sorted(communities))
    if category is not None:
        found = found.filter(category=category)
    keys = ("record_kind", "record_id", "occurred_on", "community_id")
    summed = found.order_by().values(*keys).annotate(left=Sum("quantity")).exclude(left=0)
    return summed.order_by("-occurred_on", "record_id").values_list(
        "record_kind", "record_id", "occurred_on", "left", "community_id"
    )


def _standing(measure: Measure, period: Period, area: Area) -> QuerySet[Any] | None:
    """Give what stands behind a level or distinct: ids of what is counted, each once, with a community."""
    if measure.rows is None:
        return None
    rows = measure.rows(Window(period.from_on, period.until_on, area.communities)).order_by()
    if not measure.per:
        return rows.order_by("pk").values_list("pk", measure.place)
    return _each_once(rows, measure)


def _each_once(rows: QuerySet[Any], measure: Measure) -> QuerySet[Any]:
    """Give each counted thing with how many communities it lies in, and the first of them as text."""
    # PostgreSQL has no least of several UUIDs.
    first = Min(Cast(measure.place, CharField()))
    counted = rows.values(measure.per).annotate(places=Count(measure.place, distinct=True), first=first)
    return counted.order_by(measure.per).values_list(measure.per, "places", "first")


def counted_kind(measure: Measure, model: type[Model]) -> str:
    """Give the kind of record that a level or distinct counts: the model at the end of `per`."""
    at: Any = model
    for name in filter(None, measure.per.split("__")):
        at = at._meta.get_field(name).related_model or at
    return kind_of(at)


def _titled(rows: Iterable[OpenedRow], actor: Actor) -> list[OpenedRow]:
    known = list(rows)
    by_kind: dict[str, list[UUID]] = {}
    for row in known:
        by_kind.setdefault(row.record_kind, []).append(row.record_id)
    titles = {kind: records.titles(kind, ids, actor) for kind, ids in by_kind.items()}
    given = []
    for row in known:
        title = titles[row.record_kind].get(row.record_id)
        given.append(row if title is None else replace(row, title=str(title.title), note=str(title.note)))
    return given
