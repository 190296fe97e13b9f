"""One search over everything that everybody may see."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_safe

from lianxin.faces.resident.views.public import page
from lianxin.platform import search

SHOWN = 40
PAGES = {
    "division": ("resident:community", "home", pgettext_lazy("search result", "Community")),
    "venue": ("resident:place", "map-pin", pgettext_lazy("search result", "Place")),
    "service": ("resident:service", "heart-handshake", pgettext_lazy("search result", "Service")),
    "matter": ("resident:matter", "users", pgettext_lazy("search result", "Talked over together")),
    "vote": ("resident:vote", "check", pgettext_lazy("search result", "Vote")),
    "opinion_map": ("resident:opinions", "message", pgettext_lazy("search result", "Question to everybody")),
    "produce": ("resident:produce", "leaf", pgettext_lazy("search result", "Produce")),
}


@require_safe
def find(request: HttpRequest) -> HttpResponse:
    """Find places, services, communities, produce and what is talked over by name, pinyin or initials."""
    query = request.GET.get("q", "").strip()[:50]
    hits = search.find(query, kinds=PAGES, public_only=True, limit=SHOWN) if query else []
    found = []
    for hit in hits:
        name, icon, label = PAGES[hit.kind]
        # Only communities have a page of their own; a subdistrict leads to the list of its communities.
        if hit.kind == "division" and hit.community_id is None:
            address = f"{reverse('resident:communities')}?{urlencode({'q': hit.title})}"
        elif hit.kind == "matter":
            address = reverse(name, args=[hit.community_id, hit.record_id])
        else:
            address = reverse(name, args=[hit.record_id])
        found.append((hit, address, icon, label))
    return page(request, "resident/search.html", {"query": query, "found": found})
