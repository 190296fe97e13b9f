"""Workbooks of questionnaires for tests, written from tables in plain text; and one that uses what residents meet."""

from __future__ import annotations

import hashlib
import io
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID, uuid4

import xlsxwriter

from lianxin.domain.needs.commands import submissions, survey_devices
from lianxin.domain.needs.models import Submission, SubmissionFile, Survey, SurveyCommunity, SurveyVersion
from lianxin.engines.xforms import Form, begin, read_workbook, to_xml
from lianxin.engines.xforms.tests.tables import sheets_of
from lianxin.platform import scope
from lianxin.platform.actors import Actor
from lianxin.platform.clock import now
from lianxin.platform.ids import new_id

# ruff: noqa: E501 - a table is read by its columns

FORM_ID, VERSION = "autumn-wishes", "2026112301"
AUTUMN = f"""
| survey |
| | type | name | label::中文 (zh) | label::English (en) | relevant | constraint | constraint_message::中文 (zh) | required | appearance | choice_filter |
| | start | start | | | | | | | | |
| | end | end | | | | | | | | |
| | note | hello | 请您说说家里的情况 | Tell us about your home | | | | | | |
| | integer | age | 您今年多大年纪 | How old are you | | . >= 0 and . <= 120 | 年龄要在0到120之间 | yes | | |
| | select_one yn | alone | 您一个人住吗 | Do you live alone | ${{age}} >= 60 | | | yes | | |
| | select_multiple help | helps | 平时谁来帮忙 | Who helps you | ${{alone}} = 'y' | | | | | |
| | begin_repeat | kid | 家里的孩子 | Children at home | | | | | | |
| | text | kid_name | 孩子叫什么 | Name of the child | | | | | | |
| | integer | kid_age | 几岁了 | Age of the child | | . < 18 | 孩子要小于18岁 | | | |
| | end_repeat | | | | | | | | | |
| | begin_group | where | 您住哪里 | Where you live | | | | | | |
| | select_one town | town | 哪个片区 | Which part | | | | yes | | |
| | select_one street | street | 哪条路 | Which street | | | | | minimal | town=${{town}} |
| | end_group | | | | | | | | | |
| | text | wish | 您有什么心愿 | What do you wish for | | | | | multiline | |
| | image | photo | 拍一张照片 | Take a picture | | | | | | |
| choices |
| | list_name | name | label::中文 (zh) | label::English (en) | town |
| | yn | y | 是 | Yes | |
| | yn | n | 不是 | No | |
| | help | child | 子女 | Children | |
| | help | neighbour | 邻居 | Neighbours | |
| | town | east | 东片 | East | |
| | town | west | 西片 | West | |
| | street | gold | 金凤路 | Jinfeng Road | east |
| | street | pearl | 珠池路 | Zhuchi Road | west |
| settings |
| | form_id | form_title | version | default_language |
| | {FORM_ID} | 秋天的心愿 | {VERSION} | 中文 (zh) |
"""


def workbook_of(text: str) -> bytes:
    """Write the sheets of a table as a workbook, as Excel would."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as workbook:
        for name, rows in sheets_of(text).items():
            sheet = workbook.add_worksheet(name)
            for at, row in enumerate(rows):
                for column, cell in enumerate(row):
                    sheet.write_string(at, column, cell)
    return out.getvalue()


@cache
def read_once(text: str) -> tuple[dict[str, Any], str]:
    """Give the form and the XForm of a table; pyxform is slow, and these never change."""
    reading = read_workbook(workbook_of(text))
    assert reading.form is not None, [str(one) for one in reading.findings]
    return reading.form.to_json(), reading.xform


def make_survey(community: UUID, *, at: datetime, text: str = AUTUMN, slug: str = "hhhhhhh", **more: Any) -> Any:
    """Put an open survey with its published questions into the database; gives its version."""
    form, xform = read_once(text)
    entries: dict[str, Any] = {
        "title": form["title"],
        "form_id": form["id"],
        "state": "open",
        "purpose": "想听听您的话",
    }
    with scope.everything():
        survey = Survey.objects.create(community_id=community, slug=slug, made_at=at, **(entries | more))
        SurveyCommunity.objects.create(survey=survey, community_id=community)
        return SurveyVersion.objects.create(
            survey=survey,
            number=1,
            form_version=form["version"],
            workbook_id=new_id(),
            form=form,
            xform=xform,
            xform_digest=hashlib.sha256(xform.encode()).hexdigest(),
            mapping={"need": "/data/wish"} if "wish" in xform else {},
            published_at=at,
            made_at=at,
        )


def filled_xml(*, at: datetime, wish: str = "想请人来剪头发", text: str = AUTUMN, **answers: str) -> str:
    """Fill the autumn form as a device would and give its document; `age="70"` answers /data/age."""
    form = Form.from_json(read_once(text)[0])
    filled = begin(form, at=at, uuid=lambda: str(uuid4()), device="collect:1")
    given = {"age": "45", "where/town": "east", "wish": wish} | {
        name.replace("__", "/"): value for name, value in answers.items()
    }
    for name, value in given.items():
        filled.set(f"/data/{name}", value)
    filled.finish(at=at)
    return to_xml(filled)


def make_version(community: UUID) -> UUID:
    """Give the version of an open survey of a community, for tests which walk all addresses."""
    with scope.everything():
        there = SurveyVersion.objects.filter(survey__community=community, survey__slug="wwwwwww").first()
    return (there or make_survey(community, at=now(), slug="wwwwwww", form_id="walked")).pk


def make_slug(community: UUID) -> str:
    """Give the word in the link of that survey."""
    make_version(community)
    return "wwwwwww"


def make_device(community: UUID, *, actor: Actor) -> UUID:
    """Give a phone of a community."""
    return survey_devices.let_in(actor=actor, community=community, name="小林的手机", at=now()).pk


def make_survey_of_walk(community: UUID) -> UUID:
    """Give that survey itself."""
    with scope.everything():
        return SurveyVersion.objects.get(pk=make_version(community)).survey_id


def make_submission(community: UUID) -> UUID:
    """Give answers to that survey."""
    came = submissions.receive(
        actor=Actor.system(),
        version=make_version(community),
        xml=filled_xml(at=now()),
        how=Submission.How.PAPER,
        community=community,
        at=now(),
    )
    return came.submission.pk


def make_submission_file(community: UUID, submission: UUID) -> UUID:
    """Give a picture that belongs to those answers and has not arrived yet."""
    with scope.everything():
        return SubmissionFile.objects.create(community_id=community, submission_id=submission, name="a.png").pk
