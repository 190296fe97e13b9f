"""The catalogue of figures: every number of the house for a period and place, each leading to what it is made of."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from lianxin.faces.district.views.figure_numbers import Brief, count_briefly, places_below
from lianxin.faces.district.views.figures_asked import Asked, answer_problem, ask, shell_of, shown_to_all_offices
from lianxin.insight.catalogue import Topic, topics
from lianxin.platform.contributions import Measure


@shown_to_all_offices
def show(request: HttpRequest) -> HttpResponse:
    """List the figures of the chosen chapter, or those that a search finds."""
    asked = ask(request)
    if asked.problem is not None:
        return answer_problem(asked, title=_("Figures"), page="figures")
    chapters = topics()
    words = request.GET.get("q", "").strip()
    chosen = request.GET.get("topic", "")
    shown = _found(chapters, words) if words else [one for one in chapters if one.code == chosen] or chapters[:1]
    briefs = {one.figure.name: one for one in count_briefly(asked, [m for t in shown for m in t.measures])}
    below = places_below(asked)
    return render(
        request,
        "district/figures/catalogue.html",
        shell_of(asked.actor)
        | {
            "asked": asked,
            "form": asked.form(below),
            "quick": asked.quick("figures"),
            "words": words,
            "tabs": _tabs(asked, chapters, "" if words else shown[0].code),
            "topics": [(one, [_card(asked, briefs[m.name]) for m in one.measures]) for one in shown],
            "compared_with": asked.beside()[0].label,
        },
    )


def _found(chapters: list[Topic], words: str) -> list[Topic]:
    wanted = words.casefold().split()

    def matches(one: Measure) -> bool:
        text = f"{one.name} {' '.join(one.also)} {one.label} {one.meaning}".casefold()
        return all(word in text for word in wanted)

    found = [Topic(t.code, t.label, tuple(m for m in t.measures if matches(m))) for t in chapters]
    return [one for one in found if one.measures]


def _tabs(asked: Asked, chapters: list[Topic], chosen: str) -> list[tuple[str, Any, bool, str]]:
    return [(t.label, asked.page("figures", topic=t.code), t.code == chosen, "") for t in chapters]


def _card(asked: Asked, brief: Brief) -> dict[str, Any]:
    figure = brief.figure
    note = ""
    if brief.per_thousand is not None and not figure.source.startswith("people."):
        note = _("%(n)s per 1,000 residents") % {"n": f"{brief.per_thousand:,.1f}"}
    return {
        "label": figure.label,
        "number": f"{brief.value:,}",
        "unit": figure.unit,
        "change": brief.change,
        "values": brief.line,
        "note": note if brief.value else "",
        "url": asked.page("figure", figure.name),
    }
