"""Venues, what they offer, whether they are open; opening and visits by whoever keeps the door."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from ninja import Field, Query, Router, Schema

from lianxin.domain.places.commands import opening as opening_commands
from lianxin.domain.places.commands import visits as visit_commands
from lianxin.domain.places.queries import services as service_queries
from lianxin.domain.places.queries import venues as queries
from lianxin.faces.api.answers import answers
from lianxin.faces.api.paging import Page, cut
from lianxin.faces.api.security import logged_in
from lianxin.platform import clock

router = Router()


class VenueOut(Schema):
    """A venue in a list."""

    id: UUID
    kind: str
    station_type: str
    name: str
    community: UUID
    community_name: str
    address: str
    phone: str
    lng: float | None
    lat: float | None
    position_is_approximate: bool
    state: str
    is_sample: bool
    amenities: list[str]


class VenuePage(Schema):
    """A page of venues."""

    count: int
    items: list[VenueOut]


class VenueFilter(Page):
    """Which venues."""

    kind: str | None = Field(None, description="centre or station")
    station_type: str | None = None
    community: UUID | None = None
    amenity: str | None = None
    category: str | None = Field(None, description="code of one of the 33 service categories")
    text: str = ""


class OpeningOut(Schema):
    """Whether a venue is open; `seen` when somebody logged it, otherwise by its declared hours."""

    is_open: bool
    seen: bool
    since: datetime | None
    until: datetime | None
    opens_next: datetime | None


class NearOut(Schema):
    """A venue near a point."""

    venue: VenueOut
    metres: int
    opening: OpeningOut


class NearFilter(Schema):
    """Near which point, and what is wanted there."""

    lng: float = Field(ge=73, le=136)
    lat: float = Field(ge=3, le=54)
    open_now: bool = False
    metres: int = Field(3000, ge=50, le=50_000)
    kind: str | None = None
    amenity: str | None = None
    limit: int = Field(20, ge=1, le=100)


class RoomOut(Schema):
    """A room of a venue."""

    id: UUID
    name: str
    kind: str
    area_m2: Decimal | None
    seats: int | None


class ServiceOut(Schema):
    """A standing service of a venue."""

    id: UUID
    name: str
    category: str
    category_name: str
    venue: UUID
    venue_name: str
    provider: str
    description: str
    how_to_get: str
    documents: str
    cost: str


class VenueDetail(VenueOut):
    """Everything that a venue says of itself."""

    opening: OpeningOut
    area_m2: Decimal | None
    resident_area_m2: Decimal | None
    rooms: list[RoomOut]
    services: list[ServiceOut]


class CategoryOut(Schema):
    """One of the service categories."""

    code: str
    name: str
    name_en: str
    description: str


class VisitsIn(Schema):
    """Visitors counted without names."""

    count: int = Field(ge=1, le=10_000)
    purpose: str = ""
    key: UUID | None = None


class DoorIn(Schema):
    """A word about the door, and a key that makes it safe to send twice."""

    note: str = Field("", max_length=200)
    key: UUID | None = None


class LogOut(Schema):
    """An opening in the log."""

    id: UUID
    opened_at: datetime
    closed_at: datetime | None


class VisitOut(Schema):
    """A count of visitors."""

    id: UUID
    count: int


def venue_out(venue) -> VenueOut:  # type: ignore[no-untyped-def]
    """Give a venue as the API shows it."""
    return VenueOut(
        id=venue.pk,
        kind=venue.kind,
        station_type=venue.station_type,
        name=venue.name,
        community=venue.community_id,
        community_name=venue.community.short_name,
        address=venue.address,
        phone=venue.phone,
        lng=venue.lng,
        lat=venue.lat,
        position_is_approximate=venue.position_is_approximate,
        state=venue.state,
        is_sample=venue.is_sample,
        amenities=[amenity.kind.code for amenity in venue.amenities.all()],
    )


def _service_out(service) -> ServiceOut:  # type: ignore[no-untyped-def]
    return ServiceOut(
        id=service.pk,
        name=service.name,
        category=service.category.code,
        category_name=service.category.name,
        venue=service.venue_id,
        venue_name=service.venue.name,
        provider=service.provider_name,
        description=service.description,
        how_to_get=service.how_to_get,
        documents=service.documents_needed,
        cost=service.cost,
    )


def _opening_out(state) -> OpeningOut:  # type: ignore[no-untyped-def]
    return OpeningOut(
        is_open=state.is_open, seen=state.seen, since=state.since, until=state.until, opens_next=state.opens_next
    )


@router.get("venues", response=answers(VenuePage), summary="Working centres and stations")
def list_venues(request, filters: Query[VenueFilter]):  # type: ignore[no-untyped-def]
    """Give the venues that anybody may go to, in the order of their communities' codes."""
    rows = queries.list_public_venues(
        kind=filters.kind,
        station_type=filters.station_type,
        communities=[filters.community] if filters.community else None,
        amenity=filters.amenity,
        category=filters.category,
        text=filters.text,
    )
    page = cut(rows, filters)
    return {"count": page["count"], "items": [venue_out(venue) for venue in page["items"]]}


@router.get("venues/near", response=answers(list[NearOut]), summary="Venues near a point")
def near(request, filters: Query[NearFilter]):  # type: ignore[no-untyped-def]
    """Give the venues near a point by distance; with `open_now` only those that are open at this moment."""
    found = queries.near(
        lng=filters.lng,
        lat=filters.lat,
        at=clock.now(),
        open_now=filters.open_now,
        metres=filters.metres,
        kind=filters.kind,
        amenity=filters.amenity,
        limit=filters.limit,
    )
    return [NearOut(venue=venue_out(one.venue), metres=one.metres, opening=_opening_out(one.opening)) for one in found]


@router.get("venues/{uuid:venue}", response=answers(VenueDetail), summary="One venue")
def show_venue(request, venue: UUID):  # type: ignore[no-untyped-def]
    """Give everything a venue says of itself; 404 when it is not shown to the caller."""
    page = queries.venue_page(venue=venue, actor=request.actor, at=clock.now())
    base = venue_out(page.venue).dict()
    base["amenities"] = [amenity.kind.code for amenity in page.amenities]
    return VenueDetail(
        **base,
        opening=_opening_out(page.opening),
        area_m2=page.venue.area_m2,
        resident_area_m2=page.venue.resident_area_m2,
        rooms=[
            RoomOut(id=room.pk, name=room.name, kind=room.kind.code, area_m2=room.area_m2, seats=room.seats)
            for room in page.rooms
        ],
        services=[_service_out(service) for service in page.services],
    )


@router.post(
    "venues/{uuid:venue}/open", response=answers(LogOut), auth=logged_in, summary="Log that the door was opened"
)
def open_venue(request, venue: UUID, body: DoorIn):  # type: ignore[no-untyped-def]
    """Log an opening; the same person twice gets the same opening."""
    return opening_commands.open_venue(actor=request.actor, venue=venue, note=body.note, at=clock.now(), key=body.key)


@router.post(
    "venues/{uuid:venue}/lock", response=answers(LogOut), auth=logged_in, summary="Log that the door was locked"
)
def lock_venue(request, venue: UUID, body: DoorIn):  # type: ignore[no-untyped-def]
    """Log the end of an opening."""
    return opening_commands.lock_venue(actor=request.actor, venue=venue, note=body.note, at=clock.now(), key=body.key)


@router.post(
    "venues/{uuid:venue}/visits", response=answers(VisitOut), auth=logged_in, summary="Count visitors without names"
)
def count_visits(request, venue: UUID, body: VisitsIn):  # type: ignore[no-untyped-def]
    """Add visitors that somebody counted; the district's figure follows from it."""
    return visit_commands.record_visits(
        actor=request.actor, venue=venue, count=body.count, purpose=body.purpose, at=clock.now(), key=body.key
    )


@router.get("services", response=answers(list[ServiceOut]), summary="Standing services")
def list_services(request, on: date | None = None, category: str | None = None, community: UUID | None = None):  # type: ignore[no-untyped-def]
    """Give the services that anybody may come to on a day (today unless given)."""
    rows = service_queries.list_public_services(
        on=on or clock.local_day(clock.now()), category=category, communities=[community] if community else None
    )
    return [_service_out(service) for service in rows]


@router.get("categories", response=answers(list[CategoryOut]), summary="The service categories")
def list_categories(request):  # type: ignore[no-untyped-def]
    """Give the service categories in their order."""
    return [
        CategoryOut(code=c.code, name=c.name, name_en=c.name_en, description=c.description)
        for c in service_queries.list_categories()
    ]
