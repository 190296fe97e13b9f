"""The board of shifts: my communities', and one of them by day."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.domain.activities.models import Shift
from lianxin.domain.activities.queries.shifts import ShiftRow, list_shifts
from lianxin.domain.places.models import Level
from lianxin.domain.places.queries import divisions
from lianxin.faces.kit.acting import actor_of
from lianxin.faces.kit.tables import Column
from lianxin.platform.clock import local_moment
from lianxin.platform.errors import Missing

from ..acting import DayInput
from ..points.lists import Cell, Page, Row, answer_list, cells, leads
from .desk import desk_of
from .gate import reading_shifts
from .words import SHIFT_TONES, span_words

State = Shift.State
SPANS = {"7": gettext_lazy("one week"), "30": gettext_lazy("thirty days"), "90": gettext_lazy("ninety days")}
COLUMNS = (
    Column(gettext_lazy("When")),
    Column(gettext_lazy("Task")),
    Column(gettext_lazy("For")),
    Column(gettext_lazy("Where")),
    Column(gettext_lazy("Have taken it"), numeric=True),
    Column(gettext_lazy("Least"), numeric=True),
    Column(gettext_lazy("Most"), numeric=True),
    Column(gettext_lazy("State")),
)


class BoardFilter(forms.Form):
    """Which days, and what about them."""

    from_on = forms.DateField(label=gettext_lazy("From"), required=False, widget=DayInput)
    span = forms.ChoiceField(label=gettext_lazy("How long"), required=False, choices=list(SPANS.items()))
    state = forms.ChoiceField(
        label=gettext_lazy("State"),
        required=False,
        choices=[
            ("", gettext_lazy("All")),
            ("short", gettext_lazy("People are missing")),
            *State.choices,
        ],
    )


@reading_shifts
def index(request: HttpRequest) -> HttpResponse:
    """Lead to the one board, or list those of all my communities."""
    actor = actor_of(request)
    communities = [row for row in divisions.list_divisions(level=Level.COMMUNITY) if actor.covers(row.pk)]
    if not communities:
        raise Missing
    if len(communities) == 1:
        return redirect("staff:shifts", community=communities[0].pk)

    def fetch(_after: str) -> Page:
        return [Row(cells(leads(row.short_name, "shifts", community=row.pk))) for row in communities], ""

    context = {
        "title": _("Volunteers"),
        "lead": _("Choose a community to see its shifts, teams and hours."),
    }
    columns = (Column(_("Community")),)
    return answer_list(request, columns=columns, fetch=fetch, count=len(communities), context=context)


@reading_shifts
def show(request: HttpRequest, community: UUID) -> HttpResponse:
    """List the shifts of a community from a day on."""
    desk = desk_of(request, community)
    form = BoardFilter(request.GET)
    asked: dict[str, Any] = form.cleaned_data if form.is_valid() else {}
    first: date = asked.get("from_on") or desk.on
    days = int(asked.get("span") or 7)
    state = asked.get("state") or ""
    found = list_shifts(
        actor=desk.actor,
        community=community,
        from_at=local_moment(first),
        until_at=local_moment(first + timedelta(days=days)),
        state="" if state == "short" else state,
        short_only=state == "short",
    )

    def fetch(_after: str) -> Page:
        return [row_of(row) for row in found], ""

    context = desk.context("shifts", _("Volunteers of %(community)s") % {"community": desk.name})
    context |= {
        "form": BoardFilter(request.GET if request.GET else None, initial={"from_on": desk.on, "span": "7"}),
        "buttons": [(desk.url("shift_new"), _("Open a shift"))] if desk.opens_shifts else [],
        "empty_title": _("No shifts in these days."),
        "empty_text": _("A shift says what is to be done, when, and how many are wanted; residents nearby see it."),
        "empty_url": desk.url("shift_new") if desk.opens_shifts else "",
        "empty_link": _("Open a shift"),
    }
    return answer_list(request, columns=COLUMNS, fetch=fetch, context=context, count=len(found), place=desk.name)


def row_of(row: ShiftRow) -> Row:
    """Write a shift as a row of the board."""
    state = State(row.state)
    short = state == State.OPEN and row.missing
    shown = (
        Cell(_("%(n)d missing") % {"n": row.missing}, tone="due")
        if short
        else Cell(state.label, tone=SHIFT_TONES[state])
    )
    return Row(
        cells(
            span_words(row.starts_at, row.ends_at),
            leads(row.role, "shift", shift=row.id),
            row.title,
            row.where,
            row.taken,
            row.least,
            row.most,
            shown,
        ),
        pk=row.id,
    )
