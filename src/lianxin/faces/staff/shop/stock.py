"""What lies where: the list, one shelf, and every move."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from lianxin.domain.shop.models import StockMove
from lianxin.domain.shop.queries.stock import MoveRow, find_stock, list_moves, list_stock
from lianxin.faces.kit.acting import actor_of
from lianxin.faces.kit.tables import Column

from ..places.words import yuan
from ..points.lists import Page, Row, answer_list, cells, leads, small_table
from ..points.told import Section
from .desk import ShopDesk, desk_of
from .gate import reading

COLUMNS = (
    Column(gettext_lazy("Goods")),
    Column(gettext_lazy("Category")),
    Column(pgettext_lazy("shop", "Place")),
    Column(gettext_lazy("There"), numeric=True),
    Column(pgettext_lazy("pieces", "Promised"), numeric=True),
    Column(gettext_lazy("Free"), numeric=True),
    Column(gettext_lazy("Worth")),
)
MOVE_COLUMNS = (
    Column(gettext_lazy("When")),
    Column(gettext_lazy("What")),
    Column(gettext_lazy("Goods")),
    Column(pgettext_lazy("shop", "Place")),
    Column(gettext_lazy("Pieces"), numeric=True),
    Column(gettext_lazy("Worth")),
    Column(gettext_lazy("Paper")),
    Column(gettext_lazy("Why, or who gave it")),
    Column(gettext_lazy("By")),
)


class StockFilter(forms.Form):
    """Which place to see."""

    venue = forms.ChoiceField(label=pgettext_lazy("shop", "Place"), required=False)

    def __init__(self, *args: Any, places: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["venue"].choices = [("", _("All")), *places]


class MoveFilter(StockFilter):
    """Which moves to see."""

    kind = forms.ChoiceField(
        label=gettext_lazy("What"), required=False, choices=[("", gettext_lazy("All")), *StockMove.Kind.choices]
    )


def chosen(request: HttpRequest, name: str, places: list[tuple[str, str]]) -> UUID | None:
    """Give the venue that the address asks for, of those offered."""
    asked = request.GET.get(name, "")
    return UUID(asked) if asked in dict(places) else None


@reading
def show(request: HttpRequest, community: UUID) -> HttpResponse:
    """List what lies where."""
    desk = desk_of(request, community)
    stock = list_stock(actor=desk.actor, community=community)
    # Also places that have closed, as long as something lies there.
    places = sorted({(str(row.venue), row.venue_name) for row in stock}, key=lambda place: place[1])
    venue = chosen(request, "venue", places)
    shown = [row for row in stock if venue in (None, row.venue)]

    def fetch(_after: str) -> Page:
        return [
            Row(
                cells(
                    leads(row.name, "shop_shelf", stock=row.stock),
                    row.category,
                    row.venue_name,
                    row.on_hand,
                    row.reserved,
                    row.free,
                    yuan(row.on_hand * row.cost_fen),
                ),
                pk=row.stock,
            )
            for row in shown
        ], ""

    context = desk.context("shop_stock", _("Stock"))
    context |= {
        "form": StockFilter(request.GET, places=places) if len(places) > 1 else None,
        "lead": _("%(pieces)d pieces, worth %(money)s at cost.")
        % {
            "pieces": sum(row.on_hand for row in shown),
            "money": yuan(sum(row.on_hand * row.cost_fen for row in shown)),
        },
        "buttons": _buttons(desk),
        "empty_title": _("Nothing is in stock yet."),
        "empty_text": _("Take in what was given or bought, or send in a table of what lies there today."),
        "empty_url": desk.url("shop_receive") if desk.keeps else "",
        "empty_link": _("Take in goods"),
    }
    return answer_list(request, columns=COLUMNS, fetch=fetch, context=context, count=len(shown), place=desk.name)


def _buttons(desk: ShopDesk) -> list[tuple[str, Any]]:
    moves = [(desk.url("shop_moves"), _("All moves"))]
    if not desk.keeps:
        return moves
    opening = f"{reverse('staff:import_new')}?kind=shop.opening_stock"
    return [
        (desk.url("shop_receive"), _("Take in goods")),
        (desk.url("shop_receive_donation"), _("Take in a donation")),
        *moves,
        (opening, _("Opening stock from a table")),
    ]


@reading
def show_shelf(request: HttpRequest, stock: UUID) -> HttpResponse:
    """Show one item at one place, with its last moves."""
    row = find_stock(actor=actor_of(request), stock=stock)
    desk = desk_of(request, row.community_id)
    moves = list_moves(actor=desk.actor, community=desk.community, item=row.item_id, venue=row.venue_id, limit=20)
    all_moves = f"{desk.url('shop_moves')}?item={row.item_id}&venue={row.venue_id}"
    title = _("%(name)s at %(place)s") % {"name": row.item.name, "place": row.venue.name}
    context = desk.context("shop_stock", title, (_("Stock"), desk.url("shop_stock")), (row.item.name, ""))
    named = {"stock": row.pk}
    context |= {
        "facts": [
            (_("There"), row.on_hand),
            (pgettext("pieces", "Promised"), row.reserved),
            (_("Free"), row.on_hand - row.reserved),
            (_("Goods"), row.item.name, reverse("staff:shop_item", kwargs={"item": row.item_id})),
            (_("Worth at cost"), yuan(row.on_hand * row.item.cost_fen)),
        ],
        "acts": [
            (f"{desk.url('shop_receive')}?item={row.item_id}&venue={row.venue_id}", _("Take in goods")),
            (reverse("staff:shop_count", kwargs=named), _("Enter a count")),
            (reverse("staff:shop_write_off", kwargs=named), _("Write pieces off")),
            (reverse("staff:shop_move", kwargs=named), _("Bring pieces to another place")),
        ]
        if desk.keeps
        else [],
        "sections": [
            Section(
                _("Last moves"),
                table=small_table(MOVE_COLUMNS, [move_row(one) for one in moves.rows]),
                empty=_("Nothing has moved yet."),
                links=[(all_moves, _("All moves"))],
            )
        ],
    }
    return render(request, "staff/points/record.html", context)


def move_row(row: MoveRow) -> Row:
    """Make the row of a move."""
    return Row(
        cells(
            row.at,
            StockMove.Kind(row.kind).label,
            row.item_name,
            row.venue_name,
            row.quantity,
            "" if row.value_fen is None else yuan(row.value_fen),
            row.document,
            row.donor_name or row.reason,
            row.by_name,
        ),
        pk=row.id,
    )


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


@reading
def moves(request: HttpRequest, community: UUID) -> HttpResponse:
    """List every move, newest first."""
    desk = desk_of(request, community)
    places = desk.places()
    kind = request.GET.get("kind", "")
    kind = kind if kind in StockMove.Kind.values else ""
    item, venue = _uuid(request.GET.get("item", "")), _uuid(request.GET.get("venue", ""))

    def fetch(after: str) -> Page:
        found = list_moves(actor=desk.actor, community=community, item=item, venue=venue, kind=kind, after=after)
        return [move_row(row) for row in found.rows], found.after

    context = desk.context("shop_stock", _("Moves of stock"), (_("Stock"), desk.url("shop_stock")), (_("Moves"), ""))
    context |= {
        "form": MoveFilter(request.GET, places=places),
        "empty_title": _("Nothing has moved yet."),
        "empty_text": _("What comes, goes, is counted or goes bad is listed here."),
    }
    return answer_list(request, columns=MOVE_COLUMNS, fetch=fetch, context=context, place=desk.name)
