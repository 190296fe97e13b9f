"""The numbers of one figure over a period and place: by time, by the places below, by category, and compared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from lianxin.faces.district.views.figures_asked import Asked
from lianxin.insight import areas, figures, levels, periods, standing
from lianxin.insight.areas import Area
from lianxin.insight.catalogue import DISTINCT, FLOW, LEVEL
from lianxin.insight.periods import ONE_DAY, Period
from lianxin.platform.contributions import Measure, Window, measure

RESIDENTS = "residents"
# Days that one look takes in; a longer stretch is cut into months or years only.
DAYS_AT_ONCE = 366
# Of more communities than this days are not read one by one.
MOST_BY_DAY = 400


@dataclass(frozen=True)
class Compared:
    """A value beside that of the period before and of the year before; None where that was not asked for."""

    value: int
    before: int | None = None
    year_before: int | None = None


@dataclass(frozen=True)
class Numbers:
    """All that the page of a figure shows."""

    compared: Compared
    # None where it is known only as it stands now.
    parts: tuple[tuple[Period, int], ...]
    days: tuple[tuple[date, int], ...]
    children: tuple[tuple[Area, int], ...]
    categories: tuple[tuple[str, int], ...]
    residents: int
    people: Mapping[UUID, int]

    @property
    def per_thousand(self) -> float | None:
        """Give the value per 1,000 residents."""
        return figures.per_thousand(self.compared.value, self.residents)


def count(asked: Asked, figure: Measure, places: Sequence[Area]) -> Numbers:
    """Count one figure for a page; a handful of queries, however long the period."""
    parts = [one for one in asked.period.parts() if one.from_on <= asked.today]
    people: dict[UUID | None, int] = {}
    below: Mapping[UUID, int] | None
    if figure.kind == FLOW:
        name, area, parts_of_it = figures.narrowed(
            figure, until_on=asked.so_far.until_on, area=asked.area, places=places
        )
        compared, by_part, days = _flow(asked, name, area, parts)
        below, by_code = figures.split(name, period=asked.period, area=area, places=parts_of_it)
        if not figure.of:
            people = _residents(asked, places)
    else:
        compared, by_part, below = _standing(asked, figure, parts, places)
        days, by_code = (), {}
    return Numbers(
        compared=compared,
        parts=by_part,
        days=days,
        children=tuple((one, below.get(one.id, 0)) for one in places if one.id) if below is not None else (),
        categories=tuple(sorted(by_code.items(), key=lambda pair: (-pair[1], pair[0]))),
        residents=people.get(asked.area.id, 0) or sum(people.get(one.id, 0) for one in places if one.id),
        people={one.id: people[one.id] for one in places if one.id and one.id in people},
    )


ByPart = tuple[tuple[Period, int], ...]
ByDay = tuple[tuple[date, int], ...]


def _flow(asked: Asked, name: str, area: Area, parts: Sequence[Period]) -> tuple[Compared, ByPart, ByDay]:
    if area.communities is not None and len(area.communities) > MOST_BY_DAY:
        return _flow_of_many(asked, name, area, parts)
    before, earlier = asked.beside()
    is_short = len(parts) > 0 and asked.period.days <= DAYS_AT_ONCE
    so_far = asked.so_far
    pieces = [periods.day(so_far.from_on + timedelta(n)) for n in range(so_far.days)] if is_short else list(parts)
    found = figures.series([name], periods=[*pieces, before, earlier], area=area)[name]
    *counted, was, was_earlier = found
    by_part = tuple(
        (
            part,
            sum(n for piece, n in zip(pieces, counted, strict=True) if part.from_on <= piece.from_on < part.until_on),
        )
        for part in parts
    )
    days = tuple((piece.from_on, n) for piece, n in zip(pieces, counted, strict=True)) if is_short else ()
    return Compared(sum(counted), was, was_earlier), by_part, days


def _flow_of_many(asked: Asked, name: str, area: Area, parts: Sequence[Period]) -> tuple[Compared, ByPart, ByDay]:
    """Count what is summed over thousands of communities: by months rather than days, of which there are too many."""
    counted = figures.series([name], periods=parts, area=area)[name]
    sides = {one: figures.values([name], period=one, area=area)[name] for one in dict.fromkeys(asked.beside())}
    was, was_earlier = (sides[one] for one in asked.beside())
    return Compared(sum(counted), was, was_earlier), tuple(zip(parts, counted, strict=True)), ()


def _standing(
    asked: Asked, figure: Measure, parts: Sequence[Period], places: Sequence[Area]
) -> tuple[Compared, ByPart, Mapping[UUID, int] | None]:
    whole, sides, parts = _stretches(asked, figure, parts)
    if not figure.counts_rows and not asked.is_upper:
        places = ()
    here = asked.area.communities
    wanted: list[Wanted] = [(figure, one, here) for one in (whole, *sides, *parts)]
    wanted += [(figure, whole, one.communities) for one in places]
    value, *counted = _counts(asked, wanted)
    by_part = tuple(zip(parts, counted[len(sides) :], strict=False))
    below = {one.id: n for one, n in zip(places, counted[len(sides) + len(parts) :], strict=True) if one.id}
    is_split = asked.is_upper or figure.counts_rows
    return Compared(value, *counted[: len(sides)]), by_part, below if is_split else None


def _stretches(
    asked: Asked, figure: Measure, parts: Sequence[Period]
) -> tuple[Period, tuple[Period, ...], Sequence[Period]]:
    """Give the stretch that is counted, those it is compared with, and the parts that are known of it."""
    sides = asked.beside()
    if figure.is_now:
        return asked.so_far, (), ()
    if asked.is_upper:
        # Districts read off the ends of months, and what is counted once for whole months, quarters and years.
        is_cut = figure.kind == DISTINCT and asked.is_running
        return asked.period, () if is_cut else sides, [one for one in parts if one.kind in levels.SPANS]
    if not figure.counts_rows:
        # What counts no rows costs queries of its own each time it is asked for.
        return asked.so_far, sides[:1], ()
    return asked.so_far, sides, parts


Wanted = tuple[Measure, Period, frozenset[UUID] | None]


def _counts(asked: Asked, wanted: Sequence[Wanted]) -> list[int]:
    """Count levels and distincts: from the records, or at a city or province as the districts read them."""
    if not asked.is_upper:
        return standing.counts([(one, _window(period, here, asked.today)) for one, period, here in wanted])
    today = periods.day(asked.today)
    return levels.counts([(one, today if one.is_now else period, here) for one, period, here in wanted])


def _window(period: Period, communities: frozenset[UUID] | None, today: date) -> Window:
    return Window(period.from_on, max(period.from_on + ONE_DAY, min(period.until_on, today + ONE_DAY)), communities)


def _residents(asked: Asked, places: Sequence[Area]) -> dict[UUID | None, int]:
    """Count the residents of each place below, or of the place itself where nothing lies below."""
    of = places or ((asked.area,) if asked.area.id else ())
    whole = asked.period if asked.is_upper else asked.so_far
    counted = _counts(asked, [(measure(RESIDENTS), whole, one.communities) for one in of])
    return {one.id: n for one, n in zip(of, counted, strict=True)}


@dataclass(frozen=True)
class Brief:
    """One figure of the catalogue: its value, the change where something is known to compare with, and its line."""

    figure: Measure
    value: int
    change: int | None
    line: tuple[int, ...]
    per_thousand: float | None


def count_briefly(asked: Asked, some: Sequence[Measure]) -> list[Brief]:
    """Count many figures for the catalogue: their values, what they were before, and how flows went."""
    flows = [one for one in some if one.kind == FLOW]
    others = [one for one in some if one.kind != FLOW]
    before, _earlier = asked.beside()
    parts = [one for one in asked.period.parts() if one.from_on <= asked.today]
    found = figures.series([one.name for one in flows], periods=[*parts, before], area=asked.area) if flows else {}
    # What counts no rows costs queries of its own: it is not asked for the period before.
    compared = [one for one in others if (one.counts_rows or asked.is_upper) and one.kind == LEVEL and not one.is_now]
    here, whole = asked.area.communities, asked.period if asked.is_upper else asked.so_far
    wanted: list[Wanted] = [(one, whole, here) for one in others] + [(one, before, here) for one in compared]
    counted = _counts(asked, [*wanted, (measure(RESIDENTS), whole, here)])
    residents = counted[-1]
    values = {one.name: n for one, n in zip(others, counted, strict=False)}
    earlier = {one.name: n for one, n in zip(compared, counted[len(others) :], strict=False)}
    return [
        _brief_flow(one, found[one.name], residents) if one.kind == FLOW else _brief_other(one, values, earlier)
        for one in some
    ]


def _brief_flow(figure: Measure, found: Sequence[int], residents: int) -> Brief:
    *line, was = found
    value = sum(line)
    return Brief(figure, value, value - was, tuple(line), figures.per_thousand(value, residents))


def _brief_other(figure: Measure, values: dict[str, int], earlier: dict[str, int]) -> Brief:
    value, was = values[figure.name], earlier.get(figure.name)
    return Brief(figure, value, None if was is None else value - was, (), None)


def places_below(asked: Asked) -> list[Area]:
    """Give the places one step down from the one asked for."""
    return areas.children(asked.area, on=asked.on)


def adds_up(figure: Measure) -> bool:
    """Tell whether parts of a figure make up the whole."""
    return figure.kind != DISTINCT
