"""Figures of a city or a province that cannot be added up over days: what its districts read off and handed up."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from uuid import UUID

from django.db.models import F, OuterRef, Q, Subquery, Window
from django.db.models.functions import RowNumber

from lianxin.domain.places.models import Division, Level
from lianxin.domain.reporting.models import DistrictFeed, LevelReading
from lianxin.domain.reporting.queries.feeds import is_upper
from lianxin.insight.periods import MONTH, QUARTER, YEAR, Period, month_of
from lianxin.platform.contributions import Measure

Areas = frozenset[UUID] | None
SPANS = {YEAR: "Y", QUARTER: "Q", MONTH: "M"}
PILOTS = "pilot_communities"
# What nobody has read off for so long is not known any more; and ten years of readings cost what one does.
STANDS_FOR = timedelta(days=400)


def are_read() -> bool:
    """Tell whether this instance knows levels only as its districts read them."""
    return is_upper()


def level_values(measures: Sequence[Measure], *, period: Period, areas: Areas) -> dict[str, int]:
    """Give levels and distincts over some areas together (None: all districts); two queries at most."""
    found = by_area(measures, period=period, areas=areas)
    return {measure.name: together(measure, found[measure.name].values()) for measure in measures}


def together(measure: Measure, parts: Iterable[int]) -> int:
    """Give what several areas come to: a sum, but categories, which areas share, are at least those of the largest."""
    values = list(parts)
    return max(values, default=0) if measure.per.endswith("category") else sum(values)


def by_area(measures: Sequence[Measure], *, period: Period, areas: Areas) -> dict[str, dict[UUID, int]]:
    """Give levels and distincts by area; a level is the last one read in the period or before it."""
    found: dict[str, dict[UUID, int]] = {measure.name: {} for measure in measures}
    levels = [measure.name for measure in measures if measure.kind == "level"]
    distincts = [measure.name for measure in measures if measure.kind == "distinct"]
    wanted = _wanted(areas)
    if levels:
        rows = LevelReading.objects.filter(
            measure__in=levels,
            span=LevelReading.Span.DAY,
            area_id__in=wanted,
            read_on__lt=period.until_on,
            read_on__gte=period.until_on - STANDS_FOR,
        )
        # Whole rows of a group: the last of each measure and area.
        ranked = rows.annotate(
            turn=Window(RowNumber(), partition_by=[F("measure"), F("area_id")], order_by=F("read_on").desc())
        )
        for name, area, value in ranked.filter(turn=1).values_list("measure", "area_id", "value"):
            found[name][area] = value
    if distincts:
        span, starts = _stretches(period)
        rows = LevelReading.objects.filter(measure__in=distincts, span=span, area_id__in=wanted, read_on__in=starts)
        for name, area, value in rows.order_by().values_list("measure", "area_id", "value"):
            found[name][area] = max(value, found[name].get(area, 0))
    return found


def series(measures: Sequence[Measure], *, periods: Sequence[Period], areas: Areas) -> dict[str, list[int]]:
    """Give levels and distincts over periods that follow one another; one query for all levels."""
    given: dict[str, list[int]] = {}
    levels = [measure for measure in measures if measure.kind == "level"]
    if levels and periods:
        read: dict[str, dict[UUID, list[tuple[date, int]]]] = {measure.name: {} for measure in levels}
        rows = LevelReading.objects.filter(
            measure__in=list(read),
            span=LevelReading.Span.DAY,
            area_id__in=_wanted(areas),
            read_on__lt=max(one.until_on for one in periods),
            read_on__gte=min(one.until_on for one in periods) - STANDS_FOR,
        )
        for name, area, on, value in rows.order_by("read_on").values_list("measure", "area_id", "read_on", "value"):
            read[name].setdefault(area, []).append((on, value))
        for measure in levels:
            given[measure.name] = [
                together(measure, (_last(found, one.until_on) for found in read[measure.name].values()))
                for one in periods
            ]
    for measure in measures:
        if measure.kind == "distinct":
            given[measure.name] = [level_values([measure], period=one, areas=areas)[measure.name] for one in periods]
    return given


def _last(found: Sequence[tuple[date, int]], until_on: date) -> int:
    value = 0
    for on, read in found:
        if on >= until_on:
            break
        value = read if on >= until_on - STANDS_FOR else 0
    return value


def _wanted(areas: Areas) -> list[UUID]:
    if areas is not None:
        return sorted(areas)
    return list(DistrictFeed.objects.order_by().values_list("district_id", flat=True))


def _stretches(period: Period) -> tuple[str, list[date]]:
    """Give where a distinct is read; of days and weeks only their months are known, of which the largest counts."""
    if period.kind in SPANS:
        return SPANS[period.kind], [period.from_on]
    months, at = [], month_of(period.from_on)
    while at.from_on < period.until_on:
        months.append(at.from_on)
        at = month_of(at.until_on)
    return "M", months


def pilots(*, until_on: date, areas: Areas) -> dict[UUID, tuple[UUID, ...]]:
    """Give the communities of some areas (None: all) that were pilots when last read before a day, with what is above.

    Each community's last reading is one look into the index: to rank all readings would take twenty times as long.
    """
    read = LevelReading.objects.filter(
        measure=PILOTS, span=LevelReading.Span.DAY, area_id=OuterRef("pk"), read_on__lt=until_on
    )
    known = Division.objects.filter(level=Level.COMMUNITY).order_by()
    if areas is not None:
        known = known.filter(Q(pk__in=areas) | Q(parent__in=areas) | Q(parent__parent__in=areas))
    found = known.annotate(last=Subquery(read.order_by("-read_on").values("value")[:1])).filter(last__gt=0)
    return {
        pk: tuple(one for one in (office, district) if one)
        for pk, office, district in found.values_list("pk", "parent", "parent__parent")
    }
