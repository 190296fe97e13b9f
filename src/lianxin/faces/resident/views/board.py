"""The public board of a community: what was asked, what is arranged, what was done, what is not possible."""

from __future__ import annotations

from datetime import date
from itertools import groupby
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django.views.decorators.http import require_safe

from lianxin.domain.places.queries.divisions import find_division
from lianxin.domain.projects.models import Edition
from lianxin.domain.projects.queries.board import read_public
from lianxin.faces.resident.held_words import held_words
from lianxin.faces.resident.views.public import page
from lianxin.platform.clock import local_day, now

AT_FIRST = 8
LISTS = {
    Edition.Of.NEEDS: gettext_lazy("Needs list"),
    Edition.Of.RESOURCES: gettext_lazy("Resources list"),
    Edition.Of.PROJECTS: gettext_lazy("Projects list"),
}


@require_safe
def show(request: HttpRequest, community: UUID) -> HttpResponse:
    """Show to everybody what was asked of a community, what is arranged, done and not possible; nobody is named."""
    division = find_division(community)
    found = read_public(community=community, on=local_day(now()))
    parts = [
        ("asked", pgettext("board", "Asked"), found.asked),
        ("arranged", pgettext("board", "Arranged"), found.arranged),
        ("done", pgettext("board", "Done"), found.done),
        ("impossible", pgettext("board", "Not possible"), found.impossible),
    ]
    context = {
        "community": division,
        "parts": [
            {
                "name": name,
                "title": title,
                "count": part.count,
                "projects": [
                    {"project": one.project, "asked": one.asked, "held": held_words(one.project)}
                    for one in part.projects
                ],
                "first": part.lines[:AT_FIRST],
                "more": part.lines[AT_FIRST:],
                "left": part.count - len(part.projects) - len(part.lines),
            }
            for name, title, part in parts
        ],
        "editions": _editions(found.editions),
        "crumbs": [
            (division.short_name, reverse("resident:community", args=[community])),
            (_("Asked and done"), ""),
        ],
    }
    return page(request, "resident/needs/board.html", context)


@require_safe
def show_former(request: HttpRequest, community: UUID) -> HttpResponse:
    """Lead from the address of the former second board to the one there is."""
    find_division(community)
    return HttpResponsePermanentRedirect(reverse("resident:needs_board", args=[community]))


def period_words(row: Edition) -> str:
    """Say which month or quarter an edition is for."""
    if row.every == Edition.Every.MONTH:
        return _("%(year)d, month %(month)d") % {"year": row.from_on.year, "month": row.from_on.month}
    quarter = (row.from_on.month - 1) // 3 + 1
    return _("%(year)d, quarter %(quarter)d") % {"year": row.from_on.year, "quarter": quarter}


def _editions(rows: list[Edition]) -> list[tuple[str, list[tuple[Edition, Any]]]]:
    issued = sorted(rows, key=_period_key, reverse=True)
    return [
        (period_words(found[0]), [(row, LISTS[Edition.Of(row.of)]) for row in found])
        for _key, group in groupby(issued, key=_period_key)
        if (found := sorted(group, key=lambda row: row.of))
    ]


def _period_key(row: Edition) -> tuple[date, str]:
    return row.from_on, row.every
