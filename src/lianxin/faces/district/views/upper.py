"""The first page of a city or province: its districts side by side, or the parts of one of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from lianxin.domain.places.models import Level
from lianxin.domain.reporting.queries.feeds import is_late
from lianxin.faces.district.upper_links import Part, parts_of
from lianxin.faces.district.views.figure_page import MOST_BARS, above_of
from lianxin.faces.district.views.figures_asked import Asked, answer_problem, ask, shell_of, shown_to_all_offices
from lianxin.faces.kit import charts
from lianxin.faces.kit.charts import Chart, Point, Series
from lianxin.insight import fairness, figures
from lianxin.insight.catalogue import find_measures

RESIDENTS, SERVED = "residents", "person_times"
SHOWN = ("centres", RESIDENTS, "occurrences_held", SERVED, "visits", "needs_heard", "cases_confirmed")
FLOWS = ("occurrences_held", SERVED, "visits", "needs_heard", "cases_confirmed")


@dataclass(frozen=True)
class Cell:
    """One number with the address that opens it."""

    number: int
    url: str


@dataclass(frozen=True)
class Line:
    """One part with its numbers."""

    name: str
    above: str
    url: str
    cells: tuple[Cell, ...]
    rate: float | None
    held_until: date | None = None
    late: bool = False
    is_district: bool = False
    leaves: bool = False


@shown_to_all_offices
def show(request: HttpRequest) -> HttpResponse:
    """Show the figures of an area and of its parts; each number leads to where it opens."""
    asked = ask(request)
    if asked.problem is not None:
        return answer_problem(asked, title=_("Overview"), page="overview")
    area, period = asked.area, asked.period
    parts = parts_of(area, feed=asked.feed, on=asked.on)
    by_area = figures.by_area(SHOWN, period=period, areas=[part.area for part in parts])
    before = figures.values(FLOWS, period=asked.beside()[0], area=area)
    lines = [_line(asked, part, by_area) for part in parts]
    totals = {name: sum(by_area[name].values()) for name in SHOWN}
    above = above_of(asked)
    return render(
        request,
        "district/upper.html",
        shell_of(asked.actor)
        | {
            "asked": asked,
            "form": asked.form([] if area.is_community else [part.area for part in parts], above),
            "quick": asked.quick("overview"),
            "cards": _cards(asked, totals, before),
            "heads": [measure.label for measure in find_measures(SHOWN)],
            "lines": lines,
            "totals": [Cell(totals[name], asked.page("figure", name)) for name in SHOWN],
            "rate": figures.per_thousand(totals[SERVED], totals[RESIDENTS]),
            "spread": _spread(parts, by_area),
            "chart": _chart(asked, parts, lines, by_area),
            "missing": [line for line in lines if line.is_district and line.held_until is None],
            "late": [line for line in lines if line.late and line.held_until is not None],
            "of_districts": bool(parts) and parts[0].area.kind == Level.DISTRICT,
            "parts_name": _parts_name(parts),
            "crumbs": _crumbs(asked, above) if asked.is_narrowed else None,
        },
    )


def _crumbs(asked: Asked, above: Sequence[tuple[UUID, str]]) -> list[tuple[str, str]]:
    steps = [(_("Overview"), asked.page("overview", place=None))]
    return [*steps, *((name, asked.page("overview", place=pk)) for pk, name in above), (asked.area.name, "")]


def _line(asked: Asked, part: Part, by_area: Mapping[str, Mapping[UUID, int]]) -> Line:
    area = part.area
    assert area.id is not None, "parts are divisions"
    is_district = area.kind == Level.DISTRICT
    numbers = {name: by_area[name].get(area.id, 0) for name in SHOWN}
    page = asked.down(SERVED, area) if area.is_community else asked.page("overview", place=area.id)
    return Line(
        name=area.name,
        above=part.above,
        url=page,
        leaves=area.is_community,
        cells=tuple(Cell(numbers[name], asked.down(name, area)) for name in SHOWN),
        rate=figures.per_thousand(numbers[SERVED], numbers[RESIDENTS]),
        held_until=part.feed.held_until_on if is_district and part.feed else None,
        late=bool(is_district and part.feed and is_late(part.feed, on=asked.today)),
        is_district=is_district,
    )


def _cards(asked: Asked, totals: Mapping[str, int], before: Mapping[str, int]) -> list[dict[str, Any]]:
    words = _("against %(period)s") % {"period": asked.beside()[0].label}
    cards = []
    for measure in find_measures(SHOWN):
        change = totals[measure.name] - before[measure.name] if measure.name in before else None
        cards.append(
            {
                "label": measure.label,
                "number": f"{totals[measure.name]:,}",
                "unit": measure.unit,
                "change": change,
                "change_text": words if change is not None else "",
                "url": asked.page("figure", measure.name),
            }
        )
    return cards


def _chart(
    asked: Asked, parts: Sequence[Part], lines: Sequence[Line], by_area: Mapping[str, Mapping[UUID, int]]
) -> Chart | None:
    """Draw the parts side by side per 1,000 residents; where there are too many, what lies above them."""
    rates = [(line.name, line.url, line.rate) for line in lines]
    if len(parts) > MOST_BARS:
        rates = _rates_above(asked, parts, by_area)
    if sum(rate is not None for _name, _url, rate in rates) < 2:
        return None
    label = _("Person-times per 1,000 residents")
    return Chart(
        kind=charts.BAR,
        title=label,
        heading=pgettext("of figures", "Place"),
        points=[Point(name, url) for name, url, _rate in rates],
        series=[Series(label, [rate for _name, _url, rate in rates])],
        decimals=1,
    )


def _rates_above(
    asked: Asked, parts: Sequence[Part], by_area: Mapping[str, Mapping[UUID, int]]
) -> list[tuple[str, str, float | None]]:
    sums: dict[tuple[UUID | None, str], list[int]] = {}
    for part in parts:
        together = sums.setdefault((part.area.parent, part.above), [0, 0])
        for n, name in enumerate((SERVED, RESIDENTS)):
            together[n] += by_area[name].get(part.area.id, 0) if part.area.id else 0
    return [
        (name, asked.page("overview", place=pk), figures.per_thousand(served, residents))
        for (pk, name), (served, residents) in sums.items()
    ]


def _spread(parts: Sequence[Part], by_area: Mapping[str, Mapping[UUID, int]]) -> fairness.Spread | None:
    """Tell how evenly person-times are spread over the residents of the parts; nothing to tell of fewer than two."""
    shares = [
        fairness.Share(part.area.id, by_area[RESIDENTS].get(part.area.id, 0), by_area[SERVED].get(part.area.id, 0))
        for part in parts
        if part.area.id is not None
    ]
    return fairness.spread(shares) if len(shares) > 1 else None


def _parts_name(parts: Sequence[Part]) -> str:
    kind = parts[0].area.kind if parts else Level.DISTRICT
    return {
        Level.DISTRICT: _("Districts side by side"),
        Level.SUBDISTRICT: _("Subdistricts side by side"),
    }.get(Level(kind), _("Communities side by side"))
