"""Votes as pages show them: to the office with every ballot, to everybody without anybody."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from lianxin.domain.voice import policy
from lianxin.domain.voice.models import AssentRegister, Ballot, Vote
from lianxin.domain.voice.queries import vote_counts
from lianxin.domain.voice.rules import assent_export
from lianxin.engines.ballots.assent import Share
from lianxin.platform import scope
from lianxin.platform.actors import Actor
from lianxin.platform.errors import Missing

State = Vote.State


@dataclass(frozen=True)
class Participation:
    """How many flats, heads and 0.01 m² have voted so far; who agrees is not told before the end."""

    flats: int
    flats_voted: int
    whole: Share
    took_part: Share
    enough: bool


def list_votes(
    *, actor: Actor, state: str = "", method: str = "", communities: Sequence[UUID] | None = None, words: str = ""
) -> QuerySet[Vote]:
    """Give the votes in scope, newest first."""
    policy.require(policy.may_read_any(actor))
    rows = Vote.objects.select_related("community", "register").order_by("-made_at", "-pk")
    if communities is not None:
        rows = rows.filter(community__in=communities)
    for name, value in (("state", state), ("method", method)):
        if value:
            rows = rows.filter(**{name: value})
    return rows.filter(question__icontains=words) if words else rows


def find_vote(*, actor: Actor, vote: UUID) -> Vote:
    """Give a vote in scope; raises Missing."""
    rows = Vote.objects.select_related("community", "register", "matter", "meeting")
    row = rows.filter(pk=vote).first()
    if row is None or not policy.may_read(actor, row.community_id):
        raise Missing
    return row


def find_ballot(*, actor: Actor, ballot: UUID) -> Ballot:
    """Give a ballot in scope with its vote; raises Missing."""
    row = Ballot.objects.select_related("vote__community", "flat").filter(pk=ballot).first()
    if row is None or not policy.may_keep(actor, row.community_id):
        raise Missing
    return row


def ballots_of(vote: Vote) -> QuerySet[Ballot]:
    """Give the ballots of a vote, newest first, with those that were replaced."""
    return Ballot.objects.filter(vote=vote).select_related("flat").order_by("-cast_at", "-pk")


def participation_of(vote: Vote) -> Participation:
    """Count who took part in an assent vote so far."""
    rows = assent_export.numbered(vote_counts.assent_rows(vote))
    found = assent_export.count(rows, proxy_limit=vote.terms.get("proxy_limit"))
    voted = sum(bool(one.choice) for one in rows)
    return Participation(len(rows), voted, found.whole, found.took_part, found.enough_took_part)


def list_fixed_registers(community: UUID) -> list[AssentRegister]:
    """Give the registers of a community on which a vote may stand, newest first."""
    return list(AssentRegister.objects.filter(community=community).order_by("-made_at", "-pk"))


def list_public(*, community: UUID, most: int = 50) -> list[Vote]:
    """Give the public votes of a community that are open or over, newest first."""
    with scope.everything():
        rows = Vote.objects.filter(community=community, is_public=True).exclude(state=State.DRAFT)
        return list(rows.order_by("-opens_at", "-pk")[:most])


def find_public(*, vote: UUID) -> Vote:
    """Give a public vote; raises Missing."""
    with scope.everything():
        rows = Vote.objects.select_related("community", "register").filter(pk=vote, is_public=True)
        row = rows.exclude(state=State.DRAFT).first()
    if row is None:
        raise Missing
    return row
