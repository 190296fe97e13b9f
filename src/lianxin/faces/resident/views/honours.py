"""Honour rolls of a community, and whether my household wants to be on them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from lianxin.domain.places.queries.divisions import find_division
from lianxin.domain.points.commands.honour_rolls import opt_in, opt_out
from lianxin.domain.points.queries.honour_rolls import find_roll, has_opted_out, list_rolls
from lianxin.faces.resident.homes import at_home, maybe_at_home
from lianxin.faces.resident.standing import key_from, linked_only
from lianxin.faces.resident.views.passbook import passbook_crumbs
from lianxin.faces.resident.views.public import page
from lianxin.platform.clock import now
from lianxin.platform.ids import new_id


@require_safe
def browse(request: HttpRequest, community: UUID) -> HttpResponse:
    """List the published rolls of a community."""
    division = find_division(community)
    context = {
        "community": division,
        "rolls": list_rolls(community=community),
        "crumbs": [(division.short_name, reverse("resident:community", args=[community])), (_("Honour rolls"), "")],
    }
    return page(request, "resident/points/honours.html", context)


@require_safe
def show(request: HttpRequest, community: UUID, roll: UUID) -> HttpResponse:
    """Show a roll; names stand there by consent only."""
    division = find_division(community)
    found = find_roll(community=community, roll=roll)
    mine = maybe_at_home(request, at=now())
    context = {
        "community": division,
        "found": found,
        "own": mine.home.household if mine else None,
        "crumbs": [
            (division.short_name, reverse("resident:community", args=[community])),
            (_("Honour rolls"), reverse("resident:honours", args=[community])),
            (found.card.title, ""),
        ],
    }
    return page(request, "resident/points/honour_roll.html", context)


@linked_only
@require_http_methods(["GET", "HEAD", "POST"])
def wish(request: HttpRequest) -> HttpResponse:
    """Say whether my household may be on honour rolls at all; the full name is another question."""
    at = now()
    mine = at_home(request, at=at)
    is_out = has_opted_out(household=mine.home.household)
    if request.method == "POST":
        asked: dict[str, Any] = {
            "actor": mine.who.actor,
            "household": mine.home.household,
            "at": at,
            "key": key_from(request),
        }
        if request.POST.get("answer") == "in":
            opt_in(**asked)
            messages.success(request, _("Your household can be on honour rolls again."))
        else:
            opt_out(**asked)
            messages.success(request, _("Your household will be on no honour roll."))
        return HttpResponseRedirect(reverse("resident:honour_wish"))
    context = {
        "mine": mine,
        "is_out": is_out,
        "may_decide": mine.who.principal is None,
        "key": new_id(),
        "crumbs": passbook_crumbs((_("Honour rolls"), "")),
    }
    return render(request, "resident/points/honour_wish.html", context)
