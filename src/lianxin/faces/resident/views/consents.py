"""My consents: what I was asked, what I agreed to, giving and taking back."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from lianxin.domain.people.commands.consents import give_consent, withdraw_consent
from lianxin.domain.people.commands.own_record import preview_own_withdrawal
from lianxin.domain.people.queries.consents import ConsentLine, list_consents
from lianxin.domain.people.queries.people import find_person
from lianxin.faces.resident.labels import KINDS
from lianxin.faces.resident.standing import Standing, key_from, linked_only, standing
from lianxin.faces.resident.views.me import my_crumbs
from lianxin.platform.clock import local_day, now
from lianxin.platform.errors import Missing, NotAllowed, Problem
from lianxin.platform.ids import new_id

# A guardian decides on a child's data; nobody old enough to decide alone is asked for it.
FOR_CHILDREN = "child_data"
OLD_ENOUGH = 14


def _lines(who: Standing) -> list[ConsentLine]:
    on = local_day(now())
    if who.principal is not None and not who.principal.may("consent"):
        raise NotAllowed(_("You may not decide on consents for this person."))
    age = find_person(actor=who.actor, person=who.person, on=on).person.age
    lines = list_consents(actor=who.actor, person=who.person, on=on)
    return [line for line in lines if line.purpose != FOR_CHILDREN or (age is not None and age < OLD_ENOUGH)]


@linked_only
@require_safe
def browse(request: HttpRequest) -> HttpResponse:
    """List what was asked and what was answered."""
    at = now()
    who = standing(request, at=at)
    lines = _lines(who)
    context = {
        "who": who,
        "given": [line for line in lines if line.is_valid],
        "open": [line for line in lines if not line.is_valid],
        "crumbs": my_crumbs(_("My consents")),
    }
    return render(request, "resident/me/consents.html", context)


@linked_only
@require_http_methods(["GET", "HEAD", "POST"])
def decide(request: HttpRequest, purpose: str) -> HttpResponse:
    """Show the whole text of one purpose, and give the consent or take it back."""
    at = now()
    who = standing(request, at=at)
    line = next((one for one in _lines(who) if one.purpose == purpose), None)
    if line is None:
        raise Missing
    problem = None
    if request.method == "POST":
        try:
            _answer(request, who, line)
        except Problem as refused:
            problem = refused
        else:
            return HttpResponseRedirect(reverse("resident:consents"))
    context = {
        "who": who,
        "line": line,
        "key": new_id(),
        "problem": problem,
        "kinds": KINDS,
        "consequences": preview_own_withdrawal(actor=who.actor, person=who.person, purpose=purpose)
        if line.is_valid
        else [],
        "crumbs": [
            (_("Me"), reverse("resident:me")),
            (_("My consents"), reverse("resident:consents")),
            (line.title, ""),
        ],
    }
    return render(request, "resident/me/consent.html", context, status=problem.status if problem else 200)


def _answer(request: HttpRequest, who: Standing, line: ConsentLine) -> None:
    """Do what the pressed button says; the form names the version that was read."""
    at = now()
    by: dict[str, object] = {"by": "self"}
    if who.principal is not None:
        by = {"by": "guardian" if who.principal.kind == "guardian" else "proxy", "by_person": who.actor.person}
    asked = {"actor": who.actor, "person": who.person, "purpose": line.purpose, "how": "screen", "at": at, **by}
    if request.POST.get("answer") == "withdraw":
        withdraw_consent(**asked, key=key_from(request))  # type: ignore[arg-type]
        messages.success(request, _("Your consent is withdrawn. Nothing else changes for you."))
    elif request.POST.get("version") != str(line.version):
        messages.info(request, _("The text has changed meanwhile. Please read the new one."))
    else:
        give_consent(**asked, key=key_from(request))  # type: ignore[arg-type]
        messages.success(request, _("Your consent is noted. You can take it back at any time."))
