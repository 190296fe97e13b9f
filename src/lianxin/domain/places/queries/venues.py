"""Venues: lists for their offices, lists and pages for everybody, what is near, and counts on any day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Prefetch, Q, QuerySet

from lianxin.engines.geo import Point, box_around, distance_metres
from lianxin.platform import scope
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day
from lianxin.platform.errors import Missing

from .. import policy
from ..models import (
    AmenityKind,
    Equipment,
    Level,
    OpeningException,
    OpeningHours,
    Room,
    RoomKind,
    RoomState,
    ServiceState,
    StandingService,
    Venue,
    VenueAmenity,
    VenueKind,
    VenuePeriod,
    VenueState,
)
from .divisions import DivisionNode, list_tree, valid_on
from .opening import OpenState, opening_states
from .services import list_services

WORKING = (VenueState.OPEN, VenueState.PAUSED)


@dataclass(frozen=True)
class NearVenue:
    """A venue with its distance in metres and whether it is open."""

    venue: Venue
    metres: int
    opening: OpenState


@dataclass(frozen=True)
class VenuePage:
    """Everything that a venue's page shows."""

    venue: Venue
    opening: OpenState
    hours: list[OpeningHours]
    exceptions: list[OpeningException]
    amenities: list[VenueAmenity]
    rooms: list[Room]
    equipment: list[Equipment]
    services: list[StandingService]


@dataclass(frozen=True)
class VenueCount:
    """Centres and stations of a division and all below it."""

    division: DivisionNode
    centres: int
    stations: int


def list_venues(
    *,
    kind: str | None = None,
    state: str | None = None,
    station_type: str | None = None,
    communities: Iterable[UUID] | None = None,
    amenity: str | None = None,
    category: str | None = None,
    text: str = "",
) -> QuerySet[Venue]:
    """Give the venues in scope, with their community and the one above it, narrowed by what is given."""
    rows = Venue.objects.select_related("community__parent")
    for name, value in (("kind", kind), ("state", state), ("station_type", station_type)):
        if value:
            rows = rows.filter(**{name: value})
    if communities is not None:
        rows = rows.filter(community__in=list(communities))
    if amenity:
        rows = rows.filter(pk__in=VenueAmenity.objects.filter(kind__code=amenity).values("venue"))
    if category:
        offered = StandingService.objects.filter(category__code=category, state=ServiceState.OFFERED)
        rows = rows.filter(pk__in=offered.values("venue"))
    for word in text.split():
        rows = rows.filter(
            Q(name__icontains=word)
            | Q(address__icontains=word)
            | Q(host_name__icontains=word)
            | Q(community__official_name__icontains=word)
            | Q(community__short_name__icontains=word)
        )
    return rows.order_by("community__code", "kind", "name", "id")


def find_venue(venue: UUID) -> Venue:
    """Give a venue in scope; raises Missing for any other."""
    found = Venue.objects.select_related("community__parent").filter(pk=venue).first()
    if found is None:
        raise Missing
    return found


def list_public_venues(
    *,
    kind: str | None = None,
    station_type: str | None = None,
    communities: Iterable[UUID] | None = None,
    amenity: str | None = None,
    category: str | None = None,
    text: str = "",
) -> list[Venue]:
    """Give the working venues of the whole district, for everybody."""
    with scope.everything():
        rows = list_venues(
            kind=kind,
            station_type=station_type,
            communities=communities,
            amenity=amenity,
            category=category,
            text=text,
        )
        return list(rows.filter(state__in=WORKING).prefetch_related(_amenities()))


def near(
    *,
    lng: float,
    lat: float,
    at: datetime,
    open_now: bool = False,
    metres: int = 3000,
    kind: str | None = None,
    amenity: str | None = None,
    limit: int = 20,
) -> list[NearVenue]:
    """Give the working venues within a distance, the nearest first, in the whole district and for everybody."""
    here = Point(lng, lat)
    box = box_around(here, metres=metres)
    with scope.everything():
        rows = list_venues(kind=kind, amenity=amenity).filter(
            state__in=WORKING,
            lng__range=(box.west, box.east),
            lat__range=(box.south, box.north),
        )
        inside = [
            (distance_metres(here, to=Point(venue.lng, venue.lat)), venue)
            for venue in rows
            if venue.lng is not None and venue.lat is not None
        ]
        inside = sorted((pair for pair in inside if pair[0] <= metres), key=lambda pair: (pair[0], str(pair[1].pk)))
        if not open_now:
            inside = inside[:limit]
        states = opening_states((venue for _, venue in inside), at=at)
    found = [NearVenue(venue, round(distance), states[venue.pk]) for distance, venue in inside]
    return [one for one in found if one.opening.is_open or not open_now][:limit]


def venue_page(*, venue: UUID, actor: Actor, at: datetime) -> VenuePage:
    """Give everything that a venue's page shows to an actor; raises Missing when the actor may not see the venue."""
    today = local_day(at)
    with scope.everything():
        found = Venue.objects.select_related("community__parent").filter(policy.visible_to(actor), pk=venue).first()
        if found is None:
            raise Missing
        return VenuePage(
            venue=found,
            opening=opening_states([found], at=at)[found.pk],
            hours=list(OpeningHours.objects.filter(valid_on(today), venue=found)),
            exceptions=list(OpeningException.objects.filter(venue=found, last_on__gte=today)),
            amenities=list(VenueAmenity.objects.filter(venue=found).select_related("kind")),
            rooms=list(Room.objects.filter(venue=found).exclude(state=RoomState.REMOVED).select_related("kind")),
            equipment=list(Equipment.objects.filter(venue=found, removed_on__isnull=True).select_related("room")),
            services=list(list_services(venue=found.pk).exclude(state=ServiceState.ENDED)),
        )


def list_usable_rooms(*, venues: Iterable[UUID]) -> list[Room]:
    """Give the rooms in use of some venues in scope, in their order, each with its venue; one query."""
    rows = Room.objects.filter(venue__in=list(venues), state=RoomState.IN_USE).select_related("venue")
    return list(rows.order_by("venue__name", "floor", "kind__position", "name"))


def list_amenity_kinds() -> QuerySet[AmenityKind]:
    """Give the kinds of amenities in their order."""
    return AmenityKind.objects.all()


def list_room_kinds() -> QuerySet[RoomKind]:
    """Give the kinds of rooms in their order."""
    return RoomKind.objects.all()


def count_working(*, kind: str, on: date, communities: Iterable[UUID] | None = None) -> int:
    """Give how many venues of a kind in scope worked or paused on a day."""
    return working_on(kind=kind, on=on, communities=communities).count()


def working_on(*, kind: str, on: date, communities: Iterable[UUID] | None = None) -> QuerySet[VenuePeriod]:
    """Give the periods in which venues of a kind in scope worked or paused on a day: one for each venue."""
    rows = VenuePeriod.objects.filter(valid_on(on), state__in=WORKING, venue__kind=kind)
    return rows if communities is None else rows.filter(community__in=list(communities))


def count_by_division(*, on: date) -> list[VenueCount]:
    """Give centres and stations of every division of a day's tree, from the records in scope of that day."""
    counts: dict[tuple[UUID, str], int] = {}
    periods = VenuePeriod.objects.filter(valid_on(on), state__in=WORKING).order_by()
    for community, kind in periods.values_list("community", "venue__kind"):
        counts[community, kind] = counts.get((community, kind), 0) + 1
    return [
        VenueCount(
            division=node,
            centres=_sum_below(node, counts, VenueKind.CENTRE),
            stations=_sum_below(node, counts, VenueKind.STATION),
        )
        for root in list_tree(on=on)
        for node in root.walk()
    ]


def count_public_by_division(*, on: date) -> list[VenueCount]:
    """Give centres and stations of every division for everybody, from the records of the whole district."""
    with scope.everything():
        return count_by_division(on=on)


def _sum_below(node: DivisionNode, counts: dict[tuple[UUID, str], int], kind: str) -> int:
    return sum(counts.get((below.id, kind), 0) for below in node.walk() if below.level == Level.COMMUNITY)


def _amenities() -> Prefetch:
    return Prefetch("amenities", queryset=VenueAmenity.objects.select_related("kind"))
