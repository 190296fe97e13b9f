"""Finding and locking the rows that a command acts on; what is outside the scope is missing."""

from uuid import UUID

from lianxin.domain.resources import policy
from lianxin.domain.resources.models import Agreement, Offer, Promise
from lianxin.platform import locks
from lianxin.platform.actors import Actor
from lianxin.platform.errors import Missing


def offer_of(actor: Actor, pk: UUID, *, givers: bool = False) -> Offer:
    """Lock an offer that the actor keeps, or gives when `givers` may do it too; raises Missing or NotAllowed."""
    row: Offer | None = locks.lock_one(Offer.objects.filter(pk=pk))
    if row is None:
        raise Missing
    gives = givers and policy.is_giver(actor, row.organisation_id, row.person_id)
    policy.require(gives or policy.may_keep(actor, row.community_id))
    return row


def agreement_of(actor: Actor, pk: UUID) -> Agreement:
    """Lock an agreement that the actor keeps; raises Missing or NotAllowed."""
    row: Agreement | None = locks.lock_one(Agreement.objects.filter(pk=pk))
    if row is None:
        raise Missing
    policy.require(policy.may_keep(actor, row.community_id))
    return row


def promise_of(actor: Actor, pk: UUID, *, givers: bool = False) -> Promise:
    """Lock a promise that the actor keeps, or gave when `givers` may do it too; raises Missing or NotAllowed."""
    row: Promise | None = locks.lock_one(Promise.objects.filter(pk=pk).select_related("offer"))
    if row is None:
        raise Missing
    gives = givers and policy.is_giver(actor, row.offer.organisation_id, row.offer.person_id)
    policy.require(gives or policy.may_keep(actor, row.community_id))
    return row
