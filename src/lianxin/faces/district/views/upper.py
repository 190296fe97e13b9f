"""The first page of a city or province: its districts side by side, or the parts of one of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from lianxin.domain.places.models import Level
from lianxin.domain.reporting.queries.feeds import is_late
from lianxin.faces.district.figure_links import figure_url
from lianxin.faces.district.gate import shown_to_offices
from lianxin.faces.district.upper_links import Part, WhenForm, at_district, parts_of, period_asked, place_asked
from lianxin.insight import fairness, figures
from lianxin.insight.areas import Area
from lianxin.insight.catalogue import find_measures
from lianxin.insight.periods import Period
from lianxin.platform.clock import local_day, now

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


@shown_to_offices
def show(request: HttpRequest) -> HttpResponse:
    """Show the figures of an area and of its parts; each number leads to where it opens."""
    today = local_day(now())
    period = period_asked(request, today=today)
    asked = place_asked(request, on=today)
    area = asked.area
    parts = parts_of(asked, on=min(period.last_on, today))
    by_area = figures.by_area(SHOWN, period=period, areas=[part.area for part in parts])
    before = figures.values(FLOWS, period=period.before(), area=area)
    lines = [_line(part, by_area, period, today) for part in parts]
    totals = {name: sum(by_area[name].values()) for name in SHOWN}
    missing = [line for line in lines if line.is_district and line.held_until is None]
    late = [line for line in lines if line.late and line.held_until is not None]
    return render(
        request,
        "district/upper.html",
        {
            "area": area,
            "period": period,
            "today": today,
            "form": WhenForm(period=period, place=str(asked.place or ""), today=today),
            "cards": _cards(totals, before, period, asked.place),
            "heads": [measure.label for measure in find_measures(SHOWN)],
            "lines": lines,
            "totals": [Cell(totals[name], figure_url(name, period=period.text, place=asked.place)) for name in SHOWN],
            "rate": figures.per_thousand(totals[SERVED], totals[RESIDENTS]),
            "spread": _spread(parts, by_area),
            "missing": missing,
            "late": late,
            "of_districts": bool(parts) and parts[0].area.kind == Level.DISTRICT,
            "parts_name": _parts_name(parts),
            "feed": asked.feed,
            "crumbs": crumbs(area) if asked.place else None,
        },
    )


def crumbs(area: Area, *here: tuple[str, str]) -> list[tuple[str, str]]:
    """Give the way to an area of a city or province."""
    own = f"{reverse('district:overview')}?place={area.id}" if here else ""
    return [(_("Overview"), reverse("district:overview")), (area.name, own), *here]


def _line(part: Part, by_area: Mapping[str, Mapping[UUID, int]], period: Period, today: date) -> Line:
    area = part.area
    assert area.id is not None, "parts are divisions"
    is_district = area.kind == Level.DISTRICT
    numbers = {name: by_area[name].get(area.id, 0) for name in SHOWN}

    def address(name: str) -> str:
        if area.is_community:
            return at_district(part.feed, figure=name, period=period, code=area.code)
        return figure_url(name, period=period.text, place=area.id)

    page = f"{reverse('district:overview')}?place={area.id}&period={period.text}"
    return Line(
        name=area.name,
        above=part.above,
        url=at_district(part.feed, figure=SERVED, period=period, code=area.code) if area.is_community else page,
        cells=tuple(Cell(numbers[name], address(name)) for name in SHOWN),
        rate=figures.per_thousand(numbers[SERVED], numbers[RESIDENTS]),
        held_until=part.feed.held_until_on if is_district and part.feed else None,
        late=bool(is_district and part.feed and is_late(part.feed, on=today)),
        is_district=is_district,
    )


def _cards(
    totals: Mapping[str, int], before: Mapping[str, int], period: Period, place: UUID | None
) -> list[dict[str, Any]]:
    words = _("against %(period)s") % {"period": period.before().label}
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
                "url": figure_url(measure.name, period=period.text, place=place),
            }
        )
    return cards


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
