"""What a resident is asked, and voting on it: one question, one choice, a look at it before it is sent, a receipt."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_safe

from lianxin.domain.voice.commands import own_ballots
from lianxin.domain.voice.models import Vote
from lianxin.domain.voice.queries import own_votes, vote_results
from lianxin.domain.voice.queries.own_votes import Say
from lianxin.domain.voice.rules import ballot_words, voters
from lianxin.faces.kit.acting import carry_out
from lianxin.faces.kit.dates import spoken
from lianxin.faces.resident import my_vote_words as words
from lianxin.faces.resident.my_vote_forms import OwnForm, form_of
from lianxin.faces.resident.standing import Standing, linked_only, standing
from lianxin.faces.resident.views.me import my_crumbs
from lianxin.faces.resident.views.votes import TONES
from lianxin.platform.clock import now

State = Vote.State


@linked_only
@require_safe
def browse(request: HttpRequest) -> HttpResponse:
    """List what waits for my say, what I answered, what else is asked, and what is over."""
    at = now()
    who = standing(request, at=at)
    may_see = who.principal is None or who.principal.may(voters.VOTE)
    asked = own_votes.asked_of(person=who.person, at=at) if may_see else None
    groups = []
    if asked is not None:
        groups = [
            (_("Waits for your vote"), [(one, "due", _("not voted yet")) for one in asked.waiting]),
            (_("You have voted"), [(one, "done", _("your vote is in")) for one in asked.answered]),
            (_("Also voted on"), [(one, "quiet", one.get_method_display()) for one in asked.others]),
            (
                pgettext("votes", "Over"),
                [(one, TONES[State(one.state)], one.get_state_display()) for one in asked.over],
            ),
        ]
    context = {
        "groups": [(title, lines) for title, lines in groups if lines],
        "maps": asked.maps if asked else (),
        "matters": asked.matters if asked else (),
        "refusal": "" if may_see else voters.NO_LINK,
        "crumbs": my_crumbs(_("What I am asked")),
    }
    return render(request, "resident/votes/asked.html", context)


@linked_only
@require_http_methods(["GET", "HEAD", "POST"])
def vote(request: HttpRequest, vote: UUID) -> HttpResponse:
    """Show what is asked and why I may vote; take my choice, show it once more, then keep it."""
    at = now()
    who = standing(request, at=at)
    say = own_votes.say_of(vote=vote, person=who.person, link=who.principal, at=at)
    sent = request.POST if request.method == "POST" else None
    is_change = say.may_change and (request.POST.get("instead") == "True" or request.GET.get("change") == "on")
    form = form_of(say, sent, is_change=is_change)
    step = request.POST.get("confirmed", "")
    if sent is not None and step == "yes":

        def do(entered: dict[str, Any]) -> Vote:
            made: Vote = own_ballots.cast(
                actor=who.actor,
                vote=vote,
                choice=form.choice(entered),
                reason=entered.get("reason", ""),
                for_all=entered.get("for_all", False),
                instead=entered["instead"],
                at=at,
                key=entered["key"],
            )
            return made

        done = carry_out(request, form, do=do, then=lambda _row: reverse("resident:my_ballot", args=[vote]))
        if done is not None:
            return done
    elif sent is not None and step != "no" and (say.may_cast or is_change) and form.is_valid():
        return _confirm(request, say, form, is_change=is_change)
    elif sent is not None and step == "no":
        # Back from the last look: what was chosen stays chosen.
        form.is_valid()
    return _page(request, who, say, form, is_change=is_change)


def _confirm(request: HttpRequest, say: Say, form: OwnForm, *, is_change: bool) -> HttpResponse:
    entered = form.cleaned_data
    said = ballot_words.lines_of(say.vote, form.choice(entered))
    until = str(spoken(say.vote.closes_at)) if say.vote.closes_at else ""
    hidden = ("csrfmiddlewaretoken", "confirmed")
    context = {
        "vote": say.vote,
        "lines": words.consequences(say, said=said, reason=entered.get("reason", ""), is_change=is_change, until=until),
        "hidden": [(name, value) for name, value in request.POST.items() if name not in hidden],
        "crumbs": _crumbs(say.vote, _("Look once more")),
    }
    return render(request, "resident/votes/my_confirm.html", context)


def _page(request: HttpRequest, who: Standing, say: Say, form: OwnForm, *, is_change: bool) -> HttpResponse:
    row = say.vote
    may_see = who.principal is None or who.principal.may(voters.VOTE)
    ballots = words.ballot_lines(say, account=who.actor.account) if may_see else []
    is_over = row.state in (State.CLOSED, State.VOID)
    context = {
        "vote": row,
        "tone": TONES[State(row.state)],
        "form": form,
        "is_asked": say.may_cast or is_change,
        "is_change": is_change,
        "may_change": say.may_change and not is_change,
        "refusal": "" if is_over and not say.is_entitled else say.refusal,
        "ballots": ballots,
        "rest": len(say.free) if say.given else 0,
        "basis": words.basis_of(say),
        "for_whom": who.principal,
        "needed": words.needed_for(row),
        "seen_by": words.seen_by(row),
        "story_url": _story_url(row),
        "told": vote_results.tell(row) if row.state == State.CLOSED else None,
        "crumbs": _crumbs(row, ""),
    }
    return render(request, "resident/votes/mine.html", context, status=422 if form.errors else 200)


@linked_only
@require_safe
def receipt(request: HttpRequest, vote: UUID) -> HttpResponse:
    """Say that a vote is in, with its number."""
    at = now()
    who = standing(request, at=at)
    say = own_votes.say_of(vote=vote, person=who.person, link=who.principal, at=at)
    may_see = who.principal is None or who.principal.may(voters.VOTE)
    ballots = [one for one in words.ballot_lines(say, account=who.actor.account) if one["number"]] if may_see else []
    if not ballots:
        return HttpResponseRedirect(reverse("resident:my_vote", args=[vote]))
    context = {
        "vote": say.vote,
        "ballots": ballots,
        "may_change": say.may_change,
        "is_closed": say.vote.state != State.OPEN,
        "crumbs": _crumbs(say.vote, _("Receipt of my vote")),
    }
    return render(request, "resident/votes/my_receipt.html", context)


def _story_url(row: Vote) -> str:
    if row.matter is None or not row.matter.is_public:
        return ""
    return reverse("resident:matter", args=[row.community_id, row.matter_id])


def _crumbs(row: Vote, last: str) -> list[tuple[str, str]]:
    # Short, as the question is the heading: the choice is to be seen at once on a small phone with large letters.
    here = pgettext("votes", "My vote")
    way = [*my_crumbs("")[:1], (_("What I am asked"), reverse("resident:my_votes"))]
    if not last:
        return [*way, (here, "")]
    return [*way, (here, reverse("resident:my_vote", args=[row.pk])), (last, "")]
