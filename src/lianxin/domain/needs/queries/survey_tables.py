"""The answers of a survey as tables: a row for each form, and a table of its own for each repeat."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from lianxin.domain.needs import policy
from lianxin.domain.needs.models import Survey
from lianxin.domain.needs.queries import surveys
from lianxin.domain.needs.queries.survey_results import (
    COVERED,
    Question,
    number_in,
    personal_in,
    questions_of,
    read_forms,
    repeat_above,
)
from lianxin.domain.needs.rules.plain_answers import Plain
from lianxin.engines.xforms import Form
from lianxin.platform.actors import Actor
from lianxin.platform.clock import LOCAL


@dataclass(frozen=True, slots=True)
class Table:
    """A sheet of an export."""

    name: str
    headings: list[str]
    rows: list[list[Any]]


def tables(*, actor: Actor, survey: Survey) -> list[Table]:
    """Give the forms that were received as sheets: one row a form, and a sheet of its own for each repeat."""
    questions = [one for one in questions_of(survey).values() if one.kind != "note"]
    labels = {path: {o.value: o.label for o in one.options} for one in questions for path in [one.path]}
    flat = [one for one in questions if not one.repeats]
    personal = personal_in(survey)
    groups = _repeats(survey, [one for one in questions if one.repeats])
    main: list[list[Any]] = []
    below: dict[str, list[list[Any]]] = {path: [] for path in groups}
    for number, (one, plain) in enumerate(read_forms(actor, survey, None), start=1):
        received = one.received_at.astimezone(LOCAL).strftime("%Y-%m-%d %H:%M")
        head = [number, one.community.short_name, received, one.get_how_display(), _yes(one.counts)]
        if not policy.may_see_askers(actor, one.community_id):
            _cover(plain, personal)
        main.append([*head, *[_cell(question, plain.first(question.path), labels) for question in flat]])
        for path, inner in groups.items():
            below[path] += _repetitions(number, plain, inner, labels)
    headings = [_("No."), _("Community"), _("Received"), _("How"), _("Counts")]
    found = [Table(survey.title, [*headings, *[one.label for one in flat]], main)]
    for path, inner in groups.items():
        found.append(Table(path.rsplit("/", 1)[-1], [_("No."), _("Which"), *[one.label for one in inner]], below[path]))
    return found


def _cover(plain: Plain, paths: set[str]) -> None:
    for path in paths & set(plain.answers):
        plain.answers[path] = [(around, COVERED if value else "") for around, value in plain.answers[path]]


def _repetitions(
    number: int, plain: Plain, inner: list[Question], labels: dict[str, dict[str, str]]
) -> list[list[Any]]:
    rows: dict[str, dict[str, str]] = {}
    for question in inner:
        for around, value in plain.answers.get(question.path, ()):
            rows.setdefault(around, {})[question.path] = value
    return [
        [number, at, *[_cell(question, values.get(question.path, ""), labels) for question in inner]]
        for at, values in enumerate(rows.values(), start=1)
        if any(values.values())
    ]


def _repeats(survey: Survey, questions: list[Question]) -> dict[str, list[Question]]:
    found: dict[str, list[Question]] = {}
    above: dict[str, str] = {}
    for version in surveys.list_versions(survey.pk):
        form = Form.from_json(version.form)
        for number, node in enumerate(form.nodes):
            if node.kind == "leaf":
                above.setdefault(form.path(number), repeat_above(form, number))
    for question in questions:
        found.setdefault(above.get(question.path, ""), []).append(question)
    return found


def _cell(question: Question, value: str, labels: dict[str, dict[str, str]]) -> Any:
    if not value:
        return ""
    if question.options:
        return "、".join(labels[question.path].get(word, word) for word in value.split())
    if question.kind == "number":
        number = number_in(value)
        return value if number is None else int(number) if number.is_integer() else number
    return value


def _yes(value: bool) -> str:
    return _("yes") if value else _("no")
