"""Mediations as offices read them: numbers, tiers, states, days. Sealed words are opened by a command, never here."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count, QuerySet

from lianxin.domain.voice import policy
from lianxin.domain.voice.models import (
    Commitment,
    CourtConfirmation,
    Mediation,
    MediationClause,
    MediationParty,
    MediationTalk,
)
from lianxin.domain.voice.rules import mediation_states as states
from lianxin.platform import audit, scope
from lianxin.platform.actors import Actor
from lianxin.platform.audit import TimelineEntry
from lianxin.platform.clock import local_moment
from lianxin.platform.errors import Missing

# What is sealed is not even read where it is not opened.
SEALED = ("subject_words", "state_words")


@dataclass(frozen=True, slots=True)
class MediationBundle:
    """A mediation with its sides, talks and clauses, all without words."""

    row: Mediation
    parties: Sequence[MediationParty]
    talks: Sequence[MediationTalk]
    clauses: Sequence[MediationClause]
    commitments: dict[UUID, Commitment]
    court: CourtConfirmation | None
    who: states.Who
    acts: tuple[str, ...]

    @property
    def is_mediator(self) -> bool:
        """Tell whether the reader mediates here."""
        return self.who == "mediator"


def list_mediations(
    actor: Actor,
    *,
    state: str = "",
    tier: str = "",
    mine: bool = False,
    communities: Iterable[UUID] | None = None,
) -> QuerySet[Mediation]:
    """Give mediations of the communities in scope, living ones first and then the newest; without their words."""
    rows = Mediation.objects.defer(*SEALED).select_related("community")
    if state == "live":
        rows = rows.filter(ended_at=None)
    elif state:
        rows = rows.filter(state=state)
    if tier:
        rows = rows.filter(tier=tier)
    if mine:
        rows = rows.filter(mediator=actor.account)
    if communities is not None:
        rows = rows.filter(community__in=list(communities))
    return rows.order_by("-asked_at", "-pk")


def find_mediation(actor: Actor, pk: UUID) -> MediationBundle:
    """Give one mediation in scope for who keeps its community; raises Missing."""
    row = Mediation.objects.defer(*SEALED).filter(pk=pk).select_related("community", "case", "matter").first()
    if row is None or not policy.may_keep(actor, row.community_id):
        raise Missing
    who: states.Who = "mediator" if policy.may_unseal(actor, row.community_id, row.mediator) else "keeper"
    promised = Commitment.objects.filter(clause__mediation=row).order_by("pk")
    return MediationBundle(
        row=row,
        parties=list(row.parties.defer("name", "phone").order_by("side", "pk")),
        talks=list(row.talks.defer("words").select_related("party").order_by("held_at", "planned_on", "pk")),
        clauses=list(row.clauses.defer("words").select_related("party").order_by("number")),
        commitments={one.clause_id: one for one in promised if one.clause_id},
        court=CourtConfirmation.objects.filter(mediation=row).first(),
        who=who,
        acts=states.acts_for(row.state, who),
    )


def find_party(actor: Actor, pk: UUID) -> MediationParty:
    """Give one side, without its name; raises Missing."""
    return _part(actor, MediationParty.objects.defer("name", "phone"), pk)


def find_talk(actor: Actor, pk: UUID) -> MediationTalk:
    """Give one talk or visit, without its words; raises Missing."""
    return _part(actor, MediationTalk.objects.defer("words"), pk)


def find_clause(actor: Actor, pk: UUID) -> MediationClause:
    """Give one clause, without its words; raises Missing."""
    return _part(actor, MediationClause.objects.defer("words"), pk)


def of_case(case: UUID) -> list[Mediation]:
    """Give the mediations of a case, newest first, without their words."""
    return list(Mediation.objects.defer(*SEALED).filter(case=case).order_by("-asked_at", "-pk"))


def timeline(actor: Actor, pk: UUID) -> list[TimelineEntry]:
    """Give what happened to a mediation; each opening of its words is among it."""
    with scope.within(actor.communities):
        return audit.entries_for("voice.mediation", pk, limit=50)


@dataclass(frozen=True, slots=True)
class Outcome:
    """How many mediations of one tier ended how, in a time; all that is ever told of them outside."""

    tier: str
    agreed: int
    performed: int
    failed: int
    broken: int
    withdrawn: int
    live: int


def outcomes(*, from_on: date, until_on: date, communities: Iterable[UUID] | None = None) -> list[Outcome]:
    """Give tier and outcome of the mediations asked for in [from_on, until_on), for the department's figures."""
    rows = Mediation.objects.filter(asked_at__gte=local_moment(from_on), asked_at__lt=local_moment(until_on))
    if communities is not None:
        rows = rows.filter(community__in=list(communities))
    found: dict[str, dict[str, int]] = {}
    counted = rows.order_by().values_list("tier", "state").annotate(n=Count("pk"))
    for tier, state, number in counted:
        found.setdefault(tier, {})[state] = number
    return [
        Outcome(
            tier=tier,
            agreed=some.get("agreed", 0),
            performed=some.get("performed", 0),
            failed=some.get("failed", 0),
            broken=some.get("broken", 0),
            withdrawn=some.get("withdrawn", 0),
            live=sum(some.get(state, 0) for state in ("asked", "accepted", "talking")),
        )
        for tier, some in sorted(found.items())
    ]


def _part(actor: Actor, rows: Any, pk: UUID) -> Any:
    row = rows.filter(pk=pk).select_related("mediation").first()
    if row is None or not policy.may_keep(actor, row.community_id):
        raise Missing
    return row


def count_to_do(actor: Actor) -> int:
    """Count the living mediations of this actor."""
    with scope.within(actor.communities):
        return Mediation.objects.filter(mediator=actor.account, ended_at=None).count() if actor.account else 0
