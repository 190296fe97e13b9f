"""A one-time link opens an account for the first time, or again after two people allowed it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from lianxin.domain.people.commands.accounts import new_totp_secret
from lianxin.domain.people.commands.invitations import LinkIsOver, accept_invitation, find_open_link
from lianxin.domain.people.rules.login import print_recovery_code, totp_address
from lianxin.faces.entrance import session
from lianxin.faces.entrance.forms import LinkForm
from lianxin.faces.kit.forms import add_problem
from lianxin.platform.clock import now
from lianxin.platform.errors import Problem

ISSUER = "Lianxin"


def enrolment(request: HttpRequest, login_name: str) -> dict[str, str]:
    """Give the secret that waits in the session for its first code, and how an app reads it."""
    secret = session.take_sealed(request, session.ENROLMENT)
    if not secret:
        secret = new_totp_secret()
        session.put_sealed(request, session.ENROLMENT, secret)
    return {
        "secret": secret,
        "spoken_secret": " ".join(secret[i : i + 4] for i in range(0, len(secret), 4)),
        "otpauth": totp_address(secret=secret, login_name=login_name, issuer=ISSUER),
    }


def show_codes(request: HttpRequest, codes: list[str], onward: str) -> HttpResponse:
    """Show recovery codes, this once, to be printed."""
    context = {"codes": [print_recovery_code(code) for code in codes], "onward": onward}
    return render(request, "entrance/recovery_codes.html", context)


@never_cache
@sensitive_post_parameters("password", "again")
@require_http_methods(["GET", "HEAD", "POST"])
def accept(request: HttpRequest, token: str) -> HttpResponse:
    """Ask for a password and the first code of an authenticator, then give the recovery codes."""
    at = now()
    link = find_open_link(token=token, at=at)
    asks = {"asks_password": link.resets_password, "asks_second_factor": link.resets_second_factor}
    enrols = enrolment(request, link.account.login_name or "") if link.resets_second_factor else None
    form = LinkForm(request.POST or None, **asks)
    if request.method == "POST" and form.is_valid():
        try:
            codes = accept_invitation(
                token=token,
                password=form.cleaned_data.get("password", ""),
                secret=enrols["secret"] if enrols else "",
                code=form.cleaned_data.get("code", ""),
                at=at,
            )
        except LinkIsOver:
            raise
        except Problem as problem:
            add_problem(form, problem)
        else:
            request.session.pop(session.ENROLMENT, None)
            if codes:
                return show_codes(request, codes, reverse("login"))
            return render(request, "entrance/link_done.html")
    context = {"form": form, "link": link, "enrolment": enrols}
    return render(request, "entrance/invitation.html", context, status=422 if request.method == "POST" else 200)
