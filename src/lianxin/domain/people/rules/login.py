"""What opens the door and what keeps it shut: pure rules of lock-out, one-time passwords, codes and idle time."""

import base64
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hmac import compare_digest
from urllib.parse import quote, urlencode

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP

MAX_FAILURES = 5
# The first lock opens by itself, the second later, and the third waits for an administrator: guessing gets five tries
# in a quarter of an hour, and somebody who only knows a colleague's login name cannot keep them out for ever with
# five clicks.
LOCK_PERIODS: tuple[timedelta | None, ...] = (timedelta(minutes=15), timedelta(hours=1), None)

TOTP_STEP = 30
TOTP_DIGITS = 6
TOTP_DRIFT = 1

CODE_DIGITS = 6
CODE_LIFE = timedelta(minutes=5)
CODE_TRIES = 5
PHONE_LOCK = timedelta(minutes=15)
RECOVERY_CODES = 10
# 32 signs without 0/O and 1/I, so that a code can be read aloud.
RECOVERY_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
RECOVERY_LENGTH = 10

PENDING_LIFE = timedelta(minutes=5)
INVITATION_LIFE = timedelta(days=7)
RESET_REQUEST_LIFE = timedelta(hours=24)
RESET_LINK_LIFE = timedelta(hours=24)

SEEN_EVERY = timedelta(minutes=1)

_MOBILE = re.compile(r"^1[3-9][0-9]{9}$")
_LOGIN_NAME = re.compile(r"^[^\W_][\w.@-]{1,63}$")


@dataclass(frozen=True)
class SendLimit:
    """At most `most` codes within `within`."""

    most: int
    within: timedelta


PHONE_LIMITS = (
    SendLimit(1, timedelta(minutes=1)),
    SendLimit(5, timedelta(hours=1)),
    SendLimit(10, timedelta(days=1)),
)
# A community's whole hall may share one address, so these are wider; they stop a machine that walks through numbers.
ADDRESS_LIMITS = (SendLimit(30, timedelta(hours=1)), SendLimit(200, timedelta(days=1)))


@dataclass(frozen=True)
class Lock:
    """What a failed attempt leads to."""

    failures: int
    lockouts: int
    locked: bool
    until: datetime | None


def normalise_login_name(text: str) -> str:
    """Give a login name as it is stored: half-width, lower case, without spaces around it."""
    return unicodedata.normalize("NFKC", text).strip().lower()


def is_login_name(text: str) -> bool:
    """Whether a normalised name is 2 to 64 letters (Chinese too), digits, or . _ - @."""
    return bool(_LOGIN_NAME.match(text))


def read_mobile(text: str) -> str | None:
    """Give the 11 digits of a typed mobile number, with or without +86, spaces and dashes; None when it is not one."""
    digits = re.sub(r"[\s-]", "", unicodedata.normalize("NFKC", text))
    digits = digits.removeprefix("+86").removeprefix("0086")
    return digits if _MOBILE.match(digits) else None


def normalise_code(text: str) -> str:
    """Give the digits of a typed one-time code, full-width ones too."""
    return "".join(sign for sign in unicodedata.normalize("NFKC", text) if sign.isascii() and sign.isdigit())


def normalise_recovery_code(text: str) -> str:
    """Give a typed recovery code in capitals without spaces and dashes; 0/O and 1/I/L are not in any code."""
    return "".join(sign for sign in unicodedata.normalize("NFKC", text).upper() if sign in RECOVERY_ALPHABET)


def print_recovery_code(code: str) -> str:
    """Give a recovery code in two groups as it is printed."""
    return f"{code[:5]}-{code[5:]}"


def after_failure(*, failures: int, lockouts: int, at: datetime) -> Lock:
    """Count one failed attempt of any factor; the fifth locks, longer each time."""
    failures += 1
    if failures < MAX_FAILURES:
        return Lock(failures, lockouts, locked=False, until=None)
    period = LOCK_PERIODS[min(lockouts, len(LOCK_PERIODS) - 1)]
    return Lock(failures, lockouts + 1, locked=True, until=at + period if period else None)


def lock_holds(*, locked_at: datetime | None, locked_until: datetime | None, at: datetime) -> bool:
    """Whether a lock is still on; one without an end is opened by an administrator only."""
    return locked_at is not None and (locked_until is None or at < locked_until)


def totp_at(secret: str, step: int) -> str:
    """Give the one-time password (RFC 6238, SHA-1, 6 digits) of a base32 secret for a 30-second step."""
    # Authenticator apps know SHA-1 only; HMAC does not rest on its collision resistance.
    key = base64.b32decode(secret)
    return TOTP(key, TOTP_DIGITS, SHA1(), TOTP_STEP, enforce_key_length=False).generate(step * TOTP_STEP).decode()  # noqa: S303


def matching_step(*, secret: str, code: str, at: datetime, last_step: int | None) -> int | None:
    """Give the step whose password this is, one step early or late allowed; None when wrong or already used."""
    now = int(at.timestamp()) // TOTP_STEP
    found = None
    for step in range(now - TOTP_DRIFT, now + TOTP_DRIFT + 1):
        same = compare_digest(totp_at(secret, step), code) if code.isascii() else False
        if same and (last_step is None or step > last_step):
            found = step
    return found


def totp_address(*, secret: str, login_name: str, issuer: str) -> str:
    """Give the otpauth:// address that an authenticator app reads from a QR code."""
    label = quote(f"{issuer}:{login_name}")
    return f"otpauth://totp/{label}?" + urlencode(
        {"secret": secret.rstrip("="), "issuer": issuer, "digits": TOTP_DIGITS, "period": TOTP_STEP}, quote_via=quote
    )


def wait_before_sending(*, sent: Sequence[datetime], limits: Iterable[SendLimit], at: datetime) -> timedelta | None:
    """How long to wait before another code may be sent, or None when one may be sent now."""
    waits = []
    for limit in limits:
        recent = sorted(moment for moment in sent if moment > at - limit.within)
        if len(recent) >= limit.most:
            waits.append(recent[-limit.most] + limit.within - at)
    return max(waits, default=None)


def phone_locked_until(*, tries: Sequence[tuple[datetime, int]], at: datetime) -> datetime | None:
    """Until when a phone waits after five wrong codes within a quarter of an hour; `tries` are (sent_at, wrong)."""
    recent = [(sent_at, wrong) for sent_at, wrong in tries if wrong and sent_at > at - PHONE_LOCK]
    if sum(wrong for _, wrong in recent) < MAX_FAILURES:
        return None
    return max(sent_at for sent_at, _ in recent) + PHONE_LOCK


def is_idle(*, seen_at: datetime | None, at: datetime, after: timedelta) -> bool:
    """Whether nobody has used this session for so long that it ends."""
    return seen_at is not None and at - seen_at >= after
