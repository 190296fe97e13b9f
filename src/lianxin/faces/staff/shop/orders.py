"""Orders: the list, one of them, its receipt."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from lianxin.domain.points import policy as points_policy
from lianxin.domain.shop import policy
from lianxin.domain.shop.commands.reservations import put_ready
from lianxin.domain.shop.models import Redemption, Voucher
from lianxin.domain.shop.queries.orders import Order, find_order, list_orders, seal_codes_of
from lianxin.faces.kit.acting import actor_of, press
from lianxin.faces.kit.dates import spoken
from lianxin.faces.kit.tables import Column
from lianxin.platform.clock import local_day, now

from ..points.lists import Cell, Page, Press, Row, answer_list, cells, leads, small_table
from ..points.told import Section
from .desk import ShopDesk, desk_of
from .gate import reading, server_presses
from .stock import chosen
from .words import ORDER_TONES, VOUCHER_TONES, checks_words, last_day, lines_words

State = Redemption.State
COLUMNS = (
    Column(gettext_lazy("Ordered")),
    Column(gettext_lazy("Household")),
    Column(gettext_lazy("Who")),
    Column(gettext_lazy("What")),
    Column(gettext_lazy("Points"), numeric=True),
    Column(pgettext_lazy("shop", "Place")),
    Column(pgettext_lazy("shop", "Until")),
    Column(gettext_lazy("State")),
)
LINE_COLUMNS = (
    Column(gettext_lazy("What")),
    Column(gettext_lazy("Pieces"), numeric=True),
    Column(gettext_lazy("Points for one"), numeric=True),
    Column(gettext_lazy("Points"), numeric=True),
    Column(gettext_lazy("Brought back"), numeric=True),
)
VOUCHER_COLUMNS = (
    Column(gettext_lazy("Voucher for")),
    Column(gettext_lazy("Merchant")),
    Column(gettext_lazy("Valid until")),
    Column(gettext_lazy("State")),
)


class OrdersFilter(forms.Form):
    """Which orders to see."""

    state = forms.ChoiceField(
        label=gettext_lazy("State"), required=False, choices=[("", gettext_lazy("All")), *State.choices]
    )
    venue = forms.ChoiceField(label=pgettext_lazy("shop", "Place"), required=False)

    def __init__(self, *args: Any, places: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["venue"].choices = [("", _("All")), *places]  # type: ignore[attr-defined]


def rows_of(orders: Sequence[Order]) -> list[Row]:
    """Make the rows of orders."""
    return [
        Row(
            cells(
                leads(spoken(order.made_at), "shop_order", order=order.id),
                order.household_number,
                order.masked_person,
                lines_words(order.lines),
                order.points,
                order.venue_name,
                last_day(order.expires_at) if order.expires_at and order.state == State.RESERVED else "",
                Cell(_ready(order) or State(order.state).label, tone=ORDER_TONES[State(order.state)]),
            ),
            pk=order.id,
        )
        for order in orders
    ]


def _ready(order: Order) -> Any:
    return _("lies ready") if order.state == State.RESERVED and order.ready_at else ""


@reading
def show(request: HttpRequest, community: UUID) -> HttpResponse:
    """List orders, newest first."""
    desk = desk_of(request, community)
    places = desk.places()
    state = request.GET.get("state", "")
    venue = chosen(request, "venue", places)

    def fetch(after: str) -> Page:
        found = list_orders(
            actor=desk.actor,
            community=community,
            venue=venue,
            state=state if state in State.values else "",
            after=after,
        )
        return rows_of(found.rows), found.after

    context = desk.context("shop_orders", _("Orders"))
    context |= {
        "form": OrdersFilter(request.GET, places=places),
        "buttons": [(desk.url("shop_counter"), _("To the counter"))] if desk.serves else [],
        "empty_title": _("There are no orders here."),
        "empty_text": _("What residents reserve, and what is given out at the counter, is listed here."),
        "empty_url": desk.url("shop_counter") if desk.serves else "",
        "empty_link": _("To the counter"),
    }
    return answer_list(request, columns=COLUMNS, fetch=fetch, context=context, place=desk.name)


def open_order(request: HttpRequest, order: UUID) -> tuple[ShopDesk, Order]:
    """Open an order with its shop; raises Missing."""
    found = find_order(actor=actor_of(request), redemption=order, on=local_day(now()))
    return desk_of(request, found.community), found


def title_of(order: Order) -> str:
    """Say whose order it is."""
    return _("Order of household %(number)s") % {"number": order.household_number}


def page_of(order: UUID) -> str:
    """Give the address of an order."""
    return reverse("staff:shop_order", kwargs={"order": order})


def serves_it(desk: ShopDesk, order: Order) -> bool:
    """Tell whether the actor gives this order out."""
    return policy.may_serve(desk.actor, order.community, order.venue)


@reading
def show_order(request: HttpRequest, order: UUID) -> HttpResponse:
    """Show one order with its lines, its vouchers and what can be done."""
    desk, found = open_order(request, order)
    title = title_of(found)
    sections = [
        Section(_("What it is"), table=small_table(LINE_COLUMNS, [_line(line) for line in found.lines])),
    ]
    vouchers = [(line, voucher) for line in found.lines for voucher in line.vouchers]
    if vouchers:
        rows = [_voucher_row(line.name, voucher, serves=serves_it(desk, found)) for line, voucher in vouchers]
        columns = (*VOUCHER_COLUMNS, Column("")) if serves_it(desk, found) else VOUCHER_COLUMNS
        sections.append(Section(_("Vouchers"), table=small_table(columns, rows)))
    context = desk.context("shop_orders", title, (_("Orders"), desk.url("shop_orders")), (title, ""))
    context |= {
        "subtitle": found.masked_person,
        "state_label": _ready(found) or State(found.state).label,
        "state_tone": ORDER_TONES[State(found.state)],
        "sections": sections,
        "facts": _facts(desk, found),
        "acts": _acts(desk, found),
        "presses": _presses(desk, found),
    }
    return render(request, "staff/points/record.html", context)


def _line(line: Any) -> Row:
    return Row(
        cells(line.name, line.quantity, line.unit_points, line.quantity * line.unit_points, line.quantity_returned)
    )


def _voucher_row(name: str, voucher: Any, *, serves: bool) -> Row:
    state = Voucher.State(voucher.state)
    back = (
        leads(_("Give it back"), "shop_voucher_back", voucher=voucher.id)
        if serves and state == Voucher.State.ISSUED
        else ""
    )
    shown = cells(
        name,
        voucher.merchant_name or _("the community itself"),
        voucher.expires_on,
        Cell(state.label, tone=VOUCHER_TONES[state]),
    )
    return Row((*shown, *cells(back)) if serves else shown)


def _facts(desk: ShopDesk, order: Order) -> list[tuple[Any, ...]]:
    passbook = ""
    if points_policy.may_see_points(desk.actor):
        passbook = reverse("staff:household", kwargs={"household": order.household})
    facts: list[tuple[Any, ...]] = [
        (_("Household"), order.household_number, passbook),
        (_("Points"), order.points),
        (pgettext("shop", "Place"), order.venue_name or "—"),
        (_("How it was made"), Redemption.Via(order.made_via).label),
        (_("Ordered"), spoken(order.made_at)),
    ]
    if order.state == State.RESERVED and order.expires_at:
        facts.append((_("To be collected until"), spoken(last_day(order.expires_at))))
    if order.collected_at:
        facts.append((_("Given out"), spoken(order.collected_at)))
        facts.append((_("How it was made sure"), checks_words(order.identity_check) or "—"))
    if order.ended_at:
        facts.append((_("Ended"), spoken(order.ended_at)))
    if order.reason:
        facts.append((_("Reason"), order.reason))
    return facts


def _acts(desk: ShopDesk, order: Order) -> list[tuple[str, Any]]:
    named = {"order": order.id}
    acts = []
    if serves_it(desk, order):
        if order.state == State.RESERVED:
            acts.append((reverse("staff:shop_collect", kwargs=named), _("Hand it out")))
            acts.append((reverse("staff:shop_cancel", kwargs=named), _("Cancel it")))
        if order.state == State.COLLECTED and any(line.kind != "service" for line in order.lines):
            acts.append((reverse("staff:shop_return", kwargs=named), _("Take something back")))
    if order.collected_at:
        acts.append((reverse("staff:shop_receipt", kwargs=named), _("Print the receipt")))
    return acts


def _presses(desk: ShopDesk, order: Order) -> list[Press]:
    if order.state != State.RESERVED or order.ready_at or not serves_it(desk, order):
        return []
    return [Press(reverse("staff:shop_ready", kwargs={"order": order.id}), _("It lies ready"), "primary")]


@server_presses
def ready(request: HttpRequest, order: UUID) -> HttpResponse:
    """Note that the pieces lie ready."""
    desk, found = open_order(request, order)
    return press(
        request,
        do=lambda: put_ready(actor=desk.actor, redemption=found.id, at=now()),
        back=page_of(order),
        said=_("Noted: it lies ready."),
    )


@reading
def receipt(request: HttpRequest, order: UUID) -> HttpResponse:
    """Give the receipt of what was given out, with the code of the seal over it once there is one."""
    desk, found = open_order(request, order)
    return render(
        request,
        "staff/shop/receipt.html",
        {
            "sheet_title": _("Receipt"),
            "sheet_place": " · ".join(filter(None, (desk.name, found.venue_name))),
            "sheet_period": spoken(found.collected_at or found.made_at),
            "sheet_url": "",
            "printed_at": desk.at,
            "back_url": page_of(order),
            "order": found,
            "lines": [(line, line.quantity * line.unit_points) for line in found.lines],
            "seals": seal_codes_of(actor=desk.actor, redemption=order),
            "checks": checks_words(found.identity_check),
        },
    )
