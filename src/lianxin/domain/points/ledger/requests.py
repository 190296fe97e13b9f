"""What is asked of the ledger and what came of it: moves, postings, the check of points, and how a request is known."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from django.utils.translation import gettext as _

from lianxin.domain.points.ledger.accounts import AccountRow
from lianxin.platform.errors import Invalid

MOST_POINTS = 1_000_000_000


class Move(NamedTuple):
    """Points from one account to another.

    `dst_lot_on` is the day on which they expire with the receiving household; `src_lot_on` names one lot to take them
    from, otherwise the one that expires first goes first. `gives_back` puts them into a lot that granted them before.
    """

    src: UUID
    dst: UUID
    points: int
    dst_lot_on: date | None = None
    src_lot_on: date | None = None
    gives_back: bool = False


@dataclass(frozen=True, slots=True)
class Posting:
    """One act on the ledger; `counts_as` is the kind whose lifetime sums it changes (a reversal: the original's)."""

    book: UUID
    kind: str
    moves: Sequence[Move]
    effective_on: date
    at: datetime
    key: UUID
    by: UUID | None = None
    via: str = ""
    source_kind: str = ""
    source_id: UUID | None = None
    rules: UUID | None = None
    note: str = ""
    reverses: UUID | None = None
    counts_as: str = ""
    # Points that stop being held on an account as this moves them.
    unheld: Mapping[UUID, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Posted:
    """What came of a posting; `accounts` are the rows as they stand now (empty when the key had been used before)."""

    txn: UUID
    replayed: bool
    accounts: dict[UUID, AccountRow]


class Transfer(NamedTuple):
    """One row of points_transfer."""

    src: UUID
    dst: UUID
    points: int
    src_lot_on: date | None
    dst_lot_on: date | None


def check_points(points: object) -> None:
    """Raise Invalid unless this is a whole number of points that can exist."""
    if not isinstance(points, int) or isinstance(points, bool):
        raise Invalid(_("Points are whole numbers."))
    if points <= 0:
        raise Invalid(_("Points must be more than zero. To take points back, correct the entry that gave them."))
    if points > MOST_POINTS:
        raise Invalid(_("That is more points than one entry can hold."))


def request_hash(*parts: object) -> bytes:
    """Give the digest by which the same request is known again."""
    return hashlib.sha256("\n".join(map(str, parts)).encode()).digest()


def hash_of(posting: Posting) -> bytes:
    """Give the digest by which a posting is known again."""
    moves = (f"{m.src.hex} {m.dst.hex} {m.points} {m.src_lot_on} {m.dst_lot_on}" for m in posting.moves)
    return request_hash(
        posting.book.hex,
        posting.kind,
        posting.effective_on,
        posting.source_kind,
        posting.source_id,
        posting.reverses,
        posting.note,
        *moves,
    )
