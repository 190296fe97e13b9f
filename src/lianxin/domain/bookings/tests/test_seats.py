"""Study seats behind an open door."""

from datetime import timedelta

import pytest

from lianxin.domain.bookings.commands import seats
from lianxin.domain.bookings.models import SeatStay, StudySeats
from lianxin.domain.bookings.queries import checks
from lianxin.domain.bookings.tests.factories import AT, SYSTEM, Centre, anybody, make_centre
from lianxin.platform import scope
from lianxin.platform.errors import Invalid, Missing, NotAllowed

pytestmark = pytest.mark.django_db


@pytest.fixture
def centre() -> Centre:
    """A centre whose small room has two study seats."""
    made = make_centre()
    seats.set_study_seats(actor=made.keeper, room=made.small.pk, seats=2, longest_minutes=120, at=AT)
    return made


def taken(centre: Centre) -> int:
    """How many seats are taken."""
    with scope.everything():
        assert list(checks.seats_equal_stays()) == []
        return StudySeats.objects.get(room=centre.small).taken


def test_seats_are_taken_and_given_back(centre: Centre) -> None:
    seats.sit_down(actor=centre.resident(0), room=centre.small.pk, at=AT)
    seats.sit_down(actor=centre.keeper, room=centre.small.pk, at=AT)
    assert taken(centre) == 2

    seats.get_up(actor=centre.resident(0), at=AT + timedelta(minutes=30))
    seats.get_up(actor=centre.keeper, room=centre.small.pk, at=AT + timedelta(minutes=40))

    assert taken(centre) == 0
    with pytest.raises(seats.NobodySits):
        seats.get_up(actor=centre.keeper, room=centre.small.pk, at=AT + timedelta(minutes=41))


def test_full_room_and_second_seat_are_refused(centre: Centre) -> None:
    seats.sit_down(actor=centre.resident(0), room=centre.small.pk, at=AT)
    with pytest.raises(seats.SitsAlready):
        seats.sit_down(actor=centre.resident(0), room=centre.small.pk, at=AT)
    seats.sit_down(actor=centre.keeper, room=centre.small.pk, at=AT)

    with pytest.raises(seats.AllSeatsTaken):
        seats.sit_down(actor=centre.resident(1), room=centre.small.pk, at=AT)

    assert taken(centre) == 2


def test_nobody_sits_down_for_another(centre: Centre) -> None:
    with pytest.raises(NotAllowed):
        seats.sit_down(actor=centre.resident(0), room=centre.small.pk, person=centre.member(1).pk, at=AT)
    with pytest.raises(NotAllowed):
        seats.sit_down(actor=anybody("volunteer").visiting(centre.community.pk), room=centre.small.pk, at=AT)
    with pytest.raises(Missing):
        seats.sit_down(actor=centre.resident(0), room=centre.room.pk, at=AT)


def test_forgotten_stay_ends_by_itself_after_the_longest_time(centre: Centre) -> None:
    stay = seats.sit_down(actor=centre.resident(0), room=centre.small.pk, at=AT)

    assert seats.end_forgotten_stays(actor=SYSTEM, at=AT + timedelta(minutes=119)) == 0
    assert seats.end_forgotten_stays(actor=SYSTEM, at=AT + timedelta(minutes=300)) == 1

    with scope.everything():
        row = SeatStay.objects.get(pk=stay.pk)
    assert (row.left_at, row.left_by_schedule, taken(centre)) == (AT + timedelta(minutes=120), True, 0)


def test_seats_do_not_go_below_what_is_taken(centre: Centre) -> None:
    seats.sit_down(actor=centre.resident(0), room=centre.small.pk, at=AT)

    with pytest.raises(Invalid):
        seats.set_study_seats(actor=centre.keeper, room=centre.small.pk, seats=0, at=AT)
