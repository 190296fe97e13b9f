"""What is hashed, byte for byte: text of lines, transactions and states, joined by newlines, SHA-256 over UTF-8.

No field holds a newline: ids are 32 hexadecimal digits, days ISO dates, moments UTC with six decimals, numbers decimal,
kinds and sources come from fixed vocabularies, "-" stands for nothing. Personal words enter only as salted digests.
The verifier in `tools/passbook_verifier` reads the same text from a dump without this module.
"""

import base64
import hashlib
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

GENESIS = bytes(32)
NOTHING = "-"


def _hex(value: UUID | None) -> str:
    return value.hex if value else NOTHING


def _digest(value: bytes | None) -> str:
    return bytes(value).hex() if value else NOTHING


def _day(value: date | None) -> str:
    return value.isoformat() if value else NOTHING


def moment(value: datetime) -> str:
    """Write a moment with exactly the microseconds that both databases keep."""
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def line_tail(
    *,
    txn: UUID,
    kind: str,
    effective_on: date,
    rules: UUID | None,
    reverses: UUID | None,
    note_digest: bytes | None,
) -> str:
    """Give the part of a line's text that all lines of a transaction share."""
    return "\n".join((txn.hex, kind, _day(effective_on), _hex(rules), _hex(reverses), _digest(note_digest)))


def line_text(prev: bytes, book: str, account: str, seq: int, delta: int, balance_after: int, tail: str) -> str:
    """Write one passbook line as it is hashed; book and account as 32 hexadecimal digits."""
    return f"lianxin line 1\n{prev.hex()}\n{book}\n{account}\n{seq}\n{delta}\n{balance_after}\n{tail}"


def line_hash(prev: bytes, book: str, account: str, seq: int, delta: int, balance_after: int, tail: str) -> bytes:
    """Chain one passbook line to the one before."""
    return hashlib.sha256(line_text(prev, book, account, seq, delta, balance_after, tail).encode()).digest()


def note_digest(salt: bytes, text: str) -> bytes:
    """Bind words without holding them."""
    return hashlib.sha256(b"lianxin note 1\n" + salt.hex().encode() + b"\n" + text.encode()).digest()


def txn_text(txn: Any, transfers: Iterable[Sequence[Any]], lines: Iterable[Sequence[Any]]) -> str:
    """Write a transaction with its transfers (number, src, dst, points, lots) and lines (account, seq, hash)."""
    text = [
        "lianxin txn 1",
        txn.pk.hex,
        _hex(txn.book_id),
        _hex(txn.period_id),
        txn.kind,
        _day(txn.effective_on),
        moment(txn.posted_at),
        _hex(txn.by_account_id),
        txn.via or NOTHING,
        txn.source_kind or NOTHING,
        _hex(txn.source_id),
        _hex(txn.rules_id),
        _hex(txn.reverses_id),
        _digest(txn.note_digest),
    ]
    text += [
        f"{number} {src.hex} {dst.hex} {points} {_day(src_lot)} {_day(dst_lot)}"
        for number, src, dst, points, src_lot, dst_lot in transfers
    ]
    text += [f"{account.hex} {seq} {bytes(hashed).hex()}" for account, seq, hashed in lines]
    return "\n".join(text)


def txn_leaf(txn: Any, transfers: Iterable[Sequence[Any]], lines: Iterable[Sequence[Any]]) -> str:
    """Hash a transaction as `txn_text` writes it."""
    return hashlib.sha256(txn_text(txn, transfers, lines).encode()).hexdigest()


def state_text(account: UUID, seq: int, balance: int, head: bytes) -> str:
    """Write where an account stands."""
    return f"lianxin state 1\n{account.hex}\n{seq}\n{balance}\n{bytes(head).hex()}"


def state_leaf(account: UUID, seq: int, balance: int, head: bytes) -> str:
    """Hash where an account stands."""
    return hashlib.sha256(state_text(account, seq, balance, head).encode()).hexdigest()


def code_of(digest: str) -> str:
    """Give the short code of a signed digest that notices and receipts print: 16 letters and digits in fours."""
    text = base64.b32encode(bytes.fromhex(digest)[:10]).decode()
    return "-".join(text[start : start + 4] for start in range(0, 16, 4))
