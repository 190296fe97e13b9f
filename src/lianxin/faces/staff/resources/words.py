"""The words and tones of resources on the office's pages, and how amounts and times are written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, time
from typing import Any

from django.utils.translation import gettext as _gettext
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lianxin.domain.resources.models import Agreement, Offer, Promise
from lianxin.domain.resources.queries.offers import OfferRow
from lianxin.faces.kit.dates import spoken
from lianxin.faces.kit.timelines import Happening, happenings
from lianxin.platform.audit import TimelineEntry

from .act_words import ACTS

OFFER_TONES = {
    Offer.State.OFFERED: "due",
    Offer.State.ACTIVE: "done",
    Offer.State.PAUSED: "info",
    Offer.State.ENDED: "quiet",
}
PROMISE_TONES = {
    Promise.State.OPEN: "info",
    Promise.State.KEPT: "done",
    Promise.State.PARTLY: "due",
    Promise.State.BROKEN: "stop",
    Promise.State.EXCUSED: "quiet",
}
AGREEMENT_TONES = {
    Agreement.State.DRAFT: "due",
    Agreement.State.SIGNED: "done",
    Agreement.State.ENDED: "quiet",
}
STATES: dict[str, dict[str, Any]] = {
    # What they share ("ended") means the same in each.
    "state": dict(Offer.State.choices) | dict(Agreement.State.choices) | dict(Promise.State.choices),
    "kind": dict(Offer.Kind.choices),
}
DATES = frozenset({"assured_on", "on", "from_on", "until_on"})
DAYS = (_("Mon"), _("Tue"), _("Wed"), _("Thu"), _("Fri"), _("Sat"), _("Sun"))
FIELDS: dict[str, Any] = {
    "state": _("State"),
    "title": _("What is offered"),
    "kind": pgettext_lazy("offer", "Kind"),
    "assured_on": _("Assured on"),
    "on": _("Day"),
    "quantity": pgettext_lazy("offer", "Amount"),
    "reason": _("Reason"),
    "number": _("Number"),
    "from_on": _("From day"),
    "until_on": _("Until day"),
}


def how_often(times: int, every: str) -> str:
    """Write how often something can be had: 2 times a month."""
    return _gettext("%(times)d times %(every)s") % {"times": times, "every": Offer.Every(every).label}


def how_far(reach: str, metres: int | None) -> str:
    """Write how far an offer goes."""
    if reach == Offer.Reach.RADIUS:
        return _gettext("within %(metres)d metres") % {"metres": metres or 0}
    return str(Offer.Reach(reach).label)


def how_much(quantity: int | None, unit: str) -> str:
    """Write how much of something there is."""
    return f"{quantity:,} {unit}".strip() if quantity is not None else "—"


def kept_words(kept: int, noted: int) -> str:
    """Write how many of the promises whose end is known were kept; a partly kept one is half a one."""
    if not noted:
        return _gettext("nothing known yet")
    whole = f"{kept / 2:g}"
    return _gettext("%(kept)s of %(noted)d kept") % {"kept": whole, "noted": noted // 2}


def categories_words(row: OfferRow) -> str:
    """Write the categories that an offer serves, its own trade first."""
    return "、".join(name for _code, name, _level in row.categories)


def weekly_words(weekly: Sequence[tuple[int, time, time]]) -> list[str]:
    """Write weekly times, one a line."""
    return [f"{DAYS[day]} {starts:%H:%M}–{ends:%H:%M}" for day, starts, ends in weekly]


def days_words(first: date, last: date | None) -> str:
    """Write a stretch of days that may have no end."""
    if last is None:
        return _gettext("from %(day)s") % {"day": spoken(first)}
    return f"{spoken(first)} – {spoken(last)}"


def story(entries: Sequence[TimelineEntry]) -> list[Happening]:
    """Word a record's entries; what only programs read is left out."""
    shown = [
        replace(one, change={name: _worded(name, pair) for name, pair in one.change.items() if name in FIELDS})
        for one in entries
    ]
    return happenings(list[Any](shown), titles=ACTS, labels=FIELDS)


def _worded(name: str, pair: Any) -> Any:
    if not isinstance(pair, list):
        return pair
    return [_word(name, value) for value in pair]


def _word(name: str, value: Any) -> Any:
    if value is None or value == "":
        return value
    if name in STATES:
        return str(STATES[name].get(value, value))
    return spoken(date.fromisoformat(str(value))) if name in DATES else value


def is_stale(row: OfferRow, on: date) -> bool:
    """Tell whether an offer counts as active, but nobody has asked the giver for too long."""
    return row.state == Offer.State.ACTIVE and row.assure_by is not None and row.assure_by < on
