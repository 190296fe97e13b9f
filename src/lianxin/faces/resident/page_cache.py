"""Public pages kept whole in this process, for the hour in which a whole community opens the same one.

A kept page has places where something is put in for each answer (how full it is, the token of a form). It is made anew
when its edition changes, at the next moment at which it would say something else, and after a minute at the latest.
"""

from __future__ import annotations

import gzip
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control
from django.utils.translation import get_language

from lianxin.faces.kit.preferences import preferences
from lianxin.faces.resident.community import actor_of

KEPT_MOST = 48
LONGEST = timedelta(minutes=1)
QUICKLY = 4


@dataclass(slots=True)
class _Kept:
    edition: Hashable
    until: datetime
    content: bytes
    packed: tuple[Hashable, bytes] | None = None


_pages: OrderedDict[Hashable, _Kept] = OrderedDict()
_lock = Lock()


def hole(name: str) -> str:
    """Give the mark that a template leaves where something is put in later."""
    return f"@@put-{name}-here@@"


def may_keep(request: HttpRequest) -> bool:
    """Tell whether this visitor sees what everybody sees: nobody is logged in, and no message waits."""
    cookies = request.COOKIES
    return (
        actor_of(request).is_anonymous
        and settings.SESSION_COOKIE_NAME not in cookies
        and CookieStorage.cookie_name not in cookies
    )


def answer(
    request: HttpRequest,
    *,
    edition: Hashable,
    at: datetime,
    until: datetime | None,
    make: Callable[[], str],
    put_in: Mapping[str, Callable[[], str]],
    packed_for: Hashable = None,
    part: str = "",
) -> HttpResponse:
    """Answer with the kept page of this address, made by `make` when there is none, with its holes filled.

    `part` tells two kept pages of one address apart. `packed_for` names what fills the holes when that is the same for
    many: then the packed answer is kept too.
    """
    shown = preferences(request)
    key = (request.path, part, get_language(), shown.mode, shown.size)
    kept = _pages.get(key)
    if kept is None or kept.edition != edition or kept.until <= at:
        # What stands behind a question mark says where somebody came from; the page is the same.
        request.META["QUERY_STRING"] = ""
        kept = _Kept(edition, min(filter(None, (until, at + LONGEST))), make().encode())
        with _lock:
            _pages[key] = kept
            _pages.move_to_end(key)
            while len(_pages) > KEPT_MOST:
                _pages.popitem(last=False)
    if packed_for is None or "gzip" not in request.headers.get("Accept-Encoding", ""):
        return _response(_filled(kept.content, put_in))
    packed = kept.packed
    if packed is None or packed[0] != packed_for:
        packed = kept.packed = (packed_for, gzip.compress(_filled(kept.content, put_in), QUICKLY, mtime=0))
    response = _response(packed[1])
    response.headers["Content-Encoding"] = "gzip"
    response.headers["Vary"] = "Accept-Encoding"
    return response


def forget() -> None:
    """Forget every kept page (tests)."""
    _pages.clear()


def _filled(content: bytes, put_in: Mapping[str, Callable[[], str]]) -> bytes:
    for name, say in put_in.items():
        content = content.replace(hole(name).encode(), say().encode())
    return content


def _response(content: bytes) -> HttpResponse:
    response = HttpResponse(content)
    patch_cache_control(response, private=True, max_age=0)
    return response
