"""Closing a period: what came in and went out, all balances proved, and a signed record of it."""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from lianxin.domain.points.ledger import sql
from lianxin.domain.points.ledger.chain import moment
from lianxin.domain.points.ledger.errors import LedgerRefused
from lianxin.domain.points.models import BalanceSnapshot, Period
from lianxin.platform import keys
from lianxin.platform.errors import Missing

DIFFERENCES_SHOWN = 20


class BooksDiffer(LedgerRefused):
    """A balance is not what its lines, lots or holds say; the period stays open."""


class EarlierPeriodOpen(LedgerRefused):
    """Periods are closed in their order."""


def close(*, period: UUID, at: datetime, by: UUID | None = None) -> Period:
    """End a period once: wait for postings on their way, prove every account, keep the totals, sign them.

    Closing a closed period gives it as it is. Raises BooksDiffer, EarlierPeriodOpen or Missing.
    """
    sql.require_transaction()
    lock = " FOR UPDATE" if not sql.on_sqlite() else ""
    if not sql.rows(f"SELECT id FROM points_period WHERE id = %s{lock}", [period]):
        raise Missing
    row = Period.objects.get(pk=period)
    if row.state == Period.State.CLOSED:
        return row
    if Period.objects.filter(book=row.book_id, starts_on__lt=row.starts_on, state=Period.State.OPEN).exists():
        raise EarlierPeriodOpen(_("An earlier period of this book is still open. Close that one first."))
    differences = list(_differences(row.book_id))
    if differences:
        raise BooksDiffer(_("The books do not agree: %(what)s") % {"what": "; ".join(differences[:DIFFERENCES_SHOWN])})
    moved = _moved(period)
    BalanceSnapshot.objects.bulk_create(
        BalanceSnapshot(account_id=account, period=row, moved=points) for account, points in moved if points
    )
    record = {
        "book": row.book_id.hex,
        "starts_on": row.starts_on.isoformat(),
        "ends_on": row.ends_on.isoformat(),
        "closed_at": moment(at),
        "by_kind": by_kind(period),
        "all_equal": _counted(row.book_id),
    }
    row.algorithm, row.key_id, row.signature = keys.sign(text_of(record))
    row.state, row.closed_at, row.closed_by, row.record = Period.State.CLOSED, at, by, record
    row.save(update_fields=["state", "closed_at", "closed_by", "record", "algorithm", "key_id", "signature"])
    return row


def text_of(record: dict[str, Any]) -> bytes:
    """Give the bytes of a closing record that are signed."""
    return b"lianxin close 1\n" + json.dumps(record, sort_keys=True, separators=(",", ":")).encode()


def derived_balance(account: UUID) -> int:
    """Give the balance of an account that stores none: its snapshots and the transfers of periods still open."""
    text = (
        "SELECT (SELECT COALESCE(SUM(moved), 0) FROM points_balancesnapshot WHERE account_id = %s)"
        " + (SELECT COALESCE(SUM(CASE WHEN t.dst_id = %s THEN t.points ELSE -t.points END), 0) FROM points_transfer t"
        " JOIN points_txn x ON x.id = t.txn_id JOIN points_period p ON p.id = x.period_id"
        " WHERE p.state = 'open' AND (t.dst_id = %s OR t.src_id = %s))"
    )
    return int(sql.rows(text, [account] * 4)[0][0])


def _moved(period: UUID) -> list[tuple[UUID, int]]:
    text = (
        "SELECT account, SUM(points) FROM ("
        " SELECT t.dst_id AS account, t.points FROM points_transfer t JOIN points_txn x ON x.id = t.txn_id"
        " WHERE x.period_id = %s UNION ALL"
        " SELECT t.src_id, -t.points FROM points_transfer t JOIN points_txn x ON x.id = t.txn_id WHERE x.period_id = %s"
        ") moved JOIN points_account a ON a.id = account WHERE NOT a.guarded GROUP BY account"
    )
    return [(sql.as_uuid(account), int(points)) for account, points in sql.rows(text, [period, period])]


def by_kind(period: UUID) -> dict[str, list[int]]:
    """Count transactions and points of the period by kind; a reversal stands under its own."""
    text = (
        "SELECT x.kind, COUNT(DISTINCT x.id), COALESCE(SUM(t.points), 0) FROM points_txn x"
        " LEFT JOIN points_transfer t ON t.txn_id = x.id WHERE x.period_id = %s GROUP BY x.kind ORDER BY x.kind"
    )
    return {kind: [int(count), int(points)] for kind, count, points in sql.rows(text, [period])}


def _counted(book: UUID) -> dict[str, list[int]]:
    text = (
        "SELECT kind, COUNT(*), SUM(balance), SUM(held) FROM points_account WHERE book_id = %s AND guarded"
        " GROUP BY kind ORDER BY kind"
    )
    return {kind: [int(count), int(balance), int(held)] for kind, count, balance, held in sql.rows(text, [book])}


_PROOFS = (
    (
        "balance {1} but lines add up to {2}",
        "SELECT a.id, a.balance, COALESCE(SUM(l.delta), 0) FROM points_account a"
        " LEFT JOIN points_line l ON l.account_id = a.id WHERE a.guarded{where}"
        " GROUP BY a.id, a.balance HAVING a.balance <> COALESCE(SUM(l.delta), 0)",
    ),
    (
        "balance {1} but lots hold {2}",
        "SELECT a.id, a.balance, COALESCE(SUM(l.remaining), 0) FROM points_account a"
        " LEFT JOIN points_lot l ON l.account_id = a.id WHERE a.kind = 'household'{where}"
        " GROUP BY a.id, a.balance HAVING a.balance <> COALESCE(SUM(l.remaining), 0)",
    ),
    (
        "{1} kept aside but live reservations hold {2}",
        "SELECT a.id, a.held, COALESCE(SUM(h.points), 0) FROM points_account a"
        " LEFT JOIN points_hold h ON h.account_id = a.id AND h.state = 'held' WHERE a.guarded{where}"
        " GROUP BY a.id, a.held HAVING a.held <> COALESCE(SUM(h.points), 0)",
    ),
    (
        "balance {1} but transfers come to {2}",
        "SELECT a.id, a.balance, COALESCE(SUM(m.points), 0) FROM points_account a LEFT JOIN ("
        " SELECT dst_id AS account_id, points FROM points_transfer"
        " UNION ALL SELECT src_id, -points FROM points_transfer) m ON m.account_id = a.id"
        " WHERE a.guarded{where} GROUP BY a.id, a.balance HAVING a.balance <> COALESCE(SUM(m.points), 0)",
    ),
    (
        "{1} lines counted but {2} found",
        "SELECT a.id, a.seq, COUNT(l.id) FROM points_account a LEFT JOIN points_line l ON l.account_id = a.id"
        " WHERE a.guarded{where} GROUP BY a.id, a.seq HAVING a.seq <> COUNT(l.id)",
    ),
)


def _differences(book: UUID | None) -> Iterator[str]:
    for words, text in _PROOFS:
        where = " AND a.book_id = %s" if book else ""
        for found in sql.rows(text.format(where=where) + " ORDER BY 1", [book] if book else []):
            yield f"account {sql.as_uuid(found[0])}: " + words.format(*found)


def list_differences() -> Iterator[str]:
    """Prove every stored balance against lines, lots, holds and transfers; a sentence for each difference."""
    yield from _differences(None)
