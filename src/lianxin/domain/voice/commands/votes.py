"""Votes: drafted, opened, prolonged, closed with a result that anybody can work out again, or declared void."""

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.domain.voice import policy
from lianxin.domain.voice.commands import found, searching_matters, vote_duties
from lianxin.domain.voice.models import AssentRegister, Ballot, Matter, Meeting, Vote
from lianxin.domain.voice.queries import vote_counts
from lianxin.domain.voice.rules import assent_export, vote_terms
from lianxin.domain.voice.rules.vote_terms import VoteContent
from lianxin.platform import facts
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day
from lianxin.platform.commands import act, command
from lianxin.platform.errors import Invalid, Missing, Refused

State, Method = Vote.State, Vote.Method
MEASURE = "votes_closed"
__all__ = ["VoteContent"]


class VoteOpened(Refused):
    """What is voted on does not change once the vote is open."""

    title = gettext_lazy("This vote was opened, so its question stays. Declare it void and begin another one.")


class RegisterNotFixed(Refused):
    """Who has a say must be fixed first."""

    title = gettext_lazy("Fix the register of owners first: who has a say must not change during the vote.")


class StillRunning(Refused):
    """A vote is not ended before the time that everybody was told."""

    title = gettext_lazy("This vote was announced to run longer, and not every flat has voted yet.")


class NothingToCount(Refused):
    """No ballot was entered."""

    title = gettext_lazy("No ballot was entered yet. Enter them first, or declare the vote void.")


class NotOpen(Refused):
    """The vote is not open."""

    title = gettext_lazy("This vote is not open.")


@command("voice.draft_vote")
def draft(
    *,
    actor: Actor,
    community: UUID,
    content: VoteContent,
    matter: UUID | None = None,
    meeting: UUID | None = None,
    register: UUID | None = None,
    at: datetime,
    is_sample: bool = False,
    key: UUID | None = None,
) -> Vote:
    """Begin a vote; it counts nothing until it is opened."""
    policy.require(policy.may_keep(actor, community))
    division = found.community(community)
    _require_good(content, register)
    held = _of(Meeting, meeting, division.pk)
    row = Vote.objects.create(
        community=division,
        number=found.next_number(Vote, division.pk),
        matter=_of(Matter, matter, division.pk) or (held.matter if held else None),
        meeting=held,
        register=_of(AssentRegister, register, division.pk) if content.method == Method.ASSENT else None,
        method=content.method,
        weight=content.weight,
        question=" ".join(content.question.split()),
        options=vote_terms.options_of(content),
        terms=vote_terms.terms_of(content),
        opens_at=content.opens_at,
        closes_at=content.closes_at,
        made_by=actor.account,
        made_at=at,
        is_sample=is_sample,
    )
    searching_matters.index([row])
    act().target(row, "drafted", {"question": [None, row.question], "method": [None, row.method]})
    return row


@command("voice.change_vote")
def change(
    *,
    actor: Actor,
    vote: UUID,
    content: VoteContent,
    register: UUID | None = None,
    version: int | None = None,
    at: datetime,
    key: UUID | None = None,
) -> Vote:
    """Change a vote that was not opened yet."""
    row = _locked(actor, vote, version)
    if row.state != State.DRAFT:
        raise VoteOpened
    _require_good(content, register)
    before = row.question
    row.method, row.weight, row.question = content.method, content.weight, " ".join(content.question.split())
    row.options, row.terms = vote_terms.options_of(content), vote_terms.terms_of(content)
    row.opens_at, row.closes_at = content.opens_at, content.closes_at
    row.register = _of(AssentRegister, register, row.community_id) if content.method == Method.ASSENT else None
    _save(row, "method", "weight", "question", "options", "terms", "opens_at", "closes_at", "register")
    act().target(row, "changed", {"question": [before, row.question], "method": [None, row.method]})
    return row


@command("voice.open_vote")
def open_vote(*, actor: Actor, vote: UUID, version: int | None = None, at: datetime, key: UUID | None = None) -> Vote:
    """Open a vote, now or at the moment that was set for it."""
    row = _locked(actor, vote, version)
    if row.state == State.OPEN:
        return row
    if row.state != State.DRAFT:
        raise NotOpen(_("This vote is over. Begin another one."))
    register = found.locked(AssentRegister, row.register_id) if row.register_id else None
    if register is not None and register.state != AssentRegister.State.FIXED:
        raise RegisterNotFixed
    if row.closes_at is not None and row.closes_at <= at:
        raise Invalid(fields={"closes_at": [_("The end lies in the past. Set another one first.")]})
    row.state, row.opens_at = State.OPEN, max(row.opens_at or at, at)
    if row.closes_at is not None and row.closes_at <= row.opens_at:
        raise Invalid(fields={"closes_at": [_("It ends before it begins.")]})
    _save(row, "state", "opens_at")
    vote_duties.open_count(row)
    act().target(row, "opened", {"state": [State.DRAFT, State.OPEN]})
    return row


@command("voice.prolong_vote")
def prolong(
    *,
    actor: Actor,
    vote: UUID,
    closes_at: datetime,
    words: str,
    version: int | None = None,
    at: datetime,
    key: UUID | None = None,
) -> Vote:
    """Let an open vote run longer, with the reason; it never ends earlier than was announced."""
    row = _locked(actor, vote, version)
    if row.state != State.OPEN:
        raise NotOpen
    wrong: dict[str, list[str]] = {}
    if closes_at <= at or (row.closes_at is not None and closes_at <= row.closes_at):
        wrong["closes_at"] = [_("Choose a later end: a vote runs longer, never shorter than was announced.")]
    if not words.strip():
        wrong["words"] = [_("Say why it runs longer.")]
    if wrong:
        raise Invalid(fields=wrong)
    before, row.closes_at = row.closes_at, closes_at
    row.state_words = words.strip()[:300]
    _save(row, "closes_at", "state_words")
    vote_duties.open_count(row)
    act().target(row, "prolonged", {"closes_at": [before, closes_at]})
    act().note(reason=words)
    return row


@command("voice.close_vote")
def close(*, actor: Actor, vote: UUID, version: int | None = None, at: datetime, key: UUID | None = None) -> Vote:
    """Close a vote and count it; the result is kept with the digest of what it was counted from."""
    row = _locked(actor, vote, version)
    if row.state == State.CLOSED:
        return row
    if row.state != State.OPEN or (row.opens_at is not None and row.opens_at > at):
        raise NotOpen(_("This vote has not begun. There is nothing to count yet."))
    given = Ballot.objects.filter(vote=row, is_replaced=False).count()
    all_voted = row.register is not None and given >= row.register.flats
    if row.closes_at is not None and at < row.closes_at and not all_voted:
        raise StillRunning
    if row.method != Method.ASSENT and not given:
        raise NothingToCount
    row.result, export = vote_counts.work_out(row)
    row.export_digest = assent_export.digest(export)
    row.state, row.closed_at, row.closed_by, row.ballots_count = State.CLOSED, at, actor.account, given
    _save(row, "state", "closed_at", "closed_by", "result", "export_digest", "ballots_count")
    vote_duties.close_count(row)
    facts.record(measure=MEASURE, record=row, quantity=1, community_id=row.community_id, on=local_day(at))
    act().target(row, "closed", {"state": [State.OPEN, State.CLOSED], "carried": [None, row.result["carried"]]})
    return row


@command("voice.void_vote")
def void(
    *, actor: Actor, vote: UUID, words: str, version: int | None = None, at: datetime, key: UUID | None = None
) -> Vote:
    """Declare a vote void with the reason; its ballots stay on record and count for nothing."""
    row = _locked(actor, vote, version)
    if row.state == State.VOID:
        return row
    if not words.strip():
        raise Invalid(fields={"words": [_("Say why the vote is void.")]})
    before, row.state, row.state_words = row.state, State.VOID, words.strip()[:300]
    _save(row, "state", "state_words")
    vote_duties.close_count(row)
    if before == State.CLOSED:
        facts.correct(measure=MEASURE, record=row)
    act().target(row, "declared void", {"state": [before, State.VOID]})
    act().note(reason=words)
    return row


@command("voice.publish_vote")
def publish(
    *,
    actor: Actor,
    vote: UUID,
    is_public: bool,
    version: int | None = None,
    at: datetime,
    key: UUID | None = None,
) -> Vote:
    """Show a vote to everybody in the community, or no longer."""
    row = _locked(actor, vote, version)
    if row.is_public == is_public:
        return row
    row.is_public = is_public
    _save(row, "is_public")
    act().target(
        row, "published" if is_public else "withdrawn from the public", {"is_public": [not is_public, is_public]}
    )
    return row


def _locked(actor: Actor, vote: UUID, version: int | None) -> Vote:
    row: Vote = found.locked(Vote, vote, version=version)
    policy.require(policy.may_keep(actor, row.community_id))
    return row


def _save(row: Vote, *names: str) -> None:
    row.version += 1
    row.save(update_fields=[*names, "version"])
    if {"question", "state", "is_public"} & set(names):
        searching_matters.index([row])


def _require_good(content: VoteContent, register: UUID | None) -> None:
    wrong = vote_terms.wrong_with(content)
    if content.method == Method.ASSENT and register is None:
        wrong["register"] = [_("Choose the register of owners who have a say.")]
    if wrong:
        raise Invalid(fields=wrong)


def _of(model: type, pk: UUID | None, community: UUID):  # type: ignore[no-untyped-def]
    """Give a row of the same community, None where none is asked for; raises Missing."""
    if pk is None:
        return None
    row = model.objects.filter(pk=pk, community=community).first()  # type: ignore[attr-defined]
    if row is None:
        raise Missing
    return row
