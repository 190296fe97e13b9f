"""What the entrance keeps in a session, and where somebody goes after coming in."""

import json
import logging
from datetime import datetime
from ipaddress import IPv6Address, ip_address
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import auth
from django.contrib.sessions.exceptions import SessionInterrupted
from django.contrib.sessions.middleware import SessionMiddleware
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from lianxin.domain.people.models import Account
from lianxin.domain.people.queries.accounts import actor_for
from lianxin.domain.people.rules.roles import ROLES
from lianxin.faces.kit.navigation import url_or_none
from lianxin.faces.kit.preferences import YEAR
from lianxin.platform import bad_luck
from lianxin.platform.sensitive import Sealed, Unreadable, seal

LOG = logging.getLogger(__name__)
SEEN = "entrance_seen_at"
PENDING = "entrance_pending"
PHONE = "entrance_phone"
ENROLMENT = "entrance_enrolment"
BACKEND = "django.contrib.auth.backends.ModelBackend"
FRONT_PAGES = {"staff": "staff:today", "district": "district:overview", "resident": "resident:home"}


def put_sealed(request: HttpRequest, name: str, text: str) -> None:
    """Keep a text in the session as ciphertext: session rows are signed, not secret."""
    request.session[name] = seal(text, name).ciphertext.hex()


def take_sealed(request: HttpRequest, name: str) -> str:
    """Give back what `put_sealed` kept, or an empty text."""
    try:
        return Sealed(bytes.fromhex(request.session[name]), name).reveal()
    except (KeyError, ValueError, TypeError, Unreadable):
        return ""


def start(request: HttpRequest, *, account: Account, at: datetime, response: HttpResponse) -> HttpResponse:
    """Begin a session of an account under a new session key, in its language unless this visitor chose one."""
    for name in (PENDING, PHONE, ENROLMENT):
        request.session.pop(name, None)
    auth.login(request, account, backend=BACKEND)
    request.session[SEEN] = at.isoformat()
    if settings.LANGUAGE_COOKIE_NAME in request.COOKIES:
        return response
    return keep_language(request, account=account, response=response)


def keep_language(request: HttpRequest, *, account: Account, response: HttpResponse) -> HttpResponse:
    """Show pages in the account's language from now on."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        account.language,
        max_age=YEAR,
        samesite="Lax",
        secure=request.is_secure(),
        httponly=True,
    )
    return response


def note_seen(request: HttpRequest, at: datetime) -> None:
    """Note in the session that somebody is there."""
    request.session[SEEN] = at.isoformat()
    request.session_but_seen = _but_seen(request)  # type: ignore[attr-defined]


def _but_seen(request: HttpRequest) -> str:
    kept = {name: value for name, value in request.session.items() if name != SEEN}
    return json.dumps(kept, sort_keys=True, default=str)


class PatientSessionMiddleware(SessionMiddleware):
    """Django's own; but a page is not lost because the note that somebody was there could not be written just now."""

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        """Save what changed in the session and set its cookie."""
        try:
            return super().process_response(request, response)
        except (DatabaseError, SessionInterrupted) as error:
            # Django takes whatever keeps it from saving a session for a session that ended meanwhile.
            cause: BaseException | None = error
            while cause is not None and not bad_luck.passes(cause):
                cause = cause.__context__
            if cause is None:
                raise
            bad_luck.met(cause)
            if getattr(request, "session_but_seen", None) != _but_seen(request):
                raise cause from cause.__cause__
            LOG.warning("session_not_noted", extra={"path": request.path})
            return response


def read_moment(value: Any) -> datetime | None:
    """Read a moment that the session keeps as text."""
    try:
        return datetime.fromisoformat(value)
    except (TypeError, ValueError):
        return None


def safe_next(request: HttpRequest, target: str) -> str:
    """Give a place to go on to if it is an address of this site, else an empty text."""
    safe = url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return target if target and safe else ""


def front_page(*, account: Account, at: datetime) -> str:
    """Give the page on which somebody's work begins."""
    role = actor_for(account=account, at=at).role
    if role in ROLES:
        face = ROLES[role].face
    else:
        face = "resident" if account.kind == Account.Kind.RESIDENT else ""
    return url_or_none(FRONT_PAGES.get(face, "account")) or reverse("account")


def to_login(request: HttpRequest, *, door: str = "login") -> HttpResponse:
    """Send somebody to a door (`login` or `login_phone`) and bring them back to this page afterwards."""
    address = reverse(door)
    if request.method in ("GET", "HEAD"):
        address += "?" + urlencode({"next": request.get_full_path()})
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": address})
    return HttpResponseRedirect(address)


def network_of(request: HttpRequest) -> str:
    """Give the network address a request comes from; a /64 counts as one, for that is what a household gets."""
    address = request.META.get("REMOTE_ADDR", "")
    if settings.SECURE_PROXY_SSL_HEADER and request.headers.get("X-Forwarded-For"):
        # Only behind a proxy that we trust; what the proxy itself added stands last.
        address = request.headers["X-Forwarded-For"].rsplit(",", 1)[-1].strip()
    try:
        found = ip_address(address)
    except ValueError:
        return address[:64]
    if isinstance(found, IPv6Address):
        return found.exploded[:19]
    return str(found)
