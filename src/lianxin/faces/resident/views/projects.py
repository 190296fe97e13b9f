"""One project of a community and its picture, and an issued edition of one of its lists."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_safe

from lianxin.domain.needs.models import Need
from lianxin.domain.needs.rules import groups
from lianxin.domain.projects.models import Edition, Project
from lianxin.domain.projects.queries import editions as reading_editions
from lianxin.domain.projects.queries import projects as reading_projects
from lianxin.faces.kit.dates import spoken
from lianxin.faces.kit.stored import answer_file
from lianxin.faces.resident.held_words import held_words
from lianxin.faces.resident.views.board import LISTS, period_words
from lianxin.faces.resident.views.public import page
from lianxin.insight.publishing import parts_for_public
from lianxin.platform import files
from lianxin.platform.clock import now

State = Project.State
STATES = {
    State.PUBLISHED: (pgettext_lazy("project", "Arranged"), "info"),
    State.RUNNING: (pgettext_lazy("project", "Under way"), "info"),
    State.DONE: (pgettext_lazy("project", "Done"), "done"),
    State.EVALUATED: (pgettext_lazy("project", "Done"), "done"),
    State.CANCELLED: (pgettext_lazy("project", "Cancelled"), "stop"),
}
PICTURE_SECONDS = 3600
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
def show_project_picture(request: HttpRequest, project: UUID) -> HttpResponse:
    """Give the picture of a public project."""
    answer = answer_file(files.find_file(reading_projects.find_public(project=project).picture_id))
    patch_cache_control(answer, public=True, max_age=PICTURE_SECONDS)
    return answer


@require_safe
def show(request: HttpRequest, project: UUID) -> HttpResponse:
    """Show one project: what, when, where, who answers for it, its dates, and how many asked for it."""
    row = reading_projects.find_public(project=project)
    at = now()
    tied = reading_projects.around(project)
    needs = tied.needs
    dates = reading_projects.dates_of(project)
    held = [one for one in dates if one.is_held]
    came = [one.came for one in held]  # type: ignore[attr-defined]
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
        "neighbours": tied.neighbours,
        "picture_address": request.build_absolute_uri(reverse("resident:project_picture", args=[project])),
        "coming": coming,
        "held": list(zip(held, parts_for_public(came), strict=True)),
        "held_words": held_words(row),
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


def _crumbs(community: Any, title: str) -> list[tuple[Any, str]]:
    return [
        (community.short_name, reverse("resident:community", args=[community.pk])),
        (_("Asked and done"), reverse("resident:needs_board", args=[community.pk])),
        (title, ""),
    ]


def _need(entry: dict[str, Any]) -> str:
    words = [str(NEED_STATES.get(entry["state"], ""))]
    if entry["group"]:
        words.insert(0, str(groups.label_of(entry["group"])))
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
