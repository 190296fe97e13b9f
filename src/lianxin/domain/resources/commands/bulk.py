"""Many offers with what became of them, taken over at once: what another list or the sample district holds."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from lianxin.domain.resources import policy
from lianxin.domain.resources.commands import writing
from lianxin.domain.resources.commands.offers import note_made
from lianxin.domain.resources.commands.promises import MEASURE as KEPT
from lianxin.domain.resources.commands.searching import index_many
from lianxin.domain.resources.models import Offer, Partnership, Promise
from lianxin.domain.resources.rules.contents import OfferContent
from lianxin.platform import facts
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day
from lianxin.platform.commands import act, command
from lianxin.platform.ids import new_id

State = Promise.State


@dataclass(frozen=True, slots=True)
class PastPromise:
    """A promise whose end is known, or that lies ahead."""

    on: date
    state: str = State.OPEN
    quantity: int = 1
    kept_quantity: int | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class PastOffer:
    """An offer as it stands: assured on a day or not yet, paused or not, ended with some words, with its promises."""

    content: OfferContent
    made_at: datetime
    assured_on: date | None = None
    is_paused: bool = False
    ended_words: str = ""
    promises: Sequence[PastPromise] = field(default_factory=tuple)


@dataclass(frozen=True, slots=True)
class Tie:
    """What kind of partner an organisation is, since when."""

    organisation: UUID
    kind: str
    since_on: date
    note: str = ""


@command("resources.take_in_offers")
def take_in_offers(
    *,
    actor: Actor,
    community: UUID,
    offers: Sequence[PastOffer],
    ties: Sequence[Tie] = (),
    is_sample: bool = False,
    at: datetime,
    key: UUID | None = None,
) -> int:
    """Take over a community's offers, ties and promises; what is said of them is trusted, not checked again."""
    policy.require(policy.may_keep(actor, community))
    codes, today = writing.category_ids(), local_day(at)
    rows: list[Offer] = []
    promised: list[Promise] = []
    parts = writing.Parts()
    for one in offers:
        row = Offer(pk=new_id(), community_id=community, made_at=one.made_at, is_sample=is_sample)
        writing.fill(row, one.content)
        _stand(row, one, today)
        rows.append(row)
        parts.add(row, one.content, codes)
        promised += [_promise(row, promise) for promise in one.promises]
        note_made(row, one.made_at)
    Offer.objects.bulk_create(rows, batch_size=500)
    parts.write()
    Promise.objects.bulk_create(promised, batch_size=1000)
    for kept in promised:
        if kept.state in (State.KEPT, State.PARTLY):
            facts.record(measure=KEPT, record=kept, quantity=1, community_id=community, on=kept.on)
    Partnership.objects.bulk_create(
        Partnership(
            community_id=community,
            organisation_id=tie.organisation,
            kind=tie.kind,
            since_on=tie.since_on,
            note=tie.note,
        )
        for tie in ties
    )
    index_many(Offer.objects.filter(pk__in=[row.pk for row in rows]).select_related("organisation"))
    for row in rows:
        act().target(row, "taken over", {"title": [None, row.title]})
    return len(rows)


def _stand(row: Offer, one: PastOffer, today: date) -> None:
    if one.assured_on is None:
        return
    row.state, row.assured_on = Offer.State.ACTIVE, one.assured_on
    row.assure_by = writing.assured_until(one.assured_on, row.until_on)
    if one.is_paused:
        row.state = Offer.State.PAUSED
    if one.ended_words:
        row.state, row.state_reason = Offer.State.ENDED, one.ended_words


def _promise(row: Offer, one: PastPromise) -> Promise:
    is_noted = one.state != State.OPEN
    return Promise(
        pk=new_id(),
        community_id=row.community_id,
        offer=row,
        on=one.on,
        quantity=one.quantity,
        state=one.state,
        kept_quantity=one.kept_quantity,
        reason=one.reason,
        made_at=row.made_at,
        noted_at=row.made_at if is_noted else None,
    )
