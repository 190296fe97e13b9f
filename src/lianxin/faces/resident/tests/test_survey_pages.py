"""A questionnaire on a phone: how it is cut into pages, what stands there hidden, and how it is kept between pages."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID, uuid5

import pytest
from django.utils import translation

from lianxin.engines.xforms import Form, content_digest, read_sheets, to_xml
from lianxin.engines.xforms.tests.tables import sheets_of
from lianxin.faces.resident import survey_drafts as drafts
from lianxin.faces.resident.survey_pages import is_empty, items_of, page_with, pages_of, questions_on
from lianxin.faces.resident.survey_review import answers_in_words
from tests.support.survey_forms import AUTUMN

AT = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
SOME = UUID("00000000-0000-4000-8000-000000000001")


@pytest.fixture(scope="module")
def form() -> Form:
    reading = read_sheets(sheets_of(AUTUMN))
    assert reading.form is not None, reading.findings
    return Form.from_json(reading.form.to_json())


def begun(form: Form) -> drafts.Draft:
    return drafts.begin_draft(form, version=SOME, community=uuid5(SOME, "c"), language="", at=AT)


def names(form: Form, page: list[int]) -> list[str]:
    return [form.nodes[number].name for number in page]


def test_a_page_holds_a_few_questions_a_small_group_or_one_repeat(form: Form) -> None:
    pages = pages_of(form)

    assert [names(form, page) for page in pages] == [
        ["hello", "age", "alone", "helps"],
        ["kid"],
        ["where"],
        ["wish", "photo"],
    ]
    assert page_with(pages, form, "/data/kid[2]/kid_age") == 2
    assert page_with(pages, form, "/data/where/street") == 3


def test_long_groups_are_cut_and_keep_their_heading() -> None:
    rows = "".join(f"| | text | q{at} | 问题{at} |\n" for at in range(1, 8))
    text = (
        "| survey |\n| | type | name | label |\n| | begin_group | g | 生活 |\n"
        + rows
        + "| | end_group | | |\n| settings |\n| | form_id | form_title | version |\n| | long | 长 | 1 |\n"
    )
    reading = read_sheets(sheets_of(text))
    assert reading.form is not None
    filled = begun(reading.form).instance(reading.form, at=AT)

    pages = pages_of(reading.form)

    assert [len(page) for page in pages] == [4, 3]
    for page in pages:
        first = items_of(filled, page, judged=False)[0]
        assert (first.kind, first.label) == ("heading", "生活")


def test_what_is_not_asked_stands_on_the_page_hidden_and_is_no_problem(form: Form) -> None:
    filled = begun(form).instance(form, at=AT)
    first = pages_of(form)[0]

    young = {item.path: item for item in items_of(filled, first, judged=True)}
    filled.set("/data/age", "70")
    old = {item.path: item for item in items_of(filled, first, judged=True)}

    assert (young["/data/alone"].asked, old["/data/alone"].asked) == (False, True)
    with translation.override("en"):
        assert old["/data/alone"].sentence
    assert [one.path for one in questions_on(list(young.values()))] == ["/data/age"]


def test_a_draft_keeps_answers_repetitions_what_was_refused_and_what_is_hidden_for_now(form: Form) -> None:
    draft = begun(form)
    filled = draft.instance(form, at=AT)
    filled.set("/data/age", "70")
    filled.set("/data/alone", "y")
    filled.set("/data/helps", ["child", "neighbour"])
    filled.add_repetition("/data/kid")
    filled.set("/data/kid[2]/kid_name", "小<红>&\n")
    filled.set("/data/age", "abc")

    draft.take(filled)
    again = draft.instance(form, at=AT)
    before = again.find("/data/age").refused
    again.set("/data/age", "71")

    assert before == ("abc", "not_an_integer")
    assert again.find("/data/helps").value == "child neighbour"
    assert again.find("/data/kid[2]/kid_name").value == "小<红>&\n"
    filled.set("/data/age", "71")
    assert content_digest(again) == content_digest(filled)
    assert to_xml(again) == to_xml(filled)


def test_answers_are_read_back_in_words_and_empty_pages_are_passed_over(form: Form) -> None:
    filled = begun(form).instance(form, at=AT)
    filled.set("/data/age", "70")
    filled.set("/data/alone", "y")
    filled.set("/data/helps", ["child", "neighbour"])

    filled.set("/data/kid[1]/kid_name", "小红")
    words = {label: (page, answer) for page, label, answer in answers_in_words(filled, pages_of(form))}

    assert words["平时谁来帮忙"] == (1, "子女、邻居")
    assert words["您有什么心愿"] == (4, "")
    assert words["家里的孩子 1 · 孩子叫什么"] == (2, "小红")
    assert not any(is_empty(filled, page) for page in pages_of(form))
