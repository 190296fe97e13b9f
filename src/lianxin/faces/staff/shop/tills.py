"""One till: what it took along and sold, what has to be looked at, closing it by hand."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.domain.shop import policy
from lianxin.domain.shop.commands.shop_days import close_till
from lianxin.domain.shop.commands.till_differences import settle_difference
from lianxin.domain.shop.models import Till, TillSale
from lianxin.domain.shop.queries.tills import Difference, find_sale, find_till, list_differences, list_till_stock
from lianxin.faces.kit.acting import actor_of
from lianxin.faces.kit.dates import spoken
from lianxin.faces.kit.tables import Column
from lianxin.platform.clock import now
from lianxin.platform.errors import Missing

from ..acting import ActForm, answer_form
from ..points.lists import Cell, Row, cells, leads, small_table
from ..points.told import Section
from ..sheets import paper, workbook
from .desk import ShopDesk, desk_of
from .gate import keeping, reading, serving
from .words import OUTCOMES, SALE_TONES, TILL_TONES

State = Till.State
SaleState = TillSale.State
STOCK_COLUMNS = (
    Column(gettext_lazy("Goods")),
    Column(gettext_lazy("Took along"), numeric=True),
    Column(gettext_lazy("Sold"), numeric=True),
    Column(gettext_lazy("Still lent"), numeric=True),
)
DIFFERENCE_COLUMNS = (
    Column(gettext_lazy("Sold at")),
    Column(gettext_lazy("Household")),
    Column(gettext_lazy("Goods")),
    Column(gettext_lazy("Pieces"), numeric=True),
    Column(gettext_lazy("Points"), numeric=True),
    Column(gettext_lazy("Why")),
    Column(gettext_lazy("State")),
)


def page_of(till: UUID) -> str:
    """Give the address of a till."""
    return reverse("staff:shop_till", kwargs={"till": till})


def _open(request: HttpRequest, till: UUID) -> tuple[ShopDesk, Till]:
    row = find_till(actor=actor_of(request), till=till)
    return desk_of(request, row.community_id), row


def _way(desk: ShopDesk, row: Till, *way: tuple[Any, str]) -> Any:
    day = reverse("staff:shop_day", kwargs={"shop_day": row.shop_day_id})
    name = row.shop_day.name or spoken(row.shop_day.on)
    return desk.crumbs((_("Shop days"), desk.url("shop_days")), (name, day), *way)


def _difference_row(row: Difference, *, keeps: bool) -> Row:
    state = SaleState(row.state)
    decide = keeps and state == SaleState.DIFFERENCE
    what = row.item_name or _("not known")
    return Row(
        cells(
            row.sold_at,
            row.household_number or _("not known"),
            leads(what, "shop_difference", sale=row.id) if decide else what,
            row.quantity,
            row.points,
            row.reason,
            Cell(state.label, tone=SALE_TONES[state]),
        ),
        pk=row.id,
    )


@reading
def show(request: HttpRequest, till: UUID) -> HttpResponse:
    """Show a till; `?as=xlsx` and `?as=print` give the sales that could not be booked at once."""
    desk, row = _open(request, till)
    rows = [_difference_row(one, keeps=desk.keeps) for one in list_differences(actor=desk.actor, till=till)]
    title = _("Till %(name)s") % {"name": row.name}
    wanted = request.GET.get("as")
    if wanted in ("xlsx", "print"):
        headings = [column.label for column in DIFFERENCE_COLUMNS]
        if wanted == "xlsx":
            return workbook(title=title, headings=headings, rows=[[cell.plain for cell in one.cells] for one in rows])
        shown = [[cell.shown for cell in one.cells] for one in rows]
        return paper(request, title=title, headings=headings, rows=shown, back_url=page_of(till), place=desk.name)
    stock = [
        Row(cells(one.item.name, one.allotted, one.sold, one.lent))
        for one in list_till_stock(actor=desk.actor, till=till)
    ]
    here = page_of(till)
    state = State(row.state)
    context = desk.context("shop_days", title)
    context |= {
        "crumbs": _way(desk, row, (row.name, "")),
        "subtitle": row.shop_day.venue.name,
        "state_label": state.label,
        "state_tone": TILL_TONES[state],
        "facts": _facts(row),
        "sections": [
            Section(
                _("Sales to be looked at"),
                table=small_table(DIFFERENCE_COLUMNS, rows),
                empty=_("Every sale was booked.") if row.reconciled_at else _("The till has not sent its sales yet."),
                links=[(f"{here}?as=xlsx", _("Export")), (f"{here}?as=print", _("Print"))] if rows else [],
            ),
            Section(
                _("What it took along"),
                table=small_table(STOCK_COLUMNS, stock),
                empty=_("It took nothing along."),
            ),
        ],
        "acts": _acts(desk, row),
    }
    return render(request, "staff/points/record.html", context)


def _facts(row: Till) -> list[tuple[Any, Any]]:
    moments = (
        (_("Went without network"), row.offline_at),
        (_("Comes back by"), row.expires_at if row.state == State.OFFLINE else None),
        (_("Sent its sales"), row.reconciled_at),
        (_("Closed"), row.closed_at),
    )
    return [(word, spoken(at)) for word, at in moments if at]


def _acts(desk: ShopDesk, row: Till) -> list[tuple[str, Any]]:
    serves = policy.may_serve(desk.actor, row.community_id, row.shop_day.venue_id)
    if row.state == State.CLOSED or not serves:
        return []
    return [(reverse("staff:shop_till_close", kwargs={"till": row.pk}), _("Close it by hand"))]


class CloseForm(ActForm):
    """Why a till is closed before it sent its sales."""

    reason = forms.CharField(label=gettext_lazy("Why"), max_length=200, required=False)


@serving
def close(request: HttpRequest, till: UUID) -> HttpResponse:
    """Close a till that will not come back."""
    desk, row = _open(request, till)
    return answer_form(
        request,
        CloseForm(request.POST or None),
        do=lambda wanted: close_till(actor=desk.actor, till=till, at=now(), **wanted),
        then=lambda _row: page_of(till),
        said=_("Closed. Its points and pieces are free again."),
        title=_("Close till %(name)s") % {"name": row.name},
        lead=_("For a till that is lost or broken. What it still sends later is looked at by somebody."),
        button=_("Close it"),
        cancel_url=page_of(till),
        crumbs=_way(desk, row, (row.name, page_of(till)), (_("Close"), "")),
    )


class DecideForm(ActForm):
    """What is to happen with a sale that could not be booked."""

    outcome = forms.ChoiceField(label=gettext_lazy("What is done"), choices=OUTCOMES, widget=forms.RadioSelect)
    note = forms.CharField(
        label=gettext_lazy("Note"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("Needed when it is written off."),
    )


@keeping
def decide(request: HttpRequest, sale: UUID) -> HttpResponse:
    """Decide on a sale that could not be booked."""
    found = find_sale(actor=actor_of(request), sale=sale)
    desk, row = _open(request, found.till_id)
    told = [one for one in list_differences(actor=desk.actor, till=row.pk) if one.id == sale]
    if not told:
        raise Missing
    lead = _("%(item)s × %(count)d, %(points)d points, household %(number)s. %(why)s") % {
        "item": told[0].item_name or _("not known"),
        "count": found.quantity,
        "points": found.points,
        "number": told[0].household_number or _("not known"),
        "why": found.reason,
    }
    return answer_form(
        request,
        DecideForm(request.POST or None),
        do=lambda wanted: settle_difference(actor=desk.actor, sale=sale, at=now(), **wanted),
        then=lambda _row: page_of(row.pk),
        said=_("Decided."),
        title=_("Decide on a sale"),
        lead=lead,
        button=_("Decide"),
        cancel_url=page_of(row.pk),
        crumbs=_way(desk, row, (row.name, page_of(row.pk)), (_("Decide"), "")),
    )
