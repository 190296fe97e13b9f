"""Repeated bookings: dates follow the wall clock, and a date changed by hand keeps its change."""

from datetime import date, time, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from lianxin.domain.bookings.commands import bookings, series, slots
from lianxin.domain.bookings.rules import recurrence
from lianxin.domain.bookings.rules.spans import Span
from lianxin.domain.bookings.tests.factories import (
    AT,
    MONDAY,
    Centre,
    book,
    fresh,
    lend,
    make_centre,
    slot,
    states_of,
    times_of,
)
from lianxin.platform.clock import LOCAL, local_day
from lianxin.platform.errors import Invalid

FIRST = Span(*slot())


@pytest.fixture
def centre() -> Centre:
    """A centre with a hall that residents may book."""
    return make_centre()


def dates(**values) -> list[date]:  # type: ignore[no-untyped-def]
    """The days of a recurrence that begins on a Monday."""
    entries = {"first": FIRST, "every": "week", "until": MONDAY + timedelta(days=28)} | values
    return [local_day(span.starts_at) for span in recurrence.dates_of(**entries)]


def weekly_booking(centre: Centre, count: int = 4, **more):  # type: ignore[no-untyped-def]
    """A booking each Monday with its recurrence written down."""
    until = MONDAY + timedelta(days=7 * (count - 1))
    spans = recurrence.dates_of(first=FIRST, every="week", until=until)
    given_as = recurrence.as_given(every="week", interval=1, weekdays=[0], until=until)
    return book(centre, None, *spans, recurrence=given_as, **more)


def hours_of(booking) -> list[str]:  # type: ignore[no-untyped-def]
    """Day and hours of each date as the wall clock shows them."""
    return [f"{row.starts_at.astimezone(LOCAL):%m-%d %H:%M}" for row in times_of(booking)]


def test_each_week_each_other_week_and_each_day() -> None:
    assert dates() == [MONDAY + timedelta(days=7 * n) for n in range(5)]
    assert dates(interval=2) == [MONDAY + timedelta(days=14 * n) for n in range(3)]
    assert len(dates(every="day")) == 29
    assert dates(weekdays=[0, 3], until=MONDAY + timedelta(days=7)) == [
        MONDAY,
        MONDAY + timedelta(days=3),
        MONDAY + timedelta(days=7),
    ]


def test_month_without_that_day_has_no_date() -> None:
    first = Span(*slot(date(2026, 12, 31)))

    found = dates(first=first, every="month", until=date(2027, 5, 1))

    assert found == [date(2026, 12, 31), date(2027, 1, 31), date(2027, 3, 31)]


def test_skipped_days_are_left_out() -> None:
    assert MONDAY + timedelta(days=7) not in dates(skip={MONDAY + timedelta(days=7)})


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("every", {"every": "year"}),
        ("interval", {"interval": 0}),
        ("weekdays", {"weekdays": [7]}),
        ("until", {"until": MONDAY - timedelta(days=1)}),
        ("until", {"until": MONDAY + timedelta(days=365 * 6)}),
        ("until", {"every": "day", "until": MONDAY + timedelta(days=500)}),
    ],
)
def test_impossible_recurrence_is_named(field: str, values: dict) -> None:
    with pytest.raises(Invalid) as refused:
        dates(**values)

    assert list(refused.value.fields) == [field]


@given(
    every=st.sampled_from(["day", "week", "month"]),
    interval=st.integers(1, 6),
    weekdays=st.sets(st.integers(0, 6)),
    days=st.integers(0, 360),
)
def test_all_dates_lie_between_first_and_last_at_the_same_hour(every, interval, weekdays, days) -> None:  # type: ignore[no-untyped-def]
    until = MONDAY + timedelta(days=days)
    wanted = set(weekdays) if every != "month" else set()
    assume(every == "month" or not wanted or days >= 7 * interval)
    assume(every != "day" or not wanted or interval == 1)
    spans = recurrence.dates_of(first=FIRST, every=every, interval=interval, weekdays=weekdays, until=until)

    assert spans == sorted(set(spans))
    assert all(MONDAY <= local_day(span.starts_at) <= until for span in spans)
    assert {f"{span.starts_at.astimezone(LOCAL):%H:%M}" for span in spans} == {"09:00"}
    assert {span.minutes for span in spans} == {60}


@pytest.mark.django_db
def test_changed_hours_leave_the_date_that_was_moved_by_hand(centre: Centre) -> None:
    booking = weekly_booking(centre)
    second = times_of(booking)[1]
    starts_at, ends_at = slot(MONDAY + timedelta(days=8), "15:00", "16:00")
    bookings.move_time(actor=centre.keeper, time=second.pk, starts_at=starts_at, ends_at=ends_at, at=AT)

    changed = series.change_series(actor=centre.keeper, booking=booking.pk, opens=time(10), closes=time(11, 30), at=AT)

    assert len(changed) == 3
    assert hours_of(booking) == ["11-23 10:00", "12-01 15:00", "12-07 10:00", "12-14 10:00"]


@pytest.mark.django_db
def test_edited_dates_change_too_when_that_is_wished(centre: Centre) -> None:
    booking = weekly_booking(centre, 2)
    second = times_of(booking)[1]
    starts_at, ends_at = slot(MONDAY + timedelta(days=8), "15:00", "16:00")
    bookings.move_time(actor=centre.keeper, time=second.pk, starts_at=starts_at, ends_at=ends_at, at=AT)

    series.change_series(
        actor=centre.keeper, booking=booking.pk, opens=time(10), closes=time(11), edited_too=True, at=AT
    )

    assert hours_of(booking) == ["11-23 10:00", "12-01 10:00"]


@pytest.mark.django_db
def test_dates_move_onto_the_days_of_their_own_followers(centre: Centre) -> None:
    booking = weekly_booking(centre)

    series.change_series(actor=centre.keeper, booking=booking.pk, opens=time(9), closes=time(10), days=7, at=AT)

    assert hours_of(booking) == ["11-30 09:00", "12-07 09:00", "12-14 09:00", "12-21 09:00"]
    assert states_of(booking) == ["confirmed"] * 4


@pytest.mark.django_db
def test_only_the_following_dates_change(centre: Centre) -> None:
    booking = weekly_booking(centre)
    third = times_of(booking)[2]

    series.change_series(
        actor=centre.keeper, booking=booking.pk, first=third.pk, opens=time(9), closes=time(10), days=1, at=AT
    )

    assert hours_of(booking) == ["11-23 09:00", "11-30 09:00", "12-08 09:00", "12-15 09:00"]
    assert fresh(booking).recurrence["weekdays"] == [1]


@pytest.mark.django_db
def test_series_that_would_meet_another_booking_changes_nothing(centre: Centre) -> None:
    booking = weekly_booking(centre)
    book(centre, None, slot(MONDAY + timedelta(days=14), "11:00", "12:00"), title="理事会")

    with pytest.raises(slots.RoomTaken, match="理事会"):
        series.change_series(actor=centre.keeper, booking=booking.pk, opens=time(10), closes=time(11, 30), at=AT)

    assert hours_of(booking)[0] == "11-23 09:00"
    assert states_of(booking) == ["confirmed"] * 4


@pytest.mark.django_db
def test_series_is_extended_and_ended(centre: Centre) -> None:
    booking = weekly_booking(centre, 2)

    series.extend_series(actor=centre.keeper, booking=booking.pk, until=MONDAY + timedelta(days=28), at=AT)
    assert len(times_of(booking)) == 5
    third = times_of(booking)[2]
    ended = series.end_series(actor=centre.keeper, booking=booking.pk, first=third.pk, reason="老师回乡", at=AT)

    assert ended == 3
    assert states_of(booking) == ["confirmed"] * 2 + ["cancelled"] * 3
    assert fresh(booking).recurrence["until"] == "2026-12-06"


@pytest.mark.django_db
def test_series_on_terms_may_not_grow_past_approval(centre: Centre) -> None:
    lend(centre, needs_approval=True, days_ahead=90)
    spans = [slot(), slot(MONDAY + timedelta(days=7))]
    words = recurrence.as_given(every="week", interval=1, weekdays=[0], until=MONDAY + timedelta(days=7))
    booking = book(centre, centre.resident(), *spans, recurrence=words)

    with pytest.raises(Invalid) as refused:
        series.extend_series(actor=centre.resident(), booking=booking.pk, until=MONDAY + timedelta(days=14), at=AT)

    assert list(refused.value.fields) == ["until"]
