"""Tallies and roll-ups: how sums of facts are kept by day, month and year, read back and proved."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.db.models import Q, QuerySet, Sum

from lianxin.platform import rows, scope
from lianxin.platform.ids import new_id
from lianxin.platform.models import ALL_CATEGORIES, EVERYTHING, Fact, FactPending, Rollup, Tally

DAY, MONTH, YEAR = Rollup.Span.DAY, Rollup.Span.MONTH, Rollup.Span.YEAR
ONE_DAY = timedelta(days=1)
# measure, community, day, venue, category
Key = tuple[str, UUID, date, UUID, str]
_AT_ONCE = 900


@dataclass(frozen=True)
class Sums:
    """Which sums are asked for: days [from_on, until_on); `areas` None stands for all that the scope holds."""

    measures: Collection[str]
    from_on: date
    until_on: date
    areas: frozenset[UUID] | None = None
    venue_id: UUID | None = None
    category: str | None = None


def month_of(day: date) -> date:
    """Give the first day of a day's month."""
    return day.replace(day=1)


def year_of(day: date) -> date:
    """Give the first day of a day's year."""
    return day.replace(month=1, day=1)


def next_month(day: date) -> date:
    """Give the first day of the month after a day's."""
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)


def add(sums: Mapping[Key, int], *, wider: Mapping[UUID, UUID] | None = None) -> None:
    """Add sums to the tallies and to all roll-ups above them; `wider` gives a community's district to a city."""
    keys = sorted(sums, key=lambda key: tuple(map(str, key)))
    quote = connection.ops.quote_name
    rows.insert(
        Tally,
        ("id", "measure", "community_id", "day_on", "venue_id", "category", "quantity"),
        [(new_id(), *key, sums[key]) for key in keys],
        on_conflict=(
            " ON CONFLICT (measure, community_id, day_on, venue_id, category) DO UPDATE SET quantity = "
            f"{quote(Tally._meta.db_table)}.quantity + excluded.quantity"
        ),
    )
    add_to_rollups(sums, wider=wider)


def add_to_rollups(sums: Mapping[Key, int], *, wider: Mapping[UUID, UUID] | None = None) -> None:
    """Add sums to the roll-ups alone, in the order of their keys."""
    above = rolled_up(sums, wider=wider)
    quote = connection.ops.quote_name
    rows.insert(
        Rollup,
        ("id", "measure", "span", "area_id", "category", "starts_on", "quantity"),
        [(new_id(), *key, above[key]) for key in sorted(above, key=lambda key: tuple(map(str, key)))],
        on_conflict=(
            " ON CONFLICT (measure, span, area_id, category, starts_on) DO UPDATE SET quantity = "
            f"{quote(Rollup._meta.db_table)}.quantity + excluded.quantity"
        ),
    )


def rolled_up(
    sums: Mapping[Key, int], *, wider: Mapping[UUID, UUID] | None = None
) -> dict[tuple[str, str, UUID, str, date], int]:
    """Give what sums by day add to the roll-ups: (measure, span, area, category, first day) and quantity."""
    above: dict[tuple[str, str, UUID, str, date], int] = {}
    for (measure, community, day, _venue, category), quantity in sums.items():
        month, year = month_of(day), year_of(day)
        areas = [EVERYTHING]
        if wider is not None and community in wider:
            areas.append(wider[community])
        targets = [(MONTH, community, month), (YEAR, community, year)]
        for area in areas:
            targets += [(DAY, area, day), (MONTH, area, month), (YEAR, area, year)]
        for span, area, starts_on in targets:
            for kept in (ALL_CATEGORIES, category):
                key = (measure, str(span), area, kept, starts_on)
                above[key] = above.get(key, 0) + quantity
    return above


def read(asked: Sums, *, by: Iterable[str] = ()) -> dict[tuple[Any, ...], int]:
    """Give sums by (measure, *by), current to the last commit, in one query.

    `by` names any of "community", "category", "venue", "day", "month" and "year". A sum over a stretch is made of
    its whole years, whole months and single days, so that a long stretch costs what a short one does.
    """
    if asked.until_on <= asked.from_on or not asked.measures:
        return {}
    wanted = tuple(by)
    allowed = scope.ids()
    areas = asked.areas
    if areas is None and allowed is not None:
        areas = allowed
    found: dict[tuple[Any, ...], int] = {}
    parts = list(_kept(asked, wanted, areas)) + [_pending(asked, wanted, areas)]
    first, *others = parts
    for measure, *dimensions, total in first.union(*others, all=True):
        if total:
            key = (measure, *(_as_asked(name, value) for name, value in zip(wanted, dimensions, strict=True)))
            found[key] = found.get(key, 0) + int(total)
    return found


def _as_asked(name: str, value: Any) -> Any:
    if name in ("month", "year") and isinstance(value, date):
        return month_of(value) if name == "month" else year_of(value)
    return value


def _kept(asked: Sums, by: tuple[str, ...], areas: frozenset[UUID] | None) -> Iterator[QuerySet[Any]]:
    """Give the queries of what is added up already."""
    if asked.venue_id is not None or "venue" in by or ("day" in by and (areas is not None or "community" in by)):
        yield from _by_day(asked, by, areas, [(asked.from_on, asked.until_on)])
        return
    years, months, days = pieces(asked.from_on, asked.until_on, by)
    if years:
        yield _from_rollups(asked, by, areas, YEAR, years)
    if months:
        yield _from_rollups(asked, by, areas, MONTH, months)
    if days and (areas is not None or "community" in by):
        yield from _by_day(asked, by, areas, days)
    elif days:
        yield _from_rollups(asked, by, areas, DAY, days)


def _by_day(
    asked: Sums, by: tuple[str, ...], areas: frozenset[UUID] | None, days: list[Stretch]
) -> Iterator[QuerySet[Any]]:
    """Give what is kept by day: tallies of communities, and at a city or province the roll-ups of districts."""
    yield _from_tallies(asked, by, areas, days)
    if settings.LEVEL != "district" and areas is not None and asked.venue_id is None and "venue" not in by:
        yield _from_rollups(asked, by, areas, DAY, days)


Stretch = tuple[date, date]


def pieces(
    from_on: date, until_on: date, by: Collection[str] = ()
) -> tuple[list[Stretch], list[Stretch], list[Stretch]]:
    """Cut [from_on, until_on) into stretches of whole years, of whole months and of days."""
    if "day" in by:
        return [], [], [(from_on, until_on)]
    first_month = from_on if from_on.day == 1 else next_month(from_on)
    last_month = month_of(until_on)
    if first_month >= last_month:
        return [], [], [(from_on, until_on)]
    days = [piece for piece in ((from_on, first_month), (last_month, until_on)) if piece[0] < piece[1]]
    first_year = first_month if first_month.month == 1 else date(first_month.year + 1, 1, 1)
    last_year = year_of(last_month)
    if "month" in by or first_year >= last_year:
        return [], [(first_month, last_month)], days
    months = [piece for piece in ((first_month, first_year), (last_year, last_month)) if piece[0] < piece[1]]
    return [(first_year, last_year)], months, days


def _within(field: str, stretches: Iterable[Stretch]) -> Q:
    found = Q()
    for from_on, until_on in stretches:
        found |= Q(**{f"{field}__gte": from_on, f"{field}__lt": until_on})
    return found


def _summed(found: QuerySet[Any], fields: Iterable[str]) -> QuerySet[Any]:
    names = ("measure", *fields)
    return found.order_by().values(*names).annotate(total=Sum("quantity")).values_list(*names, "total")


def _from_rollups(
    asked: Sums, by: tuple[str, ...], areas: frozenset[UUID] | None, span: str, stretches: list[Stretch]
) -> QuerySet[Any]:
    found = Rollup.objects.filter(_within("starts_on", stretches), measure__in=list(asked.measures), span=span)
    if areas is not None:
        found = found.filter(area_id__among=areas)
    elif "community" in by:
        found = found.exclude(area_id=EVERYTHING)
    else:
        found = found.filter(area_id=EVERYTHING)
    if asked.category is not None:
        found = found.filter(category=asked.category)
    elif "category" in by:
        found = found.exclude(category=ALL_CATEGORIES)
    else:
        found = found.filter(category=ALL_CATEGORIES)
    names = {"community": "area_id", "category": "category"}
    return _summed(found, [names.get(name, "starts_on") for name in by])


def _from_tallies(
    asked: Sums, by: tuple[str, ...], areas: frozenset[UUID] | None, stretches: list[Stretch]
) -> QuerySet[Any]:
    found = Tally.objects.filter(_within("day_on", stretches), measure__in=list(asked.measures))
    names = {"community": "community_id", "venue": "venue_id", "category": "category"}
    return _summed(_narrowed(found, asked, areas), [names.get(name, "day_on") for name in by])


def _pending(asked: Sums, by: tuple[str, ...], areas: frozenset[UUID] | None) -> QuerySet[Any]:
    found = Fact.objects.filter(
        measure__in=list(asked.measures),
        occurred_on__gte=asked.from_on,
        occurred_on__lt=asked.until_on,
        pk__in=FactPending.objects.values("fact_id"),
    )
    names = {"community": "community_id", "venue": "venue_id", "category": "category"}
    return _summed(_narrowed(found, asked, areas), [names.get(name, "occurred_on") for name in by])


def _narrowed(found: QuerySet[Any], asked: Sums, areas: frozenset[UUID] | None) -> QuerySet[Any]:
    if areas is not None:
        found = found.filter(community_id__among=areas)
    if asked.venue_id is not None:
        found = found.filter(venue_id=asked.venue_id)
    return found if asked.category is None else found.filter(category=asked.category)


def check_tallies() -> Iterator[str]:
    """Prove that tallies and pending facts add up to all facts, key by key; yields a sentence for each difference."""
    fact, tally, pending = (connection.ops.quote_name(m._meta.db_table) for m in (Fact, Tally, FactPending))
    keys = "measure, community_id, day, venue_id, category"
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {keys}, SUM(facts), SUM(tallied) FROM ("
            " SELECT measure, community_id, occurred_on AS day, venue_id, category, SUM(quantity) AS facts,"
            f" 0 AS tallied FROM {fact} f WHERE NOT EXISTS (SELECT 1 FROM {pending} p WHERE p.fact_id = f.id)"
            " GROUP BY measure, community_id, occurred_on, venue_id, category"
            f" UNION ALL SELECT measure, community_id, day_on, venue_id, category, 0, quantity FROM {tally}"
            f") sums GROUP BY {keys} HAVING SUM(facts) <> SUM(tallied) ORDER BY {keys}"
        )
        for measure, community, day, _venue, category, facts_sum, tallied in cursor.fetchall():
            yield (
                f"{measure} on {day} in community {UUID(str(community))}"
                f"{f' and category {category}' if category else ''}: facts say {facts_sum}, tallies say {tallied}"
            )


def check_rollups() -> Iterator[str]:
    """Prove that every roll-up of a community and of everything is the sum of its tallies."""
    tally, rollup = (connection.ops.quote_name(m._meta.db_table) for m in (Tally, Rollup))
    is_postgresql = connection.vendor == "postgresql"
    everything = f"CAST('{EVERYTHING}' AS uuid)" if is_postgresql else f"'{EVERYTHING.hex}'"
    starts = {
        DAY: "day_on",
        MONTH: "CAST(date_trunc('month', day_on) AS date)" if is_postgresql else "substr(day_on, 1, 7) || '-01'",
        YEAR: "CAST(date_trunc('year', day_on) AS date)" if is_postgresql else "substr(day_on, 1, 4) || '-01-01'",
    }
    tallied = [
        f"SELECT measure, '{span.value}' AS span, {area} AS area_id, {category} AS category, {start} AS starts_on,"
        f" SUM(quantity) AS tallied, 0 AS rolled FROM {tally} GROUP BY 1, 3, 4, 5"
        for span, start in starts.items()
        for area in ([everything] if span == DAY else ["community_id", everything])
        for category in ("category", f"'{ALL_CATEGORIES}'")
    ]
    # Districts of a city's instance are proved against their own files.
    known = f"area_id = {everything} OR area_id IN (SELECT community_id FROM {tally})"
    keys = "measure, span, area_id, category, starts_on"
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {keys}, SUM(tallied), SUM(rolled) FROM ({' UNION ALL '.join(tallied)}"
            f" UNION ALL SELECT {keys}, 0, quantity FROM {rollup} WHERE {known}"
            f") sums GROUP BY {keys} HAVING SUM(tallied) <> SUM(rolled) ORDER BY {keys}"
        )
        for measure, span, area, category, start, by_day, rolled in cursor.fetchall():
            where = "everywhere" if str(area).replace("-", "") == EVERYTHING.hex else f"in community {UUID(str(area))}"
            what = "" if category == ALL_CATEGORIES else f" and category {category or '(none)'}"
            yield (
                f"{measure} of the {Rollup.Span(span).name.lower()} of {start} {where}{what}:"
                f" tallies say {by_day}, the roll-up says {rolled}"
            )
