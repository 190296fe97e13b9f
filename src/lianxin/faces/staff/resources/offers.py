"""The resources list: what is offered, narrowed and given out, and one offer with its promises."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from lianxin.domain.places.queries.services import list_categories
from lianxin.domain.resources import policy
from lianxin.domain.resources.models import Offer, Promise
from lianxin.domain.resources.queries.offers import OfferFilter, OfferPage, OfferRow, find_offer, list_offers
from lianxin.faces.kit.tables import Column

from ..choices import ANY, community_choices
from ..points.lists import Cell, Page, Press, Row, answer_list, cells, leads, small_table
from ..points.told import Section
from .desk import ResourcesDesk, asked_communities, desk_of
from .gate import reading, shared_reading
from .words import (
    OFFER_TONES,
    PROMISE_TONES,
    categories_words,
    days_words,
    how_far,
    how_much,
    how_often,
    is_stale,
    kept_words,
    story,
    weekly_words,
)

State = Offer.State
COLUMNS = (
    Column(gettext_lazy("What is offered")),
    Column(pgettext_lazy("offer", "Kind")),
    Column(pgettext_lazy("offer", "Who gives it")),
    Column(gettext_lazy("Community")),
    Column(gettext_lazy("Categories")),
    Column(gettext_lazy("People at one time"), numeric=True),
    Column(gettext_lazy("How often")),
    Column(gettext_lazy("How far it goes")),
    Column(gettext_lazy("Promises")),
    Column(gettext_lazy("Assured on")),
    Column(gettext_lazy("State")),
)
PROMISE_COLUMNS = (
    Column(gettext_lazy("Day")),
    Column(gettext_lazy("Community")),
    Column(pgettext_lazy("offer", "Amount"), numeric=True),
    Column(gettext_lazy("State")),
    Column(gettext_lazy("Reason")),
)


class OffersFilter(forms.Form):
    """Which offers to see."""

    q = forms.CharField(label=gettext_lazy("Search"), required=False, max_length=60)
    community = forms.ChoiceField(label=gettext_lazy("Community"), required=False)
    kind = forms.ChoiceField(
        label=pgettext_lazy("offer", "Kind"), required=False, choices=[("", ANY), *Offer.Kind.choices]
    )
    category = forms.ChoiceField(label=gettext_lazy("Category"), required=False)
    state = forms.ChoiceField(
        label=gettext_lazy("State"),
        required=False,
        choices=[
            ("", gettext_lazy("All that have not ended")),
            ("to_assure", gettext_lazy("To be assured")),
            *State.choices,
            ("all", gettext_lazy("All")),
        ],
    )

    def __init__(self, *args: Any, desk: ResourcesDesk, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["category"].choices = [("", ANY), *((one.code, f"{one.code} {one.name}") for one in list_categories())]
        communities = community_choices(desk.actor)
        if communities:
            fields["community"].choices = [("", ANY), *communities]
        else:
            del fields["community"]


@reading
def show_list(request: HttpRequest) -> HttpResponse:
    """List what is offered to the communities in scope."""
    desk = desk_of(request)
    form = OffersFilter(request.GET, desk=desk)
    form.is_valid()
    wanted: dict[str, Any] = form.cleaned_data
    asked = OfferFilter(
        query=wanted.get("q", ""),
        kind=wanted.get("kind", ""),
        category=wanted.get("category", ""),
        state=wanted.get("state", ""),
        communities=asked_communities(desk, wanted.get("community", "")),
    )
    total = 0
    whole = request.GET.get("as") in ("xlsx", "print")

    def fetch(after: str) -> Page:
        nonlocal total
        found = list_offers(actor=desk.actor, asked=asked, on=desk.on, after=after, limit=500 if whole else 50)
        total = found.total
        return [row_of(row, desk) for row in found.rows], found.after

    first: Page = ([], "")
    if not whole:
        first = fetch(request.GET.get("after", ""))
    context = desk.context("offers", _("Resources list"))
    new = reverse("staff:offer_new")
    context |= {
        "form": form,
        "lead": _("What partners and residents offer. An offer counts in the plan once somebody has asked the giver."),
        "buttons": [
            (new, _("Enter an offer")),
            (f"{reverse('staff:import_new')}?kind=resources.offers", _("Take in a workbook")),
            (reverse("staff:hsds_import"), _("Take in an HSDS file")),
            (reverse("staff:hsds"), _("Give out as HSDS")),
        ]
        if desk.keeps
        else [(reverse("staff:hsds"), _("Give out as HSDS"))],
        "empty_title": _("Nothing is offered yet."),
        "empty_text": _("Enter what a partner offers, or take in a workbook."),
        "empty_url": new if desk.keeps else "",
        "empty_link": _("Enter an offer"),
    }
    return answer_list(
        request,
        columns=desk.columns(COLUMNS),
        fetch=fetch if whole else lambda _after: first,
        context=context,
        count=None if whole else total,
    )


def row_of(row: OfferRow, desk: ResourcesDesk) -> Row:
    """Write an offer as a line; what has to be assured can be with one press."""
    state = State(row.state)
    stale = is_stale(row, desk.on)
    presses = []
    if (state == State.OFFERED or stale) and policy.may_keep(desk.actor, row.community):
        presses.append(Press(reverse("staff:offer_assure", kwargs={"offer": row.id}), _("It holds")))
    return Row(
        cells(
            leads(row.title, "offer", offer=row.id),
            Offer.Kind(row.kind).label,
            row.giver or "—",
            *([row.community_name] if desk.has_many else []),
            categories_words(row),
            row.seats,
            how_often(row.times, row.every),
            how_far(row.reach, row.reach_metres),
            kept_words(row.kept, row.noted),
            row.assured_on,
            Cell(_("To be assured again") if stale else state.label, tone="due" if stale else OFFER_TONES[state]),
        ),
        pk=row.id,
        presses=presses,
    )


@shared_reading
def show(request: HttpRequest, offer: UUID) -> HttpResponse:
    """Show one offer with what was promised out of it."""
    desk = desk_of(request)
    found = find_offer(actor=desk.actor, offer=offer)
    row, state = found.row, State(found.row.state)
    keeps = policy.may_keep(desk.actor, row.community)
    gives = policy.is_giver(desk.actor, row.organisation, row.person)
    stale = is_stale(row, desk.on)
    context = desk.context("offers", row.title, (row.title, ""))
    context |= {
        "subtitle": " · ".join([row.giver or _("a resident"), row.community_name]),
        "state_label": state.label,
        "state_tone": OFFER_TONES[state],
        "banners": _banners(found, stale=stale),
        "presses": _presses(found, keeps=keeps, gives=gives),
        "sections": _sections(found, desk, keeps=keeps),
        "facts": _facts(found),
        "acts": _acts(found, keeps=keeps, gives=gives),
        "entries": story(found.timeline) if desk.reads else None,
    }
    return render(request, "staff/points/record.html", context)


def _banners(found: OfferPage, *, stale: bool) -> list[tuple[str, Any]]:
    told: list[tuple[str, Any]] = []
    if found.row.state == State.OFFERED:
        told.append(("warning", _("Nobody has asked the giver yet, so the plan leaves this offer out.")))
    if stale:
        told.append(("warning", _("Nobody has asked the giver for half a year, so the plan leaves this offer out.")))
    if found.offer.state_reason:
        told.append(("info", found.offer.state_reason))
    return told


def _presses(found: OfferPage, *, keeps: bool, gives: bool) -> list[Press]:
    named, state = {"offer": found.row.id}, found.row.state
    presses = []
    if keeps and state in (State.OFFERED, State.ACTIVE, State.PAUSED):
        presses.append(Press(reverse("staff:offer_assure", kwargs=named), _("I asked: it holds"), "primary"))
    elif gives and state == State.ACTIVE:
        presses.append(Press(reverse("staff:offer_holds", kwargs=named), _("It still holds"), "primary"))
    if gives and not keeps and state == State.PAUSED:
        presses.append(Press(reverse("staff:offer_resume", kwargs=named), _("Resume it"), "primary"))
    return presses


def _acts(found: OfferPage, *, keeps: bool, gives: bool) -> list[tuple[str, Any]]:
    named, state = {"offer": found.row.id}, found.row.state
    if not (keeps or gives) or state == State.ENDED:
        return []
    acts = [(reverse("staff:offer_edit", kwargs=named), _("Change it"))]
    if keeps and state == State.ACTIVE:
        acts.append((reverse("staff:promise_new", kwargs=named), _("Note a promise")))
    if state != State.PAUSED:
        acts.append((reverse("staff:offer_pause", kwargs=named), _("Pause it")))
    return [*acts, (reverse("staff:offer_end", kwargs=named), pgettext("resources", "End it"))]


def _facts(found: OfferPage) -> list[tuple[Any, Any]]:
    row, offer = found.row, found.offer
    facts: list[tuple[Any, Any]] = [
        (pgettext("offer", "Kind"), Offer.Kind(row.kind).label),
        (_("People at one time"), row.seats),
        (_("Least people"), offer.least_people),
        (_("Minutes each time"), offer.minutes),
        (_("How often"), how_often(row.times, row.every)),
        (pgettext("offer", "Amount"), how_much(row.quantity, row.unit)),
        (_("Costs (yuan)"), f"{offer.cost_fen / 100:.2f}" if offer.cost_fen else "—"),
        (_("How far it goes"), how_far(row.reach, row.reach_metres)),
        (_("Days"), days_words(row.from_on, row.until_on)),
        (_("Where it is"), found.venue_name or offer.place or "—"),
        (_("Needs a place"), _("yes") if offer.needs_venue else _("no")),
        (_("Contact person"), offer.contact_name or "—"),
        (_("Promises"), kept_words(row.kept, row.noted)),
        (_("Assured on"), row.assured_on),
        (_("Counts until"), row.assure_by),
    ]
    if found.only:
        facts.append((_("Only for"), "、".join(found.only)))
    if found.never:
        facts.append((_("Never for"), "、".join(found.never)))
    return facts


def _sections(found: OfferPage, desk: ResourcesDesk, *, keeps: bool) -> list[Section]:
    offer = found.offer
    levels = {3: _("its own trade"), 2: _("does it well"), 1: _("can help with it")}
    lines = [f"{code} {name} · {levels[level]}" for code, name, level in found.row.categories]
    sections = [Section(_("What it serves"), text=offer.description, lines=lines)]
    if offer.conditions:
        sections.append(Section(_("Conditions"), text=offer.conditions))
    weekly = weekly_words(found.weekly) or [_("By arrangement")]
    weekly += [
        _("not from %(first)s to %(last)s %(reason)s") % {"first": first, "last": last, "reason": reason}
        for first, last, reason in found.exceptions
    ]
    sections.append(Section(_("When it can be had"), lines=weekly))
    rows = [
        Row(
            cells(
                leads(one.on, "promise", promise=one.id) if desk.actor.covers(one.community) else one.on,
                one.community_name,
                one.quantity if one.kept_quantity in (None, one.quantity) else f"{one.kept_quantity} / {one.quantity}",
                Cell(Promise.State(one.state).label, tone=PROMISE_TONES[Promise.State(one.state)]),
                one.reason,
            )
        )
        for one in found.promises
    ]
    table = small_table(PROMISE_COLUMNS, rows)
    links = []
    if found.agreement and (keeps or found.agreement_number):
        number = found.agreement_number
        words = _("Agreement no. %(number)d") % {"number": number} if number else _("Draft of an agreement")
        links = [(reverse("staff:agreement", kwargs={"agreement": found.agreement}), words)]
    sections.append(Section(_("Promises"), table=table, empty=_("Nothing was promised yet."), links=links))
    return sections
