"""Who fetches forms and sends answers as another program: by Digest, by Basic over HTTPS, by a word in the address."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
import secrets
from datetime import datetime
from urllib.parse import unquote, urlsplit

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from lianxin.domain.needs.commands import survey_devices as commands
from lianxin.domain.needs.models import SurveyDevice
from lianxin.domain.needs.queries.survey_devices import device_at_door, is_in
from lianxin.domain.needs.rules import survey_devices as rules
from lianxin.platform.errors import Problem
from lianxin.platform.sensitive import Unreadable, digest_candidates

DOMAIN = "/openrosa/"
NONCE_PURPOSE = "openrosa.nonce"
NONCE_SECONDS = 600
PART = re.compile(r'([a-zA-Z]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s",]+))')


class NotKnown(Problem):
    """Nobody, or somebody whom we do not know."""

    status = 401
    title = _("Please enter the user name and the password that the office gave for this phone.")

    def __init__(self, *, stale: bool = False) -> None:
        super().__init__()
        self.stale = stale


class Locked(Problem):
    """Too many wrong passwords in the name of this phone."""

    status = 429
    title = _(
        "The wrong password came too often. Please wait a few minutes, or ask the office to let the phone in anew."
    )


class NoLonger(Problem):
    """The phone was let in once."""

    status = 403
    title = _("This phone may no longer come in. Please ask the office to let it in anew; nothing on it is lost.")


def let_through(request: HttpRequest, *, token: str, at: datetime) -> SurveyDevice:
    """Give the phone that asks; raises NotKnown, Locked or NoLonger."""
    if token:
        row, passed, stale = device_at_door(secret=token[:64]), True, False
    else:
        row, passed, stale = _by_header(request, at)
    if row is None or stale:
        raise NotKnown(stale=stale)
    if row.locked_until is not None and at < row.locked_until and not token:
        raise Locked
    if not passed:
        commands.note_try(actor=commands.device_actor(row), device=row.pk, passed=False, at=at)
        raise NotKnown
    if not is_in(row, at):
        raise NoLonger
    if row.failures or row.last_seen_at is None or at - row.last_seen_at >= rules.SEEN_EVERY:
        commands.note_try(actor=commands.device_actor(row), device=row.pk, passed=True, at=at)
    return row


def challenge(*, is_secure: bool, stale: bool, at: datetime) -> str:
    """Ask for a name and password: by Digest, and over HTTPS also by Basic, which shows the password to the line."""
    digest = f'Digest realm="{rules.REALM}", domain="{DOMAIN}", nonce="{new_nonce(at)}", algorithm=MD5, qop="auth"' + (
        ", stale=true" if stale else ""
    )
    return f'{digest}, Basic realm="{rules.REALM}", charset="UTF-8"' if is_secure else digest


def new_nonce(at: datetime) -> str:
    """Give a word that only we could have written, with its moment; no row is needed to know it again."""
    plain = f"{int(at.timestamp())}.{secrets.token_hex(12)}"
    return f"{plain}.{digest_candidates(plain, NONCE_PURPOSE)[0]}"


def nonce_age(nonce: str, at: datetime) -> float | None:
    """Give how many seconds old a word of ours is; None when it is none of ours."""
    plain, _dot, sign = nonce.rpartition(".")
    moment = plain.partition(".")[0]
    if not moment.isdecimal() or len(moment) > 12:
        return None
    if not any(rules.same(sign, known) for known in digest_candidates(plain, NONCE_PURPOSE)):
        return None
    return at.timestamp() - int(moment)


def _by_header(request: HttpRequest, at: datetime) -> tuple[SurveyDevice | None, bool, bool]:
    """Give the phone that the header names, whether it proved itself, and whether only its nonce is too old."""
    kind, _space, rest = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() == "basic" and request.is_secure():
        login, secret = _basic(rest)
        row = device_at_door(login=login) if login else None
        return row, row is not None and rules.same(rules.token_digest(secret), row.token_digest), False
    if kind.lower() != "digest":
        return None, False, False
    parts = digest_parts(rest)
    row = device_at_door(login=parts.get("username", "")) if parts.get("username") else None
    age = nonce_age(parts.get("nonce", ""), at)
    if row is None or age is None or not _same_address(request, parts.get("uri", "")):
        return None, False, False
    try:
        passed = rules.same(response_of(row.ha1.reveal(), request.method or "", parts), parts.get("response", ""))
    except Unreadable:
        return None, False, False
    return row, passed, passed and not 0 <= age + 5 <= NONCE_SECONDS + 5


def _basic(text: str) -> tuple[str, str]:
    try:
        login, _colon, secret = base64.b64decode(text.strip(), validate=True).decode().partition(":")
    except (binascii.Error, ValueError):
        return "", ""
    return login, secret


def digest_parts(text: str) -> dict[str, str]:
    """Read what stands in a Digest header, by name."""
    return {
        name.lower(): re.sub(r"\\(.)", r"\1", quoted) if quoted else bare for name, quoted, bare in PART.findall(text)
    }


def response_of(ha1: str, method: str, parts: dict[str, str]) -> str:
    """Work out what whoever knows the password would answer (RFC 2617, with or without qop=auth)."""
    ha2 = _md5(f"{method}:{parts.get('uri', '')}")
    if not parts.get("qop"):
        return _md5(f"{ha1}:{parts.get('nonce', '')}:{ha2}")
    middle = ":".join(parts.get(name, "") for name in ("nonce", "nc", "cnonce", "qop"))
    return _md5(f"{ha1}:{middle}:{ha2}")


def _same_address(request: HttpRequest, uri: str) -> bool:
    """Tell whether the answer was made for this address: one that was overheard opens no other."""
    split = urlsplit(uri)
    asked = split.path + (f"?{split.query}" if split.query else "")
    return unquote(asked) == unquote(request.get_full_path())


def _md5(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()
