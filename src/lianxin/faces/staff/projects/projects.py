"""The projects list: what is planned, approved, published, carried out and looked back on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from lianxin.domain.activities.models import Activity
from lianxin.domain.activities.queries.of_projects import activities_of_project
from lianxin.domain.places.queries import divisions
from lianxin.domain.places.queries.services import list_categories
from lianxin.domain.projects.models import Project
from lianxin.domain.projects.queries import projects as reading_projects
from lianxin.domain.projects.queries.runs import timeline_of
from lianxin.domain.projects.rules import states
from lianxin.domain.projects.rules.publicity import Told, group_text
from lianxin.faces.kit.acting import actor_of
from lianxin.faces.kit.tables import Column
from lianxin.faces.kit.timelines import happenings
from lianxin.platform.ids import new_id

from ..choices import community_choices, community_ids
from ..points.lists import Cell, Page, Row, answer_list, cells, leads, small_table
from ..points.told import Section
from .act_words import ACTS
from .desk import ProjectsDesk, desk_at, desk_of, own_community
from .gate import reading
from .words import FIELDS, PROJECT_TONES, legible, yuan

State = Project.State
GOING_ON = (State.PUBLISHED, State.RUNNING)
AT_ONCE = 50
COLUMNS = (
    Column(gettext_lazy("Project")),
    Column(gettext_lazy("Category")),
    Column(gettext_lazy("Community")),
    Column(gettext_lazy("From")),
    Column(gettext_lazy("Until")),
    Column(gettext_lazy("Held"), numeric=True),
    Column(gettext_lazy("Person-times"), numeric=True),
    Column(gettext_lazy("State")),
)
NEED_COLUMNS = (
    Column(gettext_lazy("Need")),
    Column(gettext_lazy("Households"), numeric=True),
    Column(gettext_lazy("Voices"), numeric=True),
    Column(gettext_lazy("State")),
)
OFFER_COLUMNS = (Column(gettext_lazy("Offer")), Column(pgettext_lazy("offer", "Who gives")))
DATE_COLUMNS = (
    Column(gettext_lazy("Date")),
    Column(gettext_lazy("Activity")),
    Column(gettext_lazy("Came"), numeric=True),
    Column(gettext_lazy("State")),
)


class ProjectsFilter(forms.Form):
    """Which projects to see."""

    q = forms.CharField(label=gettext_lazy("Name"), required=False)
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
        return [_row(row) for row in rows[:AT_ONCE]], str(start + AT_ONCE) if len(rows) > AT_ONCE else ""

    mine = own_community(desk.actor)
    new_url = reverse("staff:project_new", kwargs={"community": mine}) if mine else ""
    context = desk.context("projects", _("Projects list"))
    context |= {
        "form": form,
        "buttons": [(new_url, _("Enter a project"))] if new_url else [],
        "empty_title": _("No projects here."),
        "empty_text": _("A project answers needs of the needs list. Accept a proposal of the matching, or enter one."),
        "empty_url": new_url or reverse("staff:matching"),
        "empty_link": _("Enter a project") if new_url else _("Matching"),
    }
    return answer_list(request, columns=COLUMNS, fetch=fetch, context=context, count=found.count())


def _row(row: Project) -> Row:
    return Row(
        cells(
            leads(f"{row.number} {row.title}", "project", project=row.pk),
            row.category.name,
            row.community.short_name,
            row.from_on,
            row.until_on,
            row.occurrences_held,
            row.person_times,
            Cell(State(row.state).label, tone=PROJECT_TONES[State(row.state)]),
        ),
        pk=row.pk,
    )


def page_of(project: UUID) -> str:
    """Give the address of a project."""
    return reverse("staff:project", kwargs={"project": project})


@reading
def show(request: HttpRequest, project: UUID) -> HttpResponse:
    """Show one project: what it is, whose needs it answers, with whose help, what came of it, what comes next."""
    row = reading_projects.find_project(actor=actor_of(request), project=project)
    desk = desk_at(request, row.community)
    state = State(row.state)
    outcome = reading_projects.outcome_of(row)
    needs = reading_projects.needs_of(project)
    offers = reading_projects.offers_of(project)
    dates = reading_projects.dates_of(project)
    activities = activities_of_project(project=project) if row.published_at else []
    unwritten = () if row.public_text else (_("Nothing has been written yet."),)
    sections = [
        Section(_("What residents read"), text=row.public_text, lines=unwritten),
        Section(
            _("Needs that it answers"),
            table=small_table(
                NEED_COLUMNS,
                [Row(cells(one.title, one.households, one.voices, one.get_state_display())) for one in needs],
            ),
            empty=_("It answers no entry of the needs list."),
        ),
        Section(
            _("With whose help"),
            table=small_table(
                OFFER_COLUMNS,
                [
                    Row(cells(one.offer.title, one.offer.organisation.name if one.offer.organisation else ""))
                    for one in offers
                ],
            ),
            empty=_("No offer of the resources list is used."),
        ),
        Section(
            _("Its dates"),
            table=small_table(DATE_COLUMNS, [_date(one) for one in dates]),
            empty=_("No date is public yet."),
            links=[
                (reverse("staff:activity", kwargs={"activity": one.pk}), _activity_words(one)) for one in activities
            ],
        ),
    ]
    if row.state in GOING_ON:
        sections.append(Section(_("Words for a group"), copy=group_text(_told(row, needs)), links=_posters(dates)))
    if row.review:
        sections.append(Section(_("Looked back"), text=row.review))
    context = desk.context("projects", row.title, (row.title, ""))
    context |= {
        "state_label": state.label,
        "state_tone": PROJECT_TONES[state],
        "subtitle": row.purpose,
        "banners": [("warning", row.state_reason)] if row.state_reason else [],
        "sections": sections,
        "facts": [
            (_("Community"), desk.name),
            (_("Category"), row.category.name),
            (_("Days"), f"{row.from_on} – {row.until_on}"),
            (pgettext("projects", "Place"), row.venue.name if row.venue else "—"),
            (_("Who answers for it"), row.responsible_name or "—"),
            (_("Budget (yuan)"), yuan(row.budget_fen)),
            (_("Spent (yuan)"), yuan(row.spent_fen)),
            (_("Approved by"), row.approved_name or "—"),
            (_("Held of planned"), f"{row.occurrences_held} / {row.occurrences_planned}"),
            (_("Person-times"), row.person_times),
            (_("Different people"), outcome.people),
            (_("Askers"), outcome.askers),
            (
                _("Say that it was met"),
                _("%(yes)d of %(answered)d") % {"yes": outcome.met, "answered": outcome.answered},
            ),
        ],
        "acts": _acts(row) if desk.plans else [],
        "entries": happenings(
            legible(timeline_of(actor=desk.actor, kind="projects.project", record=project)),
            titles=ACTS,
            labels=FIELDS,
        ),
    }
    context |= _next(row, activities) if desk.plans else {}
    return render(request, "staff/points/record.html", context)


def _date(one: Any) -> Row:
    words = _("called off") if one.is_cancelled else pgettext("project", "held") if one.is_held else _("to come")
    return Row(cells(leads(one.starts_at, "occurrence", occurrence=one.occurrence), one.title, one.came, words))


def _activity_words(one: Activity) -> str:
    """Name an activity of a project, and where it stands."""
    return f"{one.title} ({one.get_state_display()})"


def _told(row: Project, needs: Sequence[Any]) -> Told:
    address = reverse("resident:project", kwargs={"project": row.pk})
    return Told(
        title=row.title,
        purpose=row.purpose,
        public_text=row.public_text,
        from_on=row.from_on,
        until_on=row.until_on,
        where=row.venue.name if row.venue else "",
        responsible=row.responsible_name,
        asked=sum(one.voices for one in needs),
        link=settings.BASE_URL.rstrip("/") + address,
    )


def _posters(dates: Sequence[Any]) -> list[tuple[str, Any]]:
    """Give the way to the poster and the picture of the next date."""
    coming = next((one for one in dates if not one.is_held and not one.is_cancelled), None)
    if coming is None:
        return []
    return [(reverse("staff:publicity", kwargs={"occurrence": coming.occurrence}), _("Poster and picture"))]


def _next(row: Project, activities: Sequence[Activity]) -> dict[str, Any]:
    """Give the one step that comes next."""
    draft = next((one for one in activities if one.state == Activity.State.DRAFT), None)
    if row.state in GOING_ON and draft is not None:
        url = reverse("staff:activity", kwargs={"activity": draft.pk})
        return {"next_url": url, "next_text": _("Choose the days")}
    steps: dict[str, tuple[str, Any, bool]] = {
        State.DRAFT: ("project_approve", _("Approve"), True),
        State.APPROVED: ("project_publish", _("Publish"), True),
        State.PUBLISHED: ("project_activity", _("Plan an activity"), True),
        State.RUNNING: ("project_finish", _("Close it and tell the askers"), False),
        State.DONE: ("project_review", _("Look back"), False),
    }
    if row.state not in steps or (row.state == State.PUBLISHED and activities):
        return {}
    name, text, is_press = steps[State(row.state)]
    url = reverse(f"staff:{name}", kwargs={"project": row.pk})
    return {"next_url": url, "next_text": text, "next_post": is_press, "next_key": new_id() if is_press else ""}


def _acts(row: Project) -> list[tuple[str, Any]]:
    names = []
    if row.state in states.OPEN:
        names.append(("project_edit", _("Change it")))
    if row.state in GOING_ON:
        names.append(("project_finish", _("Close it and tell the askers")))
    if states.may_go(row.state, State.CANCELLED):
        names.append(("project_cancel", _("Cancel it")))
    acts = [(reverse(f"staff:{name}", kwargs={"project": row.pk}), text) for name, text in names]
    if row.state in states.PUBLIC:
        acts.append((reverse("resident:project", kwargs={"project": row.pk}), _("Public page")))
    return acts


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
