"""Registers of the service supermarket: what was taken for points, what was given, what is in stock."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet, Sum
from django.utils.translation import gettext
from django.utils.translation import pgettext_lazy as _

from lianxin.domain.shop.models import Donation, GoodsReturn, RedemptionLine, Stock, StockMove
from lianxin.engines.masking import mask_name
from lianxin.platform.clock import local_moment
from lianxin.platform.contributions import Window

from .form import COMMUNITY, Column, Line, Register, Tie
from .reading import (
    AT_ONCE,
    day,
    during,
    names_of_people,
    number_of,
    numbers_of_households,
    on_days,
    stream,
    within,
    yuan,
)


def _taken(window: Window) -> QuerySet[RedemptionLine]:
    rows = RedemptionLine.objects.select_related("redemption__community", "redemption__venue", "item")
    return during(rows, window, "redemption__collected_at", community="redemption__community")


def _back(window: Window) -> QuerySet[GoodsReturn]:
    rows = GoodsReturn.objects.select_related("redemption__community", "redemption__venue")
    return during(rows, window, "at", community="redemption__community")


def _both(window: Window) -> Iterator[Line]:
    """Word what was taken and what came back in the order of time."""
    taken, back = _taken(window), _back(window).prefetch_related("redemption__lines__item")
    keys = [(at, 0, pk) for at, pk in taken.values_list("redemption__collected_at", "pk")]
    keys += [(at, 1, pk) for at, pk in back.order_by().values_list("at", "pk")]
    keys.sort()
    for start in range(0, len(keys), AT_ONCE):
        part = keys[start : start + AT_ONCE]
        pks = [pk for _at, _is_back, pk in part]
        found: dict[Any, Any] = {row.pk: row for rows in (taken, back) for row in rows.filter(pk__in=pks).order_by()}
        orders = [row.redemption for row in found.values()]
        people = names_of_people(order.person_id for order in orders)
        homes = numbers_of_households(order.household_id for order in orders)
        for at, is_back, pk in part:
            if pk not in found:
                continue
            row = found[pk]
            order = row.redemption
            sign = -1 if is_back else 1
            yield (
                day(at),
                order.community.short_name,
                order.venue.name if order.venue else "",
                homes.get(order.household_id, ""),
                people.get(order.person_id, ""),
                _brought_back(row) if is_back else row.item.name,
                sign * row.quantity,
                sign * (row.points if is_back else row.quantity * row.unit_points),
            )


def _brought_back(row: GoodsReturn) -> str:
    named = [line.item.name for line in row.redemption.lines.all() if str(line.pk) in row.pieces]
    names = named or [line.item.name for line in row.redemption.lines.all()]
    return gettext("%(what)s (brought back)") % {"what": "、".join(names)}


REDEEMED = Register(
    code="redemptions",
    title=_("register", "Goods and services for points"),
    job="points",
    about=_("register", "One line for each thing taken for points; what came back is subtracted."),
    columns=(
        Column("on", _("register", "Date"), "day"),
        Column(COMMUNITY, _("register", "Community")),
        Column("venue", _("register", "Handed out at")),
        Column("household", _("register", "Household number")),
        Column("name", _("register", "Person's name")),
        Column("what", _("register", "What")),
        Column("quantity", _("register", "Pieces"), "number", is_summed=True),
        Column("points", _("register", "Points"), "number", is_summed=True),
    ),
    rows=_both,
    count=lambda window: _taken(window).count() + _back(window).count(),
    ties=(Tie("goods_redeemed", "quantity"),),
    footnote=_("register", "Names are masked."),
)


def _donations(window: Window) -> QuerySet[Donation]:
    rows = Donation.objects.select_related("community", "donor", "move__stock__item", "move__stock__venue")
    return on_days(rows, window, "received_on")


def _donation_line(row: Donation, _beside: None) -> Line:
    move = row.move
    return (
        row.received_on,
        row.community.short_name,
        _donor(row),
        move.stock.item.name,
        move.stock.venue.name,
        move.quantity,
        yuan(move.value_fen),
        day(row.thanked_at),
    )


def _donor(row: Donation) -> str:
    if not row.wants_name_shown:
        return gettext("Does not want to be named")
    return row.donor.name if row.donor else mask_name(row.donor_name)


DONATIONS = Register(
    code="donations",
    title=_("register", "Donations"),
    job="points",
    about=_("register", "One line for each gift to the service supermarket."),
    columns=(
        Column("on", _("register", "Received on"), "day"),
        Column(COMMUNITY, _("register", "Community")),
        Column("donor", _("register", "Given by")),
        Column("what", _("register", "What")),
        Column("venue", _("register", "Kept at")),
        Column("quantity", _("register", "Pieces"), "number", is_summed=True),
        Column("value", _("register", "Worth (yuan)"), "money", is_summed=True),
        Column("thanked", _("register", "Thanked on"), "day"),
    ),
    rows=lambda window: stream(_donations(window).order_by("received_on", "pk"), _donation_line),
    count=lambda window: _donations(window).count(),
    ties=(Tie("goods_donated", "quantity"),),
    footnote=_("register", "Names of residents are masked."),
)


def _stocks(window: Window) -> QuerySet[Stock]:
    begins, ends = local_moment(window.from_on), local_moment(window.until_on)
    now = StockMove.objects.filter(at__gte=begins, at__lt=ends)
    rows = Stock.objects.select_related("community", "item", "venue").annotate(
        before=number_of(StockMove.objects.filter(at__lt=begins), "stock", Sum("quantity")),
        came=number_of(now.filter(quantity__gt=0), "stock", Sum("quantity")),
        went=number_of(now.filter(quantity__lt=0), "stock", Sum("quantity")),
        moves_until=number_of(StockMove.objects.filter(at__lt=ends), "stock"),
    )
    return within(rows, window).filter(moves_until__gt=0)


def _stock_line(row: Any, _beside: None) -> Line:
    return (
        row.community.short_name,
        row.venue.name,
        row.item.name,
        row.item.category,
        row.before,
        row.came,
        -row.went,
        row.before + row.came + row.went,
    )


STOCK = Register(
    code="stock",
    title=_("register", "Stock of the service supermarket"),
    job="points",
    about=_("register", "One line for each kind of goods that is kept somewhere."),
    columns=(
        Column(COMMUNITY, _("register", "Community")),
        Column("venue", _("register", "Kept at")),
        Column("what", _("register", "What")),
        Column("category", _("register", "Category")),
        Column("before", _("register", "Before"), "number", is_summed=True),
        Column("came", _("register", "Came in"), "number", is_summed=True),
        Column("went", _("register", "Went out"), "number", is_summed=True),
        Column("after", _("register", "On the last day"), "number", is_summed=True),
    ),
    rows=lambda window: stream(_stocks(window).order_by("community__code", "venue", "item__name", "pk"), _stock_line),
    count=lambda window: _stocks(window).count(),
)

REGISTERS = (REDEEMED, DONATIONS, STOCK)
