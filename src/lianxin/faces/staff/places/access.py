"""Who may open these pages, and which venue, room or service they lead to: another office's do not exist here."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any, TypeVar
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from lianxin.domain.places import policy
from lianxin.domain.places.models import Venue
from lianxin.domain.places.queries import office
from lianxin.faces.entrance.session import to_login
from lianxin.platform.actors import Actor
from lianxin.platform.errors import Missing, NotAllowed

NOT_STAFF = frozenset({"resident", "anonymous"})
View = Callable[..., HttpResponse]
R = TypeVar("R")


def actor_of(request: HttpRequest) -> Actor:
    """Give who is logged in."""
    return request.actor  # type: ignore[attr-defined, no-any-return]


def _guarded(view: View, methods: list[str], offices_only: bool) -> View:
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        actor = actor_of(request)
        if actor.is_anonymous:
            return to_login(request)
        if not actor.roles - NOT_STAFF or (offices_only and not actor.holds(*policy.STAFF)):
            raise NotAllowed
        return view(request, *args, **kwargs)

    return never_cache(require_http_methods(methods)(guarded))


def reading(view: View) -> View:
    """Let everybody with a role read a page."""
    return _guarded(view, ["GET", "HEAD"], False)


def form_page(view: View) -> View:
    """Let everybody with a role open and send a form; the command behind it decides."""
    return _guarded(view, ["GET", "HEAD", "POST"], False)


def pressing(view: View) -> View:
    """Take a button that was pressed."""
    return _guarded(view, ["POST"], False)


def office_reading(view: View) -> View:
    """Let the offices read a page that is not about one venue."""
    return _guarded(view, ["GET", "HEAD"], True)


def office_form(view: View) -> View:
    """Let the offices open and send a form that is not about one venue."""
    return _guarded(view, ["GET", "HEAD", "POST"], True)


def office_pressing(view: View) -> View:
    """Take a button that an office pressed."""
    return _guarded(view, ["POST"], True)


def venue_for(request: HttpRequest, venue: UUID) -> Venue:
    """Give a venue that the actor works with; raises Missing."""
    return office.find_office_venue(actor=actor_of(request), venue=venue)


def venue_to_edit(request: HttpRequest, venue: UUID) -> Venue:
    """Give a venue that the actor may edit; raises Missing or NotAllowed."""
    found = venue_for(request, venue)
    policy.require(policy.may_edit_venue(actor_of(request), found))
    return found


def venue_to_manage(request: HttpRequest, venue: UUID) -> Venue:
    """Give a venue whose life the actor decides about; raises Missing or NotAllowed."""
    found = venue_for(request, venue)
    policy.require(policy.may_manage_venue(actor_of(request), found.community_id))
    return found


def pick(rows: Iterable[R], pk: UUID) -> R:
    """Give the row with this id out of those that belong to the page; raises Missing."""
    for row in rows:
        if row.pk == pk:  # type: ignore[attr-defined]
            return row
    raise Missing
