"""Reversal: a new transaction that mirrors another, with points back in the lots they came from."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from lianxin.domain.points.ledger import sql
from lianxin.domain.points.ledger.accounts import Kind, lock_accounts, open_accounts
from lianxin.domain.points.ledger.errors import AlreadyReversed
from lianxin.domain.points.ledger.lots import Lots
from lianxin.domain.points.ledger.posting import post
from lianxin.domain.points.ledger.requests import Move, Posted, Posting
from lianxin.domain.points.models import Txn
from lianxin.platform.errors import Missing

GRACE = timedelta(days=30)


def reverse(
    *,
    txn: UUID,
    effective_on: date,
    at: datetime,
    key: UUID,
    by: UUID | None = None,
    via: str = "",
    note: str = "",
    source_kind: str = "",
    source_id: UUID | None = None,
) -> Posted:
    """Undo a transaction once by its mirror image, in the period that is open now.

    Points given back enter the lot they left; when that has expired, one that lasts 30 days. Points taken back leave
    the lot they entered, then the oldest. What a household has spent already becomes a visible debt, which its next
    awards settle; no balance goes below zero. Raises AlreadyReversed or Missing.
    """
    sql.require_transaction()
    found = sql.rows("SELECT book_id, kind, reverses_id FROM points_txn WHERE id = %s", [txn])
    if not found:
        raise Missing
    book, kind, reverses = sql.as_uuid(found[0][0]), found[0][1], found[0][2]
    if kind == Txn.Kind.REVERSAL or reverses is not None:
        raise AlreadyReversed
    parts = sql.rows(
        "SELECT src_id, dst_id, points, src_lot_on, dst_lot_on FROM points_transfer WHERE txn_id = %s ORDER BY number",
        [txn],
    )
    transfers = [
        (sql.as_uuid(s), sql.as_uuid(d), points, s_on and sql.as_date(s_on), d_on and sql.as_date(d_on))
        for s, d, points, s_on, d_on in parts
    ]
    wanted = {pk for src, dst, *_rest in transfers for pk in (src, dst)}
    condition, among = sql.among(wanted)
    rows = sql.rows(
        f"SELECT owner, community_id FROM points_account WHERE kind = 'household' AND id {condition}", [among]
    )
    debts: dict[UUID, UUID] = {}
    if rows and any(dst_on for *_rest, dst_on in transfers):
        owners = [sql.as_uuid(owner) for owner, _community in rows]
        debts = open_accounts(book=book, community=sql.as_uuid(rows[0][1]), kind=Kind.DEBT, owners=owners, at=at)
    locked = lock_accounts([*wanted, *debts.values()])
    already = sql.rows("SELECT id, key FROM points_txn WHERE reverses_id = %s", [txn])
    if already:
        if sql.as_uuid(already[0][1]) != key:
            raise AlreadyReversed
        return Posted(sql.as_uuid(already[0][0]), replayed=True, accounts={})
    moves: list[Move] = []
    lots = Lots.of(dst for _src, dst, *_rest in transfers if locked[dst].kind == Kind.HOUSEHOLD)
    free = {pk: row.free for pk, row in locked.items()}
    for src, dst, points, src_on, dst_on in transfers:
        back_on = None if src_on is None else src_on if src_on > effective_on else effective_on + GRACE
        if locked[dst].kind != Kind.HOUSEHOLD:
            moves.append(Move(dst, src, points, back_on, None, gives_back=True))
            continue
        there = max(min(points, free[dst]), 0)
        free[dst] -= there
        moves += _take_back(lots, dst, src, there, dst_on, back_on)
        if points > there:
            moves.append(Move(debts[locked[dst].owner], src, points - there, back_on, None, gives_back=True))
    return post(
        Posting(
            book=book,
            kind=Txn.Kind.REVERSAL,
            moves=moves,
            effective_on=effective_on,
            at=at,
            key=key,
            by=by,
            via=via,
            note=note,
            source_kind=source_kind,
            source_id=source_id,
            reverses=txn,
            counts_as=kind,
        ),
        locked=locked,
    )


class Part(NamedTuple):
    """Points of one household to be taken back out of a transaction that gave to many.

    `lot_on` is the lot that they entered; `to` is the account they came from.
    """

    account: UUID
    to: UUID
    points: int
    lot_on: date | None


def take_back(
    parts: Sequence[Part],
    *,
    book: UUID,
    effective_on: date,
    at: datetime,
    key: UUID,
    source_kind: str,
    source_id: UUID,
    counts_as: str = Txn.Kind.AWARD,
    by: UUID | None = None,
    via: str = "",
    note: str = "",
) -> Posted:
    """Undo parts of transactions, each as `reverse` does with a whole one: lot first, then the oldest, then a debt.

    The caller sees to it that a part is taken back once; its source says which it was. Raises Missing.
    """
    sql.require_transaction()
    wanted = {pk for part in parts for pk in (part.account, part.to)}
    condition, among = sql.among(wanted)
    text = f"SELECT id, owner, community_id FROM points_account WHERE kind = 'household' AND id {condition}"
    owners = {sql.as_uuid(pk): (sql.as_uuid(owner), sql.as_uuid(home)) for pk, owner, home in sql.rows(text, [among])}
    if any(part.account not in owners for part in parts):
        raise Missing
    debts = open_accounts(
        book=book,
        community=next(iter(owners.values()))[1],
        kind=Kind.DEBT,
        owners=[owner for owner, _community in owners.values()],
        at=at,
    )
    locked = lock_accounts([*wanted, *debts.values()])
    lots = Lots.of(part.account for part in parts)
    free = {pk: row.free for pk, row in locked.items()}
    moves: list[Move] = []
    for part in parts:
        there = max(min(part.points, free[part.account]), 0)
        free[part.account] -= there
        moves += _take_back(lots, part.account, part.to, there, part.lot_on, None)
        if part.points > there:
            moves.append(Move(debts[owners[part.account][0]], part.to, part.points - there))
    return post(
        Posting(
            book=book,
            kind=Txn.Kind.REVERSAL,
            moves=moves,
            effective_on=effective_on,
            at=at,
            key=key,
            by=by,
            via=via,
            note=note,
            source_kind=source_kind,
            source_id=source_id,
            counts_as=counts_as,
        ),
        locked=locked,
    )


def _take_back(lots: Lots, src: UUID, dst: UUID, points: int, first: date | None, back_on: date | None) -> list[Move]:
    """Take points out of the lot that they entered, as far as it has them, then out of the oldest."""
    if not points:
        return []
    there = min(lots.left(src, first), points) if first else 0
    parts = list(lots.take(src, there, first)) if there else []
    if points > there:
        parts += list(lots.take(src, points - there, None))
    return [Move(src, dst, part, back_on, on, gives_back=True) for on, part in parts]
