"""What runs in the background: jobs, messages that did not leave, rounds of the house."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from lianxin.faces.kit.acting import actor_of, key_of, press
from lianxin.platform import clock, operations
from lianxin.platform.models import Job

from .. import sheets
from .gate import button, may_operate, reading
from .words import crumbs

STATES: dict[str, tuple[Any, str]] = {
    Job.State.RUNNING: (pgettext_lazy("job", "Running"), "info"),
    Job.State.WAITING: (pgettext_lazy("job", "Waiting"), "quiet"),
    Job.State.PARKED: (pgettext_lazy("job", "Put aside"), "stop"),
    Job.State.DONE: (pgettext_lazy("job", "Done"), "done"),
}
TASKS: dict[str, Any] = {
    "runs.stage": gettext_lazy("Read and check an import"),
    "runs.apply": gettext_lazy("Enter an import"),
    "runs.undo": gettext_lazy("Take an import back"),
    "platform.keep_house": gettext_lazy("Remove what may no longer be kept"),
    "platform.prove_audit": gettext_lazy("Prove the audit log"),
}
ROUNDS: dict[str, Any] = {
    "keep house": gettext_lazy("Remove what may no longer be kept"),
    "close forgotten openings": gettext_lazy("Close openings that nobody closed"),
    "hide expired produce": gettext_lazy("Hide produce whose consent has ended"),
}
HEADINGS = (
    gettext_lazy("Work"),
    gettext_lazy("Made"),
    gettext_lazy("Due"),
    gettext_lazy("Tries"),
    gettext_lazy("Progress"),
    gettext_lazy("What stopped it"),
)


def _state(request: HttpRequest) -> str:
    asked = request.GET.get("state", Job.State.RUNNING)
    return asked if asked in STATES else Job.State.RUNNING


def _tabs(counts: dict[str, int], here: str) -> list[tuple[Any, str, bool, Any]]:
    address = reverse("staff:jobs")
    tabs = [(label, f"{address}?state={state}", state == here, counts[state]) for state, (label, _t) in STATES.items()]
    return [
        *tabs,
        (_("Messages"), reverse("staff:failed_messages"), here == "messages", ""),
        (_("Rounds"), reverse("staff:schedules"), here == "schedules", ""),
    ]


@reading(may_operate)
def show(request: HttpRequest) -> HttpResponse:
    """Show the jobs in one state."""
    actor = actor_of(request)
    state = _state(request)
    jobs = operations.list_jobs(actor=actor, state=state)
    return render(
        request,
        "staff/settings/jobs.html",
        {
            "rows": [(job, TASKS.get(job.task, job.task)) for job in jobs],
            "state_label": STATES[state][0],
            "tone": STATES[state][1],
            "state": state,
            "is_cut": len(jobs) == operations.SHOWN,
            "tabs": _tabs(operations.count_jobs(actor=actor), state),
            "export_url": f"{reverse('staff:jobs_export')}?state={state}",
            "crumbs": crumbs((_("Jobs"), "")),
        },
    )


@reading(may_operate)
def export(request: HttpRequest) -> HttpResponse:
    """Give the jobs in one state as XLSX."""
    rows = [
        [
            str(TASKS.get(job.task, job.task)),
            job.created_at.isoformat(timespec="seconds"),
            job.due_at.isoformat(timespec="seconds"),
            job.attempts,
            f"{job.done_units}/{job.total_units}" if job.total_units else "",
            job.failure,
        ]
        for job in operations.list_jobs(actor=actor_of(request), state=_state(request))
    ]
    return sheets.workbook(title=_("Jobs"), headings=HEADINGS, rows=rows)


@button(may_operate)
def resume(request: HttpRequest, job: UUID) -> HttpResponse:
    """Let parked work go on."""
    return press(
        request,
        do=lambda: operations.resume_job(actor=actor_of(request), job=job, at=clock.now(), key=key_of(request)),
        back=f"{reverse('staff:jobs')}?state={Job.State.PARKED}",
        said=_("The work is in the queue again."),
    )


@reading(may_operate)
def failed_messages(request: HttpRequest) -> HttpResponse:
    """Show the messages that were given up."""
    actor = actor_of(request)
    return render(
        request,
        "staff/settings/failed_messages.html",
        {
            "rows": operations.list_failed_messages(actor=actor),
            "tabs": _tabs(operations.count_jobs(actor=actor), "messages"),
            "crumbs": crumbs((_("Jobs"), reverse("staff:jobs")), (_("Messages"), "")),
        },
    )


@button(may_operate)
def resend(request: HttpRequest, message: UUID) -> HttpResponse:
    """Let a message be tried again."""
    return press(
        request,
        do=lambda: operations.resend_message(
            actor=actor_of(request), message=message, at=clock.now(), key=key_of(request)
        ),
        back=reverse("staff:failed_messages"),
        said=_("The message is tried again."),
    )


def _span(every: timedelta | None) -> str:
    minutes = round(every.total_seconds() / 60) if every else 0
    return ngettext("%(n)d minute", "%(n)d minutes", minutes) % {"n": minutes}


@reading(may_operate)
def schedules(request: HttpRequest) -> HttpResponse:
    """Show the rounds of the house."""
    actor = actor_of(request)
    return render(
        request,
        "staff/settings/schedules.html",
        {
            "rows": [
                (row, ROUNDS.get(row.name, row.name), _span(row.every))
                for row in operations.list_schedules(actor=actor)
            ],
            "tabs": _tabs(operations.count_jobs(actor=actor), "schedules"),
            "crumbs": crumbs((_("Jobs"), reverse("staff:jobs")), (_("Rounds"), "")),
        },
    )
