"""The three parts of the work in figures of a period, each with its change and its line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from lianxin.faces.district.figure_links import figure_url
from lianxin.faces.district.forms.periods import PeriodFilter
from lianxin.faces.district.gate import shown_to_offices
from lianxin.faces.district.places_in_scope import area_name, asked_subdistrict, communities_of, subdistricts_of
from lianxin.faces.kit.charts import LINE, Chart, Point, Series
from lianxin.insight import pillars
from lianxin.insight.areas import MINE, Area
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
    actor = request.actor  # type: ignore[attr-defined]
    communities = communities_of(actor)
    choices = subdistricts_of(communities)
    subdistrict = asked_subdistrict(request, choices)
    form = PeriodFilter(request, choices, today=today)
    period = pillars.until_today(form.period(), today=today)
    ids = actor.communities
    if subdistrict is not None:
        ids = frozenset(one.pk for one in communities if one.parent_id == subdistrict)
    area = Area(MINE, None, "", "", ids)
    blocks = [
        Block(told, [(one, _address(one, period, subdistrict)) for one in told.figures], _chart(told, period))
        for told in pillars.read_pillars(period=period, area=area)
    ]
    return render(
        request,
        "district/pillars.html",
        {
            "area": area_name(actor, communities),
            "form": form,
            "period": period,
            "parts": period.parts() if len(period.parts()) > 1 else [],
            "blocks": blocks,
            "crumbs": [(_("Overview"), reverse("district:overview")), (_("Three pillars"), "")],
        },
    )


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
        points=[Point(part.label) for part in period.parts()],
        series=[Series(one.measure.label, one.line) for one in drawn],
    )
