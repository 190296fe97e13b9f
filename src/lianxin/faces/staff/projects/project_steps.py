"""The steps of a project: approved by name, published, carried out, closed, looked back on, cancelled."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext, pgettext_lazy

from lianxin.domain.activities.commands.from_projects import draft_from_project, preview_project_cancelled
from lianxin.domain.projects.commands import projects as commands
from lianxin.domain.projects.events import ProjectCancelled
from lianxin.domain.projects.models import Project
from lianxin.domain.projects.queries import projects as reading_projects
from lianxin.domain.projects.rules import states
from lianxin.faces.kit.acting import actor_of, key_of, press
from lianxin.platform.clock import now

from ..acting import ActForm, answer_form, confirm_first, long_text
from .desk import desk_at
from .gate import planner_presses, planning
from .project_page import page_of


@planner_presses
def approve(request: HttpRequest, project: UUID) -> HttpResponse:
    """Approve a project by name."""
    return press(
        request,
        do=lambda: commands.approve(actor=actor_of(request), project=project, at=now(), key=key_of(request)),
        back=page_of(project),
        said=_("Approved, in your name."),
    )


@planner_presses
def publish(request: HttpRequest, project: UUID) -> HttpResponse:
    """Put a project on the public list."""
    return press(
        request,
        do=lambda: commands.publish(actor=actor_of(request), project=project, at=now(), key=key_of(request)),
        back=page_of(project),
        said=_("Published. Those who asked are told that it is arranged."),
    )


@planner_presses
def plan_activity(request: HttpRequest, project: UUID) -> HttpResponse:
    """Draft an activity that carries a project out."""
    made: list[UUID] = []

    def do() -> None:
        row = draft_from_project(actor=actor_of(request), project=project, at=now(), key=key_of(request))
        made.append(row.pk)

    answer = press(request, do=do, back=page_of(project), said=_("Drafted. Choose its days, then publish it."))
    if made:
        answer["Location"] = reverse("staff:activity", kwargs={"activity": made[0]})
    return answer


class FinishForm(ActForm):
    """What was spent."""

    spent = forms.DecimalField(
        label=gettext_lazy("Spent (yuan)"), required=False, min_value=0, max_value=10_000_000, decimal_places=2
    )


@planning
def finish(request: HttpRequest, project: UUID) -> HttpResponse:
    """Close a project and tell each asker, after saying whom."""
    row = reading_projects.find_project(actor=actor_of(request), project=project)
    desk = desk_at(request, row.community)
    outcome = reading_projects.outcome_of(row)
    coming = reading_projects.count_dates_to_come(project=project, at=now())
    waiting = [ngettext("%(n)d date is still to come.", "%(n)d dates are still to come.", coming) % {"n": coming}]

    def do(wanted: dict[str, Any]) -> Project:
        spent = wanted["spent"]
        return commands.finish(
            actor=desk.actor,
            project=project,
            spent_fen=int(spent * 100) if spent is not None else None,
            at=now(),
            key=wanted["key"],
        )

    return confirm_first(
        request,
        FinishForm(request.POST or None),
        do=do,
        preview=lambda _wanted: [
            *waiting * (coming > 0),
            _("%(n)d dates were held, %(people)d person-times.")
            % {"n": row.occurrences_held, "people": row.person_times},
            _("%(n)d askers are told and asked whether their need was met.") % {"n": outcome.askers},
        ],
        then=lambda _row: page_of(project),
        said=_("Closed. The askers are told."),
        question=_("Close %(title)s?") % {"title": row.title},
        button=_("Close it"),
        cancel_url=page_of(project),
        crumbs=desk.context("projects", "", (row.title, page_of(project)), (_("Close"), ""))["crumbs"],
    )


class ReviewForm(ActForm):
    """What was learned."""

    review = long_text(gettext_lazy("What went well, what did not"), most=3_000, rows=6, required=True)


@planning
def review(request: HttpRequest, project: UUID) -> HttpResponse:
    """Write down what was learned."""
    row = reading_projects.find_project(actor=actor_of(request), project=project)
    desk = desk_at(request, row.community)
    return answer_form(
        request,
        ReviewForm(request.POST or None),
        do=lambda wanted: commands.evaluate(
            actor=desk.actor, project=project, review=wanted["review"], at=now(), key=wanted["key"]
        ),
        then=lambda _row: page_of(project),
        said=_("Written down."),
        title=_("Look back on %(title)s") % {"title": row.title},
        button=_("Save"),
        cancel_url=page_of(project),
        crumbs=desk.context("projects", "", (row.title, page_of(project)), (_("Look back"), ""))["crumbs"],
    )


class CancelForm(ActForm):
    """Why."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=200,
        help_text=pgettext_lazy("projects", "Those who asked read it."),
    )


@planning
def cancel(request: HttpRequest, project: UUID) -> HttpResponse:
    """Cancel a project, after telling what that means."""
    row = reading_projects.find_project(actor=actor_of(request), project=project)
    desk = desk_at(request, row.community)
    outcome = reading_projects.outcome_of(row)
    told = [_("%(n)d askers are told why.") % {"n": outcome.askers}] if row.state in states.PUBLIC else []
    return confirm_first(
        request,
        CancelForm(request.POST or None),
        do=lambda wanted: commands.cancel(
            actor=desk.actor, project=project, reason=wanted["reason"], at=now(), key=wanted["key"]
        ),
        preview=lambda wanted: [
            *told,
            *preview_project_cancelled(ProjectCancelled(row.pk, row.community_id, wanted["reason"])),
            _("Its needs are open again."),
        ],
        then=lambda _row: page_of(project),
        said=_("Cancelled."),
        question=_("Cancel %(title)s?") % {"title": row.title},
        button=pgettext("projects", "Cancel the project"),
        cancel_url=page_of(project),
        crumbs=desk.context("projects", "", (row.title, page_of(project)), (_("Cancel"), ""))["crumbs"],
        danger=True,
    )
