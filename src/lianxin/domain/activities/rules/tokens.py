"""What a ticket is known by: six digits told at the door, and a private word in its link and QR code."""

import base64
import hashlib
import re
from uuid import UUID

from lianxin.platform.sensitive import digest, digest_candidates

CODE_PURPOSE = "activities.sign_up.code"
TOKEN_PURPOSE = "activities.sign_up.token"  # noqa: S105 - names the purpose of a key
QR_HEAD = "LXA:"
CODES = 1_000_000
TOKEN_LENGTH = 26
_HALF, _ROUNDS = 1_000, 4
_TOKEN = re.compile(r"[A-Z2-7]{26}")


def code_for(occurrence: UUID, number: int) -> str:
    """Give the six digits of the ticket with this number: no two of an occurrence are alike, none tells another.

    A permutation of all codes under a key (a Feistel network), so that nothing has to be looked up or tried again.
    """
    left, right = divmod(number % CODES, _HALF)
    for turn in range(_ROUNDS):
        mixed = int(digest(f"{occurrence.hex}/{turn}/{right}", CODE_PURPOSE)[:8], 16)
        left, right = right, (left + mixed) % _HALF
    return f"{left:03d}{right:03d}"


def token_for(sign_up: UUID) -> str:
    """Give the private word of a ticket; it is made of the ticket's id and a key, so that it need not be kept."""
    return _written(digest(sign_up.hex, TOKEN_PURPOSE))


def tokens_for(sign_up: UUID) -> list[str]:
    """Give the private words of a ticket under every key of the ring, newest first."""
    return [_written(found) for found in digest_candidates(sign_up.hex, TOKEN_PURPOSE)]


def token_digest(token: str) -> str:
    """Give what is kept of a private word."""
    return hashlib.sha256(token.encode()).hexdigest()


def read_token(text: str) -> str:
    """Give the private word in a scanned or typed text, or an empty text when there is none."""
    plain = text.strip().upper().removeprefix(QR_HEAD)
    return plain if _TOKEN.fullmatch(plain) else ""


def qr_text(token: str) -> str:
    """Give what a ticket's QR code says: capitals and digits only, so that it stays small."""
    return QR_HEAD + token


def _written(digits: str) -> str:
    return base64.b32encode(bytes.fromhex(digits)).decode().rstrip("=")


def ticket_path(token: str) -> str:
    """Give the path of a ticket's page; short, as it goes into messages."""
    return f"/t/{token}/"
