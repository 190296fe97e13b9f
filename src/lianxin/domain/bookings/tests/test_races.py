"""Who comes at the same moment: one gets the room, one gets the last seat, one offer is taken once."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from lianxin.domain.bookings.commands import arrivals, bookings, seats, slots, waits
from lianxin.domain.bookings.models import BookingTime, SlotWait
from lianxin.domain.bookings.queries import checks
from lianxin.domain.bookings.tests.factories import AT, SYSTEM, Centre, book, fresh, live, make_centre, slot
from lianxin.platform import scope
from lianxin.platform.no_overlap import held_by_database
from tests.support.racing import DONE, race

pytestmark = pytest.mark.django_db(transaction=True)
AT_ONCE = 16
STARTS, ENDS = slot()


def nothing_differs() -> bool:
    """Whether the module agrees with itself."""
    found = [*checks.no_two_at_once(), *checks.states_agree(), *checks.offers_hold_a_slot()]
    return not [*found, *checks.seats_equal_stays()]


def race_for_room(centre: Centre) -> Any:
    """Let sixteen book stretches that all overlap."""
    actors = [centre.resident(number % 4) for number in range(AT_ONCE)]
    starts = [slot(opens=f"09:{number:02d}", closes="11:30") for number in range(AT_ONCE)]
    return race(AT_ONCE, lambda number: book(centre, actors[number], starts[number]))


def test_sixteen_want_one_room() -> None:
    centre = make_centre(homes=4)

    outcomes = race_for_room(centre)

    assert outcomes == {DONE: 1, "RoomTaken": AT_ONCE - 1}
    assert len(live(centre.room)) == 1
    assert nothing_differs()


def test_without_lock_and_check_the_database_still_lets_in_one(monkeypatch: pytest.MonkeyPatch) -> None:
    centre = make_centre(homes=4)
    monkeypatch.setattr(slots, "require_free", lambda *_args, **_more: None)
    monkeypatch.setattr(bookings.found.locks, "lock", lambda rows, **_more: list(rows.order_by("pk")))

    outcomes = race_for_room(centre)

    if held_by_database(slots.EXCLUSION):
        assert outcomes == {DONE: 1, "RoomTaken": AT_ONCE - 1}
        assert nothing_differs()
    else:
        # What the check is for: SQLite has no such constraint, and `verify` finds what then happened.
        assert connection.vendor == "sqlite"
        assert outcomes == {DONE: AT_ONCE}
        assert not nothing_differs()


def test_buffers_are_kept_in_a_race() -> None:
    centre = make_centre(homes=4, terms_of_room={"buffer_after": 30})
    half_hours = [
        slot(opens=f"{9 + n // 2:02d}:{n % 2 * 30:02d}", closes=f"{9 + (n + 1) // 2:02d}:{(n + 1) % 2 * 30:02d}")
        for n in range(5)
    ]

    outcomes = race(10, lambda number: book(centre, centre.keeper, half_hours[number % 5]))

    assert outcomes[DONE] in (2, 3)
    assert outcomes[DONE] + outcomes["RoomTaken"] == 10
    assert nothing_differs()


def test_cancelling_and_booking_race_for_who_waits() -> None:
    centre = make_centre(homes=4)
    first = book(centre)
    for number in range(3):
        waits.wait_for_slot(
            actor=centre.resident(number), room=centre.room.pk, starts_at=STARTS, ends_at=ENDS, title="太极", at=AT
        )
    newcomer = centre.resident(3)

    def act(number: int) -> None:
        if number % 4 == 0:
            bookings.cancel_booking(actor=centre.keeper, booking=first.pk, at=AT)
        else:
            book(centre, newcomer)

    outcomes = race(12, act)

    assert outcomes == {DONE: 1, "BookingOver": 2, "RoomTaken": 9}
    with scope.everything():
        states = list(SlotWait.objects.order_by("asked_at", "pk").values_list("state", flat=True))
    assert states == ["offered", "waiting", "waiting"]
    assert nothing_differs()


def test_offer_is_taken_declined_or_lapsed_once() -> None:
    centre = make_centre(homes=2)
    booking = book(centre)
    row = waits.wait_for_slot(
        actor=centre.resident(0), room=centre.room.pk, starts_at=STARTS, ends_at=ENDS, title="太极", at=AT
    )
    bookings.cancel_booking(actor=centre.keeper, booking=booking.pk, at=AT)
    until = fresh(row).offered_until
    actor = centre.resident(0)

    def act(number: int) -> None:
        if number % 3 == 0:
            waits.take_offer(actor=actor, wait=row.pk, at=AT)
        elif number % 3 == 1:
            waits.leave_list(actor=actor, wait=row.pk, at=AT)
        elif not waits.lapse_offers(actor=SYSTEM, at=until):
            raise waits.NotOffered

    outcomes = race(9, act)

    assert outcomes == {DONE: 1, "NotOffered": 8}
    with scope.everything():
        kept = BookingTime.objects.filter(state__in=BookingTime.LIVE).count()
    assert kept == (1 if fresh(row).state == "taken" else 0)
    assert nothing_differs()


def test_sixteen_want_three_seats_and_get_up_again() -> None:
    centre = make_centre(homes=1)
    seats.set_study_seats(actor=centre.keeper, room=centre.small.pk, seats=3, at=AT)

    outcomes = race(AT_ONCE, lambda _number: seats.sit_down(actor=centre.keeper, room=centre.small.pk, at=AT))
    assert outcomes == {DONE: 3, "AllSeatsTaken": AT_ONCE - 3}
    later = AT + timedelta(minutes=5)
    gone = race(6, lambda _number: seats.get_up(actor=centre.keeper, room=centre.small.pk, at=later))

    assert gone[DONE] <= 3
    assert nothing_differs()


def test_one_person_presses_sit_down_many_times() -> None:
    centre = make_centre(homes=1)
    seats.set_study_seats(actor=centre.keeper, room=centre.small.pk, seats=30, at=AT)
    actor = centre.resident(0)

    outcomes = race(AT_ONCE, lambda _number: seats.sit_down(actor=actor, room=centre.small.pk, at=AT))

    assert outcomes == {DONE: 1, "SitsAlready": AT_ONCE - 1}
    assert nothing_differs()


def test_arrival_and_release_by_itself_exclude_one_another() -> None:
    centre = make_centre(homes=1, terms_of_room={"release_after": 10})
    booking = book(centre, centre.resident(0))
    with scope.everything():
        [time] = BookingTime.objects.filter(booking=booking)
    moment = STARTS + timedelta(minutes=10)
    actor = centre.resident(0)

    def act(number: int) -> None:
        if number % 2:
            arrivals.note_arrival(actor=actor, time=time.pk, at=moment)
        else:
            arrivals.release_unused(actor=SYSTEM, at=moment)

    race(8, act)

    assert fresh(time).state in ("used", "released")
    assert nothing_differs()
