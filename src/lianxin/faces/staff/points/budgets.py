"""Budgets: points that may be given away in some days."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from lianxin.domain.points.commands.budgets import add_to_budget, close_budget, set_budget
from lianxin.domain.points.queries.books import find_book_by_id
from lianxin.domain.points.queries.budgets import BudgetRow, find_budget, list_budgets
from lianxin.faces.kit.acting import actor_of
from lianxin.faces.kit.dates import spoken
from lianxin.faces.kit.tables import Column
from lianxin.platform.clock import now

from ..acting import ActForm, answer_form, day_field
from .desk import Desk, desk_of
from .gate import keeping, reading
from .lists import Cell, Page, Row, answer_list, cells, leads
from .told import story_of

COLUMNS = (
    Column(gettext_lazy("Budget")),
    Column(gettext_lazy("From")),
    Column(gettext_lazy("Until")),
    Column(gettext_lazy("Left"), numeric=True),
    Column(gettext_lazy("Given"), numeric=True),
    Column(gettext_lazy("Asked for beyond it"), numeric=True),
    Column(gettext_lazy("State")),
)


def _state(row: BudgetRow, on: date) -> tuple[Any, str]:
    if row.closed_on:
        return _("closed"), "quiet"
    if on < row.valid_from:
        return _("still to come"), "info"
    if on > row.valid_until:
        return _("its days are over"), "due"
    return (_("in use"), "done") if row.left else (_("used up"), "due")


@reading
def show_list(request: HttpRequest, community: UUID) -> HttpResponse:
    """List the budgets of a community's book."""
    desk = desk_of(request, community)
    budgets = list_budgets(actor=desk.actor, book=desk.book.pk, with_closed=True) if desk.book else []

    def fetch(_after: str) -> Page:
        return [_row(row, desk.on) for row in budgets], ""

    new = desk.url("points_budget_new") if desk.keeps and desk.book else ""
    context = desk.context("points_budgets", _("Budgets"))
    context |= {
        "lead": _("Awards come out of a budget; what it has no more left for is kept as asked for, but not given."),
        "buttons": [(new, _("Set a budget"))] if new and budgets else [],
        "empty_title": _("No budget is set yet."),
        "empty_text": _("Without one, awards give nothing. Begin with a general budget for the year."),
        "empty_url": new,
        "empty_link": _("Set a budget"),
    }
    return answer_list(request, columns=COLUMNS, fetch=fetch, context=context, place=desk.name)


def _row(row: BudgetRow, on: date) -> Row:
    state, tone = _state(row, on)
    name = _("%(name)s · general") % {"name": row.name} if row.is_general else row.name
    return Row(
        cells(
            leads(name, "points_budget", budget=row.id),
            row.valid_from,
            row.valid_until,
            row.left,
            row.given,
            row.not_given,
            Cell(state, tone=tone),
        )
    )


class BudgetForm(ActForm):
    """A new budget."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=80)
    points = forms.IntegerField(
        label=gettext_lazy("Points"), widget=forms.NumberInput(attrs={"min": 1, "inputmode": "numeric"})
    )
    valid_from = day_field(gettext_lazy("For acts from"))
    valid_until = day_field(gettext_lazy("Until"))
    is_general = forms.BooleanField(
        label=gettext_lazy("General budget"),
        required=False,
        help_text=gettext_lazy("Used where an award names no other. There is one general budget at a time."),
    )
    note = forms.CharField(label=gettext_lazy("Note"), max_length=500, required=False)


@keeping
def new(request: HttpRequest, community: UUID) -> HttpResponse:
    """Set points aside."""
    desk = desk_of(request, community)
    book = desk.opened
    year = desk.on.year
    first = not list_budgets(actor=desk.actor, book=book.pk)
    initial = {
        "valid_from": date(year, 1, 1),
        "valid_until": date(year, 12, 31),
        "is_general": first,
        "name": _("Points of %(year)d") % {"year": year} if first else "",
    }
    return answer_form(
        request,
        BudgetForm(request.POST or None, initial=initial),
        do=lambda wanted: set_budget(actor=desk.actor, book=book.pk, at=now(), **wanted),
        then=lambda row: reverse("staff:points_budget", kwargs={"budget": row.pk}),
        said=_("The budget is set."),
        title=_("Set a budget"),
        button=_("Set the budget"),
        cancel_url=desk.url("points_budgets"),
        crumbs=desk.crumbs((_("Budgets"), desk.url("points_budgets")), (_("New"), "")),
    )


def _open(request: HttpRequest, budget: UUID) -> tuple[Desk, BudgetRow]:
    actor = actor_of(request)
    row = find_budget(actor=actor, budget=budget)
    return desk_of(request, find_book_by_id(actor=actor, book=row.book).community_id), row


def _crumbs(desk: Desk, row: BudgetRow, *more: str) -> list[tuple[Any, str]]:
    way = (_("Budgets"), desk.url("points_budgets"))
    if not more:
        return desk.crumbs(way, (row.name, ""))
    return desk.crumbs(way, (row.name, _url(row.id)), (more[0], ""))


def _url(budget: UUID) -> str:
    return reverse("staff:points_budget", kwargs={"budget": budget})


@reading
def show(request: HttpRequest, budget: UUID) -> HttpResponse:
    """Show one budget."""
    desk, row = _open(request, budget)
    state, tone = _state(row, desk.on)
    changes = desk.keeps and not row.closed_on
    named = {"budget": budget}
    context = desk.context("points_budgets", row.name)
    context |= {
        "crumbs": _crumbs(desk, row),
        "subtitle": _("General budget") if row.is_general else "",
        "state_label": state,
        "state_tone": tone,
        "next_url": reverse("staff:points_budget_add", kwargs=named) if changes else "",
        "next_text": _("Add points"),
        "facts": [
            (_("For acts from"), spoken(row.valid_from)),
            (_("Until"), spoken(row.valid_until)),
            (_("Left"), row.left),
            (_("Given"), row.given),
            (_("Asked for beyond it"), row.not_given),
            *([(_("Closed on"), spoken(row.closed_on))] if row.closed_on else []),
        ],
        "acts": [(reverse("staff:points_budget_close", kwargs=named), _("Close the budget"))] if changes else [],
        "entries": story_of(desk.actor, "points.budget", budget),
    }
    return render(request, "staff/points/record.html", context)


class AddForm(ActForm):
    """More points for a budget."""

    points = forms.IntegerField(
        label=gettext_lazy("Points"), widget=forms.NumberInput(attrs={"min": 1, "inputmode": "numeric"})
    )
    note = forms.CharField(label=gettext_lazy("Note"), max_length=500, required=False)


@keeping
def add(request: HttpRequest, budget: UUID) -> HttpResponse:
    """Set more points aside in a budget."""
    desk, row = _open(request, budget)
    return answer_form(
        request,
        AddForm(request.POST or None),
        do=lambda wanted: add_to_budget(actor=desk.actor, budget=budget, at=now(), **wanted),
        then=lambda _row: _url(budget),
        said=_("The points are in the budget."),
        title=_("Add points to “%(name)s”") % {"name": row.name},
        lead=ngettext("%(left)d point is left.", "%(left)d points are left.", row.left) % {"left": row.left},
        button=_("Add"),
        cancel_url=_url(budget),
        crumbs=_crumbs(desk, row, _("Add points")),
    )


@keeping
def close(request: HttpRequest, budget: UUID) -> HttpResponse:
    """Close a budget; its rest goes back."""
    desk, row = _open(request, budget)
    return answer_form(
        request,
        ActForm(request.POST or None),
        do=lambda wanted: close_budget(actor=desk.actor, budget=budget, at=now(), **wanted),
        then=lambda _row: _url(budget),
        said=_("The budget is closed."),
        title=_("Close “%(name)s”") % {"name": row.name},
        lines=[
            ngettext("%(left)d point goes back.", "%(left)d points go back.", row.left) % {"left": row.left},
            _("Nothing can be given out of it any more. What was given stays."),
        ],
        button=_("Close the budget"),
        cancel_url=_url(budget),
        crumbs=_crumbs(desk, row, _("Close")),
    )
