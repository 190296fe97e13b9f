"""One's own account: password, authenticator, recovery codes, language."""

from collections.abc import Callable
from functools import wraps

from django.contrib import auth, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from lianxin.domain.people.commands import accounts
from lianxin.domain.people.commands.login import check_own_password
from lianxin.domain.people.models import Account
from lianxin.domain.people.queries.accounts import count_recovery_codes, list_roles_today
from lianxin.domain.people.rules.roles import ROLES
from lianxin.faces.entrance import session
from lianxin.faces.entrance.forms import ChangePasswordForm, LanguageForm, PasswordForm, SecondFactorForm
from lianxin.faces.entrance.views.invitation import enrolment, show_codes
from lianxin.faces.kit.forms import add_problem
from lianxin.platform.clock import local_day, now
from lianxin.platform.errors import Missing, Problem

View = Callable[..., HttpResponse]


def logged_in(view: View) -> View:
    """Let in only somebody who is logged in; others go to the door and come back."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        return session.to_login(request) if request.account is None else view(request, *args, **kwargs)  # type: ignore[attr-defined]

    return guarded


def _own(request: HttpRequest) -> Account:
    """The account of somebody with a password; residents have none, so these pages do not exist for them."""
    account: Account = request.account  # type: ignore[attr-defined]
    if account.kind == Account.Kind.RESIDENT:
        raise Missing
    return account


def _wrong_password() -> str:
    return _("This is not your present password. After 5 wrong tries the account is locked for a while.")


@never_cache
@logged_in
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest) -> HttpResponse:
    """Show whose account this is and what can be changed; set the language."""
    account, actor, at = request.account, request.actor, now()  # type: ignore[attr-defined]
    form = LanguageForm(request.POST or None, initial={"language": account.language})
    if request.method == "POST" and form.is_valid():
        language = form.cleaned_data["language"]
        account = accounts.set_language(actor=actor, account=account.pk, language=language, at=at)
        with override(language):
            messages.success(request, _("The language is set."))
        return session.keep_language(request, account=account, response=HttpResponseRedirect(reverse("account")))
    held = list_roles_today(account=account.pk, on=local_day(at))
    context = {
        "form": form,
        "account": account,
        "is_resident": account.kind == Account.Kind.RESIDENT,
        "roles": [(ROLES[role.role].label, role.stands_in_for is not None) for role in held],
        "codes_left": count_recovery_codes(account=account.pk),
        "front_page": session.front_page(account=account, at=at),
    }
    return render(request, "entrance/account.html", context, status=422 if request.method == "POST" else 200)


@never_cache
@logged_in
@sensitive_post_parameters("old", "password", "again")
@require_http_methods(["GET", "HEAD", "POST"])
def password(request: HttpRequest) -> HttpResponse:
    """Change the password; other sessions of this account end."""
    account, at = _own(request), now()
    form = ChangePasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if not check_own_password(account=account, password=form.cleaned_data["old"], at=at):
            form.add_error("old", _wrong_password())
        elif form.cleaned_data["old"] == form.cleaned_data["password"]:
            form.add_error("password", _("Please choose a password that differs from the present one."))
        else:
            try:
                encoded = accounts.new_password(password=form.cleaned_data["password"], account=account)
                changed = accounts.set_password(
                    actor=request.actor,  # type: ignore[attr-defined]
                    account=account.pk,
                    was=account.password,
                    encoded=encoded,
                    at=at,
                )
            except Problem as problem:
                add_problem(form, problem)
            else:
                auth.update_session_auth_hash(request, changed)
                messages.success(request, _("The password is changed."))
                return HttpResponseRedirect(reverse("account"))
    context = {"form": form, "forced": account.must_change_password}
    return render(request, "entrance/password.html", context, status=422 if request.method == "POST" else 200)


@never_cache
@logged_in
@sensitive_post_parameters("old")
@require_http_methods(["GET", "HEAD", "POST"])
def second_factor(request: HttpRequest) -> HttpResponse:
    """Set up an authenticator, for the first time or on a new phone, and show fresh recovery codes."""
    account, at = _own(request), now()
    enrols = enrolment(request, account.login_name or "")
    form = SecondFactorForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if not check_own_password(account=account, password=form.cleaned_data["old"], at=at):
            form.add_error("old", _wrong_password())
        else:
            try:
                codes = accounts.enrol_second_factor(
                    actor=request.actor,  # type: ignore[attr-defined]
                    account=account.pk,
                    secret=enrols["secret"],
                    code=form.cleaned_data["code"],
                    at=at,
                )
            except Problem as problem:
                add_problem(form, problem)
            else:
                request.session.pop(session.ENROLMENT, None)
                request.session.cycle_key()
                return show_codes(request, codes, session.front_page(account=account, at=at))
    context = {"form": form, "enrolment": enrols, "forced": account.totp_secret is None}
    return render(request, "entrance/second_factor.html", context, status=422 if request.method == "POST" else 200)


@never_cache
@logged_in
@sensitive_post_parameters("old")
@require_http_methods(["GET", "HEAD", "POST"])
def recovery_codes(request: HttpRequest) -> HttpResponse:
    """Print ten fresh recovery codes; the old ones stop working."""
    account, at = _own(request), now()
    form = PasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if check_own_password(account=account, password=form.cleaned_data["old"], at=at):
            codes = accounts.renew_recovery_codes(actor=request.actor, account=account.pk, at=at)  # type: ignore[attr-defined]
            return show_codes(request, codes, reverse("account"))
        form.add_error("old", _wrong_password())
    context = {"form": form}
    return render(request, "entrance/renew_codes.html", context, status=422 if request.method == "POST" else 200)
