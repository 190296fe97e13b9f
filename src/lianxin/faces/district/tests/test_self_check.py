"""The self-check: who reads it, what it says, and the filing material on paper and as a document."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.test import Client
from django.urls import reverse

from lianxin.insight.binding_rules import read_rules

PAGES = ("self_check", "self_check_filing", "self_check_filing_file")


def clauses() -> int:
    return len(list(read_rules(Path(django_settings.DATA_DIR)).clauses()))


@pytest.mark.parametrize("name", ["district", "xinjin", "system", "security", "audit"])
def test_offices_and_administrators_read_it(name, small_district):
    client = Client()
    small_district.log_in(client, name)

    assert [client.get(reverse(f"district:{page}")).status_code for page in PAGES] == [200, 200, 200]


@pytest.mark.parametrize("name", ["cuiying1", "host", "merchant"])
def test_for_others_it_does_not_exist(name, small_district):
    client = Client()
    small_district.log_in(client, name)

    assert {client.get(reverse(f"district:{page}")).status_code for page in PAGES} == {404}


def test_nobody_is_sent_to_the_door(small_district):
    assert Client().get(reverse("district:self_check")).status_code == 302


def test_page_shows_every_clause_with_its_tests_and_what_was_found(department, settings):
    settings.IDLE_MINUTES = 90
    department.cookies["lianxin-language"] = "en"

    page = department.get(reverse("district:self_check"))
    text = page.content.decode()

    checked = page.context["checked"]
    assert text.count('class="card check-clause"') == checked.clauses == clauses()
    assert checked.tests > 70
    assert "test_no_formalism.py::test_no_table_keeps_a_balance_of_money" in text
    assert "Staff are logged out after 90 idle minutes." in text
    assert {"idle"} <= {one.clause.code for one in checked.attention}


def test_filing_material_names_rules_purposes_and_what_is_removed(department):
    document = department.get(reverse("district:self_check_filing_file"))
    department.cookies["lianxin-language"] = "en"
    sheet = department.get(reverse("district:self_check_filing")).content.decode()

    with zipfile.ZipFile(io.BytesIO(document.content)) as archive:
        words = archive.read("word/document.xml").decode()
    for said in ("户档管理", "审计日志", "国办函〔2026〕12号", "不做人脸识别"):
        assert said in words
    assert "filename*=UTF-8''" in document["Content-Disposition"]
    assert sheet.count("signature-line") == 3
    assert "No face recognition" in sheet
    assert 'class="qr"' in sheet
