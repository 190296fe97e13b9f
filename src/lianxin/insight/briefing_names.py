"""What a template may ask for, by name: texts, figures, tables and charts; a wrong name is told with the nearest."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.insight.catalogue import FLOW, find_measure, topics
from lianxin.platform import contributions
from lianxin.platform.contributions import Measure

TEXTS = {
    "area": gettext_lazy("the place that the briefing is about"),
    "period": gettext_lazy("the month, quarter or year"),
    "period_from": gettext_lazy("its first day"),
    "period_until": gettext_lazy("its last day"),
    "period_before": gettext_lazy("the period that it is compared with"),
    "number": gettext_lazy("its number, as 〔2024〕3号"),
    "office": gettext_lazy("the office that issues it"),
    "dated_on": gettext_lazy("the day on the paper"),
    "code": gettext_lazy("a QR code that leads to the page of the briefing"),
    "has_places": gettext_lazy("for {%p if %}: whether the place has parts"),
    "has_communities": gettext_lazy("for {%p if %}: whether it has several communities"),
}
OF_FIGURES = {
    "figure": gettext_lazy("the figure of the period"),
    "before": gettext_lazy("the figure of the period before"),
    "change": gettext_lazy("what it is more or less, in words"),
    "percent": gettext_lazy("the change in percent"),
    "year_before": gettext_lazy("the figure of the same period a year before"),
    "per_thousand": gettext_lazy("per 1,000 residents"),
}
SAID = {
    "summary": gettext_lazy("how it stood as a whole"),
    "changes": gettext_lazy("what changed most"),
    "season": gettext_lazy("which months had most and least"),
    "festivals": gettext_lazy("which festivals fell into it"),
    "places_apart": gettext_lazy("where nothing was held or heard"),
    "sources": gettext_lazy("how to open the numbers"),
}
BY_MONTH, BY_DAY, BY_PLACE, BY_CATEGORY = "by_month", "by_day", "by_place", "by_category"
LOOP_COLUMNS = ("name", "number", "above")
MOST_SERIES = 6
_CHART = re.compile(r"^(?P<names>[a-z0-9_]+?)(?P<stacked>_stacked)?_(?P<by>by_month|by_day|by_place|by_category)$")
HEADLINE = (
    "occurrences_held",
    "activities",
    "person_times",
    "volunteer_occurrences",
    "volunteer_person_times",
    "cases_heard",
    "cases_confirmed",
    "needs_heard",
    "answers_given",
    "projects_done",
    "visits",
    "visits_done",
    "points_awarded",
    "centres",
    "stations",
)
MAIN_AT_MOST = 6


@dataclass(frozen=True)
class ChartName:
    """What the name of a chart says."""

    names: tuple[str, ...]
    by: str
    is_stacked: bool


def measures() -> dict[str, Measure]:
    """Give every figure by each name that it goes by."""
    return {name: one for one in contributions.every("measures") for name in (one.name, *one.also)}


def read_chart(name: str) -> ChartName | None:
    """Read "needs_heard_and_answers_given_by_month"; None where it says nothing."""
    found = _CHART.match(name)
    if found is None:
        return None
    names = tuple(found["names"].split("_and_"))
    known = measures()
    if not 1 <= len(names) <= MOST_SERIES or any(one not in known for one in names):
        return None
    flows_only = found["by"] in (BY_DAY, BY_CATEGORY)
    if flows_only and any(known[one].kind != FLOW for one in names):
        return None
    if found["by"] == BY_CATEGORY and len(names) > 1:
        return None
    return ChartName(tuple(find_measure(one).name for one in names), found["by"], bool(found["stacked"]))


@lru_cache(maxsize=1)
def _tables() -> tuple[str, ...]:
    codes = [topic.code for topic in topics()]
    spread = [f"{way}_{code}" for way in ("places", "communities", "months") for code in (*codes, "headline")]
    return ("sources", "categories", "headline", *codes, *spread)


def known_names() -> list[str]:
    """Give every name that a template may hold, except the charts, which are put together."""
    figures = sorted(measures())
    return [
        *TEXTS,
        *(f"{group}.{name}" for group in OF_FIGURES for name in figures),
        *(f"text.{name}" for name in (*SAID, *(topic.code for topic in topics()))),
        *(f"table.{name}" for name in _tables()),
        *LOOPS,
    ]


LOOPS = ("places", "communities", "months")


def wrong_names(names: Iterable[str], rows: Iterable[str]) -> list[str]:
    """Say of each name that is not known that it is not, with the nearest that are."""
    known = known_names()
    allowed = set(known)
    said = []
    for name in sorted(names):
        group, _dot, rest = name.partition(".")
        if name not in allowed and not (group == "chart" and read_chart(rest) is not None):
            said.append(_unknown(name, [*known, *_charts_near(rest)] if group == "chart" else known))
    columns = [*LOOP_COLUMNS, *(one for one, measure in measures().items() if measure.kind == FLOW)]
    for name in sorted(rows):
        loop, _dot, column = name.partition(".")
        if column not in columns:
            said.append(_unknown(name, [f"{loop}.{one}" for one in columns]))
    return said


def _charts_near(name: str) -> list[str]:
    flows = [one for one, measure in measures().items() if measure.kind == FLOW]
    return [f"chart.{one}_{by}" for one in flows for by in (BY_MONTH, BY_DAY, BY_PLACE, BY_CATEGORY)]


def _unknown(name: str, known: list[str]) -> str:
    _group, dot, rest = name.partition(".")
    tails = {one.rpartition(".")[2]: one for one in known} if not dot else {}
    near = get_close_matches(name, known, n=2, cutoff=0.6) or [
        tails[one] for one in get_close_matches(rest or name, tails, n=1, cutoff=0.7)
    ]
    if near:
        return _("{{ %(name)s }} is not known; did you mean %(near)s?") % {"name": name, "near": _(" or ").join(near)}
    return _("{{ %(name)s }} is not known. The list of placeholders names all that are.") % {"name": name}


def main_flows(code: str) -> list[Measure]:
    """Give the flows that tables of places show of a topic, or of the headline."""
    if code == "headline":
        known = measures()
        return [known[one] for one in HEADLINE if one in known and known[one].kind == FLOW][: MAIN_AT_MOST + 1]
    found = next((topic.measures for topic in topics() if topic.code == code), ())
    return [one for one in found if one.kind == FLOW and not one.of][:MAIN_AT_MOST]


def placeholder_groups() -> list[tuple[Any, list[tuple[str, Any]]]]:
    """Give what may be asked for, in groups with a word on each, for whoever edits a template."""
    figures: Mapping[str, Measure] = {one.name: one for one in contributions.every("measures")}
    flows = [name for name, one in figures.items() if one.kind == FLOW]
    told: list[tuple[Any, list[tuple[str, Any]]]] = [
        (_("Texts"), [(f"{{{{ {name} }}}}", text) for name, text in TEXTS.items()]),
        (
            _("Paragraphs written from the figures"),
            [
                *((f"{{{{ text.{name} }}}}", text) for name, text in SAID.items()),
                *((f"{{{{ text.{topic.code} }}}}", topic.label) for topic in topics()),
            ],
        ),
        (_("Figures"), [(f"{{{{ figure.{name} }}}}", one.label) for name, one in figures.items()]),
        (
            _("Instead of “figure”"),
            [(f"{{{{ {group}.person_times }}}}", text) for group, text in OF_FIGURES.items() if group != "figure"],
        ),
        (
            _("Tables"),
            [
                ("{{ table.headline }}", _("the main figures beside those of the period before")),
                *((f"{{{{ table.{topic.code} }}}}", topic.label) for topic in topics()),
                ("{{ table.places_activities }}", _("by subdistrict or community; likewise with the other chapters")),
                ("{{ table.communities_activities }}", _("all communities; likewise with the other chapters")),
                ("{{ table.months_activities }}", _("by month; likewise with the other chapters")),
                ("{{ table.categories }}", _("activities by category")),
                ("{{ table.sources }}", _("where each number comes from")),
            ],
        ),
        (
            _("Charts, each on a line of its own"),
            [
                ("{{ chart.person_times_by_month }}", _("any figure that adds up, by month")),
                ("{{ chart.person_times_by_day }}", _("by day, in a monthly briefing")),
                ("{{ chart.person_times_by_place }}", _("by subdistrict or community")),
                ("{{ chart.occurrences_held_by_category }}", _("by category")),
                ("{{ chart.needs_heard_and_answers_given_by_month }}", _("several figures in one chart")),
                ("{{ chart.cases_heard_and_cases_ended_stacked_by_month }}", _("one upon the other")),
            ],
        ),
        (
            _("Rows of your own table"),
            [
                ("{%tr for place in places %} … {%tr endfor %}", _("a row for each part of the place")),
                ("{%tr for one in communities %} … {%tr endfor %}", _("a row for each community")),
                ("{%tr for month in months %} … {%tr endfor %}", _("a row for each month")),
                ("{{ place.name }}", _("its name; place.number counts, place.above is its subdistrict")),
                (f"{{{{ place.{flows[0] if flows else 'visits'} }}}}", _("any figure that adds up")),
            ],
        ),
    ]
    return told
