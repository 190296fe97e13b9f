"""Pages of rooms in the office: who sees which, what is done with one form or press, what each page costs."""

from __future__ import annotations

import io
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from python_calamine import CalamineWorkbook

from lianxin.domain.bookings.commands import bookings, terms, waits
from lianxin.domain.bookings.commands import seats as seat_commands
from lianxin.domain.bookings.models import Booking, BookingTime, RoomClosing, RoomHours, SlotWait, StudySeats
from lianxin.domain.people.models import Person
from lianxin.domain.places.models import Room
from lianxin.platform import scope
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day, local_moment, now
from tests.support.district import SmallDistrict

pytestmark = pytest.mark.django_db
MOST_QUERIES, MOST_OF_A_LIST = 12, 10
SYSTEM = Actor.system(via="cli")


@pytest.fixture
def room(small_district: SmallDistrict) -> Room:
    """A room of 翠英's centre that residents may ask for."""
    with scope.everything():
        row = Room.objects.filter(venue=small_district.centre, confidential=False).order_by("pk")[0]
    values = {"open_to": "residents", "needs_approval": True, "set_ups": ["圆桌", "剧院式"], "release_after": 15}
    terms.set_terms(actor=SYSTEM, room=row.pk, values=values, at=now())
    hours = [(weekday, time(8), time(22)) for weekday in range(7)]
    terms.set_lending_hours(actor=SYSTEM, room=row.pk, hours=hours, at=now())
    return row


@pytest.fixture
def clerk(small_district: SmallDistrict, client: Client) -> Client:
    """Staff of 翠英."""
    small_district.log_in(client, "cuiying1")
    return client


def slot(days: int, opens: int = 9, hours: int = 1) -> tuple[datetime, datetime]:
    """A stretch so many days from now."""
    day = local_day(now()) + timedelta(days=days)
    return local_moment(day, time(opens)), local_moment(day, time(opens + hours))


def book(room: Room, *times: tuple[datetime, datetime], **more: Any) -> Booking:
    """Book for the community."""
    return bookings.book_times(
        actor=SYSTEM, room=room.pk, times=list(times) or [slot(3)], **{"title": "合唱排练", "at": now()} | more
    )


def asked(small_district: SmallDistrict, room: Room, **more: Any) -> Booking:
    """A resident's booking that waits for a decision."""
    person = small_district.first(
        "people.Person", community=small_district.cuiying, relation="head", phone__isnull=False
    )
    actor = Actor(
        account=None,
        role="resident",
        communities=frozenset({person.community_id}),
        via="web",
        person=person.pk,
        roles=frozenset({"resident"}),
    )
    return bookings.book_times(actor=actor, room=room.pk, times=[slot(2)], **{"title": "家庭聚会", "at": now()} | more)


def url(name: str, **named: Any) -> str:
    return reverse(f"staff:{name}", kwargs=named)


def read(client: Client, address: str) -> str:
    """The text of a page that is there."""
    answer = client.get(address)
    assert answer.status_code == 200, answer.content.decode()[:2000]
    return answer.content.decode()


def fresh(row: Any) -> Any:
    with scope.everything():
        return type(row).objects.get(pk=row.pk)


def times_of(row: Booking) -> list[BookingTime]:
    with scope.everything():
        return list(BookingTime.objects.filter(booking=row).order_by("starts_at"))


def test_board_shows_what_is_booked_and_leads_on(clerk: Client, room: Room) -> None:
    booking = book(room)

    for span in ("day", "week"):
        words = read(clerk, f"{url('rooms')}?on={local_day(slot(3)[0])}&span={span}")
        assert "合唱排练" in words
        assert url("booking", booking=booking.pk) in words


def test_board_can_be_taken_away(clerk: Client, room: Room) -> None:
    book(room, title="=1+2")
    address = f"{url('rooms')}?on={local_day(slot(3)[0])}"

    sheet = clerk.get(f"{address}&as=xlsx")
    rows = CalamineWorkbook.from_filelike(io.BytesIO(sheet.content)).get_sheet_by_index(0).to_python()

    assert any("=1+2" in str(cell) for row in rows for cell in row)
    assert "=1+2" in read(clerk, f"{address}&as=print")


def test_confidential_room_only_says_that_it_is_taken(clerk: Client, room: Room) -> None:
    terms.set_terms(actor=SYSTEM, room=room.pk, values={"is_confidential": True}, at=now())
    booking = book(room, title="心理咨询陈小明", contact_name="陈小明")
    day = local_day(slot(3)[0])

    for address in (
        f"{url('rooms')}?on={day}",
        f"{url('rooms')}?on={day}&span=week",
        f"{url('rooms')}?on={day}&as=print",
        url("bookings"),
        f"{url('bookings')}?as=print",
        f"{url('bookings')}?q=咨询",
        url("room_lending", room=room.pk),
    ):
        assert "陈小明" not in read(clerk, address).replace("q=咨询", ""), address

    assert "心理咨询陈小明" in read(clerk, url("booking", booking=booking.pk))


def test_offices_above_do_not_open_what_a_confidential_room_is_used_for(
    small_district: SmallDistrict, client: Client, room: Room
) -> None:
    terms.set_terms(actor=SYSTEM, room=room.pk, values={"is_confidential": True}, at=now())
    booking = book(room)

    for login in ("xinjin", "district"):
        small_district.log_in(client, login)
        assert client.get(url("booking", booking=booking.pk)).status_code == 404


@pytest.mark.parametrize("login", ["volunteer", "merchant", "system", "security", "audit"])
def test_pages_of_rooms_are_not_there_for_others(small_district, client: Client, room: Room, login: str) -> None:  # type: ignore[no-untyped-def]
    small_district.log_in(client, login)

    for name in ("rooms", "bookings", "rooms_all", "rooms_use"):
        assert client.get(url(name)).status_code == 404


def test_room_is_booked_once_and_repeatedly(clerk: Client, room: Room) -> None:
    day = local_day(now()) + timedelta(days=7)
    form = {
        "title": "书法班",
        "on": day.isoformat(),
        "opens": "19:00",
        "closes": "20:30",
        "every": "week",
        "interval": "1",
        "until": (day + timedelta(days=21)).isoformat(),
        "without": (day + timedelta(days=7)).isoformat(),
    }

    answer = clerk.post(url("booking_new", room=room.pk), form)

    assert answer.status_code == 302, answer.content.decode()[-3000:]
    with scope.everything():
        booking = Booking.objects.get(title="书法班")
    assert len(times_of(booking)) == 3
    assert booking.recurrence["every"] == "week"


def test_taken_time_comes_back_with_what_was_typed(clerk: Client, room: Room) -> None:
    book(room)
    day = local_day(slot(3)[0])
    form = {"title": "书法班", "on": day.isoformat(), "opens": "09:30", "closes": "10:30", "every": "once"}

    answer = clerk.post(url("booking_new", room=room.pk), form)

    assert answer.status_code == 422
    words = answer.content.decode()
    assert "书法班" in words
    assert "合唱排练" in words


@pytest.mark.parametrize(
    "wrong",
    [
        {"opens": "11:00", "closes": "10:00"},
        {"on": "2020-01-01"},
        {"every": "week", "until": ""},
        {"every": "week", "until": "2020-01-01"},
        {"every": "day", "until": "2099-01-01"},
        {"every": "week", "until": "2026-12-31", "without": "明天"},
        {"title": "长" * 3000},
        {"household_number": "nobody"},
        {"resident_name": "陈小明"},
        {"contact_phone": "1380"},
    ],
)
def test_impossible_booking_is_a_sentence(clerk: Client, room: Room, wrong: dict[str, str]) -> None:
    day = local_day(now()) + timedelta(days=7)
    form = {"title": "书法班", "on": day.isoformat(), "opens": "09:00", "closes": "10:00", "every": "once"}

    answer = clerk.post(url("booking_new", room=room.pk), form | wrong)

    assert answer.status_code == 422
    with scope.everything():
        assert not Booking.objects.filter(room=room).exists()


def test_booking_for_a_resident_named_by_household(small_district: SmallDistrict, clerk: Client, room: Room) -> None:
    with scope.everything():
        head = Person.objects.filter(community=small_district.cuiying, relation="head").select_related("household")[0]
    day = local_day(now()) + timedelta(days=7)
    form = {
        "title": "家庭聚会",
        "on": day.isoformat(),
        "opens": "09:00",
        "closes": "10:00",
        "every": "once",
        "household_number": head.household.number,
    }

    assert clerk.post(url("booking_new", room=room.pk), form).status_code == 302

    with scope.everything():
        assert Booking.objects.get(title="家庭聚会").person_id == head.pk


def test_asked_booking_is_approved_or_refused(small_district: SmallDistrict, clerk: Client, room: Room) -> None:
    booking = asked(small_district, room)
    assert url("booking", booking=booking.pk) in read(clerk, f"{url('bookings')}?state=asked")

    assert clerk.post(url("booking_refuse", booking=booking.pk), {"answer": " "}).status_code == 422
    clerk.post(url("booking_approve", booking=booking.pk))

    assert fresh(booking).state == "confirmed"


def test_refused_booking_tells_why(small_district: SmallDistrict, clerk: Client, room: Room) -> None:
    booking = asked(small_district, room)

    clerk.post(url("booking_refuse", booking=booking.pk), {"answer": "那天有会议,请换一天"})

    assert fresh(booking).state == "refused"
    assert "那天有会议" in read(clerk, url("booking", booking=booking.pk))


def test_date_is_moved_cancelled_and_the_rest_changed(clerk: Client, room: Room) -> None:
    booking = book(
        room, slot(3), slot(10), slot(17), recurrence={"every": "week", "weekdays": [], "until": "2030-01-01"}
    )
    first, second, _third = times_of(booking)
    day = local_day(slot(4)[0])

    moved = clerk.post(
        url("booking_time_move", time=first.pk),
        {"on": day.isoformat(), "opens": "14:00", "closes": "15:00", "room": str(room.pk)},
    )
    assert moved.status_code == 302, moved.content.decode()[-2000:]
    assert fresh(first).is_moved
    changed = clerk.post(
        url("booking_series", booking=booking.pk),
        {"opens": "10:00", "closes": "11:00", "days": "0", "first": str(second.pk)},
    )
    assert changed.status_code == 302
    assert fresh(second).starts_at == slot(10, 10)[0]
    clerk.post(url("booking_time_cancel", time=second.pk), {"reason": "停课"})
    assert fresh(second).state == "cancelled"
    clerk.post(url("booking_cancel", booking=booking.pk), {"reason": "", "confirmed": "yes"})

    assert fresh(booking).state == "cancelled"


def test_later_dates_end_and_further_ones_are_added(clerk: Client, room: Room) -> None:
    days = {"every": "week", "interval": 1, "weekdays": [], "until": "2030-01-01"}
    booking = book(room, slot(3), slot(10), slot(17), recurrence=days)
    until = local_day(slot(31)[0]).isoformat()

    assert clerk.post(url("booking_extend", booking=booking.pk), {"until": until}).status_code == 302
    assert len(times_of(booking)) == 5
    third = times_of(booking)[2]
    assert clerk.post(url("booking_time_end", time=third.pk), {"confirmed": "yes"}).status_code == 302

    assert [row.state for row in times_of(booking)] == ["confirmed"] * 2 + ["cancelled"] * 3


def test_words_of_a_booking_change_and_its_phone_stays(clerk: Client, room: Room) -> None:
    booking = book(room, contact_phone="13800138000")

    answer = clerk.post(
        url("booking_edit", booking=booking.pk),
        {"title": "合唱演出", "set_up": "圆桌", "contact_phone": "", "version": str(booking.version)},
    )

    assert answer.status_code == 302, answer.content.decode()[-2000:]
    row = fresh(booking)
    assert (row.title, row.set_up, row.contact_phone.reveal()) == ("合唱演出", "圆桌", "13800138000")


def test_arrival_is_pressed_and_taken_back(clerk: Client, room: Room) -> None:
    at = now()
    booking = bookings.book_times(
        actor=SYSTEM, room=room.pk, times=[(at, at + timedelta(hours=1))], title="现场借用", at=at
    )
    [row] = times_of(booking)

    clerk.post(url("booking_time_came", time=row.pk))
    assert fresh(row).state == "used"
    clerk.post(url("booking_time_undo", time=row.pk))
    assert fresh(row).state == "confirmed"
    clerk.post(url("booking_time_came", time=row.pk))
    clerk.post(url("booking_time_back", time=row.pk))

    assert fresh(row).ended_at is not None


def test_terms_hours_and_closings_are_set(clerk: Client, room: Room) -> None:
    page = clerk.get(url("room_terms", room=room.pk))
    sent = {name: value for name, value in page.context["form"].initial.items() if value is not None}
    sent = {name: value for name, value in sent.items() if value is not False}
    answer = clerk.post(url("room_terms", room=room.pk), sent | {"buffer_after": "20", "house_rules": "请带走垃圾"})
    assert answer.status_code == 302, answer.content.decode()[-2000:]
    assert clerk.post(url("room_terms", room=room.pk), sent | {"buffer_after": "999"}).status_code == 422
    assert clerk.post(url("room_hours", room=room.pk), {"day0": "09:00-12:00、14:00-17:30"}).status_code == 302
    assert clerk.post(url("room_hours", room=room.pk), {"day0": "九点"}).status_code == 422
    book(room)
    day = local_day(slot(3)[0]).isoformat()
    close = {"first_on": day, "opens": "00:00", "last_on": day, "closes": "23:59", "reason": "修空调"}
    assert clerk.post(url("room_close", room=room.pk), close).status_code == 422
    assert clerk.post(url("room_close", room=room.pk), close | {"cancel_bookings": "on"}).status_code == 302

    with scope.everything():
        assert RoomHours.objects.filter(room=room).count() == 2
        closing = RoomClosing.objects.get(room=room)
    assert "修空调" in read(clerk, url("room_lending", room=room.pk))
    clerk.post(url("room_closing_lift", closing=closing.pk))
    assert fresh(closing).lifted_at is not None


def test_waiting_list_is_kept_at_the_desk(small_district: SmallDistrict, clerk: Client, room: Room) -> None:
    booking = book(room)
    with scope.everything():
        head = Person.objects.filter(community=small_district.cuiying, relation="head").select_related("household")[0]
    day = local_day(slot(3)[0])
    form = {
        "title": "太极",
        "on": day.isoformat(),
        "opens": "09:00",
        "closes": "10:00",
        "household_number": head.household.number,
    }
    assert clerk.post(url("slot_wait_new", room=room.pk), form).status_code == 302
    with scope.everything():
        wait = SlotWait.objects.get(room=room)
    bookings.cancel_booking(actor=SYSTEM, booking=booking.pk, at=now())
    assert fresh(wait).state == "offered"
    clerk.post(url("slot_wait_take", wait=wait.pk))

    assert fresh(wait).state == "taken"
    waits.wait_for_slot(
        actor=SYSTEM, room=room.pk, starts_at=slot(3)[0], ends_at=slot(3)[1], title="x", person=head.pk, at=now()
    )
    with scope.everything():
        second = SlotWait.objects.get(room=room, state="waiting")
    clerk.post(url("slot_wait_leave", wait=second.pk))
    assert fresh(second).state == "left"


def test_study_seats_are_counted_with_presses(clerk: Client, room: Room) -> None:
    clerk.post(url("study_seats", room=room.pk), {"seats": "2", "longest_minutes": "120", "version": "0"})
    for _number in range(3):
        clerk.post(url("study_seat_came", room=room.pk))
    with scope.everything():
        assert StudySeats.objects.get(room=room).taken == 2
    assert "2" in read(clerk, url("study_seats", room=room.pk))
    clerk.post(url("study_seat_left", room=room.pk))

    with scope.everything():
        assert StudySeats.objects.get(room=room).taken == 1
    read(clerk, url("room_lending", room=room.pk))


def test_use_is_counted_and_taken_away(clerk: Client, room: Room) -> None:
    at = now() - timedelta(hours=5)
    bookings.book_times(actor=SYSTEM, room=room.pk, times=[(at, at + timedelta(hours=2))], title="合唱", at=at)

    words = read(clerk, url("rooms_use"))

    assert room.name in words
    assert clerk.get(f"{url('rooms_use')}?as=xlsx").status_code == 200


def test_host_keeps_the_rooms_of_the_own_venue_only(small_district: SmallDistrict, client: Client, room: Room) -> None:
    small_district.log_in(client, "host")
    with scope.everything():
        own = Room.objects.filter(venue=small_district.station).first()
    assert client.get(url("rooms")).status_code == 200
    assert client.get(url("room_lending", room=room.pk)).status_code == 404

    if own is None:
        with scope.everything():
            own = Room.objects.create(
                community=small_district.cuiying, venue=small_district.station, kind=room.kind, name="站里的小屋"
            )
    assert client.get(url("room_terms", room=own.pk)).status_code == 200
    assert client.get(url("booking_new", room=own.pk)).status_code == 200


def grow(room: Room) -> None:
    """Fill the room's next weeks."""
    for days in range(3, 40):
        bookings.book_times(
            actor=SYSTEM, room=room.pk, times=[slot(days, 8), slot(days, 10)], title=f"第{days}", at=now()
        )


def test_pages_cost_the_same_whatever_is_booked(clerk: Client, room: Room) -> None:
    booking = book(room, slot(2), slot(50))
    seat_commands.set_study_seats(actor=SYSTEM, room=room.pk, seats=9, at=now())
    addresses = [
        url("rooms"),
        f"{url('rooms')}?span=week",
        url("bookings"),
        f"{url('bookings')}?q=合唱&since=2026-01-01",
        url("booking", booking=booking.pk),
        url("rooms_all"),
        url("rooms_use"),
        url("room_lending", room=room.pk),
        url("room_terms", room=room.pk),
        url("booking_new", room=room.pk),
    ]

    before = [_cost(clerk, address) for address in addresses]
    grow(room)
    after = [_cost(clerk, address) for address in addresses]

    assert after == before
    assert max(after) <= MOST_QUERIES, dict(zip(addresses, after, strict=True))
    assert max(after[:6]) <= MOST_OF_A_LIST, dict(zip(addresses, after, strict=True))


def _cost(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    # Whether this is the sample district a process asks now and then, whatever the page.
    return sum("platform_deployment" not in query["sql"] for query in queries)


def test_uuid_of_nothing_is_not_there(clerk: Client, room: Room) -> None:
    nothing = UUID(int=1)

    for name, named in (("room_lending", "room"), ("booking", "booking"), ("booking_time_move", "time")):
        assert clerk.get(url(name, **{named: nothing})).status_code == 404
