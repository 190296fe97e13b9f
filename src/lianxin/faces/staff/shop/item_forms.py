"""Entering and changing what the shop offers."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from lianxin.domain.people.queries.organisations import list_organisations
from lianxin.domain.shop.commands.catalogue import create_item, edit_item, end_item, put_on_sale, set_price
from lianxin.domain.shop.models import Item
from lianxin.domain.shop.queries.catalogue import find_item
from lianxin.faces.kit.acting import press
from lianxin.platform.clock import now

from ..acting import REASON, ActForm, VersionedForm, answer_form, day_field, long_text
from .catalogue import open_item
from .desk import ShopDesk, desk_of
from .gate import keeper_presses, keeping
from .words import EVERY_CHOICES, fen_of, money_field, pieces_field

MOST_MERCHANTS = 200


class ItemForm(VersionedForm):
    """What an item says of itself."""

    name = forms.CharField(label=pgettext_lazy("shop", "Name"), max_length=60)
    description = long_text(gettext_lazy("What residents read"), most=500)
    category = forms.CharField(
        label=gettext_lazy("Category"),
        max_length=30,
        required=False,
        help_text=gettext_lazy("For example household goods, food, books."),
    )
    cost_yuan = money_field(
        gettext_lazy("What one piece costs the community, in yuan"),
        help_text=gettext_lazy("For the report on what the points are worth, and for paying merchants."),
    )
    limit_quantity = pieces_field(gettext_lazy("At most so many pieces for a household"), required=False)
    limit_every = forms.ChoiceField(label=gettext_lazy("in each"), choices=EVERY_CHOICES, required=False)
    merchant = forms.ChoiceField(
        label=gettext_lazy("Merchant"), required=False, help_text=gettext_lazy("Who honours the voucher of a service.")
    )
    valid_days = pieces_field(gettext_lazy("Days a voucher is valid"), required=False)

    def __init__(self, *args: Any, desk: ShopDesk, kind: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        if kind in (Item.Kind.GOODS, Item.Kind.HONOUR):
            del fields["merchant"], fields["valid_days"]
            return
        found = list_organisations(actor=desk.actor, role="merchant", limit=MOST_MERCHANTS)
        merchants = [(str(row.id), row.name) for row in found.rows]
        fields["merchant"].choices = [("", _("the community itself")), *merchants]
        fields["valid_days"].initial = 90

    def entries(self) -> dict[str, Any]:
        """Give the values as the commands want them."""
        entered = self.cleaned_data
        values = self.values("name", "description", "category", "limit_quantity", "limit_every")
        values["cost_fen"] = fen_of(entered["cost_yuan"]) or 0
        if "merchant" in entered:
            values["merchant"] = UUID(entered["merchant"]) if entered["merchant"] else None
            values["valid_days"] = entered["valid_days"] or 90
        return values


class NewItemForm(ItemForm):
    """The same with its kind and first price."""

    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=Item.Kind.choices, widget=forms.RadioSelect)
    points = pieces_field(gettext_lazy("Points for one piece"), least=0)

    field_order = ("kind", "name", "points")


@keeping
def new(request: HttpRequest, community: UUID) -> HttpResponse:
    """Enter goods, a service or an honour, as a draft."""
    desk = desk_of(request, community)
    form = NewItemForm(request.POST or None, desk=desk, initial={"kind": Item.Kind.GOODS})

    def do(wanted: dict[str, Any]) -> Item:
        values = form.entries()
        if wanted["kind"] != Item.Kind.SERVICE:
            values.pop("valid_days", None)
        return create_item(
            actor=desk.actor,
            community=community,
            kind=wanted["kind"],
            points=wanted["points"],
            at=now(),
            key=wanted["key"],
            **values,
        )

    return answer_form(
        request,
        form,
        do=do,
        then=lambda row: reverse("staff:shop_item", kwargs={"item": row.pk}),
        said=_("Entered as a draft. Put it on offer when all is right."),
        title=_("New goods, service or honour"),
        button=_("Enter"),
        cancel_url=desk.url("shop_catalogue"),
        crumbs=desk.crumbs((_("Catalogue"), desk.url("shop_catalogue")), (_("New"), "")),
    )


def _way(desk: ShopDesk, row: Item, last: Any) -> Any:
    return desk.crumbs((_("Catalogue"), desk.url("shop_catalogue")), (row.name, _page(row.pk)), (last, ""))


def _page(item: UUID) -> str:
    return reverse("staff:shop_item", kwargs={"item": item})


def _shown(row: Item) -> dict[str, Any]:
    return {
        "name": row.name,
        "description": row.description,
        "category": row.category,
        "cost_yuan": f"{row.cost_fen // 100}.{row.cost_fen % 100:02d}",
        "limit_quantity": row.limit_quantity,
        "limit_every": row.limit_every,
        "merchant": str(row.merchant_id or ""),
        "valid_days": row.valid_days,
        "version": row.version,
    }


@keeping
def edit(request: HttpRequest, item: UUID) -> HttpResponse:
    """Change what an item says of itself."""
    desk, row = open_item(request, item)
    form = ItemForm(request.POST or None, desk=desk, kind=row.kind, initial=_shown(row))
    return answer_form(
        request,
        form,
        do=lambda wanted: edit_item(
            actor=desk.actor, item=item, version=wanted["version"], at=now(), key=wanted["key"], **form.entries()
        ),
        then=lambda _row: _page(item),
        said=_("Changed."),
        fresh=lambda: _shown(find_item(actor=desk.actor, item=item)[0]),
        title=_("Change %(name)s") % {"name": row.name},
        button=_("Save"),
        cancel_url=_page(item),
        crumbs=_way(desk, row, _("Change")),
    )


class PriceForm(ActForm):
    """A price from a day on."""

    points = pieces_field(gettext_lazy("Points for one piece"), least=0)
    from_on = day_field(
        gettext_lazy("From"), help_text=gettext_lazy("Today or later. What is reserved already keeps its price.")
    )


@keeping
def price(request: HttpRequest, item: UUID) -> HttpResponse:
    """Set the points for one piece from a day on."""
    desk, row = open_item(request, item)
    return answer_form(
        request,
        PriceForm(request.POST or None, initial={"from_on": desk.on}),
        do=lambda wanted: set_price(actor=desk.actor, item=item, at=now(), **wanted),
        then=lambda _row: _page(item),
        said=_("The price is entered."),
        title=_("New price of %(name)s") % {"name": row.name},
        button=_("Set the price"),
        cancel_url=_page(item),
        crumbs=_way(desk, row, _("New price")),
    )


@keeper_presses
def offer(request: HttpRequest, item: UUID) -> HttpResponse:
    """Put an item on offer."""
    desk, row = open_item(request, item)
    return press(
        request,
        do=lambda: put_on_sale(actor=desk.actor, item=item, at=now()),
        back=_page(item),
        said=_("%(name)s is on offer now.") % {"name": row.name},
    )


class EndForm(ActForm):
    """Why something is offered no longer."""

    reason = forms.CharField(label=REASON, max_length=200, required=False)


@keeping
def end(request: HttpRequest, item: UUID) -> HttpResponse:
    """Offer an item no longer."""
    desk, row = open_item(request, item)
    return answer_form(
        request,
        EndForm(request.POST or None),
        do=lambda wanted: end_item(actor=desk.actor, item=item, reason=wanted["reason"], at=now()),
        then=lambda _row: _page(item),
        said=_("%(name)s is offered no longer.") % {"name": row.name},
        title=_("Offer %(name)s no longer") % {"name": row.name},
        lead=_("What is reserved can still be collected, and vouchers can still be used."),
        button=_("Offer it no longer"),
        cancel_url=_page(item),
        crumbs=_way(desk, row, _("End")),
    )
