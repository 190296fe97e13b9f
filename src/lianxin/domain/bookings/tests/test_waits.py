"""Waiting for a slot: it goes to the first who asked, is held until answered, and passes on by itself."""

from datetime import timedelta
from typing import Any

import pytest

from lianxin.domain.bookings.commands import approvals, arrivals, bookings, closings, slots
from lianxin.domain.bookings.commands import waits as commands
from lianxin.domain.bookings.models import SlotWait
from lianxin.domain.bookings.queries import checks
from lianxin.domain.bookings.tests.factories import (
    AT,
    SYSTEM,
    Centre,
    anybody,
    book,
    fresh,
    lend,
    make_centre,
    slot,
    states_of,
    times_of,
    waits,
)
from lianxin.platform import duties, scope
from lianxin.platform.actors import Actor
from lianxin.platform.errors import Invalid, NotAllowed
from lianxin.platform.models import Message

pytestmark = pytest.mark.django_db
STARTS, ENDS = slot()


@pytest.fixture
def centre() -> Centre:
    """A centre with a hall that residents may book."""
    return make_centre(homes=3)


def wait(centre: Centre, actor: Actor, **more: Any) -> SlotWait:
    """Ask for the slot on Monday at nine."""
    entries = {"starts_at": STARTS, "ends_at": ENDS, "title": "太极", "at": AT} | more
    return commands.wait_for_slot(actor=actor, room=centre.room.pk, **entries)


def nothing_differs() -> bool:
    """Whether the module agrees with itself."""
    return not [*checks.no_two_at_once(), *checks.states_agree(), *checks.offers_hold_a_slot()]


def test_freed_slot_is_held_for_the_first_who_waits(centre: Centre) -> None:
    booking = book(centre)
    first, second = wait(centre, centre.resident(0)), wait(centre, centre.resident(1))

    bookings.cancel_booking(actor=centre.keeper, booking=booking.pk, at=AT)

    assert [row.state for row in waits(centre.room)] == ["offered", "waiting"]
    assert fresh(first).offered_until == AT + timedelta(minutes=120)
    with pytest.raises(slots.RoomTaken):
        book(centre, centre.resident(2))
    assert fresh(second).state == "waiting"
    assert nothing_differs()


def test_offer_that_is_taken_is_a_confirmed_booking(centre: Centre) -> None:
    booking = book(centre)
    row = wait(centre, centre.resident())
    bookings.cancel_booking(actor=centre.keeper, booking=booking.pk, at=AT)

    taken = commands.take_offer(actor=centre.resident(), wait=row.pk, at=AT)

    assert (taken.state, states_of(taken), fresh(row).state) == ("confirmed", ["confirmed"], "taken")
    assert nothing_differs()


def test_offer_of_a_room_with_approval_goes_to_staff(centre: Centre) -> None:
    lend(centre, needs_approval=True)
    booking = book(centre)
    row = wait(centre, centre.resident())
    bookings.cancel_booking(actor=centre.keeper, booking=booking.pk, at=AT)

    held = fresh(row).booking_id
    with pytest.raises(approvals.NothingToDecide):
        approvals.approve(actor=centre.keeper, booking=held, at=AT)
    taken = commands.take_offer(actor=centre.resident(), wait=row.pk, at=AT)
    assert taken.state == "asked"
    approvals.approve(actor=centre.keeper, booking=taken.pk, at=AT)

    assert states_of(taken) == ["confirmed"]


def test_declined_offer_goes_to_the_next(centre: Centre) -> None:
    booking = book(centre)
    first, second = wait(centre, centre.resident(0)), wait(centre, centre.resident(1))
    bookings.cancel_booking(actor=centre.keeper, booking=booking.pk, at=AT)

    commands.leave_list(actor=centre.resident(0), wait=first.pk, at=AT)

    assert (fresh(first).state, fresh(second).state) == ("left", "offered")
    with pytest.raises(commands.NotOffered):
        commands.take_offer(actor=centre.resident(0), wait=first.pk, at=AT)
    assert nothing_differs()


def test_unanswered_offer_goes_to_the_next_by_itself(centre: Centre) -> None:
    booking = book(centre)
    first, second = wait(centre, centre.resident(0)), wait(centre, centre.resident(1))
    bookings.cancel_booking(actor=centre.keeper, booking=booking.pk, at=AT)
    later = AT + timedelta(minutes=120)

    assert commands.lapse_offers(actor=SYSTEM, at=later - timedelta(minutes=1)) == 0
    assert commands.lapse_offers(actor=SYSTEM, at=later) == 1

    assert (fresh(first).state, fresh(second).state) == ("over", "offered")
    with pytest.raises(commands.NotOffered):
        commands.take_offer(actor=centre.resident(0), wait=first.pk, at=later)
    assert nothing_differs()


def test_wait_is_over_when_the_slot_begins(centre: Centre) -> None:
    book(centre)
    row = wait(centre, centre.resident())

    commands.lapse_offers(actor=SYSTEM, at=STARTS)

    assert fresh(row).state == "over"


def test_offer_shortly_before_the_slot_leaves_time_to_answer(centre: Centre) -> None:
    booking = book(centre)
    row = wait(centre, centre.resident())
    soon = STARTS - timedelta(minutes=3)

    bookings.cancel_booking(actor=centre.keeper, booking=booking.pk, at=soon)

    assert fresh(row).offered_until == soon + timedelta(minutes=10)


def test_part_of_a_slot_is_not_offered(centre: Centre) -> None:
    booking = book(centre, None, slot(opens="09:00", closes="09:30"))
    book(centre, None, slot(opens="09:30", closes="10:00"))
    row = wait(centre, centre.resident())

    bookings.cancel_booking(actor=centre.keeper, booking=booking.pk, at=AT)

    assert fresh(row).state == "waiting"


def test_household_with_its_fill_of_the_week_is_passed_over(centre: Centre) -> None:
    lend(centre, most_a_week=1)
    booking = book(centre)
    book(centre, centre.resident(0), slot(opens="11:00", closes="12:00"))
    first, second = wait(centre, centre.resident(0)), wait(centre, centre.resident(1))

    bookings.cancel_booking(actor=centre.keeper, booking=booking.pk, at=AT)

    assert (fresh(first).state, fresh(second).state) == ("waiting", "offered")


def test_free_slot_and_second_wait_are_refused_with_what_to_do(centre: Centre) -> None:
    with pytest.raises(commands.SlotIsFree):
        wait(centre, centre.resident())
    book(centre)
    wait(centre, centre.resident())

    with pytest.raises(commands.WaitsAlready):
        wait(centre, centre.resident())
    with pytest.raises(Invalid):
        wait(centre, centre.resident(1), title=" ")


def test_nobody_answers_for_another(centre: Centre) -> None:
    booking = book(centre)
    row = wait(centre, centre.resident(0))
    bookings.cancel_booking(actor=centre.keeper, booking=booking.pk, at=AT)

    with pytest.raises(NotAllowed):
        commands.take_offer(actor=centre.resident(1), wait=row.pk, at=AT)
    with pytest.raises(NotAllowed):
        commands.lapse_offers(actor=anybody("resident"), at=AT)


def test_offer_is_sent_to_the_phone_and_else_staff_call(centre: Centre) -> None:
    booking = book(centre)
    wait(centre, centre.resident())
    bookings.cancel_booking(actor=centre.keeper, booking=booking.pk, at=AT)

    with scope.everything():
        assert [message.template for message in Message.objects.all()] == ["booking_offered"]

    person = centre.member(1)
    with scope.everything():
        type(person).objects.filter(pk=person.pk).update(no_phone=True)
    [held] = [row for row in waits(centre.room) if row.state == "offered"]
    wait(centre, centre.resident(1))
    commands.leave_list(actor=centre.resident(0), wait=held.pk, at=AT)

    with scope.within(centre.keeper.communities):
        assert [duty.kind for duty in duties.list_open(actor=centre.keeper)] == ["bookings.call"]


def test_moved_released_refused_and_lifted_times_are_offered(centre: Centre) -> None:
    lend(centre, needs_approval=True, release_after=15)
    asked = book(centre, centre.resident(1))
    row = wait(centre, centre.resident(0))

    approvals.refuse(actor=centre.keeper, booking=asked.pk, answer="那天有会议,请换一天", at=AT)
    assert fresh(row).state == "offered"
    commands.leave_list(actor=centre.resident(0), wait=row.pk, at=AT)

    booking = book(centre)
    row = wait(centre, centre.resident(0))
    later = slot(opens="15:00", closes="16:00")
    [time] = times_of(booking)
    bookings.move_time(actor=centre.keeper, time=time.pk, starts_at=later[0], ends_at=later[1], at=AT)
    assert fresh(row).state == "offered"


def test_closed_room_is_offered_when_it_is_lent_again(centre: Centre) -> None:
    booking = book(centre, None, slot(opens="09:00", closes="09:15"))
    closing = closings.close_room(
        actor=centre.keeper,
        room=centre.room.pk,
        starts_at=slot(opens="09:15")[0],
        ends_at=slot(closes="11:00")[1],
        reason="修空调",
        at=AT,
    )
    row = wait(centre, centre.keeper, person=centre.member().pk)
    [early] = times_of(booking)
    bookings.cancel_time(actor=centre.keeper, time=early.pk, at=AT)
    assert fresh(row).state == "waiting"

    closings.lift_closing(actor=centre.keeper, closing=closing.pk, at=AT)

    assert fresh(row).state == "offered"


def test_slot_given_back_in_use_is_free_from_then_on(centre: Centre) -> None:
    [time] = times_of(book(centre, None, slot(opens="09:00", closes="12:00")))
    row = wait(centre, centre.resident(), starts_at=slot(opens="11:00")[0], ends_at=slot(closes="12:00")[1])
    arrivals.note_arrival(actor=centre.keeper, time=time.pk, at=STARTS)

    arrivals.give_back(actor=centre.keeper, time=time.pk, at=STARTS + timedelta(minutes=45))

    assert fresh(row).state == "offered"
    assert fresh(time).ends_at == STARTS + timedelta(minutes=45)
