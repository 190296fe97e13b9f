"""Me: who I am here, my household, my card, and the way to everything that is mine."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from lianxin.domain.people.queries.households import find_household
from lianxin.domain.people.queries.people import find_person
from lianxin.domain.people.queries.proxies import list_principals
from lianxin.faces.resident.community import actor_of, chosen_community
from lianxin.faces.resident.labels import KINDS, RELATIONS, acts_words
from lianxin.faces.resident.standing import linked_only, own_standing, residents_only, standing
from lianxin.platform.clock import local_day, now


def my_crumbs(here: str) -> list[tuple[str, str]]:
    """Give the way back from a page under "me"."""
    return [(_("Me"), reverse("resident:me")), (here, "")]


@residents_only
@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """Show who is here and what they can look after; tell whoever is not linked yet how that is done."""
    at = now()
    if actor_of(request).person is None:
        return render(request, "resident/me/unlinked.html", {"chosen": chosen_community(request)})
    who = standing(request, at=at)
    may_see = who.principal is None or who.principal.may("see_record")
    bundle = find_person(actor=who.actor, person=who.person, on=local_day(at)) if may_see else None
    context = {
        "who": who,
        "bundle": bundle,
        "may_consent": who.principal is None or who.principal.may("consent"),
        "may_points": who.principal is None or who.principal.may("points"),
        "acts": acts_words(who.principal.acts) if who.principal else "",
        "principals": [] if who.principal else list_principals(actor=who.actor, on=local_day(at)),
    }
    return render(request, "resident/me/me.html", context)


@linked_only
@require_safe
def household(request: HttpRequest) -> HttpResponse:
    """Show my household: its number, address and members."""
    on = local_day(now())
    who = own_standing(request)
    bundle = find_person(actor=who.actor, person=who.person, on=on)
    home = find_household(actor=who.actor, household=bundle.person.household, on=on)
    context = {
        "home": home,
        "members": [
            (bundle.name if member.id == who.person else member.masked_name, member, RELATIONS.get(member.relation, ""))
            for member in home.members
        ],
        "me": who.person,
        "crumbs": my_crumbs(_("My household")),
    }
    return render(request, "resident/me/household.html", context)


@linked_only
@require_safe
def card(request: HttpRequest) -> HttpResponse:
    """Show the card on the screen: it says who somebody is and never logs in."""
    at = now()
    who = standing(request, at=at)
    bundle = find_person(actor=who.actor, person=who.person, on=local_day(at))
    context = {"who": who, "bundle": bundle, "crumbs": my_crumbs(_("My card")), "kinds": KINDS}
    return render(request, "resident/me/card.html", context)
