"""What a community does about what it was asked for: its projects, one project, the issued editions of its lists."""

from __future__ import annotations

from datetime import date
from itertools import groupby
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_safe

from lianxin.domain.needs.models import Need
from lianxin.domain.places.queries.divisions import find_division
from lianxin.domain.projects.models import Edition, Project
from lianxin.domain.projects.queries import editions as reading_editions
from lianxin.domain.projects.queries import projects as reading_projects
from lianxin.faces.kit.dates import spoken
from lianxin.faces.kit.navigation import url_or_none
from lianxin.faces.resident.views.public import page
from lianxin.platform.clock import local_day, now

State = Project.State
STATES = {
    State.PUBLISHED: (pgettext_lazy("project", "Arranged"), "info"),
    State.RUNNING: (pgettext_lazy("project", "Under way"), "info"),
    State.DONE: (pgettext_lazy("project", "Done"), "done"),
    State.EVALUATED: (pgettext_lazy("project", "Done"), "done"),
    State.CANCELLED: (pgettext_lazy("project", "Cancelled"), "stop"),
}
GOING_ON = (State.PUBLISHED, State.RUNNING)
LISTS = {
    Edition.Of.NEEDS: gettext_lazy("Needs list"),
    Edition.Of.RESOURCES: gettext_lazy("Resources list"),
    Edition.Of.PROJECTS: gettext_lazy("Projects list"),
}
CHANGES = (
    ("new", gettext_lazy("New on the list")),
    ("done", pgettext_lazy("edition", "Done")),
    ("dropped", gettext_lazy("No longer on the list")),
)
NEED_STATES = {
    Need.State.OPEN: pgettext_lazy("need", "waiting"),
    Need.State.PLANNED: gettext_lazy("arranged"),
    Need.State.PARTLY: gettext_lazy("partly met"),
}


@require_safe
def browse(request: HttpRequest, community: UUID) -> HttpResponse:
    """List what a community does about what it was asked for, and the editions of its lists."""
    division = find_division(community)
    rows = reading_projects.list_public(community=community, on=local_day(now()))
    issued = sorted(reading_editions.list_issued(community=community), key=lambda row: _period_key(row), reverse=True)
    context = {
        "community": division,
        "board_url": url_or_none("resident:needs_board", community=community),
        "going_on": sorted((row for row in rows if row.state in GOING_ON), key=lambda row: (row.from_on, row.number)),
        "done": [row for row in rows if row.state not in GOING_ON],
        "editions": [
            (period_words(found[0]), [(row, LISTS[Edition.Of(row.of)]) for row in found])
            for _key, group in groupby(issued, key=_period_key)
            if (found := sorted(group, key=lambda row: row.of))
        ],
        "crumbs": [
            (division.short_name, reverse("resident:community", args=[community])),
            (_("What the community arranges"), ""),
        ],
    }
    return page(request, "resident/projects/list.html", context)


@require_safe
def show(request: HttpRequest, project: UUID) -> HttpResponse:
    """Show one project: what, when, where, who answers for it, its dates, and how many asked for it."""
    row = reading_projects.find_public(project=project)
    at = now()
    needs = reading_projects.needs_of(project)
    dates = reading_projects.dates_of(project)
    coming = [one for one in dates if not one.is_cancelled and not one.is_held and one.starts_at > at]
    label, tone = STATES[State(row.state)]
    context = {
        "project": row,
        "community": row.community,
        "state_label": label,
        "state_tone": tone,
        "is_cancelled": row.state == State.CANCELLED,
        "is_over": row.state in (State.DONE, State.EVALUATED),
        "asked": sum(one.voices for one in needs),
        "needs": needs,
        "coming": coming,
        "held": [one for one in dates if one.is_held],
        "called_off": [one for one in dates if one.is_cancelled and one.starts_at > at],
        "crumbs": _crumbs(row.community, row.title),
    }
    return page(request, "resident/projects/project.html", context)


@require_safe
def edition(request: HttpRequest, edition: UUID) -> HttpResponse:
    """Show an issued edition of a list: its groups, and what changed since the one before."""
    row = reading_editions.find_issued(edition=edition)
    title = f"{LISTS[Edition.Of(row.of)]} · {period_words(row)}"
    lines = {Edition.Of.NEEDS: _need, Edition.Of.RESOURCES: _offer, Edition.Of.PROJECTS: _project}[Edition.Of(row.of)]
    context = {
        "edition": row,
        "community": row.community,
        "title": title,
        "groups": [
            (group["name"], [(entry["title"], lines(entry)) for entry in group["entries"]])
            for group in row.content.get("groups", [])
        ],
        "changes": [
            (words, [(one["title"], one.get("why", "")) for one in row.changes[kind]])
            for kind, words in CHANGES
            if row.changes.get(kind)
        ],
        "crumbs": _crumbs(row.community, title),
    }
    return page(request, "resident/projects/edition.html", context)


def period_words(row: Edition) -> str:
    """Say which month or quarter an edition is for."""
    if row.every == Edition.Every.MONTH:
        return _("%(year)d, month %(month)d") % {"year": row.from_on.year, "month": row.from_on.month}
    quarter = (row.from_on.month - 1) // 3 + 1
    return _("%(year)d, quarter %(quarter)d") % {"year": row.from_on.year, "quarter": quarter}


def _period_key(row: Edition) -> tuple[date, str]:
    return row.from_on, row.every


def _crumbs(community: Any, title: str) -> list[tuple[Any, str]]:
    return [
        (community.short_name, reverse("resident:community", args=[community.pk])),
        (_("What the community arranges"), reverse("resident:lists", args=[community.pk])),
        (title, ""),
    ]


def _need(entry: dict[str, Any]) -> str:
    words = [str(NEED_STATES.get(entry["state"], ""))]
    if entry["group"]:
        words.insert(0, entry["group"])
    words.append(_("asked by %(n)d") % {"n": entry["voices"]})
    words.append(_("since %(day)s") % {"day": _day(entry["since"])})
    return " · ".join(filter(None, words))


def _offer(entry: dict[str, Any]) -> str:
    giver = entry["giver"] or _("a volunteer")
    return " · ".join(filter(None, [giver, entry["conditions"]]))


def _project(entry: dict[str, Any]) -> str:
    days = _("from %(from)s to %(until)s") % {"from": _day(entry["from"]), "until": _day(entry["until"])}
    return " · ".join(filter(None, [days, entry["place"], entry["responsible"]]))


def _day(text: str) -> str:
    return spoken(date.fromisoformat(text))
