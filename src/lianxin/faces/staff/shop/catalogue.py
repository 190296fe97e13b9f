"""What the shop offers: the list, and one item with its prices."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from lianxin.domain.shop.models import Item
from lianxin.domain.shop.queries.catalogue import CatalogueRow, find_item, list_items
from lianxin.domain.shop.queries.stock import list_stock
from lianxin.faces.kit.acting import actor_of
from lianxin.faces.kit.dates import spoken
from lianxin.faces.kit.tables import Column
from lianxin.platform.ids import new_id

from ..places.words import yuan
from ..points.lists import Cell, Page, Press, Row, answer_list, cells, leads, small_table
from ..points.told import Section
from .desk import ShopDesk, desk_of
from .gate import reading
from .words import ITEM_TONES, limit_words

State = Item.State
COLUMNS = (
    Column(pgettext_lazy("shop", "Name")),
    Column(gettext_lazy("Kind")),
    Column(gettext_lazy("Category")),
    Column(gettext_lazy("Points"), numeric=True),
    Column(gettext_lazy("Next price")),
    Column(gettext_lazy("Limit for a household")),
    Column(gettext_lazy("Costs the community")),
    Column(gettext_lazy("Merchant")),
    Column(gettext_lazy("State")),
)
PRICE_COLUMNS = (
    Column(gettext_lazy("From")),
    Column(gettext_lazy("Points"), numeric=True),
    Column(gettext_lazy("Entered")),
)
STOCK_COLUMNS = (
    Column(pgettext_lazy("shop", "Place")),
    Column(gettext_lazy("There"), numeric=True),
    Column(pgettext_lazy("pieces", "Promised"), numeric=True),
    Column(gettext_lazy("Free"), numeric=True),
)


class CatalogueFilter(forms.Form):
    """Which of the catalogue to see."""

    state = forms.ChoiceField(
        label=gettext_lazy("State"),
        required=False,
        choices=[("", gettext_lazy("All that are not ended")), *State.choices],
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"), required=False, choices=[("", gettext_lazy("All")), *Item.Kind.choices]
    )


def row_of(row: CatalogueRow) -> Row:
    """Make the row of an item."""
    item = row.item
    following = (
        _("%(points)d from %(day)s") % {"points": row.next_points, "day": spoken(row.next_from_on)}
        if row.next_from_on is not None
        else ""
    )
    return Row(
        cells(
            leads(item.name, "shop_item", item=item.pk),
            Item.Kind(item.kind).label,
            item.category,
            row.points,
            following,
            limit_words(item.limit_quantity, item.limit_every),
            yuan(item.cost_fen),
            row.merchant_name,
            Cell(State(item.state).label, tone=ITEM_TONES[State(item.state)]),
        ),
        pk=item.pk,
    )


@reading
def show(request: HttpRequest, community: UUID) -> HttpResponse:
    """List the catalogue."""
    desk = desk_of(request, community)
    form = CatalogueFilter(request.GET)
    state = request.GET.get("state", "")
    kind = request.GET.get("kind", "")
    items = list_items(actor=desk.actor, community=community, on=desk.on, state=state if state in State.values else "")
    rows = [row_of(row) for row in items if kind in ("", row.item.kind)]

    def fetch(_after: str) -> Page:
        return rows, ""

    context = desk.context("shop_catalogue", _("Catalogue"))
    context |= {
        "form": form,
        "buttons": [(desk.url("shop_item_new"), _("New goods, service or honour"))] if desk.keeps else [],
        "empty_title": _("Nothing is offered yet."),
        "empty_text": _("Enter goods, a service of a merchant, or an honour, and put it on offer."),
        "empty_url": desk.url("shop_item_new") if desk.keeps else "",
        "empty_link": _("Enter the first"),
    }
    return answer_list(request, columns=COLUMNS, fetch=fetch, context=context, count=len(rows), place=desk.name)


def open_item(request: HttpRequest, item: UUID) -> tuple[ShopDesk, Item]:
    """Open an item with its shop; raises Missing."""
    row, _prices = find_item(actor=actor_of(request), item=item)
    return desk_of(request, row.community_id), row


@reading
def show_item(request: HttpRequest, item: UUID) -> HttpResponse:
    """Show one item: its words, its prices, where it lies."""
    row, prices = find_item(actor=actor_of(request), item=item)
    desk = desk_of(request, row.community_id)
    rows = [Row(cells(spoken(one.from_on), one.points, one.set_at)) for one in prices]
    sections = [Section(_("Prices"), table=small_table(PRICE_COLUMNS, rows), empty=_("There is no price yet."))]
    if row.needs_stock:
        there = [one for one in list_stock(actor=desk.actor, community=desk.community) if one.item == row.pk]
        lying = [
            Row(cells(leads(one.venue_name, "shop_shelf", stock=one.stock), one.on_hand, one.reserved, one.free))
            for one in there
        ]
        sections.insert(
            0,
            Section(
                _("Where it lies"),
                table=small_table(STOCK_COLUMNS, lying),
                empty=_("There is none in stock yet."),
                links=[(f"{desk.url('shop_receive')}?item={row.pk}", _("Take in goods"))] if desk.keeps else [],
            ),
        )
    if row.description:
        sections.insert(0, Section(_("What residents read"), text=row.description))
    context = desk.context("shop_catalogue", row.name, (_("Catalogue"), desk.url("shop_catalogue")), (row.name, ""))
    context |= {
        "subtitle": Item.Kind(row.kind).label,
        "state_label": State(row.state).label,
        "state_tone": ITEM_TONES[State(row.state)],
        "sections": sections,
        "facts": _facts(row),
        "acts": _acts(desk, row),
        "presses": _presses(desk, row),
        "picture_url": reverse("staff:shop_item_picture", kwargs={"item": row.pk}) if row.picture_id else "",
        "remove_url": reverse("staff:shop_item_picture_remove", kwargs={"item": row.pk}) if _changes(desk, row) else "",
        "key": new_id(),
        "name": row.name,
    }
    return render(request, "staff/shop/item.html", context)


def _facts(row: Item) -> list[tuple[Any, Any]]:
    facts: list[tuple[Any, Any]] = [
        (_("Category"), row.category or "—"),
        (_("Costs the community"), yuan(row.cost_fen)),
        (_("Limit for a household"), limit_words(row.limit_quantity, row.limit_every) or _("none")),
    ]
    if row.kind == Item.Kind.SERVICE:
        facts.append((_("Merchant"), row.merchant.name if row.merchant else _("the community itself")))
        facts.append((_("Days a voucher is valid"), row.valid_days))
    return facts


def _changes(desk: ShopDesk, row: Item) -> bool:
    return desk.keeps and row.state != State.ENDED


def _acts(desk: ShopDesk, row: Item) -> list[tuple[str, Any]]:
    if not _changes(desk, row):
        return []
    named = {"item": row.pk}
    return [
        (reverse("staff:shop_item_edit", kwargs=named), _("Change")),
        (reverse("staff:shop_item_price", kwargs=named), _("Set a new price")),
        (reverse("staff:shop_item_picture_change", kwargs=named), _("Picture")),
        (reverse("staff:shop_item_end", kwargs=named), _("Offer it no longer")),
    ]


def _presses(desk: ShopDesk, row: Item) -> list[Press]:
    if not desk.keeps or row.state != State.DRAFT:
        return []
    return [Press(reverse("staff:shop_item_offer", kwargs={"item": row.pk}), _("Put on offer"), "primary")]
