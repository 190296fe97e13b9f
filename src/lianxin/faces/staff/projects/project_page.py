"""One project: what it is, whose needs it answers, with whose help, what came of it, what comes next."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from lianxin.domain.activities.models import Activity
from lianxin.domain.activities.queries.of_projects import activities_of_project
from lianxin.domain.needs.models import Need
from lianxin.domain.projects.models import Project
from lianxin.domain.projects.queries import projects as reading_projects
from lianxin.domain.projects.queries.runs import timeline_of
from lianxin.domain.projects.rules import states
from lianxin.domain.projects.rules.publicity import Told, group_text
from lianxin.faces.kit.acting import actor_of
from lianxin.faces.kit.tables import Column
from lianxin.faces.kit.timelines import happenings
from lianxin.platform.ids import new_id

from ..needs.words import NEED_TONES
from ..points.lists import Cell, Press, Row, cells, leads, small_table
from ..points.told import Section
from .act_words import ACTS
from .desk import ProjectsDesk, desk_at
from .gate import reading
from .words import FIELDS, PROJECT_TONES, legible, spoken_days, yuan

State = Project.State
GOING_ON = (State.PUBLISHED, State.RUNNING)
NEED_COLUMNS = (
    Column(gettext_lazy("Need")),
    Column(gettext_lazy("Community")),
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
    tied = reading_projects.around(project)
    dates = reading_projects.dates_of(project)
    activities = activities_of_project(project=project) if row.published_at else []
    unwritten = () if row.public_text else (_("Nothing has been written yet."),)
    sections = [
        Section(
            _("What residents read"),
            text=row.public_text,
            lines=unwritten,
            links=[(_url("project_picture", row), _("Look at the picture"))] if row.picture_id else [],
        ),
        Section(
            _("Needs that it answers"),
            table=small_table(NEED_COLUMNS, [_need(one, desk) for one in tied.needs]),
            empty=_("It answers no entry of the needs list."),
        ),
        Section(
            _("With whose help"),
            table=small_table(
                OFFER_COLUMNS,
                [Row(cells(_led(one, desk, "offer"), one.beside or _("a volunteer"))) for one in tied.offers],
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
        sections.append(Section(_("Words for a group"), copy=group_text(_told(row, tied.needs)), links=_posters(dates)))
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
            (_("Days"), spoken_days(row.from_on, row.until_on)),
            *([(_("Together with"), "、".join(one.title for one in tied.neighbours))] if tied.neighbours else []),
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
                _("%(yes)d of %(answered)d") % {"yes": outcome.met, "answered": outcome.answered}
                if outcome.answered
                else _("nobody yet"),
            ),
        ],
        "acts": _acts(row) if desk.plans else [],
        "presses": _presses(row) if desk.plans else [],
        "entries": happenings(
            legible(timeline_of(actor=desk.actor, kind="projects.project", record=project), State),
            titles=ACTS,
            labels=FIELDS,
        ),
    }
    context |= _next(row, activities) if desk.plans else {}
    return render(request, "staff/points/record.html", context)


def _url(name: str, row: Project) -> str:
    return reverse(f"staff:{name}", kwargs={"project": row.pk})


def _led(one: reading_projects.Tied, desk: ProjectsDesk, name: str) -> Any:
    """Name what a project is tied to, with the way to it for who may open it."""
    may = one.community is not None and desk.actor.covers(one.community)
    return leads(one.title, name, **{{"need": "entry"}.get(name, name): one.id}) if may else one.title


def _need(one: reading_projects.Tied, desk: ProjectsDesk) -> Row:
    state = Need.State(one.state)
    title = _led(one, desk, "need")
    return Row(cells(title, one.beside, one.households, one.voices, Cell(state.label, tone=NEED_TONES[state])))


def _presses(row: Project) -> list[Press]:
    if not row.picture_id or row.state not in states.OPEN:
        return []
    return [Press(_url("project_picture_remove", row), _("Take the picture out"), "plain")]


def _date(one: Any) -> Row:
    words, tone = _("to come"), "info"
    if one.is_cancelled:
        words, tone = _("called off"), "stop"
    elif one.is_held:
        words, tone = pgettext("project", "held"), "done"
    day = leads(one.starts_at, "occurrence", occurrence=one.occurrence)
    return Row(cells(day, one.title, one.came, Cell(words, tone=tone)))


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
        names.append(("project_picture_change", _("Picture")))
    if row.state in GOING_ON:
        names.append(("project_finish", _("Close it and tell the askers")))
    if states.may_go(row.state, State.CANCELLED):
        names.append(("project_cancel", _("Cancel it")))
    acts = [(reverse(f"staff:{name}", kwargs={"project": row.pk}), text) for name, text in names]
    if row.state in states.PUBLIC:
        acts.append((reverse("resident:project", kwargs={"project": row.pk}), _("Public page")))
    return acts
