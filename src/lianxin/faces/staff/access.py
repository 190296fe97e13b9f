"""Who may open a page of the office: for everybody else it does not exist."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any, TypeVar
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from lianxin.domain.places import policy
from lianxin.faces.entrance.session import to_login
from lianxin.faces.kit.acting import actor_of
from lianxin.platform.actors import Actor
from lianxin.platform.errors import Missing, NotAllowed

NOT_STAFF = frozenset({"resident", "anonymous"})
READ, SEND, PRESS = ("GET", "HEAD"), ("GET", "HEAD", "POST"), ("POST",)
View = Callable[..., HttpResponse]
May = Callable[[Actor], bool]
R = TypeVar("R")


def guard(
    methods: Iterable[str],
    *,
    seen_by: May,
    allowed: May | None = None,
    there: Callable[[Actor, dict[str, Any]], None] | None = None,
) -> Callable[[View], View]:
    """Let in whom `seen_by` names; to the others the page does not exist, and to nobody at all it offers the login.

    Who sees the page but is not `allowed` on it is refused, yet only after `there` has found what the address names:
    otherwise the refusal would tell a stranger that it exists.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            actor = actor_of(request)
            if actor.is_anonymous:
                return to_login(request)
            if not seen_by(actor):
                raise Missing
            if allowed is not None and not allowed(actor):
                if there is not None:
                    there(actor, kwargs)
                raise NotAllowed
            return view(request, *args, **kwargs)

        return never_cache(require_http_methods(list(methods))(guarded))

    return decorate


def has_a_role(actor: Actor) -> bool:
    """Tell whether somebody works here, in whatever role."""
    return bool(actor.roles - NOT_STAFF)


def is_office(actor: Actor) -> bool:
    """Tell whether somebody works in the office of a community, a subdistrict or the district."""
    return actor.holds(*policy.STAFF)


def reading(view: View) -> View:
    """Let everybody with a role read a page."""
    return guard(READ, seen_by=has_a_role)(view)


def form_page(view: View) -> View:
    """Let everybody with a role open and send a form; the command behind it decides."""
    return guard(SEND, seen_by=has_a_role)(view)


def pressing(view: View) -> View:
    """Take a button that was pressed."""
    return guard(PRESS, seen_by=has_a_role)(view)


def office_reading(view: View) -> View:
    """Let the offices read a page that is not about one venue."""
    return guard(READ, seen_by=is_office)(view)


def office_form(view: View) -> View:
    """Let the offices open and send a form that is not about one venue."""
    return guard(SEND, seen_by=is_office)(view)


def office_pressing(view: View) -> View:
    """Take a button that an office pressed."""
    return guard(PRESS, seen_by=is_office)(view)


def pick(rows: Iterable[R], pk: UUID) -> R:
    """Give the row with this id out of those that belong to the page; raises Missing."""
    for row in rows:
        if row.pk == pk:  # type: ignore[attr-defined]
            return row
    raise Missing
