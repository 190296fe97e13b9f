"""The catalogue of figures: every measure that a module contributes, in an order that a reader can follow."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.platform import contributions
from lianxin.platform.contributions import Measure
from lianxin.platform.errors import Missing

FLOW, LEVEL, DISTINCT = "flow", "level", "distinct"


class UnknownFigure(Missing):
    """There is no figure of this name."""

    title = gettext_lazy("There is no such figure.")


@dataclass(frozen=True)
class Topic:
    """A chapter of the catalogue."""

    code: str
    label: Any
    measures: tuple[Measure, ...]


# chapter → what it holds: modules, or names where a module's measures belong to two chapters
CHAPTERS: tuple[tuple[str, Any, tuple[str, ...]], ...] = (
    ("places", gettext_lazy("Places"), ("places", "bookings")),
    ("activities", gettext_lazy("Activities"), ("activities",)),
    ("volunteering", gettext_lazy("Volunteering"), ()),
    ("lists", gettext_lazy("Three lists"), ("needs", "resources", "projects")),
    ("voice", gettext_lazy("Voice"), ("voice",)),
    ("points", gettext_lazy("Points and supermarket"), ("points", "shop")),
    ("people", gettext_lazy("Residents"), ("people",)),
    ("burden", gettext_lazy("What is asked of communities"), ("reporting",)),
)
VOLUNTEERING = "volunteer"


def list_measures() -> list[Measure]:
    """Give every figure in the catalogue's order."""
    return [measure for topic in topics() for measure in topic.measures]


def topics() -> list[Topic]:
    """Give the chapters that hold anything, each with its figures."""
    held: dict[str, list[Measure]] = {code: [] for code, _label, _modules in CHAPTERS}
    for entry in contributions.modules():
        for measure in entry.measures:
            held[_chapter(entry.module, measure)].append(measure)
    return [Topic(code, label, tuple(held[code])) for code, label, _modules in CHAPTERS if held[code]]


def _chapter(module: str, measure: Measure) -> str:
    if VOLUNTEERING in measure.name:
        return "volunteering"
    return next((code for code, _label, modules in CHAPTERS if module in modules), CHAPTERS[0][0])


def find_measure(name: str) -> Measure:
    """Give the figure of a name or of another name it goes by; raises UnknownFigure with those that are near."""
    known = _by_name()
    if name in known:
        return known[name]
    near = get_close_matches(name, known, n=3, cutoff=0.5)
    if near:
        raise UnknownFigure(
            _("There is no figure “%(name)s”. Did you mean %(near)s?") % {"name": name, "near": _(", ").join(near)}
        )
    raise UnknownFigure(_("There is no figure “%(name)s”. The catalogue names all of them.") % {"name": name})


def find_measures(names: Iterable[str]) -> list[Measure]:
    """Give the figures of some names, in their order."""
    return [find_measure(name) for name in names]


def _by_name() -> dict[str, Measure]:
    return {name: measure for measure in contributions.every("measures") for name in (measure.name, *measure.also)}
