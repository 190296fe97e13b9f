"""Registering and changing venues, their rooms, equipment, amenities and standing services."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, time, timedelta
from decimal import Decimal

import pytest

from lianxin.domain.places.commands.rooms import (
    add_equipment,
    add_room,
    add_rooms,
    edit_equipment,
    edit_room,
    remove_equipment,
    set_amenities,
)
from lianxin.domain.places.commands.services import (
    ServiceStepNotPossible,
    add_service,
    change_service_state,
    edit_service,
)
from lianxin.domain.places.commands.venues import (
    StepNotPossible,
    close_venue,
    edit_venue,
    open_planned_venue,
    pause_venue,
    register_venue,
    reopen_venue,
    set_venue_host,
)
from lianxin.domain.places.models import Division, Room, StandingService, Venue
from lianxin.domain.places.queries import checks
from lianxin.domain.places.queries.venues import count_working
from lianxin.platform import scope, search
from lianxin.platform.errors import EditedMeanwhile, Invalid, Missing, NotAllowed
from lianxin.platform.ids import new_id

from .factories import AT, SYSTEM, TODAY, make_district, make_staff, make_venue

District = dict[str, Division]


@pytest.fixture
def district(db: None) -> Iterator[District]:
    yield make_district()
    for check in (checks.check_spans, checks.check_communities, checks.check_history):
        assert list(check()) == []


@pytest.fixture
def venue(district: District) -> Venue:
    return make_venue(district["翠英居委会"])


def _fresh(venue: Venue) -> Venue:
    with scope.everything():
        return Venue.objects.get(pk=venue.pk)


def test_a_registered_venue_is_found_by_everybody(venue: Venue) -> None:
    with scope.within([]):
        hits = search.find("党群服务中心", kinds=["venue"], public_only=True)

    assert [hit.record_id for hit in hits] == [venue.pk]


def test_a_planned_venue_is_found_by_its_office_only(district: District) -> None:
    cuiying = district["翠英居委会"]
    planned = make_venue(cuiying, name="翠英园站", kind="station", station_type="park", opened_on=None)

    with scope.within([]):
        assert search.find("翠英园", kinds=["venue"]) == []
    with scope.within([cuiying.pk]):
        assert [hit.record_id for hit in search.find("翠英园", kinds=["venue"])] == [planned.pk]


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "站" * 101}, "name"),
        ({"station_type": ""}, "station_type"),
        ({"area_m2": Decimal(-1)}, "area_m2"),
        ({"area_m2": Decimal(100), "resident_area_m2": Decimal(120)}, "resident_area_m2"),
        ({"resident_area_m2": Decimal(120)}, "area_m2"),
        ({"lng": 116.7}, "lat"),
        ({"lng": 23.4, "lat": 116.7}, "lng"),
        ({"opened_on": TODAY + timedelta(days=1)}, "opened_on"),
        ({"state": "open"}, "state"),
    ],
)
def test_a_wrong_entry_is_named_by_its_field(district: District, values: dict, field: str) -> None:
    entries = {"kind": "station", "station_type": "mall", "name": "万象城站", **values}

    with pytest.raises(Invalid) as caught:
        register_venue(actor=SYSTEM, community=district["翠英居委会"].pk, at=AT, **entries)

    assert field in caught.value.fields


def test_another_communitys_staff_do_not_find_the_venue(district: District, venue: Venue) -> None:
    foreign = make_staff("community_staff", district["金洲村委会"].pk)

    with pytest.raises(Missing):
        edit_venue(actor=foreign, venue=venue.pk, values={"phone": "88888888"}, at=AT)
    with pytest.raises(Missing):
        register_venue(actor=foreign, community=venue.community_id, at=AT, kind="centre", name="别处")


def test_a_host_edits_only_the_venue_they_look_after(district: District, venue: Venue) -> None:
    other = make_venue(district["翠英居委会"], name="别的中心")
    host = make_staff("host", venue.community_id, venues=frozenset({venue.pk}))

    assert edit_venue(actor=host, venue=venue.pk, values={"phone": "88888888"}, at=AT).phone == "88888888"
    with pytest.raises(NotAllowed):
        edit_venue(actor=host, venue=other.pk, values={"phone": "88888888"}, at=AT)
    with pytest.raises(NotAllowed):
        pause_venue(actor=host, venue=venue.pk, on=TODAY, at=AT)


def test_a_form_opened_before_somebody_else_saved_is_refused(venue: Venue) -> None:
    edit_venue(actor=SYSTEM, venue=venue.pk, values={"phone": "88880000"}, version=venue.version, at=AT)

    with pytest.raises(EditedMeanwhile):
        edit_venue(actor=SYSTEM, venue=venue.pk, values={"phone": "88881111"}, version=venue.version, at=AT)

    assert _fresh(venue).phone == "88880000"


def test_an_edit_that_breaks_a_rule_changes_nothing(venue: Venue) -> None:
    with pytest.raises(Invalid):
        edit_venue(actor=SYSTEM, venue=venue.pk, values={"resident_area_m2": Decimal(10)}, at=AT)

    assert _fresh(venue).resident_area_m2 is None


def test_a_venue_is_paused_reopened_closed_and_reopened(venue: Venue) -> None:
    on = date(2025, 1, 1)
    pause_venue(actor=SYSTEM, venue=venue.pk, on=on, at=AT, reason="装修,请到丽水社区")
    assert (_fresh(venue).state, _fresh(venue).state_note) == ("paused", "装修,请到丽水社区")

    reopen_venue(actor=SYSTEM, venue=venue.pk, on=date(2025, 2, 8), at=AT)
    close_venue(actor=SYSTEM, venue=venue.pk, on=date(2025, 6, 1), at=AT, reason="搬迁")
    assert _fresh(venue).closed_on == date(2025, 6, 1)
    reopen_venue(actor=SYSTEM, venue=venue.pk, on=date(2025, 9, 1), at=AT)

    assert (_fresh(venue).state, _fresh(venue).closed_on) == ("open", None)
    with scope.everything():
        counted = [
            count_working(kind="centre", on=day) for day in (on, date(2025, 5, 31), date(2025, 6, 1), date(2025, 9, 1))
        ]
    assert counted == [1, 1, 0, 1]


def test_a_planned_venue_opens_and_counts_from_that_day(district: District) -> None:
    planned = make_venue(district["翠英居委会"], opened_on=None, at=AT - timedelta(days=10))

    open_planned_venue(actor=SYSTEM, venue=planned.pk, on=TODAY, at=AT)

    with scope.everything():
        assert count_working(kind="centre", on=TODAY - timedelta(days=1)) == 0
        assert count_working(kind="centre", on=TODAY) == 1


def test_a_planned_venue_that_is_given_up_never_opened(district: District) -> None:
    planned = make_venue(district["翠英居委会"], opened_on=None)

    closed = close_venue(actor=SYSTEM, venue=planned.pk, on=TODAY, at=AT)

    assert closed.opened_on is None


def test_a_step_that_the_state_does_not_allow_is_refused(venue: Venue) -> None:
    with pytest.raises(StepNotPossible):
        reopen_venue(actor=SYSTEM, venue=venue.pk, on=TODAY, at=AT)


def test_a_host_is_named_and_taken_away(venue: Venue) -> None:
    organisation = new_id()

    set_venue_host(actor=SYSTEM, venue=venue.pk, host_name="万象城", host_organisation_id=organisation, at=AT)
    assert _fresh(venue).host_organisation_id == organisation
    set_venue_host(actor=SYSTEM, venue=venue.pk, host_name="", host_organisation_id=organisation, at=AT)

    assert _fresh(venue).host_organisation_id is None


def test_rooms_take_name_and_confidentiality_from_their_kind(venue: Venue) -> None:
    hall, counselling = add_rooms(
        actor=SYSTEM, venue=venue.pk, rooms=[{"kind": "hall"}, {"kind": "counselling", "seats": 3}], at=AT
    )

    assert (hall.name, hall.confidential) == ("便民服务大厅", False)
    assert (counselling.confidential, counselling.community_id) == (True, venue.community_id)


def test_two_rooms_of_a_venue_have_different_names_until_one_is_removed(venue: Venue) -> None:
    room = add_room(actor=SYSTEM, venue=venue.pk, kind="reading", at=AT)
    with pytest.raises(Invalid):
        add_room(actor=SYSTEM, venue=venue.pk, kind="reading", at=AT)

    edit_room(actor=SYSTEM, room=room.pk, values={"state": "removed"}, at=AT)
    add_room(actor=SYSTEM, venue=venue.pk, kind="reading", at=AT)

    with scope.everything():
        assert Room.objects.filter(venue=venue).count() == 2


def test_equipment_is_inspected_and_taken_off_the_list(venue: Venue) -> None:
    (aed,) = add_equipment(actor=SYSTEM, venue=venue.pk, items=[{"name": "AED", "inspected_on": TODAY}], at=AT)

    edited = edit_equipment(actor=SYSTEM, equipment=aed.pk, values={"condition": "broken"}, version=1, at=AT)
    removed = [remove_equipment(actor=SYSTEM, equipment=aed.pk, at=AT) for _ in range(2)][-1]

    assert (edited.condition, removed.removed_on, removed.version) == ("broken", TODAY, 3)


def test_equipment_of_another_venues_room_is_refused(district: District, venue: Venue) -> None:
    other = make_venue(district["翠英居委会"], name="别的中心")
    room = add_room(actor=SYSTEM, venue=other.pk, kind="music", at=AT)

    with pytest.raises(Missing):
        add_equipment(actor=SYSTEM, venue=venue.pk, items=[{"name": "二弦", "room": room.pk}], at=AT)


def test_amenities_are_exactly_those_that_were_named(venue: Venue) -> None:
    set_amenities(actor=SYSTEM, venue=venue.pk, amenities=[{"kind": "water"}, {"kind": "toilet"}], at=AT)

    rows = set_amenities(
        actor=SYSTEM, venue=venue.pk, amenities=[{"kind": "water", "count": 2}, {"kind": "wifi"}], at=AT
    )

    assert [(row.kind.code, row.count) for row in rows] == [("water", 2), ("wifi", 1)]
    with scope.everything():
        assert set(venue.amenities.values_list("kind__code", flat=True)) == {"water", "wifi"}


@pytest.mark.parametrize(
    "amenities", [[{"kind": "sauna"}], [{"kind": "water"}, {"kind": "water"}], [{"kind": "water", "count": 0}]]
)
def test_amenities_that_cannot_be_are_refused(venue: Venue, amenities: list[dict]) -> None:
    with pytest.raises(Invalid):
        set_amenities(actor=SYSTEM, venue=venue.pk, amenities=amenities, at=AT)


def test_a_service_is_added_paused_offered_again_and_ended(venue: Venue) -> None:
    service = add_service(
        actor=SYSTEM,
        venue=venue.pk,
        at=AT,
        name="义剪",
        category="D01",
        from_on=date(2024, 5, 1),
        times=[(2, time(9), time(11, 30), None)],
    )
    for state in ("paused", "offered", "ended"):
        change_service_state(actor=SYSTEM, service=service.pk, state=state, at=AT)

    with scope.everything():
        assert StandingService.objects.get(pk=service.pk).valid_until == TODAY
    with pytest.raises(ServiceStepNotPossible):
        change_service_state(actor=SYSTEM, service=service.pk, state="offered", at=AT)
    with scope.within([]):
        assert search.find("义剪", kinds=["service"]) == []


def test_an_edited_service_has_its_new_times(venue: Venue) -> None:
    service = add_service(actor=SYSTEM, venue=venue.pk, at=AT, name="义诊", category="A04")

    edit_service(
        actor=SYSTEM,
        service=service.pk,
        values={"cost": "免费", "category": "A01"},
        times=[(5, time(9), time(11), 5), (5, time(15), time(17), 5)],
        version=1,
        at=AT,
    )

    with scope.everything():
        fresh = StandingService.objects.get(pk=service.pk)
        assert (fresh.cost, fresh.category.code, fresh.hours.count()) == ("免费", "A01", 2)


@pytest.mark.parametrize(
    "values",
    [
        {"name": ""},
        {"category": "Z99"},
        {"times": [(7, time(9), time(10), None)]},
        {"times": [(1, time(10), time(9), None)]},
        {"how_to_get": "来" * 301},
    ],
)
def test_a_service_that_cannot_be_is_refused(venue: Venue, values: dict) -> None:
    entries = {"name": "义诊", "category": "A04", **values}

    with pytest.raises(Invalid):
        add_service(actor=SYSTEM, venue=venue.pk, at=AT, **entries)
