"""Phones of other programs: how they are named, what they prove themselves by, and when wrong tries lock them."""

import base64
import hashlib
import json
import zlib
from datetime import datetime, timedelta
from hmac import compare_digest

REALM = "Lianxin surveys"
LONGEST_NAME = 40
MOST_DAYS = 400
USUAL_DAYS = 90
TRIES = 10
FIRST_LOCK = timedelta(minutes=5)
LONGEST_LOCK = timedelta(hours=8)
SEEN_EVERY = timedelta(minutes=5)


def login_from(noise: bytes) -> str:
    """Write a login name of six letters and digits that are told apart when read out."""
    return "phone-" + base64.b32encode(noise[:5]).decode().lower()[:6]


def secret_from(noise: bytes) -> str:
    """Write a password of 26 letters and digits, too long to be guessed; it also stands in addresses."""
    return base64.b32encode(noise[:17]).decode().rstrip("=").lower()[:26]


def token_digest(secret: str) -> str:
    """Digest a password that stands in an address; it is random, so that no salt is needed."""
    return hashlib.sha256(secret.encode()).hexdigest()


def ha1(login: str, secret: str) -> str:
    """Give what HTTP Digest keeps instead of a password; its standard for these programs asks for MD5."""
    return hashlib.md5(f"{login}:{REALM}:{secret}".encode(), usedforsecurity=False).hexdigest()


def same(one: str, other: str) -> bool:
    """Compare two digests without telling by the time it takes how much of them is alike."""
    return compare_digest(one.encode(), other.encode())


def locked_until(*, failures: int, at: datetime) -> datetime | None:
    """Give until when a device is locked after so many wrong tries in a row: every tenth doubles the time."""
    if not failures or failures % TRIES:
        return None
    return at + min(FIRST_LOCK * 2 ** min(failures // TRIES - 1, 10), LONGEST_LOCK)


def settings_text(*, server: str, login: str, secret: str, project: str) -> str:
    """Give what ODK Collect reads from a QR code: its settings as JSON, packed and in base64."""
    settings = {
        "general": {
            "protocol": "odk_default",
            "server_url": server,
            "username": login,
            "password": secret,
            "form_update_mode": "match_exactly",
            "autosend": "wifi_and_cellular",
        },
        "admin": {},
        "project": {"name": project},
    }
    plain = json.dumps(settings, ensure_ascii=False, separators=(",", ":"))
    return base64.b64encode(zlib.compress(plain.encode(), 9)).decode()
