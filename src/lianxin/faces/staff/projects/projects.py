"""The projects list, and for which community a new one is."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from lianxin.domain.places.queries import divisions
from lianxin.domain.places.queries.services import list_categories
from lianxin.domain.projects.models import Project
from lianxin.domain.projects.queries import projects as reading_projects
from lianxin.faces.kit.tables import Column

from ..choices import community_choices, community_ids
from ..points.lists import Cell, Page, Row, answer_list, cells, leads, small_table
from .desk import ProjectsDesk, desk_of, own_community
from .gate import plans, reading
from .words import PROJECT_TONES, spoken_days

State = Project.State
AT_ONCE = 50
COLUMNS = (
    Column(gettext_lazy("Project")),
    Column(gettext_lazy("Category")),
    Column(gettext_lazy("Community")),
    Column(gettext_lazy("Days")),
    Column(gettext_lazy("Held of planned")),
    Column(gettext_lazy("Person-times"), numeric=True),
    Column(gettext_lazy("State")),
)


class ProjectsFilter(forms.Form):
    """Which projects to see."""

    q = forms.CharField(label=pgettext_lazy("projects", "Name"), required=False)
    state = forms.ChoiceField(
        label=gettext_lazy("State"),
        required=False,
        choices=[("open", gettext_lazy("Going on")), ("", gettext_lazy("All")), *State.choices],
    )
    category = forms.ChoiceField(label=gettext_lazy("Category"), required=False)
    place = forms.ChoiceField(label=gettext_lazy("Community"), required=False)

    def __init__(self, *args: Any, desk: ProjectsDesk, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        rows = list_categories()
        fields["category"].choices = [("", _("All")), *((row.code, f"{row.code} {row.name}") for row in rows)]
        places = community_choices(desk.actor)
        if places:
            fields["place"].choices = [("", _("All")), *places]
        else:
            del fields["place"]


@reading
def show_list(request: HttpRequest) -> HttpResponse:
    """List the projects of the communities in scope."""
    desk = desk_of(request)
    form = ProjectsFilter(request.GET if "state" in request.GET else None, desk=desk, initial={"state": "open"})
    wanted: dict[str, Any] = form.cleaned_data if form.is_bound and form.is_valid() else {"state": "open"}
    found = reading_projects.list_projects(
        actor=desk.actor, state=wanted.get("state", ""), words=wanted.get("q", "").strip()
    ).select_related("community")
    if wanted.get("category"):
        found = found.filter(category__code=wanted["category"])
    if wanted.get("place"):
        found = found.filter(community__in=community_ids(UUID(wanted["place"])))

    def fetch(after: str) -> Page:
        start = int(after) if after.isdecimal() else 0
        rows = list(found[start : start + AT_ONCE + 1])
        return [_row(row, desk) for row in rows[:AT_ONCE]], str(start + AT_ONCE) if len(rows) > AT_ONCE else ""

    mine = own_community(desk.actor)
    new_url = reverse("staff:project_new", kwargs={"community": mine}) if mine else ""
    if not new_url and plans(desk.actor):
        new_url = reverse("staff:project_begin")
    context = desk.context("projects", _("Projects list"))
    context |= {
        "form": form,
        "buttons": [(new_url, _("Enter a project"))] if new_url else [],
        "empty_title": _("No projects here."),
        "empty_text": _("A project answers needs of the needs list. Accept a proposal of the matching, or enter one."),
        "empty_url": new_url or reverse("staff:matching"),
        "empty_link": _("Enter a project") if new_url else _("Matching"),
        "lead": _("What is done about what residents asked for: with whose help, when, and what came of it."),
    }
    return answer_list(request, columns=desk.columns(COLUMNS), fetch=fetch, context=context, count=found.count())


def _row(row: Project, desk: ProjectsDesk) -> Row:
    return Row(
        cells(
            leads(f"{row.number} {row.title}", "project", project=row.pk),
            row.category.name,
            *([row.community.short_name] if desk.has_many else []),
            spoken_days(row.from_on, row.until_on),
            f"{row.occurrences_held} / {row.occurrences_planned}",
            row.person_times,
            Cell(State(row.state).label, tone=PROJECT_TONES[State(row.state)]),
        ),
        pk=row.pk,
    )


@reading
def begin(request: HttpRequest) -> HttpResponse:
    """Let somebody with several communities choose one for a new project."""
    desk = desk_of(request)
    names = divisions.list_divisions(level="community")
    rows = [row for row in names if desk.actor.covers(row.pk)]
    table = small_table(
        (Column(_("Community")),), [Row(cells(leads(row.short_name, "project_new", community=row.pk))) for row in rows]
    )
    context = desk.context("projects", _("For which community?"), (_("New"), ""))
    return render(request, "staff/points/list.html", context | {"table": table, "counted": True})
