"""What holds for surveys whatever their questions are: the window, quotas, which answers become needs, their links."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from django.utils.translation import gettext as _

from lianxin.engines.xforms import Form, Problem
from lianxin.engines.xforms.definitions import Definition
from lianxin.platform.sensitive import digest

Standing = Literal["draft", "open", "not_yet", "closed"]
# Without letters that are mistaken for others when they are read from a poster.
ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
SLUG_SIGNS = 7
SLUG_PURPOSE = "needs.survey.slug"
OLDEST = 150
MOST_WANTED = 1_000_000

NEED, PEOPLE, CATEGORY, AGE, NAME, PHONE = "need", "people", "category", "age", "name", "phone"
ROLES = (NEED, PEOPLE, CATEGORY, AGE, NAME, PHONE)
CHOSEN = ("select", "select1")
_TEXT, _NUMBER = ("string",), ("int", "decimal")
# Nobody is made to send a photo or to say where they are.
NEVER_REQUIRED = ("binary", "geopoint")


@dataclass(frozen=True, slots=True)
class QuotaCell:
    """How many answers are wanted from an age band of a community."""

    community: UUID
    wanted: int
    min_age: int = 0
    max_age: int = OLDEST
    is_limit: bool = False

    def takes(self, community: UUID, age: int | None) -> bool:
        """Tell whether an answer belongs here; one of unknown age only where the cell asks for every age."""
        if self.community != community:
            return False
        return self.is_for_all if age is None else self.min_age <= age <= self.max_age

    @property
    def is_for_all(self) -> bool:
        """Tell whether the cell asks for every age."""
        return self.min_age == 0 and self.max_age >= OLDEST


def choose_cell(cells: Sequence[QuotaCell], *, community: UUID, age: int | None) -> int | None:
    """Give the place of the narrowest cell that an answer belongs to, or None."""
    fitting = [(cell.max_age - cell.min_age, at) for at, cell in enumerate(cells) if cell.takes(community, age)]
    return min(fitting)[1] if fitting else None


def check_cells(cells: Sequence[QuotaCell], *, communities: Iterable[UUID]) -> list[str]:
    """Give a sentence for everything that is wrong with quotas."""
    wrong, asked = [], set(communities)
    taken: dict[UUID, list[QuotaCell]] = {}
    for cell in cells:
        if cell.community not in asked:
            wrong.append(_("A quota names a community in which this survey is not asked."))
        if not 0 <= cell.min_age <= cell.max_age <= OLDEST:
            wrong.append(_("Give ages from 0 to 150, the lower one first."))
        if not 1 <= cell.wanted <= MOST_WANTED:
            wrong.append(_("Give how many answers are wanted: at least 1."))
        before = taken.setdefault(cell.community, [])
        if any(cell.min_age <= other.max_age and other.min_age <= cell.max_age for other in before):
            wrong.append(
                _("The ages %(from)d to %(to)d overlap with another quota of the same community.")
                % {"from": cell.min_age, "to": cell.max_age}
            )
        before.append(cell)
    return list(dict.fromkeys(wrong))


def standing(state: str, opens_at: datetime | None, closes_at: datetime | None, at: datetime) -> Standing:
    """Tell how a survey stands at a moment."""
    if state == "draft":
        return "draft"
    if state == "closed" or (closes_at is not None and at >= closes_at):
        return "closed"
    return "not_yet" if opens_at is not None and at < opens_at else "open"


def lies_in_window(opens_at: datetime | None, closes_at: datetime | None, moment: datetime) -> bool:
    """Tell whether a survey that was once open was so at this moment."""
    return (opens_at is None or moment >= opens_at) and (closes_at is None or moment < closes_at)


def slug_for(survey: UUID, turn: int = 0) -> str:
    """Give the word of a survey's link; `turn` gives others where it is taken."""
    drawn = int(digest(f"{survey.hex}/{turn}", SLUG_PURPOSE)[:24], 16)
    signs = []
    for _place in range(SLUG_SIGNS):
        drawn, sign = divmod(drawn, len(ALPHABET))
        signs.append(ALPHABET[sign])
    return "".join(signs)


def read_slug(text: str) -> str:
    """Give the word in an address as it is kept, or an empty text when it is none."""
    plain = text.strip().lower()
    return plain if len(plain) <= 16 and plain and all(sign in ALPHABET for sign in plain) else ""


def definition_at(form: Form, path: str) -> Definition | None:
    """Give the question at a path without numbers of repetitions, or None."""
    return next((node for at, node in enumerate(form.nodes) if node.kind == "leaf" and form.path(at) == path), None)


def forced_evidence(form: Form) -> list[str]:
    """Name the questions that would make somebody send a photo or a position."""
    return [node.name for node in form.nodes if node.type in NEVER_REQUIRED and node.required is not None]


def fits(definition: Definition, role: str) -> bool:
    """Tell whether the answers to a question can play a role."""
    if definition.name in ("instanceID", "instanceName") or definition.control in ("note", "trigger", "upload"):
        return False
    is_number = definition.type in _NUMBER
    is_text = definition.type in _TEXT and definition.items is None
    if role == NEED:
        return bool(definition.control) and (is_text or definition.control in CHOSEN)
    if role in (PEOPLE, AGE):
        return is_number or (not definition.control and is_text)
    if role == CATEGORY:
        return definition.control == "select1" or (not definition.control and is_text)
    return role in (NAME, PHONE) and is_text


def paths_of(mapping: dict[str, str | list[str]], role: str) -> list[str]:
    """Give the paths that play a role."""
    found = mapping.get(role) or []
    return [found] if isinstance(found, str) else list(found)


def check_mapping(form: Form, mapping: dict[str, str | list[str]]) -> dict[str, list[str]]:
    """Give sentences by role for what is wrong with a mapping; one that names no need is fine: nothing is heard."""
    wrong: dict[str, list[str]] = {}
    for role in mapping:
        if role not in ROLES:
            wrong[role] = [_("This is not known: %(role)s.") % {"role": role[:20]}]
            continue
        paths = paths_of(mapping, role)
        if role != NEED and len(paths) > 1:
            wrong[role] = [_("Choose one question.")]
        for path in paths:
            definition = definition_at(form, path)
            if definition is None:
                wrong[role] = [_("This version has no question “%(path)s”.") % {"path": path[:80]}]
            elif not fits(definition, role):
                wrong[role] = [_("The question “%(path)s” cannot be used for this.") % {"path": path[:80]}]
    if not wrong and set(mapping) & {PEOPLE, CATEGORY, NAME, PHONE} and not paths_of(mapping, NEED):
        wrong[NEED] = [_("Choose the question in which people say what they need.")]
    return wrong


def suggest_mapping(form: Form) -> dict[str, str | list[str]]:
    """Suggest which answers become needs, by what forms usually call their questions."""
    usual = {
        NEED: ("wish", "need", "needs", "wishes", "xuqiu", "xinyuan"),
        PEOPLE: ("people", "how_many", "n_people", "renshu"),
        CATEGORY: ("category", "service_category"),
        AGE: ("age", "nianling"),
        NAME: ("name", "xingming"),
        PHONE: ("phone", "mobile", "telephone", "dianhua"),
    }
    found: dict[str, str | list[str]] = {}
    for at, node in enumerate(form.nodes):
        for role, names in usual.items():
            if node.kind == "leaf" and node.name.lower() in names and role not in found and fits(node, role):
                found[role] = form.path(at)
    return found if NEED in found else {role: path for role, path in found.items() if role == AGE}


def carry_mapping(form: Form, mapping: dict[str, str | list[str]]) -> dict[str, str | list[str]]:
    """Give what of an earlier version's mapping holds for this form."""
    kept: dict[str, str | list[str]] = {}
    for role in mapping:
        paths = [
            path
            for path in paths_of(mapping, role)
            if (definition := definition_at(form, path)) is not None and fits(definition, role)
        ]
        if paths:
            kept[role] = paths if len(paths) > 1 else paths[0]
    return kept if not check_mapping(form, kept) else {role: kept[role] for role in kept if role in (NEED, AGE)}


def problem_words(problem: Problem) -> str:
    """Say what is wrong with an answer: the form's own sentence, or ours for its code."""
    if problem.message:
        return problem.message
    return {
        "required": _("Please answer this."),
        "constraint": _("This answer does not fit. Please check it."),
        "unknown_choice": _("Please choose from what is offered."),
        "too_long": _("This is too long. Please shorten it."),
        "too_large": _("This number is too large."),
        "not_an_integer": _("Please give a whole number."),
        "not_a_number": _("Please give a number."),
        "not_a_date": _("Please give a day."),
        "not_a_place": _("This is not a place: give latitude and longitude."),
    }.get(problem.code, _("This answer cannot be read. Please check it."))
