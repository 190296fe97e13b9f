"""The office's pages of surveys: begun from a workbook, tried, opened, counted, read and taken along."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from python_calamine import CalamineWorkbook

from lianxin.domain.needs.commands import submissions, surveys
from lianxin.domain.needs.models import Submission, Survey, SurveyQuota
from lianxin.domain.needs.queries.surveys import live_version
from lianxin.domain.needs.rules import starter_form
from lianxin.domain.needs.tests.survey_factories import filled, read_here, workbook
from lianxin.platform import scope
from lianxin.platform.clock import now
from lianxin.platform.ids import new_id
from tests.support.district import SmallDistrict

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(small_district: SmallDistrict, client: Client) -> Client:
    small_district.log_in(client, "cuiying1")
    client.cookies["lianxin-language"] = "en"
    return client


def opened(district: SmallDistrict, file: bytes | None = None) -> Survey:
    file = file or starter_form.workbook()
    actor = district.actor("cuiying1")
    row = surveys.draft_read(
        actor=actor,
        community=district.cuiying.pk,
        title="秋季问卷",
        workbook=file,
        file_name="form.xlsx",
        found=read_here(file),
        at=now(),
    )
    return surveys.publish(actor=actor, survey=row.pk, at=now())


def answered(district: SmallDistrict, row: Survey, answers: dict[str, str]) -> Submission:
    version = live_version(row.pk)
    assert version is not None
    came = submissions.receive(
        actor=district.actor("cuiying1"),
        version=version.pk,
        xml=filled(version, answers, at=now()),
        how="paper",
        community=district.cuiying.pk,
        at=now(),
    )
    return came.submission


def url(name: str, row: Survey) -> str:
    return reverse(f"staff:{name}", kwargs={"survey": row.pk})


def page(client: Client, address: str, **sent: Any) -> str:
    response = client.get(address, sent)
    assert response.status_code == 200
    return response.content.decode()


def test_our_questionnaire_is_begun_tried_opened_and_hung_up(office: Client, small_district: SmallDistrict) -> None:
    sent = {"community": small_district.cuiying.pk, "title": "翠英问卷", "use_ours": "on", "key": new_id()}
    made = office.post(reverse("staff:survey_new"), sent)
    with scope.everything():
        row = Survey.objects.get()
    drafted = page(office, made.url)
    hidden = office.get(url("survey_poster", row)).status_code

    office.post(url("survey_publish", row), {"key": new_id()})
    shown = page(office, made.url)

    assert made.url == url("survey", row)
    assert "Nobody sees it yet" in drafted
    assert hidden == 404
    assert f"/s/{row.slug}/" in shown
    assert f"/s/{row.slug}/" in page(office, url("survey_poster", row))
    assert "翠英问卷" in page(office, reverse("staff:surveys"))


def test_what_is_wrong_in_a_workbook_is_listed_by_sheet_and_row(office: Client, small_district: SmallDistrict) -> None:
    bad = workbook(["integer", "a", "甲", "", "${b} = 1"], ["audio", "b", "乙"])
    upload = SimpleUploadedFile("bad.xlsx", bad)

    refused = office.post(
        reverse("staff:survey_new"), {"community": small_district.cuiying.pk, "workbook": upload, "key": new_id()}
    )
    none = office.post(reverse("staff:survey_new"), {"community": small_district.cuiying.pk, "key": new_id()})

    shown = refused.content.decode()
    assert refused.status_code == 422
    assert "“audio” is not supported." in shown
    assert ">survey<" in shown
    assert "Choose a workbook." in none.content.decode()
    with scope.everything():
        assert not Survey.objects.exists()


def test_trying_follows_the_rules_and_keeps_nothing(office: Client, small_district: SmallDistrict) -> None:
    row = opened(small_district)
    age, home, wish = "a:/data/you/age", "a:/data/you/home", "a:/data/ask/wish"

    first = page(office, url("survey_try", row))
    follows = office.post(url("survey_try", row), {age: "200", home: "alone", "go": "check"}).content.decode()
    good = office.post(url("survey_try", row), {age: "70", home: "partner", wish: "想学手机", "go": "check"})

    assert "平时多久有人来看您一次" not in first
    assert "平时多久有人来看您一次" in follows
    assert "请填 14 到 120 之间的岁数" in follows
    assert "These answers would be taken." in good.content.decode()
    assert "<li>想学手机</li>" in good.content.decode()
    with scope.everything():
        assert not Submission.objects.exists()


def test_wanted_answers_are_written_a_line_each(office: Client, small_district: SmallDistrict) -> None:
    row = opened(small_district)
    name = small_district.cuiying.short_name

    good = office.post(
        url("survey_quotas", row), {"cells": f"{name} 60-79 3\neverywhere 80- ２", "is_limit": "on", "key": new_id()}
    )
    bad = office.post(url("survey_quotas", row), {"cells": "nowhere 60-79 3\nhello", "key": new_id()})

    assert good.status_code == 302
    with scope.everything():
        kept = list(SurveyQuota.objects.order_by("min_age").values_list("min_age", "max_age", "wanted", "is_limit"))
    assert kept == [(60, 79, 3, True), (80, 150, 2, True)]
    assert "Line 1: “nowhere” is none of the communities" in bad.content.decode()
    assert "Line 2: write it like" in bad.content.decode()
    assert "0 of 3" in page(office, url("survey", row))


def test_survey_is_changed_and_its_answers_mapped_and_ended(office: Client, small_district: SmallDistrict) -> None:
    row = opened(small_district)
    version = live_version(row.pk)
    content = {"title": "新名字", "purpose": "为了明年的计划", "asked_by": "link", "closes_on": "2030-01-31"}

    changed = office.post(url("survey_edit", row), content | {"version": row.version, "key": new_id()})
    stale = office.post(url("survey_edit", row), content | {"title": "再改", "version": "0", "key": new_id()})
    office.post(url("survey_mapping", row), {"need": ["/data/ask/wish", "/data/place/hard"], "key": new_id()})
    office.post(url("survey_close", row), {"key": new_id()})

    with scope.everything():
        kept = Survey.objects.get(pk=row.pk)
    found = live_version(row.pk)
    assert (changed.status_code, stale.status_code) == (302, 422)
    assert (kept.title, kept.state) == ("新名字", "closed")
    assert version is not None
    assert found is not None
    assert found.mapping == {"need": ["/data/ask/wish", "/data/place/hard"]} or set(found.mapping["need"]) == {
        "/data/ask/wish",
        "/data/place/hard",
    }
    assert "Open it again" in page(office, url("survey", row))


def test_answers_are_read_counted_set_aside_and_taken_along(office: Client, small_district: SmallDistrict) -> None:
    row = opened(small_district)
    one = answered(small_district, row, {"you/age": "72", "you/home": "alone", "ask/wish": "想有人来剪头发"})
    two = answered(small_district, row, {"you/age": "45", "you/home": "partner"})

    shown = page(office, reverse("staff:submission", kwargs={"submission": one.pk}))
    aside = reverse("staff:submission_aside", kwargs={"submission": two.pk})
    empty = office.post(aside, {"reason": " ", "key": new_id()})
    office.post(aside, {"reason": "填了两次", "key": new_id()})
    results = page(office, url("survey_results", row), by="age")
    printed = page(office, url("survey_results", row), **{"as": "print"})
    file = office.get(url("survey_export", row))

    assert "自己住" in shown
    assert "想有人来剪头发" in shown
    assert empty.status_code == 422
    assert "1 of 1 answers count." in results
    assert "70 to 79" in results
    assert "想有人来剪头发" in printed
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(file.content)).get_sheet_by_index(0).to_python()
    assert sheet[0][5:7] == ["您今年多大年纪", "您和谁一起住"]
    assert [line[5:7] for line in sheet[1:]] == [[72.0, "自己住"]]
    office.post(reverse("staff:submission_back", kwargs={"submission": two.pk}), {"key": new_id()})
    assert "2 of 2 answers count." in page(office, url("survey_results", row))


def test_neighbours_see_nothing_of_it(small_district: SmallDistrict, client: Client) -> None:
    row = opened(small_district)
    one = answered(small_district, row, {"you/age": "72", "you/home": "alone"})
    small_district.log_in(client, "jinzhou.waisha1")

    codes = [
        client.get(url("survey", row)).status_code,
        client.get(url("survey_results", row)).status_code,
        client.post(url("survey_close", row)).status_code,
        client.get(reverse("staff:submission", kwargs={"submission": one.pk})).status_code,
    ]

    assert codes == [404, 404, 404, 404]
