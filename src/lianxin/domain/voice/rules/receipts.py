"""What a case's voice is known by: nine digits on a slip, a four-digit word beside it, the private word of its link.

Needs give eight digits; nine of them, and a lead of their own (6 for cases, 8 for places on reception days), keep a
slip from opening the wrong page.
"""

import base64
import hashlib
import re
import unicodedata
from uuid import UUID

from lianxin.domain.needs.rules.receipts import read_token
from lianxin.platform.sensitive import digest, digest_candidates

CASE, RECEPTION, BALLOT = "6", "8", "9"
NUMBER_PURPOSE = "voice.report.receipt"
WORD_PURPOSE = "voice.report.word"
TOKEN_PURPOSE = "voice.report.token"  # noqa: S105 - names the purpose of a key
_DIGITS = re.compile(rf"[{CASE}{RECEPTION}][0-9]{{8}}")

__all__ = [
    "CASE",
    "RECEPTION",
    "number_for",
    "number_of_ballot",
    "page_path",
    "read_number",
    "read_token",
    "spaced",
    "token_for",
    "tokens_for",
    "word_for",
    "words_for",
]


def number_for(record: UUID, turn: int = 0, lead: str = CASE) -> str:
    """Give nine digits: the lead, seven drawn, and one that checks them; `turn` gives others where they are taken."""
    drawn = int(digest(f"{record.hex}/{turn}", NUMBER_PURPOSE)[:15], 16) % 10_000_000
    eight = f"{lead}{drawn:07d}"
    return f"{eight}{_check(eight)}"


def number_of_ballot(ballot: UUID) -> str:
    """Give the nine digits by which a voter and the centre speak of a ballot; they open no page and are not secret."""
    drawn = int(hashlib.sha256(ballot.bytes).hexdigest()[:15], 16) % 10_000_000
    eight = f"{BALLOT}{drawn:07d}"
    return f"{eight}{_check(eight)}"


def read_number(text: str) -> str:
    """Give the receipt number in what was typed, or an empty text when it is none."""
    plain = re.sub(r"[\s\-–]", "", unicodedata.normalize("NFKC", text))
    return plain if _DIGITS.fullmatch(plain) and _check(plain[:8]) == plain[8] else ""


def spaced(number: str) -> str:
    """Write a receipt number as slips show it: three groups of three."""
    return f"{number[:3]} {number[3:6]} {number[6:]}" if len(number) == 9 else number


def word_for(record: UUID) -> str:
    """Give the four digits that stand on the slip beside the number."""
    return _word(digest(record.hex, WORD_PURPOSE))


def words_for(record: UUID) -> list[str]:
    """Give the four digits of a slip under every key of the ring, newest first."""
    return [_word(found) for found in digest_candidates(record.hex, WORD_PURPOSE)]


def token_for(record: UUID, number: str) -> str:
    """Give the private word of a receipt's link; it is made of the record's id and a key and need not be kept."""
    return _written(digest(f"{record.hex}/{number}", TOKEN_PURPOSE))


def tokens_for(record: UUID, number: str) -> list[str]:
    """Give the private words of a receipt under every key of the ring, newest first."""
    return [_written(found) for found in digest_candidates(f"{record.hex}/{number}", TOKEN_PURPOSE)]


def page_path(number: str, token: str) -> str:
    """Give the path of a receipt's page; short, as it goes into messages."""
    return f"/c/{number}/{token}/"


def _word(digits: str) -> str:
    return f"{int(digits[:12], 16) % 10_000:04d}"


def _written(digits: str) -> str:
    return base64.b32encode(bytes.fromhex(digits)).decode().rstrip("=")


def _check(eight: str) -> str:
    """Luhn's check digit: one wrong digit and nearly every swap of neighbours are noticed."""
    total = 0
    for place, sign in enumerate(reversed(eight)):
        value = int(sign) * (2 - place % 2)
        total += value // 10 + value % 10
    return str(-total % 10)
