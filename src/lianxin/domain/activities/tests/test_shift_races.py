"""Who comes at the same moment: a shift is never taken by too many, and nobody holds two at one time."""

import pytest

from lianxin.domain.activities.commands import certificates, hours, shift_places
from lianxin.domain.activities.models import Certificate, HoursEntry, Shift, ShiftPlace
from lianxin.domain.activities.queries.hours import hours_equal_places
from lianxin.domain.activities.queries.shifts import counts_equal_places
from lianxin.domain.activities.tests.volunteer_factories import (
    AT,
    DAY,
    HOUR,
    START,
    fresh_shift,
    make_helping,
    make_shift,
)
from lianxin.platform import scope
from tests.support.racing import DONE, race

pytestmark = pytest.mark.django_db(transaction=True)
TOGETHER = 16


def test_sixteen_helpers_and_a_shift_for_three() -> None:
    helping = make_helping(people=TOGETHER)
    shift = make_shift(helping, most=3)

    outcomes = race(
        TOGETHER, lambda number: shift_places.take_shift(actor=helping.helper(number), shift=shift.pk, at=AT)
    )

    assert outcomes == {DONE: 3, "ShiftFull": TOGETHER - 3}
    assert fresh_shift(shift).taken == 3
    assert list(counts_equal_places()) == []


def test_with_a_counter_that_is_read_first_a_shift_is_taken_by_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    helping = make_helping(people=TOGETHER)
    shift = make_shift(helping, most=3)
    seen = fresh_shift(shift)

    def take_place(pk, at):  # type: ignore[no-untyped-def]
        Shift.objects.filter(pk=pk).update(taken=seen.taken + 1)
        return Shift.objects.get(pk=pk)

    monkeypatch.setattr(shift_places, "_take_place", take_place)
    outcomes = race(
        TOGETHER, lambda number: shift_places.take_shift(actor=helping.helper(number), shift=shift.pk, at=AT)
    )

    assert outcomes[DONE] > 3
    assert list(counts_equal_places()) != []


def test_one_helper_takes_two_shifts_of_the_same_hour_at_once() -> None:
    helping = make_helping(people=1)
    wanted = [make_shift(helping, most=9, role=f"岗位{number}") for number in range(8)]

    outcomes = race(8, lambda number: shift_places.take_shift(actor=helping.helper(), shift=wanted[number].pk, at=AT))

    assert outcomes == {DONE: 1, "InTwoPlaces": 7}
    with scope.everything():
        assert ShiftPlace.objects.filter(state="taken").count() == 1
    assert list(counts_equal_places()) == []


def test_hours_noted_by_many_at_once_stand_once() -> None:
    helping = make_helping(people=1)
    place = shift_places.take_shift(actor=helping.helper(), shift=make_shift(helping).pk, at=AT)

    outcomes = race(
        8, lambda _number: hours.note_hours(actor=helping.keeper, place=place.pk, came_at=START, at=START + HOUR)
    )

    assert outcomes == {DONE: 8}
    with scope.everything():
        assert list(HoursEntry.objects.values_list("minutes", flat=True)) == [120]
    assert list(hours_equal_places()) == []


def test_certificates_issued_at_once_have_numbers_of_their_own() -> None:
    helping = make_helping(people=8)
    shift = make_shift(helping, most=8)
    for number in range(8):
        place = shift_places.take_shift(actor=helping.helper(number), shift=shift.pk, at=AT)
        hours.note_hours(actor=helping.keeper, place=place.pk, at=START + HOUR)

    def issue(number: int) -> Certificate:
        return certificates.issue_certificate(
            actor=helping.helper(number), from_on=DAY, until_on=DAY, at=START + 3 * HOUR
        )

    outcomes = race(8, issue)

    assert outcomes == {DONE: 8}
    with scope.everything():
        numbers = sorted(Certificate.objects.values_list("number", flat=True))
    assert numbers == [f"V2026-{serial:06d}" for serial in range(1, 9)]
