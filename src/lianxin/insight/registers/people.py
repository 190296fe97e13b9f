"""The register of residents: counts only, of each community, and within one community of each building."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.translation import pgettext_lazy as _

from lianxin.domain.people.queries.counts import members_on
from lianxin.domain.people.rules.persons import ELDERS, born_between
from lianxin.domain.places.queries.divisions import names_of
from lianxin.platform.contributions import Window

from .form import COMMUNITY, Column, Line, Register, Tie


def _counted(window: Window) -> QuerySet[Any, Any]:
    last = window.until_on - timedelta(days=1)
    _oldest, newest = born_between(ELDERS, last)
    keys = ["community__code", "community"]
    if window.communities is not None and len(window.communities) == 1:
        keys.append("household__building")
    rows = members_on(last, window.communities).order_by().values(*keys)
    sums = {
        "homes": Count("household", distinct=True),
        "people": Count("pk"),
        "elders": Count("pk", filter=Q(person__birth_on__lte=newest)),
    }
    return rows.annotate(**sums).order_by(*keys)


def _lines(window: Window) -> Iterator[Line]:
    found = list(_counted(window))
    names = names_of(row["community"] for row in found)
    for row in found:
        building = row.get("household__building", "")
        yield names[row["community"]], building, row["homes"], row["people"], row["elders"]


RESIDENTS = Register(
    code="residents",
    title=_("register", "Households and residents"),
    job="people",
    about=_("register", "How many lived where on the last day: by community, and within one community by building."),
    columns=(
        Column(COMMUNITY, _("register", "Community")),
        Column("building", _("register", "Building")),
        Column("homes", _("register", "Households"), "number", is_summed=True),
        Column("people", _("register", "Residents"), "number", is_summed=True),
        Column("elders", _("register", "Of them 60 and older"), "number", is_summed=True),
    ),
    rows=_lines,
    count=lambda window: _counted(window).count(),
    ties=(Tie("households", "homes"), Tie("residents", "people"), Tie("residents_60_plus", "elders")),
)

REGISTERS = (RESIDENTS,)
