"""The proof of the figures: what facts and tallies add up to is what the records of the domain say, day by day."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Sum

from lianxin.domain.places.models import Division, Level
from lianxin.insight.areas import names_on
from lianxin.insight.catalogue import FLOW, list_measures
from lianxin.platform import tallies
from lianxin.platform.contributions import Measure, Window
from lianxin.platform.models import EVERYTHING, Rollup

FIRST, LAST = date(1990, 1, 1), date(2100, 1, 1)
ONE_DAY = timedelta(days=1)
Stretch = tuple[date, date]


def check_figures() -> Iterator[str]:
    """Compute every flow from its records and hold it against its tallies; yields the day and place of a difference."""
    years = sorted(
        set(Rollup.objects.filter(span=Rollup.Span.YEAR, area_id=EVERYTHING).values_list("starts_on", flat=True))
    )
    stretches = [(FIRST, LAST), *((year, date(year.year + 1, 1, 1)) for year in years)]
    for measure in list_measures():
        if measure.kind == FLOW and not measure.of:
            yield from _check(measure, stretches)
        elif measure.rows is not None:
            yield from _check_rows(measure)


def _check(measure: Measure, stretches: Sequence[Stretch]) -> Iterator[str]:
    for from_on, until_on in stretches:
        if _counted(measure, from_on, until_on) != _tallied(measure, from_on, until_on):
            yield from _located(measure, from_on, until_on)
            return


def _located(measure: Measure, from_on: date, until_on: date) -> Iterator[str]:
    """Name the communities and days on which a flow differs from its records, by halving the stretch."""
    found = False
    for community, tallied in _by_community(measure, from_on, until_on).items():
        only = frozenset({community})
        if _counted(measure, from_on, until_on, only) == tallied:
            continue
        for day in _days_that_differ(measure, from_on, until_on, only):
            found = True
            counted = _counted(measure, day, day + ONE_DAY, only)
            yield (
                f"{measure.name} on {day} in {names_on([community], day).get(community, community)} ({community}): "
                f"the records say {counted}, the tallies say {_tallied(measure, day, day + ONE_DAY, only)}"
            )
    if not found:
        yield (
            f"{measure.name}: the records say {_counted(measure, from_on, until_on)}, "
            f"the tallies say {_tallied(measure, from_on, until_on)}"
        )


def _days_that_differ(measure: Measure, from_on: date, until_on: date, only: frozenset[UUID]) -> Iterator[date]:
    if _counted(measure, from_on, until_on, only) == _tallied(measure, from_on, until_on, only):
        return
    if (until_on - from_on).days == 1:
        yield from_on
        return
    middle = from_on + (until_on - from_on) // 2
    yield from _days_that_differ(measure, from_on, middle, only)
    yield from _days_that_differ(measure, middle, until_on, only)


def _by_community(measure: Measure, from_on: date, until_on: date) -> dict[UUID, int]:
    asked = tallies.Sums(measures=(measure.name,), from_on=from_on, until_on=until_on)
    found = {key[1]: total for key, total in tallies.read(asked, by=("community",)).items()}
    communities = Division.objects.filter(level=Level.COMMUNITY).order_by("code").values_list("pk", flat=True)
    return dict.fromkeys(communities, 0) | found


def _counted(measure: Measure, from_on: date, until_on: date, communities: frozenset[UUID] | None = None) -> int:
    return measure.query(Window(from_on, until_on, communities))


def _tallied(measure: Measure, from_on: date, until_on: date, communities: frozenset[UUID] | None = None) -> int:
    asked = tallies.Sums(measures=(measure.name,), from_on=from_on, until_on=until_on, areas=communities)
    return sum(tallies.read(asked).values())


def _check_rows(measure: Measure) -> Iterator[str]:
    """Prove that a level or distinct is exactly what the rows add up to that it opens into."""
    assert measure.rows is not None
    window = Window(FIRST, LAST)
    counted, rows = measure.query(window), measure.rows(window).order_by()
    if measure.amount:
        listed = rows.aggregate(total=Sum(measure.amount))["total"] or 0
    else:
        listed = rows.values(measure.per or "pk").distinct().count()
    if counted != listed:
        yield f"{measure.name}: it counts {counted}, its rows are {listed}"
