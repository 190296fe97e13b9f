"""A rehearsal: what the draft would have given for the acts that were kept, beside what was given."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.domain.points.commands.rehearsals import Rehearsal, rehearse
from lianxin.faces.kit.acting import tell
from lianxin.faces.kit.tables import Column
from lianxin.faces.staff.sheets import workbook
from lianxin.platform.errors import Invalid

from ..acting import DayInput
from .drafts import draft_crumbs, open_draft
from .gate import keeping
from .lists import Row, cells, leads, small_table
from .told import Section

ITEM_COLUMNS = (
    Column(gettext_lazy("What is done")),
    Column(gettext_lazy("Acts"), numeric=True),
    Column(gettext_lazy("Was given"), numeric=True),
    Column(gettext_lazy("Would be given"), numeric=True),
    Column(gettext_lazy("Difference"), numeric=True),
)
HOUSEHOLD_COLUMNS = (
    Column(gettext_lazy("Household")),
    *ITEM_COLUMNS[1:],
)


class SpanForm(forms.Form):
    """The acts of which days are tried."""

    from_on = forms.DateField(label=gettext_lazy("From"), widget=DayInput)
    until_on = forms.DateField(label=gettext_lazy("Until"), widget=DayInput)


@keeping
def show(request: HttpRequest, community: UUID) -> HttpResponse:
    """Try the draft on the acts of a year, or of the days that are chosen."""
    desk, draft = open_draft(request, community)
    usual = {"from_on": date(desk.on.year - 1, 1, 1), "until_on": date(desk.on.year - 1, 12, 31)}
    form = SpanForm({name: request.GET.get(name) or str(day) for name, day in usual.items()})
    told: Rehearsal | None = None
    if form.is_valid():
        try:
            told = rehearse(actor=desk.actor, draft=draft.pk, **form.cleaned_data)
        except Invalid as problem:
            tell(form, problem)
    title = _("The draft tried on kept acts")
    items = [_item_row(one) for one in told.items] if told else []
    if told is not None and request.GET.get("as") == "xlsx":
        headings = [column.label for column in ITEM_COLUMNS]
        return workbook(title=title, headings=headings, rows=[[cell.plain for cell in row.cells] for row in items])
    context = desk.context("points_rules", title)
    context |= {
        "crumbs": draft_crumbs(desk, title),
        "form": form,
        "told": told,
        "sections": [
            Section(_("By item"), table=small_table(ITEM_COLUMNS, items), empty=_("No acts were kept in these days.")),
            Section(
                _("Households for which it changes most"),
                table=small_table(
                    HOUSEHOLD_COLUMNS, [_home_row(one) for one in told.households if one.would != one.given]
                ),
                empty=_("It changes for no household."),
            ),
        ]
        if told
        else [],
    }
    return render(request, "staff/points/rehearsal.html", context, status=422 if form.errors else 200)


def _item_row(one: Any) -> Row:
    title = one.title or _("no item of the draft")
    return Row(cells(title, one.acts, one.given, one.would, one.would - one.given))


def _home_row(one: Any) -> Row:
    return Row(
        cells(
            leads(one.number, "points_passbook", household=one.household),
            one.acts,
            one.given,
            one.would,
            one.would - one.given,
        )
    )
