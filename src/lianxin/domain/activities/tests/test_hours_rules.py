"""What a shift counts: minutes, the moments that clock times mean, the way from one shift to the next."""

from datetime import UTC, datetime, time, timedelta

import pytest

from lianxin.domain.activities.rules.hours import counted_minutes, moments_of, plain_hours
from lianxin.domain.activities.rules.shifts import Span, find_clash, travel_minutes
from lianxin.engines.geo import Point
from lianxin.platform.clock import LOCAL

START = datetime(2026, 3, 7, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("came", "left", "minutes"),
    [
        (None, None, 120),
        (0, None, 120),
        (14, None, 120),
        (30, None, 90),
        (-90, None, 120),
        (0, 120, 120),
        (-60, 120, 150),
        (0, 300, 180),
        (10, 70, 60),
        (130, 100, 0),
    ],
)
def test_minutes_that_count(came: int | None, left: int | None, minutes: int) -> None:
    def moment(after: int | None):  # type: ignore[no-untyped-def]
        return None if after is None else START + timedelta(minutes=after)

    counted = counted_minutes(starts_at=START, ends_at=START + 2 * HOUR, came_at=moment(came), left_at=moment(left))

    assert counted == minutes


@pytest.mark.parametrize(("minutes", "words"), [(0, "0"), (60, "1"), (90, "1.5"), (125, "2.1"), (-30, "-0.5")])
def test_hours_are_written_plainly(minutes: int, words: str) -> None:
    assert plain_hours(minutes) == words


def test_way_on_foot_or_by_bicycle_whichever_is_quicker() -> None:
    def span(lat: float, hour: int) -> Span:
        return Span(START + hour * HOUR, START + (hour + 1) * HOUR, None, Point(116.7, lat))

    assert travel_minutes(span(23.37, 0), to=span(23.3705, 1)) == 0
    assert 6 < travel_minutes(span(23.37, 0), to=span(23.38, 1)) < 16
    assert travel_minutes(Span(START, START + 3 * HOUR), to=span(23.5, 4)) == 0
    assert find_clash(span(23.5, 1), held=[span(23.37, 0)]) is not None
    assert find_clash(span(23.5, 3), held=[span(23.37, 0)]) is None


@pytest.mark.parametrize(
    ("shift", "came", "left", "hours"),
    [
        ((9, 11), time(9, 30), time(10, 30), (9.5, 10.5)),
        ((9, 11), time(10), time(9), (10, 9)),
        ((9, 11), time(7), time(23), (7, 23)),
        ((22, 25), time(22), time(0, 30), (22, 24.5)),
        ((22, 25), time(22), time(23, 30), (22, 23.5)),
        ((22, 25), time(0, 15), time(1, 45), (24.25, 25.75)),
        ((22, 25), time(21), time(3), (21, 27)),
        ((21, 23.5), time(21), time(0, 15), (21, 24.25)),
        ((24, 26), time(23, 40), time(1), (23 + 2 / 3, 25)),
    ],
)
def test_clock_times_are_of_the_day_on_which_the_shift_has_them(
    shift: tuple[float, float], came: time, left: time, hours: tuple[float, float]
) -> None:
    midnight = datetime(2026, 3, 7, tzinfo=LOCAL)
    starts_at, ends_at = (midnight + hour * HOUR for hour in shift)

    found = moments_of(came=came, left=left, starts_at=starts_at, ends_at=ends_at)

    assert found == tuple(midnight + hour * HOUR for hour in hours)
