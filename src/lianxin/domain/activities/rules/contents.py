"""What an activity says of itself, and what cannot be said."""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

MOST_QUESTIONS = 5
MOST_CHOICES = 12
MOST_POSTER_TEXT = 3_000
KINDS = ("text", "yes_no", "choice")
LENGTHS = {
    "title": 80,
    "summary": 200,
    "poster_text": MOST_POSTER_TEXT,
    "audience_note": 120,
    "bring_note": 120,
    "cost_note": 80,
    "contact_name": 40,
    "contact_phone": 30,
}


@dataclass(frozen=True)
class QuestionText:
    """Something asked at sign-up."""

    text: str
    kind: str = "text"
    choices: tuple[str, ...] = ()
    is_required: bool = False


@dataclass(frozen=True)
class Content:
    """Everything that the form of an activity holds; the dates are planned apart."""

    community: UUID
    category: UUID
    title: str
    summary: str = ""
    poster_text: str = ""
    picture_id: UUID | None = None
    festival: str = ""
    open_to: str = "everybody"
    min_age: int | None = None
    max_age: int | None = None
    audience_note: str = ""
    bring_note: str = ""
    cost_note: str = ""
    contact_name: str = ""
    contact_phone: str = ""
    is_volunteering: bool = False
    act_kind: str = ""
    record_kind: str = ""
    record_id: UUID | None = None
    # Other communities that hold it together with this one.
    partners: tuple[UUID, ...] = ()
    # Organisations and their roles: ("holds" or "helps").
    organisers: tuple[tuple[UUID, str], ...] = ()
    questions: tuple[QuestionText, ...] = ()


def problems_of(content: Content) -> Iterator[tuple[str, str]]:
    """Yield (field, sentence) for what cannot be."""
    if not content.title.strip():
        yield "title", _("The title is missing.")
    for name, most in LENGTHS.items():
        if len(getattr(content, name).strip()) > most:
            yield name, _("At most %(most)d characters.") % {"most": most}
    if content.open_to not in ("community", "subdistrict", "everybody"):
        yield "open_to", _("Choose for whom it is.")
    for name in ("min_age", "max_age"):
        age = getattr(content, name)
        if age is not None and not 0 <= age <= 120:
            yield name, _("An age is a number from 0 to 120.")
    if content.min_age is not None and content.max_age is not None and content.max_age < content.min_age:
        yield "max_age", _("The ages are the wrong way round.")
    if content.community in content.partners:
        yield "partners", _("The community itself need not be named again.")
    if len({pk for pk, _role in content.organisers}) < len(content.organisers):
        yield "organisers", _("An organisation is named twice.")
    if any(role not in ("holds", "helps") for _pk, role in content.organisers):
        yield "organisers", _("Say whether the organisation holds it or helps.")
    if len(content.questions) > MOST_QUESTIONS:
        yield "questions", _("At most %(most)d questions.") % {"most": MOST_QUESTIONS}
    for question in content.questions:
        yield from _question_problems(question)


def _question_problems(question: QuestionText) -> Iterator[tuple[str, str]]:
    if not 1 <= len(question.text.strip()) <= 100:
        yield "questions", _("A question has 1 to 100 characters.")
    if question.kind not in KINDS:
        yield "questions", _("Choose how the question is answered.")
    if question.kind == "choice":
        choices = [choice.strip() for choice in question.choices if choice.strip()]
        if not 2 <= len(set(choices)) <= MOST_CHOICES or any(len(choice) > 60 for choice in choices):
            yield (
                "questions",
                _("“%(text)s” needs 2 to %(most)d different answers to choose from.")
                % {"text": question.text, "most": MOST_CHOICES},
            )
