"""Cards: printed for one resident or many, called back, and recognised when somebody shows one.

A card's secret is told once, when it is made. It is kept sealed in the session of whoever printed it for as long as
a jammed printer takes, so that the sheet can be opened again.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from lianxin.domain.people import policy
from lianxin.domain.people.commands.cards import (
    CHECKS,
    CardHolder,
    PrintedCard,
    identify_card,
    issue_cards,
    revoke_card,
)
from lianxin.domain.people.queries.people import MOST_SHOWN, count_with_cards, find_person, list_chosen
from lianxin.faces.entrance.session import put_sealed, read_moment, take_sealed
from lianxin.faces.kit.acting import actor_of
from lianxin.faces.kit.forms import add_problem
from lianxin.faces.staff.acting import ActForm, answer_form
from lianxin.faces.staff.people.choices import chosen
from lianxin.faces.staff.people.gate import identifying, writing
from lianxin.faces.staff.people.happenings import community_names
from lianxin.faces.staff.people.labels import CARD_REASONS, CHECK_CHOICES, age_words
from lianxin.faces.staff.people.tabs import list_tabs, person_crumbs, person_tabs
from lianxin.platform.clock import local_day, now
from lianxin.platform.errors import Gone, Invalid, Missing, Problem

PRINTED = "people_printed_cards"
PRINTABLE_FOR = timedelta(minutes=30)
SIZES = {"a6": gettext_lazy("One card on a sheet of A6"), "a4": gettext_lazy("Four cards on a sheet of A4")}


class PrintForm(ActForm):
    """Whether somebody with a valid card gets a new one."""

    replace = forms.BooleanField(
        label=gettext_lazy("Make a new card also for those who have one; the old card stops working"), required=False
    )
    size = forms.ChoiceField(label=gettext_lazy("Paper"), choices=list(SIZES.items()), initial="a6")


@writing
def print_chosen(request: HttpRequest) -> HttpResponse:
    """Make cards for the residents chosen on the list, and go on to the sheet."""
    actor, on = actor_of(request), local_day(now())
    ids = _ids(request.GET.getlist("person"))
    rows = [row for row in list_chosen(actor=actor, on=on, people=ids) if row.state == "living"]
    if not rows:
        raise Missing
    with_card = count_with_cards(actor=actor, people=[row.id for row in rows])
    words = ngettext("%(count)d resident was chosen.", "%(count)d residents were chosen.", len(rows))
    lines = [words % {"count": len(rows)}]
    if with_card:
        words = ngettext("%(count)d of them has a valid card.", "%(count)d of them have a valid card.", with_card)
        lines.append(words % {"count": with_card})
    form = PrintForm(request.POST or None)
    if not with_card:
        del form.fields["replace"]

    def do(values: dict[str, Any]) -> str:
        made = issue_cards(actor=actor, people=[row.id for row in rows], replace=values.get("replace", False), at=now())
        if not made:
            raise Invalid(_("All of them have a valid card. Choose to make new ones, or go back."))
        return _keep(request, made, values["size"])

    return answer_form(
        request,
        form,
        do=do,
        then=str,
        title=_("Print cards"),
        lead=_("A card only says who somebody is. It cannot log in and pays for nothing."),
        lines=lines,
        button=_("Make the cards and print"),
        cancel_url=reverse("staff:people"),
        crumbs=[(_("Residents"), reverse("staff:people")), (_("Print cards"), "")],
    )


class OneCardForm(ActForm):
    """The paper for one card."""

    size = forms.ChoiceField(label=gettext_lazy("Paper"), choices=list(SIZES.items()), initial="a6")


class RevokeForm(ActForm):
    """Why a card stops working."""

    reason = chosen(gettext_lazy("Why is the card called back?"), CARD_REASONS)


@writing
def show(request: HttpRequest, person: UUID) -> HttpResponse:
    """Show a resident's card; print a first one or a new one."""
    actor = actor_of(request)
    bundle = find_person(actor=actor, person=person, on=local_day(now()))
    form = OneCardForm(request.POST or None)

    def do(values: dict[str, Any]) -> str:
        made = issue_cards(actor=actor, people=[person], replace=True, at=now())
        return _keep(request, made, values["size"])

    return answer_form(
        request,
        form,
        do=do,
        then=str,
        template="staff/people/card.html",
        bundle=bundle,
        person=person,
        name=bundle.person.masked_name,
        is_living=bundle.person.state == "living",
        revoke_url=reverse("staff:card_revoke", args=[person]),
        button=_("Print a new card") if bundle.card_number else _("Print a card"),
        tabs=person_tabs("person_card", person, actor),
        crumbs=person_crumbs(person, bundle.person.masked_name, _("Card")),
    )


@writing
def revoke(request: HttpRequest, person: UUID) -> HttpResponse:
    """Let a resident's card identify nobody any more."""
    actor = actor_of(request)
    bundle = find_person(actor=actor, person=person, on=local_day(now()))
    card = bundle.card
    if card is None:
        raise Missing
    back = reverse("staff:person_card", args=[person])
    return answer_form(
        request,
        RevokeForm(request.POST or None),
        do=lambda values: revoke_card(actor=actor, card=card, at=now(), **values),
        then=lambda _card: back,
        said=_("The card no longer works."),
        title=_("Call back card %(number)s") % {"number": bundle.card_number},
        lead=_("Whoever shows it then is told to ask for a new one."),
        button=_("Call back the card"),
        cancel_url=back,
        crumbs=person_crumbs(person, bundle.person.masked_name, _("Card")),
    )


def _keep(request: HttpRequest, cards: Sequence[PrintedCard], size: str) -> str:
    kept = [{"person": str(card.person), "number": card.number, "token": card.token} for card in cards]
    put_sealed(request, PRINTED, json.dumps({"at": now().isoformat(), "cards": kept}))
    return f"{reverse('staff:cards_print')}?size={size}"


@writing
def sheet(request: HttpRequest) -> HttpResponse:
    """Draw the cards that were just made, for printing."""
    text = take_sealed(request, PRINTED)
    kept = json.loads(text) if text else {"cards": []}
    made_at = read_moment(kept.get("at"))
    if made_at is None or now() - made_at > PRINTABLE_FOR:
        raise Gone(_("These cards were made too long ago to be printed again. Make new ones."))
    people = [UUID(card["person"]) for card in kept["cards"]]
    communities = community_names()
    rows = {row.id: row for row in list_chosen(actor=actor_of(request), on=local_day(now()), people=people)}
    cards = [
        (rows[pk], communities.get(rows[pk].community, ""), card["number"], card["token"])
        for pk, card in zip(people, kept["cards"], strict=True)
        if pk in rows
    ]
    size = request.GET.get("size", "a6")
    back = reverse("staff:person_card", args=[people[0]]) if len(people) == 1 else reverse("staff:people")
    context = {"cards": cards, "size": size if size in SIZES else "a6", "back_url": back, "sheet_title": _("Cards")}
    return render(request, "staff/people/cards_print.html", context)


class IdentifyForm(forms.Form):
    """What was scanned or typed, and how the holder's identity was checked."""

    shown = forms.CharField(
        label=gettext_lazy("Card number"),
        max_length=120,
        help_text=gettext_lazy("The 8 digits on the card, or scan its code."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "text", "data-scan-into": ""}),
    )
    identity_check = chosen(gettext_lazy("How do you know that this is the holder?"), CHECK_CHOICES)


@identifying
def identify(request: HttpRequest) -> HttpResponse:
    """Say, masked, whose card is shown; each look is logged."""
    actor = actor_of(request)
    form = IdentifyForm(request.POST or None)
    holder: CardHolder | None = None
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            holder = identify_card(actor=actor, at=now(), **form.cleaned_data)
        except Problem as problem:
            add_problem(form, problem)
            status = problem.status
    elif form.errors:
        status = 422
    sees = policy.may_see_people(actor)
    context: dict[str, Any] = {
        "form": IdentifyForm() if holder else form,
        "holder": holder,
        "tabs": list_tabs("card_identify", actor) if sees else [],
        "crumbs": [(_("Residents"), reverse("staff:people")), (_("Identify a card"), "")] if sees else [],
    }
    if holder is not None:
        context |= {
            "age": age_words(holder.age),
            "community": community_names().get(holder.community, ""),
            "checked": CHECKS[holder.identity_check],
            "person_url": reverse("staff:person", args=[holder.person])
            if sees and actor.covers(holder.community)
            else "",
        }
    return render(request, "staff/people/card_identify.html", context, status=status)


def _ids(texts: Sequence[str]) -> list[UUID]:
    found = []
    for text in texts[:MOST_SHOWN]:
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return found
