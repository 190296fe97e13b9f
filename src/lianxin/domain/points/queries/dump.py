"""The passbooks as text that an outside verifier reads: one JSON object a line, in the words of the hash texts."""

import json
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from lianxin.domain.points.ledger import chain
from lianxin.domain.points.ledger.sealing import text_of
from lianxin.domain.points.models import Account, Line, Seal, SealedTxn, Transfer, Txn, TxnNote
from lianxin.platform import keys, scope

CHUNK = 2_000


def dump_lines(*, book: UUID | None = None) -> Iterator[str]:
    """Give the ledger of one book, or of all, with seals and public keys; notes only as long as they are not erased."""
    with scope.everything():
        for table, rows in _tables(book):
            for row in rows:
                yield json.dumps({"table": table, **row}, ensure_ascii=False, default=_plain)


def _plain(value: Any) -> Any:
    if isinstance(value, UUID):
        return value.hex
    if isinstance(value, bytes | memoryview):
        return bytes(value).hex()
    return value.isoformat()


def _tables(book: UUID | None) -> Iterator[tuple[str, Iterator[dict[str, Any]]]]:
    def of(path: str) -> dict[str, UUID]:
        return {path: book} if book else {}

    yield "key", iter([{"id": str(pk), "public": public} for pk, public in keys.ring().public_keys().items()])
    accounts = Account.objects.filter(**of("book")).order_by("pk")
    yield "account", _rows(accounts, "id", "book_id", "kind", "guarded", "balance", "held", "seq", "head")
    yield "txn", (_txn(txn) for txn in Txn.objects.filter(**of("book")).order_by("pk").iterator(CHUNK))
    transfers = Transfer.objects.filter(**of("txn__book")).order_by("txn_id", "number")
    yield "transfer", _rows(transfers, "txn_id", "number", "src_id", "dst_id", "points", "src_lot_on", "dst_lot_on")
    lines = Line.objects.filter(**of("account__book")).order_by("account_id", "seq")
    yield "line", _rows(lines, "account_id", "seq", "txn_id", "delta", "balance_after", "prev_hash", "hash")
    yield "note", _rows(TxnNote.objects.filter(**of("txn__book")).order_by("txn_id"), "txn_id", "salt", "text")
    seals = Seal.objects.filter(**of("book")).order_by("book_id", "number")
    yield (
        "seal",
        (
            {
                "id": seal.pk,
                "text": text_of(seal).decode(),
                "digest": seal.digest,
                "code": seal.code,
                "algorithm": seal.algorithm,
                "key_id": seal.key_id,
                "signature": seal.signature,
            }
            for seal in seals.iterator(CHUNK)
        ),
    )
    sealed = SealedTxn.objects.filter(**of("seal__book")).order_by("seal_id", "position")
    yield "sealed_txn", _rows(sealed, "txn_id", "seal_id", "position", "leaf")


def _rows(rows: Any, *columns: str) -> Iterator[dict[str, Any]]:
    names = [column.removesuffix("_id") for column in columns]
    for values in rows.values_list(*columns).iterator(CHUNK):
        yield dict(zip(names, values, strict=True))


def _txn(txn: Txn) -> dict[str, Any]:
    return {
        "id": txn.pk,
        "book": txn.book_id,
        "period": txn.period_id,
        "kind": txn.kind,
        "effective_on": txn.effective_on,
        "posted_at": chain.moment(txn.posted_at),
        "by": txn.by_account_id,
        "via": txn.via,
        "source_kind": txn.source_kind,
        "source_id": txn.source_id,
        "rules": txn.rules_id,
        "reverses": txn.reverses_id,
        "note_digest": txn.note_digest,
    }
