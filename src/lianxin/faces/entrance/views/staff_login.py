"""Staff come in by name and password, then by a one-time code."""

from datetime import datetime
from uuid import UUID

from django.contrib import auth
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from lianxin.domain.people.commands import login
from lianxin.domain.people.models import Account
from lianxin.domain.people.queries.accounts import find_account
from lianxin.domain.people.rules.login import PENDING_LIFE
from lianxin.faces.entrance import session
from lianxin.faces.entrance.forms import CodeForm, StaffLoginForm
from lianxin.platform.actors import Actor
from lianxin.platform.clock import now


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def password(request: HttpRequest) -> HttpResponse:
    """Ask for name and password; every refusal reads the same, whether the name exists or not."""
    at = now()
    onward = session.safe_next(request, request.POST.get("next") or request.GET.get("next", ""))
    if request.method != "POST":
        if request.account is not None:  # type: ignore[attr-defined]
            return HttpResponseRedirect(onward or session.front_page(account=request.account, at=at))  # type: ignore[attr-defined]
        return render(request, "entrance/login.html", {"form": StaffLoginForm(), "onward": onward})
    form = StaffLoginForm(request.POST)
    if form.is_valid():
        step = login.check_password(
            login_name=form.cleaned_data["login_name"], password=form.cleaned_data["password"], at=at
        )
        if step.outcome == login.SECOND_FACTOR:
            request.session.cycle_key()
            request.session[session.PENDING] = {
                "account": str(step.account),
                "at": at.isoformat(),
                "next": onward,
            }
            return HttpResponseRedirect(reverse("login_code"))
        if step.outcome in (login.DONE, login.ENROL):
            return _in(request, find_account(step.account), at, onward)  # type: ignore[arg-type]
        form.add_error(
            None,
            _(
                "Name and password do not match, or the account is locked. After 5 wrong tries an account is locked "
                "for a while; the security administrator can open it."
            ),
        )
    return render(request, "entrance/login.html", {"form": form, "onward": onward}, status=422)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def code(request: HttpRequest) -> HttpResponse:
    """Ask for the second factor within five minutes of the password."""
    at = now()
    pending = request.session.get(session.PENDING) or {}
    since = session.read_moment(pending.get("at"))
    if since is None or at - since >= PENDING_LIFE:
        request.session.pop(session.PENDING, None)
        return HttpResponseRedirect(reverse("login"))
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        step = login.check_second_factor(
            actor=Actor.anonymous(), account=UUID(pending["account"]), code=form.cleaned_data["code"], at=at
        )
        if step.outcome == login.DONE:
            return _in(request, find_account(step.account), at, pending.get("next", ""))  # type: ignore[arg-type]
        if step.outcome == login.LOCKED or step.account is None:
            request.session.pop(session.PENDING, None)
            return render(request, "entrance/locked.html", {"until": step.locked_until}, status=403)
        form.add_error("code", _("This code does not match or was used already. Please wait for the next one."))
    return render(request, "entrance/login_code.html", {"form": form}, status=422 if request.method == "POST" else 200)


def _in(request: HttpRequest, account: Account, at: datetime, onward: str) -> HttpResponse:
    response = HttpResponseRedirect(onward or session.front_page(account=account, at=at))
    return session.start(request, account=account, at=at, response=response)


@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """End the session."""
    account = request.account  # type: ignore[attr-defined]
    auth.logout(request)
    was_resident = account is not None and account.kind == Account.Kind.RESIDENT
    return HttpResponseRedirect("/" if was_resident else reverse("login"))
