"""The sample district tells a year of activities and the weeks around its day, and tells it once."""

from collections import Counter
from datetime import date, timedelta
from typing import Any

import pytest

from lianxin.domain.activities.commands.history import take_in_history
from lianxin.domain.activities.models import (
    Activity,
    Attendance,
    Certificate,
    ChainPaste,
    HoursEntry,
    NoShow,
    Occurrence,
    ReportingIn,
    ShiftPlace,
    SignUp,
    Team,
)
from lianxin.domain.activities.sample import parts as sample_parts
from lianxin.domain.bookings.models import Booking, BookingTime, RoomTerms, SeatStay
from lianxin.domain.points.models import Claim
from lianxin.platform import contributions, facts, scope
from lianxin.platform.clock import LOCAL, local_day, local_moment
from lianxin.platform.contributions import Window
from lianxin.platform.deployment import find_deployment
from lianxin.platform.sample import Plan, build_part, parts, plan_of
from tests.support.district import SmallDistrict

FLOWS = (
    "occurrences_held",
    "person_times",
    "volunteer_occurrences",
    "volunteer_person_times",
    "volunteer_minutes",
    "crowd_counted",
)


def plan_here() -> Plan:
    """The plan by which the small district was built."""
    row = find_deployment()
    assert row is not None
    return plan_of(row)


def test_closed_year_has_its_part_and_figures_are_counts(small_district_with_points: SmallDistrict) -> None:
    year = plan_here().told_year
    window = Window(date(year, 1, 1), date(year + 1, 1, 1))

    with scope.everything():
        said = {name: facts.figure(name, from_on=window.from_on, until_on=window.until_on) for name in FLOWS}
        counted = {name: contributions.measure(name).query(window) for name in FLOWS}

    assert said == counted
    assert said["occurrences_held"] == 49
    assert 1_000 <= said["person_times"] <= 1_030
    assert (said["volunteer_occurrences"], said["volunteer_person_times"]) == (7, 32)


def test_voluntary_work_of_pilots_counts_hours_and_points(small_district_with_points: SmallDistrict) -> None:
    with scope.everything():
        came = Attendance.objects.filter(occurrence__activity__is_volunteering=True)
        people = dict(came.values_list("pk", "person"))
        entries = HoursEntry.objects.filter(shift_place__attendances__in=people)
        claims = Claim.objects.filter(source_kind="activities.attendance")
        reporting = set(ReportingIn.objects.values_list("person", flat=True))
        helping = set(ShiftPlace.objects.filter(is_reporting_in=True).values_list("person", flat=True))

        assert entries.count() == came.count() > 0
        assert claims.filter(state="awarded", points__gt=0).exists()
        assert set(claims.values_list("source_id", flat=True)) <= set(people)
        assert Team.objects.filter(members__role="leader").exists()
        assert helping <= reporting
        assert Certificate.objects.filter(minutes__gt=0).exists()


def test_people_come_as_they_do(small_district_with_points: SmallDistrict) -> None:
    with scope.everything():
        held = SignUp.objects.filter(occurrence__state="held", occurrence__takes_sign_ups=True, state="confirmed")
        signed = held.exclude(how="walk_in")
        absent = signed.filter(attendances=None).count() / signed.count()
        here = Attendance.objects.select_related("person", "occurrence")
        near = sum(row.person is not None and row.person.community_id == row.community_id for row in here)
        hours = [row.occurrence.starts_at.astimezone(LOCAL).hour for row in here]
        days = Counter((row.person_id, local_day(row.occurrence.starts_at)) for row in here)

        assert 0.06 < absent < 0.18
        assert 0.6 < near / here.count() < 0.97
        assert min(hours) >= 7
        assert max(hours) <= 20
        assert max(days.values()) == 1
        assert {"over", "cancelled", "confirmed"} <= set(SignUp.objects.values_list("state", flat=True))
        assert SignUp.objects.filter(how="walk_in").exists()
        assert not NoShow.objects.filter(person__birth_on__lt=date(plan_here().told_year - 62, 1, 1)).exists()


def test_weeks_around_today_are_alive(small_district_with_points: SmallDistrict) -> None:
    today = small_district_with_points.today
    now = local_moment(today)

    with scope.everything():
        dates = Occurrence.objects.filter(activity__is_sample=True)
        coming = dates.filter(state="published", starts_at__gt=now)

        assert dates.filter(state="held", starts_at__gte=now - timedelta(days=28)).exists()
        assert coming.filter(starts_at__lt=now + timedelta(days=1), taken__gt=0).exists()
        assert coming.filter(waiting__gt=0).exists()
        assert coming.filter(is_drawn=True, drawn_at=None).exclude(seed_digest="").exists()
        assert coming.filter(first_for="neighbours").exists()
        assert coming.filter(activity__partners__isnull=False).exists()
        assert max(Counter(coming.values_list("activity", flat=True)).values()) >= 3
        assert coming.filter(booking_time__isnull=False).exists()
        assert SignUp.objects.filter(state="in_draw").exists()
        assert SignUp.objects.filter(state="offered").exists()
        assert SignUp.objects.filter(guest_name__contains="样例").exists()
        assert ChainPaste.objects.filter(state="read").exists()
        assert Activity.objects.filter(state="draft", is_sample=True).exists()
        assert not Occurrence.objects.filter(state="published", ends_at__lte=now).exists()


def test_rooms_are_lent_booked_and_waited_for(small_district_with_points: SmallDistrict) -> None:
    with scope.everything():
        states = set(BookingTime.objects.values_list("state", flat=True))

        assert RoomTerms.objects.filter(open_to="residents").exists()
        assert {"confirmed", "used", "asked"} <= states
        assert Booking.objects.filter(state="asked", person__isnull=False).exists()
        assert Booking.objects.exclude(recurrence={}).exists()
        assert SeatStay.objects.filter(left_at__isnull=False).exists()


def test_killed_worker_goes_on_without_doing_anything_twice(small_district_with_points: SmallDistrict) -> None:
    def content() -> list[int]:
        with scope.everything():
            models = (Activity, Occurrence, SignUp, Attendance, HoursEntry, Team, Booking, Claim, Certificate)
            return [model._default_manager.count() for model in models]

    before = content()
    plan = plan_here()
    for part in parts(background=True):
        build_part(part, plan)

    assert content() == before


def test_worker_killed_between_two_communities_goes_on(
    small_district: SmallDistrict, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[object] = []
    take = take_in_history

    def dies_at_the_third(**values: Any) -> int:
        calls.append(values["community"])
        if len(calls) == 3:
            raise RuntimeError("the power went")
        return take(**values)

    monkeypatch.setattr("lianxin.domain.activities.sample.parts.take_in_history", dies_at_the_third)
    with pytest.raises(RuntimeError, match="the power went"):
        sample_parts.build_year(plan_here())
    with scope.everything():
        some = Activity.objects.count()

    sample_parts.build_year(plan_here())
    sample_parts.build_year(plan_here())

    with scope.everything():
        assert 0 < some < Activity.objects.count()
        held = Occurrence.objects.filter(
            state="held", starts_at__lt=local_moment(date(plan_here().told_year + 1, 1, 1))
        )
        # The voluntary work of the pilots is told with their passbooks.
        assert held.count() == 49 - 7
