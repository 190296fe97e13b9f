"""Workbooks, surveys and filled forms for the tests of this module."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from lianxin.domain.needs.commands import submissions, surveys
from lianxin.domain.needs.commands.workbooks import Read
from lianxin.domain.needs.models import Survey, SurveyVersion
from lianxin.domain.needs.queries.surveys import live_version
from lianxin.domain.needs.rules.starter_form import as_workbook
from lianxin.engines.xforms import Form, begin, read_workbook, to_xml

from .factories import AT, Place

HEADINGS = ["type", "name", "label", "required", "relevant", "constraint", "constraint_message"]
ROWS = [
    ["start", "start", "", "", "", "", ""],
    ["end", "end", "", "", "", "", ""],
    ["integer", "age", "您多大年纪", "yes", "", ". < 130", "岁数太大了"],
    ["text", "wish", "您需要什么", "", "", "", ""],
    ["integer", "people", "几个人", "", "${wish} != ''", "", ""],
    ["text", "phone", "电话", "", "", "", ""],
    ["image", "photo", "照片", "", "", "", ""],
]


def workbook(
    *rows: list[str], form_id: str = "asking", version: str = "1", more: list[list[str]] | None = None
) -> bytes:
    """A questionnaire with these rows, or the ones of every test."""
    lines = [row + [""] * (len(HEADINGS) - len(row)) for row in rows] or ROWS
    choices = [["list_name", "name", "label"], *(more or [])]
    settings = [["form_title", "form_id", "version"], ["问问大家", form_id, version]]
    return as_workbook({"survey": [HEADINGS, *lines], "choices": choices, "settings": settings})


def drafted(place: Place, *rows: list[str], **more: Any) -> Survey:
    """A survey that was drafted with these questions."""
    file = more.pop("workbook", None) or workbook(*rows, **{k: more.pop(k) for k in ("form_id", "more") if k in more})
    given = {"actor": place.keeper, "community": place.community.pk, "title": "秋季问卷", "at": AT} | more
    return surveys.draft_read(workbook=file, file_name="form.xlsx", found=read_here(file), **given)


def read_here(file: bytes) -> Read:
    """A good workbook, read in this process: a process for each would take a second each."""
    reading = read_workbook(file)
    assert reading.form is not None
    return Read(reading.form.to_json(), reading.xform)


def opened(place: Place, *rows: list[str], **more: Any) -> Survey:
    """A survey that takes answers."""
    content = more.pop("content", None)
    row = drafted(place, *rows, **more)
    if content is not None:
        surveys.change(actor=place.keeper, survey=row.pk, content=content, at=AT)
    return surveys.publish(actor=place.keeper, survey=row.pk, at=AT)


def version_of(row: Survey) -> SurveyVersion:
    """The version that is answered."""
    found = live_version(row.pk)
    assert found is not None
    return found


def filled(
    version: SurveyVersion,
    answers: dict[str, str],
    *,
    instance: str = "",
    corrects: str = "",
    at: datetime = AT,
    ended: datetime | None = None,
) -> str:
    """A filled form as a phone sends it."""
    form = Form.from_json(version.form)
    one = begin(form, at=at, uuid=lambda: str(uuid4()))
    for name, value in answers.items():
        one.set(f"/data/{name}", value)
    one.finish(at=ended or at)
    return to_xml(one, instance_id=instance, deprecated_id=corrects)


def sent(place: Place, row: Survey, answers: dict[str, str] | None = None, **more: Any) -> submissions.Received:
    """A form that was filled and sent."""
    version = version_of(row)
    for_form = {name: more.pop(name) for name in ("instance", "corrects", "ended") if name in more}
    xml = more.pop("xml", None) or filled(version, answers or {"age": "70"}, **for_form)
    given = {"actor": place.keeper, "how": "paper", "community": place.community.pk, "at": AT} | more
    return submissions.receive(version=version.pk, xml=xml, **given)


def cell(
    place: Place, wanted: int, low: int = 0, high: int = 150, *, is_limit: bool = False, community: UUID | None = None
) -> Any:
    """A quota of the place's community."""
    from lianxin.domain.needs.rules.surveys import QuotaCell

    return QuotaCell(community or place.community.pk, wanted, low, high, is_limit)
