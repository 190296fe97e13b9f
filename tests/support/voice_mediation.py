"""One object of each kind that the pages of mediations name, for tests which walk all addresses."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from lianxin.domain.voice.commands import mediation_moves as moves
from lianxin.domain.voice.commands.found import next_number
from lianxin.domain.voice.models import (
    CourtConfirmation,
    Mediation,
    MediationClause,
    MediationParty,
    MediationTalk,
)
from lianxin.platform import scope
from lianxin.platform.clock import local_day
from lianxin.platform.sensitive import seal

NOW = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)


def make_mediation_object(kind: str, *, community: UUID, mediator: UUID) -> UUID:
    """Make an object of one kind in a community, for its mediator, and give its id."""
    with scope.everything():
        return MAKERS[kind](community, mediator).pk


def _mediation(community: UUID, mediator: UUID) -> Mediation:
    made = Mediation.objects.create(
        community_id=community,
        number=next_number(Mediation, community),
        subject_words=seal("楼上漏水", moves.SUBJECT),
        state="agreed",
        mediator=mediator,
        mediator_name="调解员",
        conflict_words="都没有",
        conflict_checked_at=NOW,
        asked_at=NOW,
        accepted_at=NOW,
        agreed_on=local_day(NOW),
    )
    CourtConfirmation.objects.create(community_id=community, mediation=made, due_by=local_day(NOW) + timedelta(days=30))
    return made


def _party(community: UUID, mediator: UUID) -> MediationParty:
    return MediationParty.objects.create(
        community_id=community,
        mediation=_mediation(community, mediator),
        side="asking",
        name=seal("陈某", moves.NAME),
    )


def _talk(community: UUID, mediator: UUID) -> MediationTalk:
    return MediationTalk.objects.create(
        community_id=community, mediation=_mediation(community, mediator), kind="visit", planned_on=local_day(NOW)
    )


def _clause(community: UUID, mediator: UUID) -> MediationClause:
    return MediationClause.objects.create(
        community_id=community,
        mediation=_mediation(community, mediator),
        number=1,
        words=seal("月底前修好", moves.CLAUSE),
        agreed_at=NOW,
    )


MAKERS: dict[str, Callable[[UUID, UUID], Any]] = {
    "mediation": _mediation,
    "mediation_party": _party,
    "mediation_talk": _talk,
    "clause": _clause,
}
