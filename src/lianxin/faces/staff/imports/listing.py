"""The imports that somebody has sent in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.faces.kit import tables
from lianxin.faces.kit.acting import actor_of
from lianxin.platform import clock, runs
from lianxin.platform.models import Run

from .. import sheets
from ..choices import ANY
from .gate import reading
from .words import STATES, kinds, label_of

MOST = 500
COLUMNS = (
    tables.Column(gettext_lazy("File"), "title"),
    tables.Column(gettext_lazy("Kind"), "kind"),
    tables.Column(gettext_lazy("Sent in"), "created_at"),
    tables.Column(gettext_lazy("State"), "state"),
    tables.Column(gettext_lazy("Rows"), "rows_read", numeric=True),
    tables.Column(gettext_lazy("Wrong"), "rows_wrong", numeric=True),
    tables.Column(gettext_lazy("Entered"), "rows_applied", numeric=True),
)


class ImportFilter(forms.Form):
    """Which imports are wanted."""

    text = forms.CharField(label=gettext_lazy("File name"), required=False, max_length=100)
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), required=False)
    state = forms.ChoiceField(label=gettext_lazy("State"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["kind"].choices = [("", ANY), *((kind.name, kind.label) for kind in kinds())]
        fields["state"].choices = [("", ANY), *((state, label) for state, (label, _tone) in STATES.items())]


def _filtered(request: HttpRequest) -> tuple[ImportFilter, list[Run]]:
    form = ImportFilter(request.GET)
    form.is_valid()
    wanted = form.cleaned_data
    rows = [
        run
        for run in runs.list_runs(actor=actor_of(request), limit=MOST)
        if wanted.get("text", "").lower() in run.title.lower()
        and wanted.get("kind") in ("", None, run.kind)
        and wanted.get("state") in ("", None, run.state)
    ]
    return form, rows


@reading
def show(request: HttpRequest) -> HttpResponse:
    """Show my imports, newest first."""
    form, rows = _filtered(request)
    table = tables.table(request, rows=rows, columns=COLUMNS)
    for run in table.page.object_list:
        run.kind_label = label_of(run.kind)
        run.state_label, run.tone = STATES[run.state]
    return render(
        request,
        "staff/imports/list.html",
        {
            "form": form,
            "table": table,
            "export_url": reverse("staff:imports_export"),
            "print_url": reverse("staff:imports_print"),
            "new_url": reverse("staff:import_new"),
        },
    )


HEADINGS = (
    gettext_lazy("File"),
    gettext_lazy("Kind"),
    gettext_lazy("Sent in"),
    gettext_lazy("State"),
    gettext_lazy("Rows"),
    gettext_lazy("Good"),
    gettext_lazy("Wrong"),
    gettext_lazy("Warnings"),
    gettext_lazy("Entered"),
)


def _lines(rows: Sequence[Run]) -> list[list[Any]]:
    return [
        [
            run.title,
            str(label_of(run.kind)),
            clock.local_day(run.created_at),
            str(STATES[run.state][0]),
            run.rows_read,
            run.rows_good,
            run.rows_wrong,
            run.warnings,
            run.rows_applied,
        ]
        for run in rows
    ]


@reading
def export(request: HttpRequest) -> HttpResponse:
    """Give the list as XLSX."""
    _form, rows = _filtered(request)
    return sheets.workbook(title=_("Imports"), headings=HEADINGS, rows=_lines(rows))


@reading
def print_list(request: HttpRequest) -> HttpResponse:
    """Give the list as a sheet of paper."""
    _form, rows = _filtered(request)
    back = reverse("staff:imports") + (f"?{request.GET.urlencode()}" if request.GET else "")
    return sheets.paper(request, title=_("Imports"), headings=HEADINGS, rows=_lines(rows), back_url=back)
