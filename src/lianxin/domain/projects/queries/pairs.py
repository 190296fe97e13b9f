"""Pairs that staff ruled out: which offer does not go to which community, by whom and why."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import OuterRef, Q, QuerySet, Subquery

from lianxin.domain.people.models import Account
from lianxin.domain.projects import policy
from lianxin.domain.projects.models import ForbiddenPair
from lianxin.domain.resources.models import Offer
from lianxin.platform import scope
from lianxin.platform.actors import Actor
from lianxin.platform.errors import Missing

MOST_OFFERS = 500


@dataclass(frozen=True, slots=True)
class PairRow:
    """An offer that does not go to a community."""

    id: UUID
    community: UUID
    community_name: str
    offer: UUID
    offer_title: str
    giver: str
    reason: str
    made_by: str
    made_at: datetime
    ended_at: datetime | None


def list_pairs(*, actor: Actor, ended: bool = False, offset: int = 0, limit: int = 50) -> list[PairRow]:
    """Give the pairs of the communities in scope, the latest first: those that hold, or those that were taken back."""
    policy.require(policy.may_read_any(actor))
    ids = _in_scope(actor).filter(ended_at__isnull=not ended).order_by("-made_at", "pk")
    with scope.everything():
        # The offer may be a neighbour's.
        rows = _with_names(ids)[offset : offset + limit]
        return [_row(row) for row in rows]


def count_pairs(*, actor: Actor, ended: bool = False) -> int:
    """Count the pairs of the communities in scope."""
    policy.require(policy.may_read_any(actor))
    return _in_scope(actor).filter(ended_at__isnull=not ended).count()


def find_pair(*, actor: Actor, pair: UUID) -> PairRow:
    """Give one pair of a community in scope; raises Missing."""
    found = _in_scope(actor).filter(pk=pair)
    with scope.everything():
        row = _with_names(found).first()
    if row is None or not policy.may_read(actor, row.community_id):
        raise Missing
    return _row(row)


def offers_around(communities: Collection[UUID]) -> list[Offer]:
    """Give the offers that may go to some communities: their own, and others' that reach beyond their community."""
    with scope.everything():
        rows = Offer.objects.exclude(state=Offer.State.ENDED).filter(
            Q(community__in=communities) | ~Q(reach=Offer.Reach.COMMUNITY)
        )
        return list(rows.select_related("organisation", "community").order_by("title", "pk")[:MOST_OFFERS])


def _in_scope(actor: Actor) -> QuerySet[ForbiddenPair]:
    with scope.everything():
        rows = ForbiddenPair.objects.all()
    return rows if actor.communities is None else rows.filter(community__in=actor.communities)


def _with_names(rows: QuerySet[ForbiddenPair]) -> QuerySet[ForbiddenPair]:
    name = Account.objects.filter(pk=OuterRef("made_by")).values("display_name")[:1]
    return rows.select_related("community", "offer__organisation").annotate(maker=Subquery(name))


def _row(row: ForbiddenPair) -> PairRow:
    return PairRow(
        id=row.pk,
        community=row.community_id,
        community_name=row.community.short_name,
        offer=row.offer_id,
        offer_title=row.offer.title,
        giver=row.offer.organisation.name if row.offer.organisation else "",
        reason=row.reason,
        made_by=row.maker or "",  # type: ignore[attr-defined]
        made_at=row.made_at,
        ended_at=row.ended_at,
    )
