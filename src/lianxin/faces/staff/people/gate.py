"""Who may open the people pages; for everybody else they do not exist."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from lianxin.domain.people import policy
from lianxin.faces.entrance.session import to_login
from lianxin.platform.actors import Actor
from lianxin.platform.errors import Missing

View = Callable[..., HttpResponse]
May = Callable[[Actor], bool]


def actor_of(request: HttpRequest) -> Actor:
    """Give who is logged in."""
    return request.actor  # type: ignore[attr-defined, no-any-return]


def _guarded(view: View, methods: list[str], seen_by: May, allowed: May) -> View:
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        actor = actor_of(request)
        if actor.is_anonymous:
            return to_login(request)
        if not seen_by(actor):
            raise Missing
        policy.require(allowed(actor))
        return view(request, *args, **kwargs)

    return never_cache(require_http_methods(methods)(guarded))


def reading(view: View) -> View:
    """Let the offices read a page about people."""
    return _guarded(view, ["GET", "HEAD"], policy.may_see_people, policy.may_see_people)


def looking(view: View) -> View:
    """Let the offices open a page whose sending is a look that gets logged."""
    return _guarded(view, ["GET", "HEAD", "POST"], policy.may_see_people, policy.may_see_people)


def form_for(allowed: May) -> Callable[[View], View]:
    """Let those whom a policy names open and send a form."""
    return lambda view: _guarded(view, ["GET", "HEAD", "POST"], policy.may_see_people, allowed)


def button_for(allowed: May) -> Callable[[View], View]:
    """Take a button from those whom a policy names."""
    return lambda view: _guarded(view, ["POST"], policy.may_see_people, allowed)


writing = form_for(policy.may_write_people)
pressing = button_for(policy.may_write_people)


def identifying(view: View) -> View:
    """Let everybody to whom a card may be shown ask whose it is."""
    return _guarded(view, ["GET", "HEAD", "POST"], policy.may_identify_cards, policy.may_identify_cards)
