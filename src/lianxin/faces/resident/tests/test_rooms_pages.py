"""Rooms on residents' pages: what is free, booking with one form, waiting, giving back, study seats."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from lianxin.domain.bookings.commands import bookings, seats, terms
from lianxin.domain.bookings.models import Booking, BookingTime, SeatStay, SlotWait
from lianxin.domain.places.models import Room
from lianxin.platform import scope
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day, local_moment, now
from tests.support.district import SmallDistrict

pytestmark = pytest.mark.django_db
MOST = 11
SYSTEM = Actor.system(via="cli")


@pytest.fixture
def room(small_district: SmallDistrict) -> Room:
    """A room of 翠英's centre that residents book at once, every day from eight to ten in the evening."""
    with scope.everything():
        row = Room.objects.filter(venue=small_district.centre, confidential=False).order_by("pk")[0]
    lend(row)
    hours = [(weekday, time(8), time(22)) for weekday in range(7)]
    terms.set_lending_hours(actor=SYSTEM, room=row.pk, hours=hours, at=now())
    return row


def lend(room: Room, **values: Any) -> None:
    entries = {"open_to": "residents", "needs_approval": False, "house_rules": "请带走垃圾"} | values
    terms.set_terms(actor=SYSTEM, room=room.pk, values=entries, at=now())


@pytest.fixture
def resident(small_district: SmallDistrict, client: Client) -> Client:
    """Somebody of 翠英 with a phone."""
    small_district.log_in_resident(client)
    return client


def day(days: int = 2) -> date:
    return local_day(now()) + timedelta(days=days)


def slot(opens: int = 9, hours: int = 1, days: int = 2) -> tuple[datetime, datetime]:
    return local_moment(day(days), time(opens)), local_moment(day(days), time(opens + hours))


def occupy(room: Room, *times: tuple[datetime, datetime]) -> Booking:
    """Let the community have the room."""
    return bookings.book_times(actor=SYSTEM, room=room.pk, times=list(times) or [slot()], title="理事会", at=now())


def url(name: str, *args: object) -> str:
    return reverse(f"resident:{name}", args=args)


def read(client: Client, address: str) -> str:
    """The text of a page that is there."""
    answer = client.get(address)
    assert answer.status_code == 200, answer.content.decode()[:2000]
    return answer.content.decode()


def book(client: Client, room: Room, **more: str) -> Any:
    """Send the form of the room's page."""
    form = {"starts": "09:00", "minutes": "60", "title": "练琴"} | more
    return client.post(f"{url('room', room.pk)}?on={day()}", form)


def mine() -> list[BookingTime]:
    with scope.everything():
        rows = BookingTime.objects.filter(booking__person__isnull=False).select_related("booking__person")
        return list(rows.order_by("starts_at"))


def wait_row() -> SlotWait:
    with scope.everything():
        return SlotWait.objects.get()


def test_anybody_sees_which_rooms_there_are_and_when_they_are_free(client: Client, room: Room) -> None:
    occupy(room, slot(10))

    assert room.name in read(client, url("rooms", room.community_id))
    words = read(client, f"{url('room', room.pk)}?on={day()}")

    assert "08:00–10:00" in words
    assert "11:00–22:00" in words
    assert "理事会" not in words


def test_room_for_staff_is_not_there(client: Client, room: Room) -> None:
    lend(room, open_to="staff")

    assert client.get(url("room", room.pk)).status_code == 404
    assert room.name not in read(client, url("rooms", room.community_id))


def test_visitor_is_asked_to_come_in_before_booking(client: Client, room: Room) -> None:
    assert url("room", room.pk) in read(client, url("room", room.pk))

    answer = book(client, room)

    assert answer.status_code == 302
    assert reverse("login_phone") in answer["Location"]
    assert mine() == []


def test_resident_books_with_one_form_and_gives_it_back(resident: Client, room: Room) -> None:
    answer = book(resident, room)

    assert answer.status_code == 302, answer.content.decode()[-2000:]
    [row] = mine()
    assert (row.starts_at, row.ends_at, row.state) == (*slot(), "confirmed")
    words = read(resident, url("my_rooms"))
    assert "练琴" in words
    assert url("my_room_cancel", row.pk) in words
    assert read(resident, url("my_room_cancel", row.pk))
    resident.post(url("my_room_cancel", row.pk), {"confirmed": "yes"})

    assert mine()[0].state == "cancelled"
    assert "练琴" not in read(resident, url("my_rooms"))


def test_same_form_sent_twice_books_once(resident: Client, room: Room) -> None:
    key = str(resident.get(f"{url('room', room.pk)}?on={day()}").context["form"]["key"].value())

    book(resident, room, key=key)
    book(resident, room, key=key)

    assert len(mine()) == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"starts": "23:00"},
        {"starts": "x"},
        {"minutes": "7"},
        {"title": ""},
        {"title": "长" * 3000},
        {"people_expected": "0"},
    ],
)
def test_impossible_wish_comes_back_with_a_sentence(resident: Client, room: Room, wrong: dict[str, str]) -> None:
    answer = book(resident, room, **wrong)

    assert answer.status_code == 422
    assert mine() == []


def test_time_that_was_taken_meanwhile_is_a_sentence(resident: Client, room: Room) -> None:
    occupy(room, slot(10, 2))

    answer = book(resident, room, starts="09:00", minutes="120")

    assert answer.status_code == 422
    assert mine() == []


def test_what_needs_approval_is_asked_for(resident: Client, room: Room) -> None:
    lend(room, needs_approval=True)

    book(resident, room)

    assert mine()[0].state == "asked"


def test_waiting_offer_and_taking_it(resident: Client, room: Room) -> None:
    booking = occupy(room)
    address = f"{url('room_wait', room.pk)}?on={day()}"
    assert "09:00" in read(resident, address)

    answer = resident.post(address, {"starts": "09:00", "minutes": "60", "title": "练琴"})
    assert answer.status_code == 302, answer.content.decode()[-2000:]
    assert url("room_wait_leave", wait_row().pk) in read(resident, url("my_rooms"))
    bookings.cancel_booking(actor=SYSTEM, booking=booking.pk, at=now())
    assert url("room_wait_take", wait_row().pk) in read(resident, url("my_rooms"))
    resident.post(url("room_wait_take", wait_row().pk))

    assert wait_row().state == "taken"
    assert mine()[0].state == "confirmed"


def test_leaving_the_list(resident: Client, room: Room) -> None:
    occupy(room)
    resident.post(f"{url('room_wait', room.pk)}?on={day()}", {"starts": "09:00", "minutes": "60", "title": "练琴"})

    resident.post(url("room_wait_leave", wait_row().pk))

    assert wait_row().state == "left"


def test_nobody_touches_what_another_booked(small_district: SmallDistrict, resident: Client, room: Room) -> None:
    book(resident, room)
    [row] = mine()
    other = Client()
    with scope.everything():
        person = (
            type(row.booking.person)
            .objects.filter(community=small_district.cuiying, relation="head", phone__isnull=False)
            .exclude(pk=row.booking.person_id)[0]
        )
    small_district.log_in_resident(other, person)

    for name in ("my_room_cancel", "my_room_came", "my_room_left"):
        assert other.post(url(name, row.pk), {"confirmed": "yes"}).status_code == 404
    assert other.post(url("my_booking_cancel", row.booking_id), {"confirmed": "yes"}).status_code == 404

    assert mine()[0].state == "confirmed"


def test_resident_of_another_community_books_here(small_district: SmallDistrict, client: Client, room: Room) -> None:
    person = small_district.first(
        "people.Person", community=small_district.jinzhou_town, relation="head", phone__isnull=False
    )
    small_district.log_in_resident(client, person)

    answer = book(client, room)
    assert answer.status_code == 302, answer.content.decode()[-2000:]
    [row] = mine()
    assert row.booking.person_id == person.pk
    assert "练琴" in read(client, url("my_rooms"))
    client.post(url("my_room_cancel", row.pk), {"confirmed": "yes"})

    assert mine()[0].state == "cancelled"


def test_partner_books_for_its_organisation_what_is_lent_to_partners(
    small_district: SmallDistrict, client: Client, room: Room
) -> None:
    lend(room, open_to="partners", needs_approval=True)
    assert room.name not in read(client, url("rooms", room.community_id))
    small_district.log_in(client, "partner")

    assert room.name in read(client, url("rooms", room.community_id))
    answer = book(client, room)
    assert answer.status_code == 302, answer.content.decode()[-2000:]
    with scope.everything():
        booking = Booking.objects.get(title="练琴")
        [row] = BookingTime.objects.filter(booking=booking)
    assert booking.organisation_id in small_district.actor("partner").organisations
    assert (booking.person_id, booking.state) == (None, "asked")
    assert "练琴" in read(client, url("my_rooms"))
    client.post(url("my_room_cancel", row.pk), {"confirmed": "yes"})

    with scope.everything():
        assert Booking.objects.get(pk=booking.pk).state == "cancelled"


def test_resident_does_not_book_what_is_lent_to_partners(resident: Client, room: Room) -> None:
    lend(room, open_to="partners")

    assert book(resident, room).status_code in (403, 422)
    assert mine() == []


def test_arriving_and_leaving_early_with_one_press(small_district: SmallDistrict, resident: Client, room: Room) -> None:
    at = now()
    person = small_district.first(
        "people.Person", community=small_district.cuiying, relation="head", phone__isnull=False
    )
    bookings.book_times(
        actor=SYSTEM, room=room.pk, times=[(at, at + timedelta(hours=2))], title="练琴", person=person.pk, at=at
    )
    [row] = mine()
    assert url("my_room_came", row.pk) in read(resident, url("my_rooms"))

    resident.post(url("my_room_came", row.pk))
    assert url("my_room_left", row.pk) in read(resident, url("my_rooms"))
    resident.post(url("my_room_left", row.pk))

    [row] = mine()
    assert row.state == "used"
    assert row.ended_at is not None


def test_study_seat_is_taken_and_given_back(resident: Client, room: Room) -> None:
    seats.set_study_seats(actor=SYSTEM, room=room.pk, seats=2, at=now())
    assert url("room_sit", room.pk) in read(resident, url("room", room.pk))

    resident.post(url("room_sit", room.pk))
    assert url("seat_leave") in read(resident, url("my_rooms"))
    resident.post(url("room_sit", room.pk))
    resident.post(url("seat_leave"))

    with scope.everything():
        [stay] = SeatStay.objects.all()
    assert stay.left_at is not None


@pytest.mark.parametrize("mode", ["", "elder"])
def test_pages_are_cheap_in_both_modes(
    resident: Client, room: Room, mode: str, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    seats.set_study_seats(actor=SYSTEM, room=room.pk, seats=2, at=now())
    occupy(room, *[slot(days=n) for n in range(1, 12)])
    book(resident, room, starts="12:00")
    if mode:
        resident.cookies["lianxin-mode"] = mode

    for address in (
        url("rooms", room.community_id),
        f"{url('room', room.pk)}?on={day()}",
        f"{url('room_wait', room.pk)}?on={day()}",
        url("my_rooms"),
        f"{url('my_rooms')}?all=on",
    ):
        with django_assert_max_num_queries(MOST):
            read(resident, address)


@pytest.mark.parametrize("asked", ["yesterday", "1990-01-01", "2999-01-01", ""])
def test_unreadable_day_is_the_nearest_one(client: Client, room: Room, asked: str) -> None:
    assert client.get(f"{url('room', room.pk)}?on={asked}").status_code == 200
