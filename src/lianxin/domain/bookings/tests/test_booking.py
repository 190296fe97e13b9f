"""Booking a room: who may, on which terms, and that two never stand before the same door."""

from datetime import timedelta

import pytest

from lianxin.domain.bookings.commands import bookings, found, slots
from lianxin.domain.bookings.queries import checks, free
from lianxin.domain.bookings.tests.factories import (
    AT,
    MONDAY,
    Centre,
    anybody,
    book,
    fresh,
    lend,
    live,
    make_centre,
    slot,
    states_of,
    times_of,
    weekly,
)
from lianxin.domain.people.tests.factories import staff
from lianxin.platform import duties, scope
from lianxin.platform.errors import Invalid, Missing, NotAllowed
from lianxin.platform.ids import new_id

pytestmark = pytest.mark.django_db


@pytest.fixture
def centre() -> Centre:
    """A centre with a hall that residents may book."""
    return make_centre()


def test_who_keeps_a_room_has_it_at_once(centre: Centre) -> None:
    booking = book(centre, None, *weekly(3), title=" 合唱排练 ")

    assert booking.state == "confirmed"
    assert (booking.title, states_of(booking)) == ("合唱排练", ["confirmed"] * 3)


def test_second_booking_is_refused_with_each_time_that_is_taken(centre: Centre) -> None:
    book(centre, None, *weekly(2))

    with pytest.raises(slots.RoomTaken) as refused:
        book(centre, None, *weekly(3, opens="09:30", closes="11:00"))

    assert len(refused.value.conflicts) == 2
    assert "11/23 09:30–11:00" in str(refused.value.detail)
    assert "合唱排练" in str(refused.value.detail)
    assert len(live(centre.room)) == 2


def test_resident_is_not_told_who_has_the_room(centre: Centre) -> None:
    book(centre)

    with pytest.raises(slots.RoomTaken) as refused:
        book(centre, centre.resident())

    assert "合唱排练" not in str(refused.value.detail)


def test_one_time_after_the_other_is_free(centre: Centre) -> None:
    book(centre, None, slot(opens="09:00", closes="10:00"))

    book(centre, None, slot(opens="10:00", closes="11:00"))

    assert len(live(centre.room)) == 2


def test_buffers_of_both_sides_are_kept(centre: Centre) -> None:
    lend(centre, buffer_before=10, buffer_after=15)
    book(centre, None, slot(opens="09:00", closes="10:00"))

    with pytest.raises(slots.RoomTaken):
        book(centre, None, slot(opens="10:20", closes="11:00"))
    book(centre, None, slot(opens="10:25", closes="11:00"))

    assert len(live(centre.room)) == 2


def test_resident_gets_a_room_lent_without_approval(centre: Centre) -> None:
    booking = book(centre, centre.resident())

    assert booking.state == "confirmed"
    assert booking.person_id == centre.member().pk
    assert booking.household_id == centre.homes[0].pk


def test_resident_asks_where_approval_is_needed_and_staff_have_a_duty(centre: Centre) -> None:
    lend(centre, needs_approval=True)

    booking = book(centre, centre.resident())

    assert (booking.state, states_of(booking)) == ("asked", ["asked"])
    with scope.within(centre.keeper.communities):
        assert [duty.record_id for duty in duties.list_open(actor=centre.keeper)] == [booking.pk]


def test_what_is_asked_for_is_held(centre: Centre) -> None:
    lend(centre, needs_approval=True)
    book(centre, centre.resident(0))

    with pytest.raises(slots.RoomTaken):
        book(centre, centre.resident(1))


def test_room_without_terms_is_for_staff_only(centre: Centre) -> None:
    with pytest.raises(NotAllowed):
        book(centre, centre.resident(), room=centre.small)

    assert book(centre, room=centre.small).state == "confirmed"


def test_partner_books_what_is_lent_to_partners_and_a_resident_does_not(centre: Centre) -> None:
    lend(centre, open_to="partners")
    partner = anybody("partner").visiting(centre.community.pk)

    assert book(centre, partner).state == "confirmed"
    with pytest.raises(NotAllowed):
        book(centre, centre.resident(), slot(opens="11:00", closes="12:00"))


def test_host_of_the_venue_keeps_its_rooms_and_another_host_does_not(centre: Centre) -> None:
    other = staff("host", centre.community, venues=frozenset({new_id()}))

    assert book(centre, centre.host(), room=centre.small).state == "confirmed"
    with pytest.raises(NotAllowed):
        book(centre, other, slot(opens="11:00", closes="12:00"), room=centre.small)


def test_staff_of_another_community_do_not_find_the_room(centre: Centre) -> None:
    with pytest.raises(Missing):
        book(centre, staff("community_staff", centre.elsewhere))


def test_resident_of_another_community_books_as_a_visitor(centre: Centre) -> None:
    guest = anybody("resident").visiting(centre.community.pk)

    with pytest.raises(NotAllowed):
        book(centre, guest)


@pytest.mark.parametrize(
    ("opens", "closes", "words"),
    [
        ("09:00", "08:00", "before the beginning"),
        ("09:00", "09:10", "at least 30 minutes"),
        ("14:30", "20:30", "at most 240 minutes"),
        ("12:30", "13:30", "outside the hours"),
        ("11:30", "12:30", "outside the hours"),
        ("21:00", "22:00", "outside the hours"),
    ],
)
def test_impossible_time_is_a_sentence(centre: Centre, opens: str, closes: str, words: str) -> None:
    with pytest.raises(Invalid) as refused:
        book(centre, centre.resident(), slot(opens=opens, closes=closes))

    assert words in str(refused.value.fields["times"])


def test_past_and_far_times_are_sentences(centre: Centre) -> None:
    past, far = slot(AT.date() - timedelta(days=1)), slot(MONDAY + timedelta(days=70))

    with pytest.raises(Invalid):
        book(centre, None, past)
    with pytest.raises(Invalid) as refused:
        book(centre, centre.resident(), far)

    assert "60 days ahead" in str(refused.value.fields["times"])


def test_staff_book_an_evening_outside_the_hours(centre: Centre) -> None:
    assert book(centre, None, slot(opens="21:00", closes="22:30")).state == "confirmed"


def test_own_dates_may_not_overlap_one_another(centre: Centre) -> None:
    with pytest.raises(Invalid) as refused:
        book(centre, None, slot(), slot(opens="09:30", closes="10:30"))

    assert "overlap" in str(refused.value.fields["times"])


def test_household_has_a_room_only_so_often_a_week(centre: Centre) -> None:
    lend(centre, most_a_week=1)
    book(centre, centre.resident(), slot())

    with pytest.raises(slots.TooManyThisWeek):
        book(centre, centre.resident(), slot(opens="11:00", closes="12:00"))
    book(centre, centre.resident(), slot(MONDAY + timedelta(days=7)))
    book(centre, centre.resident(1), slot(opens="11:00", closes="12:00"))

    assert len(live(centre.room)) == 3


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("title", {"title": "  "}),
        ("title", {"title": "长" * 3000}),
        ("people_expected", {"people_expected": 0}),
        ("people_expected", {"people_expected": 61}),
        ("contact_phone", {"contact_phone": "1380"}),
        ("set_up", {"set_up": "圆桌"}),
        ("note", {"note": "字" * 501}),
    ],
)
def test_words_that_cannot_be_taken_are_named(centre: Centre, field: str, values: dict) -> None:
    with pytest.raises(Invalid) as refused:
        book(centre, centre.resident(), **values)

    assert list(refused.value.fields) == [field]
    assert live(centre.room) == []


def test_contact_phone_is_kept_sealed(centre: Centre) -> None:
    booking = book(centre, contact_name="林阿婆", contact_phone="138 0013 8000")

    sealed = fresh(booking).contact_phone
    assert str(sealed) == "••••"
    assert sealed.reveal() == "13800138000"


def test_same_key_books_once(centre: Centre) -> None:
    key = new_id()

    first, second = book(centre, key=key), book(centre, key=key)

    assert first.pk == second.pk
    assert len(live(centre.room)) == 1


def test_moved_date_frees_its_old_time_and_counts_up_its_sequence(centre: Centre) -> None:
    [time] = times_of(book(centre))
    starts_at, ends_at = slot(opens="10:00", closes="11:00")

    moved = bookings.move_time(actor=centre.keeper, time=time.pk, starts_at=starts_at, ends_at=ends_at, at=AT)

    assert (moved.starts_at, moved.is_moved, moved.sequence) == (starts_at, True, 1)
    assert book(centre).state == "confirmed"


def test_date_does_not_stand_in_its_own_way(centre: Centre) -> None:
    [time] = times_of(book(centre))
    starts_at, ends_at = slot(opens="09:30", closes="10:30")

    moved = bookings.move_time(actor=centre.keeper, time=time.pk, starts_at=starts_at, ends_at=ends_at, at=AT)

    assert moved.starts_at == starts_at


def test_date_moves_to_another_room_and_not_onto_another_booking(centre: Centre) -> None:
    [time] = times_of(book(centre))
    book(centre, room=centre.small, title="理事会")
    starts_at, ends_at = slot()

    with pytest.raises(slots.RoomTaken, match="理事会"):
        bookings.move_time(
            actor=centre.keeper, time=time.pk, starts_at=starts_at, ends_at=ends_at, room=centre.small.pk, at=AT
        )
    later = slot(opens="10:00", closes="11:00")
    moved = bookings.move_time(
        actor=centre.keeper, time=time.pk, starts_at=later[0], ends_at=later[1], room=centre.small.pk, at=AT
    )

    assert moved.room_id == centre.small.pk


def test_resident_moves_only_within_the_terms_and_only_the_own_booking(centre: Centre) -> None:
    [time] = times_of(book(centre, centre.resident()))
    early = slot(opens="06:00", closes="07:00")

    with pytest.raises(Invalid):
        bookings.move_time(actor=centre.resident(), time=time.pk, starts_at=early[0], ends_at=early[1], at=AT)
    with pytest.raises(NotAllowed):
        bookings.cancel_time(actor=centre.resident(1), time=time.pk, at=AT)


def test_cancelled_booking_frees_its_times_once(centre: Centre) -> None:
    booking = book(centre, None, *weekly(2))

    bookings.cancel_booking(actor=centre.keeper, booking=booking.pk, reason="停课", at=AT)

    assert fresh(booking).state == "cancelled"
    assert states_of(booking) == ["cancelled"] * 2
    with pytest.raises(found.BookingOver):
        bookings.cancel_booking(actor=centre.keeper, booking=booking.pk, at=AT)
    assert book(centre).state == "confirmed"


def test_last_date_ends_the_booking(centre: Centre) -> None:
    booking = book(centre, None, *weekly(2))
    first, last = times_of(booking)

    bookings.cancel_time(actor=centre.keeper, time=first.pk, at=AT)
    assert fresh(booking).state == "confirmed"
    bookings.cancel_time(actor=centre.keeper, time=last.pk, at=AT)

    assert fresh(booking).state == "cancelled"
    with pytest.raises(found.TimeOver):
        bookings.cancel_time(actor=centre.keeper, time=last.pk, at=AT)


def test_what_was_booked_for_a_record_is_given_up_with_it(centre: Centre) -> None:
    record = new_id()
    booking = book(centre, None, *weekly(3), record_kind="activities.occurrence", record_id=record)

    ended = bookings.cancel_times(
        actor=centre.keeper, record_kind="activities.occurrence", record_id=record, reason="下雨", at=AT
    )

    assert (ended, fresh(booking).state) == (3, "cancelled")
    again = bookings.cancel_times(actor=centre.keeper, record_kind="activities.occurrence", record_id=record, at=AT)
    assert again == 0


def test_conflicts_leave_out_what_is_to_be_ignored(centre: Centre) -> None:
    booking = book(centre)
    [time] = times_of(booking)

    with scope.within(centre.keeper.communities):
        found_conflicts = free.list_conflicts(centre.room.pk, [slot()])
        assert [one.booking for one in found_conflicts] == [booking.pk]
        assert free.list_conflicts(centre.room.pk, [slot()], booking.pk) == []
        assert free.list_conflicts(centre.room.pk, [slot()], {time.pk}) == []


def test_what_is_left_of_a_day_can_be_booked(centre: Centre) -> None:
    lend(centre, buffer_before=10, buffer_after=20, longest_minutes=600)
    book(centre, None, slot(opens="09:00", closes="10:00"))

    [*spans] = free.free_spans([centre.room], first_on=MONDAY, last_on=MONDAY, at=AT)[centre.room.pk]

    assert spans == [slot(opens="10:30", closes="12:00"), slot(opens="14:30", closes="21:00")]
    book(centre, centre.resident(), *spans)
    assert free.free_spans([centre.room], first_on=MONDAY, last_on=MONDAY, at=AT)[centre.room.pk] == []


def test_nothing_overlaps_in_the_end(centre: Centre) -> None:
    book(centre, None, *weekly(4))
    book(centre, centre.resident(), slot(opens="10:00", closes="11:00"))

    assert list(checks.no_two_at_once()) == []
    assert list(checks.states_agree()) == []
