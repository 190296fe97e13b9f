"""Pages of reception days in the office: a series, its days, who comes, what was said, closing."""

from __future__ import annotations

from datetime import time, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from lianxin.domain.voice.models import ReceptionDay, ReceptionPlace, ReceptionSeries
from lianxin.platform import scope
from lianxin.platform.clock import local_day, local_moment, now
from lianxin.platform.ids import new_id
from tests.support.district import SmallDistrict

pytestmark = pytest.mark.django_db
MOST_QUERIES = 16


@pytest.fixture
def clerk(small_district: SmallDistrict, client: Client) -> Client:
    """Staff of 翠英."""
    small_district.log_in(client, "cuiying1")
    return client


def post(client: Client, name: str, named: dict[str, Any] | None = None, **data: Any) -> Any:
    answer = client.post(reverse(f"staff:{name}", kwargs=named or {}), {"key": new_id(), **data})
    assert answer.status_code == 302, (name, answer.content.decode()[:3000])
    return answer


def begin(client: Client, district: SmallDistrict, **more: Any) -> ReceptionSeries:
    """Begin a series with the form."""
    values = {
        "community": district.cuiying.pk,
        "kind": "secretary",
        "title": "书记连心日",
        "unit": "month",
        "interval": 1,
        "weekdays": ["3"],
        "nth": 2,
        "from_on": local_day(now()),
        "starts_time": "15:00",
        "minutes": 60,
        "slot_minutes": 20,
        "leader_name": "林书记",
        "place_words": "中心一楼",
    } | more
    post(client, "reception_new", **values)
    with scope.everything():
        return ReceptionSeries.objects.get(title=values["title"])


def test_series_is_begun_and_its_days_stand_in_the_list(small_district: SmallDistrict, clerk: Client) -> None:
    row = begin(clerk, small_district)

    assert row.recurrence == "FREQ=MONTHLY;BYDAY=2TH"
    with CaptureQueriesContext(connection) as asked:
        listed = clerk.get(reverse("staff:receptions")).content.decode()
    assert len(asked) <= MOST_QUERIES
    assert "书记连心日" in listed
    shown = clerk.get(reverse("staff:reception_series", kwargs={"series": row.pk})).content.decode()
    assert "每月第二个周四" in shown
    assert "每月第二个周四" in clerk.get(reverse("staff:reception_plans")).content.decode()
    edited = clerk.get(reverse("staff:reception_edit", kwargs={"series": row.pk})).content.decode()
    assert 'value="15:00"' in edited
    refused = clerk.post(
        reverse("staff:reception_edit", kwargs={"series": row.pk}),
        {"kind": "hall", "title": "书记连心日", "unit": "month", "interval": 1, "from_on": "2026-01-01",
         "starts_time": "15:00", "minutes": 60, "slot_minutes": 20, "leader_name": "林", "place_words": "x"},
    )  # fmt: skip
    assert refused.status_code == 422


def test_somebody_is_put_down_received_becomes_a_case_and_the_day_is_closed(
    small_district: SmallDistrict, clerk: Client
) -> None:
    row = begin(clerk, small_district)
    with scope.everything():
        day = ReceptionDay.objects.filter(series=row).earliest("held_on")
    one = {"reception": day.pk}
    post(clerk, "reception_book", one, guest_name="老吴", guest_phone="13900139000", channel="phone", about="路灯")
    with scope.everything():
        place = {"received": ReceptionPlace.objects.get(day=day).pk}
        # The day has come: it began an hour ago.
        starts = now() - timedelta(hours=1)
        ReceptionDay.objects.filter(pk=day.pk).update(starts_at=starts, ends_at=starts + timedelta(hours=1))
    post(clerk, "reception_receive", place, said="三栋路灯坏了", answered="马上叫人")
    post(clerk, "reception_case", place, words="三栋路灯坏了", subject="road_light", confidentiality="open")
    post(clerk, "reception_promise", place, words="修路灯", owner_name="林书记", due_by=local_day(now()))
    post(clerk, "reception_walk_in", one, guest_name="路过的", channel="none", said="问医保", answered="给了电话")
    with CaptureQueriesContext(connection) as asked:
        shown = clerk.get(reverse("staff:reception", kwargs=one)).content.decode()
    assert len(asked) <= MOST_QUERIES
    assert "老*" in shown or "*吴" in shown
    assert "老吴" not in shown
    assert "修路灯" in clerk.get(reverse("staff:received", kwargs=place)).content.decode()
    post(clerk, "reception_close", one, leader_came="no", words="到区里开会", summary="来了两位")

    with scope.everything():
        day.refresh_from_db()
        assert ReceptionPlace.objects.get(pk=place["received"]).case_id is not None
    assert (day.state, day.state_words) == ("held", "到区里开会")
    assert "到区里开会" in clerk.get(reverse("staff:reception", kwargs=one)).content.decode()
    assert clerk.get(reverse("staff:reception_sheet", kwargs=one)).status_code == 200


def test_department_reads_days_without_names_and_opens_no_place(small_district: SmallDistrict, clerk: Client) -> None:
    row = begin(clerk, small_district)
    with scope.everything():
        day = ReceptionDay.objects.filter(series=row).earliest("held_on")
    post(clerk, "reception_book", {"reception": day.pk}, guest_name="老吴", channel="none", about="家里的事")
    with scope.everything():
        place = ReceptionPlace.objects.get(day=day)

    small_district.log_in(clerk, "district")
    shown = clerk.get(reverse("staff:reception", kwargs={"reception": day.pk})).content.decode()

    assert "家里的事" not in shown
    assert "吴" not in shown.split("<main")[1]
    assert clerk.get(reverse("staff:received", kwargs={"received": place.pk})).status_code == 404


def test_day_is_moved_and_called_off_with_the_reason(small_district: SmallDistrict, clerk: Client) -> None:
    row = begin(clerk, small_district)
    with scope.everything():
        day, other = list(ReceptionDay.objects.filter(series=row).order_by("held_on")[:2])
    to_day = day.held_on + timedelta(days=1)
    post(clerk, "reception_move", {"reception": day.pk}, to_day=to_day, starts_time="16:00", words="领导出差")
    post(clerk, "reception_cancel", {"reception": other.pk}, words="放假")

    with scope.everything():
        moved = ReceptionDay.objects.get(series=row, held_on=to_day)
        assert moved.starts_at == local_moment(to_day, time(16))
        assert set(ReceptionDay.objects.filter(pk__in=[day.pk, other.pk]).values_list("state", flat=True)) == {
            "cancelled"
        }
    assert "领导出差" in clerk.get(reverse("staff:reception", kwargs={"reception": day.pk})).content.decode()
