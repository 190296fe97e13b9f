"""Divisions, to read: the tree of today, and one division with its names, codes and venues."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from lianxin.domain.places.models import Level
from lianxin.domain.places.queries import divisions, office, venues
from lianxin.faces.kit.dates import spoken
from lianxin.platform import clock

from .access import actor_of, office_reading, reading
from .words import VENUE_TONES, places_tabs


@office_reading
def show_list(request: HttpRequest) -> HttpResponse:
    """Show the divisions of today with their centres and stations."""
    actor = actor_of(request)
    counts = venues.count_public_by_division(on=clock.local_day(clock.now()))
    rows = [row for row in counts if row.division.level != Level.COMMUNITY or actor.covers(row.division.id)]
    kept = {row.division.parent_id for row in rows if row.division.level == Level.COMMUNITY}
    rows = [row for row in rows if row.division.level != Level.SUBDISTRICT or row.division.id in kept]
    context = {"rows": rows, "tabs": places_tabs("divisions", actor)}
    return render(request, "staff/places/divisions.html", context)


@reading
def show(request: HttpRequest, division: UUID) -> HttpResponse:
    """Show one division; who works there sees its venues."""
    actor = actor_of(request)
    found = divisions.find_division(division)
    below = divisions.list_divisions(level=Level.COMMUNITY, parent=division) if found.level != Level.COMMUNITY else ()
    if found.level == Level.DISTRICT:
        below = divisions.list_divisions(level=Level.SUBDISTRICT, parent=division)
    own = office.list_office_venues(actor=actor, communities=[division]) if found.level == Level.COMMUNITY else ()
    facts: list[tuple[Any, Any, str]] = [
        (_("Official name"), found.official_name, ""),
        (_("Code"), found.code, ""),
        (_("Level"), found.get_level_display(), ""),
    ]
    if found.parent:
        url = reverse("staff:division", kwargs={"division": found.parent_id})
        facts.append((_("Belongs to"), found.parent.short_name, url))
    facts.append((_("Since"), spoken(found.created_on), ""))
    if found.ended_on:
        facts.append((_("Ended on"), spoken(found.ended_on), ""))
    return render(
        request,
        "staff/places/division.html",
        {
            "division": found,
            "crumbs": [
                (_("Places"), reverse("staff:places")),
                (_("Divisions"), reverse("staff:divisions")),
                (found.short_name, ""),
            ],
            "facts": facts,
            "names": divisions.list_names(division),
            "history": divisions.list_history(division),
            "below": below,
            "venues": [(venue, VENUE_TONES[venue.state]) for venue in own],
            "all_url": f"{reverse('staff:places')}?community={division}",
        },
    )
