"""What happened to offers and promises, for the consequences of higher modules."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID


@dataclass(frozen=True, slots=True)
class OfferWithdrawn:
    """An offer can no longer be planned with: it is paused, has ended, or what it is has to be assured again."""

    offer: UUID
    community: UUID
    reason: str
    on: date


@dataclass(frozen=True, slots=True)
class PromiseNoted:
    """What became of a promise is known: kept, partly, broken or excused."""

    promise: UUID
    offer: UUID
    community: UUID
    state: str
    record_kind: str
    record_id: UUID | None
