"""The words and tones of the shop on the office's pages, and money typed as yuan."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _gettext
from django.utils.translation import gettext_lazy as _

from lianxin.domain.shop.models import Every, Item, Redemption, Settlement, SupplyNeed, Till, TillSale, Voucher
from lianxin.domain.shop.queries.orders import OrderLine
from lianxin.domain.shop.rules.identity import CHECKS
from lianxin.platform.clock import local_day

ITEM_TONES = {Item.State.DRAFT: "due", Item.State.ON_SALE: "done", Item.State.ENDED: "quiet"}
ORDER_TONES = {
    Redemption.State.RESERVED: "due",
    Redemption.State.COLLECTED: "done",
    Redemption.State.CANCELLED: "quiet",
    Redemption.State.EXPIRED: "stop",
    Redemption.State.RETURNED: "quiet",
}
VOUCHER_TONES = {
    Voucher.State.ISSUED: "due",
    Voucher.State.TAKEN: "done",
    Voucher.State.VOID: "quiet",
    Voucher.State.EXPIRED: "stop",
}
SHEET_TONES = {
    Settlement.State.OPEN: "due",
    Settlement.State.CONFIRMED: "done",
    Settlement.State.WITHDRAWN: "quiet",
}
NEED_TONES = {SupplyNeed.State.OPEN: "due", SupplyNeed.State.MET: "done", SupplyNeed.State.WITHDRAWN: "quiet"}
TILL_TONES = {Till.State.OPEN: "info", Till.State.OFFLINE: "due", Till.State.CLOSED: "quiet"}
SALE_TONES = {
    TillSale.State.BOOKED: "done",
    TillSale.State.DIFFERENCE: "stop",
    TillSale.State.CHARGED: "done",
    TillSale.State.WRITTEN_OFF: "quiet",
    TillSale.State.BROUGHT_BACK: "quiet",
}
CHECK_CHOICES = [(code, label) for code, label in CHECKS.items()]
EVERY_CHOICES = [("", _("no limit")), *Every.choices]
OUTCOMES = [
    (TillSale.State.CHARGED.value, _("Take the points from the household now")),
    (TillSale.State.WRITTEN_OFF.value, _("Write it off")),
    (TillSale.State.BROUGHT_BACK.value, _("The goods were brought back")),
]


def money_field(label: Any, *, required: bool = False, help_text: Any = "", initial: Any = None) -> forms.DecimalField:
    """Make a field for an amount in yuan."""
    return forms.DecimalField(
        label=label,
        required=required,
        min_value=0,
        max_value=Decimal(100_000_000),
        decimal_places=2,
        help_text=help_text,
        initial=initial,
        widget=forms.NumberInput(attrs={"min": 0, "step": "0.01", "inputmode": "decimal"}),
    )


def pieces_field(label: Any, *, least: int = 1, help_text: Any = "", required: bool = True) -> forms.IntegerField:
    """Make a field for a number of pieces."""
    return forms.IntegerField(
        label=label,
        min_value=least,
        required=required,
        help_text=help_text,
        widget=forms.NumberInput(attrs={"min": least, "inputmode": "numeric"}),
    )


def fen_of(yuan: Decimal | None) -> int | None:
    """Turn an amount in yuan into fen."""
    return None if yuan is None else int(yuan * 100)


def limit_words(quantity: int | None, every: str) -> str:
    """Say a limit of an item."""
    if quantity is None:
        return ""
    return _gettext("%(count)d a %(time)s") % {"count": quantity, "time": Every(every).label}


def lines_words(lines: list[OrderLine]) -> str:
    """Say what is in an order in one line."""
    return _gettext(", ").join(f"{line.name} × {line.quantity}" for line in lines)


def checks_words(written: str) -> str:
    """Say how it was made sure who collects."""
    return _gettext(", ").join(str(CHECKS.get(code, code)) for code in written.split("+") if code)


def last_day(ends: datetime) -> date:
    """Give the last day before a moment that is midnight."""
    return local_day(ends - timedelta(seconds=1))
