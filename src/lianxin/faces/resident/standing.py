"""As whom a resident reads and acts on "me" pages: for oneself, or for somebody who agreed to it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.cache import never_cache

from lianxin.domain.people.queries.proxies import Principal, acting_for, find_principal
from lianxin.faces.resident.community import actor_of
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day
from lianxin.platform.errors import Missing

ACTING = "resident_acting"
View = Callable[..., HttpResponse]


@dataclass(frozen=True)
class Standing:
    """The actor of the page, whose record it is about, and the link that allows it when it is another's."""

    actor: Actor
    person: UUID
    principal: Principal | None = None


def residents_only(view: View) -> View:
    """Let in only somebody who is logged in; others go to the door and come back."""

    @wraps(view)
    @never_cache
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if actor_of(request).is_anonymous:
            back = request.get_full_path() if request.method in ("GET", "HEAD") else reverse("resident:me")
            return HttpResponseRedirect(f"{reverse('login_phone')}?{urlencode({'next': back})}")
        return view(request, *args, **kwargs)

    return guarded


def linked_only(view: View) -> View:
    """Let in only a resident whose login is linked to the register; "me" tells the others how that is done."""

    @wraps(view)
    @residents_only
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if actor_of(request).person is None:
            return HttpResponseRedirect(reverse("resident:me"))
        return view(request, *args, **kwargs)

    return guarded


def standing(request: HttpRequest, *, at: datetime) -> Standing:
    """Give as whom this page is read; a link that ended since is forgotten."""
    actor = actor_of(request)
    if actor.person is None:
        raise Missing
    acting = request.session.get(ACTING)
    if acting:
        try:
            principal = find_principal(actor=actor, person=UUID(acting["person"]), on=local_day(at))
        except (Missing, KeyError, ValueError, TypeError):
            request.session.pop(ACTING, None)
        else:
            return Standing(acting_for(actor, principal), principal.person, principal)
    return Standing(actor, actor.person)


def own_standing(request: HttpRequest) -> Standing:
    """Give a resident for oneself, on pages that nobody else may use."""
    actor = actor_of(request)
    if actor.person is None:
        raise Missing
    return Standing(actor, actor.person)


def key_from(request: HttpRequest) -> UUID | None:
    """Read the key by which a form sent twice counts once; one that is unreadable counts as none."""
    try:
        return UUID(request.POST.get("key", ""))
    except ValueError:
        return None
