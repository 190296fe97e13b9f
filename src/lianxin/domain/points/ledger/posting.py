"""Posting: points move between accounts of one book, in one transaction, once per key."""

import os
from collections.abc import Iterable, Mapping
from datetime import date
from operator import attrgetter
from uuid import UUID

from django.utils.translation import gettext as _

from lianxin.domain.points.ledger import chain, sql
from lianxin.domain.points.ledger.accounts import GUARDED, AccountRow, Kind, lock_accounts
from lianxin.domain.points.ledger.errors import AccountNotOpen, NoOpenPeriod, NotEnoughPoints
from lianxin.domain.points.ledger.lots import Lots
from lianxin.domain.points.ledger.requests import Move, Posted, Posting, Transfer, check_points, hash_of
from lianxin.domain.points.models import Txn
from lianxin.platform.commands import KeyReused
from lianxin.platform.errors import Invalid, Missing
from lianxin.platform.ids import new_id, new_ids

HOUSEHOLD = Kind.HOUSEHOLD.value
_NUMBER = attrgetter("int")
EARNING = frozenset({Txn.Kind.AWARD.value, Txn.Kind.OPENING.value})
SPENDING = frozenset({Txn.Kind.REDEEM.value, Txn.Kind.RETURN.value})
# On a frozen passbook points move by these only; what is brought back to a shop waits there with the rest.
ON_FROZEN = frozenset({"expire", "hand_over", "merge", "move_out", "reversal", "return", "debt"})


def post(posting: Posting, *, locked: Mapping[UUID, AccountRow] | None = None) -> Posted:
    """Move points; `locked` are rows that the caller holds already. Raises LedgerRefused, KeyReused or Invalid."""
    sql.require_transaction()
    _check(posting)
    salt = os.urandom(16) if posting.note else b""
    digest = chain.note_digest(salt, posting.note) if posting.note else None
    txn, replayed = _claim_key(posting, digest)
    if replayed:
        return Posted(txn, replayed=True, accounts={})
    if posting.note:
        sql.run("INSERT INTO points_txnnote (txn_id, salt, text) VALUES (%s, %s, %s)", [txn, salt, posting.note])
    deltas = _deltas(posting.moves)
    held = lock_accounts(deltas) if locked is None else {pk: locked[pk] for pk in deltas if pk in locked}
    _check_accounts(posting, deltas, held)
    sides = [(move, held[move.src], held[move.dst]) for move in posting.moves]
    lots = Lots.of(src.id for _move, src, _dst in sides if src.kind == HOUSEHOLD)
    transfers = [transfer for move, src, dst in sides for transfer in _split(move, src, dst, lots)]
    _write(posting, txn, held, transfers, deltas, digest)
    lots.write()
    return Posted(txn, replayed=False, accounts=held)


def _check(posting: Posting) -> None:
    if not posting.moves:
        raise Invalid(_("Nothing was entered: give at least one award."))
    for move in posting.moves:
        check_points(move.points)
        if move.src == move.dst:
            raise Invalid(_("Points cannot go from a passbook to itself."))


_TXN_COLUMNS = (
    "id, book_id, period_id, kind, effective_on, posted_at, key, request_hash, by_account_id, via, source_kind,"
    " source_id, rules_id, reverses_id, note_digest"
)
_TXN_SQL = f"INSERT INTO points_txn ({_TXN_COLUMNS}) VALUES ({', '.join(['%s'] * 15)}) ON CONFLICT (key) DO NOTHING"
_TXN_AND_UNSEALED_SQL = (
    f"WITH written AS ({_TXN_SQL} RETURNING id, book_id)"
    " INSERT INTO points_unsealedtxn (txn_id, book_id) SELECT id, book_id FROM written"
)


def _claim_key(posting: Posting, digest: bytes | None) -> tuple[UUID, bool]:
    """Write the transaction's row, or find the one that used this key; a racing sender waits for the first to end."""
    period = open_period(posting.book, posting.effective_on)
    asked, txn = hash_of(posting), new_id()
    in_one = not sql.on_sqlite()
    written = sql.run(
        _TXN_AND_UNSEALED_SQL if in_one else _TXN_SQL,
        (
            txn,
            posting.book,
            period,
            posting.kind,
            posting.effective_on,
            posting.at,
            posting.key,
            asked,
            posting.by,
            posting.via,
            posting.source_kind,
            posting.source_id,
            posting.rules,
            posting.reverses,
            digest,
        ),
    )
    if written.rowcount == 0:
        known, hashed = sql.rows("SELECT id, request_hash FROM points_txn WHERE key = %s", [posting.key])[0]
        if bytes(hashed) != asked:
            raise KeyReused
        return sql.as_uuid(known), True
    if not in_one:
        sql.run("INSERT INTO points_unsealedtxn (txn_id, book_id) VALUES (%s, %s)", [txn, posting.book])
    return txn, False


def open_period(book: UUID, on: date) -> UUID:
    """Give the open period of a day, or the first open one after it; closing waits until this transaction is over."""
    lock = " FOR KEY SHARE" if not sql.on_sqlite() else ""
    text = (
        "SELECT id FROM points_period WHERE book_id = %s AND ends_on >= %s AND state = 'open'"
        f" ORDER BY starts_on LIMIT 1{lock}"
    )
    # A period that was closed while this waited drops out of the answer: ask again for the next one.
    for _attempt in range(3):
        if found := sql.rows(text, [book, on]):
            return sql.as_uuid(found[0][0])
    raise NoOpenPeriod


def _check_accounts(posting: Posting, wanted: Iterable[UUID], held: Mapping[UUID, AccountRow]) -> None:
    for pk in wanted:
        account = held.get(pk)
        if account is None or account.book != posting.book:
            raise Missing
        if account.state != "open" and not (account.state == "frozen" and posting.kind in ON_FROZEN):
            raise AccountNotOpen


def _deltas(moves: Iterable[Move]) -> dict[UUID, int]:
    """Add up what moves change on each account."""
    deltas: dict[UUID, int] = {}
    for move in moves:
        deltas[move.src] = deltas.get(move.src, 0) - move.points
        deltas[move.dst] = deltas.get(move.dst, 0) + move.points
    return deltas


def _split(move: Move, src: AccountRow, dst: AccountRow, lots: Lots) -> Iterable[Transfer]:
    """Write a move as transfers, one for each lot that it leaves or enters."""
    parts: Iterable[tuple[date | None, int]] = ((None, move.points),)
    if src.kind == HOUSEHOLD:
        parts = [*lots.take(src.id, move.points, move.src_lot_on)]
    for src_lot_on, points in parts:
        dst_lot_on = None
        if dst.kind == HOUSEHOLD:
            dst_lot_on = move.dst_lot_on or src_lot_on
            if dst_lot_on is None:
                raise Invalid(_("Say until when these points are valid."))
            lots.put(dst.id, dst_lot_on, points, gives_back=move.gives_back)
        yield Transfer(src.id, dst.id, points, src_lot_on, dst_lot_on)


def _write(
    posting: Posting,
    txn: UUID,
    held: dict[UUID, AccountRow],
    transfers: list[Transfer],
    deltas: Mapping[UUID, int],
    digest: bytes | None,
) -> None:
    sql.insert(
        "points_transfer",
        ("id", "txn_id", "number", "src_id", "dst_id", "points", "src_lot_on", "dst_lot_on"),
        ("uuid", "uuid", "int4", "uuid", "uuid", "int4", "date", "date"),
        [
            (pk, txn, number, *transfer)
            for number, (pk, transfer) in enumerate(zip(new_ids(len(transfers)), transfers, strict=True), start=1)
        ],
    )
    tail = chain.line_tail(
        txn=txn,
        kind=posting.kind,
        effective_on=posting.effective_on,
        rules=posting.rules,
        reverses=posting.reverses,
        note_digest=digest,
    )
    _write_lines(posting, txn, held, deltas, tail)


def _write_lines(
    posting: Posting, txn: UUID, held: dict[UUID, AccountRow], deltas: Mapping[UUID, int], tail: str
) -> None:
    """Add a line to each guarded account and bring its balance up to it, in the order of their ids."""
    lines, changes, book = [], [], posting.book.hex
    counts_as = posting.counts_as or posting.kind
    earns, spends = counts_as in EARNING, counts_as in SPENDING
    for pk in sorted(deltas, key=_NUMBER):
        account, delta = held[pk], deltas[pk]
        unheld = posting.unheld.get(pk, 0)
        if account.kind not in GUARDED or (delta == 0 and not unheld):
            continue
        balance, still_held = account.balance + delta, account.held - unheld
        if delta < 0 and balance - still_held < account.floor:
            raise NotEnoughPoints(
                _("There are not enough points: %(wanted)d are needed, %(free)d are free.")
                % {"wanted": -delta, "free": max(account.balance - still_held - account.floor, 0)}
            )
        seq, head = account.seq, account.head
        if delta:
            seq += 1
            head = chain.line_hash(account.head, book, pk.hex, seq, delta, balance, tail)
            lines.append((pk, seq, txn, delta, balance, account.head, head))
        is_household = account.kind == HOUSEHOLD
        earned = delta if is_household and earns else 0
        spent = -delta if is_household and spends else 0
        changes.append((balance, still_held, seq, head, earned, spent, pk))
        held[pk] = AccountRow(*account[:7], balance, still_held, account.floor, seq, head)
    sql.insert(
        "points_line",
        ("id", "account_id", "seq", "txn_id", "delta", "balance_after", "prev_hash", "hash"),
        ("uuid", "uuid", "int4", "uuid", "int8", "int8", "bytea", "bytea"),
        [(line_id, *line) for line_id, line in zip(new_ids(len(lines)), lines, strict=True)],
    )
    _update_accounts(changes)


_SETS = "balance = {0}, held = {1}, seq = {2}, head = {3}, earned = a.earned + {4}, spent = a.spent + {5}"
_ONE = f"UPDATE points_account AS a SET {_SETS.format(*['%s'] * 6)} WHERE id = %s"
_ALL = (
    f"UPDATE points_account AS a SET {_SETS.format('v.b', 'v.h', 'v.q', 'v.d', 'v.e', 'v.s')} FROM unnest(%s::int8[],"
    " %s::int8[], %s::int4[], %s::bytea[], %s::int8[], %s::int8[], %s::uuid[]) AS v(b, h, q, d, e, s, pk)"
    " WHERE a.id = v.pk"
)


def _update_accounts(changes: list[tuple]) -> None:
    if len(changes) == 1:
        sql.run(_ONE, changes[0])
    elif sql.on_sqlite():
        sql.many(_ONE, changes)
    elif changes:
        sql.run(_ALL, sql.arrays(changes))
