"""The first page of the shop: my communities' shops, and one of them today."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from lianxin.domain.places.models import Level
from lianxin.domain.places.queries import divisions
from lianxin.domain.shop import policy
from lianxin.domain.shop.queries.forecasts import list_forecasts
from lianxin.domain.shop.queries.liabilities import list_liabilities
from lianxin.domain.shop.queries.orders import list_orders
from lianxin.domain.shop.queries.stock import list_stock
from lianxin.faces.kit.acting import actor_of
from lianxin.faces.kit.tables import Column
from lianxin.platform.clock import local_day, now
from lianxin.platform.errors import Missing

from ..points.lists import Page, Row, answer_list, cells, leads, small_table
from ..points.told import Section
from .desk import ShopDesk, desk_of
from .gate import reading
from .orders import COLUMNS as ORDER_COLUMNS
from .orders import rows_of

FEW = 5
SOON = timedelta(days=30)
SHOWN = 20
COLUMNS = (
    Column(gettext_lazy("Community")),
    Column(gettext_lazy("Points in passbooks"), numeric=True),
    Column(gettext_lazy("Pieces in stock"), numeric=True),
    Column(gettext_lazy("Goods run out")),
)
LOW_COLUMNS = (
    Column(gettext_lazy("Goods")),
    Column(pgettext_lazy("shop", "Place")),
    Column(gettext_lazy("There"), numeric=True),
    Column(gettext_lazy("Free"), numeric=True),
)
ENDING_COLUMNS = (
    Column(gettext_lazy("Goods")),
    Column(gettext_lazy("There"), numeric=True),
    Column(gettext_lazy("Given out in 90 days"), numeric=True),
    Column(gettext_lazy("Runs out about")),
)


@reading
def index(request: HttpRequest) -> HttpResponse:
    """Lead to the one shop, or list those of all my communities."""
    actor = actor_of(request)
    communities = [row for row in divisions.list_divisions(level=Level.COMMUNITY) if actor.covers(row.pk)]
    if not communities:
        raise Missing
    if len(communities) == 1:
        return redirect("staff:shop_overview", community=communities[0].pk)

    def fetch(_after: str) -> Page:
        known = {}
        if policy.may_read_shops(actor):
            known = {row.community: row for row in list_liabilities(actor=actor, on=local_day(now()))}
        rows = []
        for community in communities:
            row = known.get(community.pk)
            figures: tuple[Any, ...] = (row.points_out, row.goods_pieces, row.goods_run_out_on) if row else ("", "", "")
            rows.append(Row(cells(leads(community.short_name, "shop_overview", community=community.pk), *figures)))
        return rows, ""

    context = {
        "title": _("Service supermarkets"),
        "lead": _("What each community has in its shop against the points in its passbooks."),
    }
    return answer_list(request, columns=COLUMNS, fetch=fetch, count=len(communities), context=context)


@reading
def show(request: HttpRequest, community: UUID) -> HttpResponse:
    """Show what is to be handed out, what is low and what runs out soon."""
    desk = desk_of(request, community)
    waiting = list_orders(actor=desk.actor, community=community, state="reserved", limit=SHOWN)
    stock = list_stock(actor=desk.actor, community=community)
    low = [row for row in stock if row.item_state == "on_sale" and row.free <= FEW]
    sections = [
        Section(
            _("To be handed out"),
            lines=[_("Only the newest %(count)d are shown here.") % {"count": SHOWN}] if waiting.after else (),
            table=small_table(ORDER_COLUMNS, rows_of(waiting.rows)),
            empty=_("Nobody waits for anything."),
            links=[(f"{desk.url('shop_orders')}?state=reserved", _("All orders that wait"))],
        ),
        Section(
            _("Few left"),
            table=small_table(LOW_COLUMNS, [_low(row) for row in low]),
            empty=_("Of everything there are more than %(few)d pieces.") % {"few": FEW}
            if stock
            else _("Nothing is in stock yet."),
            links=_first_steps(desk) if not stock else [],
        ),
    ]
    if desk.reads:
        ending = [
            row
            for row in list_forecasts(actor=desk.actor, community=community, on=desk.on)
            if row.runs_out_on is not None and row.runs_out_on <= desk.on + SOON
        ]
        rows = [Row(cells(row.name, row.on_hand, row.given_recently, row.runs_out_on)) for row in ending]
        sections.append(
            Section(
                _("Runs out within a month"),
                table=small_table(ENDING_COLUMNS, rows),
                empty=_("At the rate of the last 90 days, nothing runs out within a month."),
                links=[(desk.url("shop_needs"), _("Ask donors for supplies"))] if ending and desk.keeps else [],
            )
        )
    context = desk.context("shop_overview", _("Shop of %(community)s") % {"community": desk.name})
    context |= {"sections": sections, "serves": desk.serves, "points_url": desk.url("points_book")}
    return render(request, "staff/shop/overview.html", context)


def _low(row: Any) -> Row:
    return Row(cells(leads(row.name, "shop_shelf", stock=row.stock), row.venue_name, row.on_hand, row.free))


def _first_steps(desk: ShopDesk) -> list[tuple[str, Any]]:
    if not desk.keeps:
        return []
    return [(desk.url("shop_item_new"), _("Enter the first goods")), (desk.url("shop_receive"), _("Take in goods"))]
