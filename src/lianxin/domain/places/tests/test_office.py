"""Venues as the office works with them."""

from datetime import date, timedelta

import pytest

from lianxin.domain.places.commands.opening import open_venue
from lianxin.domain.places.commands.rooms import add_room
from lianxin.domain.places.commands.services import add_service
from lianxin.domain.places.commands.venues import pause_venue
from lianxin.domain.places.queries.office import find_office_venue, list_office_venues, preview_step
from lianxin.domain.places.queries.opening import open_doors
from lianxin.platform import scope
from lianxin.platform.errors import Missing

from .factories import AT, SYSTEM, TODAY, make_district, make_staff, make_venue

pytestmark = pytest.mark.django_db


@pytest.fixture
def divisions(db: None):
    with scope.everything():
        yield make_district()


def names(actor) -> set[str]:
    with scope.within(actor.communities):
        return {venue.name for venue in list_office_venues(actor=actor)}


def test_an_office_has_the_venues_of_its_communities_in_every_state(divisions) -> None:
    own = divisions["翠英居委会"]
    make_venue(own, name="中心")
    make_venue(own, name="筹建中的站", kind="station", station_type="mall", opened_on=None)
    make_venue(divisions["金洲村委会"], name="别处的中心")

    assert names(make_staff("community_staff", own.pk)) == {"中心", "筹建中的站"}


def test_a_host_has_only_the_venues_they_keep(divisions) -> None:
    own = divisions["翠英居委会"]
    make_venue(own, name="中心")
    station = make_venue(own, name="商场站", kind="station", station_type="mall")
    host = make_staff("host", own.pk, venues=frozenset({station.pk}))

    assert names(host) == {"商场站"}


def test_a_volunteer_has_what_everybody_may_see(divisions) -> None:
    own = divisions["翠英居委会"]
    make_venue(own, name="中心")
    make_venue(own, name="筹建中的站", kind="station", station_type="mall", opened_on=None)

    assert names(make_staff("volunteer", own.pk)) == {"中心"}


def test_a_venue_of_another_office_is_missing(divisions) -> None:
    foreign = make_venue(divisions["金洲村委会"])
    actor = make_staff("community_staff", divisions["翠英居委会"].pk)

    with scope.within(actor.communities), pytest.raises(Missing):
        find_office_venue(actor=actor, venue=foreign.pk)


def test_pausing_tells_of_the_open_door_and_of_the_services(divisions) -> None:
    venue = make_venue(divisions["翠英居委会"])
    bare = preview_step(venue=venue.pk, step="pause", on=TODAY)
    add_room(actor=SYSTEM, venue=venue.pk, kind="hall", at=AT)
    add_service(actor=SYSTEM, venue=venue.pk, name="义剪", category="D01", at=AT)
    open_venue(actor=SYSTEM, venue=venue.pk, at=AT)

    busy = preview_step(venue=venue.pk, step="pause", on=TODAY)

    assert len(busy) == len(bare) + 2
    assert any("1" in sentence for sentence in busy)


def test_reopening_tells_that_residents_find_it(divisions) -> None:
    venue = make_venue(divisions["翠英居委会"])
    pause_venue(actor=SYSTEM, venue=venue.pk, on=TODAY, at=AT, reason="修")

    assert preview_step(venue=venue.pk, step="reopen", on=TODAY + timedelta(days=1))


def test_open_doors_are_those_that_nobody_closed(divisions) -> None:
    opened = make_venue(divisions["翠英居委会"], name="开着的", opened_on=date(2024, 3, 1))
    closed = make_venue(divisions["翠英居委会"], name="没开的")
    log = open_venue(actor=SYSTEM, venue=opened.pk, at=AT)

    assert open_doors([opened.pk, closed.pk]) == {opened.pk: log}
