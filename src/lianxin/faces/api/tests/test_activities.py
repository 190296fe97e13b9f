"""Activities and volunteering by program: what is on, signing up with a key, shifts, hours, certificates."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from lianxin.domain.activities.commands import certificates, hours, shifts
from lianxin.domain.activities.models import Activity, Occurrence, ShiftPlace, SignUp
from lianxin.domain.places.models import ServiceCategory
from lianxin.platform import scope
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day, now
from tests.support.district import SmallDistrict

pytest_plugins = ["tests.support.district"]
pytestmark = pytest.mark.django_db
SYSTEM = Actor.system()


def get(client: Client, path: str, **query: Any) -> Any:
    """What an operation answers."""
    answer = client.get(f"/api/v1/{path}", query)
    assert answer.status_code == 200, answer.content.decode()
    return answer.json()


def post(client: Client, path: str, body: dict[str, Any] | None = None) -> Any:
    """Send a body to an operation."""
    return client.post(f"/api/v1/{path}", body or {}, content_type="application/json")


def lecture(district: SmallDistrict, **values: Any) -> Occurrence:
    """A public lecture in three days with room for two."""
    start = now() + timedelta(days=3)
    with scope.everything():
        activity = Activity.objects.create(
            community=district.cuiying,
            category=ServiceCategory.objects.order_by("code")[0],
            title="防诈骗讲座",
            state="published",
            made_at=now(),
            published_at=now(),
        )
        entries = {"starts_at": start, "ends_at": start + timedelta(hours=2), "size": 2, "state": "published"}
        return Occurrence.objects.create(
            community=district.cuiying,
            activity=activity,
            venue=district.centre,
            published_at=now(),
            changed_at=now(),
            **entries | values,
        )


def open_shift(district: SmallDistrict) -> Any:
    """A shift of the day after tomorrow."""
    start = now() + timedelta(days=2)
    return shifts.open_shift(
        actor=SYSTEM,
        community=district.cuiying.pk,
        role="引导",
        starts_at=start,
        ends_at=start + timedelta(hours=2),
        most=2,
        venue=district.centre.pk,
        at=now(),
    )


@pytest.fixture
def resident(small_district: SmallDistrict, client: Client) -> Client:
    small_district.log_in_resident(client)
    return client


def test_everybody_reads_what_is_on(small_district: SmallDistrict, client: Client) -> None:
    row = lecture(small_district)
    lecture(small_district, state="draft")

    listed = get(client, "activities", community=str(small_district.cuiying.pk), q="防诈骗")
    shown = get(client, f"activities/{row.pk}")

    assert [(one["id"], one["free"]) for one in listed["items"]] == [(str(row.pk), 2)]
    assert (shown["title"], shown["event"]["@type"], shown["event"]["remainingAttendeeCapacity"]) == (
        "防诈骗讲座",
        "Event",
        2,
    )
    assert client.get(f"/api/v1/activities/{uuid4()}").status_code == 404


def test_calendars_have_addresses_that_answer(small_district: SmallDistrict, client: Client) -> None:
    lecture(small_district)

    feeds = get(
        client, "activities/calendars", community=str(small_district.cuiying.pk), venue=str(small_district.centre.pk)
    )

    assert len(feeds) == 2
    for feed in feeds:
        assert "BEGIN:VCALENDAR" in client.get(feed["url"].replace("http://testserver", "")).content.decode()


def test_resident_signs_up_once_whatever_the_network_does(small_district: SmallDistrict, resident: Client) -> None:
    row = lecture(small_district)
    body = {"key": str(uuid4()), "people": [{}]}

    first = post(resident, f"activities/{row.pk}/sign-ups", body)
    again = post(resident, f"activities/{row.pk}/sign-ups", body)
    other = post(resident, f"activities/{row.pk}/sign-ups", {"people": [{}]})

    assert first.status_code == 200, first.content.decode()
    assert [ticket["state"] for ticket in first.json()] == ["confirmed"]
    assert again.json()[0]["id"] == first.json()[0]["id"]
    assert other.status_code == 409
    with scope.everything():
        assert SignUp.objects.count() == 1
    assert [ticket["id"] for ticket in get(resident, "activities/mine")] == [first.json()[0]["id"]]


def test_sign_up_is_cancelled_by_its_own_and_nobody_else(small_district: SmallDistrict, resident: Client) -> None:
    row = lecture(small_district)
    ticket = post(resident, f"activities/{row.pk}/sign-ups", {"people": [{}]}).json()[0]
    clerk = Client()
    small_district.log_in(clerk, "xinjin")

    foreign = post(clerk, f"activities/sign-ups/{ticket['id']}/cancel")
    accepted = post(resident, f"activities/sign-ups/{ticket['id']}/accept")
    ended = post(resident, f"activities/sign-ups/{ticket['id']}/cancel", {"reason": "有事"})

    assert (foreign.status_code, accepted.status_code) == (404, 409)
    assert ended.json()[0]["state"] == "cancelled"


def test_nobody_signs_up_without_a_login(small_district: SmallDistrict, client: Client) -> None:
    row = lecture(small_district)

    assert (
        post(client, f"activities/{row.pk}/sign-ups", {"people": [{"name": "王一", "phone": "1"}]}).status_code == 401
    )


def test_shift_is_taken_and_given_back(small_district: SmallDistrict, resident: Client) -> None:
    shift = open_shift(small_district)
    body = {"key": str(uuid4())}

    wanted = get(resident, "volunteering/shifts", community=str(small_district.cuiying.pk), only_here=True)
    taken = post(resident, f"volunteering/shifts/{shift.pk}/take", body)
    again = post(resident, f"volunteering/shifts/{shift.pk}/take", body)
    place = taken.json()["place"]
    mine = get(resident, "volunteering/mine")
    back = post(resident, f"volunteering/places/{place}/give-back", {"reason": "有事"})

    assert [one["id"] for one in wanted] == [str(shift.pk)]
    assert (taken.status_code, again.json()["place"]) == (200, place)
    assert [one["place"] for one in mine] == [place]
    assert back.json()["state"] == "cancelled"
    assert get(resident, f"volunteering/shifts/{shift.pk}")["free"] == 2
    assert post(resident, f"volunteering/places/{uuid4()}/give-back").status_code == 404


def test_hours_are_mine_and_a_certificate_is_checked_by_anybody(
    small_district: SmallDistrict, resident: Client, client: Client
) -> None:
    shift = open_shift(small_district)
    post(resident, f"volunteering/shifts/{shift.pk}/take")
    with scope.everything():
        person = ShiftPlace.objects.get().person
    today = local_day(now())
    hours.take_over(actor=SYSTEM, person=person.pk, on=today, minutes=90, reason="纸质证", at=now())
    row = certificates.issue_certificate(actor=SYSTEM, person=person.pk, from_on=today, until_on=today, at=now())

    page = get(resident, "volunteering/hours")
    checked = get(Client(), "volunteering/certificates/check", code=row.code)

    assert (page["minutes"], [one["kind"] for one in page["items"]]) == (90, ["taken_over"])
    assert (checked["number"], checked["is_valid"]) == (row.number, True)
    assert person.name not in str(checked)
    assert Client().get("/api/v1/volunteering/certificates/check", {"code": "x"}).status_code == 404


def test_office_has_no_shifts_of_its_own(small_district: SmallDistrict, client: Client) -> None:
    small_district.log_in(client, "cuiying1")
    shift = open_shift(small_district)

    assert client.get("/api/v1/volunteering/mine").status_code == 404
    assert post(client, f"volunteering/shifts/{shift.pk}/take").status_code == 404
