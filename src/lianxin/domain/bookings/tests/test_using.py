"""Approvals, closings, terms, arrivals and what gives itself back."""

from datetime import time, timedelta

import pytest

from lianxin.domain.bookings.commands import approvals, arrivals, bookings, closings, found, slots, terms
from lianxin.domain.bookings.queries import free, measures
from lianxin.domain.bookings.queries.terms import lent_spans
from lianxin.domain.bookings.tests.factories import (
    AT,
    MONDAY,
    SYSTEM,
    Centre,
    book,
    fresh,
    lend,
    make_centre,
    slot,
    states_of,
    times_of,
    weekly,
)
from lianxin.domain.places.models import OpeningException
from lianxin.platform import duties, facts, scope
from lianxin.platform.contributions import Window
from lianxin.platform.errors import EditedMeanwhile, Invalid, NotAllowed
from lianxin.platform.ids import new_id
from lianxin.platform.models import Message

pytestmark = pytest.mark.django_db
STARTS, ENDS = slot()
WINDOW = Window(MONDAY, MONDAY + timedelta(days=1))


@pytest.fixture
def centre() -> Centre:
    """A centre with a hall that residents may book."""
    return make_centre()


def uses() -> tuple[int, int]:
    """What the tables and what the facts say of Monday's uses."""
    with scope.everything():
        told = facts.figure("room_uses", from_on=WINDOW.from_on, until_on=WINDOW.until_on)
        return measures.room_uses(WINDOW), told


def test_approval_confirms_tells_and_closes_the_duty(centre: Centre) -> None:
    lend(centre, needs_approval=True)
    booking = book(centre, centre.resident())

    approvals.approve(actor=centre.keeper, booking=booking.pk, at=AT)

    assert (fresh(booking).state, states_of(booking)) == ("confirmed", ["confirmed"])
    with scope.everything():
        assert list(duties.list_open(actor=centre.keeper)) == []
        assert [message.template for message in Message.objects.all()] == ["booking_confirmed"]
    with pytest.raises(approvals.NothingToDecide):
        approvals.refuse(actor=centre.keeper, booking=booking.pk, answer="满了", at=AT)


def test_refusal_says_why_and_frees_the_time(centre: Centre) -> None:
    lend(centre, needs_approval=True)
    booking = book(centre, centre.resident(), *weekly(2))

    with pytest.raises(Invalid):
        approvals.refuse(actor=centre.keeper, booking=booking.pk, answer=" ", at=AT)
    approvals.refuse(actor=centre.keeper, booking=booking.pk, answer="那天有会议,请换一天", at=AT)

    assert (fresh(booking).state, states_of(booking)) == ("refused", ["refused"] * 2)
    assert book(centre).state == "confirmed"


def test_residents_do_not_decide(centre: Centre) -> None:
    lend(centre, needs_approval=True)
    booking = book(centre, centre.resident())

    with pytest.raises(NotAllowed):
        approvals.approve(actor=centre.resident(), booking=booking.pk, at=AT)


def test_arrival_can_be_taken_back_and_counts_once_when_it_is_over(centre: Centre) -> None:
    [row] = times_of(book(centre, centre.resident()))

    arrivals.note_arrival(actor=centre.resident(), time=row.pk, at=STARTS)
    arrivals.undo_arrival(actor=centre.keeper, time=row.pk, at=STARTS)
    assert (fresh(row).state, uses()) == ("confirmed", (0, 0))
    arrivals.note_arrival(actor=centre.keeper, time=row.pk, at=STARTS)
    arrivals.note_arrival(actor=centre.keeper, time=row.pk, at=STARTS)
    assert arrivals.end_uses(actor=SYSTEM, at=ENDS - timedelta(minutes=1)) == 0
    assert arrivals.end_uses(actor=SYSTEM, at=ENDS) == 1
    assert arrivals.end_uses(actor=SYSTEM, at=ENDS) == 0

    assert (fresh(row).state, uses()) == ("used", (1, 1))
    with pytest.raises(found.TimeOver):
        arrivals.undo_arrival(actor=centre.keeper, time=row.pk, at=ENDS)


def test_who_leaves_early_has_used_the_room_once(centre: Centre) -> None:
    [row] = times_of(book(centre, centre.resident()))
    arrivals.note_arrival(actor=centre.resident(), time=row.pk, at=STARTS)

    arrivals.give_back(actor=centre.resident(), time=row.pk, at=STARTS + timedelta(minutes=20))
    arrivals.end_uses(actor=SYSTEM, at=ENDS)

    assert uses() == (1, 1)


def test_too_early_too_late_and_unconfirmed_arrivals_are_sentences(centre: Centre) -> None:
    [row] = times_of(book(centre))

    with pytest.raises(arrivals.TooEarly):
        arrivals.note_arrival(actor=centre.keeper, time=row.pk, at=STARTS - timedelta(hours=1))
    with pytest.raises(found.TimeOver):
        arrivals.note_arrival(actor=centre.keeper, time=row.pk, at=ENDS)
    lend(centre, needs_approval=True)
    [asked] = times_of(book(centre, centre.resident(), slot(opens="11:00", closes="12:00")))
    with pytest.raises(arrivals.NotConfirmed):
        arrivals.note_arrival(actor=centre.keeper, time=asked.pk, at=asked.starts_at)


def test_slot_nobody_came_to_gives_itself_back(centre: Centre) -> None:
    lend(centre, release_after=15)
    [row] = times_of(book(centre, centre.resident()))
    [activity] = times_of(
        book(centre, None, slot(opens="10:00", closes="11:00"), record_kind="activities.occurrence", record_id=new_id())
    )

    assert arrivals.release_unused(actor=SYSTEM, at=STARTS + timedelta(minutes=14)) == 0
    assert arrivals.release_unused(actor=SYSTEM, at=STARTS + timedelta(minutes=15)) == 1
    arrivals.release_unused(actor=SYSTEM, at=activity.starts_at + timedelta(minutes=30))

    assert (fresh(row).state, fresh(activity).state) == ("released", "confirmed")


def test_resident_gives_a_slot_back(centre: Centre) -> None:
    booking = book(centre, centre.resident())
    [row] = times_of(booking)

    arrivals.give_back(actor=centre.resident(), time=row.pk, at=AT)

    assert fresh(row).state == "released"
    assert book(centre, centre.resident(1)).state == "confirmed"


def test_who_came_early_and_left_before_the_time_did_not_use_it(centre: Centre) -> None:
    [row] = times_of(book(centre))
    arrivals.note_arrival(actor=centre.keeper, time=row.pk, at=STARTS - timedelta(minutes=20))

    arrivals.give_back(actor=centre.keeper, time=row.pk, at=STARTS - timedelta(minutes=10))

    assert (fresh(row).state, uses()) == ("released", (0, 0))


def test_closed_room_cannot_be_booked_by_anybody(centre: Centre) -> None:
    closings.close_room(
        actor=centre.keeper, room=centre.room.pk, starts_at=STARTS, ends_at=ENDS, reason="修空调", at=AT
    )

    with pytest.raises(slots.RoomTaken, match="修空调"):
        book(centre)


def test_room_that_is_booked_is_closed_only_with_its_bookings(centre: Centre) -> None:
    booking = book(centre, centre.resident())
    words = {"starts_at": STARTS, "ends_at": ENDS + timedelta(days=1), "reason": "修空调", "at": AT}

    with pytest.raises(closings.RoomIsBooked):
        closings.close_room(actor=centre.keeper, room=centre.room.pk, **words)
    closings.close_room(actor=centre.keeper, room=centre.room.pk, cancel_bookings=True, **words)

    assert fresh(booking).state == "cancelled"
    with scope.everything():
        assert [message.template for message in Message.objects.all()] == ["booking_cancelled"]


def test_activity_stands_in_the_way_of_a_closing(centre: Centre) -> None:
    book(centre, record_kind="activities.occurrence", record_id=new_id())

    with pytest.raises(closings.ActivitiesThere):
        closings.close_room(
            actor=centre.keeper,
            room=centre.room.pk,
            starts_at=STARTS,
            ends_at=ENDS,
            reason="修空调",
            cancel_bookings=True,
            at=AT,
        )


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("open_to", {"open_to": "everybody"}),
        ("buffer_after", {"buffer_after": 241}),
        ("longest_minutes", {"shortest_minutes": 60, "longest_minutes": 30}),
        ("days_ahead", {"days_ahead": 0}),
        ("release_after", {"release_after": 0}),
        ("set_ups", {"set_ups": ["样"] * 20 + [str(n) for n in range(20)]}),
        ("house_rules", {"house_rules": "字" * 501}),
    ],
)
def test_impossible_terms_are_named(centre: Centre, field: str, values: dict) -> None:
    with pytest.raises(Invalid) as refused:
        lend(centre, **values)

    assert list(refused.value.fields) == [field]


def test_terms_edited_meanwhile_are_not_overwritten(centre: Centre) -> None:
    lend(centre, days_ahead=30)

    with pytest.raises(EditedMeanwhile):
        terms.set_terms(actor=centre.keeper, room=centre.room.pk, values={"days_ahead": 10}, version=1, at=AT)


def test_own_hours_of_a_room_go_before_those_of_its_venue(centre: Centre) -> None:
    saturday = MONDAY - timedelta(days=2)
    terms.set_lending_hours(actor=centre.keeper, room=centre.room.pk, hours=[(5, time(19), time(21))], at=AT)

    assert book(centre, centre.resident(), slot(saturday, "19:00", "20:00")).state == "confirmed"
    with pytest.raises(Invalid):
        book(centre, centre.resident())


def test_room_with_own_hours_is_closed_on_days_on_which_its_venue_is(centre: Centre) -> None:
    terms.set_lending_hours(actor=centre.keeper, room=centre.room.pk, hours=[(0, time(9), time(12))], at=AT)
    with scope.everything():
        OpeningException.objects.create(
            community=centre.community, venue=centre.venue, first_on=MONDAY, last_on=MONDAY, reason="台风"
        )

    assert lent_spans([centre.room], first_on=MONDAY, last_on=MONDAY)[centre.room.pk] == []


@pytest.mark.parametrize(
    "hours", [[(0, time(12), time(9))], [(0, time(9), time(12)), (0, time(11), time(13))], [(7, time(9), time(10))]]
)
def test_impossible_hours_are_named(centre: Centre, hours: list) -> None:
    with pytest.raises(Invalid) as refused:
        terms.set_lending_hours(actor=centre.keeper, room=centre.room.pk, hours=hours, at=AT)

    assert list(refused.value.fields) == ["hours"]


def test_confidential_room_names_nobody(centre: Centre) -> None:
    lend(centre, is_confidential=True)
    book(centre, None, title="心理咨询 陈小明")

    with pytest.raises(slots.RoomTaken) as refused:
        book(centre)
    with scope.within(centre.keeper.communities):
        [conflict] = free.list_conflicts(centre.room.pk, [slot()])

    assert "心理咨询" not in str(refused.value.detail)
    assert conflict.title == ""


def test_log_does_not_say_what_a_confidential_room_was_booked_for(centre: Centre) -> None:
    lend(centre, is_confidential=True)
    booking = book(centre, None, title="心理咨询 陈小明")
    bookings.edit_booking(actor=centre.keeper, booking=booking.pk, title="咨询 陈小明", at=AT)

    with scope.everything():
        from lianxin.platform import audit

        entries = audit.entries_for("bookings.booking", booking.pk, 10)

    assert entries
    assert "陈小明" not in repr(entries)
