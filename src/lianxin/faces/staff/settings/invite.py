"""Bringing in colleagues: one by a form, a unit by a table; their one-time links are shown once."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from contextlib import closing
from itertools import islice
from pathlib import Path
from typing import Any
from urllib.parse import quote
from uuid import UUID

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.domain.people import policy
from lianxin.domain.people.commands import invitations
from lianxin.domain.people.rules import login, roles
from lianxin.domain.people.rules.invitations import HEADINGS, MOST_ROWS, CellProblem, StaffRow
from lianxin.faces.kit.acting import actor_of
from lianxin.faces.kit.forms import add_problem
from lianxin.platform import clock
from lianxin.platform.errors import Invalid, Missing, Problem
from lianxin.platform.sheets import Column, read_rows, write_template

from ..sheets import XLSX
from .account import account_crumbs, account_of
from .gate import form_page, is_office_or_administrator, reading
from .role_form import RoleForm, place_of
from .words import crumbs, role_name

LIMIT_BYTES = 2 * 1024 * 1024
EXAMPLES = {"name": "陈示例", "login_name": "chen.shili", "role": "社区工作人员", "unit": "翠英社区"}
LABELS = {
    "name": gettext_lazy("Name"),
    "login_name": gettext_lazy("Login name"),
    "role": gettext_lazy("Role"),
    "unit": gettext_lazy("Unit"),
}


class InviteForm(RoleForm):
    """Who is invited, and into which role."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=64)
    login_name = forms.CharField(
        label=gettext_lazy("Login name"),
        max_length=64,
        help_text=gettext_lazy("Letters, digits and . _ - @, for example the pinyin of the name."),
    )
    field_order = ("name", "login_name", "role", "division", "venue", "organisation")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["from_on"]


class SheetForm(forms.Form):
    """A unit's table."""

    file = forms.FileField(label=gettext_lazy("File"), allow_empty_file=True)

    def clean_file(self) -> UploadedFile:
        """Refuse a file that is larger than any list of a unit."""
        found = self.cleaned_data["file"]
        if found.size > LIMIT_BYTES:
            raise forms.ValidationError(
                _("The file is larger than %(limit)s MB. Please choose a smaller one.")
                % {"limit": LIMIT_BYTES // 1_048_576}
            )
        return found  # type: ignore[no-any-return]


def slips(request: HttpRequest, made: Sequence[tuple[str, str, str, str]]) -> HttpResponse:
    """Show one-time links, this once: (name, login name, role and unit, token).

    Drawn in answer to the sending itself: a link that waited somewhere for a second request could be read twice.
    """
    lines = [
        {
            "name": name,
            "login_name": login_name,
            "where": where,
            "link": request.build_absolute_uri(reverse("invitation", kwargs={"token": token})),
        }
        for name, login_name, where, token in made
    ]
    days = login.INVITATION_LIFE.days
    response = render(
        request,
        "staff/settings/slips.html",
        {
            "slips": lines,
            "days": days,
            "crumbs": crumbs((_("Staff"), reverse("staff:roster")), (_("One-time links"), "")),
        },
    )
    response["Referrer-Policy"] = "no-referrer"
    return response


def _context(form: InviteForm, sheet: SheetForm, problems: Sequence[CellProblem] = ()) -> dict[str, Any]:
    return {
        "form": form,
        "sheet": sheet,
        "problems": [(each.row, LABELS.get(each.column, each.column), each.sentence) for each in problems],
        "crumbs": crumbs((_("Staff"), reverse("staff:roster")), (_("Invite"), "")),
    }


def _codes(request: HttpRequest) -> list[str]:
    actor = actor_of(request)
    return [code for code in roles.ROLES if roles.may_grant({*actor.roles, actor.role}, code)]


def _one_form(request: HttpRequest, data: Any = None) -> InviteForm:
    return InviteForm(data, actor=actor_of(request), codes=_codes(request))


@form_page(policy.may_invite)
def invite(request: HttpRequest) -> HttpResponse:
    """Invite one person and show the link."""
    form = _one_form(request, request.POST or None)
    if request.method == "POST" and form.is_valid():
        wanted = form.cleaned_data
        row = StaffRow(wanted["name"], wanted["login_name"], wanted["role"], **place_of(wanted))
        try:
            made = invitations.invite_staff(actor=actor_of(request), rows=[row], at=clock.now())
        except Missing:
            raise
        except Problem as problem:
            add_problem(form, problem)
        else:
            return slips(
                request,
                [
                    (one.account.display_name, one.account.login_name or "", role_name(row.role), one.token)
                    for one in made
                ],
            )
    status = 422 if request.method == "POST" else 200
    return render(request, "staff/settings/invite.html", _context(form, SheetForm()), status=status)


def _rows_of(upload: UploadedFile) -> list[list[str]]:
    """Read a small table whole; raises Invalid with a sentence."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "staff"
        with path.open("wb") as out:
            for block in upload.chunks():
                out.write(block)
        if not path.stat().st_size:
            raise Invalid(_("The file is empty."))
        rows = read_rows(path, upload.name or "")
        with closing(rows):  # type: ignore[type-var]
            return list(islice(rows, MOST_ROWS + 2))


@form_page(policy.may_invite)
def invite_sheet(request: HttpRequest) -> HttpResponse:
    """Invite a unit by its table, all or none; wrong rows are named by row and column."""
    sheet = SheetForm(request.POST or None, request.FILES or None)
    problems: list[CellProblem] = []
    if request.method == "POST" and sheet.is_valid():
        actor = actor_of(request)
        try:
            rows, problems = invitations.read_staff_sheet(actor=actor, sheet=_rows_of(sheet.cleaned_data["file"]))
            if not problems:
                made = invitations.invite_staff(actor=actor, rows=rows, at=clock.now())
                return slips(
                    request,
                    [
                        (one.account.display_name, one.account.login_name or "", role_name(row.role), one.token)
                        for one, row in zip(made, rows, strict=True)
                    ],
                )
        except Missing:
            sheet.add_error("file", _("The table names a unit that your office does not reach. Nobody was invited."))
        except Problem as problem:
            sheet.add_error("file", str(problem.detail))
    if request.method == "POST" and problems:
        sheet.add_error("file", _("Nobody was invited yet. Mend these rows and send the table again."))
    status = 422 if request.method == "POST" else 200
    return render(request, "staff/settings/invite.html", _context(_one_form(request), sheet, problems), status=status)


@reading(policy.may_invite)
def invite_template(request: HttpRequest) -> HttpResponse:
    """Give the empty table of a unit."""
    columns = [
        Column(name, HEADINGS[name][0], required=True, example=EXAMPLES[name], note=LABELS[name]) for name in HEADINGS
    ]
    body = write_template(sheet=_("Staff"), columns=columns)
    name = quote(_("Template %(kind)s") % {"kind": _("Staff")} + ".xlsx")
    return HttpResponse(
        body, content_type=XLSX, headers={"Content-Disposition": f"attachment; filename*=UTF-8''{name}"}
    )


@form_page(is_office_or_administrator)
def renew_link(request: HttpRequest, account: UUID) -> HttpResponse:
    """Give a fresh link to somebody who has not come in yet; the former one stops working."""
    found = account_of(request, account)
    if not found.may_renew_link:
        raise Missing
    row = found.account
    if request.method == "POST":
        token = invitations.renew_invitation(actor=actor_of(request), account=account, at=clock.now())
        return slips(request, [(row.display_name, row.login_name or "", "", token)])
    return render(
        request,
        "staff/settings/ask.html",
        {
            "question": _("Make a new one-time link for %(name)s?") % {"name": row.display_name},
            "consequences": [_("The former link stops working."), _("The new link is shown once.")],
            "button_text": _("Make the link"),
            "cancel_url": reverse("staff:account", kwargs={"account": account}),
            "crumbs": account_crumbs(row, (_("New one-time link"), "")),
        },
    )
