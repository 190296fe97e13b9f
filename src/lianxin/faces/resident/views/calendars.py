"""Calendars to subscribe to, as files; and the page on which a resident gets the private address of the own one."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lianxin.domain.activities.commands.feeds import make_feed_link, revoke_feed_link
from lianxin.domain.activities.queries.calendars import (
    community_calendar,
    find_own_link,
    occurrence_calendar,
    person_calendar,
    venue_calendar,
)
from lianxin.domain.activities.queries.publicity import find_public_picture
from lianxin.faces.kit.acting import press
from lianxin.faces.kit.stored import answer_file
from lianxin.faces.resident.community import actor_of
from lianxin.faces.resident.standing import linked_only
from lianxin.faces.resident.views.me import my_crumbs
from lianxin.platform.clock import now
from lianxin.platform.errors import Problem

KEPT_SECONDS = 15 * 60


def answer_calendar(request: HttpRequest, body: bytes, name: str, *, private: bool = False) -> HttpResponse:
    """Give a calendar; a program that has this very one is told so in a line."""
    tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    answer = HttpResponse(body, content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = f'inline; filename="{name}.ics"'
    answer["ETag"] = tag
    if private:
        patch_cache_control(answer, private=True, no_store=True)
        answer["Referrer-Policy"] = "no-referrer"
    else:
        patch_cache_control(answer, public=True, max_age=KEPT_SECONDS)
    shortened = get_conditional_response(request, etag=tag, response=answer)
    return answer if shortened is None else shortened  # type: ignore[return-value]


def _base(request: HttpRequest) -> str:
    return request.build_absolute_uri("/").rstrip("/")


def _public(request: HttpRequest, make: Callable[[str], bytes], name: str) -> HttpResponse:
    return answer_calendar(request, make(_base(request)), name)


@require_safe
def community(request: HttpRequest, community: UUID) -> HttpResponse:
    """Give the calendar of a community."""
    return _public(request, lambda base: community_calendar(community=community, base_url=base, at=now()), "community")


@require_safe
def venue(request: HttpRequest, venue: UUID) -> HttpResponse:
    """Give the calendar of a venue."""
    return _public(request, lambda base: venue_calendar(venue=venue, base_url=base, at=now()), "venue")


@require_safe
def occurrence(request: HttpRequest, occurrence: UUID) -> HttpResponse:
    """Give one date as a file to keep."""
    return _public(
        request, lambda base: occurrence_calendar(occurrence=occurrence, base_url=base, at=now()), "activity"
    )


@require_safe
def picture(request: HttpRequest, occurrence: UUID) -> HttpResponse:
    """Give the picture of a public date."""
    stored = find_public_picture(occurrence=occurrence)
    answer = answer_file(stored)
    patch_cache_control(answer, public=True, max_age=KEPT_SECONDS)
    return answer


@require_safe
def mine(request: HttpRequest, token: str) -> HttpResponse:
    """Give the calendar behind a private address; it asks for no login, as calendars cannot log in."""
    body = person_calendar(token=token, base_url=_base(request), at=now())
    return answer_calendar(request, body, "mine", private=True)


@linked_only
@require_http_methods(["GET", "HEAD", "POST"])
def address(request: HttpRequest) -> HttpResponse:
    """Show whether I have a private address, and make a new one; it is shown this one time."""
    actor = actor_of(request)
    made = ""
    if request.method == "POST":
        try:
            token = make_feed_link(actor=actor, at=now()).token
        except Problem as problem:
            messages.error(request, str(problem.detail))
        else:
            made = request.build_absolute_uri(reverse("resident:calendar_mine", kwargs={"token": token}))
    context = {"link": find_own_link(actor=actor), "made": made, "crumbs": my_crumbs(_("My calendar"))}
    answer = render(request, "resident/activities/my_calendar.html", context)
    patch_cache_control(answer, private=True, no_store=True)
    return answer


@linked_only
@require_POST
def revoke(request: HttpRequest) -> HttpResponse:
    """Take the private address back."""
    return press(
        request,
        do=lambda: revoke_feed_link(actor=actor_of(request), at=now()),
        back=reverse("resident:my_calendar"),
        said=_("The address no longer works."),
    )
