"""One import: progress, what is wrong, and the decision what becomes of it."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.domain.places.queries import divisions
from lianxin.faces.kit.acting import actor_of, key_of, press
from lianxin.faces.kit.dates import spoken
from lianxin.faces.kit.navigation import url_or_none
from lianxin.platform import clock, run_reading, runs
from lianxin.platform.errors import Missing
from lianxin.platform.ids import new_id
from lianxin.platform.models import Run
from lianxin.platform.sheets import write_marked

from ..acting import ActForm, answer_form
from ..sheets import XLSX
from .gate import form_page, pressing, reading
from .words import MOVING, PROGRESS_TITLES, STATES, label_of

SHOWN_PROBLEMS = 100


def _progress(run: Run) -> dict[str, Any]:
    """Give what the progress part is drawn with; a run that moves no more leads back to its page."""
    done, total, note = run_reading.progress_of(run)
    stopped = run_reading.why_stopped(run)
    moving = run.state in MOVING and not stopped
    here = reverse("staff:import", kwargs={"run": run.pk})
    return {
        "title": PROGRESS_TITLES.get(run.state, STATES[run.state][0]),
        "done": done,
        "total": total,
        "note": note if moving else "",
        "finished": not moving,
        "failed": bool(stopped) or run.state == Run.State.REFUSED,
        "poll_url": reverse("staff:import_progress", kwargs={"run": run.pk}),
        "next_url": here,
        "next_text": _("Show the result"),
        "progress_id": "progress",
    }


@reading
def progress(request: HttpRequest, run: UUID) -> HttpResponse:
    """Give the progress alone, for the page that polls; when the work is over the page is loaded anew."""
    found = runs.find_run(actor=actor_of(request), run=run)
    told = _progress(found)
    response = render(request, "kit/progress.html", told)
    if told["finished"] and request.headers.get("HX-Request"):
        response["HX-Refresh"] = "true"
    return response


def _facts(run: Run) -> list[tuple[Any, Any]]:
    facts: list[tuple[Any, Any]] = [
        (_("Kind"), label_of(run.kind)),
        (_("Sent in"), spoken(run.created_at)),
    ]
    community = run.options.get("community")
    if community:
        facts.append((_("For community"), divisions.names_of([UUID(community)]).get(UUID(community), "")))
    if run.staged_at:
        facts.append((_("Checked"), spoken(run.staged_at)))
    if run.finished_at:
        facts.append((_("Finished"), spoken(run.finished_at)))
    return facts


def _has_file(run: Run) -> bool:
    try:
        return runs.source_of(run)[0].exists()
    except Missing:
        return False


@reading
def show(request: HttpRequest, run: UUID) -> HttpResponse:
    """Show where an import stands."""
    found = runs.find_run(actor=actor_of(request), run=run)
    kind = runs.kind_named(found.kind)
    labels = {column.name: column.label for column in kind.columns}
    problems = [] if found.state in MOVING else run_reading.list_problems(found, limit=SHOWN_PROBLEMS)
    label, tone = STATES[found.state]
    people_url = url_or_none("staff:people") if found.kind == "people.residents" else None
    return render(
        request,
        "staff/imports/run.html",
        {
            "run": found,
            "state_label": label,
            "state_tone": tone,
            "moving": found.state in MOVING,
            "stopped": bool(run_reading.why_stopped(found)),
            "progress": _progress(found),
            "problems": [
                (each.row_number, labels.get(each.column, each.column), each.sentence, each.is_warning)
                for each in problems
            ],
            "is_cut": len(problems) == SHOWN_PROBLEMS,
            "may_apply": found.state == Run.State.STAGED and found.rows_good > 0,
            "left_out": found.rows_good - found.rows_applied if found.state == Run.State.DONE else 0,
            "may_undo": found.state == Run.State.DONE,
            "has_file": _has_file(found) and found.rows_wrong > 0,
            "people_url": people_url or "",
            "mend_url": _mend_url(found),
            "is_whole": kind.whole,
            "facts": _facts(found),
            "key": new_id(),
            "crumbs": [(_("Imports"), reverse("staff:imports")), (found.title, "")],
        },
    )


def _mend_url(run: Run) -> str:
    """Give where the mended file is sent, for the record that this one was for."""
    belongs = {name: run.options[name] for name in ("occurrence", "register") if run.options.get(name)}
    return f"{reverse('staff:import_new')}?{urlencode({'kind': run.kind, **belongs})}"


@reading
def marked(request: HttpRequest, run: UUID) -> HttpResponse:
    """Give the wrong rows as a workbook, wrong cells red and a column that says what to mend."""
    found = runs.find_run(actor=actor_of(request), run=run)
    if found.state in MOVING:
        raise Missing
    kind = runs.kind_named(found.kind)
    source, name = runs.source_of(found)
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "marked.xlsx"
        write_marked(
            path=source, name=name, problems=run_reading.problems_by_row(found), columns=kind.columns, target=target
        )
        body = target.read_bytes()
    shown = quote(_("%(name)s rows to mend") % {"name": Path(found.title).stem} + ".xlsx")
    return HttpResponse(
        body, content_type=XLSX, headers={"Content-Disposition": f"attachment; filename*=UTF-8''{shown}"}
    )


@pressing
def apply(request: HttpRequest, run: UUID) -> HttpResponse:
    """Let the good rows be entered."""
    actor = actor_of(request)
    return press(
        request,
        do=lambda: runs.apply_run(actor=actor, run=run, at=clock.now(), key=key_of(request)),
        back=reverse("staff:import", kwargs={"run": run}),
        said=_("The good rows are being entered."),
    )


class UndoForm(ActForm):
    """Why an import is taken back."""

    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=200)


@form_page
def undo(request: HttpRequest, run: UUID) -> HttpResponse:
    """Ask why, then let everything the import brought be taken back."""
    actor = actor_of(request)
    found = runs.find_run(actor=actor, run=run)
    here = reverse("staff:import", kwargs={"run": run})
    return answer_form(
        request,
        UndoForm(request.POST or None),
        do=lambda wanted: runs.undo_run(
            actor=actor, run=run, reason=wanted["reason"], at=clock.now(), key=wanted["key"]
        ),
        then=lambda _run: here,
        said=_("The rows are being taken back."),
        title=_("Take back what this import brought?"),
        lead=_("%(count)d rows were entered. This works only while nothing has been built on them.")
        % {"count": found.rows_applied},
        button=_("Take back"),
        cancel_url=here,
        crumbs=[(_("Imports"), reverse("staff:imports")), (found.title, here), (_("Take back"), "")],
    )
