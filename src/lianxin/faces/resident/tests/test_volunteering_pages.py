"""Helping on the resident's phone: what is needed near home, a shift taken and given back, hours, a certificate."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from lianxin.domain.activities.commands import hours, shifts
from lianxin.domain.activities.models import (
    Activity,
    Attendance,
    Certificate,
    Occurrence,
    ReportingIn,
    Shift,
    ShiftPlace,
    Volunteer,
)
from lianxin.domain.people.models import Person
from lianxin.domain.places.models import ServiceCategory
from lianxin.platform import scope
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day, now

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system()
MOST = 12


def open_shift(small_district, community: Any = None, **values: Any) -> Shift:
    """A shift of the day after tomorrow."""
    start = values.pop("starts_at", now() + timedelta(days=2))
    where = small_district.centre if community is None else small_district.foreign_centre
    entries = {"role": "引导", "most": 3, "venue": where.pk, "at": now()}
    return shifts.open_shift(
        actor=SYSTEM,
        community=(community or small_district.cuiying).pk,
        starts_at=start,
        ends_at=start + timedelta(hours=2),
        **entries | values,
    )


def page_of(shift: Shift) -> str:
    """Where a shift is."""
    return reverse("resident:volunteer_shift", args=[shift.pk])


def my_place() -> ShiftPlace:
    """The one place on a shift."""
    with scope.everything():
        return ShiftPlace.objects.select_related("person").get()


def test_what_is_needed_here_and_everywhere(small_district, visitor) -> None:
    open_shift(small_district, role="引导老人")
    open_shift(small_district, community=small_district.jinzhou_village, role="搬椅子")
    visitor.cookies["lianxin-language"] = "en"

    here = visitor.get(reverse("resident:volunteering")).content.decode()
    everywhere = visitor.get(reverse("resident:volunteering"), {"where": "all"}).content.decode()

    assert "引导老人" in here
    assert "搬椅子" not in here
    assert "搬椅子" in everywhere


def test_shift_is_taken_with_one_button_and_given_back(small_district, resident) -> None:
    shift = open_shift(small_district)

    answer = resident.post(page_of(shift))

    assert answer.headers["Location"] == reverse("resident:my_volunteering")
    place = my_place()
    assert (place.state, place.shift_id) == ("taken", shift.pk)
    assert "You have taken this shift" in resident.get(page_of(shift)).content.decode()
    mine = resident.get(reverse("resident:my_volunteering")).content.decode()
    assert reverse("resident:shift_back", args=[place.pk]) in mine
    resident.post(reverse("resident:shift_back", args=[place.pk]), {"confirmed": "yes"})
    assert my_place().state == "cancelled"


def test_shift_of_another_community_is_taken_as_a_visitor(small_district, resident) -> None:
    shift = open_shift(small_district, community=small_district.jinzhou_village)

    resident.post(page_of(shift))
    place = my_place()
    resident.post(reverse("resident:shift_back", args=[place.pk]), {"confirmed": "yes"})

    assert place.community_id == small_district.jinzhou_village.pk
    assert my_place().state == "cancelled"


def test_visitor_is_asked_to_come_in_first(small_district, visitor) -> None:
    shift = open_shift(small_district)

    page = visitor.get(page_of(shift)).content.decode()
    sent = visitor.post(page_of(shift))

    assert reverse("login_phone") in page
    assert sent.headers["Location"].startswith(reverse("login_phone"))


def test_two_shifts_at_one_time_are_refused_with_a_sentence(small_district, resident) -> None:
    start = now() + timedelta(days=2)
    first, second = (open_shift(small_district, starts_at=start, role=role) for role in ("引导", "搬椅子"))
    resident.post(page_of(first))

    answer = resident.post(page_of(second))

    assert answer.status_code == 422
    assert "引导" in answer.content.decode()


def test_drafts_are_not_there_and_a_shift_called_off_says_so(small_district, resident) -> None:
    draft = open_shift(small_district, is_open=False)
    off = open_shift(small_district)
    shifts.cancel_shift(actor=SYSTEM, shift=off.pk, reason="下雨", at=now())

    assert resident.get(page_of(draft)).status_code == 404
    assert "called off" in resident.get(page_of(off)).content.decode()


def done_shift(small_district, resident) -> ShiftPlace:  # type: ignore[no-untyped-def]
    """A shift that the resident took, whose hours are noted."""
    shift = open_shift(small_district)
    resident.post(page_of(shift))
    place = my_place()
    hours.note_hours(actor=SYSTEM, place=place.pk, minutes=90, at=now())
    return place


def test_hours_become_a_certificate_that_anybody_can_check(small_district, resident) -> None:
    place = done_shift(small_district, resident)
    today = local_day(now())
    hours.take_over(actor=SYSTEM, person=place.person_id, on=today, minutes=120, reason="纸质证", at=now())

    answer = resident.post(
        reverse("resident:my_certificates"),
        {"from_on": today.replace(day=1).isoformat(), "until_on": today.isoformat()},
    )
    with scope.everything():
        row = Certificate.objects.get()
    sheet = resident.get(answer.headers["Location"]).content.decode()
    checked = Client().get(reverse("resident:check_certificate"), {"code": row.code}, HTTP_ACCEPT_LANGUAGE="en")
    wrong = Client().get(reverse("resident:check_certificate"), {"code": "AAAA AAAA AAAA"})

    assert row.number in sheet
    assert place.person.name in sheet
    assert row.number in checked.content.decode()
    assert place.person.name not in checked.content.decode()
    assert row.number not in wrong.content.decode()


def test_who_came_to_an_activity_gets_a_certificate_of_it(small_district, resident) -> None:
    place = done_shift(small_district, resident)
    start = now() - timedelta(days=1)
    with scope.everything():
        activity = Activity.objects.create(
            community=small_district.cuiying,
            category=ServiceCategory.objects.order_by("code")[0],
            title="防诈骗讲座",
            state="published",
            made_at=start,
            published_at=start,
        )
        lecture = Occurrence.objects.create(
            community=small_district.cuiying,
            activity=activity,
            starts_at=start,
            ends_at=start + timedelta(hours=2),
            state="held",
            published_at=start,
            changed_at=start,
        )
        Attendance.objects.create(
            community=small_district.cuiying,
            occurrence=lecture,
            person=place.person,
            how="name",
            came_at=start,
            noted_at=start,
        )
    address = reverse("resident:my_certificates")

    came_to = resident.get(address).content.decode()
    sheet = resident.get(resident.post(address, {"occurrence": str(lecture.pk)}).headers["Location"]).content.decode()
    wrong = resident.post(address, {"occurrence": "x"})

    assert "防诈骗讲座" in came_to
    assert "防诈骗讲座" in sheet
    assert wrong.status_code == 404


def test_nothing_to_certify_is_said_in_a_sentence(small_district, resident) -> None:
    today = local_day(now()).isoformat()

    answer = resident.post(reverse("resident:my_certificates"), {"from_on": today, "until_on": today})

    assert answer.status_code == 422
    with scope.everything():
        assert not Certificate.objects.exists()


def test_certificate_and_place_of_somebody_else_are_not_there(small_district, resident) -> None:
    with scope.everything():
        other = Person.objects.filter(community=small_district.jinzhou_village, state="living").first()
        row = Certificate.objects.create(
            community=small_district.jinzhou_village,
            person=other,
            number="T-1",
            code="T1",
            from_on=local_day(now()),
            until_on=local_day(now()),
            minutes=60,
            times=1,
            name=other.name,
            issued_at=now(),
        )
        shift = open_shift(small_district, community=small_district.jinzhou_village)
        place = ShiftPlace.objects.create(
            community=small_district.jinzhou_village,
            shift=shift,
            person=other,
            starts_at=shift.starts_at,
            ends_at=shift.ends_at,
            taken_at=now(),
        )

    assert resident.get(reverse("resident:my_certificate", args=[row.pk])).status_code == 404
    assert resident.post(reverse("resident:shift_back", args=[place.pk])).status_code == 404


def test_resident_says_what_they_can_do_and_reports_in(small_district, resident) -> None:
    resident.post(reverse("resident:volunteer_profile"), {"suits": ["5am", "6pm"]})
    resident.post(reverse("resident:report_in"), {"unit_name": "区税务局", "offers": "讲税法"})

    with scope.everything():
        assert Volunteer.objects.get().suits == ["5am", "6pm"]
        row = ReportingIn.objects.get()
    assert (row.unit_name, row.until_on) == ("区税务局", None)
    assert "区税务局" in resident.get(reverse("resident:report_in")).content.decode()
    resident.post(reverse("resident:report_in"), {})
    with scope.everything():
        assert ReportingIn.objects.get().until_on is not None


@pytest.mark.parametrize(
    "name",
    ["volunteering", "my_volunteering", "my_hours", "volunteer_profile", "report_in", "my_certificates"]
    + ["check_certificate"],
)
@pytest.mark.parametrize("mode", ["normal", "elder"])
def test_page_opens_at_a_small_cost(small_district, resident, name, mode) -> None:
    done_shift(small_district, resident)
    for day in range(3, 9):
        open_shift(small_district, starts_at=now() + timedelta(days=day))
    resident.cookies["lianxin-mode"] = mode
    resident.get(reverse(f"resident:{name}"))

    with CaptureQueriesContext(connection) as counted:
        answer = resident.get(reverse(f"resident:{name}"))

    assert answer.status_code == 200
    assert len(counted) <= MOST, [query["sql"][:120] for query in counted]


def test_hours_are_listed_page_by_page(small_district, resident) -> None:
    place = done_shift(small_district, resident)
    today = local_day(now())
    for number in range(25):
        hours.take_over(
            actor=SYSTEM,
            person=place.person_id,
            on=today - timedelta(days=number),
            minutes=30,
            reason=f"第{number}页",
            at=now(),
        )

    first = resident.get(reverse("resident:my_hours"))
    second = resident.get(reverse("resident:my_hours"), {"after": first.context["after"]})

    assert len(first.context["lines"]) == 20
    assert len(second.context["lines"]) == 6
    assert resident.get(reverse("resident:my_hours"), {"after": "x"}).status_code == 404


def test_times_are_those_of_shanghai(small_district, visitor) -> None:
    start = datetime.fromisoformat(f"{local_day(now()) + timedelta(days=3)}T09:30:00+08:00")
    open_shift(small_district, starts_at=start)

    assert "9:30" in visitor.get(reverse("resident:volunteering")).content.decode()
