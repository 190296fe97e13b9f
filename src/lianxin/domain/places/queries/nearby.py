"""Places as residents look for them: those of one's community, what is near, and all that one place's page says."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Q, Subquery

from lianxin.engines.geo import Point, distance_metres
from lianxin.platform import scope
from lianxin.platform.clock import local_day
from lianxin.platform.errors import Missing

from ..models import (
    Division,
    Level,
    Room,
    RoomState,
    ServiceHours,
    StandingService,
    Venue,
    VenueAmenity,
    VenueKind,
    VenueState,
)
from .opening import OpeningDetail, OpenState, opening_detail, opening_states, seen_open_since
from .services import list_services_of
from .venues import WORKING, list_venues

# About 3 km, three quarters of an hour on foot: what the home page calls near.
NEAR_DEGREES = 0.028


@dataclass(frozen=True)
class Place:
    """A venue on a list: how far in metres, when a position is known, and whether it is open, once that was asked."""

    venue: Venue
    metres: int | None = None
    opening: OpenState | None = None


@dataclass(frozen=True)
class CommunityPlaces:
    """A community with its own places, the centre first, and others near its centre, the nearest first."""

    community: Division
    own: list[Place]
    near: list[Place]

    @property
    def centre(self) -> Place | None:
        """Give the community's centre, or None when it has none at work."""
        return next((place for place in self.own if place.venue.kind == VenueKind.CENTRE), None)


@dataclass(frozen=True)
class PlaceDetail:
    """Everything that residents read about one place."""

    venue: Venue
    opening: OpeningDetail
    amenities: list[VenueAmenity]
    rooms: list[Room]
    services: list[tuple[StandingService, list[ServiceHours]]]


def community_places(*, community: UUID, at: datetime, near: int = 4) -> CommunityPlaces:
    """Give what a community's home page shows, for everybody; five or six queries. Raises Missing."""
    with scope.everything():
        centre = Venue.objects.filter(community=community, kind=VenueKind.CENTRE, state__in=WORKING).order_by("pk")
        lat, lng = (Subquery(centre.values(axis)[:1]) for axis in ("lat", "lng"))
        around = Q(lat__gte=lat - NEAR_DEGREES, lat__lte=lat + NEAR_DEGREES) & Q(
            lng__gte=lng - NEAR_DEGREES, lng__lte=lng + NEAR_DEGREES
        )
        rows = list(list_venues().filter(Q(community=community) | around, state__in=WORKING))
        own = [venue for venue in rows if venue.community_id == community]
        division = own[0].community if own else _community(community)
        own.sort(key=lambda venue: (venue.kind != VenueKind.CENTRE, venue.name))
        here = position_of(own[0]) if own else None
        others = sort_by_distance((venue for venue in rows if venue.community_id != community), here=here)
        shown = [Place(venue, _metres(venue, here)) for venue in own] + others[:near]
        opened = with_opening(shown, at=at)
    return CommunityPlaces(community=division, own=opened[: len(own)], near=opened[len(own) :])


def list_places(
    *,
    at: datetime,
    here: Point | None = None,
    beside: UUID | None = None,
    kind: str = "",
    station_type: str = "",
    amenity: str = "",
    category: str = "",
    among: Iterable[UUID] | None = None,
    divisions: Iterable[UUID] = (),
    open_now: bool = False,
) -> list[Place]:
    """Give the working places of the district for everybody, nearest first.

    Near is measured from `here`, else from the centre of the community `beside`; places without a position come last.
    `among` and `divisions` keep what a search found. Opening is told only with `open_now`; else ask `with_opening`.
    """
    with scope.everything():
        rows = list_venues(
            kind=kind or None,
            station_type=station_type or None,
            amenity=amenity or None,
            category=category or None,
        ).filter(state__in=[VenueState.OPEN] if open_now else WORKING)
        if among is not None:
            wanted = list(divisions)
            rows = rows.filter(Q(pk__in=list(among)) | Q(community__in=wanted) | Q(community__parent__in=wanted))
        if here is None and beside is not None:
            centre = Venue.objects.filter(community=beside, kind=VenueKind.CENTRE, state__in=WORKING).order_by("pk")
            rows = rows.annotate(
                from_lng=Subquery(centre.values("lng")[:1]), from_lat=Subquery(centre.values("lat")[:1])
            )
        venues = list(rows)
        if here is None and beside is not None and venues:
            here = _point(getattr(venues[0], "from_lng", None), getattr(venues[0], "from_lat", None))
        places = sort_by_distance(venues, here=here, beside=beside)
        if open_now:
            places = [place for place in with_opening(places, at=at) if place.opening and place.opening.is_open]
    return places


def with_opening(places: Sequence[Place], *, at: datetime) -> list[Place]:
    """Tell of each place whether it is open; three or four queries."""
    with scope.everything():
        states = opening_states([place.venue for place in places], at=at)
    return [replace(place, opening=states[place.venue.pk]) for place in places]


def place_detail(*, venue: UUID, at: datetime) -> PlaceDetail:
    """Give what everybody may read about a working place; at most seven queries. Raises Missing."""
    with scope.everything():
        today = local_day(at)
        found = list_venues().filter(pk=venue, state__in=WORKING).annotate(seen_at=seen_open_since(at)).first()
        if found is None:
            raise Missing
        rooms = Room.objects.filter(venue=venue, kind__is_for_residents=True).exclude(state=RoomState.REMOVED)
        return PlaceDetail(
            venue=found,
            opening=opening_detail(found, days=week_of(today), seen_at=found.seen_at, at=at),
            amenities=list(VenueAmenity.objects.filter(venue=venue).select_related("kind")),
            rooms=list(rooms.select_related("kind")),
            services=list_services_of(venue=venue, on=today),
        )


def week_of(on: date) -> list[date]:
    """Give the seven days, from Monday, of the week that holds a day."""
    return [on + timedelta(days=offset - on.weekday()) for offset in range(7)]


def position_of(venue: Venue) -> Point | None:
    """Give where a venue is, if that is known."""
    return None if venue.lng is None or venue.lat is None else Point(venue.lng, venue.lat)


def sort_by_distance(venues: Iterable[Venue], *, here: Point | None, beside: UUID | None = None) -> list[Place]:
    """Sort venues by distance; without a position those of the own community first, then by division and name."""
    places = [Place(venue, _metres(venue, here)) for venue in venues]
    if here is not None:
        return sorted(places, key=lambda p: (p.metres is None, p.metres or 0, p.venue.name, str(p.venue.pk)))
    return sorted(places, key=lambda p: p.venue.community_id != beside)


def _metres(venue: Venue, here: Point | None) -> int | None:
    there = position_of(venue)
    return None if here is None or there is None else round(distance_metres(here, to=there))


def _community(community: UUID) -> Division:
    found = Division.objects.filter(pk=community, level=Level.COMMUNITY, ended_on=None).select_related("parent").first()
    if found is None:
        raise Missing
    return found


def _point(lng: float | None, lat: float | None) -> Point | None:
    return None if lng is None or lat is None else Point(lng, lat)
