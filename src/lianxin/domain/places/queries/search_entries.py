"""What the search table holds about divisions, venues and standing services."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from uuid import UUID

from lianxin.platform import scope
from lianxin.platform.search import Entry

from ..models import (
    Division,
    DivisionCode,
    DivisionName,
    Level,
    ServiceState,
    StandingService,
    Venue,
    VenueState,
)
from ..rules import divisions as rules


def division_entries(ids: Iterable[UUID] | None = None) -> Iterator[Entry]:
    """Give the entries of living divisions, found by every name and code that they have or had."""
    rows = Division.objects.filter(ended_on__isnull=True).select_related("parent__parent")
    if ids is not None:
        rows = rows.filter(pk__in=list(ids))
    divisions = list(rows)
    wanted = [division.pk for division in divisions]
    words: dict[UUID, list[str]] = {}
    for model, field in ((DivisionName, "name"), (DivisionCode, "code")):
        named = model.objects.all() if ids is None else model.objects.filter(division__in=wanted)
        for pk, word in named.values_list("division", field):
            words.setdefault(pk, []).append(word)
    for division in divisions:
        usual = rules.names_to_search(division.official_name, division.level)
        yield Entry(
            kind="division",
            record_id=division.pk,
            community_id=division.pk if division.level == Level.COMMUNITY else None,
            title=division.short_name,
            detail=_place(division.parent),
            words=list(dict.fromkeys([*usual, *words.get(division.pk, [])])),
            public=True,
            url_name="division",
            weight=2,
        )


def venue_entries(ids: Iterable[UUID] | None = None) -> Iterator[Entry]:
    """Give the entries of venues; planned and closed ones are for their offices only."""
    rows = Venue.objects.select_related("community__parent")
    for venue in rows if ids is None else rows.filter(pk__in=list(ids)):
        yield Entry(
            kind="venue",
            record_id=venue.pk,
            community_id=venue.community_id,
            title=venue.name,
            detail=" ".join(filter(None, (_place(venue.community), venue.address)))[:300],
            words=[venue.name, venue.community.short_name, venue.address, venue.host_name],
            public=venue.state in (VenueState.OPEN, VenueState.PAUSED),
            url_name="venue",
            weight=1,
        )


def service_entries(ids: Iterable[UUID] | None = None) -> Iterator[Entry]:
    """Give the entries of standing services that are offered."""
    rows = StandingService.objects.filter(state=ServiceState.OFFERED).select_related("venue__community", "category")
    for service in rows if ids is None else rows.filter(pk__in=list(ids)):
        yield Entry(
            kind="service",
            record_id=service.pk,
            community_id=service.community_id,
            title=service.name,
            detail=f"{service.venue.name} · {service.category.name}",
            words=[service.name, service.category.name, service.provider_name, service.venue.community.short_name],
            public=service.venue.state in (VenueState.OPEN, VenueState.PAUSED),
            url_name="service",
        )


def all_entries() -> Iterator[Entry]:
    """Give every entry of this part of the module, to build the search table anew."""
    with scope.everything():
        yield from division_entries()
        yield from venue_entries()
        yield from service_entries()


def _place(division: Division | None) -> str:
    return division.short_name if division else ""
