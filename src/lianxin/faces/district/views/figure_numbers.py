"""The numbers of one figure over a period and place: by time, by the places below, by category, and compared."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from lianxin.faces.district.views.figures_asked import Asked
from lianxin.insight import areas, figures, periods, standing
from lianxin.insight.areas import Area
from lianxin.insight.catalogue import DISTINCT, FLOW, LEVEL
from lianxin.insight.periods import ONE_DAY, Period
from lianxin.platform.contributions import Measure, Window, measure

RESIDENTS = "residents"
# Days that one look takes in; a longer stretch is cut into months or years only.
DAYS_AT_ONCE = 366


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

    @property
    def per_thousand(self) -> float | None:
        """Give the value per 1,000 residents."""
        return figures.per_thousand(self.compared.value, self.residents)


def count(asked: Asked, figure: Measure, places: Sequence[Area]) -> Numbers:
    """Count one figure for a page; a handful of queries, however long the period."""
    parts = [one for one in asked.period.parts() if one.from_on <= asked.today]
    people: dict[UUID | None, int] = {}
    below: dict[UUID | None, int] | None
    if figure.kind == FLOW:
        compared, by_part, days = _flow(asked, figure, parts)
        below, categories = _split(asked, figure, places)
        if not figure.of:
            people = _residents(asked, places)
    else:
        compared, by_part, below = _standing(asked, figure, parts, places)
        days, categories = (), ()
    return Numbers(
        compared=compared,
        parts=tuple(zip(parts, by_part, strict=True)) if by_part else (),
        days=days,
        children=tuple((one, below.get(one.id, 0)) for one in places if one.id) if below is not None else (),
        categories=tuple(sorted(categories, key=lambda pair: (-pair[1], pair[0]))),
        residents=people.get(asked.area.id, 0) or sum(people.get(one.id, 0) for one in places if one.id),
    )


def _flow(
    asked: Asked, figure: Measure, parts: Sequence[Period]
) -> tuple[Compared, list[int], tuple[tuple[date, int], ...]]:
    before, earlier = asked.beside()
    is_short = len(parts) > 0 and asked.period.days <= DAYS_AT_ONCE
    so_far = asked.so_far
    pieces = [periods.day(so_far.from_on + timedelta(n)) for n in range(so_far.days)] if is_short else list(parts)
    found = figures.series([figure.name], periods=[*pieces, before, earlier], area=asked.area)[figure.name]
    *counted, was, was_earlier = found
    by_part = [
        sum(n for piece, n in zip(pieces, counted, strict=True) if part.from_on <= piece.from_on < part.until_on)
        for part in parts
    ]
    days = tuple((piece.from_on, n) for piece, n in zip(pieces, counted, strict=True)) if is_short else ()
    return Compared(sum(counted), was, was_earlier), by_part, days


def _split(
    asked: Asked, figure: Measure, places: Sequence[Area]
) -> tuple[dict[UUID | None, int], tuple[tuple[str, int], ...]]:
    """Split a flow by the places below and by category; one query for both."""
    cells = figures.by_community_and_category(figure.name, period=asked.period, area=asked.area)
    home = {community: place.id for place in places for community in place.communities or ()}
    below: Counter[UUID | None] = Counter()
    categories: Counter[str] = Counter()
    for (community, category), total in cells.items():
        below[home.get(community)] += total
        categories[category] += total
    return dict(below), tuple(categories.items())


def _standing(
    asked: Asked, figure: Measure, parts: Sequence[Period], places: Sequence[Area]
) -> tuple[Compared, list[int], dict[UUID | None, int] | None]:
    whole, communities = asked.so_far, asked.area.communities
    before, earlier = asked.beside()
    stretches = [whole]
    if figure.rows is None:
        # What names no rows costs queries of its own each time it is asked for.
        stretches, places = [whole, before], ()
    elif not figure.is_now:
        stretches = [whole, before, earlier, *parts]
    windows = [_window(one, communities, asked.today) for one in stretches]
    windows += [_window(whole, one.communities, asked.today) for one in places]
    counted = standing.counts([(figure, window) for window in windows])
    here, below = counted[: len(stretches)], counted[len(stretches) :]
    if figure.rows is None:
        return Compared(*here), [], None
    return Compared(*here[:3]), here[3:], {one.id: n for one, n in zip(places, below, strict=True)}


def _window(period: Period, communities: frozenset[UUID] | None, today: date) -> Window:
    return Window(period.from_on, max(period.from_on + ONE_DAY, min(period.until_on, today + ONE_DAY)), communities)


def _residents(asked: Asked, places: Sequence[Area]) -> dict[UUID | None, int]:
    """Count the residents of each place below, or of the place itself where nothing lies below."""
    of = places or ((asked.area,) if asked.area.id else ())
    windows = [_window(asked.so_far, one.communities, asked.today) for one in of]
    counted = standing.counts([(measure(RESIDENTS), window) for window in windows])
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
    # What names no rows costs a query of its own: it is not asked for the period before.
    compared = [one for one in others if one.rows is not None and one.kind == LEVEL and not one.is_now]
    communities = asked.area.communities
    window, was = (_window(one, communities, asked.today) for one in (asked.so_far, before))
    pairs = [(one, window) for one in others] + [(one, was) for one in compared]
    counted = standing.counts([*pairs, (measure(RESIDENTS), window)])
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
