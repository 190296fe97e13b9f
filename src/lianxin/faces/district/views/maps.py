"""The district's venues on a map and as a list beneath it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from lianxin.domain.places.models import StationType, Venue, VenueKind, VenueState
from lianxin.domain.places.queries.opening import OpenState, opening_states
from lianxin.domain.places.queries.services import list_categories
from lianxin.domain.places.queries.standards import score_venues
from lianxin.domain.places.queries.venues import WORKING, list_venues
from lianxin.faces.district.forms.filters import MapFilter
from lianxin.faces.district.gate import shown_to_offices
from lianxin.faces.district.listing import PAGE, Listing, answer
from lianxin.faces.district.places_in_scope import area_name, asked_subdistrict, communities_of, subdistricts_of
from lianxin.faces.kit.dates import spoken
from lianxin.faces.kit.outline import outline_for, read_outline
from lianxin.faces.kit.tables import Column
from lianxin.platform.clock import LOCAL, local_day, now

A_DAY = 24 * 3600


@dataclass(frozen=True)
class Row:
    """One venue with what its line and its pin say."""

    pk: UUID
    name: str
    kind: Any
    community: str
    subdistrict: str
    address: str
    opening: str
    is_open: bool
    missing: str
    position: str


@require_safe
def outline(request: HttpRequest) -> HttpResponse:
    """Give the outline as GeoJSON, to be kept for a day: it is public and the same for everybody."""
    found = read_outline(settings.DATA_DIR)
    response = JsonResponse(found or {"type": "FeatureCollection", "features": []})
    patch_cache_control(response, public=True, max_age=A_DAY)
    return response


@shown_to_offices
def show(request: HttpRequest, shown: str = PAGE) -> HttpResponse:
    """Show the venues that work, narrowed by what the address asks."""
    at = now()
    actor = request.actor  # type: ignore[attr-defined]
    communities = communities_of(actor)
    choices = subdistricts_of(communities)
    form = MapFilter(request, choices, _categories())
    venues = _asked(form, asked_subdistrict(request, choices))
    missing = _missing(form.asked("shortfall"), at)
    if missing is not None:
        venues = [venue for venue in venues if venue.pk in missing]
    # Whoever asks for a shortfall reads what is missing; the doors are looked up only when they are asked for too.
    states = opening_states(venues, at=at) if missing is None or form.asked("open") else {}
    if form.asked("open"):
        wanted = form.asked("open") == "yes"
        venues = [venue for venue in venues if states[venue.pk].is_open == wanted]
    rows = [_row(venue, states.get(venue.pk), (missing or {}).get(venue.pk, "")) for venue in venues]
    listing = Listing(
        name="map",
        title=_("Centres and stations"),
        place=area_name(actor, communities),
        rows=rows,
        default_sort="",
        row_template="district/row_place.html",
        cells=lambda row: (
            row.name,
            row.kind,
            row.community,
            row.subdistrict,
            row.address,
            row.opening,
            row.position,
        ),
        columns=(
            Column(_("Venue"), sort="name"),
            Column(_("Kind"), sort="kind"),
            Column(_("Community"), sort="community"),
            Column(_("Subdistrict"), sort="subdistrict"),
            Column(_("Street address"), sort="address"),
            Column(_("Open"), sort="opening"),
            Column(_("Position"), sort="position"),
        ),
    )
    placed = [(venue, row) for venue, row in zip(venues, rows, strict=True) if venue.lat is not None]
    context = {
        "form": form,
        "map_data": {
            "outline": outline_for(one.code for one in communities[:1]),
            "markers": [_marker(venue, row, missing is not None) for venue, row in placed],
        },
        "approximate": sum(venue.position_is_approximate for venue in venues),
        "unplaced": len(venues) - len(placed),
        "all": len(venues),
    }
    return answer(request, listing, shown=shown, template="district/map.html", context=context, at=at)


def _categories() -> list[tuple[str, str]]:
    english = (get_language() or "").startswith("en")
    named = [(row.code, (english and row.name_en) or row.name) for row in list_categories()]
    return [("", _("All")), *named]


def _asked(form: MapFilter, subdistrict: UUID | None) -> list[Venue]:
    rows = list_venues(
        kind=form.asked("kind"), station_type=form.asked("station_type"), category=form.asked("category")
    )
    return [row for row in rows if row.state in WORKING and subdistrict in (None, row.community.parent_id)]


def _missing(shortfall: str, at: Any) -> dict[UUID, str] | None:
    """Give what is missing by centre for one kind of shortfall, or None when nobody asked."""
    if not shortfall:
        return None
    return {
        one.venue: _("; ").join(o.sentence for o in one.score.shortfalls if o.group == shortfall)
        for one in score_venues(on=local_day(at))
        if shortfall in one.score.named
    }


def _row(venue: Venue, state: OpenState | None, missing: str) -> Row:
    kind = str(VenueKind(venue.kind).label)
    if venue.station_type:
        kind = _("Station: %(type)s") % {"type": StationType(venue.station_type).label}
    parent = venue.community.parent
    return Row(
        pk=venue.pk,
        name=venue.name,
        kind=kind,
        community=venue.community.short_name,
        subdistrict=parent.short_name if parent else "",
        address=venue.address,
        opening=_opening(venue, state) if state else "",
        is_open=state is not None and state.is_open,
        missing=missing,
        position=_position(venue),
    )


def _position(venue: Venue) -> str:
    if venue.lat is None:
        return _("not entered")
    return _("approximate") if venue.position_is_approximate else _("measured")


def _opening(venue: Venue, state: OpenState) -> str:
    if venue.state == VenueState.PAUSED:
        return _("Paused")
    if state.is_open:
        until = state.until.astimezone(LOCAL).time() if state.until else None
        return _("Open until %(time)s") % {"time": spoken(until)} if until else _("Open now")
    if state.opens_next:
        return _("Closed, opens %(moment)s") % {"moment": spoken(state.opens_next)}
    return _("Closed now")


def _marker(venue: Venue, row: Row, asked_for_shortfall: bool) -> dict[str, Any]:
    words = [row.kind, row.community, row.missing or row.opening]
    if venue.position_is_approximate:
        words.append(_("position approximate"))
    kind = "station" if venue.kind == VenueKind.STATION else "centre"
    if venue.state == VenueState.PAUSED:
        kind = "upgrade"
    return {
        "title": row.name,
        "lat": venue.lat,
        "lng": venue.lng,
        "kind": "weak" if asked_for_shortfall else kind,
        "text": " · ".join(words),
        "url": reverse("district:venue", args=[venue.pk]),
    }
