"""Changing the number one logs in with; a code sent to the new number proves it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from lianxin.domain.people.commands.own_record import change_own_phone, code_problem
from lianxin.domain.people.commands.phone_codes import request_phone_code
from lianxin.domain.people.queries.people import find_person
from lianxin.engines.masking import mask_phone
from lianxin.faces.entrance.session import network_of, put_sealed, take_sealed
from lianxin.faces.kit.forms import add_problem
from lianxin.faces.resident.forms import NewPhoneCodeForm, NewPhoneForm
from lianxin.faces.resident.standing import linked_only, own_standing
from lianxin.faces.resident.views.me import my_crumbs
from lianxin.platform.clock import local_day, now
from lianxin.platform.errors import Problem

NEW_PHONE = "resident_new_phone"


@linked_only
@require_http_methods(["GET", "HEAD", "POST"])
def number(request: HttpRequest) -> HttpResponse:
    """Ask for the new number and send a code to it."""
    at = now()
    who = own_standing(request)
    form = NewPhoneForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        wanted = form.cleaned_data["phone"]
        try:
            request_phone_code(actor=who.actor, phone=wanted, address=network_of(request), at=at)
        except Problem as problem:
            add_problem(form, problem)
        else:
            put_sealed(request, NEW_PHONE, wanted)
            return HttpResponseRedirect(reverse("resident:phone_code"))
    context = {
        "form": form,
        "now": find_person(actor=who.actor, person=who.person, on=local_day(at)).person.masked_phone,
        "crumbs": my_crumbs(_("Change the phone number")),
    }
    return render(request, "resident/me/phone.html", context, status=422 if request.method == "POST" else 200)


@linked_only
@require_http_methods(["GET", "HEAD", "POST"])
def code(request: HttpRequest) -> HttpResponse:
    """Ask for the code and change the number."""
    who = own_standing(request)
    wanted = take_sealed(request, NEW_PHONE)
    if not wanted:
        return HttpResponseRedirect(reverse("resident:phone"))
    form = NewPhoneCodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        outcome = change_own_phone(actor=who.actor, phone=wanted, code=form.cleaned_data["code"], at=now())
        if not outcome:
            request.session.pop(NEW_PHONE, None)
            messages.success(request, _("The number is changed. From now on you log in with the new one."))
            return HttpResponseRedirect(reverse("resident:me"))
        form.add_error("code", code_problem(outcome))
    context = {
        "form": form,
        "phone": mask_phone(wanted),
        "crumbs": my_crumbs(_("Change the phone number")),
    }
    return render(request, "resident/me/phone_code.html", context, status=422 if request.method == "POST" else 200)
