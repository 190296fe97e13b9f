"""Registers of what others offer and of what came of it."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import pgettext_lazy as _

from lianxin.domain.resources.models import Offer, Promise
from lianxin.platform.contributions import Window

from .form import COMMUNITY, Column, Line, Register, Tie
from .reading import day, during, on_days, people_beside, stream

KEPT = (Promise.State.KEPT, Promise.State.PARTLY)


def _offers(window: Window) -> QuerySet[Offer]:
    rows = during(Offer.objects.select_related("community", "organisation"), window, "made_at")
    return rows.prefetch_related("categories__category")


def _giver(offer: Offer, names: dict[Any, str]) -> str:
    return offer.organisation.name if offer.organisation else names.get(offer.person_id, "")


def _offer_line(row: Offer, names: dict[Any, str]) -> Line:
    return (
        day(row.made_at),
        row.community.short_name,
        _giver(row, names),
        row.get_kind_display(),
        row.title,
        "、".join(sorted(one.category.name for one in row.categories.all())),
        row.quantity,
        row.unit,
        row.from_on,
        row.until_on,
        row.get_state_display(),
    )


OFFERS = Register(
    code="offers",
    title=_("register", "Resources entered"),
    job="projects",
    about=_("register", "One line for each offer of a partner or resident that was entered."),
    columns=(
        Column("on", _("register", "Entered on"), "day"),
        Column(COMMUNITY, _("register", "Community")),
        Column("giver", _("register", "Given by")),
        Column("kind", _("register", "Kind")),
        Column("title", _("register", "What is offered")),
        Column("categories", _("register", "Categories")),
        Column("quantity", _("register", "Quantity"), "number"),
        Column("unit", _("register", "Unit")),
        Column("since", _("register", "From"), "day"),
        Column("until", _("register", "Until"), "day"),
        Column("state", _("register", "State")),
    ),
    rows=lambda window: stream(
        _offers(window).order_by("made_at", "pk"), _offer_line, beside=people_beside("person_id")
    ),
    count=lambda window: during(Offer.objects.all(), window, "made_at").count(),
    ties=(Tie("offers_made"),),
    footnote=_("register", "Names of residents are masked."),
)


def _promises(window: Window) -> QuerySet[Promise]:
    return on_days(Promise.objects.select_related("community", "offer__organisation"), window, "on")


def _promise_line(row: Promise, names: dict[Any, str]) -> Line:
    return (
        row.on,
        row.community.short_name,
        _giver(row.offer, names),
        row.offer.title,
        row.quantity,
        row.kept_quantity,
        row.offer.unit,
        row.get_state_display(),
        1 if row.state in KEPT else 0,
    )


PROMISES = Register(
    code="promises",
    title=_("register", "What resources were promised for"),
    job="projects",
    about=_("register", "One line for each promise out of an offer, by the day for which it was made."),
    columns=(
        Column("on", _("register", "For the day"), "day"),
        Column(COMMUNITY, _("register", "Community")),
        Column("giver", _("register", "Given by")),
        Column("title", _("register", "What is offered")),
        Column("quantity", _("register", "Promised"), "number"),
        Column("kept", _("register", "Given"), "number"),
        Column("unit", _("register", "Unit")),
        Column("state", _("register", "State")),
        Column("is_kept", _("register", "Kept"), "number", is_summed=True),
    ),
    rows=lambda window: stream(
        _promises(window).order_by("on", "pk"), _promise_line, beside=people_beside("offer__person_id")
    ),
    count=lambda window: _promises(window).count(),
    ties=(Tie("promises_kept", "is_kept"),),
    footnote=_("register", "Names of residents are masked."),
)

REGISTERS = (OFFERS, PROMISES)
