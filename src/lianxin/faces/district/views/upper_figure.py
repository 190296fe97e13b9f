"""One figure at a city or province: its parts lead down to the district, which opens the records."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from lianxin.domain.places.commands.reference_data import read_categories
from lianxin.faces.district.figure_links import figure_url
from lianxin.faces.district.gate import shown_to_offices
from lianxin.faces.district.upper_links import WhenForm, at_district, parts_of, period_asked, place_asked
from lianxin.faces.district.views.upper import RESIDENTS, crumbs
from lianxin.faces.kit.dates import in_english
from lianxin.insight import figures
from lianxin.insight.areas import Area
from lianxin.insight.catalogue import find_measure, topics
from lianxin.insight.periods import Period
from lianxin.platform.clock import local_day, now
from lianxin.platform.contributions import Measure


@dataclass(frozen=True)
class Row:
    """One part with its number, its rate, and where it opens."""

    name: str
    above: str
    number: int
    rate: float | None
    url: str
    leaves: bool


@shown_to_offices
def catalogue(request: HttpRequest) -> HttpResponse:
    """Show every figure of an area over a period."""
    today = local_day(now())
    period = period_asked(request, today=today)
    asked = place_asked(request, on=today)
    chapters = topics()
    names = [measure.name for topic in chapters for measure in topic.measures]
    found = figures.values(names, period=period, area=asked.area)
    return render(
        request,
        "district/upper_catalogue.html",
        {
            "area": asked.area,
            "period": period,
            "form": WhenForm(period=period, place=str(asked.place or ""), today=today),
            "chapters": [
                (
                    topic.label,
                    [
                        (measure, found[measure.name], figure_url(measure.name, period=period.text, place=asked.place))
                        for measure in topic.measures
                    ],
                )
                for topic in chapters
            ],
            "crumbs": [(_("Overview"), reverse("district:overview")), (_("Figures"), "")],
        },
    )


@shown_to_offices
def show(request: HttpRequest, figure: str) -> HttpResponse:
    """Show a figure of an area: beside the period before, by month or day, by category and by its parts."""
    today = local_day(now())
    measure = find_measure(figure)
    period = period_asked(request, today=today)
    asked = place_asked(request, on=today)
    area, feed = asked.area, asked.feed
    parts = parts_of(asked, on=min(period.last_on, today))
    compared, series = _over_time(measure, period, area, today)
    by_area: dict[str, Any] = {measure.name: {}, RESIDENTS: {}}
    if parts:
        names = dict.fromkeys((measure.name, RESIDENTS))
        by_area = figures.by_area(names, period=period, areas=[part.area for part in parts])
    rows = [
        Row(
            name=part.area.name,
            above=part.above,
            number=by_area[measure.name].get(part.area.id, 0),
            rate=figures.per_thousand(
                by_area[measure.name].get(part.area.id, 0), by_area[RESIDENTS].get(part.area.id, 0)
            ),
            url=at_district(part.feed, figure=measure.name, period=period, code=part.area.code)
            if part.area.is_community
            else figure_url(measure.name, period=period.text, place=part.area.id),
            leaves=part.area.is_community,
        )
        for part in parts
    ]
    return render(
        request,
        "district/upper_figure.html",
        {
            "measure": measure,
            "area": area,
            "period": period,
            "form": WhenForm(period=period, place=str(asked.place or ""), today=today),
            "compared": compared,
            "before": period.before(),
            "year_before": period.year_before(),
            "series": series,
            "categories": _by_category(measure, period, area),
            "rows": rows,
            "feed": feed,
            "opens_at": at_district(feed, figure=measure.name, period=period, code=area.code) if feed else "",
            "crumbs": [
                (_("Overview"), reverse("district:overview")),
                (_("Figures"), f"{reverse('district:figures')}?period={period.text}"),
                (str(measure.label), ""),
            ]
            if asked.place is None
            else crumbs(area, (str(measure.label), "")),
        },
    )


def _by_category(measure: Measure, period: Period, area: Area) -> list[tuple[str, int]]:
    """Give a flow by the names of its categories, the largest first."""
    if measure.kind != "flow":
        return []
    found = figures.by_category(measure.name, period=period, area=area)
    names = _category_names(in_english=in_english())
    return [
        (names.get(code, code) or _("No category"), many)
        for code, many in sorted(found.items(), key=lambda one: (-one[1], one[0]))
    ]


@lru_cache(maxsize=2)
def _category_names(*, in_english: bool) -> dict[str, str]:
    """Give the categories that the program ships, as every district has them: there is no table of them here."""
    listed = read_categories(Path(settings.DATA_DIR))
    return {row["code"]: row["name_en" if in_english else "name_zh"] for row in listed}


def _over_time(
    measure: Measure, period: Period, area: Area, today: date
) -> tuple[figures.Compared, list[tuple[Period, int]]]:
    """Give a figure beside the period and the year before, and along its parts; one query for a flow or a level."""
    if measure.kind == "distinct":
        return figures.compare([measure.name], period=period, area=area)[measure.name], []
    stretches = [one for one in period.parts() if one.from_on <= today]
    beside = [period.year_before(), period.before(), period]
    found = figures.series([measure.name], periods=[*beside, *stretches], area=area)[measure.name]
    compared = figures.Compared(value=found[2], before=found[1], year_before=found[0])
    parts = found[3:] if len(stretches) > 1 else []
    return compared, list(zip(stretches, parts, strict=False))
