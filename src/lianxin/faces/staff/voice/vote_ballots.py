"""Ballots one after the other: entered, taken back, answered, and the try to reach a flat."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from lianxin.domain.voice.commands import ballots, registers
from lianxin.domain.voice.models import Ballot, Vote
from lianxin.faces.kit.stored import answer_file
from lianxin.platform import files
from lianxin.platform.errors import Missing

from ..acting import answer_form
from .vote_desk import HOMES, desk_of, vote_url
from .vote_forms import BALLOTS, AnswerForm, TryForm, WhyForm
from .vote_gate import keeper_reads, keeping, open_ballot, open_flat, open_vote
from .vote_page import way_of
from .vote_words import metres

TAKEN = ("voter_name", "flat_number", "proxy_name", "proof_words", "reason")


@keeping
def enter(request: HttpRequest, vote: UUID) -> HttpResponse:
    """Enter one ballot and come back for the next one."""
    desk = desk_of(request)
    row = open_vote(desk.actor, vote)
    here = reverse("staff:vote_ballot", kwargs={"vote": vote})
    how = request.GET.get("how", "")
    form = BALLOTS[row.method](
        request.POST or None,
        request.FILES or None,
        vote=row,
        initial={
            "flat_number": request.GET.get("flat", "")[:40],
            "how": how if how in Ballot.How.values else ("hall" if row.method == Vote.Method.HANDS else "door"),
        },
    )

    def do(entered: dict[str, Any]) -> Ballot:
        made: Ballot = ballots.cast(
            actor=desk.actor,
            vote=vote,
            choice=form.choice(entered),
            how=entered["how"],
            cast_at=entered["cast_at"],
            instead=entered["instead"],
            proof=entered.get("proof"),
            at=desk.at,
            key=entered["key"],
            **{name: entered[name] for name in TAKEN if name in entered},
        )
        return made

    def then(made: Ballot) -> str:
        return vote_url(vote) if row.method == Vote.Method.HANDS else f"{here}?how={made.how}"

    return answer_form(
        request,
        form,
        do=do,
        then=then,
        said=lambda made: _("Entered: %(who)s") % {"who": _who(made)},
        title=_("Count the hands") if row.method == Vote.Method.HANDS else _("Enter a ballot"),
        lead=row.question,
        button=_("Enter it"),
        cancel_url=vote_url(vote),
        crumbs=[(HOMES["votes"], reverse("staff:votes")), *way_of(row, _("Enter a ballot"))],
    )


def _who(made: Ballot) -> str:
    if made.flat is not None:
        return made.flat.flat
    return made.voter_name.reveal() if made.voter_name is not None else _("the hall")


@keeping
def take_back(request: HttpRequest, ballot: UUID) -> HttpResponse:
    """Take a ballot out of an open vote, with the reason."""
    desk = desk_of(request)
    one = open_ballot(desk.actor, ballot)
    back = reverse("staff:vote_ballots", kwargs={"vote": one.vote_id})
    return answer_form(
        request,
        WhyForm(request.POST or None),
        do=lambda entered: ballots.take_back(
            actor=desk.actor, ballot=ballot, words=entered["words"], at=desk.at, key=entered["key"]
        ),
        then=lambda _row: back,
        said=_("Taken back. The flat or the voter can vote again."),
        title=_("Take a ballot back"),
        lead=_("Ballot: %(who)s") % {"who": _who(one)},
        button=_("Take it back"),
        cancel_url=back,
        crumbs=[(HOMES["votes"], reverse("staff:votes")), *way_of(one.vote, _("Take a ballot back"))],
    )


@keeping
def answer(request: HttpRequest, ballot: UUID) -> HttpResponse:
    """Answer an objection or a concern."""
    desk = desk_of(request)
    one = open_ballot(desk.actor, ballot)
    back = reverse("staff:vote_ballots", kwargs={"vote": one.vote_id})
    return answer_form(
        request,
        AnswerForm(request.POST or None, initial={"answer": one.answer}),
        do=lambda entered: ballots.answer_objection(
            actor=desk.actor, ballot=ballot, answer=entered["answer"], at=desk.at, key=entered["key"]
        ),
        then=lambda _row: back,
        said=_("Answered."),
        title=_("Answer an objection"),
        lead=one.reason,
        button=_("Keep the answer"),
        cancel_url=back,
        crumbs=[(HOMES["votes"], reverse("staff:votes")), *way_of(one.vote, _("Answer an objection"))],
    )


@keeper_reads
def proof(request: HttpRequest, ballot: UUID) -> HttpResponse:
    """Give the picture of a proxy's written authority."""
    one = open_ballot(desk_of(request).actor, ballot)
    if one.proof_file is None:
        raise Missing
    return answer_file(files.find_file(one.proof_file))


@keeping
def note_try(request: HttpRequest, vote: UUID, flat: UUID) -> HttpResponse:
    """Note how it went to reach the owners of a flat."""
    desk = desk_of(request)
    row, one = open_vote(desk.actor, vote), open_flat(desk.actor, flat)
    if one.register_id != row.register_id:
        raise Missing
    back = reverse("staff:vote_not_reached", kwargs={"vote": vote})
    return answer_form(
        request,
        TryForm(request.POST or None, initial={"reach": one.reach}),
        do=lambda entered: registers.note_try(
            actor=desk.actor,
            flat_row=flat,
            reach=entered["reach"],
            tried_at=entered["tried_at"],
            at=desk.at,
            key=entered["key"],
        ),
        then=lambda _row: back,
        said=_("Noted."),
        title=_("Note a try"),
        lead=f"{one.flat} · {metres(one.area_dm2)}",
        button=_("Note it"),
        cancel_url=back,
        crumbs=[(HOMES["votes"], reverse("staff:votes")), *way_of(row, _("Note a try"))],
    )
