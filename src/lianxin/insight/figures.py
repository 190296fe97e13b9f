"""Figures: any measures over any period and area, current to the last commit, all flows in one query."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count, Sum

from lianxin.insight import levels
from lianxin.insight.areas import Area
from lianxin.insight.catalogue import FLOW, find_measures
from lianxin.insight.periods import ONE_DAY, Period
from lianxin.platform import tallies
from lianxin.platform.contributions import Measure, Window

# Beyond two years of days it is cheaper to ask twice.
LONG_DAYS = 800
Communities = frozenset[UUID] | None
Insides = Mapping[object, Communities]


@dataclass(frozen=True)
class Compared:
    """A value beside that of the period before and of the year before."""

    value: int
    before: int
    year_before: int

    @property
    def change(self) -> int:
        """Give what it is more than in the period before."""
        return self.value - self.before

    @property
    def change_share(self) -> float | None:
        """Give the change as a share of the period before; None where that had nothing."""
        return self.change / self.before if self.before else None


def values(names: Iterable[str], *, period: Period, area: Area, category: str | None = None) -> dict[str, int]:
    """Give figures by name over a period and area: one query for all flows, one for each level and distinct."""
    measures = find_measures(names)
    found = _flows(measures, period, area.communities, by=(), category=category)
    given = {measure.name: found[measure.name].get((), 0) for measure in measures if measure.kind == FLOW}
    rest = [measure for measure in measures if measure.kind != FLOW]
    if levels.are_read():
        return given | levels.level_values(rest, period=period, areas=area.communities)
    for measure in rest:
        given[measure.name] = measure.query(_window(period, area.communities, category))
    return given


def compare(names: Iterable[str], *, period: Period, area: Area) -> dict[str, Compared]:
    """Give figures with those of the period before and of the same period a year before; one query more for flows."""
    measures = find_measures(names)
    stretches = (period, period.before(), period.year_before())
    by_stretch = [values([m.name for m in measures], period=one, area=area) for one in stretches]
    return {measure.name: Compared(*(found[measure.name] for found in by_stretch)) for measure in measures}


def series(names: Iterable[str], *, periods: Sequence[Period], area: Area) -> dict[str, list[int]]:
    """Give flows over several periods, in one or two queries; a level or distinct is asked for each period."""
    measures = find_measures(names)
    if not periods:
        return {measure.name: [] for measure in measures}
    insides = _insides(measures, max(one.until_on for one in periods), area.communities)
    read = [(some, _flows_by_start(measures, some, area, insides)) for some in _read_together(periods)]
    given = {}
    for measure in measures:
        if measure.kind == FLOW:
            given[measure.name] = [
                next(_between(found[measure.name], one) for some, found in read if one in some) for one in periods
            ]
        elif not levels.are_read():
            given[measure.name] = [measure.query(_window(one, area.communities, None)) for one in periods]
    if levels.are_read():
        given |= levels.series([m for m in measures if m.kind != FLOW], periods=periods, areas=area.communities)
    return given


def _read_together(periods: Sequence[Period]) -> list[list[Period]]:
    """Part periods of whole months from others over a long time: for those, all days are read."""
    last, first = max(one.until_on for one in periods), min(one.from_on for one in periods)
    if (last - first).days <= LONG_DAYS:
        return [list(periods)]
    whole = [one for one in periods if one.from_on.day == one.until_on.day == 1]
    return [some for some in (whole, [one for one in periods if one not in whole]) if some]


def _flows_by_start(
    measures: Sequence[Measure], periods: Sequence[Period], area: Area, insides: Insides
) -> dict[str, dict[tuple[Any, ...], int]]:
    stretch = Window(min(one.from_on for one in periods), max(one.until_on for one in periods), area.communities)
    return _flows(measures, stretch, area.communities, by=(_step(periods),), insides=insides)


def _between(by_start: Mapping[tuple[Any, ...], int], period: Period) -> int:
    return sum(total for (start,), total in by_start.items() if period.from_on <= start < period.until_on)


def _step(periods: Sequence[Period]) -> str:
    """Give the widest stretch of which every period is made."""
    if all((p.from_on.month, p.from_on.day, p.until_on.month, p.until_on.day) == (1, 1, 1, 1) for p in periods):
        return "year"
    return "month" if all(p.from_on.day == p.until_on.day == 1 for p in periods) else "day"


def by_area(names: Iterable[str], *, period: Period, areas: Sequence[Area]) -> dict[str, dict[UUID, int]]:
    """Give figures by area id: one query for all flows, and one for each level or distinct that names its rows."""
    measures = find_measures(names)
    of: dict[UUID, list[UUID]] = {}
    for area in areas:
        for community in area.communities or ():
            of.setdefault(community, []).append(area.id or community)
    everybody = frozenset(of)
    read: dict[str, dict[UUID, int]] = {}
    insides: Insides | None = None
    if levels.are_read():
        read = levels.by_area([m for m in measures if m.kind != FLOW], period=period, areas=everybody)
        of_some = [measure for measure in measures if measure.of]
        if of_some:
            pilots = levels.pilots(until_on=period.until_on, areas=everybody)
            insides = {measure.within: frozenset(pilots) for measure in of_some}
            for community, above in pilots.items():
                of.setdefault(community, []).extend(one for name in above for one in of.get(name, ()))
    found = _flows(measures, period, everybody, by=("community",), insides=insides)
    given: dict[str, dict[UUID, int]] = {}
    for measure in measures:
        sums = {area.id: 0 for area in areas if area.id}
        parts = read[measure.name] if measure.name in read else _by_community(measure, period, everybody, areas, found)
        for community, total in parts.items():
            for area_id in of.get(community, (community,)):
                if area_id in sums:
                    sums[area_id] = levels.together(measure, (sums[area_id], total)) if read else sums[area_id] + total
        given[measure.name] = sums
    return given


def _by_community(
    measure: Measure,
    period: Period,
    everybody: frozenset[UUID],
    areas: Sequence[Area],
    flows: Mapping[str, Mapping[tuple[Any, ...], int]],
) -> dict[UUID, int]:
    if measure.kind == FLOW:
        return {key[0]: total for key, total in flows[measure.name].items() if isinstance(key[0], UUID)}
    if measure.rows is not None and (measure.kind == "level" or all(area.is_community for area in areas)):
        rows = measure.rows(_window(period, everybody, None)).order_by().values(measure.place)
        each = Sum(measure.amount) if measure.amount else Count(measure.per or "pk", distinct=bool(measure.per))
        counted = rows.annotate(counted=each)
        return dict(counted.values_list(measure.place, "counted"))
    # Parts of what is counted once do not add up: each area is asked for itself.
    return {area.id: measure.query(_window(period, area.communities, None)) for area in areas if area.id is not None}


def by_category(name: str, *, period: Period, area: Area) -> dict[str, int]:
    """Give a flow by the code of its category; the empty code is what lies in none."""
    (measure,) = find_measures([name])
    if measure.kind != FLOW:
        return {}
    found = _flows([measure], period, area.communities, by=("category",))
    return {str(code): total for (code,), total in found[measure.name].items() if total}


def split(name: str, *, period: Period, area: Area, places: Sequence[Area]) -> tuple[dict[UUID, int], dict[str, int]]:
    """Give a flow by the ids of the places below an area, and by the codes of its categories; one query for both."""
    (measure,) = find_measures([name])
    if measure.kind != FLOW:
        return {}, {}
    home = {community: place.id for place in places for community in place.communities or () if place.id}
    communities = area.communities
    if levels.are_read() and places:
        # What is above communities has sums of its own there: only those of the places are asked for.
        communities = frozenset(home)
    found = _flows([measure], period, communities, by=("community", "category"))[measure.name]
    by_place: Counter[UUID] = Counter()
    by_code: Counter[str] = Counter()
    for (community, category), total in found.items():
        if community in home:
            by_place[home[community]] += total
        by_code[str(category)] += total
    return dict(by_place), {code: total for code, total in by_code.items() if total}


def narrowed(
    measure: Measure, *, until_on: date, area: Area, places: Sequence[Area] = ()
) -> tuple[str, Area, list[Area]]:
    """Give the name of the flow that a figure counts, and where: one of some communities only is another one there.

    Who belongs to them is told for the last day, so that a stretch of time and what it is compared with count the same.
    """
    if not measure.of:
        return measure.name, area, list(places)
    if not levels.are_read():
        inside = within(measure, until_on, area.communities) or frozenset()
        parts = [replace(one, communities=inside & (one.communities or frozenset())) for one in places]
        return measure.of, replace(area, communities=inside), parts
    home = {one: place.id for place in places for one in place.communities or ()}
    held: dict[UUID | None, set[UUID]] = {}
    pilots = levels.pilots(until_on=until_on, areas=area.communities)
    for community, above in pilots.items():
        place = next((home[one] for one in (community, *above) if one in home), None)
        held.setdefault(place, set()).add(community)
    parts = [replace(one, communities=frozenset(held.get(one.id, ()))) for one in places]
    return measure.of, replace(area, communities=frozenset(pilots)), parts


def per_thousand(value: int, residents: int) -> float | None:
    """Give a value per 1,000 residents; None where nobody is on record."""
    return 1000 * value / residents if residents else None


def _flows(
    measures: Sequence[Measure],
    period: Period | Window,
    communities: Communities,
    *,
    by: tuple[str, ...],
    category: str | None = None,
    insides: Insides | None = None,
) -> dict[str, dict[tuple[Any, ...], int]]:
    """Give the sums of flows by their names and dimensions, those made of other flows in a query for each `within`.

    `insides` are the communities of each `within` where they are known already.
    """
    if insides is None:
        insides = _insides(measures, period.until_on, communities)
    found: dict[str, dict[tuple[Any, ...], int]] = {measure.name: {} for measure in measures}
    plain = [measure.name for measure in measures if measure.kind == FLOW and not measure.of]
    if plain:
        for (name, *key), total in _read(plain, period, communities, by, category).items():
            found[name][tuple(key)] = total
    of_some: dict[object, list[Measure]] = {}
    for measure in measures:
        if measure.of:
            of_some.setdefault(measure.within, []).append(measure)
    for one_within, some in of_some.items():
        inside = insides[one_within]
        sums = _read([measure.of for measure in some], period, inside, by, category) if inside else {}
        for measure in some:
            for (name, *key), total in sums.items():
                if name == measure.of:
                    found[measure.name][tuple(key)] = total
    return found


def _insides(measures: Sequence[Measure], until_on: date, communities: Communities) -> Insides:
    """Give the communities of each `within` of some measures; each is asked for once."""
    found: dict[object, Communities] = {}
    for measure in measures:
        if measure.of and measure.within not in found:
            found[measure.within] = within(measure, until_on, communities)
    return found


def within(measure: Measure, until_on: date, communities: Communities) -> Communities:
    """Give the communities over which a flow made of another one is summed."""
    if measure.within is None:
        return communities
    if levels.are_read():
        return frozenset(levels.pilots(until_on=until_on, areas=communities))
    inside = measure.within(until_on - ONE_DAY)
    return inside if communities is None else inside & communities


def _read(
    names: Sequence[str],
    period: Period | Window,
    communities: Communities,
    by: tuple[str, ...],
    category: str | None,
) -> dict[tuple[Any, ...], int]:
    if communities is not None and not communities:
        return {}
    asked = tallies.Sums(
        measures=tuple(names),
        from_on=period.from_on,
        until_on=period.until_on,
        areas=communities,
        category=category,
    )
    return tallies.read(asked, by=by)


def _window(period: Period, communities: Communities, category: str | None) -> Window:
    return Window(period.from_on, period.until_on, communities, category=category)
