"""The page of a partner: what it offers, what is promised, its agreements."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from lianxin.domain.resources.models import Agreement, Offer, Promise
from lianxin.domain.resources.queries.agreements import list_agreements
from lianxin.domain.resources.queries.offers import OfferFilter, OfferRow, list_offers
from lianxin.domain.resources.queries.promises import list_promises
from lianxin.faces.kit.tables import Column

from ..points.lists import Cell, Press, Row, cells, leads, small_table
from ..points.told import Section
from .desk import desk_of
from .gate import giver_reading
from .words import (
    AGREEMENT_TONES,
    OFFER_TONES,
    PROMISE_TONES,
    how_much,
    how_often,
    is_stale,
    kept_words,
)

State = Offer.State
MOST_SHOWN = 200
OFFERS = (
    Column(gettext_lazy("What is offered")),
    Column(gettext_lazy("Community")),
    Column(gettext_lazy("How often")),
    Column(gettext_lazy("Promises")),
    Column(gettext_lazy("Assured on")),
    Column(gettext_lazy("State")),
    Column(""),
)
PROMISES = (
    Column(gettext_lazy("Day")),
    Column(gettext_lazy("What is offered")),
    Column(gettext_lazy("Community")),
    Column(pgettext_lazy("offer", "Amount")),
    Column(gettext_lazy("State")),
)
AGREEMENTS = (
    Column(gettext_lazy("Number")),
    Column(gettext_lazy("Community")),
    Column(gettext_lazy("From day")),
    Column(gettext_lazy("Until day")),
    Column(gettext_lazy("State")),
    Column(""),
)


@giver_reading
def show(request: HttpRequest) -> HttpResponse:
    """Show a partner what it offers, with one press to say that it still holds."""
    desk = desk_of(request)
    offers = list_offers(actor=desk.actor, asked=OfferFilter(), on=desk.on, limit=MOST_SHOWN)
    promises = list_promises(actor=desk.actor, limit=MOST_SHOWN)
    agreements = list_agreements(actor=desk.actor)
    sections = [
        Section(
            _("Our offers"),
            text=_("The community asks now and then whether they still hold. You can say so here at any time."),
            table=small_table(OFFERS, [_offer(row, stale=is_stale(row, desk.on)) for row in offers.rows]),
            empty=_("Nothing is offered yet. Whatever you can spare helps: a room, a skill, an evening a month."),
        ),
        Section(
            _("What we promised"),
            table=small_table(
                PROMISES,
                [
                    Row(
                        cells(
                            leads(row.on, "promise", promise=row.id),
                            row.offer_title,
                            row.community_name,
                            how_much(row.quantity, row.unit),
                            Cell(Promise.State(row.state).label, tone=PROMISE_TONES[Promise.State(row.state)]),
                        )
                    )
                    for row in promises
                ],
            ),
            empty=_("Nothing was promised yet."),
        ),
        Section(
            _("Our agreements"),
            table=small_table(
                AGREEMENTS,
                [
                    Row(
                        cells(
                            leads(row.number, "agreement", agreement=row.id),
                            row.community_name,
                            row.from_on,
                            row.until_on,
                            Cell(Agreement.State(row.state).label, tone=AGREEMENT_TONES[Agreement.State(row.state)]),
                            leads(_("Print it"), "agreement_paper", agreement=row.id),
                        )
                    )
                    for row in agreements
                ],
            ),
            empty=_("No agreement is signed yet."),
        ),
    ]
    context: dict[str, Any] = {
        "title": _("What we offer"),
        "sections": sections,
        "new_url": reverse("staff:offer_new"),
    }
    return render(request, "staff/resources/own.html", context)


def _offer(row: OfferRow, *, stale: bool) -> Row:
    state, named = State(row.state), {"offer": row.id}
    presses = []
    if state == State.ACTIVE:
        kind = "primary" if stale else "quiet"
        presses.append(Press(reverse("staff:offer_holds", kwargs=named), _("It still holds"), kind))
    elif state == State.PAUSED:
        presses.append(Press(reverse("staff:offer_resume", kwargs=named), _("Resume it")))
    return Row(
        cells(
            leads(row.title, "offer", **named),
            row.community_name,
            how_often(row.times, row.every),
            kept_words(row.kept, row.noted),
            row.assured_on,
            Cell(
                _("Please say whether it holds") if stale else state.label, tone="due" if stale else OFFER_TONES[state]
            ),
            leads(_("Not any more"), "offer_end", **named),
        ),
        pk=row.id,
        presses=presses,
    )
