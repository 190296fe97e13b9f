"""Puts the actor on every request, opens the actor's scope, and ends sessions that nobody uses."""

from collections.abc import Callable
from datetime import datetime

from django.conf import settings
from django.contrib import auth, messages
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from lianxin.domain.people.models import Account
from lianxin.domain.people.queries.accounts import actor_for, idle_after
from lianxin.domain.people.rules import login, roles
from lianxin.faces.entrance.session import SEEN, note_seen, read_moment, to_login
from lianxin.faces.kit.acting import as_bad_luck_has_it
from lianxin.faces.kit.problems import answer, is_api
from lianxin.platform import scope
from lianxin.platform.actors import Actor
from lianxin.platform.clock import now
from lianxin.platform.errors import NotAllowed

# Pages that stay open to somebody who has first to change a password or to set up a second factor.
ALWAYS_OPEN = frozenset({"logout", "account_password", "account_second_factor", "kit:show_as"})


class ActorMiddleware:
    """Sets `request.account` and `request.actor` (anonymous when nobody is in) and enters the actor's scope."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        at = now()
        request.account, request.actor = None, Actor.anonymous()  # type: ignore[attr-defined]
        request.user = AnonymousUser()
        account = _account(request)
        if account is not None:
            actor = actor_for(account=account, at=at, via="api" if is_api(request) else "web")
            if _was_idle(request, actor, at):
                auth.logout(request)
                return _tell_idle(request)
            request.account, request.actor = account, actor  # type: ignore[attr-defined]
            request.user = account  # Django's own session functions ask for it.
        with scope.within(request.actor.communities):  # type: ignore[attr-defined]
            return as_bad_luck_has_it(request, self.get_response(request))

    def process_view(self, request: HttpRequest, *_args: object) -> HttpResponse | None:
        """Send somebody to the step that must come first."""
        account = request.account  # type: ignore[attr-defined]
        match = request.resolver_match
        if account is None or match is None or match.view_name in ALWAYS_OPEN:
            return None
        step = first_step(account, request.actor)  # type: ignore[attr-defined]
        if not step:
            return None
        if is_api(request):
            return answer(
                NotAllowed(_("Please finish setting up your account on the web page first.")), request=request
            )
        if request.headers.get("HX-Request"):
            return HttpResponse(status=204, headers={"HX-Redirect": reverse(step)})
        return HttpResponseRedirect(reverse(step))


def first_step(account: Account, actor: Actor) -> str:
    """Give the name of the page that must come before all others, or an empty text."""
    if account.must_change_password:
        return "account_password"
    if account.kind == Account.Kind.RESIDENT or account.totp_secret is not None:
        return ""
    return "account_second_factor" if roles.needs_second_factor(actor.roles) else ""


def _account(request: HttpRequest) -> Account | None:
    if settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return None
    found = auth.get_user(request)
    return found if isinstance(found, Account) else None


def _was_idle(request: HttpRequest, actor: Actor, at: datetime) -> bool:
    """Tell whether the session slept too long; notes the moment, at most once a minute, when it did not."""
    seen_at = read_moment(request.session.get(SEEN))
    after = idle_after(actor=actor, minutes=settings.IDLE_MINUTES)
    if after is not None and login.is_idle(seen_at=seen_at, at=at, after=after):
        return True
    # A page that asks again by itself says so: nobody sits before it, and its login may end.
    if request.headers.get("X-Passive") == "yes":
        return False
    if seen_at is None or at - seen_at >= login.SEEN_EVERY:
        note_seen(request, at)
    return False


def _tell_idle(request: HttpRequest) -> HttpResponse:
    if is_api(request):
        problem = NotAllowed(_("You were logged out because nobody used this session for a while."))
        problem.status = 401
        return answer(problem, request=request)
    messages.info(request, _("You were logged out because nobody used this session for a while. Please log in again."))
    return to_login(request)
