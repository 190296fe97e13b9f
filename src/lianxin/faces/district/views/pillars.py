"""The three parts of the work in figures of a period, each with its change and its line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from lianxin.faces.district.area_chosen import Chosen, choose_area
from lianxin.faces.district.figure_links import figure_url
from lianxin.faces.district.forms.periods import PeriodFilter
from lianxin.faces.district.gate import shown_to_offices
from lianxin.faces.kit.charts import LINE, Chart, Point, Series
from lianxin.insight import periods, pillars, upper_since
from lianxin.insight.periods import Period
from lianxin.platform.clock import local_day, now


@dataclass(frozen=True, slots=True)
class Block:
    """A pillar with the addresses at which its figures open."""

    told: pillars.Told
    figures: list[tuple[pillars.Figure, str]]
    chart: Chart | None


@shown_to_offices
def show(request: HttpRequest) -> HttpResponse:
    """Show the three pillars of a period; each figure opens."""
    today = local_day(now())
    chosen = choose_area(request, on=today)
    form = PeriodFilter(request, chosen, today=today)
    asked = form.period()
    period = pillars.until_today(asked, today=chosen.last_held(today=today))
    new = _new_districts(chosen, period)
    blocks = [
        Block(told, [(one, _address(one, period, chosen.place)) for one in told.figures], _chart(told, period))
        for told in pillars.read_pillars(period=period, area=chosen.area, is_compared=not new)
    ]
    return render(
        request,
        "district/pillars.html",
        {
            "area": chosen.name,
            "form": form,
            "lacking": chosen.lacking(period=asked, today=today),
            "period": period,
            "parts": [_part_label(part) for part in period.parts()] if len(period.parts()) > 1 else [],
            "new": new,
            "blocks": blocks,
            "crumbs": [(_("Overview"), reverse("district:overview")), (_("Three pillars"), "")],
        },
    )


def _new_districts(chosen: Chosen, period: Period) -> list[str]:
    """Give the districts of a city of which nothing is held yet a year before: sums of then are no measure of now."""
    if not chosen.is_upper:
        return []
    held = {one.id: one.feed.name for one in chosen.districts if one.feed.held_until_on}
    day = period.year_before().from_on
    missing = upper_since.not_held_yet(held, measures=pillars.flows(), day=day)
    return [name for pk, name in held.items() if pk in missing]


def _part_label(part: Period) -> str:
    """Say a part of a period; of a month that is not over, the month."""
    is_cut = part.kind == periods.DAYS and part.from_on.day == 1 and part.days < periods.LONGEST_DAYS
    return periods.month_of(part.from_on).label if is_cut else part.label


def _address(one: pillars.Figure, period: Any, subdistrict: Any) -> str:
    return figure_url(one.measure.name, period=period.text, place=subdistrict)


def _chart(told: pillars.Told, period: Period) -> Chart | None:
    """Draw the two figures that tell a pillar's work, part by part."""
    drawn = [one for one in told.figures if one.measure.name in told.pillar.drawn and one.line]
    if not drawn:
        return None
    return Chart(
        kind=LINE,
        title=told.pillar.label,
        heading=_("Part of the period"),
        points=[Point(_part_label(part)) for part in period.parts()],
        series=[Series(one.measure.label, one.line) for one in drawn],
    )
