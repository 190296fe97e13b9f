"""The words and tones of points on the office's pages."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lianxin.domain.points.models import Account, Book, Claim, HonourRoll, Notice, Objection, Passbook, Period, TakeOver
from lianxin.domain.points.rules.deciding import Item

BOOK_TONES = {Book.State.PREPARING: "due", Book.State.OPEN: "done", Book.State.CLOSED: "quiet"}
CLAIM_TONES = {
    Claim.State.WAITING: "due",
    Claim.State.AWARDED: "done",
    Claim.State.NOTHING: "quiet",
    Claim.State.REFUSED: "stop",
    Claim.State.REVERSED: "stop",
}
NOTICE_TONES = {Notice.State.SHOWN: "info", Notice.State.ENDED: "quiet", Notice.State.WITHDRAWN: "stop"}
OBJECTION_TONES = {Objection.State.OPEN: "due", Objection.State.UPHELD: "done", Objection.State.REJECTED: "quiet"}
PERIOD_TONES = {Period.State.OPEN: "info", Period.State.CLOSED: "done"}
TAKE_OVER_TONES = {
    TakeOver.State.ENTERED: "due",
    TakeOver.State.SIGNED: "due",
    TakeOver.State.SHOWN: "info",
    TakeOver.State.POSTED: "done",
    TakeOver.State.WITHDRAWN: "stop",
}
ROLL_TONES = {HonourRoll.State.DRAFT: "due", HonourRoll.State.FROZEN: "done"}
ACCOUNT_TONES = {Account.State.OPEN: "done", Account.State.FROZEN: "due", Account.State.CLOSED: "quiet"}
ACCOUNT_STATES = {
    Account.State.OPEN: _("in use"),
    Account.State.FROZEN: _("waits to be handed over"),
    Account.State.CLOSED: pgettext_lazy("passbook", "closed"),
}
BOOKLET_TONES = {Passbook.State.VALID: "done", Passbook.State.REPLACED: "quiet", Passbook.State.CLOSED: "quiet"}
UNITS: dict[str, Any] = {
    "times": _("times"),
    "minutes": _("minutes"),
    "people": pgettext_lazy("unit", "people"),
    "kilograms": _("kilograms"),
    "days": _("days"),
}
AWARDERS: dict[str, Any] = {
    "community_staff": _("Community staff"),
    "volunteer": _("Volunteers"),
    "host": _("Station hosts"),
}
EXPIRY: dict[str, Any] = {
    "yearly": _("at the end of a year"),
    "rolling": _("some months after the act"),
    "never": _("never"),
}
SPLIT: dict[str, Any] = {
    "stay": _("the points stay with the household"),
    "share": _("the points are shared by heads"),
}
MOVE: dict[str, Any] = {
    "follow": _("the points go along into the new community"),
    "expire": _("the points end with the move"),
}
SUBJECTS: dict[str, Any] = {
    "household": _("household"),
    "person": _("person"),
    "book": _("whole community"),
}
EVERY: dict[str, Any] = {
    "day": pgettext_lazy("limit", "day"),
    "week": _("week"),
    "month": _("month"),
    "year": _("year"),
}
VIA: dict[str, Any] = {"desk": _("At the desk"), "phone": _("By phone"), "paper": _("On paper")}
FIELDS: dict[str, Any] = {
    "state": _("State"),
    "points": _("Points"),
    "claims": _("Acts"),
    "waiting": _("Waiting"),
    "number": _("Number"),
    "items": _("Items of the rules"),
    "pages": _("Pages"),
    "year": _("Year"),
    "lines": _("Awards"),
    "kind": _("Kind"),
    "notice": _("Notice no."),
    "via": _("How it came"),
    "printed_seq": _("Printed up to line"),
    "ended_on": _("Ended on"),
    "switched_on": _("First day"),
    "places": _("Places on the roll"),
    "code": _("Code"),
    "size": _("Places on the roll"),
    "title": _("Title"),
    "days": _("Days"),
}


def amount(quantity: int, minutes: int, unit: str) -> str:
    """Say how much was done."""
    return f"{minutes if unit == 'minutes' else quantity} {UNITS.get(unit, '')}".strip()


def item_choice(item: Item) -> str:
    """Say an item in one line of a choice."""
    from lianxin.domain.points.rules.claim_words import rate_words

    return f"{item.title} · {rate_words(points=item.points, unit=item.unit, per=item.per)}"
