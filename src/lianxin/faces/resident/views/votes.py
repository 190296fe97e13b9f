"""Votes of a community for everybody: what is open, and how a vote ended, in plain words."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from lianxin.domain.places.queries.divisions import find_division
from lianxin.domain.voice.models import OpinionMap, Vote
from lianxin.domain.voice.queries import opinion_maps as reading_maps
from lianxin.domain.voice.queries import vote_results
from lianxin.domain.voice.queries import votes as reading_votes
from lianxin.domain.voice.rules import voters
from lianxin.faces.resident.views.public import page
from lianxin.platform.clock import now

State = Vote.State
TONES = {State.OPEN: "due", State.CLOSED: "done", State.VOID: "stop"}
MAP_TONES = {OpinionMap.State.OPEN: "due", OpinionMap.State.CLOSED: "done"}


@require_safe
def browse(request: HttpRequest, community: UUID) -> HttpResponse:
    """List the votes and opinion maps of a community that everybody may see."""
    division = find_division(community)
    context = {
        "community": division,
        "maps": [
            (one, MAP_TONES[OpinionMap.State(one.state)]) for one in reading_maps.list_public(community=community)
        ],
        "votes": [(one, TONES[State(one.state)]) for one in reading_votes.list_public(community=community)],
        "crumbs": [
            (division.short_name, reverse("resident:community", args=[community])),
            (_("Votes and opinions"), ""),
        ],
    }
    return page(request, "resident/votes/list.html", context)


@require_safe
def show(request: HttpRequest, vote: UUID) -> HttpResponse:
    """Show one vote: until when it runs, or how it ended and why; nobody is named."""
    row = reading_votes.find_public(vote=vote)
    at = now()
    context: dict[str, Any] = {
        "vote": row,
        "tone": TONES[State(row.state)],
        "is_open": row.state == State.OPEN,
        "is_on_page": voters.on_a_page(row),
        "begins_later": row.state == State.OPEN and row.opens_at is not None and row.opens_at > at,
        "is_counted_soon": row.state == State.OPEN and row.closes_at is not None and row.closes_at <= at,
        "told": vote_results.tell(row) if row.state == State.CLOSED else None,
        "crumbs": [
            (row.community.short_name, reverse("resident:community", args=[row.community_id])),
            (_("Votes and opinions"), reverse("resident:votes", args=[row.community_id])),
            (row.question, ""),
        ],
    }
    return page(request, "resident/votes/vote.html", context)
