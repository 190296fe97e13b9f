"""What a venue hangs on its door and writes into the residents' chat groups."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from lianxin.domain.places import policy
from lianxin.domain.places.models import ServiceState, Venue
from lianxin.domain.places.queries import opening, venues
from lianxin.domain.places.queries.venues import VenuePage
from lianxin.faces.kit.acting import actor_of
from lianxin.faces.kit.navigation import url_or_none
from lianxin.platform import clock

from ..access import reading
from ..choices import kind_name
from .services import times_words
from .venue_access import venue_for
from .words import venue_crumbs, venue_tabs, week_lines


def public_url(request: HttpRequest, venue: UUID) -> str:
    """Give the address of the residents' page of a venue, or of their front page where there is none."""
    path = url_or_none("resident:place", venue=venue) or url_or_none("resident:place", venue) or "/"
    return request.build_absolute_uri(path)


def _contents(request: HttpRequest, found: Venue) -> dict[str, Any]:
    at = clock.now()
    page = venues.venue_page(venue=found.pk, actor=actor_of(request), at=at)
    week = opening.declared_hours([found], around=clock.local_day(at))[found.pk].week
    return {
        "venue": found,
        "week": week_lines(week) if any(week) else [],
        "amenities": [kind_name(row.kind) for row in page.amenities],
        "services": [(row, times_words(row)) for row in page.services if row.state == ServiceState.OFFERED],
        "link": public_url(request, found.pk),
        "words": group_words(page, week_lines(week) if any(week) else [], public_url(request, found.pk)),
    }


def group_words(page: VenuePage, week: list[tuple[str, str]], link: str) -> str:
    """Give the text for a chat group: plain lines, no pictures."""
    venue = page.venue
    lines = [f"【{venue.name}】", *([_("Address: %(text)s") % {"text": venue.address}] if venue.address else [])]
    if week:
        lines.append(_("Open: %(text)s") % {"text": _("; ").join(f"{days} {hours}" for days, hours in week)})
    for row in page.exceptions:
        lines.append(_("Please note: %(text)s") % {"text": row.reason})
    amenities = _(", ").join(kind_name(row.kind) for row in page.amenities)
    if amenities:
        lines.append(_("There is: %(text)s") % {"text": amenities})
    for service in page.services:
        if service.state == ServiceState.OFFERED:
            times = pgettext("hours", ", ").join(times_words(service))
            told = _("%(what)s (%(more)s)") % {"what": service.name, "more": times} if times else service.name
            lines.append(f"· {told}")
    if venue.phone:
        lines.append(_("Phone: %(text)s") % {"text": venue.phone})
    return "\n".join([*lines, link])


@reading
def show(request: HttpRequest, venue: UUID) -> HttpResponse:
    """Show the words for a group, and the way to the poster."""
    found = venue_for(request, venue)
    may_edit = policy.may_edit_venue(actor_of(request), found)
    return render(
        request,
        "staff/places/poster.html",
        {
            **_contents(request, found),
            "crumbs": venue_crumbs(found, (_("Poster"), "")),
            "tabs": venue_tabs("venue_poster", found, may_edit=may_edit),
        },
    )


@reading
def sheet(request: HttpRequest, venue: UUID) -> HttpResponse:
    """Give the poster as an A4 sheet."""
    found = venue_for(request, venue)
    contents = _contents(request, found)
    back = reverse("staff:venue_poster", kwargs={"venue": venue})
    return render(request, "staff/places/poster_sheet.html", {**contents, "back_url": back})
