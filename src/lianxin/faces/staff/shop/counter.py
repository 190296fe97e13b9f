"""The counter: one screen from the card or number that is shown to the receipt."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from lianxin.domain.shop import policy
from lianxin.domain.shop.commands.collecting import redeem_at_counter
from lianxin.domain.shop.commands.vouchers import take_voucher
from lianxin.domain.shop.queries.catalogue import Offer, list_offers
from lianxin.domain.shop.queries.orders import CounterView, at_counter
from lianxin.domain.shop.queries.terms import NoPointsHere
from lianxin.domain.shop.rules import identity
from lianxin.faces.kit.acting import carry_out
from lianxin.platform.clock import now
from lianxin.platform.errors import Invalid, Missing

from ..acting import answer_form
from .counter_finding import FindForm, Shown, TakeForm, find, read
from .desk import ShopDesk, desk_of
from .gate import serving
from .handing_out import ChecksForm
from .orders import page_of, rows_of
from .words import CHECK_CHOICES

MOST_OF_ONE = 99
CODE_KEPT = "shop_voucher_code"


@dataclass(frozen=True)
class Line:
    """One thing on offer with its field on the screen."""

    offer: Offer
    field: Any
    most: int


class SellForm(ChecksForm):
    """What is taken, who collects, how that was made sure."""

    venue = forms.ChoiceField(label=pgettext_lazy("shop", "Place"))

    def __init__(
        self, *args: Any, offers: list[Offer], places: list[tuple[str, str]], venue: str, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["venue"].choices = places
        fields["venue"].initial = venue
        fields["venue"].widget = forms.HiddenInput()
        self.lines: list[Line] = []
        for offer in offers:
            most = _most(offer, UUID(venue) if venue else None)
            name = f"pieces-{offer.item}"
            attrs = {"min": 0, "max": most, "inputmode": "numeric", "data-points": offer.points}
            fields[name] = forms.IntegerField(
                label=offer.name,
                min_value=0,
                required=False,
                widget=forms.NumberInput(attrs=attrs),
                disabled=most == 0,
            )
            self.lines.append(Line(offer, self[name], most))

    def basket(self) -> dict[UUID, int]:
        """Give what is taken."""
        wanted = {line.offer.item: self.cleaned_data.get(line.field.name) or 0 for line in self.lines}
        return {item: quantity for item, quantity in wanted.items() if quantity}

    def points(self) -> int:
        """Give what it costs together."""
        wanted = self.basket()
        return sum(line.offer.points * wanted.get(line.offer.item, 0) for line in self.lines)


def _most(offer: Offer, venue: UUID | None) -> int:
    bounds = [MOST_OF_ONE]
    if offer.available is not None:
        bounds.append(max(offer.available_at.get(venue, 0) if venue else 0, 0))
    if offer.limit_left is not None:
        bounds.append(offer.limit_left)
    return min(bounds)


@serving
def show(request: HttpRequest, community: UUID) -> HttpResponse:
    """Find who stands at the counter, or give out to the household that was found."""
    desk = desk_of(request, community)
    if not desk.serves:
        raise Missing
    told = request.GET.get("who", "")
    shown = read(told) if told else None
    try:
        return _find(request, desk, late=bool(told)) if shown is None else _sell(request, desk, shown)
    except NoPointsHere as problem:
        context = desk.context("shop_counter", _("Counter")) | {"why": problem.title}
        return render(request, "staff/shop/no_points.html", context)


def _find(request: HttpRequest, desk: ShopDesk, *, late: bool) -> HttpResponse:
    form = FindForm(request.POST or None, reads=desk.reads)
    matches = None
    if request.method == "POST" and form.is_valid():
        found = find(desk, form)
        if found is not None and found.voucher_code:
            request.session[CODE_KEPT] = found.voucher_code
            return redirect(desk.url("shop_take_voucher"))
        if found is not None and found.url:
            return redirect(found.url)
        matches = found.matches if found is not None else None
    context = desk.context("shop_counter", _("Counter"))
    context |= {"form": form, "matches": matches, "late": late, "asked": request.POST.get("shown", "")}
    return render(request, "staff/shop/counter_find.html", context, status=422 if form.errors else 200)


def _sell(request: HttpRequest, desk: ShopDesk, shown: Shown) -> HttpResponse:
    view = at_counter(actor=desk.actor, household=shown.household, on=desk.on)
    if view.community != desk.community:
        raise Missing
    places = desk.places()
    asked = request.POST.get("venue") or request.GET.get("venue") or ""
    venue = asked if asked in dict(places) else (places[0][0] if places else "")
    offers = list_offers(actor=desk.actor, community=desk.community, on=desk.on, household=view.household)
    form = SellForm(
        request.POST or None,
        offers=offers,
        places=places,
        venue=venue,
        people=view.people,
        above=view.terms.identity_check_above,
        initial={"person": str(shown.person or ""), "checks": [shown.how] if shown.how else []},
    )
    is_counting = request.POST.get("act") == "count"
    counted = None
    if is_counting:
        counted = form.points() if form.is_valid() else None
    else:
        done = carry_out(
            request, form, do=lambda _wanted: _give(desk, view, form), then=lambda row: page_of(row.pk), said=_given
        )
        if done is not None:
            return done
    title = _("Household %(number)s") % {"number": view.number}
    context = desk.context("shop_counter", title, (_("Counter"), desk.url("shop_counter")), (title, ""))
    context |= {
        "form": form,
        "view": view,
        "lines": form.lines,
        "counted": counted,
        "missing": max(counted - view.free, 0) if counted is not None else 0,
        "second": counted is not None and counted > view.terms.identity_check_above,
        "waiting": _waiting(view, shown),
        "places": places,
        "place": dict(places).get(venue, ""),
        "who": request.GET.get("who", ""),
        "venue": venue,
        "sure": ",".join(sorted(identity.SURE)),
        "shown_checks": ",".join(sorted(identity.SHOWN)),
        "check_words": dict(CHECK_CHOICES),
    }
    return render(
        request, "staff/shop/counter_sell.html", context, status=422 if form.is_bound and form.errors else 200
    )


def _give(desk: ShopDesk, view: CounterView, form: SellForm) -> Any:
    basket = form.basket()
    if not basket:
        raise Invalid(_("Choose at least one thing."))
    return redeem_at_counter(
        actor=desk.actor,
        household=view.household,
        venue=UUID(form.cleaned_data["venue"]),
        items=basket,
        checks=form.cleaned_data["checks"],
        person=form.who(),
        at=now(),
        key=form.cleaned_data["key"],
    )


def _given(row: Any) -> str:
    return _("Given out for %(points)d points. The receipt can be printed.") % {"points": row.points}


def _waiting(view: CounterView, shown: Shown) -> list[tuple[Any, str]]:
    more = f"?{urlencode({'shown': shown.how})}" if shown.how else ""
    return [
        (row, reverse("staff:shop_collect", kwargs={"order": order.id}) + more)
        for row, order in zip(rows_of(view.waiting), view.waiting, strict=True)
    ]


@serving
def take(request: HttpRequest, community: UUID) -> HttpResponse:
    """Take the voucher of a service that the community itself gives, or that a merchant has no way to take."""
    desk = desk_of(request, community)
    policy.require(desk.keeps)
    form = TakeForm(request.POST or None, initial={"code": request.session.pop(CODE_KEPT, "")})
    return answer_form(
        request,
        form,
        do=lambda wanted: take_voucher(actor=desk.actor, at=now(), **wanted),
        then=lambda _row: desk.url("shop_counter"),
        said=lambda row: _("Taken: %(name)s.") % {"name": row.line.item.name},
        title=_("Take a voucher"),
        lead=_("A voucher is taken once. For a merchant's service, the merchant is paid for it."),
        button=_("Take the voucher"),
        cancel_url=desk.url("shop_counter"),
        crumbs=desk.crumbs((_("Counter"), desk.url("shop_counter")), (_("Voucher"), "")),
    )
