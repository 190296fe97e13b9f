"""The list of upgrades, and the plan of a new one."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.domain.places import policy
from lianxin.domain.places.commands import upgrades as commands
from lianxin.domain.places.models import Upgrade
from lianxin.domain.places.queries import standards, upgrades
from lianxin.faces.kit import tables
from lianxin.faces.kit.acting import actor_of
from lianxin.platform import clock

from .. import sheets
from ..access import office_form, office_reading
from ..acting import answer_form
from ..choices import ANY
from .upgrade_forms import PlanForm, VenueChoiceForm, proposed_title, venue_options
from .venue_access import venue_for
from .words import UPGRADE_TONES, places_tabs, yuan

COLUMNS = (
    tables.Column(gettext_lazy("Upgrade"), "title"),
    tables.Column(gettext_lazy("Venue")),
    tables.Column(gettext_lazy("State"), "state"),
    tables.Column(gettext_lazy("Milestones")),
    tables.Column(gettext_lazy("Planned opening"), "planned_opening_on"),
    tables.Column(gettext_lazy("Money"), "budget_fen", numeric=True),
    tables.Column(gettext_lazy("Spent"), "spent_total_fen", numeric=True),
)


class UpgradeFilter(forms.Form):
    """Which upgrades of the list are wanted."""

    state = forms.ChoiceField(label=gettext_lazy("State"), required=False, choices=[("", ANY), *Upgrade.State.choices])
    late = forms.BooleanField(label=gettext_lazy("Only late ones"), required=False)
    venue = forms.UUIDField(required=False, widget=forms.HiddenInput)


def _filtered(request: HttpRequest, on: date) -> tuple[UpgradeFilter, QuerySet[Upgrade]]:
    form = UpgradeFilter(request.GET)
    form.is_valid()
    wanted = form.cleaned_data
    rows = upgrades.list_upgrades(
        on=on,
        state=wanted.get("state") or "",
        late_only=bool(wanted.get("late")),
        venue=wanted.get("venue"),
    )
    asked = request.GET.get("sort", "")
    if asked.removeprefix("-") in {column.sort for column in COLUMNS if column.sort}:
        rows = rows.order_by(asked, "pk")
    return form, rows


@office_reading
def show_list(request: HttpRequest) -> HttpResponse:
    """Show the upgrades in scope, the soonest opening first."""
    actor = actor_of(request)
    form, rows = _filtered(request, clock.local_day(clock.now()))
    table = tables.table(request, rows=rows, columns=COLUMNS)
    for row in table.rows:
        row.tone = UPGRADE_TONES[row.state]
        row.money, row.spent = yuan(row.budget_fen), yuan(row.spent_total_fen)
    return render(
        request,
        "staff/places/upgrades.html",
        {
            "form": form,
            "table": table,
            "tabs": places_tabs("upgrades", actor),
            "export_url": reverse("staff:upgrades_export"),
            "print_url": reverse("staff:upgrades_print"),
            "new_url": reverse("staff:upgrade_new"),
        },
    )


HEADINGS = (
    gettext_lazy("Upgrade"),
    gettext_lazy("Venue"),
    gettext_lazy("Community"),
    gettext_lazy("State"),
    gettext_lazy("Planned opening"),
    gettext_lazy("Opened on"),
    gettext_lazy("Milestones reached"),
    gettext_lazy("Milestones late"),
    gettext_lazy("Money, yuan"),
    gettext_lazy("Spent, yuan"),
)


def _line(row: Any) -> list[Any]:
    return [
        row.title,
        row.venue.name,
        row.community.short_name,
        row.get_state_display(),
        row.planned_opening_on,
        row.opened_on,
        f"{row.milestones_done}/{row.milestones_all}",
        row.milestones_late,
        row.budget_fen / 100,
        row.spent_total_fen / 100,
    ]


@office_reading
def export(request: HttpRequest) -> HttpResponse:
    """Give the filtered list as XLSX."""
    _form, rows = _filtered(request, clock.local_day(clock.now()))
    return sheets.workbook(
        title=_("Upgrades"), headings=HEADINGS, rows=[_line(row) for row in rows[: sheets.MOST_ROWS]]
    )


@office_reading
def print_list(request: HttpRequest) -> HttpResponse:
    """Give the filtered list as a sheet of paper."""
    _form, rows = _filtered(request, clock.local_day(clock.now()))
    back = reverse("staff:upgrades") + (f"?{request.GET.urlencode()}" if request.GET else "")
    lines = [_line(row) for row in rows[: sheets.MOST_ROWS]]
    return sheets.paper(request, title=_("Upgrades"), headings=HEADINGS, rows=lines, back_url=back)


@office_form
def plan(request: HttpRequest) -> HttpResponse:
    """Choose a venue, see what it lacks, and plan its upgrade."""
    actor = actor_of(request)
    crumbs = [
        (_("Places"), reverse("staff:places")),
        (_("Upgrades"), reverse("staff:upgrades")),
        (_("Plan an upgrade"), ""),
    ]
    chooser = VenueChoiceForm(request.GET or None, venues=venue_options(actor))
    if not chooser.is_valid():
        context = {"form": chooser, "title": _("Plan an upgrade"), "crumbs": crumbs}
        return render(request, "staff/places/choose_venue.html", context)
    venue = venue_for(request, UUID(chooser.cleaned_data["venue"]))
    policy.require(policy.may_run_upgrade(actor, venue.community_id))
    on = clock.local_day(clock.now())
    score = standards.score_venue(venue=venue.pk, on=on)
    form = PlanForm(request.POST or None, initial={"title": proposed_title(venue)})

    def do(entered: dict[str, Any]) -> Any:
        values = form.values("title", "reason", "planned_opening_on", "template")
        return commands.plan_upgrade(actor=actor, venue=venue.pk, at=clock.now(), key=entered["key"], **values)

    return answer_form(
        request,
        form,
        do=do,
        then=lambda upgrade: reverse("staff:upgrade", kwargs={"upgrade": upgrade.pk}),
        said=_("Planned. Next: milestones and money."),
        title=_("Upgrade of %(name)s") % {"name": venue.name},
        lead=_score_words(score),
        lines=[outcome.sentence for outcome in score.score.shortfalls] if score else [],
        button=_("Plan it"),
        cancel_url=reverse("staff:venue", kwargs={"venue": venue.pk}),
        crumbs=crumbs,
    )


def _score_words(score: standards.VenueScore | None) -> str:
    if score is None or score.score.total is None:
        return _("There is no score for this venue yet.")
    return _("Score by the standard of today: %(score)d of 100. What it lacks:") % {"score": score.score.total}
