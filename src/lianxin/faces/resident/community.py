"""Which community's pages a visitor reads: the one chosen on this phone, else the one a resident lives in."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse

from lianxin.faces.kit.preferences import YEAR
from lianxin.platform.actors import Actor

COOKIE = "lianxin-community"


def actor_of(request: HttpRequest) -> Actor:
    """Give who asks for the page."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


def home_community(request: HttpRequest) -> UUID | None:
    """Give the community a logged-in resident lives in, or None."""
    actor = actor_of(request)
    if actor.person is None or not actor.communities or len(actor.communities) != 1:
        return None
    return next(iter(actor.communities))


def chosen_community(request: HttpRequest) -> UUID | None:
    """Give the community whose pages to show, or None when nothing was chosen yet."""
    try:
        return UUID(request.COOKIES[COOKIE])
    except (KeyError, ValueError):
        return home_community(request)


def remember(response: HttpResponse, community: UUID, *, request: HttpRequest) -> None:
    """Keep the choice on this phone for a year."""
    settings: dict[str, Any] = {"max_age": YEAR, "samesite": "Lax", "secure": request.is_secure(), "httponly": True}
    response.set_cookie(COOKIE, str(community), **settings)


def forget(response: HttpResponse) -> None:
    """Forget a choice that leads nowhere any more."""
    response.delete_cookie(COOKIE, samesite="Lax")
