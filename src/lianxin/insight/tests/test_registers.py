"""Registers: each comes to the figures of the same days, costs a few queries, and names nobody in full."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lianxin.domain.bookings.models import BookingTime
from lianxin.domain.needs.models import Visit
from lianxin.domain.people.models import Person
from lianxin.domain.places.models import Room
from lianxin.domain.voice.tests.mediation_factories import SUBJECT, make_quarrel
from lianxin.insight.registers import catalogue
from lianxin.insight.registers.bookings import ROOMS
from lianxin.insight.registers.form import OFFICES, Foot, Register
from lianxin.insight.registers.needs import VISITS
from lianxin.platform import contributions, scope
from lianxin.platform.actors import Actor
from lianxin.platform.contributions import Window
from lianxin.platform.errors import Missing
from tests.support.district import SmallDistrict
from tests.support.reporting_requests import make_request_object
from tests.support.rooms import make_rooms_object

pytestmark = pytest.mark.django_db
READERS = ("cuiying1", "xinjin", "district")
OTHERS = ("host", "volunteer", "merchant", "security", "system", "audit")
SYSTEM = Actor.system(via="cli")
# Some for keys and their portions, some for each kind of thing that belongs to them; never one for each row.
MOST_QUERIES = 16
# What a small district has of its own, so that the comparison compares something.
FILLED = {
    "activities", "attendance", "needs", "offers", "openings", "passbooks", "points", "residents", "services", "stock",
    "upgrades", "visits",
}  # fmt: skip


def registers() -> list[Register]:
    return catalogue.list_registers(actor=SYSTEM)


def read(register: Register, window: Window) -> tuple[Foot, list[Any]]:
    foot = Foot(register)
    return foot, list(foot.counting(register.rows(window)))


def around(district: SmallDistrict, days: int = 400, **more: Any) -> Window:
    return Window(district.today - timedelta(days=days), district.today + timedelta(days=60), **more)


def test_each_register_comes_to_the_figures_of_the_same_days(
    small_district_with_points: SmallDistrict,
) -> None:
    district = small_district_with_points
    home = district.first("people.Household", community=district.cuiying).pk
    make_rooms_object("time", community=district.cuiying.pk, household=home, room=first_room(district).pk)
    make_request_object("demand", community=district.cuiying.pk)
    windows = {
        "all": around(district),
        "one community": around(district, communities=frozenset({district.cuiying.pk})),
        "a month": Window(district.today - timedelta(days=20), district.today + timedelta(days=11)),
    }
    wrong, filled = [], set()

    for name, window in windows.items():
        for register in registers():
            with scope.everything():
                foot, lines = read(register, window)
                figures = {tie: contributions.measure(tie.measure).query(window) for tie in register.ties}
                if register.count(window) != len(lines):
                    wrong.append(f"{register.code} {name}: counts {register.count(window)}, has {len(lines)}")
            wrong += [
                f"{register.code} {name}: {tie.measure} is {figure}, the register comes to {foot.value(tie)}"
                for tie, figure in figures.items()
                if foot.value(tie) != figure
            ]
            wrong += [register.code for line in lines if len(line) != len(register.columns)]
            filled |= {register.code} if lines else set()

    assert wrong == []
    assert filled >= FILLED


def test_the_cost_does_not_grow_with_the_rows(small_district_with_points: SmallDistrict) -> None:
    dear = {}
    for register in registers():
        with (
            scope.everything(),
            CaptureQueriesContext(
                connection,
            ) as queries,
        ):
            list(register.rows(around(small_district_with_points, days=60)))
        if len(queries) > MOST_QUERIES:
            dear[register.code] = len(queries)

    assert dear == {}


def test_no_resident_is_named_in_full(small_district_with_points: SmallDistrict) -> None:
    with scope.everything():
        names = {name for name in Person.objects.values_list("name", flat=True) if len(name) > 1}
        told = {
            (register.code, column.name)
            for register in registers()
            for line in register.rows(around(small_district_with_points))
            for column, cell in zip(register.columns, line, strict=True)
            # Who is to be asked about an activity stands on its poster.
            if cell in names and column.name != "contact"
        }

    assert told == set()


def test_that_a_household_lives_alone_is_on_no_list(small_district_with_points: SmallDistrict) -> None:
    with scope.everything():
        Visit.objects.filter(state="done").update(reason="alone")
        occasions = {line[VISITS.at("reason")] for line in VISITS.rows(around(small_district_with_points))}

    assert occasions == {str(Visit.Reason.ROUND.label)}


def test_a_confidential_room_was_in_use_and_that_is_all(small_district: SmallDistrict) -> None:
    home, room = small_district.first("people.Household", community=small_district.cuiying), first_room(small_district)
    pk = make_rooms_object("time", community=small_district.cuiying.pk, household=home.pk, room=room.pk)
    noon = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
    times = {"starts_at": noon, "ends_at": noon + timedelta(hours=1), "arrived_at": noon, "ended_at": noon}
    blocked = {"blocked_from": noon, "blocked_until": noon + timedelta(hours=1)}
    march = Window(noon.date(), noon.date() + timedelta(days=1))
    with scope.everything():
        BookingTime.objects.filter(pk=pk).update(state="used", **times, **blocked)
        (open_line,) = ROOMS.rows(march)
        Room.objects.filter(pk=room.pk).update(confidential=True)

        (line,) = ROOMS.rows(march)

    assert open_line[6] == "测试"
    assert "测试" not in line
    assert line[7:] == ("—", None)
    assert line[:6] == open_line[:6]


def test_a_mediation_is_a_number_and_days() -> None:
    quarrel = make_quarrel()
    quarrel.accept()
    window = Window(quarrel.row.asked_at.date() - timedelta(days=9), quarrel.row.asked_at.date() + timedelta(days=9))

    with scope.everything():
        lines = list(catalogue.find_register("mediations", actor=SYSTEM).rows(window))
    words = " ".join(str(cell) for line in lines for cell in line)

    assert len(lines) == 1
    assert SUBJECT not in words
    assert not [person.name for home in (0, 1) for person in [quarrel.person(home)] if person.name in words]


def test_registers_are_for_the_offices(small_district: SmallDistrict) -> None:
    actors = {name: small_district.actor(name) for name in (*READERS, *OTHERS)}

    readers = {name: len(catalogue.list_registers(actor=actor)) for name, actor in actors.items()}

    everybody = len(registers())
    assert everybody >= 26
    assert {readers[name] for name in READERS} == {everybody}
    assert {readers[name] for name in OTHERS} == {0}
    assert all(register.roles <= OFFICES for register in registers())
    with pytest.raises(Missing):
        catalogue.find_register("activities", actor=small_district.actor("host"))


def test_an_office_reads_its_own_communities_only(small_district: SmallDistrict) -> None:
    actor, window = small_district.actor("cuiying1"), around(small_district)
    foreign = {small_district.jinzhou_town.short_name, small_district.jinzhou_village.short_name}

    with scope.within(actor.communities):
        seen = {
            line[register.at("community")]
            for register in catalogue.list_registers(actor=actor)
            for line in register.rows(window)
            if any(column.name == "community" for column in register.columns)
        }

    assert seen == {small_district.cuiying.short_name}
    assert not seen & foreign


def first_room(district: SmallDistrict) -> Any:
    return district.first("places.Room", community=district.cuiying)
