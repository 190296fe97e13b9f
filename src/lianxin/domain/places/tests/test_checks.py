"""Each proof names the difference that it is there to find."""

from __future__ import annotations

from datetime import date

import pytest

from lianxin.domain.places.commands.rooms import add_room
from lianxin.domain.places.commands.visits import record_visits
from lianxin.domain.places.models import Division, DivisionCode, Room, Venue, VisitCount
from lianxin.domain.places.queries import checks
from lianxin.platform import scope

from .factories import AT, SYSTEM, make_district, make_venue


@pytest.fixture
def venue(db: None) -> Venue:
    return make_venue(make_district()["翠英居委会"])


def _elsewhere() -> Division:
    return Division.objects.get(official_name="金洲村委会")


def test_a_column_that_left_its_dated_rows_is_named(venue: Venue) -> None:
    Division.objects.filter(pk=venue.community_id).update(short_name="别处社区")

    (sentence,) = checks.check_current_columns()

    assert "short_name" in sentence
    assert "别处社区" in sentence


def test_spans_that_share_a_day_are_named(venue: Venue) -> None:
    DivisionCode.objects.create(
        division_id=venue.community_id,
        code="440507004999",
        valid_from=date(2018, 1, 1),
        valid_until=date(2019, 1, 2),
    )

    (sentence,) = checks.check_spans()

    assert str(venue.community_id) in sentence


def test_a_room_in_another_community_than_its_venue_is_named(venue: Venue) -> None:
    room = add_room(actor=SYSTEM, venue=venue.pk, kind="hall", at=AT)
    with scope.everything():
        Room.objects.filter(pk=room.pk).update(community=_elsewhere())

    (sentence,) = checks.check_communities()

    assert str(room.pk) in sentence


def test_a_visit_where_its_venue_never_was_is_named(venue: Venue) -> None:
    visit = record_visits(actor=SYSTEM, venue=venue.pk, count=1, at=AT)
    with scope.everything():
        VisitCount.objects.filter(pk=visit.pk).update(community=_elsewhere())

    (sentence,) = checks.check_history()

    assert str(visit.pk) in sentence


def test_a_venue_whose_last_period_says_another_state_is_named(venue: Venue) -> None:
    with scope.everything():
        Venue.objects.filter(pk=venue.pk).update(state="paused")

    (sentence,) = checks.check_history()

    assert "paused" in sentence
