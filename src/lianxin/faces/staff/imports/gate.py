"""Who may import: whoever may bring in at least one kind of table; for all others these pages do not exist."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from lianxin.faces.entrance.session import to_login
from lianxin.platform.errors import Missing

from ..places.access import actor_of
from .words import kinds

__all__ = ["actor_of", "form_page", "pressing", "reading"]

View = Callable[..., HttpResponse]


def _guarded(view: View, methods: list[str]) -> View:
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        actor = actor_of(request)
        if actor.is_anonymous:
            return to_login(request)
        if not any(kind.may(actor) for kind in kinds()):
            raise Missing
        return view(request, *args, **kwargs)

    return never_cache(require_http_methods(methods)(guarded))


def reading(view: View) -> View:
    """Let those who import read a page."""
    return _guarded(view, ["GET", "HEAD"])


def form_page(view: View) -> View:
    """Let those who import open and send a form."""
    return _guarded(view, ["GET", "HEAD", "POST"])


def pressing(view: View) -> View:
    """Take a button from those who import."""
    return _guarded(view, ["POST"])
