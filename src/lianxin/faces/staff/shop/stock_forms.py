"""Goods that come, are counted, go bad or go to another place."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from lianxin.domain.people.queries.organisations import list_organisations
from lianxin.domain.shop.commands import stock as commands
from lianxin.domain.shop.models import Stock
from lianxin.domain.shop.queries.catalogue import list_items
from lianxin.domain.shop.queries.stock import find_stock, list_needs
from lianxin.faces.kit.acting import actor_of
from lianxin.platform.clock import now

from ..acting import ActForm, answer_form
from .desk import ShopDesk, desk_of
from .gate import keeping
from .words import fen_of, money_field, pieces_field

MOST_DONORS = 200


class ReceiveForm(ActForm):
    """What came, where to, how much, and what it was worth."""

    item = forms.ChoiceField(label=gettext_lazy("Goods"))
    venue = forms.ChoiceField(label=pgettext_lazy("shop", "Place"))
    quantity = pieces_field(gettext_lazy("Pieces"))
    value_yuan = money_field(gettext_lazy("Worth of all of it, in yuan"))
    document = forms.CharField(label=gettext_lazy("Number of the bill or paper"), max_length=80, required=False)

    def __init__(self, *args: Any, desk: ShopDesk, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        items = list_items(actor=desk.actor, community=desk.community, on=desk.on)
        goods = [(str(row.item.pk), row.item.name) for row in items if row.item.needs_stock]
        places = desk.places()
        fields["item"].choices = [("", _("Please choose")), *goods]
        fields["venue"].choices = places if len(places) == 1 else [("", _("Please choose")), *places]

    def entries(self) -> dict[str, Any]:
        """Give the values as the commands want them."""
        entered = self.cleaned_data
        return {
            "item": UUID(entered["item"]),
            "venue": UUID(entered["venue"]),
            "value_fen": fen_of(entered["value_yuan"]),
            **self.values("quantity", "document", "key"),
        }


class DonationForm(ReceiveForm):
    """The same with who gave it."""

    donor = forms.ChoiceField(
        label=gettext_lazy("Organisation that gave it"),
        required=False,
        help_text=gettext_lazy("Only organisations entered as donors are listed."),
    )
    donor_name = forms.CharField(
        label=gettext_lazy("Or the name by which the donor wishes to be called"), max_length=80, required=False
    )
    wants_name_shown = forms.BooleanField(
        label=gettext_lazy("The donor agrees to be named on the board of thanks"), required=False
    )
    need = forms.ChoiceField(label=gettext_lazy("It was asked for"), required=False)

    field_order = ("donor", "donor_name", "wants_name_shown")

    def __init__(self, *args: Any, desk: ShopDesk, **kwargs: Any) -> None:
        super().__init__(*args, desk=desk, **kwargs)
        fields: dict[str, Any] = self.fields
        donors = list_organisations(actor=desk.actor, role="donor", limit=MOST_DONORS)
        fields["donor"].choices = [("", _("No organisation")), *((str(row.id), row.name) for row in donors.rows)]
        needs = list_needs(community=desk.community)
        fields["need"].choices = [("", _("No")), *((str(row.pk), row.what) for row in needs)]

    def entries(self) -> dict[str, Any]:
        """Give the values as the command wants them."""
        entered = self.cleaned_data
        return {
            **super().entries(),
            "donor": UUID(entered["donor"]) if entered["donor"] else None,
            "need": UUID(entered["need"]) if entered["need"] else None,
            **self.values("donor_name", "wants_name_shown"),
        }


def _initial(request: HttpRequest) -> dict[str, str]:
    return {name: request.GET.get(name, "") for name in ("item", "venue", "need")}


@keeping
def receive(request: HttpRequest, community: UUID) -> HttpResponse:
    """Take in goods that the community bought."""
    desk = desk_of(request, community)
    form = ReceiveForm(request.POST or None, desk=desk, initial=_initial(request))
    return answer_form(
        request,
        form,
        do=lambda _wanted: commands.receive_purchase(actor=desk.actor, at=now(), **form.entries()),
        then=lambda _move: desk.url("shop_stock"),
        said=_("Taken in."),
        title=_("Take in goods"),
        lead=_("For what the community bought. What somebody gave is entered as a donation."),
        button=_("Take in"),
        cancel_url=desk.url("shop_stock"),
        crumbs=desk.crumbs((_("Stock"), desk.url("shop_stock")), (_("Take in goods"), "")),
        also=[
            (desk.url("shop_receive_donation"), _("Take in a donation"), "plain"),
            (desk.url("shop_item_new"), _("Enter other goods first"), "plain"),
        ],
    )


@keeping
def receive_donation(request: HttpRequest, community: UUID) -> HttpResponse:
    """Take in goods that somebody gave."""
    desk = desk_of(request, community)
    form = DonationForm(request.POST or None, desk=desk, initial=_initial(request) | {"wants_name_shown": True})
    return answer_form(
        request,
        form,
        do=lambda _wanted: commands.receive_donation(actor=desk.actor, at=now(), **form.entries()),
        then=lambda _row: desk.url("shop_donations"),
        said=_("Taken in. The donor can be thanked now."),
        title=_("Take in a donation"),
        button=_("Take in"),
        cancel_url=desk.url("shop_stock"),
        crumbs=desk.crumbs((_("Stock"), desk.url("shop_stock")), (_("Take in a donation"), "")),
    )


def _open(request: HttpRequest, stock: UUID) -> tuple[ShopDesk, Stock, str]:
    row = find_stock(actor=actor_of(request), stock=stock)
    return desk_of(request, row.community_id), row, reverse("staff:shop_shelf", kwargs={"stock": stock})


def _way(desk: ShopDesk, row: Stock, back: str, last: Any) -> dict[str, Any]:
    crumbs = desk.crumbs((_("Stock"), desk.url("shop_stock")), (row.item.name, back), (last, ""))
    there = _("%(place)s: %(there)d pieces, %(promised)d of them promised.") % {
        "place": row.venue.name,
        "there": row.on_hand,
        "promised": row.reserved,
    }
    return {"crumbs": crumbs, "cancel_url": back, "lead": there, "then": lambda _done: back}


class CountForm(ActForm):
    """What was counted."""

    counted = pieces_field(
        gettext_lazy("Pieces counted"), least=0, help_text=gettext_lazy("Promised pieces are counted too.")
    )
    reason = forms.CharField(
        label=gettext_lazy("Where the difference comes from"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("Only when there is one."),
    )


@keeping
def count(request: HttpRequest, stock: UUID) -> HttpResponse:
    """Enter what was counted."""
    desk, row, back = _open(request, stock)
    return answer_form(
        request,
        CountForm(request.POST or None),
        do=lambda wanted: commands.count_stock(
            actor=desk.actor, item=row.item_id, venue=row.venue_id, at=now(), **wanted
        ),
        said=lambda move: _("The count agrees.") if move is None else _("The count is entered."),
        title=_("Count %(name)s") % {"name": row.item.name},
        button=_("Enter the count"),
        **_way(desk, row, back, _("Count")),
    )


class WriteOffForm(ActForm):
    """What is gone, and why."""

    quantity = pieces_field(gettext_lazy("Pieces"))
    reason = forms.CharField(label=gettext_lazy("What became of them"), max_length=200)


@keeping
def write_off(request: HttpRequest, stock: UUID) -> HttpResponse:
    """Take spoiled or lost pieces out of stock."""
    desk, row, back = _open(request, stock)
    return answer_form(
        request,
        WriteOffForm(request.POST or None),
        do=lambda wanted: commands.write_off(
            actor=desk.actor, item=row.item_id, venue=row.venue_id, at=now(), **wanted
        ),
        said=_("Written off."),
        title=_("Write off %(name)s") % {"name": row.item.name},
        button=_("Write off"),
        **_way(desk, row, back, _("Write off")),
    )


class MoveForm(ActForm):
    """Where to, and how much."""

    to_venue = forms.ChoiceField(label=gettext_lazy("To"))
    quantity = pieces_field(gettext_lazy("Pieces"))
    document = forms.CharField(label=gettext_lazy("Number of the paper"), max_length=80, required=False)


@keeping
def move(request: HttpRequest, stock: UUID) -> HttpResponse:
    """Bring free pieces to another place of the community."""
    desk, row, back = _open(request, stock)
    form = MoveForm(request.POST or None)
    places = [(pk, name) for pk, name in desk.places() if pk != str(row.venue_id)]
    form.fields["to_venue"].choices = places  # type: ignore[attr-defined]
    return answer_form(
        request,
        form,
        do=lambda wanted: commands.move_stock(
            actor=desk.actor,
            item=row.item_id,
            from_venue=row.venue_id,
            at=now(),
            **wanted | {"to_venue": UUID(wanted["to_venue"])},
        ),
        said=_("The pieces lie at the other place now."),
        title=_("Bring %(name)s to another place") % {"name": row.item.name},
        button=_("Move"),
        **_way(desk, row, back, _("Move")),
    )
