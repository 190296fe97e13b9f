"""One object of each kind that the pages of votes and opinion maps name, for tests which walk all addresses."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from lianxin.domain.voice.models import (
    AssentRegister,
    Ballot,
    Opinion,
    OpinionMap,
    OpinionVoter,
    RegisterFlat,
    Statement,
    Vote,
)
from lianxin.domain.voice.queries import vote_counts
from lianxin.domain.voice.rules import assent_export
from lianxin.platform import scope
from lianxin.platform.ids import new_id

NOW = datetime.now(UTC)
NAME = "走查的一栋"


def make_votes_object(kind: str, *, community: UUID) -> UUID:
    """Make an object of one kind in a community and give its id; those of one community belong together."""
    with scope.everything():
        return MAKERS[kind](community).pk


def _register(community: UUID) -> AssentRegister:
    known = AssentRegister.objects.filter(community=community, name=NAME).first()
    if known is not None:
        return known
    row = AssentRegister.objects.create(
        community_id=community, name=NAME, state="fixed", flats=1, area_dm2=8952, made_at=NOW, fixed_at=NOW
    )
    owners: Any = RegisterFlat._meta.get_field("owners")
    RegisterFlat.objects.create(
        community_id=community, register=row, flat="101", area_dm2=8952, owners=owners.seal("陈大明")
    )
    return row


def _flat(community: UUID) -> RegisterFlat:
    return RegisterFlat.objects.get(register=_register(community))


def _vote(community: UUID) -> Vote:
    register = _register(community)
    known = Vote.objects.filter(register=register).first()
    if known is not None:
        return known
    row = Vote.objects.create(
        community_id=community,
        number=new_id().int % 10**8,
        register=register,
        method="assent",
        question="加装电梯吗",
        terms={"proxy_limit": None},
        state="open",
        opens_at=NOW - timedelta(days=2),
        ballots_count=1,
        is_public=True,
        made_at=NOW,
    )
    flat = _flat(community)
    Ballot.objects.create(
        community_id=community, vote=row, flat=flat, voter_key=flat.pk.hex, choice={"choice": "agree"}, how="door",
        cast_at=NOW,
    )  # fmt: skip
    row.result, export = vote_counts.work_out(row)
    row.export_digest = assent_export.digest(export)
    row.state, row.closed_at = "closed", NOW
    row.save()
    return row


def _ballot(community: UUID) -> Ballot:
    return Ballot.objects.get(vote=_vote(community))


def _map(community: UUID) -> OpinionMap:
    known = OpinionMap.objects.filter(community=community, question=NAME).first()
    if known is not None:
        return known
    row = OpinionMap.objects.create(
        community_id=community, number=new_id().int % 10**8, question=NAME, state="open", opened_at=NOW, made_at=NOW,
        voters=5,
    )  # fmt: skip
    said = Statement.objects.create(
        community_id=community, map=row, number=1, words="先修电梯", is_seed=True, state="shown", sent_at=NOW
    )
    for number in range(1, 6):
        voter = OpinionVoter.objects.create(community_id=community, map=row, number=number, key_digest=new_id().hex)
        Opinion.objects.create(community_id=community, statement=said, voter=voter, value=1, said_at=NOW)
    return row


def _statement(community: UUID) -> Statement:
    return Statement.objects.get(map=_map(community))


MAKERS: dict[str, Callable[[UUID], Any]] = {
    "register": _register,
    "flat": _flat,
    "vote": _vote,
    "ballot": _ballot,
    "map": _map,
    "statement": _statement,
}
