"""Declared hours, doors opened and locked, visitors counted."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianxin.domain.places.commands.opening import (
    AlreadyOpen,
    NotOpen,
    VenueNotWorking,
    add_opening_exception,
    close_forgotten_openings,
    lock_venue,
    open_venue,
    remove_opening_exception,
    set_opening_hours,
    undo_opening,
)
from lianxin.domain.places.commands.venues import pause_venue
from lianxin.domain.places.commands.visits import record_visits, undo_visits
from lianxin.domain.places.models import OpeningLog, Venue
from lianxin.domain.places.queries import figures
from lianxin.domain.places.queries.opening import (
    count_visits_by_purpose,
    hours_by_day,
    observed_opening,
    opening_states,
)
from lianxin.domain.places.rules.opening import common_minutes, forgotten_close, is_service_day, minutes_of
from lianxin.platform import facts, scope
from lianxin.platform.contributions import Window
from lianxin.platform.errors import Invalid, NotAllowed
from lianxin.platform.models import CalendarDay

from .factories import AT, SYSTEM, TODAY, give_office_hours, make_district, make_staff, make_venue

MORNING = datetime(2026, 11, 20, 0, 30, tzinfo=UTC)  # 8:30 in Shanghai
MOMENTS = st.integers(0, 2880).map(lambda minute: AT + timedelta(minutes=minute))


@pytest.fixture
def venue(db: None) -> Venue:
    made = make_venue(make_district()["翠英居委会"])
    give_office_hours(made)
    return made


def _state(venue: Venue, at: datetime) -> object:
    with scope.everything():
        return opening_states([venue], at=at)[venue.pk]


def _local(hour: int, minute: int = 0, on: date = TODAY) -> datetime:
    return datetime(on.year, on.month, on.day, hour, minute, tzinfo=UTC) - timedelta(hours=8)


@given(st.lists(st.tuples(MOMENTS, MOMENTS), max_size=6), st.lists(st.tuples(MOMENTS, MOMENTS), max_size=6))
def test_common_time_is_never_more_than_either(one: list, other: list) -> None:
    shared = common_minutes(one, other)

    assert shared == common_minutes(other, one)
    assert shared <= min(minutes_of(one), minutes_of(other))
    assert common_minutes(one, one) == minutes_of(one)


def test_the_last_friday_of_a_month_is_told_from_the_third() -> None:
    assert is_service_day(date(2026, 11, 27), weekday=4, week_of_month=5)
    assert not is_service_day(TODAY, weekday=4, week_of_month=5)
    assert is_service_day(TODAY, weekday=4, week_of_month=3)
    assert is_service_day(TODAY, weekday=4, week_of_month=None)
    assert not is_service_day(TODAY, weekday=3, week_of_month=None)


def test_a_forgotten_door_closes_at_the_declared_end_after_an_hour_of_grace() -> None:
    end = _local(21)

    assert forgotten_close(MORNING, end, end + timedelta(minutes=59)) is None
    assert forgotten_close(MORNING, end, end + timedelta(hours=1)) == end
    assert forgotten_close(MORNING, None, MORNING + timedelta(hours=17)) == MORNING + timedelta(hours=16)


def test_a_venue_is_open_by_its_declared_hours(venue: Venue) -> None:
    assert _state(venue, _local(10)).until == _local(12)
    assert not _state(venue, _local(13)).is_open
    assert _state(venue, _local(13)).opens_next == _local(14, 30)
    assert _state(venue, _local(20, 59)).is_open
    assert _state(venue, _local(22)).opens_next == _local(8, 30, TODAY + timedelta(days=3))


def test_an_exception_goes_before_the_weekly_hours(venue: Venue) -> None:
    closed = add_opening_exception(
        actor=SYSTEM, venue=venue.pk, first_on=TODAY, last_on=TODAY, reason="停电检修", at=AT
    )

    assert not _state(venue, _local(10)).is_open
    assert _state(venue, _local(10)).exception_reason == "停电检修"

    remove_opening_exception(actor=SYSTEM, exception=closed.pk, at=AT)
    add_opening_exception(
        actor=SYSTEM,
        venue=venue.pk,
        first_on=TODAY,
        last_on=TODAY,
        opens=time(18),
        closes=time(22),
        reason="夜间电影",
        at=AT,
    )
    assert _state(venue, _local(21, 30)).is_open


def test_two_exceptions_that_contradict_are_refused(venue: Venue) -> None:
    add_opening_exception(actor=SYSTEM, venue=venue.pk, first_on=TODAY, last_on=TODAY, reason="停电检修", at=AT)

    with pytest.raises(Invalid, match="停电检修"):
        add_opening_exception(
            actor=SYSTEM,
            venue=venue.pk,
            first_on=TODAY,
            last_on=TODAY,
            opens=time(9),
            closes=time(10),
            reason="半天",
            at=AT,
        )


def test_hours_declared_for_later_hold_from_their_day(venue: Venue) -> None:
    summer = TODAY + timedelta(days=10)
    set_opening_hours(actor=SYSTEM, venue=venue.pk, hours=[(0, time(7), time(19))], from_on=summer, at=AT)

    with scope.everything():
        days = hours_by_day([venue], days=[TODAY, summer, date(2026, 11, 30), date(2026, 12, 1)])[venue.pk]

    assert [len(days[day]) for day in (TODAY, date(2026, 11, 30), date(2026, 12, 1))] == [2, 1, 0]


def test_hours_that_overlap_are_refused(venue: Venue) -> None:
    with pytest.raises(Invalid):
        set_opening_hours(
            actor=SYSTEM,
            venue=venue.pk,
            hours=[(0, time(8), time(12)), (0, time(11), time(18))],
            from_on=TODAY,
            at=AT,
        )


def test_hours_may_pass_midnight(venue: Venue) -> None:
    hours = [(weekday, time(18), time(2)) for weekday in range(7)]
    set_opening_hours(actor=SYSTEM, venue=venue.pk, hours=hours, from_on=date(2026, 1, 1), at=AT)

    assert _state(venue, _local(1)).is_open
    assert not _state(venue, _local(3)).is_open


def test_a_venue_that_keeps_holidays_is_closed_on_them_and_open_on_make_up_days(venue: Venue) -> None:
    saturday = date(2026, 11, 21)
    CalendarDay.objects.update_or_create(day_on=TODAY, defaults={"is_workday": False, "name": "假日"})
    CalendarDay.objects.update_or_create(day_on=saturday, defaults={"is_workday": True, "name": "调休"})

    assert _state(venue, _local(10)).is_open
    venue.closed_on_holidays = True
    assert not _state(venue, _local(10)).is_open
    assert _state(venue, _local(10, on=saturday)).is_open


def test_an_opened_door_is_seen_open_outside_declared_hours(venue: Venue) -> None:
    host = make_staff("host", venue.community_id, venues=frozenset({venue.pk}))
    open_venue(actor=host, venue=venue.pk, at=_local(13))

    state = _state(venue, _local(13, 30))

    assert (state.is_open, state.seen, state.since) == (True, True, _local(13))


def test_opening_twice_is_one_opening_and_another_person_is_told(venue: Venue) -> None:
    host = make_staff("host", venue.community_id, venues=frozenset({venue.pk}))
    staff = make_staff("community_staff", venue.community_id)

    first = open_venue(actor=host, venue=venue.pk, at=MORNING)
    again = open_venue(actor=host, venue=venue.pk, at=MORNING + timedelta(minutes=5))
    with pytest.raises(AlreadyOpen, match="08:30"):
        open_venue(actor=staff, venue=venue.pk, at=MORNING + timedelta(minutes=6))

    assert first == again
    with scope.everything():
        assert OpeningLog.objects.count() == 1


def test_another_venues_host_cannot_open_the_door(venue: Venue) -> None:
    with pytest.raises(NotAllowed):
        open_venue(actor=make_staff("host", venue.community_id), venue=venue.pk, at=MORNING)


def test_a_paused_venue_is_not_opened(venue: Venue) -> None:
    pause_venue(actor=SYSTEM, venue=venue.pk, on=TODAY, at=MORNING)

    with pytest.raises(VenueNotWorking):
        open_venue(actor=SYSTEM, venue=venue.pk, at=AT)


def test_a_locked_door_ends_the_opening_once(venue: Venue) -> None:
    opening = open_venue(actor=SYSTEM, venue=venue.pk, at=MORNING)
    locked = [lock_venue(actor=SYSTEM, venue=venue.pk, at=_local(12, minute)) for minute in (0, 1)]

    assert [log.pk for log in locked] == [opening.pk, opening.pk]
    assert locked[1].closed_at == _local(12)
    with pytest.raises(NotOpen):
        lock_venue(actor=SYSTEM, venue=venue.pk, at=_local(15))


def test_a_forgotten_door_is_closed_by_the_schedule_with_a_note(venue: Venue) -> None:
    log = open_venue(actor=SYSTEM, venue=venue.pk, at=_local(15))

    assert close_forgotten_openings(actor=SYSTEM, at=_local(21, 30)) == 0
    assert close_forgotten_openings(actor=SYSTEM, at=_local(22, 5)) == 1

    with scope.everything():
        closed = OpeningLog.objects.get(pk=log.pk)
    assert (closed.closed_at, closed.closed_by_schedule) == (_local(21), True)
    assert closed.note


def test_a_door_forgotten_yesterday_does_not_stop_todays_opening(venue: Venue) -> None:
    yesterday = open_venue(actor=SYSTEM, venue=venue.pk, at=MORNING - timedelta(days=1))

    today = open_venue(actor=make_staff("district_staff"), venue=venue.pk, at=MORNING)

    assert today != yesterday
    with scope.everything():
        assert OpeningLog.objects.get(pk=yesterday.pk).closed_by_schedule


def test_an_undone_opening_counts_for_nothing(venue: Venue) -> None:
    log = open_venue(actor=SYSTEM, venue=venue.pk, at=MORNING)
    for _ in range(2):
        undo_opening(actor=SYSTEM, opening=log.pk, at=AT)
    window = Window(TODAY, TODAY + timedelta(days=1))

    with scope.everything():
        assert facts.figure("openings", from_on=window.from_on, until_on=window.until_on) == 0
        assert figures.openings(window) == 0
    assert not _state(venue, _local(13)).is_open


def test_visits_are_counted_without_names_and_can_be_taken_back(venue: Venue) -> None:
    record_visits(actor=SYSTEM, venue=venue.pk, count=5, purpose="water", at=AT)
    wrong = record_visits(actor=SYSTEM, venue=venue.pk, count=50, purpose="rest", at=AT)
    undo_visits(actor=SYSTEM, visits=wrong.pk, at=AT)
    window = Window(TODAY, TODAY + timedelta(days=1))

    with scope.everything():
        assert facts.figure("visits", from_on=window.from_on, until_on=window.until_on) == 5
        assert figures.visits(window) == 5
        assert count_visits_by_purpose(venue.pk, from_on=window.from_on, until_on=window.until_on) == {"water": 5}


@pytest.mark.parametrize(
    ("entry", "field"),
    [
        ({"count": 0}, "count"),
        ({"count": -3}, "count"),
        ({"count": 100_000}, "count"),
        ({"count": 1, "purpose": "shopping"}, "purpose"),
        ({"count": 1, "counted_at": AT + timedelta(hours=1)}, "counted_at"),
        ({"count": 1, "counted_at": AT - timedelta(days=40)}, "counted_at"),
    ],
)
def test_a_count_that_cannot_be_is_named_by_its_field(venue: Venue, entry: dict, field: str) -> None:
    staff = make_staff("community_staff", venue.community_id)

    with pytest.raises(Invalid) as caught:
        record_visits(actor=staff, venue=venue.pk, at=AT, **entry)

    assert field in caught.value.fields


def test_observed_opening_is_compared_with_the_declared_hours(venue: Venue) -> None:
    # given a Friday of 3.5 + 6.5 declared hours, seen open from 9:00 to 12:30 and from 14:30 to 18:00
    for start, end in ((_local(9), _local(12, 30)), (_local(14, 30), _local(18))):
        open_venue(actor=SYSTEM, venue=venue.pk, at=start)
        lock_venue(actor=SYSTEM, venue=venue.pk, at=end)

    with scope.everything():
        seen = observed_opening([venue], from_on=TODAY, until_on=TODAY + timedelta(days=1), at=_local(23))[venue.pk]

    assert (seen.declared_minutes, seen.observed_minutes, seen.kept_minutes) == (600, 420, 390)
    assert (seen.days_declared, seen.days_opened, seen.openings, seen.kept_percent) == (1, 1, 2, 65)
