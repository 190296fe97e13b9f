"""The public board of a community's cases, and each case on it: without names and without anybody's words."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from lianxin.domain.places.queries.divisions import find_division
from lianxin.domain.voice.queries import board, case_links
from lianxin.domain.voice.rules import states
from lianxin.faces.kit.stored import answer_file
from lianxin.faces.resident import case_words
from lianxin.faces.resident.case_forms import BoardForm
from lianxin.faces.resident.case_links import beside, links_of
from lianxin.faces.resident.views.public import number_from, page
from lianxin.platform import files
from lianxin.platform.clock import now
from lianxin.platform.errors import Missing


@require_safe
def browse(request: HttpRequest, community: UUID) -> HttpResponse:
    """Show to everybody what is not right in a community and what becomes of it, by subject and state."""
    at = now()
    division = find_division(community)
    form = BoardForm(request.GET or None)
    subject, state = form.chosen("subject"), form.chosen("state")
    found = board.list_public(
        [community], subject=subject, state=state, page=min(number_from(request.GET.get("page", "")), 500), at=at
    )
    context = {
        "community": division,
        "form": form,
        "is_narrowed": bool(subject or state),
        "lines": [case_words.board_line(line) for line in found.lines],
        "newer": found.page - 1 if found.page > 1 else 0,
        "older": found.page + 1 if found.has_more else 0,
        "others": beside(community),
        "crumbs": [
            (division.short_name, reverse("resident:community", args=[community])),
            (_("What neighbours have told us"), ""),
        ],
    }
    return page(request, "resident/voice/cases/board.html", context)


@require_safe
def show(request: HttpRequest, community: UUID, case: UUID) -> HttpResponse:
    """Show one public case with its story."""
    at = now()
    found = _public(community, case)
    line = found.line
    context = {
        "case": line,
        "state": case_words.public_words(line.state),
        "tone": case_words.tone_of(line.state),
        "tier": case_words.TIERS[line.tier],
        "due": case_words.due_words(line.due_at, at=at, is_assumed=False) if line.due_at else [],
        "photos": [
            {"url": reverse("resident:case_picture", args=[community, case, pk]), "caption": caption}
            for pk, _file, caption in found.pictures
        ],
        "story": found.steps,
        "links": links_of(case_links.public_links(case), community=community),
        "is_live": line.state in states.LIVE,
        "crumbs": [
            (line.community_name, reverse("resident:community", args=[community])),
            (_("What neighbours have told us"), reverse("resident:cases", args=[community])),
            (line.title, ""),
        ],
    }
    return page(request, "resident/voice/cases/case.html", context)


@require_safe
def picture(request: HttpRequest, community: UUID, case: UUID, picture: UUID) -> HttpResponse:
    """Give a photo that everybody may see."""
    shown = {pk: file for pk, file, _caption in _public(community, case).pictures}
    return answer_file(files.find_file(shown.get(picture)))


def _public(community: UUID, case: UUID) -> board.PublicCase:
    found = board.public_case(case, at=now())
    if found.line.community_id != community:
        raise Missing
    return found
