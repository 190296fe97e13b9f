"""The audit log for its administrator: narrowed, exported, with the state of its seals and proofs."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from lianxin.faces.kit import tables
from lianxin.faces.kit.acting import actor_of, key_of, press
from lianxin.faces.kit.templatetags.kit import via_word
from lianxin.platform import audit_log, clock

from .. import sheets
from ..acting import DayInput
from .act_words import act_word
from .gate import button, may_read_log, reading
from .log_words import record_word, verb_word
from .words import crumbs, role_name

MOST = 20_000
COLUMNS = (
    tables.Column(pgettext_lazy("audit", "Position"), numeric=True),
    tables.Column(gettext_lazy("Time")),
    tables.Column(gettext_lazy("Act")),
    tables.Column(gettext_lazy("Who")),
    tables.Column(gettext_lazy("Records")),
    tables.Column(gettext_lazy("Reason")),
)


class LogFilter(forms.Form):
    """Which entries are wanted."""

    action = forms.CharField(label=gettext_lazy("Act"), required=False, max_length=80)
    who = forms.CharField(label=gettext_lazy("Who"), required=False, max_length=80)
    account = forms.UUIDField(label=gettext_lazy("Account number"), required=False)
    record = forms.UUIDField(label=gettext_lazy("Record number"), required=False)
    from_on = forms.DateField(label=gettext_lazy("From"), required=False, widget=DayInput)
    until_on = forms.DateField(label=gettext_lazy("To, included"), required=False, widget=DayInput)

    def clean(self) -> dict[str, Any]:
        """Refuse a span that ends before it begins."""
        wanted = dict(super().clean() or self.cleaned_data)
        begins, ends = wanted.get("from_on"), wanted.get("until_on")
        if begins and ends and ends < begins:
            raise ValidationError(_("The last day must not lie before the first."))
        return wanted


def _filtered(request: HttpRequest) -> tuple[LogFilter, Any]:
    form = LogFilter(request.GET or None)
    wanted = {name: value for name, value in form.cleaned_data.items() if value} if form.is_valid() else {}
    return form, audit_log.list_entries(actor=actor_of(request), **wanted)


@reading(may_read_log)
def show(request: HttpRequest) -> HttpResponse:
    """Show the log and the state of its seals."""
    actor = actor_of(request)
    form, rows = _filtered(request)
    table = tables.table(request, rows=rows, columns=COLUMNS)
    ids = [entry.pk for entry in table.rows]
    targets = audit_log.list_targets(actor=actor, entries=ids)
    positions = audit_log.list_positions(actor=actor, entries=ids)
    for entry in table.page.object_list:
        entry.targets = targets.get(entry.pk, [])[:1]
        entry.more_targets = max(0, len(targets.get(entry.pk, [])) - 1)
        entry.position = positions.get(entry.pk)
        entry.role_name = role_name(entry.role)
        entry.words = act_word(entry.action)
        for target in entry.targets:
            target.record_word = record_word(target.record_kind)
            target.verb_word = verb_word(target.record_kind, target.verb)
    seal = audit_log.seal_state(actor=actor)
    return render(
        request,
        "staff/settings/audit.html",
        {
            "form": form,
            "table": table,
            "seal": seal,
            "proofs": audit_log.list_proofs(actor=actor, limit=3),
            "export_url": reverse("staff:audit_export"),
            "print_url": reverse("staff:audit_print"),
            "crumbs": crumbs((_("Audit log"), "")),
        },
    )


HEADINGS = (
    gettext_lazy("Time"),
    gettext_lazy("Act"),
    gettext_lazy("Who"),
    gettext_lazy("Role"),
    gettext_lazy("Way in"),
    gettext_lazy("Account number"),
    gettext_lazy("Reason"),
    gettext_lazy("Entry number"),
    gettext_lazy("Code"),
)


def _lines(rows: Any, most: int) -> list[list[Any]]:
    return [
        [
            entry.at.astimezone(clock.LOCAL).strftime("%Y-%m-%d %H:%M:%S"),
            str(act_word(entry.action)),
            entry.actor_name,
            role_name(entry.role),
            via_word(entry.via),
            str(entry.account_id or ""),
            entry.reason,
            str(entry.pk),
            entry.action,
        ]
        for entry in rows[:most].iterator(chunk_size=2000)
    ]


@reading(may_read_log)
def export(request: HttpRequest) -> HttpResponse:
    """Give the entries as XLSX."""
    _form, rows = _filtered(request)
    return sheets.workbook(title=_("Audit log"), headings=HEADINGS, rows=_lines(rows, MOST))


@reading(may_read_log)
def print_list(request: HttpRequest) -> HttpResponse:
    """Give the newest entries as a sheet of paper."""
    _form, rows = _filtered(request)
    lines = [line[:5] + [line[6]] for line in _lines(rows, 500)]
    headings = (*HEADINGS[:5], HEADINGS[6])
    back = reverse("staff:audit") + (f"?{request.GET.urlencode()}" if request.GET else "")
    return sheets.paper(request, title=_("Audit log"), headings=headings, rows=lines, back_url=back)


@button(may_read_log)
def prove(request: HttpRequest) -> HttpResponse:
    """Let the worker prove the whole log."""
    return press(
        request,
        do=lambda: audit_log.ask_for_proof(actor=actor_of(request), at=clock.now(), key=key_of(request)),
        back=reverse("staff:audit"),
        said=_("The proof is being worked on. Its result appears here."),
    )
