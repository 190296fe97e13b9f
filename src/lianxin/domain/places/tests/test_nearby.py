"""What residents' pages read about places: those of a community, what is near, one place, its services."""

from __future__ import annotations

from datetime import time

import pytest

from lianxin.domain.places.commands.opening import open_venue
from lianxin.domain.places.commands.services import add_service, change_service_state
from lianxin.domain.places.commands.venues import close_venue, pause_venue
from lianxin.domain.places.models import Division
from lianxin.domain.places.queries.nearby import community_places, list_places, place_detail
from lianxin.domain.places.queries.services import (
    count_public_by_category,
    find_public_service,
    list_services_between,
    page_public_services,
)
from lianxin.engines.geo import Point
from lianxin.platform import scope
from lianxin.platform.errors import Missing
from lianxin.platform.ids import new_id

from .factories import AT, SYSTEM, TODAY, give_office_hours, make_district, make_venue

LNG, LAT = 116.72, 23.37


@pytest.fixture
def district(db: None) -> dict[str, Division]:
    return make_district()


def test_own_places_come_first_and_others_by_distance(district: dict[str, Division]) -> None:
    home, next_door = district["翠英居委会"], district["华新社区居委会"]
    centre = make_venue(home, lng=LNG, lat=LAT)
    far = make_venue(next_door, kind="station", station_type="park", name="远", lng=LNG + 0.02, lat=LAT)
    close = make_venue(next_door, kind="station", station_type="park", name="近", lng=LNG + 0.001, lat=LAT)
    make_venue(next_door, kind="station", station_type="park", name="太远", lng=LNG + 1, lat=LAT)

    found = community_places(community=home.pk, at=AT)

    assert found.centre is not None
    assert found.centre.venue == centre
    assert [place.venue for place in found.near] == [close, far]


def test_community_without_any_place_still_has_a_page(district: dict[str, Division]) -> None:
    found = community_places(community=district["翠英居委会"].pk, at=AT)

    assert (found.community, found.centre, found.near) == (district["翠英居委会"], None, [])


def test_unknown_community_is_missing(district: dict[str, Division]) -> None:
    with pytest.raises(Missing):
        community_places(community=new_id(), at=AT)
    with pytest.raises(Missing):
        community_places(community=district["新津街道"].pk, at=AT)


def test_places_without_a_position_come_last(district: dict[str, Division]) -> None:
    unknown = make_venue(district["翠英居委会"], name="没有位置")
    near = make_venue(district["华新社区居委会"], lng=LNG, lat=LAT)

    places = list_places(at=AT, here=Point(LNG, LAT))

    assert [place.venue for place in places] == [near, unknown]
    assert [place.metres for place in places] == [0, None]


def test_open_now_follows_what_was_seen(district: dict[str, Division]) -> None:
    shut = make_venue(district["翠英居委会"], name="没开")
    seen = make_venue(district["华新社区居委会"], name="开着")
    open_venue(actor=SYSTEM, venue=seen.pk, at=AT)

    places = list_places(at=AT, open_now=True)

    assert [place.venue for place in places] == [seen]
    assert shut not in [place.venue for place in places]


def test_place_page_works_in_no_scope_of_its_own_and_hides_closed_places(district: dict[str, Division]) -> None:
    venue = make_venue(district["翠英居委会"])
    give_office_hours(venue)

    with scope.within([]):
        found = place_detail(venue=venue.pk, at=AT)
    close_venue(actor=SYSTEM, venue=venue.pk, on=TODAY, at=AT)

    assert found.opening.state.is_open
    assert len(found.opening.days) == 7
    assert next(iter(found.opening.days)).weekday() == 0
    with pytest.raises(Missing):
        place_detail(venue=venue.pk, at=AT)


def test_services_come_with_all_their_times(district: dict[str, Division]) -> None:
    venue = make_venue(district["翠英居委会"])
    times = [(0, time(9), time(11), None), (2, time(9), time(11), None)]
    add_service(actor=SYSTEM, venue=venue.pk, at=AT, name="义剪", category="D01", times=times)
    add_service(actor=SYSTEM, venue=venue.pk, at=AT, name="没有时间", category="A01")

    services = place_detail(venue=venue.pk, at=AT).services

    told = {service.name: [row.weekday for row in hours] for service, hours in services}
    assert told == {"义剪": [0, 2], "没有时间": []}


def test_week_of_services_leaves_out_paused_and_ended(district: dict[str, Division]) -> None:
    venue = make_venue(district["翠英居委会"])
    every_day = [(weekday, time(9), time(11), None) for weekday in range(7)]
    kept, paused = (
        add_service(actor=SYSTEM, venue=venue.pk, at=AT, name=name, category="A04", times=every_day)
        for name in ("照常", "暂停")
    )
    change_service_state(actor=SYSTEM, service=paused.pk, state="paused", at=AT)

    week = list_services_between(TODAY, TODAY, communities=[venue.community_id])

    assert [service for _day, service, _hours in week] == [kept]
    assert page_public_services(on=TODAY, category="A04").total == 1
    assert count_public_by_category(on=TODAY) == {"A04": 1}


def test_service_of_a_closed_venue_is_missing(district: dict[str, Division]) -> None:
    venue = make_venue(district["翠英居委会"])
    service = add_service(actor=SYSTEM, venue=venue.pk, at=AT, name="义诊", category="A04")
    pause_venue(actor=SYSTEM, venue=venue.pk, on=TODAY, at=AT)
    assert find_public_service(service=service.pk) == service

    close_venue(actor=SYSTEM, venue=venue.pk, on=TODAY, at=AT)

    with pytest.raises(Missing):
        find_public_service(service=service.pk)
