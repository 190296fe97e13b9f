"""Divisions, to read: the tree of today, and one division with its names, codes and venues."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from lianxin.domain.places.models import Division, DivisionLineage, Level
from lianxin.domain.places.queries import divisions, office, venues
from lianxin.faces.kit.acting import actor_of
from lianxin.faces.kit.dates import spoken
from lianxin.platform import clock
from lianxin.platform.actors import Actor
from lianxin.platform.errors import Missing

from ..access import office_reading, reading
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
    history = divisions.list_history(division)
    below = _below(actor, found)
    if found.level == Level.COMMUNITY and not any(actor.covers(pk) for pk in _same_place(found, history)):
        raise Missing
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
            "history": history,
            "below": below,
            "venues": [(venue, VENUE_TONES[venue.state]) for venue in own],
            "all_url": f"{reverse('staff:places')}?community={division}",
        },
    )


def _below(actor: Actor, found: Division) -> list[Division]:
    """Give what lies in a division and is the actor's, or holds what is."""
    if found.level == Level.COMMUNITY:
        return []
    mine = [row for row in divisions.list_divisions(level=Level.COMMUNITY) if actor.covers(row.pk)]
    if found.level == Level.SUBDISTRICT:
        return [row for row in mine if row.parent_id == found.pk]
    above = {row.parent_id for row in mine}
    return [row for row in divisions.list_divisions(level=Level.SUBDISTRICT, parent=found.pk) if row.pk in above]


def _same_place(found: Division, history: Iterable[DivisionLineage]) -> set[UUID]:
    """Give a division and those that it came from or became, so that an office can follow its own history."""
    return {found.pk} | {pk for step in history for pk in (step.from_division_id, step.to_division_id)}
