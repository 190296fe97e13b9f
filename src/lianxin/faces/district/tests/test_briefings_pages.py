"""Briefings through the pages: asked for, read, issued; a template that is wrong is refused with its names."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from docx import Document

from lianxin.domain.reporting.models import Briefing, BriefingTemplate
from lianxin.insight import briefing_word
from lianxin.insight.briefing_tasks import make_briefing
from lianxin.insight.tests.test_briefings import Told
from lianxin.insight.tests.word_package import run_here
from lianxin.platform.clock import local_day, now
from lianxin.platform.ids import new_id

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _here(monkeypatch):
    monkeypatch.setattr(briefing_word, "_run", run_here)


def page(name, *args):
    return reverse(f"district:{name}", args=args)


def ask(client, area, period="2026-10"):
    values = {"period": period, "area": str(area), "office": "", "dated_on": local_day(now()).isoformat()}
    return client.post(page("briefing_new"), values | {"key": str(new_id())})


def written(text):
    document = Document()
    document.add_paragraph(text)
    kept = io.BytesIO()
    document.save(kept)
    return SimpleUploadedFile("模板.docx", kept.getvalue())


def test_a_community_office_makes_reads_and_issues_a_briefing_of_its_own(community_office, small_district):
    asked = ask(community_office, small_district.cuiying.pk)
    row = Briefing.objects.get()
    assert asked["Location"] == page("briefing", row.pk)
    assert "正在做" in community_office.get(asked["Location"]).content.decode()

    make_briefing(Told(), briefing=str(row.pk))
    shown = community_office.get(page("briefing", row.pk)).content.decode()
    assert "person_times" in shown
    assert "草稿" in shown
    document = community_office.get(page("briefing_file", row.pk))
    assert b"".join(document.streaming_content).startswith(b"PK")
    row.refresh_from_db()
    community_office.post(page("briefing_issue", row.pk), {"approved_name": "林主任", "version": row.version})
    row.refresh_from_db()

    assert (row.state, row.approved_name) == ("issued", "林主任")
    assert "每个数字都和现在的记录一致" in community_office.get(page("briefing_compared", row.pk)).content.decode()
    assert "林主任" in community_office.get(page("briefings")).content.decode()


@pytest.mark.parametrize(
    ("period", "sentence"),
    [("2026-13", "2026-13"), ("2026-11", "还没有结束"), ("2026-W40", "一整个月"), ("去年", "去年")],
)
def test_an_impossible_period_is_refused_on_the_form(community_office, small_district, period, sentence):
    answer = ask(community_office, small_district.cuiying.pk, period)

    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not Briefing.objects.exists()


def test_a_foreign_place_is_no_choice(community_office, small_district):
    assert ask(community_office, small_district.jinzhou_village.pk).status_code == 422
    assert not Briefing.objects.exists()


def test_a_template_with_an_unknown_placeholder_is_refused_by_its_name(department):
    values = {"kind": "month", "file": written("{{ figure.person_tims }}"), "note": ""}

    answer = department.post(page("briefing_template_new"), values)

    assert answer.status_code == 422
    assert "figure.person_tims" in answer.content.decode()
    assert "figure.person_times" in answer.content.decode()
    assert not BriefingTemplate.objects.exists()


def test_a_good_template_is_kept_and_put_in_use(department):
    values = {"kind": "month", "file": written("{{ area }}{{ period }} {{ figure.person_times }}"), "note": "短一些"}

    kept = department.post(page("briefing_template_new"), values)
    row = BriefingTemplate.objects.get()
    assert kept["Location"] == page("briefing_template", row.pk)
    department.post(page("briefing_template_use", row.pk), {"version": row.version})
    row.refresh_from_db()

    assert row.state == "in_use"
    assert "figure.person_times" in department.get(page("briefing_template", row.pk)).content.decode()
    assert "短一些" in department.get(page("briefing_templates")).content.decode()


def test_something_that_is_no_document_is_refused(department):
    sent = SimpleUploadedFile("模板.docx", b"not a document at all")

    answer = department.post(page("briefing_template_new"), {"kind": "month", "file": sent, "note": ""})

    assert answer.status_code == 422
    assert "DOCX" in answer.content.decode()


def test_templates_are_changed_by_the_department_only(community_office, xinjin):
    for client in (community_office, xinjin):
        assert client.get(page("briefing_template_new")).status_code == 404
        assert client.get(page("briefing_templates")).status_code == 200
