"""The page of one venue: what to do next, what happened, and what it is."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from lianxin.domain.places import policy
from lianxin.domain.places.models import Venue, VenueState
from lianxin.domain.places.queries import opening, upgrades, venues
from lianxin.domain.places.queries.opening import OpenState
from lianxin.faces.kit.acting import actor_of
from lianxin.faces.kit.dates import spoken
from lianxin.faces.kit.outline import outline_for
from lianxin.platform import clock
from lianxin.platform.actors import Actor
from lianxin.platform.ids import new_id

from ..access import reading
from ..choices import kind_name
from .venue_access import venue_for
from .venue_list import marker
from .words import SERVICE_TONES, UPGRADE_TONES, VENUE_TONES, timeline, venue_crumbs, venue_tabs, week_lines

STEP_WORDS = {
    "open": gettext_lazy("Register the opening day"),
    "pause": gettext_lazy("Pause the venue"),
    "close": gettext_lazy("Close it for good"),
    "reopen": gettext_lazy("Let it work again"),
}
NEXT_STEP: dict[str, str] = {
    VenueState.PLANNED: "open",
    VenueState.PAUSED: "reopen",
    VenueState.CLOSED: "reopen",
}
STEPS_FROM = {
    VenueState.PLANNED: ("open", "close"),
    VenueState.OPEN: ("pause", "close"),
    VenueState.PAUSED: ("reopen", "close"),
    VenueState.CLOSED: ("reopen",),
}


def step_url(venue: Venue, step: str) -> str:
    """Give the page on which a step of a venue's life is confirmed."""
    return reverse("staff:venue_step", kwargs={"venue": venue.pk, "step": step})


def next_step(venue: Venue, state: OpenState, *, may_edit: bool, may_manage: bool) -> dict[str, Any]:
    """Give the one button at the head of the page: the door of a working venue, else the next step of its life."""
    if venue.state == VenueState.OPEN and may_edit:
        name, words = ("door_lock", _("Lock the door")) if state.seen else ("door_open", _("Open the door"))
        return {
            "next_url": reverse(f"staff:{name}", kwargs={"venue": venue.pk}),
            "next_text": words,
            "next_post": True,
            "next_key": new_id(),
        }
    step = NEXT_STEP.get(venue.state, "")
    return {"next_url": step_url(venue, step), "next_text": STEP_WORDS[step]} if step and may_manage else {}


def open_words(state: OpenState) -> str:
    """Say whether a venue is open now, and until or from when."""
    if state.is_open and state.until:
        return _("Open until %(time)s") % {"time": spoken(state.until.astimezone(clock.LOCAL).time())}
    if state.is_open:
        return pgettext("door", "Open")
    if state.opens_next:
        return _("Closed, opens %(time)s") % {"time": spoken(state.opens_next)}
    return pgettext("door", "Closed")


def other_steps(venue: Venue, actor: Actor, *, may_manage: bool) -> list[tuple[str, Any]]:
    """Give the rarer things to do with a venue."""
    if not may_manage:
        return []
    links = [(reverse("staff:venue_host", kwargs={"venue": venue.pk}), gettext_lazy("Name the host"))]
    links += [(step_url(venue, step), STEP_WORDS[step]) for step in STEPS_FROM[VenueState(venue.state)]]
    if policy.may_change_divisions(actor):
        links.append(
            (reverse("staff:venue_move", kwargs={"venue": venue.pk}), gettext_lazy("Give to another community"))
        )
    if venue.state != VenueState.CLOSED:
        url = f"{reverse('staff:upgrade_new')}?venue={venue.pk}"
        links.append((url, gettext_lazy("Plan an upgrade")))
    return links


def facts_of(venue: Venue, state: OpenState) -> list[tuple[Any, Any, str]]:
    """Give what a venue is, for the side of its page."""
    area = f"{venue.area_m2.normalize():f} m²" if venue.area_m2 else None
    residents = f"{venue.resident_area_m2.normalize():f} m²" if venue.resident_area_m2 is not None else None
    position = None
    if venue.lng is not None and venue.lat is not None:
        numbers = f"{venue.lng:.5f}, {venue.lat:.5f}"
        position = _("roughly %(position)s") % {"position": numbers} if venue.position_is_approximate else numbers
    rows: list[tuple[Any, Any]] = [
        (_("Now"), open_words(state)),
        (_("Community"), venue.community.short_name),
        (_("Kind"), venue.get_station_type_display() or venue.get_kind_display()),
        (pgettext("places", "Address"), venue.address or None),
        (pgettext("places", "Phone"), venue.phone or None),
        (_("Area"), area),
        (_("For residents"), residents),
        (_("Host"), venue.host_name or None),
        (_("Position"), position),
        (_("At work since"), spoken(venue.opened_on) if venue.opened_on else None),
    ]
    if venue.closed_on:
        rows.append((_("Closed on"), spoken(venue.closed_on)))
    rows.append((_("Public holidays"), _("closed") if venue.closed_on_holidays else _("as every week")))
    community = reverse("staff:division", kwargs={"division": venue.community_id})
    return [(label, value, community if value == venue.community.short_name else "") for label, value in rows]


@reading
def show(request: HttpRequest, venue: UUID) -> HttpResponse:
    """Show one venue."""
    actor, at = actor_of(request), clock.now()
    found = venue_for(request, venue)
    page = venues.venue_page(venue=venue, actor=actor, at=at)
    may_edit = policy.may_edit_venue(actor, found)
    may_manage = policy.may_manage_venue(actor, found.community_id)
    return render(
        request,
        "staff/places/venue.html",
        {
            "venue": found,
            "tone": VENUE_TONES[VenueState(found.state)],
            "crumbs": venue_crumbs(found),
            "tabs": venue_tabs("venue", found, may_edit=may_edit),
            "may_edit": may_edit,
            "facts": facts_of(found, page.opening),
            "entries": timeline("places.venue", venue, limit=20) if may_edit else [],
            "week": _week(found, at),
            "amenities": [(kind_name(row.kind), row.count, row.note) for row in page.amenities],
            "rooms": page.rooms,
            "services": [(row, SERVICE_TONES[row.state]) for row in page.services],
            "exceptions": page.exceptions,
            "upgrades": [
                (row, UPGRADE_TONES[row.state])
                for row in (upgrades.list_upgrades(on=clock.local_day(at), venue=venue) if may_manage else ())
            ],
            "steps": other_steps(found, actor, may_manage=may_manage),
            "map_data": _map_of(found),
            **next_step(found, page.opening, may_edit=may_edit, may_manage=may_manage),
        },
    )


def _week(venue: Venue, at: datetime) -> list[tuple[str, str]]:
    hours = opening.declared_hours([venue], around=clock.local_day(at))[venue.pk]
    return week_lines(hours.week) if any(hours.week) else []


def _map_of(venue: Venue) -> dict[str, Any] | None:
    if venue.lng is None or venue.lat is None:
        return None
    return {
        "outline": outline_for([venue.community.code]),
        "markers": [marker(venue) | {"here": True}],
        "centre": [venue.lat, venue.lng],
        "zoom": 16,
    }
