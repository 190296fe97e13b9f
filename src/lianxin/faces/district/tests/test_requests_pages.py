"""An office asks through the gate and gets what is known at once; the burden page counts who asks."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.html import escape
from python_calamine import CalamineWorkbook

from lianxin.domain.reporting.commands import requests_answers, requests_demands
from lianxin.domain.reporting.models import RequestField, RequestReach, UpperRequest
from lianxin.faces.kit.navigation import url_or_none
from lianxin.platform import scope
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day, now
from lianxin.platform.ids import new_id

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system(via="cli")


def url(name: str, row: Any) -> str:
    return reverse(f"district:{name}", args=[row.pk])


def draft_by(client: Client, *communities: Any, **more: Any) -> UpperRequest:
    """Fill in the form of a new request and give the draft."""
    today = local_day(now())
    entries = {
        "office_name": "区民政局",
        "office_level": "district",
        "kind": "form",
        "title": "月报",
        "came_by": "system",
        "repeats": "once",
        "due_on": (today + timedelta(days=12)).isoformat(),
        "due_time": "17:30",
        "communities": [str(one.pk) for one in communities],
        "key": "",
    }
    shown = client.get(reverse("district:request_new"))
    entries["key"] = str(shown.context["form"]["key"].value())
    answered = client.post(reverse("district:request_new"), entries | more)
    assert answered.status_code == 302, answered.context["form"].errors
    return UpperRequest.objects.latest("made_at", "pk")


def add(client: Client, row: UpperRequest, how: str, **values: Any) -> Any:
    """Add what is to be known."""
    address = f"{url('request_field_new', row)}?how={how}"
    key = str(client.get(address).context["form"]["key"].value())
    return client.post(address, values | {"key": key})


def press(client: Client, name: str, row: UpperRequest, **values: Any) -> Any:
    """Confirm an act."""
    key = str(client.get(url(name, row)).context["form"]["key"].value())
    return client.post(url(name, row), values | {"key": key, "confirmed": "yes"})


def test_known_figures_are_delivered_the_moment_the_request_is_sent(department: Client, small_district: Any) -> None:
    row = draft_by(department, small_district.cuiying, small_district.jinzhou_village)
    add(department, row, "figure", measure="residents", period="last_month")

    before = department.get(url("upper_request", row)).content.decode()
    press(department, "request_send", row)
    shown = department.get(url("upper_request", row))
    book = department.get(url("request_export", row))

    row.refresh_from_db()
    assert (row.state, row.is_known_only) == ("closed", True)
    assert "banner-done" in before
    cells = [cell for line in shown.context["lines"] for cell in line.cells]
    assert len(cells) == 2
    assert all(cell.is_number for cell in cells)
    if url_or_none("district:figure", "residents"):
        assert all(escape(cell.url) in shown.content.decode() for cell in cells)
    rows = CalamineWorkbook.from_filelike(io.BytesIO(b"".join(book))).get_sheet_by_index(0).to_python()
    assert [line for line in rows if line[0] == small_district.cuiying.short_name]


def test_gate_tells_on_the_page_what_is_missing_and_does_not_send(department: Client, small_district: Any) -> None:
    row = draft_by(department, small_district.cuiying)
    add(department, row, "hand", label="库存沙袋", why="补缺口", answer_type="number")

    shown = department.get(url("upper_request", row)).content.decode()
    refused = press(department, "request_send", row)

    row.refresh_from_db()
    assert refused.status_code == 422
    assert row.state == "draft"
    assert "banner-stop" in shown
    for sentence in refused.context["consequences"][:3]:
        assert escape(sentence) in shown
        assert escape(sentence) in refused.content.decode()


def test_gate_answers_while_a_field_is_typed_and_its_link_takes_the_figure(
    department: Client, small_district: Any
) -> None:
    row = draft_by(department, small_district.cuiying)

    part = department.get(url("request_gate", row), {"label": "辖区居民总人数", "back": ""})
    found, link = next((one, link) for one, link in part.context["found"] if one.key == "residents")
    taken = department.get(link)
    nothing = department.get(url("request_gate", row), {"label": "库存沙袋"})
    wrong = department.get(url("request_gate", row), {"label": "x", "back": "x"})

    assert found.kind == "figure"
    assert escape(link) in part.content.decode()
    assert taken.context["form"]["measure"].value() == "residents"
    assert parse_qs(urlsplit(link).query)["label"] == ["辖区居民总人数"]
    assert nothing.context["found"] == []
    assert wrong.status_code == 404


def test_what_looks_known_comes_back_with_the_known_and_a_place_for_the_reason(
    department: Client, small_district: Any
) -> None:
    row = draft_by(department, small_district.cuiying)
    typed = {"label": "60岁以上老年人数", "why": "算名额", "answer_type": "number"}

    refused = add(department, row, "hand", **typed)
    kept = add(department, row, "hand", **typed, again_words="按户籍口径")

    assert refused.status_code == 422
    assert "again_words" in refused.context["form"].errors
    assert "residents_60_plus" in [one.key for one, _link in refused.context["found"]]
    assert kept.status_code == 302
    assert RequestField.objects.get(request=row).is_again


def test_draft_is_edited_on_its_pages_and_ended_ones_offer_nothing(department: Client, small_district: Any) -> None:
    row = draft_by(department, small_district.cuiying, purpose="补缺口", approver="区委办")
    add(department, row, "hand", label="库存沙袋", why="补缺口", answer_type="number")
    field = RequestField.objects.get(request=row)
    shown = department.get(url("request_edit", row)).context["form"]
    values = {name: shown[name].value() for name in shown.fields} | {"title": "季报"}
    values["expires_on"] = (local_day(now()) + timedelta(days=30)).isoformat()
    values["due_on"], values["due_time"] = values["due_on"].isoformat(), "17:00"

    changed = department.post(url("request_edit", row), {k: v for k, v in values.items() if v is not None})
    dropped = department.post(reverse("district:request_field_drop", args=[field.pk]))
    add(department, row, "hand", label="可用水泵", why="补缺口", answer_type="number")
    press(department, "request_send", row)
    values["key"] = new_id()
    twice = department.post(url("request_edit", row), {k: v for k, v in values.items() if v is not None})
    press(department, "request_withdraw", row, words="发错了")

    row.refresh_from_db()
    assert (changed.status_code, dropped.status_code, twice.status_code) == (302, 302, 422)
    assert (row.title, row.state, row.end_words) == ("季报", "withdrawn", "发错了")
    assert department.get(url("upper_request", row)).context["acts"] == []


def test_answers_are_collected_by_community_and_the_burden_counts_the_office(
    department: Client, small_district: Any
) -> None:
    row = draft_by(
        department,
        small_district.cuiying,
        purpose="补缺口",
        approver="区委办",
        expires_on=(local_day(now()) + timedelta(days=30)).isoformat(),
    )
    add(department, row, "hand", label="库存沙袋", why="补缺口", answer_type="number", unit="只")
    press(department, "request_send", row)
    with scope.everything():
        reach, field = RequestReach.objects.get(request=row), RequestField.objects.get(request=row)
    requests_answers.answer(actor=SYSTEM, reach=reach.pk, values={field.pk: "350"}, at=now())
    requests_demands.note(
        actor=SYSTEM,
        community=small_district.cuiying.pk,
        office_name="街道综治办",
        office_level="subdistrict",
        kind="form",
        title="群里接龙",
        came_by="wechat",
        field_count=7,
        asked_at=now() - timedelta(minutes=1),
        at=now(),
    )

    shown = department.get(url("upper_request", row))
    listed = department.get(reverse("district:requests"), {"office": "区民政局"})
    burden = department.get(reverse("district:burden"))
    book = department.get(reverse("district:burden_export"))

    assert [cell.shown for cell in shown.context["lines"][0].cells] == ["350"]
    assert [one.one.pk for one in listed.context["table"].rows] == [row.pk]
    counted = {one.name: one.whole for one in burden.context["table"].rows}
    assert (counted["区民政局"].asked, counted["街道综治办"].asked) == (1, 7)
    assert "data-chart" in burden.content.decode()
    assert book.status_code == 200


def test_office_of_a_subdistrict_reads_what_reaches_it_and_a_community_office_none_of_it(
    department: Client, xinjin: Client, community_office: Client, small_district: Any
) -> None:
    wide = draft_by(department, small_district.cuiying, small_district.jinzhou_village)
    elsewhere = draft_by(department, small_district.jinzhou_village)

    assert xinjin.get(url("upper_request", wide)).status_code == 200
    assert xinjin.get(url("request_send", wide)).status_code == 403
    assert xinjin.get(url("upper_request", elsewhere)).status_code == 404
    assert community_office.get(url("upper_request", wide)).status_code == 404
    assert community_office.get(reverse("district:burden")).status_code == 404
