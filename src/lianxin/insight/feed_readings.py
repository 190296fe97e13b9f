"""What a district reads off for its city: levels at the ends of months, and what occurred at all in a stretch."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from uuid import UUID

from lianxin.domain.places.models import Level
from lianxin.domain.reporting.rules.feed_format import Readings
from lianxin.insight import figures
from lianxin.insight.areas import Area
from lianxin.insight.catalogue import list_measures
from lianxin.insight.periods import ONE_DAY, Period, day, month_of, read_period, year
from lianxin.platform.contributions import Measure

# Levels of days long gone change by late entries that leave no fact: so many ends of months are read again.
MONTHS_AGAIN = 2


def read_all(
    *,
    since_on: date,
    until_on: date,
    today: date,
    numbers: Mapping[UUID, int],
    district: UUID,
    also: Iterable[date] = (),
) -> Iterator[Readings]:
    """Give the readings that belong to days [since, until), those of the two months before, and of `also` touched days.

    A level is read on the last day of each month and on the last day of all; one that is known only as it stands now,
    only when the last day is yesterday.
    """
    measures = [one for one in list_measures() if one.kind != "flow"]
    everybody = [
        Area(Level.COMMUNITY, pk, "", "", frozenset({pk}))
        for pk, number in numbers.items()
        if number and pk != district
    ]
    top = Area(Level.DISTRICT, district, "", "", None)
    for last in _days_to_read(since_on, until_on):
        is_end = last == until_on - ONE_DAY
        levels = [one for one in measures if one.kind == "level" and (not one.is_now or (is_end and until_on >= today))]
        yield from _read(levels, day(last), "D", last, top, everybody, numbers)
    distincts = [one for one in measures if one.kind == "distinct"]
    touched = {*_months(_months_back(since_on, MONTHS_AGAIN), until_on), *(one.replace(day=1) for one in also)}
    for span, stretches in _stretches(touched).items():
        for stretch in stretches:
            yield from _read(distincts, stretch, span, stretch.from_on, top, everybody, numbers)


def _days_to_read(since_on: date, until_on: date) -> list[date]:
    last = until_on - ONE_DAY
    ends = {_next(month) - ONE_DAY for month in _months(_months_back(since_on, MONTHS_AGAIN), until_on)}
    return sorted({one for one in ends if one < last} | {last})


def _months(from_on: date, until_on: date) -> Iterator[date]:
    month = from_on.replace(day=1)
    while month < until_on:
        yield month
        month = _next(month)


def _next(month: date) -> date:
    return (month + timedelta(days=32)).replace(day=1)


def _months_back(on: date, count: int) -> date:
    month = on.replace(day=1)
    for _turn in range(count):
        month = (month - ONE_DAY).replace(day=1)
    return month


def _stretches(months: Iterable[date]) -> dict[str, list[Period]]:
    """Give the months, quarters and years that some months lie in."""
    found: dict[str, dict[date, Period]] = {"M": {}, "Q": {}, "Y": {}}
    for month in sorted(months):
        whole = month_of(month)
        quarter = read_period(f"{month.year}-Q{(month.month + 2) // 3}", today=month)
        for span, one in (("M", whole), ("Q", quarter), ("Y", year(month.year))):
            found[span][one.from_on] = one
    return {span: list(periods.values()) for span, periods in found.items()}


def _read(
    measures: list[Measure],
    period: Period,
    span: str,
    on: date,
    top: Area,
    everybody: list[Area],
    numbers: Mapping[UUID, int],
) -> Iterator[Readings]:
    names = [one.name for one in measures]
    if not names:
        return
    whole = figures.values(names, period=period, area=top)
    parts = figures.by_area(names, period=period, areas=everybody)
    for name in sorted(names):
        rows = [(numbers[pk], value) for pk, value in parts[name].items()]
        yield Readings(on, span, name, tuple(sorted([(0, whole[name]), *rows])))
