"""One agreement: its page, and the paper to sign."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from lianxin.domain.resources import policy
from lianxin.domain.resources.models import Agreement, Offer
from lianxin.domain.resources.queries.agreements import AgreementPage, find_agreement
from lianxin.faces.kit.tables import Column

from ..points.lists import Row, cells, small_table
from ..points.told import Section
from .agreements import page_of, title_of
from .desk import desk_of
from .gate import shared_reading
from .words import AGREEMENT_TONES, days_words, how_far, how_much, how_often, story

State = Agreement.State
AGREED = (
    Column(gettext_lazy("What is offered")),
    Column(gettext_lazy("People at one time"), numeric=True),
    Column(gettext_lazy("How often")),
    Column(pgettext_lazy("offer", "Amount")),
    Column(gettext_lazy("How far it goes")),
    Column(gettext_lazy("Conditions")),
)


@shared_reading
def show(request: HttpRequest, agreement: UUID) -> HttpResponse:
    """Show one agreement with what is agreed on."""
    desk = desk_of(request)
    found = find_agreement(actor=desk.actor, agreement=agreement)
    row, state = found.row, State(found.row.state)
    keeps = policy.may_keep(desk.actor, row.community)
    named = {"agreement": agreement}
    acts = [(reverse("staff:agreement_paper", kwargs=named), _("Print it"))]
    if keeps and state == State.DRAFT:
        acts += [
            (reverse("staff:agreement_edit", kwargs=named), _("Change the draft")),
            (reverse("staff:agreement_sign", kwargs=named), _("Note the signatures")),
            (reverse("staff:agreement_discard", kwargs=named), _("Throw the draft away")),
        ]
    elif keeps and state == State.SIGNED:
        acts.append((reverse("staff:agreement_end", kwargs=named), pgettext("resources", "End it")))
    title = title_of(found)
    context = desk.context("agreements", title, (_("Agreements"), reverse("staff:agreements")), (title, ""))
    if not desk.reads:
        context["crumbs"] = desk.crumbs((title, ""))
    context |= {
        "subtitle": f"{row.organisation_name} · {row.community_name}",
        "state_label": state.label,
        "state_tone": AGREEMENT_TONES[state],
        "banners": [("info", found.agreement.end_reason)] if found.agreement.end_reason else [],
        "sections": [
            Section(_("What is agreed on"), table=_agreed(found), empty=_("Nothing is chosen yet.")),
            Section(_("Terms"), text=found.agreement.terms),
        ],
        "facts": [
            (_("Days"), days_words(row.from_on, row.until_on)),
            (_("Signed on"), row.signed_on),
            (_("For the community"), found.agreement.signed_for_community or "—"),
            (_("For the partner"), found.agreement.signed_for_partner or "—"),
        ],
        "acts": acts,
        "entries": story(found.timeline) if desk.reads else None,
    }
    return render(request, "staff/points/record.html", context)


def _agreed(found: AgreementPage) -> Any:
    rows = [
        Row(
            cells(
                one["title"],
                one["seats"],
                how_often(one["times"], one["every"]),
                how_much(one["quantity"], one["unit"]),
                how_far(one["reach"], one["reach_metres"]),
                one["conditions"],
            )
        )
        for one in found.offers
    ]
    return small_table(AGREED, rows)


@shared_reading
def paper(request: HttpRequest, agreement: UUID) -> HttpResponse:
    """Give the agreement as a sheet of paper to sign."""
    desk = desk_of(request)
    found = find_agreement(actor=desk.actor, agreement=agreement)
    lines = [
        {
            "title": one["title"],
            "kind": Offer.Kind(one["kind"]).label,
            "often": how_often(one["times"], one["every"]),
            "much": how_much(one["quantity"], one["unit"]),
            "far": how_far(one["reach"], one["reach_metres"]),
            "seats": one["seats"],
            "conditions": one["conditions"],
        }
        for one in found.offers
    ]
    context = {
        "sheet_title": title_of(found),
        "sheet_place": f"{found.row.community_name} · {found.row.organisation_name}",
        # A paper outlives its year: its days are written whole.
        "sheet_period": f"{found.row.from_on} – {found.row.until_on}",
        "sheet_url": request.build_absolute_uri(page_of(agreement)),
        "printed_at": desk.at,
        "back_url": page_of(agreement),
        "agreement": found.agreement,
        "row": found.row,
        "lines": lines,
    }
    return render(request, "staff/resources/agreement_paper.html", context)
