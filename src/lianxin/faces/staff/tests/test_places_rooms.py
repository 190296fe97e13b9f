"""Hours, amenities, rooms, equipment and services on the office's pages."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from lianxin.domain.places.models import (
    Equipment,
    OpeningException,
    OpeningHours,
    Room,
    RoomState,
    ServiceState,
    StandingService,
    VenueAmenity,
)
from lianxin.platform import scope

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(small_district, client: Client) -> Client:
    small_district.log_in(client, "cuiying1")
    return client


def of(district, name: str, **more: object) -> str:
    return reverse(f"staff:{name}", kwargs={"venue": district.centre.pk, **more})


def held(district, weekday: int) -> list[str]:
    with scope.everything():
        rows = OpeningHours.objects.filter(venue=district.centre, weekday=weekday, valid_until=None)
        return [f"{row.opens:%H:%M}-{row.closes:%H:%M}" for row in rows]


def test_a_week_is_typed_with_blanks_or_commas_between_the_stretches(small_district, office: Client) -> None:
    week = {"day_0": "8:30-11:30 14:30-17:30 19:00-21:00", "day_1": "８：30－12：00，14:00至18:00"}

    answer = office.post(of(small_district, "venue_hours"), {**week, "from_on": str(small_district.today)})

    assert answer.status_code == 302
    assert held(small_district, 0) == ["08:30-11:30", "14:30-17:30", "19:00-21:00"]
    assert held(small_district, 1) == ["08:30-12:00", "14:00-18:00"]
    assert held(small_district, 2) == []


@pytest.mark.parametrize("text", ["early-late", "25:00-26:00", "8:30"])
def test_hours_that_cannot_be_read_come_back_as_they_were_typed(small_district, office: Client, text: str) -> None:
    before = held(small_district, 0)

    answer = office.post(
        of(small_district, "venue_hours"),
        {"day_0": text, "day_3": "9:00-10:00", "from_on": str(small_district.today)},
    )

    page = answer.content.decode()
    assert answer.status_code == 422
    assert f'value="{text}"' in page
    assert 'value="9:00-10:00"' in page
    assert held(small_district, 0) == before


def test_overlapping_stretches_of_a_day_are_refused(small_district, office: Client) -> None:
    answer = office.post(
        of(small_district, "venue_hours"), {"day_0": "8:00-12:00 11:00-13:00", "from_on": str(small_district.today)}
    )

    assert answer.status_code == 422
    assert "08:00-12:00" in answer.content.decode()


def test_hours_do_not_change_the_past(small_district, office: Client) -> None:
    yesterday = small_district.today - timedelta(days=1)
    before = held(small_district, 0)

    answer = office.post(of(small_district, "venue_hours"), {"day_0": "8:00-9:00", "from_on": str(yesterday)})

    assert answer.status_code == 422
    assert "开放时间只能从今天或以后改起" in answer.content.decode()
    assert held(small_district, 0) == before


def test_a_look_at_new_hours_saves_nothing(small_district, office: Client) -> None:
    before = held(small_district, 0)

    answer = office.post(
        of(small_district, "venue_hours"),
        {"day_0": "7:00-7:30", "from_on": str(small_district.today), "preview": "yes"},
    )

    page = answer.content.decode()
    assert answer.status_code == 200
    assert "07:00–07:30" in page
    assert 'value="7:00-7:30"' in page
    assert held(small_district, 0) == before


def test_two_contradicting_exceptions_are_refused_and_one_can_be_taken_back(small_district, office: Client) -> None:
    day = small_district.today + timedelta(days=3)
    url = of(small_district, "venue_exception_new")
    first = office.post(url, {"first_on": str(day), "reason": "停电检修"})

    second = office.post(url, {"first_on": str(day), "last_on": str(day + timedelta(days=2)), "reason": "打扫卫生"})

    with scope.everything():
        row = OpeningException.objects.get(venue=small_district.centre, reason="停电检修")
    assert first.status_code == 302
    assert second.status_code == 422
    assert "停电检修" in second.content.decode()
    assert 'value="打扫卫生"' in second.content.decode()
    office.post(of(small_district, "venue_exception_remove", exception=row.pk))
    with scope.everything():
        assert not OpeningException.objects.filter(pk=row.pk).exists()


def test_an_exception_of_another_venue_is_not_found_here(small_district, office: Client) -> None:
    with scope.everything():
        row = OpeningException.objects.create(
            community=small_district.cuiying,
            venue=small_district.station,
            first_on=small_district.today,
            last_on=small_district.today,
            reason="商场闭店",
        )

    answer = office.post(of(small_district, "venue_exception_remove", exception=row.pk))

    assert answer.status_code == 404


def test_amenities_are_exactly_the_ticked_ones(small_district, office: Client) -> None:
    answer = office.post(
        of(small_district, "venue_amenities"), {"has_water": "on", "has_umbrella": "on", "count_umbrella": "12"}
    )

    with scope.everything():
        rows = VenueAmenity.objects.filter(venue=small_district.centre).values_list("kind__code", "count")
        assert sorted(rows) == [("umbrella", 12), ("water", 1)]
    assert answer.status_code == 302


def test_an_impossible_number_of_amenities_is_told_at_its_line(small_district, office: Client) -> None:
    answer = office.post(
        of(small_district, "venue_amenities"), {"has_water": "on", "has_umbrella": "on", "count_umbrella": "0"}
    )

    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'href="#id_count_umbrella"' in page
    assert 'href="#id_count_water"' not in page


def test_a_room_is_added_changed_and_removed(small_district, office: Client) -> None:
    office.post(
        of(small_district, "room_new"), {"kind": "counselling", "name": "谈心小屋", "floor": "2", "state": "in_use"}
    )
    with scope.everything():
        room = Room.objects.get(venue=small_district.centre, name="谈心小屋")
    office.post(
        of(small_district, "room", room=room.pk),
        {"kind": "counselling", "name": "谈心小屋", "floor": "3", "state": "in_use", "version": str(room.version)},
    )
    office.post(of(small_district, "room_remove", room=room.pk))

    with scope.everything():
        now = Room.objects.get(pk=room.pk)
    assert room.confidential
    assert (now.floor, now.state) == (3, RoomState.REMOVED)


@pytest.mark.parametrize(("field", "value"), [("area_m2", "-3"), ("seats", "-1"), ("floor", "900")])
def test_impossible_numbers_of_a_room_keep_what_was_typed(
    small_district, office: Client, field: str, value: str
) -> None:
    entered = {"kind": "music", "name": "二胡房", "floor": "1", "state": "in_use", field: value}

    answer = office.post(of(small_district, "room_new"), entered)

    page = answer.content.decode()
    assert answer.status_code == 422
    assert f'href="#id_{field}"' in page
    assert 'value="二胡房"' in page


def test_a_room_of_another_venue_is_not_found_here(small_district, office: Client) -> None:
    room = small_district.first("places.Room", venue=small_district.foreign_centre)

    assert office.get(of(small_district, "room", room=room.pk)).status_code == 404


def test_equipment_is_added_and_taken_off_the_list(small_district, office: Client) -> None:
    office.post(of(small_district, "equipment_new"), {"name": "投影仪", "count": "2", "condition": "good"})
    with scope.everything():
        row = Equipment.objects.get(venue=small_district.centre, name="投影仪", count=2)
    refused = office.post(of(small_district, "equipment", equipment=row.pk), {"name": "投影仪", "count": "0"})
    office.post(of(small_district, "equipment_remove", equipment=row.pk))

    with scope.everything():
        row.refresh_from_db()
    assert refused.status_code == 422
    assert row.removed_on == small_district.today


def test_a_service_is_added_with_weekly_and_monthly_times(small_district, office: Client) -> None:
    entered = {
        "name": "修鞋",
        "category": "D01",
        "day_0": "1",
        "times_0": "9:00-11:00 14:00-16:00",
        "week_1": "5",
        "day_1": "5",
        "times_1": "9:00-10:00",
        "documents_needed": "旧鞋",
    }

    answer = office.post(of(small_district, "service_new"), entered)

    with scope.everything():
        service = StandingService.objects.get(name="修鞋")
        times = {(row.weekday, row.week_of_month, f"{row.starts:%H:%M}") for row in service.hours.all()}
    assert answer.status_code == 302
    assert times == {(1, None, "09:00"), (1, None, "14:00"), (5, 5, "09:00")}
    page = office.get(of(small_district, "venue_services")).content.decode()
    assert "每月最后一个 周六 09:00-10:00" in page


def test_half_a_line_of_times_asks_for_the_other_half(small_district, office: Client) -> None:
    entered = {"name": "修鞋", "category": "D01", "times_0": "9:00-11:00", "how_to_get": "直接来"}

    answer = office.post(of(small_district, "service_new"), entered)

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "请选这段时间是星期几" in page
    assert 'value="直接来"' in page


def test_a_service_is_paused_from_its_page(small_district, office: Client) -> None:
    service = small_district.first("places.StandingService", venue=small_district.centre, state="offered")
    url = reverse("staff:service_state", kwargs={"service": service.pk})

    done = office.post(url, {"state": "paused"})
    wrong = office.post(url, {"state": "burned"})

    with scope.everything():
        assert StandingService.objects.get(pk=service.pk).state == ServiceState.PAUSED
    assert done.status_code == 302
    assert wrong.status_code == 404
