"""Seals: what was posted in a book since the last seal, and where its accounts stand, under one signature."""

import hashlib
import json
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import transaction

from lianxin.domain.points.ledger import chain, sql
from lianxin.domain.points.models import Line, Seal, SealedTxn, Transfer, Txn, UnsealedTxn
from lianxin.platform import keys, leases, merkle, scope

LEASE = timedelta(seconds=120)


def seal_all(*, holder: str, at: datetime) -> int:
    """Seal every book that has unsealed transactions, under a lease; give how many seals were made."""
    if not leases.take("points.seal", holder=holder, at=at, duration=LEASE):
        return 0
    with scope.everything():
        books = list(UnsealedTxn.objects.order_by("book_id").values_list("book_id", flat=True).distinct())
        return sum(1 for book in books if seal_book(book=book, at=at) is not None)


def seal_book(*, book: UUID, at: datetime) -> Seal | None:
    """Make a book's next seal over its unsealed transactions, or none when there are none."""
    with transaction.atomic():
        last = Seal.objects.filter(book=book).order_by("-number").first()
        waiting, states, totals = _standing(book)
        txns = list(Txn.objects.filter(pk__in=waiting).order_by("pk"))
        if not txns:
            return None
        leaves = list(leaves_of(txns))
        seal = Seal(
            book_id=book,
            number=last.number + 1 if last else 1,
            txns=len(txns),
            entry_root=merkle.root(leaves),
            state_root=merkle.root(states),
            totals=totals,
            previous=last.digest if last else "",
            sealed_at=at,
        )
        text = text_of(seal)
        seal.algorithm, seal.key_id, seal.signature = keys.sign(text)
        seal.digest = hashlib.sha256(text).hexdigest()
        seal.code = chain.code_of(seal.digest)
        seal.save(force_insert=True)
        SealedTxn.objects.bulk_create(
            (
                SealedTxn(txn=txn, seal=seal, position=position, leaf=leaf)
                for position, (txn, leaf) in enumerate(zip(txns, leaves, strict=True))
            ),
            batch_size=500,
        )
        UnsealedTxn.objects.filter(pk__in=waiting).delete()
    _copy_outside(seal)
    return seal


def text_of(seal: Seal) -> bytes:
    """Give the bytes of a seal that are signed."""
    said = {
        "book": seal.book_id.hex,
        "number": seal.number,
        "txns": seal.txns,
        "entry_root": seal.entry_root,
        "state_root": seal.state_root,
        "totals": seal.totals,
        "previous": seal.previous,
        "sealed_at": chain.moment(seal.sealed_at),
    }
    return b"lianxin seal 1\n" + json.dumps(said, sort_keys=True, separators=(",", ":")).encode()


def leaves_of(txns: Iterable[Txn]) -> Iterator[str]:
    """Hash transactions with their transfers and lines, in the order given."""
    batch = list(txns)
    for start in range(0, len(batch), 500):
        part = batch[start : start + 500]
        ids = [txn.pk for txn in part]
        transfers = _by_txn(
            Transfer.objects.filter(txn__in=ids)
            .order_by("txn_id", "number")
            .values_list("txn_id", "number", "src_id", "dst_id", "points", "src_lot_on", "dst_lot_on")
        )
        lines = _by_txn(
            Line.objects.filter(txn__in=ids)
            .order_by("txn_id", "account_id")
            .values_list("txn_id", "account_id", "seq", "hash")
        )
        for txn in part:
            yield chain.txn_leaf(txn, transfers.get(txn.pk, []), lines.get(txn.pk, []))


def _by_txn(found: Iterable[tuple]) -> dict[UUID, list[tuple]]:
    return {txn: [row[1:] for row in rows] for txn, rows in groupby(found, key=itemgetter(0))}


def _standing(book: UUID) -> tuple[list[UUID], list[str], dict[str, list[int]]]:
    """Read what waits and where the accounts stand in one statement, so that both are of the same moment.

    What waits, not "what is younger than the last seal": a transaction that commits late is sealed by the next.
    Accounts without a line are left out: nothing proves when they were opened.
    """
    text = (
        "SELECT txn_id AS id, NULL AS kind, NULL AS seq, NULL AS balance, NULL AS head FROM points_unsealedtxn"
        " WHERE book_id = %s UNION ALL"
        " SELECT id, kind, seq, balance, head FROM points_account WHERE book_id = %s AND guarded AND seq > 0"
    )
    waiting: list[UUID] = []
    accounts: list[tuple] = []
    for pk, kind, seq, balance, head in sql.rows(text, [book, book]):
        if kind is None:
            waiting.append(sql.as_uuid(pk))
        else:
            accounts.append((sql.as_uuid(pk), kind, seq, balance, head))
    states, totals = _states(accounts)
    return waiting, [leaf for _account, leaf in states], totals


def states_of(book: UUID) -> tuple[list[tuple[UUID, str]], dict[str, list[int]]]:
    """Hash where each account of a book with lines stands now, by id, and count accounts and points by kind."""
    text = "SELECT id, kind, seq, balance, head FROM points_account WHERE book_id = %s AND guarded AND seq > 0"
    return _states([(sql.as_uuid(pk), *rest) for pk, *rest in sql.rows(text, [book])])


def _states(accounts: list[tuple]) -> tuple[list[tuple[UUID, str]], dict[str, list[int]]]:
    totals: dict[str, list[int]] = {}
    states = []
    for pk, kind, seq, balance, head in sorted(accounts):
        states.append((pk, chain.state_leaf(pk, seq, balance, head)))
        counted = totals.setdefault(kind, [0, 0])
        counted[0] += 1
        counted[1] += balance
    return states, totals


def _copy_outside(seal: Seal) -> None:
    """Append the seal to a file outside the database, where who can change the database cannot change it."""
    folder = Path(settings.SEAL_COPY_DIR)
    folder.mkdir(parents=True, exist_ok=True)
    line = {
        "text": text_of(seal).decode(),
        "code": seal.code,
        "digest": seal.digest,
        "algorithm": seal.algorithm,
        "key_id": seal.key_id,
        "signature": seal.signature,
    }
    with (folder / f"points-{seal.sealed_at:%Y-%m}.jsonl").open("a", encoding="utf-8") as file:
        file.write(json.dumps(line, ensure_ascii=False) + "\n")
