"""One vote: how far it is, what it is held by, its result in bars, and what happened."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from lianxin.domain.voice.models import Ballot, Vote
from lianxin.domain.voice.queries import registers as reading_registers
from lianxin.domain.voice.queries import vote_results
from lianxin.domain.voice.queries import votes as reading_votes
from lianxin.domain.voice.rules import receipts, voters
from lianxin.engines.masking import mask_name
from lianxin.faces.kit.dates import spoken
from lianxin.faces.kit.tables import Column
from lianxin.platform import scope

from ..points.lists import Cell, Page, Press, Row, answer_list, cells, leads
from ..points.told import Section
from .vote_desk import VoteDesk, desk_of, page_of, register_url
from .vote_gate import keeper_reads, open_vote, reading
from .vote_words import REACH_TONES, VOTE_TONES, metres, said_by, story_of

State, Method = Vote.State, Vote.Method
BALLOT_COLUMNS = (
    Column(pgettext_lazy("ballot", "Who")),
    Column(gettext_lazy("What it says")),
    Column(pgettext_lazy("ballot", "How it came")),
    Column(gettext_lazy("Cast at")),
    Column(gettext_lazy("State")),
    Column(""),
)
REACH_COLUMNS = (
    Column(gettext_lazy("Flat")),
    Column(gettext_lazy("Area")),
    Column(gettext_lazy("Owners")),
    Column(gettext_lazy("Tried"), numeric=True),
    Column(gettext_lazy("Last tried")),
    Column(gettext_lazy("Reached?")),
    Column(""),
)


@reading
def show(request: HttpRequest, vote: UUID) -> HttpResponse:
    """Show one vote."""
    desk = desk_of(request)
    with scope.within(desk.actor.communities):
        row = open_vote(desk.actor, vote)
        context = desk.context("votes", row.question, (row.question, ""))
        context |= {
            "heading": False,
            "subtitle": " · ".join(
                [row.community.short_name, _("No. %(number)d") % {"number": row.number}, row.get_method_display()]
            ),
            "state_label": row.get_state_display(),
            "state_tone": VOTE_TONES[State(row.state)],
            "banners": _banners(row, desk),
            "presses": _presses(row, desk),
            "facts": _facts(row),
            "acts": _acts(row) if desk.keeps else _files(row),
            "told": vote_results.tell(row) if row.state == State.CLOSED else None,
            "sections": _sections(row, desk),
            "entries": story_of("voice.vote", row.pk),
        }
        _next_step(row, desk, context)
    return render(request, "staff/voice/votes/vote.html", context)


def _next_step(row: Vote, desk: VoteDesk, context: dict[str, Any]) -> None:
    """Name the one thing to do next."""
    if desk.keeps and row.state == State.OPEN:
        context["next_url"] = reverse("staff:vote_ballot", kwargs={"vote": row.pk})
        context["next_text"] = _("Count the hands") if row.method == Method.HANDS else _("Enter a ballot")


def _banners(row: Vote, desk: VoteDesk) -> list[tuple[str, str]]:
    found = []
    if row.state == State.VOID:
        found.append(("stop", _("This vote is void: %(words)s") % {"words": row.state_words}))
    elif row.state == State.OPEN and row.closes_at is not None and row.closes_at <= desk.at:
        found.append(("due", _("Its time is over. Enter what was cast in time, then count it.")))
    elif row.state == State.OPEN and row.opens_at is not None and row.opens_at > desk.at:
        found.append(("info", _("It begins on %(moment)s.") % {"moment": spoken(row.opens_at)}))
    elif row.state == State.OPEN and row.state_words:
        found.append(("info", _("It runs longer: %(words)s") % {"words": row.state_words}))
    if row.state == State.DRAFT and row.register is not None and row.register.state != "fixed":
        found.append(("due", _("The register of owners is not fixed yet. Fix it before the vote opens.")))
    return found


def _presses(row: Vote, desk: VoteDesk) -> list[Press]:
    if not desk.keeps:
        return []
    named, found = {"vote": row.pk}, []
    if row.state == State.DRAFT:
        found.append(Press(reverse("staff:vote_open", kwargs=named), _("Open the vote"), "primary"))
    if row.state != State.DRAFT:
        words = _("Take it from the public page") if row.is_public else _("Show it to everybody")
        found.append(Press(reverse("staff:vote_publish", kwargs=named), words))
    return found


def _facts(row: Vote) -> list[tuple[Any, ...]]:
    facts: list[tuple[Any, ...]] = [(_("How it is held"), row.get_method_display())]
    if row.register is not None:
        facts.append((_("Register of owners"), row.register.name, register_url(row.register.pk)))
        facts.append((_("Which share is needed"), row.get_weight_display()))
        limit = row.terms.get("proxy_limit")
        facts.append((_("One proxy speaks for"), _("%(n)d flats at most") % {"n": limit} if limit else _("any number")))
    if row.terms.get("quorum"):
        facts.append((_("How many must take part"), row.terms["quorum"]))
    if row.method != Method.HANDS:
        facts.append((_("On a page"), _("those who have a say may") if voters.on_a_page(row) else _("no")))
    if voters.is_secret(row):
        facts.append((_("Secret"), _("nobody at the centre sees who voted what")))
    if row.opens_at:
        facts.append((_("Begins"), spoken(row.opens_at)))
    if row.closes_at:
        facts.append((_("Ends"), spoken(row.closes_at)))
    facts.append((_("Ballots"), row.ballots_count))
    if row.closed_at:
        facts.append((_("Counted on"), spoken(row.closed_at)))
    if row.state != State.DRAFT:
        facts.append((_("Public"), _("yes") if row.is_public else _("no")))
    return facts


def _acts(row: Vote) -> list[tuple[str, Any]]:
    named = {"vote": row.pk}

    def to(name: str) -> str:
        return reverse(f"staff:{name}", kwargs=named)

    acts: list[tuple[str, Any]] = []
    if row.state == State.DRAFT:
        acts.append((to("vote_edit"), _("Change the vote")))
    else:
        acts.append((to("vote_ballots"), _("All ballots")))
    if row.state == State.OPEN:
        if row.method == Method.ASSENT:
            acts.append((to("vote_not_reached"), _("Flats that have not voted")))
        acts += [(to("vote_prolong"), _("Let it run longer")), (to("vote_close"), _("Count it"))]
    if row.state != State.VOID:
        acts.append((to("vote_void"), _("Declare it void")))
    if row.state != State.DRAFT and row.is_public:
        acts.append((reverse("resident:vote", args=[row.pk]), _("The page that everybody sees")))
    if row.state == State.CLOSED and row.method == Method.ASSENT:
        acts.append((to("vote_file_names"), _("Table with names, for the owners' own count")))
    return acts + _files(row)


def _files(row: Vote) -> list[tuple[str, Any]]:
    if row.state != State.CLOSED:
        return []
    return [(reverse("staff:vote_file", kwargs={"vote": row.pk}), _("Table to count it again, without names"))]


def _sections(row: Vote, desk: VoteDesk) -> list[Section]:
    found: list[Section] = []
    if row.options:
        found.append(Section(_("Choices"), lines=[one["words"] for one in row.options]))
    if row.state == State.OPEN and row.method == Method.ASSENT:
        so_far = reading_votes.participation_of(row)
        whole, took = so_far.whole, so_far.took_part
        lines = [
            _("%(n)d of %(all)d flats have voted.") % {"n": so_far.flats_voted, "all": so_far.flats},
            _("%(n)d of %(all)d owners (heads) took part; two thirds are needed.")
            % {"n": took.heads, "all": whole.heads},
            _("%(n)s of %(all)s m² took part; two thirds are needed.")
            % {"n": metres(took.area).split()[0], "all": metres(whole.area).split()[0]},
            _("Enough take part by now.") if so_far.enough else _("Not enough take part yet."),
        ]
        found.append(Section(_("Who took part so far"), lines=lines))
    if row.state == State.CLOSED:
        found.append(
            Section(
                _("To count it again"),
                lines=[
                    _("Anybody who has the table without names can count it again: its SHA-256 is"),
                    row.export_digest,
                ],
            )
        )
    return found


@keeper_reads
def ballots(request: HttpRequest, vote: UUID) -> HttpResponse:
    """List the ballots of a vote with those that were replaced."""
    desk = desk_of(request)
    with scope.within(desk.actor.communities):
        row = open_vote(desk.actor, vote)
        rows = reading_votes.ballots_of(row)

        def fetch(after: str) -> Page:
            part, following = page_of(rows, after)
            return [_ballot_row(one, row) for one in part], following

        context = desk.context("votes", _("All ballots"), *way_of(row, _("All ballots")))
        context |= {
            "buttons": [(reverse("staff:vote_ballot", kwargs={"vote": row.pk}), _("Enter a ballot"))]
            if row.state == State.OPEN
            else [],
            "empty_title": _("No ballot was entered yet."),
            "empty_text": "",
        }
        return answer_list(request, columns=BALLOT_COLUMNS, fetch=fetch, context=context, count=rows.count())


def _ballot_row(one: Ballot, vote: Vote) -> Row:
    who = one.flat.flat if one.flat else mask_name(one.voter_name.reveal()) if one.voter_name else _("the hall")
    if one.proxy_name is not None:
        who = _("%(flat)s, by proxy %(name)s") % {"flat": who, "name": mask_name(one.proxy_name.reveal())}
    # Objections are read and answered, so there it is the name that nobody sees.
    hides_choice = voters.is_secret(vote) and vote.method != Method.CONSENT
    if voters.is_secret(vote) and not hides_choice:
        who = _("no name: this vote is secret")
    reason = f": {one.reason}" if one.reason else ""
    state = Cell(pgettext("ballot", "replaced"), tone="quiet") if one.is_replaced else Cell(_("counts"), tone="done")
    if one.answered_at is not None:
        state = Cell(_("answered"), tone="info")
    return Row(
        cells(
            who,
            _("sealed: this vote is secret") if hides_choice else f"{said_by(one.choice, vote)}{reason}",
            _how(one),
            spoken(one.cast_at),
            state,
            _ballot_act(one, vote),
        ),
        pk=one.pk,
    )


def _how(one: Ballot) -> str:
    if one.how != Ballot.How.PAGE:
        return str(one.get_how_display())
    return f"{one.get_how_display()} · {receipts.spaced(receipts.number_of_ballot(one.pk))}"


def _ballot_act(one: Ballot, vote: Vote) -> Cell:
    if one.is_replaced or vote.state != State.OPEN:
        if one.proof_file is not None:
            return leads(_("The proof"), "vote_ballot_proof", ballot=one.pk)
        return Cell("")
    if one.choice.get("choice") in ("object", "concern") and one.answered_at is None:
        return leads(_("Answer it"), "vote_ballot_answer", ballot=one.pk)
    return leads(_("Take it back"), "vote_ballot_back", ballot=one.pk)


@keeper_reads
def not_reached(request: HttpRequest, vote: UUID) -> HttpResponse:
    """List the flats that have not voted, those tried least first: a round of doors and calls."""
    desk = desk_of(request)
    with scope.within(desk.actor.communities):
        row = open_vote(desk.actor, vote)
        rows = reading_registers.not_reached(row) if row.register_id else []

        def fetch(after: str) -> Page:
            part, following = page_of(rows, after)
            return [
                Row(
                    cells(
                        Cell(one.flat, url=f"{reverse('staff:vote_ballot', kwargs={'vote': row.pk})}?flat={one.flat}"),
                        metres(one.area_dm2),
                        "、".join(mask_name(name) for name in one.owners.reveal().split("、")),
                        one.tries,
                        spoken(one.tried_at) if one.tried_at else "",
                        Cell(one.get_reach_display(), tone=REACH_TONES[one.reach]),  # type: ignore[index]
                        leads(_("Note a try"), "vote_try", vote=row.pk, flat=one.pk),
                    ),
                    pk=one.pk,
                )
                for one in part
            ], following

        context = desk.context("votes", _("Flats that have not voted"), *way_of(row, _("Flats that have not voted")))
        context |= {
            "lead": _("The flat leads to its ballot. A flat that cannot be reached counts as one that did not vote."),
            "empty_title": _("Every flat has voted."),
            "empty_text": "",
        }
        return answer_list(request, columns=REACH_COLUMNS, fetch=fetch, context=context, count=len(rows))


def way_of(row: Vote, last: Any) -> list[tuple[Any, str]]:
    """Give the way from the list of votes to a page of one."""
    return [(row.question, reverse("staff:vote", kwargs={"vote": row.pk})), (last, "")]
