"""Many phones at one door: nobody is counted twice, and no more come in than there are places."""

from datetime import timedelta

import pytest

from lianxin.domain.activities.commands.arriving import Guest
from lianxin.domain.activities.commands.attendance import check_in, undo_attendance
from lianxin.domain.activities.tests.attendance_factories import DOOR, claims_of, differences, live, make_hall, signed
from tests.support.racing import DONE, race

pytestmark = pytest.mark.django_db(transaction=True)
AT_ONCE = 12


def test_one_person_scanned_by_many_phones_at_once_is_there_once() -> None:
    hall = make_hall()
    [row] = signed(hall, hall.town.heads[0])

    came = race(
        AT_ONCE,
        lambda _n: check_in(actor=hall.keeper, occurrence=hall.occurrence.pk, sign_up=row.pk, how="own_code", at=DOOR),
    )

    assert came == {DONE: AT_ONCE}
    assert len(live(hall)) == 1
    assert hall.town.balance() == 5
    assert differences() == []


def test_walk_ins_at_several_desks_get_exactly_the_free_places() -> None:
    hall = make_hall(size=5)
    signed(hall, hall.town.heads[0])

    came = race(
        AT_ONCE,
        lambda n: check_in(
            actor=hall.keeper,
            occurrence=hall.occurrence.pk,
            guest=Guest(f"来客{n}", f"1380013{n:04d}"),
            how="walk_in",
            at=DOOR,
        ),
    )

    assert came == {DONE: 4, "FullHouse": AT_ONCE - 4}
    assert len(live(hall)) == 4
    assert hall.fresh().taken == 5
    assert differences() == []


def test_taking_back_and_checking_in_at_once_leave_one_truth() -> None:
    hall = make_hall()
    [row] = signed(hall, hall.town.heads[0])
    first = check_in(actor=hall.keeper, occurrence=hall.occurrence.pk, sign_up=row.pk, how="name", at=DOOR)

    def act(number: int) -> None:
        if number % 2:
            undo_attendance(actor=hall.keeper, attendance=first.pk, reason="认错人", at=DOOR)
        else:
            check_in(
                actor=hall.keeper,
                occurrence=hall.occurrence.pk,
                sign_up=row.pk,
                how="name",
                at=DOOR + timedelta(seconds=1),
            )

    came = race(8, act)

    assert came == {DONE: 8}
    there = live(hall)
    assert len(there) <= 1
    assert hall.figure("person_times") == len(there)
    assert hall.town.balance() == 5 * len(there)
    assert claims_of(first)[0][1] == "reversed"
    assert differences() == []
