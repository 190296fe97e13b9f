"""Who wants the last place at the same moment: as many get one as there are, and each gives it back once."""

import pytest

from lianxin.domain.voice.commands import reception_places
from lianxin.domain.voice.tests.mediation_factories import nothing_differs
from lianxin.domain.voice.tests.reception_factories import AT, make_hall
from lianxin.platform import scope
from tests.support.racing import DONE, race

pytestmark = pytest.mark.django_db(transaction=True)
AT_ONCE = 12


def test_twelve_want_three_slots_and_nine_are_told_that_it_is_full() -> None:
    hall = make_hall()
    day = hall.first().pk

    def act(number: int) -> None:
        reception_places.book(actor=hall.keeper, day=day, guest_name=f"来人{number}", at=AT)

    outcomes = race(AT_ONCE, act)

    assert outcomes == {DONE: 3, "DayFull": AT_ONCE - 3}
    with scope.everything():
        assert sorted(hall.first().places.values_list("slot", flat=True)) == [0, 1, 2]
    assert hall.first().taken == 3
    assert nothing_differs() == []


def test_one_slot_is_chosen_by_many_and_places_given_up_meanwhile_move_up_once() -> None:
    hall = make_hall()
    booked = [hall.guest(f"先来{number}") for number in range(3)]
    waiting = [hall.guest(f"等{number}", wait=True) for number in range(4)]

    def act(number: int) -> None:
        reception_places.give_up(actor=hall.keeper, place=booked[number % 3].pk, at=AT)

    outcomes = race(6, act)

    assert outcomes == {DONE: 3, "PlaceOver": 3}
    with scope.everything():
        states = [type(one).objects.get(pk=one.pk).state for one in waiting]
    assert states == ["booked"] * 3 + ["waiting"]
    assert hall.first().taken == 3
    assert nothing_differs() == []
