"""The door of a venue on the office's pages: open, lock, count without names."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from lianxin.domain.places.models import OpeningLog, VisitCount
from lianxin.platform import scope
from lianxin.platform.ids import new_id

pytestmark = pytest.mark.django_db


@pytest.fixture
def host(small_district, client: Client) -> Client:
    small_district.log_in(client, "host")
    return client


def of(district, name: str, **more: object) -> str:
    return reverse(f"staff:{name}", kwargs={"venue": district.station.pk, **more})


def logs(district) -> list[OpeningLog]:
    with scope.everything():
        today = datetime.now(UTC) - timedelta(hours=1)
        return list(OpeningLog.objects.filter(venue=district.station, opened_at__gte=today))


def counted(district) -> int:
    with scope.everything():
        rows = VisitCount.objects.filter(
            venue=district.station, at__gte=datetime.now(UTC) - timedelta(hours=1), undone_at=None
        )
        return sum(row.count for row in rows)


def lock_what_is_open(district) -> None:
    with scope.everything():
        OpeningLog.objects.filter(venue=district.station, closed_at=None).update(closed_at=datetime.now(UTC))


def test_the_door_is_opened_and_locked_with_one_press_each(small_district, host: Client) -> None:
    lock_what_is_open(small_district)

    host.post(of(small_district, "door_open"))
    opened = host.get(of(small_district, "door")).content.decode()
    host.post(of(small_district, "door_lock"), {"note": "空调没关好"})

    row = logs(small_district)[0]
    assert of(small_district, "door_lock") in opened
    assert row.closed_at is not None
    assert row.note == "空调没关好"


def test_locking_a_locked_door_is_told_in_a_sentence(small_district, host: Client) -> None:
    lock_what_is_open(small_district)

    answer = host.post(of(small_district, "door_lock"), follow=True)

    assert answer.status_code == 200
    assert "message" in answer.content.decode() or "banner-stop" in answer.content.decode()
    assert [row for row in logs(small_district) if row.closed_by] == []


def test_an_opening_by_mistake_is_taken_back_and_stays_in_the_list(small_district, host: Client) -> None:
    lock_what_is_open(small_district)
    host.post(of(small_district, "door_open"))
    row = logs(small_district)[0]

    answer = host.post(of(small_district, "opening_undo", opening_log=row.pk), follow=True)

    assert logs(small_district)[0].undone_at is not None
    assert "已撤回" in answer.content.decode()


def test_a_number_is_counted_with_one_press(small_district, host: Client) -> None:
    before = counted(small_district)

    answer = host.post(of(small_district, "visits_count"), {"purpose": "water", "pressed": "5"})

    assert answer.url == of(small_district, "door")
    assert counted(small_district) == before + 5


def test_the_same_press_sent_twice_counts_once(small_district, host: Client) -> None:
    before = counted(small_district)
    form = {"purpose": "water", "pressed": "5", "key": str(new_id())}

    with time_machine.travel(datetime.now(UTC), tick=False):
        host.post(of(small_district, "visits_count"), form)
        host.post(of(small_district, "visits_count"), form)

    assert counted(small_district) == before + 5


def test_counting_no_number_asks_for_one(small_district, host: Client) -> None:
    answer = host.post(of(small_district, "visits_count"), {"purpose": "water", "count": ""})

    assert answer.status_code == 422
    assert "请按一个数字或自己填" in answer.content.decode()


@pytest.mark.parametrize("number", ["0", "-4", "999999", "many"])
def test_an_impossible_number_of_visitors_is_refused(small_district, host: Client, number: str) -> None:
    before = counted(small_district)

    answer = host.post(of(small_district, "visits_count"), {"purpose": "water", "count": number})

    assert answer.status_code == 422
    assert counted(small_district) == before


def test_a_count_is_taken_back(small_district, host: Client) -> None:
    host.post(of(small_district, "visits_count"), {"purpose": "rest", "pressed": "10"})
    with scope.everything():
        row = VisitCount.objects.filter(venue=small_district.station).order_by("-at", "-pk").first()
        assert row is not None

    host.post(of(small_district, "visits_undo", visits_row=row.pk))

    with scope.everything():
        assert VisitCount.objects.get(pk=row.pk).undone_at is not None


def test_a_count_of_another_venue_is_not_found_here(small_district, host: Client) -> None:
    row = small_district.first("places.VisitCount", venue=small_district.centre)

    assert host.post(of(small_district, "visits_undo", visits_row=row.pk)).status_code == 404


def test_an_opening_from_paper_in_the_future_is_refused(small_district, host: Client) -> None:
    tomorrow = small_district.today + timedelta(days=2)

    answer = host.post(
        of(small_district, "door_paper"), {"day": str(tomorrow), "opened": "08:00", "closed": "12:00", "note": "纸本"}
    )

    assert answer.status_code == 422
    assert 'value="纸本"' in answer.content.decode()
