"""An issued briefing beside the records of today: which of its numbers would come out differently now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from lianxin.domain.places.models import Division, Level
from lianxin.insight import figures
from lianxin.insight.areas import Area, communities_below, names_on
from lianxin.insight.briefing_names import measures
from lianxin.insight.periods import Period, days, month_of, read_period, year
from lianxin.platform import scope

Kept = tuple[str, str, str, str, int]
"""Figure, first day, day after the last, division or "", value."""


@dataclass(frozen=True)
class Difference:
    """A number that is not what it was; `now` is None where the figure is not counted any more."""

    figure: str
    label: str
    period: Period
    place: str
    place_id: str
    issued: int
    now: int | None


def kept_values(kept: Mapping[str, Any]) -> list[Kept]:
    """Give the numbers that are kept with a briefing."""
    return [(str(a), str(b), str(c), str(d), int(value)) for a, b, c, d, value in kept.get("values", ())]


def differences(kept: Mapping[str, Any], *, communities: frozenset[UUID] | None, whole: str) -> list[Difference]:
    """Compute each number again: one query for the flows of each stretch of days, be it of one place or of many.

    `communities` are those of the briefing's own place, which `whole` names.
    """
    known = measures()
    found: list[Difference] = []
    by_days: dict[tuple[str, str], list[Kept]] = {}
    for one in kept_values(kept):
        by_days.setdefault((one[1], one[2]), []).append(one)
    with scope.within(communities):
        for (from_on, until_on), rows in sorted(by_days.items()):
            period = period_of(date.fromisoformat(from_on), date.fromisoformat(until_on))
            now = _now([one for one in rows if one[0] in known], period, communities)
            names = names_on({UUID(one[3]) for one in rows if one[3]}, period.last_on)
            for name, _from, _until, place, value in rows:
                computed = now.get((name, place))
                if computed != value:
                    label = str(known[name].label) if name in known else name
                    where = names.get(UUID(place), place) if place else whole
                    found.append(Difference(name, label, period, where, place, value, computed))
    return found


def _now(rows: Iterable[Kept], period: Period, communities: frozenset[UUID] | None) -> dict[tuple[str, str], int]:
    whole = [one[0] for one in rows if not one[3]]
    places: dict[str, list[str]] = {}
    for one in rows:
        if one[3]:
            places.setdefault(one[3], []).append(one[0])
    now = {}
    if whole:
        area = Area("", None, "", "", communities)
        now = {(name, ""): value for name, value in figures.values(whole, period=period, area=area).items()}
    if places:
        areas = _areas([UUID(place) for place in places], period)
        names = list(dict.fromkeys(name for some in places.values() for name in some))
        for name, by_place in figures.by_area(names, period=period, areas=areas).items():
            now |= {(name, str(place)): value for place, value in by_place.items()}
    return now


def _areas(places: list[UUID], period: Period) -> list[Area]:
    """Give divisions with the communities that lay in them on the period's last day."""
    rows = Division.objects.filter(pk__in=places).values_list("pk", "level")
    return [
        Area(level, pk, "", "", frozenset({pk}))
        if level == Level.COMMUNITY
        else Area(level, pk, "", "", communities_below([pk], on=period.last_on))
        for pk, level in rows
    ]


def period_of(from_on: date, until_on: date) -> Period:
    """Give days as the month, quarter or year that they are, so that they are called so."""
    if (from_on.month, from_on.day, until_on.month, until_on.day) == (1, 1, 1, 1) and until_on.year == from_on.year + 1:
        return year(from_on.year)
    if from_on.day == until_on.day == 1:
        month = month_of(from_on)
        if month.until_on == until_on:
            return month
        quarter = read_period(f"{from_on.year}-Q{(from_on.month + 2) // 3}", today=until_on)
        if (quarter.from_on, quarter.until_on) == (from_on, until_on):
            return quarter
    return days(from_on, until_on)
