"""Seals: found by the code that notices and receipts print, and proved for `verify`."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from lianxin.domain.points.ledger import chain, sealing
from lianxin.domain.points.models import Book, Seal, SealedTxn, UnsealedTxn
from lianxin.platform import keys, merkle, scope

UNSEALED_LIMIT = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class SealView:
    """A seal as everybody may see it; `text` is what is signed, byte for byte."""

    book: UUID
    community_name: str
    number: int
    code: str
    sealed_at: datetime
    txns: int
    households: int
    points: int
    digest: str
    text: str
    algorithm: str
    key_id: str
    signature: str
    is_signed: bool


def find_seal(code: str) -> SealView | None:
    """Give the seal of a printed code, typed in any case, with or without strokes; public. One query."""
    letters = "".join(sign for sign in code.upper() if sign.isalnum())
    typed = "-".join(letters[start : start + 4] for start in range(0, len(letters), 4))
    with scope.everything():
        seal = Seal.objects.filter(code=typed).select_related("book__community").first()
    return None if seal is None else view_of(seal)


def newest_seal(*, book: UUID) -> SealView | None:
    """Give the newest seal of a book; public. One query."""
    with scope.everything():
        seal = Seal.objects.filter(book=book).select_related("book__community").order_by("-number").first()
    return None if seal is None else view_of(seal)


def view_of(seal: Seal) -> SealView:
    """Write a seal as it is shown, its signature checked."""
    text = sealing.text_of(seal)
    households, points = seal.totals.get("household", [0, 0])
    return SealView(
        book=seal.book_id,
        community_name=seal.book.community.short_name,
        number=seal.number,
        code=seal.code,
        sealed_at=seal.sealed_at,
        txns=seal.txns,
        households=households,
        points=points,
        digest=seal.digest,
        text=text.decode(),
        algorithm=seal.algorithm,
        key_id=seal.key_id,
        signature=seal.signature,
        is_signed=keys.verify(text, seal.algorithm, seal.key_id, seal.signature)
        and hashlib.sha256(text).hexdigest() == seal.digest,
    )


def check_seals(*, at: datetime) -> Iterator[str]:
    """Prove signatures, chain, roots and states of all seals; a sentence for each difference."""
    with scope.everything():
        books = list(Book.objects.order_by("pk").values_list("pk", flat=True))
        for book in books:
            yield from _check_book(book)
        overdue = UnsealedTxn.objects.filter(txn__posted_at__lt=at - UNSEALED_LIMIT)
        for pk in overdue.order_by("txn_id").values_list("txn_id", flat=True)[:20]:
            yield f"transaction {pk} has waited for its seal for more than ten minutes"


def _check_book(book: UUID) -> Iterator[str]:
    previous, last = "", None
    for place, seal in enumerate(Seal.objects.filter(book=book).order_by("number").iterator(), start=1):
        name = f"book {book}, seal {seal.number}"
        if seal.number != place:
            yield f"{name}: number {place} is missing"
            return
        text = sealing.text_of(seal)
        if seal.previous != previous:
            yield f"{name}: does not follow the seal before"
        if hashlib.sha256(text).hexdigest() != seal.digest or chain.code_of(seal.digest) != seal.code:
            yield f"{name}: its text is not what was sealed"
        if not keys.verify(text, seal.algorithm, seal.key_id, seal.signature):
            yield f"{name}: the signature is not ours"
        yield from _check_entries(name, seal)
        previous, last = seal.digest, seal
    if last is not None:
        yield from _check_states(book, last)


def _check_entries(name: str, seal: Seal) -> Iterator[str]:
    rows = list(SealedTxn.objects.filter(seal=seal).order_by("position").select_related("txn"))
    if [row.position for row in rows] != list(range(seal.txns)):
        yield f"{name}: {seal.txns} transactions sealed but {len(rows)} found"
        return
    if merkle.root([row.leaf for row in rows]) != seal.entry_root:
        yield f"{name}: the transactions do not come to the sealed root"
    for row, leaf in zip(rows, sealing.leaves_of(row.txn for row in rows), strict=True):
        if row.leaf != leaf or row.txn.book_id != seal.book_id:
            yield f"{name}: transaction {row.txn_id} was changed after it was sealed"


def _check_states(book: UUID, last: Seal) -> Iterator[str]:
    """Compare the accounts with the newest seal, unless something was posted since or is being posted now."""
    if _is_moving(book, last):
        return
    states, totals = sealing.states_of(book)
    differs = merkle.root([leaf for _account, leaf in states]) != last.state_root or totals != last.totals
    if differs and not _is_moving(book, last):
        yield f"book {book}, seal {last.number}: the balances are not what was sealed"


def _is_moving(book: UUID, last: Seal) -> bool:
    later = Seal.objects.filter(book=book, number__gt=last.number)
    return UnsealedTxn.objects.filter(book=book).exists() or later.exists()
