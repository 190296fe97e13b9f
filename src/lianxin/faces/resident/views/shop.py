"""The service supermarket of a community: what there is for points, one thing of it, what is wanted and who gave."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from lianxin.domain.places.queries.divisions import find_division
from lianxin.domain.points.queries.passbook_balances import Purse, purse_of
from lianxin.domain.shop.commands.reservations import reserve
from lianxin.domain.shop.commands.vouchers import redeem_vouchers
from lianxin.domain.shop.models import Item
from lianxin.domain.shop.queries.catalogue import Offer, find_picture, list_offers
from lianxin.domain.shop.queries.pick_up_places import list_pick_up_places
from lianxin.domain.shop.queries.stock import list_donors, list_needs
from lianxin.faces.kit.forms import add_problem
from lianxin.faces.kit.stored import answer_file
from lianxin.faces.resident.homes import AtHome, maybe_at_home
from lianxin.faces.resident.shop_forms import TakeForm
from lianxin.faces.resident.standing import linked_only
from lianxin.faces.resident.views.public import page
from lianxin.platform.clock import local_day, now
from lianxin.platform.errors import Missing, NotAllowed, Problem

KINDS: dict[str, Any] = {
    Item.Kind.GOODS: pgettext_lazy("shop", "Goods"),
    Item.Kind.SERVICE: pgettext_lazy("shop", "Services"),
    Item.Kind.HONOUR: pgettext_lazy("shop", "Honours"),
}
LIMITS: dict[str, Any] = {
    "day": gettext_lazy("At most %(n)d a day for a household."),
    "week": gettext_lazy("At most %(n)d a week for a household."),
    "month": gettext_lazy("At most %(n)d a month for a household."),
    "year": gettext_lazy("At most %(n)d a year for a household."),
}
THANKED_DAYS = 365


@dataclass(frozen=True)
class Shelf:
    """One offer as a visitor sees it: a word for its state, and how many they could take; None: not their shop."""

    offer: Offer
    state: str
    tone: str
    most: int | None


@require_safe
def browse(request: HttpRequest, community: UUID) -> HttpResponse:
    """List what a community gives for points; a resident sees what the own points reach for."""
    at = now()
    on = local_day(at)
    division = find_division(community)
    mine = _shopper(request, community, at=at)
    purse = _purse(mine)
    kind = request.GET.get("kind", "")
    offers = list_offers(actor=_actor(request, mine), community=community, on=on, household=_household(mine))
    shelves = [_shelf(offer, purse) for offer in offers if kind not in KINDS or offer.kind == kind]
    within_reach = request.GET.get("can") == "on" and purse is not None
    if within_reach:
        shelves = [one for one in shelves if one.most]
    base = reverse("resident:shop", args=[community])
    reach = "can=on" if within_reach else ""
    context = {
        "community": division,
        "shelves": [(label, [one for one in shelves if one.offer.kind == name]) for name, label in KINDS.items()],
        "count": len(shelves),
        "has_offers": bool(offers),
        "mine": mine,
        "purse": purse,
        "within_reach": within_reach,
        "kind": kind if kind in KINDS else "",
        "tabs": [(_("Everything"), f"{base}?{reach}" if reach else base, kind not in KINDS, "")]
        + [
            (label, f"{base}?kind={name}" + (f"&{reach}" if reach else ""), kind == name, "")
            for name, label in KINDS.items()
        ],
        "crumbs": [(division.short_name, reverse("resident:community", args=[community])), (_("Points shop"), "")],
    }
    return page(request, "resident/shop/shop.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest, community: UUID, item: UUID) -> HttpResponse:
    """Show one thing, and reserve or redeem it with one button."""
    if request.method == "POST":
        return _take(request, community=community, item=item)
    return _page(request, community=community, item=item)


@linked_only
def _take(request: HttpRequest, *, community: UUID, item: UUID) -> HttpResponse:
    return _page(request, community=community, item=item)


def _page(request: HttpRequest, *, community: UUID, item: UUID) -> HttpResponse:
    at = now()
    on = local_day(at)
    division = find_division(community)
    mine = _shopper(request, community, at=at)
    purse = _purse(mine)
    offers = list_offers(actor=_actor(request, mine), community=community, on=on, household=_household(mine))
    offer = next((one for one in offers if one.item == item), None)
    if offer is None:
        raise Missing
    places = _places(offer, community)
    shelf = _shelf(offer, purse)
    form = TakeForm(
        request.POST or None,
        most=shelf.most or 1,
        places=[(pk, name) for pk, name, _left in places] if offer.kind != Item.Kind.SERVICE else [],
    )
    if request.method == "POST":
        if mine is None:
            raise NotAllowed(_("Points are spent in the shop of the own community."))
        done = _carry_out(request, form, offer, mine, at=at)
        if done is not None:
            return done
    is_taken_here = offer.kind == Item.Kind.SERVICE or bool(places)
    context = {
        "community": division,
        "offer": offer,
        "kind": KINDS[offer.kind],
        "shelf": shelf,
        "places": places,
        "limit": str(LIMITS[offer.limit_every]) % {"n": offer.limit_quantity} if offer.limit_quantity else "",
        "mine": mine,
        "purse": purse,
        "is_visitor": _actor(request, mine).is_anonymous,
        "form": form,
        "may_take": bool(shelf.most) and is_taken_here,
        "is_service": offer.kind == Item.Kind.SERVICE,
        "crumbs": [
            (division.short_name, reverse("resident:community", args=[community])),
            (_("Points shop"), reverse("resident:shop", args=[community])),
            (offer.name, ""),
        ],
    }
    return page(request, "resident/shop/item.html", context, status=422 if form.errors else 200)


@require_safe
def picture(request: HttpRequest, community: UUID, item: UUID) -> HttpResponse:
    """Give the picture of one thing."""
    stored = find_picture(community=community, item=item)
    return answer_file(stored)


@require_safe
def supplies(request: HttpRequest, community: UUID) -> HttpResponse:
    """Show what the shop is short of, and thank those who gave."""
    on = local_day(now())
    division = find_division(community)
    context = {
        "community": division,
        "needs": [(need, max(need.quantity - need.received, 0)) for need in list_needs(community=community)],
        "donors": list_donors(
            community=community, from_on=on - timedelta(days=THANKED_DAYS), until_on=on + timedelta(days=1)
        ),
        "crumbs": [
            (division.short_name, reverse("resident:community", args=[community])),
            (_("Points shop"), reverse("resident:shop", args=[community])),
            (_("Wanted and given"), ""),
        ],
    }
    return page(request, "resident/shop/supplies.html", context)


def _carry_out(
    request: HttpRequest, form: TakeForm, offer: Offer, mine: AtHome, *, at: datetime
) -> HttpResponse | None:
    """Reserve goods and honours, redeem services; None when the form has to be shown again."""
    if not form.is_valid():
        return None
    asked = {"actor": mine.who.actor, "household": mine.home.household, "at": at, "key": form.cleaned_data["key"]}
    quantity = form.cleaned_data["quantity"]
    try:
        if offer.kind == Item.Kind.SERVICE:
            order = redeem_vouchers(item=offer.item, quantity=quantity, **asked)
            said = _("Redeemed. Show the code where the service is given.")
        elif "venue" not in form.cleaned_data:
            form.add_error(None, _("None is left just now. Look again another day."))
            return None
        else:
            order = reserve(venue=form.cleaned_data["venue"], items={offer.item: quantity}, **asked)
            said = _("Reserved. Bring the code when you collect it.")
    except (Missing, NotAllowed):
        raise
    except Problem as problem:
        add_problem(form, problem)
        return None
    messages.success(request, said)
    return HttpResponseRedirect(reverse("resident:code", args=[order.pk]))


def _shopper(request: HttpRequest, community: UUID, *, at: datetime) -> AtHome | None:
    """Give who shops here: a resident of this community, or who acts for one."""
    mine = maybe_at_home(request, at=at)
    return mine if mine is not None and mine.home.community == community else None


def _actor(request: HttpRequest, mine: AtHome | None) -> Any:
    return mine.who.actor if mine else request.actor  # type: ignore[attr-defined]


def _household(mine: AtHome | None) -> UUID | None:
    return mine.home.household if mine else None


def _purse(mine: AtHome | None) -> Purse | None:
    return purse_of(actor=mine.who.actor, home=mine.home) if mine else None


def _shelf(offer: Offer, purse: Purse | None) -> Shelf:
    """Say whether something is there, and whether these points and limits reach for it."""
    if offer.available is not None and offer.available <= 0:
        return Shelf(offer, _("none left just now"), "quiet", 0)
    if purse is None:
        return Shelf(offer, "", "", None)
    if offer.limit_left == 0:
        return Shelf(offer, _("taken as often as the limit allows"), "quiet", 0)
    if not purse.is_open:
        return Shelf(offer, "", "", 0)
    if offer.points > purse.free:
        return Shelf(offer, _("%(n)d points to go") % {"n": offer.points - purse.free}, "info", 0)
    bounds = [offer.available, offer.limit_left, purse.free // offer.points if offer.points else None]
    most = min((bound for bound in bounds if bound is not None), default=20)
    return Shelf(offer, _("you can have it"), "done", most)


def _places(offer: Offer, community: UUID) -> list[tuple[UUID, str, int | None]]:
    """Give where something is collected, with how many are there; a service is collected nowhere."""
    if offer.kind == Item.Kind.SERVICE:
        return []
    places = list_pick_up_places(community=community)
    if offer.available is None:
        return [(place.venue, place.name, None) for place in places]
    found = [(place.venue, place.name, offer.available_at.get(place.venue, 0)) for place in places]
    return [(pk, name, left) for pk, name, left in found if left > 0]


def last_day(ends: datetime | None) -> date | None:
    """Give the last day before a moment that is midnight."""
    return None if ends is None else local_day(ends - timedelta(seconds=1))
