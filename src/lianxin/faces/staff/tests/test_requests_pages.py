"""A community answers what an office above asks once, on one page, and notes what came another way."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from lianxin.domain.reporting.commands import requests, requests_fields, requests_sending
from lianxin.domain.reporting.models import Demand, RequestAnswer, RequestReach, UpperRequest
from lianxin.platform import scope
from lianxin.platform.actors import Actor
from lianxin.platform.clock import LOCAL, local_day, now
from lianxin.platform.models import Duty
from tests.support.district import SmallDistrict

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system(via="cli")


@pytest.fixture
def clerk(small_district: SmallDistrict) -> Client:
    client = Client(headers={"accept-language": "zh"})
    small_district.log_in(client, "cuiying1")
    return client


def asked(community: Any, *labels: str, kinds: str = "number", again: str = "", **more: Any) -> RequestReach:
    """Send a request to one community and give what reached it."""
    at = more.pop("at", now())
    entries: dict[str, Any] = {
        "office_name": "区应急管理局",
        "office_level": "district",
        "kind": "form",
        "title": "救灾物资",
        "purpose": "补齐缺口",
        "approver": "区委办",
        "due_at": at + timedelta(days=9),
        "expires_on": local_day(at) + timedelta(days=20),
    }
    row = requests.draft(actor=SYSTEM, communities=[community.pk], at=at, **entries | more)
    for label in labels:
        requests_fields.ask_by_hand(
            actor=SYSTEM, request=row.pk, label=label, why="要补缺口", answer_type=kinds, again_words=again, at=at
        )
    requests_fields.ask_figure(actor=SYSTEM, request=row.pk, measure="visits", period="last_month", at=at)
    row = requests_sending.send(actor=SYSTEM, request=row.pk, at=at)
    with scope.everything():
        return RequestReach.objects.get(request=row)


def page(reach: RequestReach) -> str:
    return reverse("staff:request_reach", kwargs={"request_reach": reach.pk})


def names_of(client: Client, reach: RequestReach) -> list[str]:
    return [name for name in client.get(page(reach)).context["form"].fields if name != "key"]


def test_duty_leads_to_one_page_and_answering_closes_it(clerk: Client, small_district: SmallDistrict) -> None:
    reach = asked(small_district.cuiying, "库存沙袋", "可用水泵")
    first, second = names_of(clerk, reach)

    inbox = clerk.get(reverse("staff:requests")).content.decode()
    with scope.everything():
        duty = Duty.objects.get(kind="reporting.answer", closed_at=None)
    half = clerk.post(page(reach), {first: "12"})
    done = clerk.post(page(reach), {first: "12", second: "３"})
    after = clerk.get(page(reach)).content.decode()

    assert page(reach) in inbox
    assert reverse(duty.url_name, kwargs=duty.url_args) == page(reach)
    assert half.status_code == 422
    assert "可用水泵" in str(half.context["form"].errors[second])
    assert (done.status_code, done["Location"]) == (302, page(reach))
    with scope.everything():
        assert not Duty.objects.filter(kind="reporting.answer", closed_at=None).exists()
        assert sorted(RequestAnswer.objects.values_list("value", flat=True)) == ["12", "3"]
    assert UpperRequest.objects.get(pk=reach.request_id).state == "closed"
    assert "12" in after
    assert "来访" in after


def test_same_question_later_is_filled_in_already(clerk: Client, small_district: SmallDistrict) -> None:
    earlier = asked(small_district.cuiying, "库存沙袋", at=now() - timedelta(days=60))
    clerk.post(page(earlier), dict.fromkeys(names_of(clerk, earlier), "350"))
    later = asked(small_district.cuiying, "本月库存沙袋数量", again="雨季后又用掉一些")

    form = clerk.get(page(later)).context["form"]

    (name,) = names_of(clerk, later)
    assert form[name].value() == "350"
    assert form.fields[name].help_text.startswith("要补缺口")


def test_file_is_handed_in_and_opened_by_its_own_community_only(
    clerk: Client, small_district: SmallDistrict, settings: Any, tmp_path: Any
) -> None:
    settings.FILES_ROOT = tmp_path
    reach = asked(small_district.cuiying, "现场清单", kinds="file")
    (name,) = names_of(clerk, reach)

    missing = clerk.post(page(reach), {})
    wrong = clerk.post(page(reach), {name: SimpleUploadedFile("a.exe", b"MZ\x90\x00\x03\x00")})
    done = clerk.post(page(reach), {name: SimpleUploadedFile("清单.pdf", b"%PDF-1.7\n")})
    with scope.everything():
        address = reverse("staff:request_answer", kwargs={"request_answer": RequestAnswer.objects.get().pk})
    stranger = Client()
    small_district.log_in(stranger, "jinzhou.waisha1")

    assert (missing.status_code, wrong.status_code, done.status_code) == (422, 422, 302)
    assert b"".join(clerk.get(address)).startswith(b"%PDF")
    assert stranger.get(address).status_code == 404
    assert stranger.get(page(reach)).status_code == 404


def test_department_reads_the_page_and_does_not_answer_for_a_community(small_district: SmallDistrict) -> None:
    reach = asked(small_district.cuiying, "库存沙袋")
    department = Client()
    small_district.log_in(department, "district")

    assert department.get(page(reach)).status_code == 200
    assert department.get(page(reach)).context["is_open"] is False
    assert department.post(page(reach), {}).status_code == 403


def test_meeting_without_anything_to_fill_in_is_done_with_one_press(
    clerk: Client, small_district: SmallDistrict
) -> None:
    reach = asked(small_district.cuiying, kind="meeting")
    # All that it asks is known, so nobody is asked.
    assert reach.state == "delivered"
    row = requests.draft(
        actor=SYSTEM,
        office_name="街道党政办",
        office_level="subdistrict",
        kind="meeting",
        title="碰头会",
        purpose="说说下周的事",
        approver="街道党政办",
        due_at=now() + timedelta(days=3),
        expires_on=local_day(now()) + timedelta(days=9),
        communities=[small_district.cuiying.pk],
        at=now(),
    )
    requests_sending.send(actor=SYSTEM, request=row.pk, at=now())
    with scope.everything():
        called = RequestReach.objects.get(request=row)

    assert clerk.post(page(called), {}).status_code == 302
    row.refresh_from_db()
    assert row.state == "closed"


def test_demand_from_a_group_is_noted_done_and_taken_back(clerk: Client, small_district: SmallDistrict) -> None:
    address = reverse("staff:demand_new")
    entries = {
        "community": str(small_district.cuiying.pk),
        "office_name": "街道综治办",
        "office_level": "subdistrict",
        "title": "群里接龙",
        "kind": "form",
        "came_by": "wechat",
        "field_count": "7",
        "asked_at": (now().astimezone(LOCAL) - timedelta(minutes=5)).strftime("%Y-%m-%dT%H:%M"),
    }

    wrong = clerk.post(address, entries | {"field_count": "9999", "asked_at": "gestern"})
    noted = clerk.post(address, entries)
    with scope.everything():
        row = Demand.objects.get()
    named = {"demand": row.pk}
    clerk.post(reverse("staff:demand_done", kwargs=named))
    shown = clerk.get(reverse("staff:demand", kwargs=named)).content.decode()
    refused = clerk.post(reverse("staff:demand_take_back", kwargs=named), {"words": ""})
    clerk.post(reverse("staff:demand_take_back", kwargs=named), {"words": "记重了"})
    listed = clerk.get(reverse("staff:demands"))

    assert wrong.status_code == 422
    assert set(wrong.context["form"].errors) == {"field_count", "asked_at"}
    assert noted.status_code == 302
    assert "群里接龙" in shown
    assert refused.status_code == 422
    with scope.everything():
        assert Demand.objects.get().state == "taken_back"
    assert "街道综治办" in listed.content.decode()
