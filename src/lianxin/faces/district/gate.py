"""Who may open the department's pages: the offices above the communities; for all others they do not exist."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from lianxin.domain.people.rules.roles import ADMINISTRATORS
from lianxin.faces.entrance.session import to_login
from lianxin.platform.actors import Actor
from lianxin.platform.errors import Missing

OFFICES = ("subdistrict_staff", "district_staff")
View = Callable[..., HttpResponse]


def _guarded(view: View, allowed: Callable[[Actor], bool], roles: tuple[str, ...] = OFFICES) -> View:
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        actor: Actor = request.actor  # type: ignore[attr-defined]
        if actor.is_anonymous:
            return to_login(request)
        if not actor.holds(*roles) or not allowed(actor):
            raise Missing
        return view(request, *args, **kwargs)

    return guarded


def shown_to_offices(view: View) -> View:
    """Let subdistrict and district staff read a page."""
    return never_cache(require_http_methods(["GET", "HEAD"])(_guarded(view, lambda actor: True)))


def shown_to_offices_and_administrators(view: View) -> View:
    """Let the offices read a page, and the three administrators too."""
    roles = (*OFFICES, *sorted(ADMINISTRATORS))
    return never_cache(require_http_methods(["GET", "HEAD"])(_guarded(view, lambda actor: True, roles)))


def form_for_offices(view: View) -> View:
    """Let subdistrict and district staff open and send a form; the command behind it decides."""
    return never_cache(require_http_methods(["GET", "HEAD", "POST"])(_guarded(view, lambda actor: True)))


def form_for(allowed: Callable[[Actor], bool]) -> Callable[[View], View]:
    """Let those whom a policy names open and send a form; for the others it does not exist."""

    def decorate(view: View) -> View:
        return never_cache(require_http_methods(["GET", "HEAD", "POST"])(_guarded(view, allowed)))

    return decorate
