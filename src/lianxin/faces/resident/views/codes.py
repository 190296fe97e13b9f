"""My codes: what waits to be collected and vouchers that can be used, to be shown on the screen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from lianxin.domain.shop.commands.reservations import cancel
from lianxin.domain.shop.commands.vouchers import give_back_voucher
from lianxin.domain.shop.models import Redemption, Voucher
from lianxin.domain.shop.queries.orders import Order, OrderLine, VoucherLine, find_order, my_orders
from lianxin.faces.resident.homes import AtHome, at_home
from lianxin.faces.resident.points_forms import PressForm
from lianxin.faces.resident.standing import linked_only
from lianxin.faces.resident.views.me import my_crumbs
from lianxin.faces.resident.views.shop import last_day
from lianxin.platform.clock import local_day, now
from lianxin.platform.errors import Missing, NotAllowed, Problem

TONES = {
    Redemption.State.RESERVED: "info",
    Redemption.State.COLLECTED: "done",
    Redemption.State.CANCELLED: "quiet",
    Redemption.State.EXPIRED: "quiet",
    Redemption.State.RETURNED: "quiet",
    Voucher.State.ISSUED: "info",
    Voucher.State.TAKEN: "done",
    Voucher.State.VOID: "quiet",
}
A_PAGE = 20


@dataclass(frozen=True)
class Code:
    """A code to show, with what it is for, where, and until which day."""

    title: str
    code: str
    spaced: str
    where: str
    until: date | None
    note: str
    end_url: str
    end_text: str
    show_url: str


def spaced(code: str) -> str:
    """Write a code in groups that are easily read out: 123 4567, or 123 456 7890."""
    if len(code) < 7:
        return code
    body, last = code[:-4], code[-4:]
    return " ".join([body[start : start + 3] for start in range(0, len(body), 3)] + [last])


@linked_only
@require_safe
def browse(request: HttpRequest) -> HttpResponse:
    """Show the codes that can be used now, or all orders."""
    at = now()
    mine = at_home(request, at=at)
    earlier = request.GET.get("all") == "on"
    found = my_orders(
        actor=mine.who.actor,
        household=mine.home.household,
        on=local_day(at),
        live_only=not earlier,
        after=request.GET.get("after", "") if earlier else "",
        limit=A_PAGE,
    )
    context = {
        "mine": mine,
        "earlier": earlier,
        "codes": [] if earlier else [code for order in found.rows for code in codes_of(order)],
        "orders": [(order, _title(order), *_state(order)) for order in found.rows] if earlier else [],
        "after": found.after,
        "crumbs": my_crumbs(_("My codes")) if not earlier else _crumbs((_("Earlier orders"), "")),
    }
    return render(request, "resident/shop/codes.html", context)


@linked_only
@require_safe
def show(request: HttpRequest, order: UUID) -> HttpResponse:
    """Show one order with its codes, large enough to be read across a counter."""
    at = now()
    mine = at_home(request, at=at)
    found = _own(mine, order, at=at)
    label, tone = _state(found)
    context = {
        "order": found,
        "title": _title(found),
        "state": label,
        "tone": tone,
        "codes": codes_of(found),
        "ended": [(line, one, Voucher.State(one.state).label) for line, one in _vouchers(found) if not one.code],
        "crumbs": _crumbs((_title(found), "")),
    }
    return render(request, "resident/shop/order.html", context)


@linked_only
@require_http_methods(["GET", "HEAD", "POST"])
def cancel_order(request: HttpRequest, order: UUID) -> HttpResponse:
    """Give up a reservation; its points are free at once."""
    at = now()
    mine = at_home(request, at=at)
    found = _own(mine, order, at=at)
    return _ask(
        request,
        question=_("Give up this reservation?"),
        about=_title(found),
        consequences=[_("%(n)d points are free again at once.") % {"n": found.points}],
        button=_("Give the reservation up"),
        is_live=found.state == Redemption.State.RESERVED,
        do=lambda key: cancel(actor=mine.who.actor, redemption=order, at=at, key=key),
        said=_("Given up. Your points are free again."),
        order=found,
    )


@linked_only
@require_http_methods(["GET", "HEAD", "POST"])
def give_back(request: HttpRequest, order: UUID, voucher: UUID) -> HttpResponse:
    """Give an unused voucher back for its points."""
    at = now()
    mine = at_home(request, at=at)
    found = _own(mine, order, at=at)
    line, one = next(((line, one) for line, one in _vouchers(found) if one.id == voucher), (None, None))
    if line is None or one is None:
        raise Missing
    return _ask(
        request,
        question=_("Give this voucher back?"),
        about=line.name,
        consequences=[
            _("%(n)d points come back into the passbook.") % {"n": line.unit_points},
            _("The code stops working."),
        ],
        button=_("Give it back"),
        is_live=one.state == Voucher.State.ISSUED,
        do=lambda key: give_back_voucher(actor=mine.who.actor, voucher=voucher, at=at, key=key),
        said=_("Given back. The points are in your passbook again."),
        order=found,
    )


def codes_of(order: Order) -> list[Code]:
    """Give the codes of an order that can be used now."""
    found = []
    if order.code:
        ready = _("It lies ready for you.") if order.ready_at else ""
        found.append(
            Code(
                title=_title(order),
                code=order.code,
                spaced=spaced(order.code),
                where=order.venue_name,
                until=last_day(order.expires_at),
                note=ready,
                end_url=reverse("resident:code_cancel", args=[order.id]),
                end_text=_("Give up the reservation"),
                show_url=reverse("resident:code", args=[order.id]),
            )
        )
    found += [
        Code(
            title=line.name,
            code=one.code,
            spaced=spaced(one.code),
            where=one.merchant_name or _("the community's centre"),
            until=one.expires_on,
            note="",
            end_url=reverse("resident:voucher_back", args=[order.id, one.id]),
            end_text=_("Give it back"),
            show_url=reverse("resident:code", args=[order.id]),
        )
        for line, one in _vouchers(order)
        if one.code
    ]
    return found


def _ask(
    request: HttpRequest,
    *,
    question: str,
    about: str,
    consequences: list[str],
    button: str,
    is_live: bool,
    do: Any,
    said: str,
    order: Order,
) -> HttpResponse:
    """Ask before something is given up; what is over already leads back to the order."""
    back = reverse("resident:code", args=[order.id])
    if not is_live and request.method != "POST":
        return HttpResponseRedirect(back)
    if request.method == "POST":
        form = PressForm(request.POST)
        try:
            do(form.cleaned_data["key"] if form.is_valid() else None)
        except (Missing, NotAllowed):
            raise
        except Problem as problem:
            messages.error(request, str(problem.detail))
        else:
            messages.success(request, said)
        return HttpResponseRedirect(back)
    context = {
        "form": PressForm(),
        "question": question,
        "text": about,
        "consequences": consequences,
        "button_text": button,
        "danger": True,
        "cancel_url": back,
        "crumbs": _crumbs((_title(order), back), (question, "")),
    }
    return render(request, "resident/shop/confirm.html", context)


def _own(mine: AtHome, order: UUID, *, at: datetime) -> Order:
    """Give an order of this household; one of another does not exist here."""
    found = find_order(actor=mine.who.actor, redemption=order, on=local_day(at))
    if found.household != mine.home.household:
        raise Missing
    return found


def _vouchers(order: Order) -> list[tuple[OrderLine, VoucherLine]]:
    return [(line, one) for line in order.lines for one in line.vouchers]


def _title(order: Order) -> str:
    parts = [line.name if line.quantity == 1 else f"{line.name} × {line.quantity}" for line in order.lines]
    return "、".join(parts)


def _state(order: Order) -> tuple[str, str]:
    if order.state == Redemption.State.COLLECTED and any(one.code for _line, one in _vouchers(order)):
        return str(_("can be used")), "info"
    return str(Redemption.State(order.state).label), TONES[Redemption.State(order.state)]


def _crumbs(*more: tuple[Any, str]) -> list[tuple[Any, str]]:
    return [(_("Me"), reverse("resident:me")), (_("My codes"), reverse("resident:codes")), *more]
