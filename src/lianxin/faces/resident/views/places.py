"""Places: the list with what it can be narrowed by, the map on request, and each place's own page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.http import require_safe

from lianxin.domain.places.models import Committee
from lianxin.domain.places.queries.nearby import (
    Place,
    PlaceDetail,
    list_places,
    place_detail,
    position_of,
    with_opening,
)
from lianxin.domain.places.queries.venues import list_amenity_kinds
from lianxin.engines.geo import Point
from lianxin.faces.kit.preferences import preferences
from lianxin.faces.resident import words
from lianxin.faces.resident.community import chosen_community
from lianxin.faces.resident.forms import STATION, PlacesForm, local_name
from lianxin.faces.resident.views.public import number_from, page
from lianxin.platform import search
from lianxin.platform.clock import local_day, now

A_PAGE = 10
A_PAGE_FOR_ELDERS = 6
ON_MAP = 200
FOUND_AT_MOST = 60
STEP_FREE = ("step_free", "accessible_toilet", "wheelchair")


@dataclass(frozen=True)
class Narrowed:
    """The form as it was filled in, and the places that are left."""

    form: PlacesForm
    places: list[Place]
    is_near: bool


def _narrow(request: HttpRequest, at: datetime) -> Narrowed:
    form = PlacesForm(request.GET, amenities=list(list_amenity_kinds()))
    form.is_valid()
    asked = form.narrowed()
    kind, station = asked.get("kind") or "", ""
    if kind.startswith(STATION):
        kind, station = "station", kind.removeprefix(STATION)
    lat, lng = asked.get("lat"), asked.get("lng")
    # Whoever asks what is near need not say at which door they stand: three decimals are a hundred metres.
    here = Point(round(lng, 3), round(lat, 3)) if lat is not None and lng is not None else None
    among, divisions = None, []
    if asked.get("q"):
        hits = search.find(asked["q"], kinds=["venue", "division"], public_only=True, limit=FOUND_AT_MOST)
        among = [hit.record_id for hit in hits if hit.kind == "venue"]
        divisions = [hit.record_id for hit in hits if hit.kind == "division"]
    places = list_places(
        at=at,
        here=here,
        beside=chosen_community(request),
        kind=kind,
        station_type=station,
        amenity=asked.get("amenity") or "",
        among=among,
        divisions=divisions,
        open_now=bool(asked.get("open")),
    )
    return Narrowed(form, places, is_near=here is not None)


@require_safe
def browse(request: HttpRequest) -> HttpResponse:
    """List places, the nearest first."""
    at = now()
    narrowed = _narrow(request, at)
    size = A_PAGE_FOR_ELDERS if preferences(request).is_elder else A_PAGE
    part = Paginator(narrowed.places, size).get_page(number_from(request.GET.get("page", "1")))
    shown = list(part.object_list)
    if shown and shown[0].opening is None:
        shown = with_opening(shown, at=at)
    asked = {name for name in ("q", "kind", "amenity", "open") if request.GET.get(name)}
    context = {
        "form": narrowed.form,
        "is_narrowed": bool(asked),
        "is_near": narrowed.is_near,
        "count": len(narrowed.places),
        "count_words": ngettext("%(n)d place", "%(n)d places", len(narrowed.places)) % {"n": len(narrowed.places)},
        "lines": [words.place_line(place, at=at) for place in shown],
        "page": part,
        "has_community": chosen_community(request) is not None,
    }
    return page(request, "resident/places.html", context)


@require_safe
def on_map(request: HttpRequest) -> HttpResponse:
    """Show the same places on a map, for whoever asks for one: it costs more than the page itself."""
    at = now()
    narrowed = _narrow(request, at)
    located = [place for place in narrowed.places if position_of(place.venue)][:ON_MAP]
    centre = None
    if narrowed.is_near:
        asked = narrowed.form.narrowed()
        centre = [round(asked["lat"], 3), round(asked["lng"], 3)]
    elif home := chosen_community(request):
        own = next((place.venue for place in located if place.venue.community_id == home), None)
        centre = [own.lat, own.lng] if own else None
    markers = [
        {
            "title": place.venue.name,
            "lat": place.venue.lat,
            "lng": place.venue.lng,
            "kind": place.venue.kind,
            "text": place.venue.address,
            "url": reverse("resident:place", args=[place.venue.pk]),
        }
        for place in located
    ]
    context = {
        "map_data": {"outline": None, "markers": markers, "centre": centre, "zoom": 15},
        "without_position": len(narrowed.places) - len(located),
        "crumbs": [(pgettext("navigation", "Nearby"), reverse("resident:places")), (_("Map"), "")],
    }
    return page(request, "resident/places_map.html", context)


@require_safe
def show(request: HttpRequest, venue: UUID) -> HttpResponse:
    """Show all that everybody may read about a place."""
    at = now()
    found = place_detail(venue=venue, at=at)
    return page(request, "resident/place.html", _place_context(found, at=at))


@require_safe
def share(request: HttpRequest, venue: UUID) -> HttpResponse:
    """Give a text to pass on in a group, to copy as a whole."""
    at = now()
    found = place_detail(venue=venue, at=at)
    address = request.build_absolute_uri(reverse("resident:place", args=[venue]))
    context = {
        "venue": found.venue,
        "text": _share_text(found, address, at=at),
        "crumbs": _crumbs(found, (_("Pass on"), "")),
    }
    return page(request, "resident/place_share.html", context)


@require_safe
def poster(request: HttpRequest, venue: UUID) -> HttpResponse:
    """Give a sheet for the door and the notice board."""
    at = now()
    found = place_detail(venue=venue, at=at)
    address = reverse("resident:place", args=[venue])
    context = _place_context(found, at=at) | {
        "sheet_title": found.venue.name,
        "sheet_place": found.venue.address,
        "poster_url": request.build_absolute_uri(address),
        "printed_at": at,
        "back_url": address,
    }
    return render(request, "resident/place_poster.html", context)


def _crumbs(found: PlaceDetail, *more: tuple[str, str]) -> list[tuple[str, str]]:
    venue = found.venue
    own = reverse("resident:place", args=[venue.pk]) if more else ""
    return [(pgettext("navigation", "Nearby"), reverse("resident:places")), (venue.name, own), *more]


def _place_context(found: PlaceDetail, *, at: datetime) -> dict[str, Any]:
    venue, today = found.venue, local_day(at)
    special = {
        day: one.reason
        for one in found.opening.exceptions
        for day in found.opening.days
        if one.first_on <= day <= one.last_on
    }
    return {
        "venue": venue,
        "kind": words.kind_words(venue),
        "opening": words.opening_words(found.opening.state, venue=venue, at=at),
        "week": [
            (words.weekday_words(day.weekday()), day, words.hours_words(hours), day == today, special.get(day, ""))
            for day, hours in found.opening.days.items()
        ],
        "exceptions": [
            (words.days_words(one.first_on, one.last_on), _exception_hours(one), one.reason)
            for one in found.opening.exceptions
            if one.last_on not in found.opening.days or one.first_on not in found.opening.days
        ],
        "amenities": [(local_name(one.kind), one.note) for one in found.amenities if one.kind.code not in STEP_FREE],
        "access": [(local_name(one.kind), one.note) for one in found.amenities if one.kind.code in STEP_FREE],
        "rooms": [(room, local_name(room.kind)) for room in found.rooms],
        "services": [
            (service, local_name(service.category), words.service_times(hours)) for service, hours in found.services
        ],
        "is_village": venue.community.committee == Committee.VILLAGERS,
        "position": position_of(venue),
        "crumbs": _crumbs(found),
    }


def _exception_hours(one: Any) -> str:
    if one.opens is None:
        return _("closed")
    return words.span_words(one.opens, one.closes)


def _share_text(found: PlaceDetail, address: str, *, at: datetime) -> str:
    venue, opening = found.venue, words.opening_words(found.opening.state, venue=found.venue, at=at)
    lines = [
        venue.name,
        f"{words.today_words(at).day} {opening.label} {opening.detail}".strip(),
        _("Address: %(text)s") % {"text": venue.address} if venue.address else "",
        _("Phone: %(text)s") % {"text": venue.phone} if venue.phone else "",
    ]
    services = [f"· {service.name}" for service, _hours in found.services[:6]]
    if services:
        lines += [_("You can come for:"), *services]
    lines.append(address)
    return "\n".join(line for line in lines if line)
