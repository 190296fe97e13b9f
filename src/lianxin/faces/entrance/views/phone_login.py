"""Residents come in by a code on their phone."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from lianxin.domain.people.commands import login, phone_codes
from lianxin.domain.people.queries.accounts import find_account
from lianxin.faces.entrance import session
from lianxin.faces.entrance.forms import PhoneCodeForm, PhoneForm, WhoForm
from lianxin.faces.kit.forms import add_problem
from lianxin.faces.kit.templatetags.kit import mask_name, mask_phone
from lianxin.platform.actors import Actor
from lianxin.platform.clock import now
from lianxin.platform.errors import Problem

NEXT = "entrance_next"
WHO = "entrance_who"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def phone(request: HttpRequest) -> HttpResponse:
    """Ask for the number and send a code to it."""
    onward = session.safe_next(request, request.POST.get("next") or request.GET.get("next", ""))
    form = PhoneForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        number = form.cleaned_data["phone"]
        try:
            phone_codes.request_phone_code(
                actor=Actor.anonymous(), phone=number, address=session.network_of(request), at=now()
            )
        except Problem as problem:
            add_problem(form, problem)
        else:
            session.put_sealed(request, session.PHONE, number)
            request.session[NEXT] = onward
            request.session.pop(WHO, None)
            return HttpResponseRedirect(reverse("login_phone_code"))
    status = 422 if request.method == "POST" else 200
    return render(request, "entrance/phone.html", {"form": form, "onward": onward}, status=status)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def code(request: HttpRequest) -> HttpResponse:
    """Ask for the code that was sent."""
    number = session.take_sealed(request, session.PHONE)
    if not number:
        return HttpResponseRedirect(reverse("login_phone"))
    form = PhoneCodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        at = now()
        step = phone_codes.login_by_phone_code(
            actor=Actor.anonymous(), phone=number, code=form.cleaned_data["code"], at=at
        )
        if step.outcome == phone_codes.CHOOSE:
            request.session[WHO] = {
                "code": str(step.code),
                "people": [[str(pk), mask_name(name)] for pk, name in step.candidates],
            }
            return HttpResponseRedirect(reverse("login_phone_who"))
        answer = _go_on(request, step)
        if answer is not None:
            return answer
        form.add_error("code", _("This code does not match. Please check the message."))
    context = {"form": form, "phone": mask_phone(number)}
    return render(request, "entrance/phone_code.html", context, status=422 if request.method == "POST" else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def who(request: HttpRequest) -> HttpResponse:
    """Ask which of those who share the number is here."""
    number, asked = session.take_sealed(request, session.PHONE), request.session.get(WHO)
    if not (number and asked):
        return HttpResponseRedirect(reverse("login_phone"))
    form = WhoForm(request.POST or None, people=[(pk, name) for pk, name in asked["people"]])
    if request.method == "POST" and form.is_valid():
        step = phone_codes.choose_person(
            actor=Actor.anonymous(),
            phone=number,
            code_id=UUID(asked["code"]),
            person=UUID(form.cleaned_data["person"]),
            birth_year=form.cleaned_data["birth_year"],
            at=now(),
        )
        answer = _go_on(request, step)
        if answer is not None:
            return answer
        form.add_error(
            "birth_year", _("This year does not match our register. If it is right, please ask at your centre's desk.")
        )
    return render(request, "entrance/phone_who.html", {"form": form}, status=422 if request.method == "POST" else 200)


def _go_on(request: HttpRequest, step: phone_codes.PhoneStep) -> HttpResponse | None:
    """Give the answer to a step that is decided, None for one that may be tried again."""
    at = now()
    if step.outcome == login.DONE:
        account = find_account(step.account)  # type: ignore[arg-type]
        onward = request.session.pop(NEXT, "")
        request.session.pop(WHO, None)
        response = HttpResponseRedirect(onward or session.front_page(account=account, at=at))  # type: ignore[arg-type]
        return session.start(request, account=account, at=at, response=response)  # type: ignore[arg-type]
    if step.outcome == login.LOCKED:
        return render(request, "entrance/locked.html", {"until": step.locked_until, "by_phone": True}, status=403)
    if step.outcome == phone_codes.EXPIRED:
        return render(request, "entrance/code_expired.html", status=410)
    return None
