"""The search page, whole or only its results while somebody types."""

from __future__ import annotations

import re

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers

from lianxin.domain.people import policy
from lianxin.domain.people.rules import contacts
from lianxin.domain.places.queries import divisions
from lianxin.faces.kit.acting import actor_of
from lianxin.platform import search as engine
from lianxin.platform.actors import Actor
from lianxin.platform.search import Hit

from ..access import reading
from .results import group

LONGEST = 100
SHOWN = 50
NUMBER = re.compile(r"[\d０-９][\dXxＸｘ０-９\s-]{5,}")


def _hits(actor: Actor, asked: str) -> list[Hit]:
    """Find in the actor's reach; residents only for the offices, also by a whole phone or ID number."""
    if not policy.may_see_people(actor):
        return engine.find(asked, public_only=True, limit=SHOWN)
    exact: list[str] = []
    if NUMBER.fullmatch(asked):
        exact = [*contacts.id_candidates(asked), *contacts.phone_candidates(asked)]
    return engine.find(asked, limit=SHOWN, exact=exact)


@reading
def find(request: HttpRequest) -> HttpResponse:
    """Show what matches, grouped by kind."""
    actor = actor_of(request)
    asked = request.GET.get("q", "").strip()[:LONGEST]
    hits = _hits(actor, asked) if asked else []
    names = divisions.names_of({hit.community_id for hit in hits if hit.community_id}) if hits else {}
    context = {
        "search_query": asked,
        "groups": group(hits, actor=actor, names=names),
        "count": len(hits),
        "is_cut": len(hits) >= SHOWN,
    }
    is_part = bool(request.headers.get("HX-Request"))
    response = render(request, "staff/search/results.html" if is_part else "staff/search/search.html", context)
    patch_vary_headers(response, ["HX-Request"])
    return response
