"""What happens to passbooks, for the consequences of the shop and of later modules."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID


@dataclass(frozen=True, slots=True)
class PassbookClosing:
    """Accounts are about to be frozen or emptied: everything that keeps points of theirs aside ends in the same act.

    The accounts are locked already, all of one act in one event. A consequence gives the holds back
    (`ledger.release`) in one call and then touches its stock; it may not ask for a lock of a lower rank. What it
    leaves held is given back afterwards without it.
    """

    accounts: tuple[UUID, ...]
    households: tuple[UUID, ...]
    on: date


@dataclass(frozen=True, slots=True)
class PassbookMoved:
    """The points of a household went on: to another book, to another household, or both; `points` may be nought."""

    household: UUID
    to_household: UUID
    from_book: UUID
    to_book: UUID
    from_account: UUID
    to_account: UUID
    points: int
    on: date


@dataclass(frozen=True, slots=True)
class BookEnded:
    """A community's book was closed because the community became part of another; `into` goes on for it."""

    book: UUID
    into: UUID
    community: UUID
    on: date
