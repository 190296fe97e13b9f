"""Opening a figure: the records that it is made of, as far as the reader may see them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import CharField, Count, Min, Model, QuerySet
from django.db.models.functions import Cast

from lianxin.insight import figures, records
from lianxin.insight.areas import Area
from lianxin.insight.catalogue import FLOW, find_measure
from lianxin.insight.newest import newest
from lianxin.insight.periods import Period
from lianxin.platform import tallies
from lianxin.platform.actors import Actor
from lianxin.platform.contributions import Measure, Window
from lianxin.platform.errors import Missing
from lianxin.platform.models import kind_of

PER_PAGE = 50
# Nobody turns more pages than these take; who looks for another record asks for fewer days or a smaller place.
MOST = 1_000


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
    """A page of the records behind a figure; `total` is the figure, `count` how many records can be paged through.

    `is_cut` says that there are more records than those.
    """

    rows: tuple[OpenedRow, ...]
    total: int
    count: int
    page: int
    pages: int
    is_cut: bool = False


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

    A record that was taken back counts for nothing and is left out. Of very many only the newest `MOST` are given, or a
    page where that is longer, so that a page costs the same however many there are.
    """
    measure = find_measure(name)
    most = max(MOST, per_page)
    if measure.kind == FLOW:
        found = newest(_sums(measure, period, area, category), most=most + 1)
        count, total = len(found.rows), found.total
    else:
        total = figures.values([name], period=period, area=area, category=category)[measure.name]
        standing = _standing(measure, period, area)
        count = _counted(measure, standing, total, most)
    pages = max(1, -(-min(count, most) // per_page))
    if not 1 <= page <= pages:
        raise Missing
    first, until = (page - 1) * per_page, min(page * per_page, most)
    if measure.kind == FLOW:
        rows = [OpenedRow(*row) for row in found.rows[first:until]]
    else:
        rows = [_opened(measure, row, standing, period) for row in ([] if standing is None else standing[first:until])]
    return Opened(tuple(_titled(rows, actor)), total, min(count, most), page, pages, is_cut=count > most)


def _sums(measure: Measure, period: Period, area: Area, category: str | None) -> tallies.Sums:
    communities = area.communities
    if measure.of:
        communities = figures.within(measure, period.until_on, communities)
    return tallies.Sums(
        measures=(measure.of or measure.name,),
        from_on=period.from_on,
        until_on=period.until_on,
        areas=communities,
        category=category,
    )


def _counted(measure: Measure, standing: QuerySet[Any] | None, total: int, most: int) -> int:
    """Count the rows of a level or distinct, no further than one more than can be shown: mostly they are the figure."""
    if standing is None:
        return 0
    return standing[: most + 1].count() if measure.amount else total


def _opened(measure: Measure, row: tuple[Any, ...], found: Any, period: Period) -> OpenedRow:
    kind = counted_kind(measure, found.model)
    if not measure.per:
        pk, community, *amount = row
        return OpenedRow(kind, pk, period.last_on, amount[0] if amount else 1, community)
    pk, places, first = row
    # What several communities share, such as a category, lies in none.
    return OpenedRow(kind, pk, period.last_on, 1, UUID(first) if places == 1 else None)


def _standing(measure: Measure, period: Period, area: Area) -> QuerySet[Any] | None:
    """Give what stands behind a level or distinct: ids of what is counted, each once, with a community."""
    if measure.rows is None:
        return None
    rows = measure.rows(Window(period.from_on, period.until_on, area.communities)).order_by()
    if not measure.per:
        return rows.order_by("pk").values_list("pk", measure.place, *filter(None, [measure.amount]))
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
