"""Promises: what is due, what was promised for a record, and how often a giver's word was kept."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from lianxin.domain.resources import policy
from lianxin.domain.resources.models import Offer, Promise
from lianxin.platform import scope
from lianxin.platform.actors import Actor
from lianxin.platform.errors import Missing

State = Promise.State
WORTH = {State.KEPT: 2, State.PARTLY: 1, State.BROKEN: 0}
MOST_SHOWN = 500


@dataclass(frozen=True, slots=True)
class PromiseRow:
    """One promise on a list, beside what it is out of and who gave it."""

    id: UUID
    offer: UUID
    offer_title: str
    giver: str
    organisation: UUID | None
    person: UUID | None
    community: UUID
    community_name: str
    on: date
    quantity: int
    unit: str
    state: str
    kept_quantity: int | None
    reason: str
    record_kind: str
    record_id: UUID | None


def list_promises(
    *,
    actor: Actor,
    communities: Iterable[UUID] | None = None,
    state: str = "",
    due_on: date | None = None,
    limit: int = MOST_SHOWN,
) -> list[PromiseRow]:
    """List promises: to the communities in an office's scope, or those that a partner gave; `due_on` keeps what is due.

    What is open comes first, by day; the rest newest first.
    """
    with scope.within(actor.communities if policy.may_read_any(actor) else None):
        rows = Promise.objects.all()
        if not policy.may_read_any(actor):
            policy.require(policy.gives_any(actor))
            rows = rows.filter(offer__organisation__in=actor.organisations)
        if communities is not None:
            rows = rows.filter(community__in=list(communities))
        if due_on is not None:
            rows = rows.filter(state=State.OPEN, on__lte=due_on)
        elif state:
            rows = rows.filter(state=state)
        rows = rows.select_related("offer__organisation", "offer__person", "community")
        found = list(rows.order_by("-on", "pk")[:limit])
    ahead = sorted((row for row in found if row.state == State.OPEN), key=lambda row: (row.on, row.pk))
    names = policy.may_read_any(actor)
    return [_row(row, names=names) for row in [*ahead, *(row for row in found if row.state != State.OPEN)]]


def find_promise(*, actor: Actor, promise: UUID) -> PromiseRow:
    """Give one promise to those whose community it is for, and to who gave it; raises Missing."""
    with scope.everything():
        row = (
            Promise.objects.filter(pk=promise)
            .select_related("offer__organisation", "offer__person", "community")
            .first()
        )
    if row is None:
        raise Missing
    reads = policy.may_read(actor, row.community_id)
    if not reads and not policy.is_giver(actor, row.offer.organisation_id, row.offer.person_id):
        raise Missing
    return _row(row, names=reads)


def promises_for(*, record_ids: Iterable[UUID]) -> list[PromiseRow]:
    """Give what is promised for records of a higher module, by day; one query in the active scope."""
    rows = Promise.objects.filter(record_id__in=list(record_ids))
    rows = rows.select_related("offer__organisation", "offer__person", "community")
    return [_row(row, names=False) for row in rows.order_by("on", "pk")]


def kept_counts(offers: Iterable[UUID]) -> dict[UUID, tuple[int, int]]:
    """Give (kept, noted) of offers in halves, of promises that were not called off; one partly kept is one half.

    So (3, 4) says that of two promises one was kept and one partly.
    """
    found: dict[UUID, tuple[int, int]] = {}
    with scope.everything():
        rows = Promise.objects.filter(offer__in=list(offers), state__in=list(WORTH)).values_list("offer_id", "state")
        for offer, state in rows:
            kept, noted = found.get(offer, (0, 0))
            found[offer] = (kept + WORTH[State(state)], noted + 2)
    return found


def kept_of(ends: Iterable[str]) -> tuple[int, int]:
    """Give (kept, noted) in halves, as `kept_counts` does, of the states of one offer's promises."""
    known = [WORTH[State(one)] for one in ends if State(one) in WORTH]
    return sum(known), 2 * len(known)


def giver_of(row: Offer, *, names: bool) -> str:
    """Name who gives an offer: an organisation by its name, a person masked, or nobody."""
    from lianxin.engines.masking import mask_name

    if row.organisation is not None:
        return str(row.organisation.name)
    return mask_name(row.person.name) if row.person is not None and names else ""


def _row(row: Promise, *, names: bool) -> PromiseRow:
    return PromiseRow(
        id=row.pk,
        offer=row.offer_id,
        offer_title=row.offer.title,
        giver=giver_of(row.offer, names=names),
        organisation=row.offer.organisation_id,
        person=row.offer.person_id,
        community=row.community_id,
        community_name=row.community.short_name,
        on=row.on,
        quantity=row.quantity,
        unit=row.offer.unit,
        state=row.state,
        kept_quantity=row.kept_quantity,
        reason=row.reason,
        record_kind=row.record_kind,
        record_id=row.record_id,
    )
