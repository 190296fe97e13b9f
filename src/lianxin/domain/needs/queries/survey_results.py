"""What a survey came to: for each question how many answered what, of how many who were asked; and tables to take."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from statistics import fmean, median
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from lianxin.domain.needs.commands.quotas import age_of
from lianxin.domain.needs.models import Submission, Survey
from lianxin.domain.needs.queries import surveys
from lianxin.domain.needs.rules import surveys as rules
from lianxin.domain.needs.rules.plain_answers import Plain, read_plain
from lianxin.engines.xforms import Form
from lianxin.engines.xforms.definitions import Definition, Texts
from lianxin.platform import scope
from lianxin.platform.actors import Actor
from lianxin.platform.sensitive import Unreadable

MOST_READ = 20_000
MOST_TEXTS = 100
COVERED = "***"
AGE_BANDS = ((0, 17), (18, 34), (35, 59), (60, 69), (70, 79), (80, rules.OLDEST))
BY_COMMUNITY, BY_AGE = "community", "age"


@dataclass(slots=True)
class Option:
    """One choice of a question: how many chose it, in all and by column of the comparison."""

    value: str
    label: str
    count: int = 0
    by: dict[str, int] = field(default_factory=dict)


@dataclass(slots=True)
class Question:
    """What was answered to one question: `asked` is of how many forms it was part, `answered` in how many."""

    path: str
    label: str
    kind: str
    group: str = ""
    repeats: bool = False
    asked: int = 0
    answered: int = 0
    options: list[Option] = field(default_factory=list)
    numbers: list[float] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    asked_by: dict[str, int] = field(default_factory=dict)

    @property
    def mean(self) -> float | None:
        """Give the mean of the numbers that were answered."""
        return fmean(self.numbers) if self.numbers else None

    @property
    def middle(self) -> float | None:
        """Give the median of the numbers that were answered."""
        return median(self.numbers) if self.numbers else None


@dataclass(frozen=True, slots=True)
class Results:
    """The answers of a survey, question by question."""

    forms: int
    counted: int
    questions: list[Question]
    columns: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Line:
    """One answer of one form as it is shown."""

    label: str
    words: str
    depth: int
    is_group: bool = False
    file_name: str = ""


def results(*, actor: Actor, survey: Survey, by: str = "", community: UUID | None = None) -> Results:
    """Count the answers of the forms that count, from the actor's communities; `by` compares communities or ages."""
    questions, personal = questions_of(survey), personal_in(survey)
    columns: dict[str, str] = {}
    forms = counted = 0
    for one, plain in read_forms(actor, survey, community):
        forms += 1
        if not one.counts:
            continue
        counted += 1
        key, name = _column(one, by)
        columns[key] = name
        for question in questions.values():
            # Names and numbers are read form by form, by those who answer the askers.
            _count(question, plain, key, hides=question.path in personal)
    found = [question for question in questions.values() if question.kind != "note"]
    order = sorted(columns.items(), key=lambda pair: pair[0] if by == BY_AGE else pair[1])
    return Results(forms, counted, found, [pair for pair in order if pair[0]])


def lines_of(submission: Submission, *, names: bool = True) -> list[Line]:
    """Give the answers of one form in the order of its questions; raises Unreadable."""
    from lianxin.engines.xforms import read_xml, view
    from lianxin.engines.xforms.view import Shown

    form = Form.from_json(submission.survey_version.form)
    filled = read_xml(form, submission.content.reveal(), at=submission.received_at, uuid=lambda: "")
    hidden = set() if names else {*rules.paths_of(submission.survey_version.mapping, rules.NAME)}
    hidden |= set() if names else {*rules.paths_of(submission.survey_version.mapping, rules.PHONE)}
    found: list[Line] = []

    def walk(shown: Sequence[Shown], depth: int) -> None:
        for one in shown:
            if one.kind == "question":
                words = "、".join(choice.label for choice in one.choices if choice.chosen) if one.choices else one.value
                name = one.value if one.control == "upload" else ""
                found.append(Line(one.label, COVERED if one.path in hidden and words else words, depth, file_name=name))
            elif one.kind != "note":
                if one.label:
                    found.append(Line(one.label, "", depth, is_group=True))
                walk(one.children, depth + 1)

    walk(view(filled), 0)
    return found


def form_questions(form: Form) -> list[Question]:
    """Give the questions of a form in order, without notes and what is calculated unseen."""
    found = []
    for number, node in enumerate(form.nodes):
        if node.kind != "leaf" or not node.control or node.name == "instanceID":
            continue
        question = Question(form.path(number), _plain(form, node.label) or node.name, _kind(node))
        question.group = _group(form, number)
        question.repeats = bool(repeat_above(form, number))
        if node.list_name or node.items is not None:
            question.options = [
                Option(item.value, _plain(form, item.label) or item.value) for item in _items(form, node)
            ]
        found.append(question)
    return found


def questions_of(survey: Survey) -> dict[str, Question]:
    """Give the questions of the newest version first, then those that only earlier ones had."""
    found: dict[str, Question] = {}
    for version in surveys.list_versions(survey.pk):
        if version.published_at is None and found:
            continue
        for question in form_questions(Form.from_json(version.form)):
            known = found.setdefault(question.path, question)
            values = {option.value for option in known.options}
            known.options += [option for option in question.options if option.value not in values]
    return found


def read_forms(actor: Actor, survey: Survey, community: UUID | None) -> Iterator[tuple[Submission, Plain]]:
    """Give the forms that were received, from the actor's communities, with their answers."""
    with scope.everything():
        rows = surveys.list_submissions(actor=actor, survey=survey.pk).filter(state=Submission.State.RECEIVED)
        if community is not None:
            rows = rows.filter(community=community)
        for one in rows.order_by("received_at", "pk")[:MOST_READ]:
            try:
                yield one, read_plain(one.content.reveal())
            except Unreadable:
                continue


def _count(question: Question, plain: Plain, key: str, *, hides: bool) -> None:
    if not plain.was_asked(question.path):
        return
    values = [value.strip() for value in plain.all(question.path) if value.strip()]
    question.asked += 1
    question.asked_by[key] = question.asked_by.get(key, 0) + bool(values)
    if not values:
        return
    question.answered += 1
    if question.options:
        chosen = Counter(word for value in values for word in set(value.split()))
        for option in question.options:
            if chosen[option.value]:
                option.count += 1
                option.by[key] = option.by.get(key, 0) + 1
    elif question.kind == "number":
        question.numbers += [number for number in map(number_in, values) if number is not None]
    elif question.kind in ("text", "date") and not hides:
        question.texts += values[: max(0, MOST_TEXTS - len(question.texts))]


def personal_in(survey: Survey) -> set[str]:
    """Give the questions whose answers name somebody or hold a phone number."""
    mappings = [version.mapping for version in surveys.list_versions(survey.pk)]
    return {path for one in mappings for role in (rules.NAME, rules.PHONE) for path in rules.paths_of(one, role)}


def _column(one: Submission, by: str) -> tuple[str, str]:
    if by == BY_COMMUNITY:
        return str(one.community_id), one.community.short_name
    if by == BY_AGE:
        age = age_of(one)
        for at, (low, high) in enumerate(AGE_BANDS):
            if age is not None and low <= age <= high:
                return f"{at}", band_words(low, high)
        return "9", _("age not known")
    return "", ""


def band_words(low: int, high: int) -> str:
    """Say an age band."""
    if low == 0 and high >= rules.OLDEST:
        return _("all ages")
    if high >= rules.OLDEST:
        return _("%(from)d and older") % {"from": low}
    if low == 0:
        return _("under %(to)d") % {"to": high + 1}
    return _("%(from)d to %(to)d") % {"from": low, "to": high}


def number_in(text: str) -> float | None:
    """Give the number in an answer, or None."""
    try:
        return float(text)
    except ValueError:
        return None


def _kind(node: Definition) -> str:
    if node.control == "note" or node.control == "trigger":
        return "note" if node.control == "note" else "text"
    if node.items is not None:
        return "choice"
    return {
        "int": "number",
        "decimal": "number",
        "date": "date",
        "dateTime": "date",
        "geopoint": "place",
        "binary": "picture",
    }.get(node.type, "text")


def _items(form: Form, node: Definition) -> list[Any]:
    if node.list_name in form.lists:
        return list(form.lists[node.list_name])
    name = next((one for one in form.lists if f"'{one}'" in str(node.items)), "")
    return list(form.lists.get(name, []))


def _plain(form: Form, texts: Texts) -> str:
    """Give a sentence without the values that are put into it."""
    for language in (form.default_language, "", *texts):
        if language in texts:
            return "".join(piece if isinstance(piece, str) else "…" for piece in texts[language]).strip()
    return ""


def _group(form: Form, number: int) -> str:
    at = form.nodes[number].parent
    while at > 0:
        if label := _plain(form, form.nodes[at].label):
            return label
        at = form.nodes[at].parent
    return ""


def repeat_above(form: Form, number: int) -> str:
    """Give the path of the repeat around a question, or an empty text."""
    at = form.nodes[number].parent
    while at > 0:
        if form.nodes[at].kind == "repeat":
            return form.path(at)
        at = form.nodes[at].parent
    return ""
