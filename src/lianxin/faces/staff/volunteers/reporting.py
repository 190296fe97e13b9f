"""Reporting in (双报到): Party members of work units who report in where they live."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.domain.activities.commands import reporting as commands
from lianxin.domain.activities.queries.volunteers import ReportingRow, find_reporting, list_reporting
from lianxin.domain.people.queries.organisations import list_organisations
from lianxin.engines.masking import mask_name
from lianxin.faces.kit.acting import actor_of
from lianxin.faces.kit.tables import Column
from lianxin.platform.clock import now

from ..acting import ActForm, DayInput, answer_form
from ..points.lists import Page, Row, answer_list, cells, leads
from .desk import VolunteerDesk, desk_of
from .finding import ask_who, chosen
from .gate import keeping, reading
from .words import hours_words

MOST_FIRMS = 200
COLUMNS = (
    Column(gettext_lazy("Name")),
    Column(gettext_lazy("Unit")),
    Column(gettext_lazy("Reported in on")),
    Column(gettext_lazy("Until")),
    Column(gettext_lazy("Offers")),
    Column(gettext_lazy("Hours this year")),
)


class ReportingFilter(forms.Form):
    """Which ones to see."""

    state = forms.ChoiceField(
        label=gettext_lazy("State"),
        required=False,
        choices=[("", gettext_lazy("Here now")), ("all", gettext_lazy("All"))],
    )


@reading
def show_list(request: HttpRequest, community: UUID) -> HttpResponse:
    """List who reported in at a community."""
    desk = desk_of(request, community)
    found = list_reporting(
        actor=desk.actor, community=community, on=desk.on, ended_too=request.GET.get("state") == "all"
    )

    def fetch(_after: str) -> Page:
        return [_row(row, keeps=desk.keeps) for row in found], ""

    context = desk.context("reportings", _("Reporting in"))
    context |= {
        "form": ReportingFilter(request.GET),
        "lead": _("Party members of work units who offer their help where they live."),
        "buttons": [(desk.url("reporting_new"), _("Note a reporting in"))] if desk.keeps else [],
        "empty_title": _("Nobody has reported in yet."),
        "empty_text": _("Residents can report in on their own page, or bring the letter of their unit."),
        "empty_url": desk.url("reporting_new") if desk.keeps else "",
        "empty_link": _("Note a reporting in"),
    }
    return answer_list(request, columns=COLUMNS, fetch=fetch, context=context, count=len(found), place=desk.name)


def _row(row: ReportingRow, *, keeps: bool) -> Row:
    is_open = keeps and row.until_on is None
    return Row(
        cells(
            leads(row.masked_name, "reporting", reporting=row.id) if is_open else row.masked_name,
            row.organisation_name or row.unit_name,
            row.reported_on,
            row.until_on,
            row.offers,
            hours_words(row.minutes_this_year) if row.minutes_this_year else "",
        ),
        pk=row.id,
    )


class ReportingForm(ActForm):
    """Which unit, since when, and what somebody offers."""

    organisation = forms.ChoiceField(label=gettext_lazy("Unit on record"), required=False)
    unit_name = forms.CharField(label=gettext_lazy("Or the name of the unit"), max_length=120, required=False)
    on = forms.DateField(label=gettext_lazy("Reported in on"), widget=DayInput)
    offers = forms.CharField(
        label=gettext_lazy("What they offer"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("For example: tutoring at weekends."),
    )

    def __init__(self, *args: Any, desk: VolunteerDesk, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        firms = list_organisations(actor=desk.actor, community=desk.community, limit=MOST_FIRMS).rows
        fields: dict[str, Any] = self.fields
        fields["organisation"].choices = [("", _("not on record")), *((str(row.id), row.name) for row in firms)]

    def entries(self) -> dict[str, Any]:
        """Give the values as the command wants them."""
        firm = self.cleaned_data["organisation"]
        return {**self.values("unit_name", "on", "offers"), "organisation": UUID(firm) if firm else None}


@keeping
def new(request: HttpRequest, community: UUID) -> HttpResponse:
    """Note that somebody reports in."""
    desk = desk_of(request, community)
    crumbs = desk.crumbs((_("Reporting in"), desk.url("reportings")), (_("New"), ""))
    who = chosen(request, desk)
    if who is None:
        return ask_who(request, desk, title=_("Who reports in?"), lead="", crumbs=crumbs)
    form = ReportingForm(request.POST or None, desk=desk, initial={"on": desk.on})
    return answer_form(
        request,
        form,
        do=lambda wanted: commands.report_in(
            actor=desk.actor, person=who.id, at=now(), key=wanted["key"], **form.entries()
        ),
        then=lambda _row: desk.url("reportings"),
        said=_("Noted."),
        title=_("%(name)s reports in") % {"name": who.masked_name},
        button=_("Note it"),
        cancel_url=desk.url("reportings"),
        crumbs=crumbs,
    )


class EndForm(ActForm):
    """The last day."""

    on = forms.DateField(label=gettext_lazy("Last day"), widget=DayInput)


@keeping
def end(request: HttpRequest, reporting: UUID) -> HttpResponse:
    """End a reporting in: the person moved, or changed the unit."""
    row = find_reporting(actor=actor_of(request), reporting=reporting)
    desk = desk_of(request, row.community_id)
    name = mask_name(row.person.name)
    return answer_form(
        request,
        EndForm(request.POST or None, initial={"on": desk.on}),
        do=lambda wanted: commands.end_reporting(
            actor=desk.actor, reporting=reporting, on=wanted["on"], at=now(), key=wanted["key"]
        ),
        then=lambda _row: desk.url("reportings"),
        said=_("It has ended."),
        title=_("%(name)s no longer reports in here") % {"name": name},
        lead=row.unit_name,
        button=_("End the reporting in"),
        cancel_url=desk.url("reportings"),
        crumbs=desk.crumbs((_("Reporting in"), desk.url("reportings")), (name, "")),
        also=[(reverse("staff:person", kwargs={"person": row.person_id}), _("Open the resident"), "plain")],
    )
