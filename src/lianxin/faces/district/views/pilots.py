"""Pilot communities beside the others: rates of a period, and what changed around the month in which they began."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from lianxin.faces.district.area_chosen import Chosen, choose_area
from lianxin.faces.district.figure_links import figure_url
from lianxin.faces.district.forms.periods import PeriodFilter
from lianxin.faces.district.gate import shown_to_offices
from lianxin.faces.district.upper_links import at_district
from lianxin.faces.kit.charts import LINE, Chart, Point, Series
from lianxin.insight import periods, pilots, upper_pilots
from lianxin.insight.catalogue import find_measure
from lianxin.insight.periods import Period
from lianxin.insight.residents import residents_for
from lianxin.platform.clock import local_day, now

# What is drawn month by month.
DRAWN = "volunteer_person_times"


@dataclass(frozen=True, slots=True)
class EffectRow:
    """One effect with the sentence that says it."""

    label: Any
    effect: pilots.Effect
    sentence: str


@dataclass(frozen=True, slots=True)
class DistrictRow:
    """A city's district with its pilots, and how much its pilots and its others have of the first measure."""

    name: str
    page: str
    pilots: int
    url: str
    residents: int
    pilots_rate: float | None
    others_rate: float | None


@shown_to_offices
def show(request: HttpRequest) -> HttpResponse:
    """Show the pilots beside the communities that never were one."""
    today = local_day(now())
    chosen = choose_area(request, on=today)
    form = PeriodFilter(request, chosen, today=today)
    period = form.period()
    if chosen.is_upper:
        told = _of_readings(chosen, period, today)
    else:
        del form.fields["subdistrict"]
        told = _of_records(chosen, period, today)
    at = told.get("period", period).text
    place = chosen.place if chosen.is_upper else None
    context = {
        "area": chosen.name,
        "form": form,
        "period": period,
        "fewest": pilots.FEWEST,
        "is_upper": chosen.is_upper,
        "is_part": request.actor.communities is not None,  # type: ignore[attr-defined]
        "crumbs": [(_("Overview"), reverse("district:overview")), (_("Pilots beside the others"), "")],
    }
    # What both sides have together is the figure itself, which opens.
    told["beside"] = [
        (find_measure(row.measure), row, figure_url(row.measure, period=at, place=place)) for row in told["beside"]
    ]
    return render(request, "district/pilots.html", context | told)


def _of_records(chosen: Chosen, period: Period, today: date) -> dict[str, Any]:
    """Read at a district who is a pilot, and since when, from the programmes."""
    on = min(period.last_on, today)
    residents = residents_for(period, today=today)
    people = residents.by_community
    found = pilots.find_pilots(communities=[one.pk for one in chosen.communities], on=on)
    names = {one.pk: one.short_name for one in chosen.communities}
    beside = pilots.compare(found, people, from_on=period.from_on, until_on=period.until_on)
    effects = pilots.find_effects(found, people, on=today)
    is_both = bool(found.pilots and found.others)
    return {
        "found": found,
        "is_both": is_both,
        "residents_on": residents.on if residents.on != on else None,
        "pilots": pilots.group_of(found.pilots, people),
        "others": pilots.group_of(found.others, people),
        "beside": beside,
        "batches": [(number, day, sorted((names[one] for one in ids), key=str)) for number, day, ids in found.batches],
        "effects": [(batch, [_row(effect) for effect in batch.effects]) for batch in effects],
        "chart": _chart(_rates(found, people, _months(period, today)), _months(period, today)) if is_both else None,
    }


def _of_readings(chosen: Chosen, period: Period, today: date) -> dict[str, Any]:
    """Read at a city who is a pilot from what its districts read off."""
    last = chosen.last_held(today=today)
    months = _months(period, last)
    whole = [one.id for one in chosen.districts]
    areas = chosen.area.communities
    of_districts = chosen.compares_districts
    found = upper_pilots.find_pilots(
        districts=whole,
        until_on=min(period.until_on, today + periods.ONE_DAY),
        within=None if of_districts else chosen.place,
        also=() if of_districts else areas or (),
    )
    if found.are_many:
        period = upper_pilots.whole_months(period)
    details = upper_pilots.read_details(found)
    told = upper_pilots.compare(
        found,
        details,
        areas=areas if areas is not None else frozenset(whole),
        days=(period.from_on, period.until_on),
        on=last + periods.ONE_DAY,
        months=[month.from_on for month in months],
        drawn=DRAWN,
    )
    is_both = bool(found.pilots and told.others.residents)
    return {
        "period": period,
        "is_both": is_both,
        "pilots": told.pilots,
        "others": told.others,
        "beside": told.beside,
        "effects": [(batch, [_row(effect) for effect in batch.effects]) for batch in told.effects],
        "are_many": found.are_many,
        "chart": _chart(list(told.months), months) if is_both else None,
        "districts": _districts(chosen, found, told.first, period) if of_districts else [],
        "measure": find_measure(upper_pilots.MEASURES[0]),
        "communities": [] if of_districts else _communities(chosen, details.values(), period),
        "lacking": chosen.lacking(period=period, today=today),
    }


def _districts(
    chosen: Chosen, found: upper_pilots.Found, sums: Mapping[UUID, int], period: Period
) -> list[DistrictRow]:
    """Set what pilots and others have in each district that has pilots."""
    inside: dict[UUID, list[upper_pilots.Pilot]] = {}
    for one in found.pilots:
        inside.setdefault(one.district, []).append(one)
    rows = []
    for district in chosen.districts:
        some = inside.get(district.id, [])
        if not some:
            continue
        own, people = sum(sums.get(one.id, 0) for one in some), sum(one.residents for one in some)
        rest = max(0, found.residents.get(district.id, 0) - people)
        rows.append(
            DistrictRow(
                name=district.feed.name,
                page=f"?{urlencode({'place': str(district.id), 'period': period.text})}",
                pilots=len(some),
                url=figure_url(upper_pilots.PILOTS, period=period.text, place=district.id),
                residents=people,
                pilots_rate=pilots.Group(frozenset(), people).rate(own),
                others_rate=pilots.Group(frozenset(), rest).rate(sums.get(district.id, 0) - own),
            )
        )
    return rows


def _communities(
    chosen: Chosen, details: Iterable[upper_pilots.Detail], period: Period
) -> list[tuple[str, str, date | None]]:
    """Give the pilots with where each opens, and the month in which it began where that is known."""
    feed = chosen.districts[0].feed if chosen.districts else None
    name = upper_pilots.MEASURES[0]
    return [(one.name, at_district(feed, figure=name, period=period, code=one.code), one.began_on) for one in details]


def _months(period: Period, today: date) -> list[Period]:
    """Give the months that have begun of a period that is made of whole ones."""
    return [part for part in period.parts() if part.kind == periods.MONTH and part.from_on <= today]


def _rates(
    found: pilots.Pilots, people: Mapping[UUID, int], months: list[Period]
) -> list[tuple[float | None, float | None]]:
    if len(months) < 2:
        return []
    return pilots.read_months(found, people, measure=DRAWN, months=[(part.from_on, part.until_on) for part in months])


def _chart(rates: list[tuple[float | None, float | None]], months: list[Period]) -> Chart | None:
    """Draw what volunteers did month by month, where the period is made of whole months."""
    if len(months) < 2 or not rates:
        return None
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
    elif not round(effect.difference, 1):
        words = _("No difference.")
    elif effect.difference > 0:
        words = _("The pilots gained %(n)s more than the others.")
    else:
        words = _("The pilots gained %(n)s less than the others.")
    return EffectRow(label, effect, words % {"n": f"{abs(effect.difference):,.1f}"} if "%(n)s" in words else words)
