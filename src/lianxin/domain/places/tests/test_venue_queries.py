"""What pages and lists read about venues and services."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest
from pytest_django.fixtures import DjangoAssertNumQueries

from lianxin.domain.places.commands.opening import open_venue
from lianxin.domain.places.commands.rooms import add_rooms, set_amenities
from lianxin.domain.places.commands.services import add_service
from lianxin.domain.places.commands.venues import pause_venue
from lianxin.domain.places.models import Division, Venue
from lianxin.domain.places.queries import figures
from lianxin.domain.places.queries.divisions import list_tree
from lianxin.domain.places.queries.services import (
    count_by_category,
    list_public_services,
    list_services_at,
    list_services_on,
)
from lianxin.domain.places.queries.venues import (
    count_by_division,
    find_venue,
    list_public_venues,
    list_venues,
    near,
    venue_page,
)
from lianxin.platform import scope
from lianxin.platform.actors import Actor
from lianxin.platform.contributions import Window
from lianxin.platform.errors import Missing

from .factories import AT, SYSTEM, TODAY, give_office_hours, make_district, make_staff, make_venue

District = dict[str, Division]
HERE = {"lng": 116.72, "lat": 23.37}


@pytest.fixture
def district(db: None) -> District:
    return make_district()


def _station(district: District, name: str, metres_north: float, **values: object) -> Venue:
    lat = HERE["lat"] + metres_north / 111_195
    return make_venue(
        district["翠英居委会"],
        kind="station",
        station_type="mall",
        name=name,
        lng=HERE["lng"],
        lat=lat,
        **values,
    )


def test_nearest_comes_first_and_the_far_one_not_at_all(district: District) -> None:
    for name, metres in (("远", 5000), ("近", 200), ("中", 900)):
        _station(district, name, metres)

    found = near(**HERE, at=AT, metres=3000)

    assert [one.venue.name for one in found] == ["近", "中"]
    assert found[0].metres == pytest.approx(200, abs=1)


def test_open_now_leaves_out_what_is_closed_paused_or_planned(district: District) -> None:
    declared, seen, shut, paused = (_station(district, name, 100) for name in ("declared", "seen", "shut", "paused"))
    _station(district, "planned", 100, opened_on=None)
    give_office_hours(declared)
    give_office_hours(paused)
    open_venue(actor=SYSTEM, venue=seen.pk, at=AT)
    pause_venue(actor=SYSTEM, venue=paused.pk, on=TODAY, at=AT)

    found = near(**HERE, at=AT, open_now=True)

    assert {one.venue.name for one in found} == {"declared", "seen"}
    assert {one.venue.name for one in near(**HERE, at=AT)} == {"declared", "seen", "shut", "paused"}
    assert shut.state == "open"


def test_near_takes_the_same_queries_for_one_venue_and_for_thirty(
    district: District, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    _station(district, "0", 10)
    with django_assert_num_queries(4):
        near(**HERE, at=AT, open_now=True)
    for number in range(30):
        _station(district, f"站{number}", 20 + number)

    with django_assert_num_queries(4):
        near(**HERE, at=AT, open_now=True)


def test_a_venues_page_has_everything_in_few_queries(
    district: District, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    venue = make_venue(district["翠英居委会"])
    give_office_hours(venue)
    add_rooms(actor=SYSTEM, venue=venue.pk, rooms=[{"kind": "hall"}, {"kind": "reading"}], at=AT)
    set_amenities(actor=SYSTEM, venue=venue.pk, amenities=[{"kind": "water"}], at=AT)
    add_service(actor=SYSTEM, venue=venue.pk, at=AT, name="义剪", category="D01", times=[(4, time(9), time(11), None)])

    with django_assert_max_num_queries(12):
        page = venue_page(venue=venue.pk, actor=Actor.anonymous(), at=AT)
        shown = [
            (room.kind.name, page.venue.community.parent.short_name, amenity.kind.name, service.category.name)
            for room in page.rooms
            for amenity in page.amenities
            for service in page.services
            if service.hours.all()
        ]

    assert len(shown) == 2
    assert page.opening.is_open
    assert len(page.hours) == 10


def test_a_planned_venues_page_is_for_its_office_only(district: District) -> None:
    planned = make_venue(district["翠英居委会"], opened_on=None)
    own = make_staff("community_staff", planned.community_id)
    foreign = make_staff("community_staff", district["金洲村委会"].pk)

    assert venue_page(venue=planned.pk, actor=own, at=AT).venue == planned
    for actor in (Actor.anonymous(), foreign):
        with pytest.raises(Missing):
            venue_page(venue=planned.pk, actor=actor, at=AT)


def test_a_list_for_an_office_ends_at_its_communities(district: District) -> None:
    own, other = make_venue(district["翠英居委会"]), make_venue(district["金洲村委会"])

    with scope.within([own.community_id]):
        assert list(list_venues()) == [own]
        with pytest.raises(Missing):
            find_venue(other.pk)


def test_an_unscoped_list_raises(district: District) -> None:
    with scope.nothing(), pytest.raises(scope.Unscoped):
        list_venues()


def test_public_venues_are_narrowed_by_what_they_offer(district: District) -> None:
    plain, wet = _station(district, "干站", 10), _station(district, "水站", 20)
    set_amenities(actor=SYSTEM, venue=wet.pk, amenities=[{"kind": "water"}], at=AT)
    add_service(actor=SYSTEM, venue=plain.pk, at=AT, name="义剪", category="D01")

    assert list_public_venues(amenity="water") == [wet]
    assert list_public_venues(category="D01") == [plain]
    assert list_public_venues(kind="centre") == []
    assert list_public_venues(text="水站") == [wet]
    assert list_public_venues(text="翠英 干") == [plain]


def test_services_are_found_by_their_time(district: District) -> None:
    venue = make_venue(district["翠英居委会"])
    weekly = add_service(
        actor=SYSTEM, venue=venue.pk, at=AT, name="义剪", category="D01", times=[(4, time(9), time(11), None)]
    )
    add_service(actor=SYSTEM, venue=venue.pk, at=AT, name="义诊", category="A04", times=[(4, time(9), time(11), 5)])

    assert list_services_at(at=AT) == [weekly]
    assert list_services_at(at=AT + timedelta(hours=2)) == []
    assert [(service.name, hours.starts) for service, hours in list_services_on(on=date(2026, 11, 27))] == [
        ("义剪", time(9)),
        ("义诊", time(9)),
    ]


def test_services_of_a_paused_venue_are_not_shown_to_the_public(district: District) -> None:
    venue = make_venue(district["翠英居委会"])
    add_service(actor=SYSTEM, venue=venue.pk, at=AT, name="义剪", category="D01")

    assert len(list_public_services(on=TODAY)) == 1
    pause_venue(actor=SYSTEM, venue=venue.pk, on=TODAY, at=AT)

    assert list_public_services(on=TODAY) == []


def test_categories_in_use_are_counted_once_each(district: District) -> None:
    venue = make_venue(district["翠英居委会"])
    for name, category in (("义剪一", "D01"), ("义剪二", "D01"), ("义诊", "A04")):
        add_service(actor=SYSTEM, venue=venue.pk, at=AT, name=name, category=category)

    with scope.everything():
        assert figures.categories_in_use(Window(TODAY, TODAY + timedelta(days=1))) == 2
        assert figures.categories_in_use(Window(date(2020, 1, 1), date(2021, 1, 1))) == 0
        assert count_by_category(on=TODAY) == {"D01": 2, "A04": 1}


def test_counts_roll_up_the_tree(district: District) -> None:
    make_venue(district["翠英居委会"])
    make_venue(district["金洲村委会"])
    _station(district, "站", 10)

    with scope.everything():
        counts = {one.division.official_name: (one.centres, one.stations) for one in count_by_division(on=TODAY)}
        level = figures.centres(Window(TODAY, TODAY + timedelta(days=1)))

    assert counts["龙湖区"] == (2, 1)
    assert counts["新津街道"] == (1, 1)
    assert counts["外砂街道"] == (1, 0)
    assert counts["华新社区居委会"] == (0, 0)
    assert level == 2


def test_the_tree_takes_four_queries(district: District, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(4):
        (root,) = list_tree(on=TODAY)

    assert [node.name for node in root.children] == ["新津街道", "外砂街道"]
