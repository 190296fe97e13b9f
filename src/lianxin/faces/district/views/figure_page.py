"""The page of one figure: the number, what it means, how it goes, and one step down from it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from lianxin.faces.district.figure_words import KINDS, category_names, how_it_is_made, record_label
from lianxin.faces.district.upper_links import at_district
from lianxin.faces.district.views.figure_numbers import Numbers, adds_up, count, places_below
from lianxin.faces.district.views.figures_asked import Asked, answer_problem, ask, shell_of, shown_to_all_offices
from lianxin.faces.kit import charts
from lianxin.faces.kit.charts import Chart, Point, Series
from lianxin.faces.kit.dates import spoken
from lianxin.insight import figures, levels
from lianxin.insight.areas import names_on
from lianxin.insight.catalogue import DISTINCT, FLOW, find_measure
from lianxin.insight.periods import DAY, ONE_DAY, YEAR, Period
from lianxin.platform.contributions import Measure

# More points than this are drawn as a line, fewer as bars.
MOST_BARS = 31


@shown_to_all_offices
def show(request: HttpRequest, figure: str) -> HttpResponse:
    """Show one figure for a period and place."""
    measure = find_measure(figure)
    asked = ask(request)
    if asked.problem is not None:
        return answer_problem(asked, title=str(measure.label), page="figure", args=(measure.name,))
    below = places_below(asked)
    above = above_of(asked)
    numbers = count(asked, measure, below)
    context = {
        "asked": asked,
        "measure": measure,
        "numbers": numbers,
        "compared": [] if measure.is_now else _compared(asked, measure, numbers),
        "form": asked.form(below, above),
        "quick": asked.quick("figure", measure.name),
        "crumbs": crumbs(asked, measure, above),
        "charts": _charts(asked, measure, numbers),
        "facts": _facts(asked, measure),
        "records_url": asked.records(measure.name) if opens(measure) else "",
        "opens_at": at_district(asked.feed, figure=measure.name, period=asked.period, code=asked.area.code),
        "stays_now": measure.is_now,
        "is_of_months": asked.is_upper and measure.kind == DISTINCT and asked.period.kind not in levels.SPANS,
    }
    return render(request, "district/figures/figure.html", shell_of(asked.actor) | context)


def opens(measure: Measure) -> bool:
    """Tell whether a figure is made of records that can be listed."""
    return measure.kind == FLOW or measure.rows is not None


def above_of(asked: Asked) -> list[tuple[UUID, str]]:
    """Give what lies above a place, and below all that is seen: at a district the subdistrict of a community."""
    if not asked.is_narrowed:
        return []
    if asked.is_upper:
        return [(one.id, one.name) for one in asked.area.above if one.kind != settings.LEVEL]
    parent = asked.area.parent
    if parent is None or not asked.area.is_community:
        return []
    if asked.actor.communities is not None and len(asked.actor.communities) < 2:
        return []
    return [(parent, names_on([parent], asked.on).get(parent, ""))]


def crumbs(asked: Asked, measure: Measure, above: Sequence[tuple[UUID, str]], last: str = "") -> list[tuple[str, str]]:
    """Give the way up: the catalogue, the figure for all, what lies above, the place, the longer period."""
    name = measure.name
    steps = [(_("Figures"), asked.page("figures")), (str(measure.label), asked.page("figure", name, place=None))]
    steps += [(label, asked.page("figure", name, place=pk)) for pk, label in above]
    if asked.is_narrowed:
        steps.append((asked.area.name, asked.page("figure", name)))
    month = asked.period.from_on.strftime("%Y-%m")
    if asked.period.kind == DAY:
        steps.append((month, asked.page("figure", name, period=month)))
    steps.append((asked.period.label, asked.page("figure", name) if last else ""))
    return [*steps, (last, "")] if last else steps


def _compared(asked: Asked, measure: Measure, numbers: Numbers) -> list[dict[str, Any]]:
    found = []
    sides = [(pgettext("of figures", "Before"), asked.beside()[0], numbers.compared.before)]
    if asked.period.kind != YEAR:
        sides.append((pgettext("of figures", "A year before"), asked.beside()[1], numbers.compared.year_before))
    for label, period, value in sides:
        if value is None:
            continue
        change = numbers.compared.value - value
        found.append(
            {
                "label": label,
                "period": period.label,
                "number": f"{value:,}",
                "change": change,
                "share": round(100 * change / value, 1) if value else None,
                "url": asked.page("figure", measure.name, period=period.text),
            }
        )
    return found


def _facts(asked: Asked, measure: Measure) -> list[tuple[Any, ...]]:
    facts: list[tuple[Any, ...]] = [
        (_("What it counts"), measure.meaning or measure.label),
        (_("Unit"), measure.unit),
        (pgettext("of a figure", "Kind"), KINDS[measure.kind]),
        (_("How it is worked out"), how_it_is_made(measure)),
        (_("Made of"), record_label(measure.source)),
        (_("Name for programs"), measure.name),
    ]
    if asked.feed is not None and asked.feed.held_until_on is not None:
        facts.append((_("Last figures of"), f"{asked.feed.name} · {spoken(asked.feed.held_until_on - ONE_DAY)}"))
    return facts


def _charts(asked: Asked, measure: Measure, numbers: Numbers) -> list[tuple[str, Chart]]:
    made = [_by_time(asked, measure, numbers), _by_place(asked, measure, numbers)]
    made.append(_by_residents(asked, measure, numbers))
    if measure.kind == FLOW:
        made += [_by_category(asked, measure, numbers), _by_day(asked, measure, numbers)]
    return [(str(one.title), one) for one in made if one is not None]


def _by_time(asked: Asked, measure: Measure, numbers: Numbers) -> Chart | None:
    if len(numbers.parts) < 2:
        return None
    kind = charts.LINE if len(numbers.parts) > MOST_BARS or measure.kind != FLOW else charts.BAR
    note = "" if adds_up(measure) else _("What occurs in several parts is counted in each: they do not add up.")
    return Chart(
        kind=kind,
        title=pgettext("of figures", "By time"),
        heading=pgettext("of figures", "Period"),
        points=[
            Point(_name(part, asked), asked.page("figure", measure.name, period=part.text))
            for part, _value in numbers.parts
        ],
        series=[Series(measure.label, [value for _part, value in numbers.parts])],
        unit=measure.unit,
        note=note,
        is_time=True,
    )


def _name(part: Period, asked: Asked) -> str:
    """Name a part of a period: days without their year, which stands above them."""
    within_year = asked.period.from_on.year == asked.period.last_on.year
    return date_format(part.from_on, "MONTH_DAY_FORMAT") if part.kind == DAY and within_year else part.label


def _by_place(asked: Asked, measure: Measure, numbers: Numbers) -> Chart | None:
    if not numbers.children:
        return None
    note = ""
    if not adds_up(measure):
        note = _("What occurs in several places is counted in each: they do not add up.")
    elif asked.is_upper and numbers.children[0][0].is_community:
        note = _("A number here opens at the district, where its records are.")
    return Chart(
        kind=charts.BAR,
        title=pgettext("of figures", "By place"),
        heading=pgettext("of figures", "Place"),
        points=[Point(one.name, asked.down(measure.name, one)) for one, _value in numbers.children],
        series=[Series(measure.label, [value for _one, value in numbers.children])],
        unit=measure.unit,
        note=note,
    )


def _by_residents(asked: Asked, measure: Measure, numbers: Numbers) -> Chart | None:
    """Set places of different size beside each other: per 1,000 of their residents."""
    if measure.source.startswith("people."):
        return None
    rates = [
        (one, figures.per_thousand(value, numbers.people.get(one.id, 0)))
        for one, value in numbers.children
        if one.id is not None
    ]
    if sum(rate is not None for _one, rate in rates) < 2:
        return None
    return Chart(
        kind=charts.BAR,
        title=pgettext("of figures", "By place, per 1,000 residents"),
        heading=pgettext("of figures", "Place"),
        points=[Point(one.name, asked.down(measure.name, one)) for one, _rate in rates],
        series=[Series(_("Per 1,000 residents"), [rate for _one, rate in rates])],
        unit=measure.unit,
        decimals=1,
    )


def _by_category(asked: Asked, measure: Measure, numbers: Numbers) -> Chart | None:
    if len(numbers.categories) < 2:
        return None
    names = category_names(code for code, _value in numbers.categories)
    return Chart(
        kind=charts.BAR,
        title=pgettext("of figures", "By category"),
        heading=pgettext("of figures", "Category"),
        points=[
            Point(names[code], asked.records(measure.name, category=code) if code else "")
            for code, _value in numbers.categories
        ],
        series=[Series(measure.label, [value for _code, value in numbers.categories])],
        unit=measure.unit,
    )


def _by_day(asked: Asked, measure: Measure, numbers: Numbers) -> Chart | None:
    # Where the parts are days already, they stand under "by time".
    if len(numbers.days) <= max(1, len(numbers.parts)) or asked.period.days <= 31:
        return None
    return Chart(
        kind=charts.CALENDAR,
        title=pgettext("of figures", "Day by day"),
        heading=pgettext("of figures", "Day"),
        points=[Point(spoken(on), asked.page("figure", measure.name, period=on), on=on) for on, _n in numbers.days],
        series=[Series(measure.label, [n for _on, n in numbers.days])],
        unit=measure.unit,
    )
