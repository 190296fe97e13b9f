"""One act and what came of it: why, on which notice, the second person's decision, taking it back."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.domain.points import policy
from lianxin.domain.points.commands.awards import approve, refuse, take_back
from lianxin.domain.points.models import Claim
from lianxin.domain.points.queries.claim_stories import ClaimStory, tell_claim
from lianxin.domain.points.queries.claims import find_claim
from lianxin.faces.kit.acting import actor_of, key_of, press
from lianxin.faces.kit.dates import spoken
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day, now

from ..acting import ActForm, answer_form
from .award import outcome_words
from .desk import Desk, desk_of
from .gate import button_for, form_for, looking_on
from .lists import Press
from .told import Section, story
from .words import CLAIM_TONES, amount

State = Claim.State


def _open(request: HttpRequest, claim: UUID) -> tuple[Desk, ClaimStory]:
    told = tell_claim(actor=actor_of(request), claim=claim, on=local_day(now()))
    return desk_of(request, told.row.community), told


@looking_on
def show(request: HttpRequest, claim: UUID) -> HttpResponse:
    """Show one act: what the rules said, who entered it and who agreed, and where it hangs out."""
    desk, told = _open(request, claim)
    row = told.row
    title = row.title or row.evidence or row.act_kind
    context = desk.context("points_claims", title, (_("Acts and points"), desk.url("points_claims")), (title, ""))
    context |= {
        "subtitle": _("Household %(number)s") % {"number": row.household_number},
        "state_label": row.state_label,
        "state_tone": CLAIM_TONES[State(row.state)],
        "sections": [Section(_("Why so many points"), lines=told.sentences)],
        "facts": _facts(desk, told),
        "acts": _acts(desk.actor, told),
        "presses": _presses(desk.actor, told),
        "entries": story(told.timeline) if policy.may_see_points(desk.actor) else None,
    }
    return render(request, "staff/points/record.html", context)


def _facts(desk: Desk, told: ClaimStory) -> list[tuple[Any, ...]]:
    row, sees = told.row, policy.may_see_points(desk.actor)
    passbook = reverse("staff:points_passbook", kwargs={"household": row.household}) if sees else ""
    notice = reverse("staff:points_notice", kwargs={"notice": told.notice}) if told.notice and sees else ""
    facts: list[tuple[Any, ...]] = [
        (_("Household"), row.household_number, passbook),
        (_("Who"), row.masked_name or _("The household as a whole")),
        (_("Day"), spoken(row.done_on)),
        (_("How much"), amount(row.quantity, row.minutes, row.unit)),
        (_("Points asked for"), row.asked),
        (_("Points"), row.points),
        (_("Evidence"), row.evidence or None),
        (_("Words for the passbook"), row.note if row.state == State.WAITING and row.note else None),
        (_("Budget"), told.budget_name or None),
        (_("Entered by"), row.awarded_by_name or _("the program")),
        (_("Second person"), row.approved_by_name or None),
    ]
    if told.notice_number is not None:
        facts.append((_("Public notice"), _("No. %(number)d") % {"number": told.notice_number}, notice))
    return [fact for fact in facts if fact[1] is not None]


def _may_decide(actor: Actor, told: ClaimStory) -> bool:
    return (
        told.row.state == State.WAITING and policy.may_approve_something(actor) and actor.account != told.row.awarded_by
    )


def _presses(actor: Actor, told: ClaimStory) -> list[Press]:
    if not _may_decide(actor, told):
        return []
    return [Press(reverse("staff:points_approve", kwargs={"claim": told.row.id}), _("Agree"), "primary")]


def _acts(actor: Actor, told: ClaimStory) -> list[tuple[str, str]]:
    named = {"claim": told.row.id}
    acts = []
    if _may_decide(actor, told):
        acts.append((reverse("staff:points_refuse", kwargs=named), _("Refuse it")))
    elif told.row.state == State.WAITING and actor.account == told.row.awarded_by:
        acts.append((reverse("staff:points_refuse", kwargs=named), _("Withdraw it")))
    if told.row.state == State.AWARDED and policy.may_take_back(actor):
        acts.append((reverse("staff:points_take_back", kwargs=named), _("Take the points back")))
    return acts


@button_for(policy.may_approve_something)
def agree(request: HttpRequest, claim: UUID) -> HttpResponse:
    """Agree to an award as the second person."""
    actor = actor_of(request)
    row = find_claim(actor=actor, claim=claim, on=local_day(now()))
    whom = _("household %(number)s") % {"number": row.household_number}
    done: list[Claim] = []
    return press(
        request,
        do=lambda: done.append(approve(actor=actor, claim=claim, at=now(), key=key_of(request))),
        back=reverse("staff:points_approvals", kwargs={"community": row.community}),
        said=_Said(done, whom),
    )


class _Said:
    """The sentence about an award that was agreed to, made when it is known what came of it."""

    def __init__(self, done: list[Claim], whom: str) -> None:
        self.done, self.whom = done, whom

    def __str__(self) -> str:
        """Say what came of it."""
        return outcome_words(self.done[0], self.whom)


class ReasonForm(ActForm):
    """Why."""

    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}))


@form_for(lambda actor: policy.may_approve_something(actor) or policy.may_award_something(actor))
def say_no(request: HttpRequest, claim: UUID) -> HttpResponse:
    """Refuse an award as the second person, or withdraw one that waits."""
    desk, told = _open(request, claim)
    back = reverse("staff:points_claim", kwargs={"claim": claim})
    return answer_form(
        request,
        ReasonForm(request.POST or None),
        do=lambda wanted: refuse(actor=desk.actor, claim=claim, at=now(), **wanted),
        then=lambda _row: back,
        said=_("Nothing is given for this."),
        title=_("Give nothing for “%(what)s”") % {"what": told.row.title},
        lead=_("Household %(number)s") % {"number": told.row.household_number},
        button=_("Give nothing"),
        cancel_url=back,
        crumbs=desk.crumbs(
            (_("Acts and points"), desk.url("points_claims")), (told.row.title, back), (_("Refuse"), "")
        ),
    )


@form_for(policy.may_take_back)
def undo(request: HttpRequest, claim: UUID) -> HttpResponse:
    """Take an award back, with the reason that the household reads."""
    desk, told = _open(request, claim)
    back = reverse("staff:points_claim", kwargs={"claim": claim})
    return answer_form(
        request,
        ReasonForm(request.POST or None),
        do=lambda wanted: take_back(actor=desk.actor, claim=claim, at=now(), **wanted),
        then=lambda _row: back,
        said=_("The points were taken back."),
        title=_("Take %(points)d points back") % {"points": told.row.points},
        lead=_("Household %(number)s") % {"number": told.row.household_number},
        lines=[
            _("A correction is written into the passbook; the first line stays."),
            _("What was spent already becomes a debt that the next points settle."),
            _("Limits of the rules are given back."),
        ],
        button=_("Take back"),
        cancel_url=back,
        crumbs=desk.crumbs(
            (_("Acts and points"), desk.url("points_claims")), (told.row.title, back), (_("Take back"), "")
        ),
    )
