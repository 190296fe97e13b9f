"""Choosing one's community, and each community's own page."""

from __future__ import annotations

from itertools import groupby
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from lianxin.domain.places.models import Division, Level
from lianxin.domain.places.queries.divisions import list_divisions
from lianxin.domain.places.queries.nearby import community_places
from lianxin.faces.resident.community import chosen_community, home_community, remember
from lianxin.faces.resident.views.home import community_context
from lianxin.faces.resident.views.public import page
from lianxin.platform import search
from lianxin.platform.clock import now

FOUND_AT_MOST = 40


@require_http_methods(["GET", "HEAD", "POST"])
def choose(request: HttpRequest) -> HttpResponse:
    """List the communities by subdistrict, or those that match a name, pinyin or initials; keep the choice."""
    communities = list(list_divisions(level=Level.COMMUNITY))
    query = request.GET.get("q", "").strip()[:50]
    wrong = ""
    if request.method == "POST":
        picked = next((one for one in communities if str(one.pk) == request.POST.get("community")), None)
        if picked is not None:
            messages.success(request, _("Your community is now %(name)s.") % {"name": picked.short_name})
            response = HttpResponseRedirect(reverse("resident:home"))
            remember(response, picked.pk, request=request)
            return response
        wrong = _("Please choose a community from the list.")
    found = _matching(query, communities) if query else []
    own = home_community(request)
    context = {
        "query": query,
        "found": found,
        "groups": [
            (parent, list(below))
            for parent, below in groupby(sorted(communities, key=_subdistrict), key=lambda one: one.parent)
        ],
        "chosen": chosen_community(request),
        "own": next((one for one in communities if one.pk == own), None),
        "wrong": wrong,
    }
    return page(request, "resident/communities.html", context, status=422 if wrong else 200)


@require_safe
def show(request: HttpRequest, community: UUID) -> HttpResponse:
    """Show the page of any community, with a button to make it one's own."""
    at = now()
    context = community_context(community_places(community=community, at=at), at=at)
    context |= {
        "is_chosen": chosen_community(request) == community,
        "crumbs": [(_("Communities"), reverse("resident:communities")), (context["community"].short_name, "")],
    }
    return page(request, "resident/home.html", context)


def _subdistrict(community: Division) -> tuple[str, str]:
    return (community.parent.code if community.parent else "", community.code)


def _matching(query: str, communities: list[Division]) -> list[Division]:
    """Keep the communities that a search finds, or that lie in a subdistrict it finds, the best first."""
    by_id = {one.pk: one for one in communities}
    found: dict[UUID, Division] = {}
    for hit in search.find(query, kinds=["division"], public_only=True, limit=FOUND_AT_MOST):
        if hit.record_id in by_id:
            found[hit.record_id] = by_id[hit.record_id]
        else:
            found |= {one.pk: one for one in communities if one.parent_id == hit.record_id}
    return list(found.values())
