"""Pilot communities beside the others: rates of a period, and what changed around the month in which they began."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from lianxin.faces.district.forms.periods import PeriodFilter
from lianxin.faces.district.gate import shown_to_offices
from lianxin.faces.district.places_in_scope import area_name, communities_of, subdistricts_of
from lianxin.faces.kit.charts import LINE, Chart, Point, Series
from lianxin.insight import periods, pilots
from lianxin.insight.catalogue import find_measure
from lianxin.insight.periods import Period
from lianxin.insight.residents import residents_for
from lianxin.platform.clock import local_day, now


@dataclass(frozen=True, slots=True)
class EffectRow:
    """One effect with the sentence that says it."""

    label: Any
    effect: pilots.Effect
    sentence: str


@shown_to_offices
def show(request: HttpRequest) -> HttpResponse:
    """Show the pilots beside the communities that never were one."""
    today = local_day(now())
    actor = request.actor  # type: ignore[attr-defined]
    communities = communities_of(actor)
    form = PeriodFilter(request, subdistricts_of(communities), today=today)
    del form.fields["subdistrict"]
    period = form.period()
    on = min(period.last_on, today)
    residents = residents_for(period, today=today)
    people = residents.by_community
    found = pilots.find_pilots(communities=[one.pk for one in communities], on=on)
    names = {one.pk: one.short_name for one in communities}
    beside = pilots.compare(found, people, from_on=period.from_on, until_on=period.until_on)
    effects = pilots.find_effects(found, people, on=today)
    return render(
        request,
        "district/pilots.html",
        {
            "area": area_name(actor, communities),
            "form": form,
            "period": period,
            "found": found,
            "residents_on": residents.on if residents.on != on else None,
            "pilots": pilots.group_of(found.pilots, people),
            "others": pilots.group_of(found.others, people),
            "beside": [(find_measure(row.measure), row) for row in beside],
            "batches": [
                (number, day, sorted((names[one] for one in ids), key=str)) for number, day, ids in found.batches
            ],
            "effects": [(batch, [_row(effect) for effect in batch.effects]) for batch in effects],
            "chart": _chart(found, people, period, today) if found.pilots and found.others else None,
            "fewest": pilots.FEWEST,
            "is_part": actor.communities is not None,
            "crumbs": [(_("Overview"), reverse("district:overview")), (_("Pilots beside the others"), "")],
        },
    )


def _chart(found: pilots.Pilots, people: Mapping[UUID, int], period: Period, today: date) -> Chart | None:
    """Draw what volunteers did month by month, where the period is made of whole months."""
    months = [part for part in period.parts() if part.kind == periods.MONTH and part.from_on <= today]
    if len(months) < 2:
        return None
    spans = [(part.from_on, part.until_on) for part in months]
    rates = pilots.read_months(found, people, measure="volunteer_person_times", months=spans)
    return Chart(
        kind=LINE,
        title=_("Volunteers' person-times per 1,000 residents, month by month"),
        heading=_("Month"),
        points=[Point(part.label) for part in months],
        series=[
            Series(_("Pilots"), [mine for mine, _theirs in rates]),
            Series(_("Others"), [theirs for _mine, theirs in rates]),
        ],
        decimals=1,
    )


def _row(effect: pilots.Effect) -> EffectRow:
    label = find_measure(effect.measure).label
    if effect.is_small:
        words = _("Too few to tell a change from chance.")
    elif effect.difference > 0:
        words = _("The pilots gained %(n)s more than the others.")
    elif effect.difference < 0:
        words = _("The pilots gained %(n)s less than the others.")
    else:
        words = _("No difference.")
    return EffectRow(label, effect, words % {"n": f"{abs(effect.difference):,.1f}"} if "%(n)s" in words else words)
