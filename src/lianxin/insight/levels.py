"""Figures of a city or a province that cannot be added up over days: what its districts read off and handed up."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Case, F, Max, OuterRef, Q, Subquery, UUIDField, When, Window
from django.db.models.functions import RowNumber

from lianxin.domain.places.models import Division, Level
from lianxin.domain.reporting.models import DistrictFeed, LevelReading
from lianxin.domain.reporting.queries.feeds import is_upper
from lianxin.insight.periods import MONTH, QUARTER, YEAR, Period, month_of
from lianxin.platform.contributions import Measure

Areas = frozenset[UUID] | None
SPANS = {YEAR: "Y", QUARTER: "Q", MONTH: "M"}
PILOTS = "pilot_communities"
# So many days are looked up one by one; more are read as one stretch.
FEW_DAYS = 3
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
    if levels:
        found |= _last_read(levels, until_on=period.until_on, areas=areas)
    if distincts:
        span, starts = _stretches(period)
        read = _stretches_read(distincts, spans=[span], starts=starts, areas=areas)
        found |= {name: _largest(read, name, span, starts) for name in distincts}
    return found


Asked = tuple[Measure, Period, Areas]
Numbered = Sequence[tuple[int, Asked]]


def counts(asked: Sequence[Asked]) -> list[int]:
    """Give levels and distincts over some periods and areas, in their order; a handful of queries however many."""
    levels = [(n, one) for n, one in enumerate(asked) if one[0].kind == "level"]
    distincts = [(n, one) for n, one in enumerate(asked) if one[0].kind == "distinct"]
    days: dict[Areas, set[date]] = {}
    for _n, (_measure, period, areas) in levels:
        days.setdefault(areas, set()).add(period.until_on)
    found: dict[int, int] = {}
    by_day: dict[tuple[date, bool], list[tuple[int, Asked]]] = {}
    for areas, untils in days.items():
        some = [(n, one) for n, one in levels if one[2] == areas]
        if len(untils) > FEW_DAYS:
            found |= _over_time(some, areas)
        else:
            for n, one in some:
                by_day.setdefault((one[1].until_on, areas is None), []).append((n, one))
    for (until_on, _is_all), some in by_day.items():
        read = _last_read([one.name for one in _measures(some)], until_on=until_on, areas=_joined(some))
        found |= {n: _over(measure, read[measure.name], areas) for n, (measure, _period, areas) in some}
    for is_all in (True, False):
        found |= _distincts([(n, one) for n, one in distincts if (one[2] is None) == is_all])
    return [found.get(n, 0) for n in range(len(asked))]


def _over_time(some: Numbered, areas: Areas) -> dict[int, int]:
    periods = sorted({one[1] for _n, one in some}, key=lambda one: (one.from_on, one.until_on))
    read = series(_measures(some), periods=periods, areas=areas)
    return {n: read[measure.name][periods.index(period)] for n, (measure, period, _areas) in some}


def _measures(some: Numbered) -> list[Measure]:
    return list({measure.name: measure for _n, (measure, _period, _areas) in some}.values())


def _joined(some: Numbered) -> Areas:
    """Give the areas of some that are either all of everything, or all of named areas."""
    if any(areas is None for _n, (_measure, _period, areas) in some):
        return None
    return frozenset().union(*(areas or () for _n, (_measure, _period, areas) in some))


def _over(measure: Measure, read: Mapping[UUID, int], areas: Areas) -> int:
    return together(measure, read.values() if areas is None else (read[one] for one in areas if one in read))


def _distincts(some: Numbered) -> dict[int, int]:
    if not some:
        return {}
    stretches = {n: _stretches(period) for n, (_measure, period, _areas) in some}
    read = _stretches_read(
        [one.name for one in _measures(some)],
        spans={span for span, _starts in stretches.values()},
        starts={start for _span, starts in stretches.values() for start in starts},
        areas=_joined(some),
    )
    return {
        n: _over(measure, _largest(read, measure.name, *stretches[n]), areas) for n, (measure, _period, areas) in some
    }


Read = dict[tuple[str, str, date], dict[UUID, int]]


def _stretches_read(names: Collection[str], *, spans: Collection[str], starts: Collection[date], areas: Areas) -> Read:
    rows = LevelReading.objects.filter(
        measure__in=names, span__in=spans, area_id__in=_wanted(areas), read_on__in=sorted(starts)
    )
    found: Read = {}
    for name, span, area, on, value in rows.order_by().values_list("measure", "span", "area_id", "read_on", "value"):
        found.setdefault((name, span, on), {})[area] = value
    return found


def _largest(read: Read, name: str, span: str, starts: Iterable[date]) -> dict[UUID, int]:
    found: dict[UUID, int] = {}
    for start in starts:
        for area, value in read.get((name, span, start), {}).items():
            found[area] = max(value, found.get(area, 0))
    return found


def _last_read(names: Collection[str], *, until_on: date, areas: Areas) -> dict[str, dict[UUID, int]]:
    """Give the last reading of each level and area before a day; one query."""
    found: dict[str, dict[UUID, int]] = {name: {} for name in names}
    rows = LevelReading.objects.filter(
        measure__in=names,
        span=LevelReading.Span.DAY,
        area_id__in=_wanted(areas),
        read_on__lt=until_on,
        read_on__gte=until_on - STANDS_FOR,
    )
    # Whole rows of a group: the last of each measure and area.
    ranked = rows.annotate(
        turn=Window(RowNumber(), partition_by=[F("measure"), F("area_id")], order_by=F("read_on").desc())
    )
    for name, area, value in ranked.filter(turn=1).values_list("measure", "area_id", "value"):
        found[name][area] = value
    return found


def series(measures: Sequence[Measure], *, periods: Sequence[Period], areas: Areas) -> dict[str, list[int]]:
    """Give levels and distincts over periods that follow one another; one query for all of each kind."""
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
    distincts = [measure for measure in measures if measure.kind == "distinct"]
    asked = [(measure, one, areas) for measure in distincts for one in periods]
    counted = _distincts(list(enumerate(asked)))
    for n, (measure, _period, _areas) in enumerate(asked):
        given.setdefault(measure.name, []).append(counted[n])
    return given | {measure.name: [] for measure in distincts if not periods}


def _last(found: Sequence[tuple[date, int]], until_on: date) -> int:
    value = 0
    for on, read in found:
        if on >= until_on:
            break
        value = read if on >= until_on - STANDS_FOR else 0
    return value


def _wanted(areas: Areas) -> Any:
    return DistrictFeed.objects.order_by().values("district_id") if areas is None else sorted(areas)


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
    """Give the communities of some areas that were pilots when last read, with what is above each.

    Of all (None), what is above is the district alone.
    """
    return _pilots_of_all(until_on) if areas is None else _pilots_of(until_on, areas)


def _pilots_of(until_on: date, areas: frozenset[UUID]) -> dict[UUID, tuple[UUID, ...]]:
    """Look for each community's last reading; one query."""
    read = LevelReading.objects.filter(
        measure=PILOTS,
        span=LevelReading.Span.DAY,
        area_id=OuterRef("pk"),
        read_on__lt=until_on,
        read_on__gte=until_on - STANDS_FOR,
    )
    communities = Division.objects.filter(level=Level.COMMUNITY).order_by()
    below = communities.filter(Q(pk__in=areas) | Q(parent__in=areas) | Q(parent__parent__in=areas))
    # Found first by themselves: else a last reading would be looked for of every community that there is.
    known = Division.objects.filter(pk__in=below.values("pk")).order_by()
    found = known.annotate(last=Subquery(read.order_by("-read_on").values("value")[:1])).filter(last__gt=0)
    return {
        pk: tuple(one for one in (office, district) if one)
        for pk, office, district in found.values_list("pk", "parent", "parent__parent")
    }


def _pilots_of_all(until_on: date) -> dict[UUID, tuple[UUID, ...]]:
    """Look for the day of each district's last reading, on which it read its communities too; two queries.

    To look for the last reading of each community takes twice as long, of which there are tens of thousands.
    """
    read = LevelReading.objects.filter(measure=PILOTS, span=LevelReading.Span.DAY).order_by()
    of_districts = read.filter(area_id__in=_wanted(None), read_on__lt=until_on, read_on__gte=until_on - STANDS_FOR)
    days = dict(of_districts.values_list("area_id").annotate(last=Max("read_on")))
    if not days:
        return {}
    communities = Division.objects.filter(level=Level.COMMUNITY).order_by()
    own = Division.objects.filter(pk=OuterRef("area_id")).order_by()
    district = Case(
        When(parent__level=Level.DISTRICT, then=F("parent")), default=F("parent__parent"), output_field=UUIDField()
    )
    found = read.filter(value__gt=0, read_on__in=set(days.values()), area_id__in=communities.values("pk")).annotate(
        district=Subquery(own.values(district=district)[:1])
    )
    return {
        pk: (above,) for pk, on, above in found.values_list("area_id", "read_on", "district") if days.get(above) == on
    }
