"""What a voice is known by: eight digits on a slip, a four-digit word beside it, and the private word of its link."""

import base64
import re
import unicodedata
from uuid import UUID

from lianxin.platform.sensitive import digest, digest_candidates

NUMBER_PURPOSE = "needs.report.receipt"
WORD_PURPOSE = "needs.report.word"
TOKEN_PURPOSE = "needs.report.token"  # noqa: S105 - names the purpose of a key
_DIGITS = re.compile(r"[0-9]{8}")
_TOKEN = re.compile(r"[A-Z2-7]{26}")


def number_for(report: UUID, turn: int = 0) -> str:
    """Give eight digits of which the last one checks the others; `turn` gives others where they are taken."""
    drawn = int(digest(f"{report.hex}/{turn}", NUMBER_PURPOSE)[:15], 16) % 9_000_000 + 1_000_000
    return f"{drawn}{_check(str(drawn))}"


def read_number(text: str) -> str:
    """Give the receipt number in what was typed, or an empty text when it is none."""
    plain = re.sub(r"[\s\-–]", "", unicodedata.normalize("NFKC", text))
    return plain if _DIGITS.fullmatch(plain) and _check(plain[:7]) == plain[7] else ""


def spaced(number: str) -> str:
    """Write a receipt number as slips show it: two groups of four."""
    return f"{number[:4]} {number[4:]}" if len(number) == 8 else number


def word_for(report: UUID) -> str:
    """Give the four digits that stand on the slip of who left no phone number."""
    return _word(digest(report.hex, WORD_PURPOSE))


def words_for(report: UUID) -> list[str]:
    """Give the four digits of a slip under every key of the ring, newest first."""
    return [_word(found) for found in digest_candidates(report.hex, WORD_PURPOSE)]


def token_for(report: UUID, number: str) -> str:
    """Give the private word of a receipt's link; it is made of the report's id and a key and need not be kept."""
    return _written(digest(f"{report.hex}/{number}", TOKEN_PURPOSE))


def tokens_for(report: UUID, number: str) -> list[str]:
    """Give the private words of a receipt under every key of the ring, newest first."""
    return [_written(found) for found in digest_candidates(f"{report.hex}/{number}", TOKEN_PURPOSE)]


def read_token(text: str) -> str:
    """Give the private word in an address, or an empty text when there is none."""
    plain = text.strip().upper()
    return plain if _TOKEN.fullmatch(plain) else ""


def page_path(number: str, token: str) -> str:
    """Give the path of a receipt's page; short, as it goes into messages."""
    return f"/v/{number}/{token}/"


def _word(digits: str) -> str:
    return f"{int(digits[:12], 16) % 10_000:04d}"


def _written(digits: str) -> str:
    return base64.b32encode(bytes.fromhex(digits)).decode().rstrip("=")


def _check(seven: str) -> str:
    """Luhn's check digit: one wrong digit and nearly every swap of neighbours are noticed."""
    total = 0
    for place, sign in enumerate(reversed(seven)):
        value = int(sign) * (2 - place % 2)
        total += value // 10 + value % 10
    return str(-total % 10)
