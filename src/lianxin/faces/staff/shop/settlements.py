"""Merchants' sheets: drawn by the month, agreed by two sides, printed, as a workbook."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from lianxin.domain.people.queries.organisations import list_organisations
from lianxin.domain.shop import policy
from lianxin.domain.shop.commands.settlements import draw_settlement, sign_settlement, withdraw_settlement
from lianxin.domain.shop.models import Settlement
from lianxin.domain.shop.queries.vouchers import (
    SettlementRow,
    TakenVoucher,
    find_settlement,
    list_settlements,
    sheet_rows,
)
from lianxin.faces.kit.acting import actor_of, press
from lianxin.faces.kit.dates import spoken
from lianxin.faces.kit.tables import Column
from lianxin.platform.actors import Actor
from lianxin.platform.clock import now

from ..acting import REASON, ActForm, Crumbs, answer_form
from ..places.words import yuan
from ..points.lists import Cell, Page, Press, Row, answer_list, cells, leads, small_table
from ..points.told import Section
from ..sheets import paper, workbook
from .desk import desk_of
from .gate import both_press, both_sides, keeping, reading
from .words import SHEET_TONES

State = Settlement.State
MOST_MERCHANTS = 200
COLUMNS = (
    Column(gettext_lazy("Month")),
    Column(gettext_lazy("Merchant")),
    Column(gettext_lazy("Vouchers"), numeric=True),
    Column(gettext_lazy("Amount")),
    Column(gettext_lazy("Community signed")),
    Column(gettext_lazy("Merchant signed")),
    Column(gettext_lazy("State")),
)
TAKEN_COLUMNS = (
    Column(gettext_lazy("Taken")),
    Column(gettext_lazy("Service")),
    Column(gettext_lazy("Community")),
    Column(gettext_lazy("Amount")),
)


def month_words(month: date) -> str:
    """Say a month: 2026年11月."""
    return str(formats.date_format(month, pgettext("form of a month", "F Y")))


def month_entry(month: date) -> str:
    """Write a month as the field for months takes it."""
    return f"{month:%Y-%m}"


def row_of(row: SettlementRow, *, other: str = "") -> Row:
    """Make the row of a sheet; `other` is shown in place of the merchant to the merchant itself."""
    return Row(
        cells(
            leads(month_words(row.month_from), "shop_settlement", settlement=row.id),
            other or row.merchant_name,
            row.pieces,
            yuan(row.total_fen),
            row.community_signed_at,
            row.merchant_signed_at,
            Cell(State(row.state).label, tone=SHEET_TONES[State(row.state)]),
        ),
        pk=row.id,
    )


def taken_rows(vouchers: list[TakenVoucher]) -> list[Row]:
    """Make the rows of vouchers that were taken; they name nobody."""
    return [
        Row(cells(spoken(row.taken_at), row.item_name, row.community_name, yuan(row.cost_fen)), pk=row.id)
        for row in vouchers
    ]


@reading
def show(request: HttpRequest, community: UUID) -> HttpResponse:
    """List the sheets of a community's merchants."""
    desk = desk_of(request, community)
    rows = [row_of(row) for row in list_settlements(actor=desk.actor, community=community)]

    def fetch(_after: str) -> Page:
        return rows, ""

    context = desk.context("shop_settlements", _("Merchants"))
    context |= {
        "lead": _("What the community owes its merchants for the vouchers they took, month by month."),
        "buttons": [
            (desk.url("shop_settlement_new"), _("Draw up a month")),
            (desk.url("shop_take_voucher"), _("Take a voucher")),
        ]
        if desk.keeps
        else [],
        "empty_title": _("There is no sheet yet."),
        "empty_text": _("When a month is over, draw up the sheet of each merchant; both sides agree to it."),
        "empty_url": desk.url("shop_settlement_new") if desk.keeps else "",
        "empty_link": _("Draw up a month"),
    }
    return answer_list(request, columns=COLUMNS, fetch=fetch, context=context, count=len(rows), place=desk.name)


class MonthInput(forms.TextInput):
    """A month, chosen or typed as 2026-03."""

    input_type = "month"


class DrawForm(ActForm):
    """Whose sheet, of which month."""

    merchant = forms.ChoiceField(label=gettext_lazy("Merchant"))
    month = forms.DateField(label=gettext_lazy("Month"), input_formats=["%Y-%m"], widget=MonthInput)


@keeping
def draw(request: HttpRequest, community: UUID) -> HttpResponse:
    """Draw up a merchant's sheet of a month that is over."""
    desk = desk_of(request, community)
    last = date(desk.on.year - (desk.on.month == 1), (desk.on.month - 2) % 12 + 1, 1)
    form = DrawForm(request.POST or None, initial={"month": month_entry(last)})
    found = list_organisations(actor=desk.actor, role="merchant", limit=MOST_MERCHANTS)
    form.fields["merchant"].choices = [  # type: ignore[attr-defined]
        ("", _("Please choose")),
        *((str(row.id), row.name) for row in found.rows),
    ]
    return answer_form(
        request,
        form,
        do=lambda wanted: draw_settlement(
            actor=desk.actor,
            community=community,
            merchant=UUID(wanted["merchant"]),
            month=wanted["month"],
            at=now(),
            key=wanted["key"],
        ),
        then=lambda row: reverse("staff:shop_settlement", kwargs={"settlement": row.pk}),
        said=_("Drawn up. Both sides sign it now."),
        title=_("Draw up a merchant's month"),
        button=_("Draw it up"),
        cancel_url=desk.url("shop_settlements"),
        crumbs=desk.crumbs((_("Merchants"), desk.url("shop_settlements")), (_("New"), "")),
    )


def _crumbs(actor: Actor, row: SettlementRow, *way: tuple[Any, str]) -> Crumbs:
    if policy.is_merchant(actor, row.merchant):
        return [(_("My vouchers"), reverse("staff:shop_merchant")), *way]
    here = reverse("staff:shop_settlements", kwargs={"community": row.community})
    home = reverse("staff:shop_overview", kwargs={"community": row.community})
    return [(_("Shop of %(community)s") % {"community": row.community_name}, home), (_("Merchants"), here), *way]


def _title(row: SettlementRow) -> str:
    return _("%(merchant)s, %(month)s") % {"merchant": row.merchant_name, "month": month_words(row.month_from)}


@both_sides
def show_sheet(request: HttpRequest, settlement: UUID) -> HttpResponse:
    """Show one sheet with its vouchers; `?as=xlsx` and `?as=print` give it to be paid by."""
    actor = actor_of(request)
    row, vouchers = find_settlement(actor=actor, settlement=settlement)
    title = _title(row)
    here = reverse("staff:shop_settlement", kwargs={"settlement": settlement})
    headings = [column.label for column in TAKEN_COLUMNS]
    wanted = request.GET.get("as")
    if wanted == "xlsx":
        total = ("", _("Together"), "", f"{row.total_fen // 100}.{row.total_fen % 100:02d}")
        return workbook(title=title, headings=headings, rows=[*sheet_rows(vouchers), total])
    if wanted == "print":
        shown = [[cell.shown for cell in one.cells] for one in taken_rows(vouchers)]
        shown.append(["", _("Together"), "", yuan(row.total_fen)])
        return paper(request, title=title, headings=headings, rows=shown, back_url=here, place=row.community_name)
    mine = policy.is_merchant(actor, row.merchant)
    facts = [
        (_("Community"), row.community_name),
        (_("Vouchers"), row.pieces),
        (_("Amount"), yuan(row.total_fen)),
        (_("Community signed"), spoken(row.community_signed_at) if row.community_signed_at else _("not yet")),
        (_("Merchant signed"), spoken(row.merchant_signed_at) if row.merchant_signed_at else _("not yet")),
    ]
    context = {
        "title": title,
        "crumbs": _crumbs(actor, row, (title, "")),
        "state_label": State(row.state).label,
        "state_tone": SHEET_TONES[State(row.state)],
        "facts": facts,
        "sections": [Section(_("Vouchers"), table=small_table(TAKEN_COLUMNS, taken_rows(vouchers)))],
        "acts": _acts(actor, row, here),
        "presses": _presses(actor, row, mine=mine),
    }
    return render(request, "staff/points/record.html", context)


def _acts(actor: Actor, row: SettlementRow, here: str) -> list[tuple[str, Any]]:
    acts = [(f"{here}?as=xlsx", _("Export")), (f"{here}?as=print", _("Print"))]
    if row.state == State.OPEN and policy.may_keep_shop(actor, row.community):
        acts.append((reverse("staff:shop_settlement_withdraw", kwargs={"settlement": row.id}), _("Withdraw it")))
    return acts


def _presses(actor: Actor, row: SettlementRow, *, mine: bool) -> list[Press]:
    if row.state != State.OPEN:
        return []
    signed = row.merchant_signed_at if mine else row.community_signed_at
    if signed or not (mine or policy.may_keep_shop(actor, row.community)):
        return []
    words = _("Agree for the merchant") if mine else _("Agree for the community")
    return [Press(reverse("staff:shop_settlement_sign", kwargs={"settlement": row.id}), words, "primary")]


@both_press
def agree(request: HttpRequest, settlement: UUID) -> HttpResponse:
    """Sign a sheet for one's own side."""
    actor = actor_of(request)
    find_settlement(actor=actor, settlement=settlement)
    return press(
        request,
        do=lambda: sign_settlement(actor=actor, settlement=settlement, at=now()),
        back=reverse("staff:shop_settlement", kwargs={"settlement": settlement}),
        said=_("Signed."),
    )


class WithdrawForm(ActForm):
    """Why a sheet is withdrawn."""

    reason = forms.CharField(label=REASON, max_length=200)


@keeping
def withdraw(request: HttpRequest, settlement: UUID) -> HttpResponse:
    """Take a sheet back that is not agreed by both."""
    actor = actor_of(request)
    row, _vouchers = find_settlement(actor=actor, settlement=settlement)
    here = reverse("staff:shop_settlement", kwargs={"settlement": settlement})
    return answer_form(
        request,
        WithdrawForm(request.POST or None),
        do=lambda wanted: withdraw_settlement(actor=actor, settlement=settlement, reason=wanted["reason"], at=now()),
        then=lambda _row: here,
        said=_("Withdrawn. The month can be drawn up anew."),
        title=_("Withdraw the sheet"),
        lead=_title(row),
        button=_("Withdraw it"),
        cancel_url=here,
        crumbs=_crumbs(actor, row, (_title(row), here), (_("Withdraw it"), "")),
    )
