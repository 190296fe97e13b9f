"""What a community talks over together: its matters, and the story of one, without anybody's name."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from lianxin.domain.places.queries.divisions import find_division
from lianxin.domain.voice.models import Matter
from lianxin.domain.voice.queries import matters, stories
from lianxin.faces.kit.navigation import url_or_none
from lianxin.faces.resident.views.public import page
from lianxin.platform.clock import local_day, now

TONES = {
    Matter.State.OPEN: "info",
    Matter.State.AGREED: "done",
    Matter.State.DONE: "done",
    Matter.State.FAILED: "quiet",
    Matter.State.SUSPENDED: "quiet",
}


@require_safe
def browse(request: HttpRequest, community: UUID) -> HttpResponse:
    """List the matters of a community whose stories everybody may read."""
    division = find_division(community)
    rows = matters.list_public(community)
    context = {
        "community": division,
        "rows": [(row, TONES[Matter.State(row.state)]) for row in rows],
        "crumbs": [
            (division.short_name, reverse("resident:community", args=[community])),
            (_("Talked over together"), ""),
        ],
    }
    return page(request, "resident/voice/matters.html", context)


@require_safe
def show(request: HttpRequest, community: UUID, matter: UUID) -> HttpResponse:
    """Tell the story of one matter: its sides by kind, its meetings and decisions, and what was promised."""
    row = matters.find_public(community=community, matter=matter)
    story = stories.tell(row, on=local_day(now()), is_public=True)
    asked_maps, asked_votes = matters.list_asked(row.pk, at=now())
    context = {
        "matter": row,
        "community": row.community,
        "tone": TONES[Matter.State(row.state)],
        "story": story,
        "chapters": [
            (one, url_or_none("resident:vote", vote=one.record) if one.kind == "vote" and one.record else "")
            for one in story.chapters
        ],
        "asked": [(one, reverse("resident:opinions", args=[one.pk])) for one in asked_maps]
        + [(one, reverse("resident:vote", args=[one.pk])) for one in asked_votes],
        "tell_words": _("About “%(title)s”: ") % {"title": row.title},
        "is_talked_over": row.state in (Matter.State.OPEN, Matter.State.AGREED),
        "crumbs": [
            (row.community.short_name, reverse("resident:community", args=[community])),
            (_("Talked over together"), reverse("resident:matters", args=[community])),
            (row.title, ""),
        ],
    }
    return page(request, "resident/voice/matter.html", context)
