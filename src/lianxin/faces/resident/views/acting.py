"""Who may act for me, for whom I act, and letting somebody of my household act for me."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lianxin.domain.people.commands.own_record import let_family_act
from lianxin.domain.people.commands.proxies import revoke_proxy
from lianxin.domain.people.queries.consents import find_text
from lianxin.domain.people.queries.households import find_household
from lianxin.domain.people.queries.people import find_person
from lianxin.domain.people.queries.proxies import acting_for, find_principal, list_principals
from lianxin.domain.people.rules.proxies import ADULT_AT
from lianxin.faces.kit.forms import add_problem
from lianxin.faces.resident.forms import FamilyForm
from lianxin.faces.resident.labels import KINDS, RELATIONS, acts_words
from lianxin.faces.resident.standing import ACTING, linked_only, own_standing
from lianxin.faces.resident.views.me import my_crumbs
from lianxin.platform.clock import local_day, now
from lianxin.platform.errors import Missing, Problem
from lianxin.platform.ids import new_id

HALF_A_YEAR = 182


@linked_only
@require_safe
def browse(request: HttpRequest) -> HttpResponse:
    """List both directions."""
    on = local_day(now())
    who = own_standing(request)
    bundle = find_person(actor=who.actor, person=who.person, on=on)
    context = {
        "for_me": [(line, KINDS.get(line.kind, ""), acts_words(line.acts)) for line in bundle.proxies],
        "i_act": [
            (one, KINDS.get(one.kind, ""), acts_words(one.acts)) for one in list_principals(actor=who.actor, on=on)
        ],
        "acting": (request.session.get(ACTING) or {}).get("person", ""),
        "crumbs": my_crumbs(_("Acting on behalf")),
    }
    return render(request, "resident/me/family.html", context)


@linked_only
@require_http_methods(["GET", "HEAD", "POST"])
def let(request: HttpRequest) -> HttpResponse:
    """Let a grown-up of my household act for me; the text that I agree to stands on the page."""
    at = now()
    on = local_day(at)
    who = own_standing(request)
    bundle = find_person(actor=who.actor, person=who.person, on=on)
    home = find_household(actor=who.actor, household=bundle.person.household, on=on)
    members = [
        (member.id, f"{member.masked_name} ({RELATIONS.get(member.relation, '')})")
        for member in home.members
        if member.id != who.person and (member.age is None or member.age >= ADULT_AT)
    ]
    initial = {"key": new_id(), "until_on": on.replace(year=on.year).isoformat(), "acts": []}
    form = FamilyForm(request.POST or None, members=members, today=on, initial=initial)
    if request.method == "POST" and form.is_valid():
        asked = form.cleaned_data
        try:
            let_family_act(
                actor=who.actor,
                agent=UUID(asked["agent"]),
                acts=asked["acts"],
                until_on=asked["until_on"],
                at=at,
                key=asked["key"],
            )
        except Problem as problem:
            add_problem(form, problem)
        else:
            messages.success(request, _("Agreed. Each act will name both of you, and you can end it at any time."))
            return HttpResponseRedirect(reverse("resident:family"))
    text = find_text(purpose="proxy", on=on)
    context = {
        "form": form,
        "members": members,
        "text": text,
        "crumbs": [
            (_("Me"), reverse("resident:me")),
            (_("Acting on behalf"), reverse("resident:family")),
            (_("Let somebody act"), ""),
        ],
    }
    return render(request, "resident/me/family_new.html", context, status=422 if request.method == "POST" else 200)


@linked_only
@require_http_methods(["GET", "HEAD", "POST"])
def end(request: HttpRequest, link: UUID) -> HttpResponse:
    """End a link, whichever of the two I am."""
    at = now()
    on = local_day(at)
    who = own_standing(request)
    bundle = find_person(actor=who.actor, person=who.person, on=on)
    mine = next((line for line in bundle.proxies if line.id == link), None)
    other = next((one for one in list_principals(actor=who.actor, on=on) if one.link == link), None)
    if mine is None and other is None:
        raise Missing
    if request.method == "POST":
        actor = acting_for(who.actor, other) if other is not None else who.actor
        revoke_proxy(actor=actor, link=link, reason=_("Ended by one of the two on the page."), at=at)
        request.session.pop(ACTING, None)
        messages.success(request, _("Ended."))
        return HttpResponseRedirect(reverse("resident:family"))
    name = other.masked_name if other is not None else (mine.agent_name if mine else "")
    context = {
        "name": name or KINDS.get(mine.kind if mine else "", ""),
        "is_mine": mine is not None,
        "link": link,
        "crumbs": my_crumbs(_("Acting on behalf")),
    }
    return render(request, "resident/me/family_end.html", context)


@linked_only
@require_POST
def for_whom(request: HttpRequest) -> HttpResponse:
    """Begin to act for somebody, or be oneself again."""
    who = own_standing(request)
    wanted = request.POST.get("person", "")
    request.session.pop(ACTING, None)
    if not wanted:
        messages.info(request, _("You act for yourself again."))
        return HttpResponseRedirect(reverse("resident:me"))
    try:
        principal = find_principal(actor=who.actor, person=UUID(wanted), on=local_day(now()))
    except ValueError:
        raise Missing from None
    request.session[ACTING] = {"person": str(principal.person), "name": principal.masked_name}
    return HttpResponseRedirect(reverse("resident:me"))
