"""Who works where."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.domain.people import policy
from lianxin.domain.people.models import Account
from lianxin.domain.people.queries import staff, staff_accounts
from lianxin.domain.people.queries.staff import RosterLine
from lianxin.domain.people.rules import roles
from lianxin.faces.kit import tables
from lianxin.faces.kit.acting import actor_of
from lianxin.platform import clock
from lianxin.platform.actors import Actor

from .. import sheets
from ..choices import ANY
from .gate import reading
from .words import ACCOUNT_TONES, crumbs, role_name

COLUMNS = (
    tables.Column(gettext_lazy("Name"), "display_name"),
    tables.Column(gettext_lazy("Login name"), "login_name"),
    tables.Column(gettext_lazy("Unit"), "unit"),
    tables.Column(gettext_lazy("Role"), "role"),
    tables.Column(gettext_lazy("State"), "state"),
    tables.Column(gettext_lazy("Deputy today")),
    tables.Column(gettext_lazy("Second factor")),
)


class RosterFilter(forms.Form):
    """Which members of staff are wanted."""

    text = forms.CharField(label=gettext_lazy("Name, login name or unit"), required=False, max_length=100)
    role = forms.ChoiceField(label=gettext_lazy("Role"), required=False)
    state = forms.ChoiceField(label=gettext_lazy("State"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["role"].choices = [("", ANY), *((code, role_name(code)) for code in roles.ROLES)]
        fields["state"].choices = [("", ANY), *Account.State.choices]


def _reach(actor: Actor) -> Any:
    """Everybody for those who keep accounts and rights; else who works in the actor's communities."""
    return None if actor.holds(*staff_accounts.KEEPERS) else actor.communities


def _filtered(request: HttpRequest) -> tuple[RosterFilter, list[RosterLine]]:
    actor = actor_of(request)
    form = RosterFilter(request.GET)
    form.is_valid()
    wanted = form.cleaned_data
    text = wanted.get("text", "").strip().lower()
    rows = [
        line
        for line in staff.list_roster(on=clock.local_day(clock.now()), communities=_reach(actor))
        if (not text or text in f"{line.display_name} {line.login_name} {line.unit}".lower())
        and wanted.get("role") in ("", None, line.role)
        and wanted.get("state") in ("", None, line.state)
    ]
    return form, rows


@reading(policy.may_see_roster)
def show(request: HttpRequest) -> HttpResponse:
    """Show the staff in reach by unit."""
    actor = actor_of(request)
    form, lines = _filtered(request)
    states = dict(Account.State.choices)
    rows = [
        vars(line)
        | {
            "role_label": role_name(line.role),
            "state_label": states[line.state],
            "tone": ACCOUNT_TONES[Account.State(line.state)],
        }
        for line in lines
    ]
    unassigned = [] if request.GET else staff_accounts.list_unassigned(actor=actor, on=clock.local_day(clock.now()))
    return render(
        request,
        "staff/settings/roster.html",
        {
            "form": form,
            "table": tables.table(request, rows=rows, columns=COLUMNS),
            "unassigned": unassigned,
            "invite_url": reverse("staff:invite") if policy.may_invite(actor) else "",
            "export_url": reverse("staff:roster_export"),
            "print_url": reverse("staff:roster_print"),
            "crumbs": crumbs((_("Staff"), "")),
        },
    )


HEADINGS = (
    gettext_lazy("Name"),
    gettext_lazy("Login name"),
    gettext_lazy("Unit"),
    gettext_lazy("Role"),
    gettext_lazy("State"),
    gettext_lazy("Deputy today"),
)


def _lines(rows: list[RosterLine]) -> list[list[Any]]:
    states = dict(Account.State.choices)
    return [
        [line.display_name, line.login_name, line.unit, role_name(line.role), str(states[line.state]), line.deputy]
        for line in rows
    ]


@reading(policy.may_see_roster)
def export(request: HttpRequest) -> HttpResponse:
    """Give the roster as XLSX."""
    _form, rows = _filtered(request)
    return sheets.workbook(title=_("Staff"), headings=HEADINGS, rows=_lines(rows))


@reading(policy.may_see_roster)
def print_list(request: HttpRequest) -> HttpResponse:
    """Give the roster as a sheet of paper."""
    _form, rows = _filtered(request)
    back = reverse("staff:roster") + (f"?{request.GET.urlencode()}" if request.GET else "")
    return sheets.paper(request, title=_("Staff"), headings=HEADINGS, rows=_lines(rows), back_url=back)
