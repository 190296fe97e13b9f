"""Giving points to one household or person: find, choose the item, see what it comes to, give."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from lianxin.domain.people.queries.households import find_household
from lianxin.domain.points import policy
from lianxin.domain.points.commands.awards import award
from lianxin.domain.points.models import Claim
from lianxin.domain.points.queries.award_previews import AwardPreview, ItemOffer, list_offers, preview_award
from lianxin.domain.points.queries.budgets import usable_budgets
from lianxin.domain.points.queries.claims import list_claims
from lianxin.domain.points.rules.claim_words import cap_words
from lianxin.faces.kit.acting import carry_out, tell
from lianxin.platform.clock import now
from lianxin.platform.errors import Missing, NotAllowed, Problem

from ..acting import ActForm, day_field
from .claim_lists import COLUMNS, rows_of
from .desk import Desk, desk_of
from .finding import FindForm, find, holder_of, is_card, read_card
from .gate import awarding
from .lists import small_table
from .words import item_choice

LAST = 5
WHOLE = "-"


@dataclass(frozen=True)
class Getter:
    """Who gets points: the household, how it is called, and the people who may have done the act."""

    household: UUID
    title: str
    people: tuple[tuple[str, str], ...]
    person: str


class AwardForm(ActForm):
    """What was done, by whom, how much and when."""

    person = forms.ChoiceField(label=gettext_lazy("Who did it"), widget=forms.RadioSelect)
    item = forms.ChoiceField(label=gettext_lazy("What was done"))
    quantity = forms.IntegerField(
        label=gettext_lazy("How much"),
        initial=1,
        help_text=gettext_lazy("In the unit of the item: times, minutes, people, kilograms or days."),
        widget=forms.NumberInput(attrs={"min": 1, "inputmode": "numeric"}),
    )
    done_on = day_field(gettext_lazy("On which day"))
    evidence = forms.CharField(label=gettext_lazy("Evidence"), max_length=200, required=False)
    note = forms.CharField(
        label=gettext_lazy("Words for the passbook"),
        max_length=500,
        required=False,
        help_text=gettext_lazy("The household reads this beside the line."),
    )

    def __init__(self, *args: Any, desk: Desk, getter: Getter, offers: list[ItemOffer], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["person"].choices = getter.people
        if len(getter.people) == 1:
            fields["person"].widget = forms.HiddenInput()
        if getter.person or len(getter.people) == 1:
            fields["person"].initial = getter.person or getter.people[0][0]
        fields["item"].choices = [("", _("Please choose")), *((one.item.code, item_choice(one.item)) for one in offers)]
        fields["done_on"].initial = desk.on
        if policy.may_see_points(desk.actor):
            budgets = usable_budgets(actor=desk.actor, book=desk.opened.pk, on=desk.on)
            own = [(str(row.id), row.name) for row in budgets if not row.is_general]
            if own:
                fields["budget"] = forms.ChoiceField(
                    label=_("Budget"), choices=[("", _("The general budget")), *own], required=False
                )

    def award(self) -> dict[str, Any]:
        """Give the arguments of the award."""
        entered = self.cleaned_data
        person, budget = entered["person"], entered.get("budget")
        return {
            "person": None if person == WHOLE else UUID(person),
            "budget": UUID(budget) if budget else None,
            **self.values("item", "quantity", "done_on", "evidence", "note"),
        }


@awarding
def show(request: HttpRequest, community: UUID) -> HttpResponse:
    """Find who gets points, or give them to somebody who was found."""
    desk = desk_of(request, community)
    getter = _getter(request, desk)
    if desk.book is None or desk.book.state != "open":
        return render(
            request, "staff/points/not_on.html", desk.context("points_award", _("Give points"), (_("Give points"), ""))
        )
    return _find(request, desk) if getter is None else _give(request, desk, getter)


def _getter(request: HttpRequest, desk: Desk) -> Getter | None:
    """Give who was found; the offices open any household of theirs, others only whose card they saw."""
    shown = request.GET.get("holder", "")
    if shown:
        holder = holder_of(shown)
        if holder is None:
            messages.info(request, _("That was some time ago. Please look at the card again."))
            return None
        if not policy.may_see_points(desk.actor):
            one = (str(holder.person), holder.name)
            return Getter(holder.household, holder.name, (one,), one[0])
        household, person = holder.household, str(holder.person)
    else:
        asked = request.GET.get("household", "")
        if not asked or not policy.may_see_points(desk.actor):
            return None
        household, person = _uuid(asked), request.GET.get("person", "")
    bundle = find_household(actor=desk.actor, household=household, on=desk.on)
    if bundle.community != desk.community:
        raise Missing
    people = tuple((str(row.id), row.masked_name) for row in bundle.members)
    return Getter(
        household=household,
        title=_("household %(number)s") % {"number": bundle.number},
        people=(*people, (WHOLE, _("The household as a whole"))),
        person=person if person in dict(people) else people[0][0] if len(people) == 1 else "",
    )


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Missing from None


def _find(request: HttpRequest, desk: Desk) -> HttpResponse:
    only_cards = not policy.may_see_points(desk.actor)
    form = FindForm(request.POST or None, only_cards=only_cards)
    matches = None
    if request.method == "POST" and form.is_valid():
        if only_cards or is_card(form.cleaned_data["shown"]):
            url = read_card(desk, form)
            if url:
                return redirect(url)
        else:
            return redirect(f"{desk.url('points_award')}?{urlencode({'q': form.cleaned_data['shown']})}")
    asked = request.GET.get("q", "").strip()[:120]
    if asked and request.method != "POST":
        form = FindForm(initial={"shown": asked}, only_cards=only_cards)
        matches = find(desk, asked)
    last = list_claims(actor=desk.actor, on=desk.on, community=desk.community, limit=LAST)
    context = desk.context("points_award", _("Give points"))
    context |= {
        "form": form,
        "asked": asked,
        "matches": matches,
        "last": small_table(COLUMNS, rows_of(last.rows)) if last.rows else None,
        "many": policy.may_see_points(desk.actor),
    }
    return render(request, "staff/points/award_find.html", context, status=422 if form.errors else 200)


def _give(request: HttpRequest, desk: Desk, getter: Getter) -> HttpResponse:
    chosen = request.POST.get("person") or getter.person
    person = _uuid(chosen) if chosen and chosen != WHOLE else None
    offers = list_offers(
        actor=desk.actor, community=desk.community, household=getter.household, person=person, on=desk.on
    )
    form = AwardForm(request.POST or None, desk=desk, getter=getter, offers=offers)
    told: AwardPreview | None = None
    if request.POST.get("act") == "preview" and form.is_valid():
        told = _preview(desk, getter, form)
    elif request.method == "POST":
        done = carry_out(
            request,
            form,
            do=lambda wanted: award(
                actor=desk.actor, household=getter.household, at=now(), key=wanted["key"], **form.award()
            ),
            then=lambda _claim: desk.url("points_award"),
            said=lambda claim: outcome_words(claim, getter.title),
        )
        if done is not None:
            return done
    context = desk.context(
        "points_award",
        _("Give points to %(whom)s") % {"whom": getter.title},
        (_("Give points"), desk.url("points_award")),
        (getter.title, ""),
    )
    context |= {
        "form": form,
        "told": told,
        "offers": [(one.item, _limits(one)) for one in offers],
    }
    return render(request, "staff/points/award_give.html", context, status=422 if form.errors else 200)


def _limits(offer: ItemOffer) -> list[tuple[str, int | None]]:
    """Give each limit in words with what is left of it; of a person's limits only once the person is known."""
    left = {(one.subject, one.every): one.left for one in offer.limits}
    return [
        (
            cap_words(subject=cap.subject, every=cap.every, points=cap.points),
            left.get((cap.subject, cap.every)),
        )
        for cap in offer.item.caps
    ]


def _preview(desk: Desk, getter: Getter, form: AwardForm) -> AwardPreview | None:
    entered = {name: value for name, value in form.award().items() if name not in ("evidence", "note")}
    try:
        told = preview_award(
            actor=desk.actor, community=desk.community, household=getter.household, at=desk.at, **entered
        )
    except (Missing, NotAllowed):
        raise
    except Problem as problem:
        tell(form, problem)
        return None
    if told is None:
        form.add_error("done_on", _("No rules were in force on that day, so nothing can be given for it."))
    return told


def outcome_words(claim: Claim, whom: str) -> str:
    """Say what came of an award."""
    if claim.state == Claim.State.WAITING:
        return _("Entered for %(whom)s. A second person has to agree.") % {"whom": whom}
    if claim.state != Claim.State.AWARDED:
        return _("Entered for %(whom)s, but nothing was given: %(why)s.") % {
            "whom": whom,
            "why": Claim.Reason(claim.reason).label,
        }
    if claim.points < claim.asked:
        return _("%(points)d of %(asked)d points were given to %(whom)s: %(why)s.") % {
            "points": claim.points,
            "asked": claim.asked,
            "whom": whom,
            "why": Claim.Reason(claim.reason).label,
        }
    return ngettext(
        "%(points)d point was given to %(whom)s.", "%(points)d points were given to %(whom)s.", claim.points
    ) % {"points": claim.points, "whom": whom}
