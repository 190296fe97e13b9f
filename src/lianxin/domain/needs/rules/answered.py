"""What a filled-in form says: the needs in it, who speaks, and the times at which it was begun and ended."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from lianxin.domain.needs.rules import surveys, titles
from lianxin.engines.xforms import Instance, moments, problems
from lianxin.engines.xforms.definitions import Definition
from lianxin.engines.xforms.nodes import Node

LONGEST_WORDS = 1000
LONGEST_NAME = 40
MOST_PEOPLE = 100_000
MOST_VOICES = 30
Mapping = dict[str, str | list[str]]


@dataclass(frozen=True, slots=True)
class Said:
    """One need in the words of who answered; `category` is what was chosen, whether or not there is such a one."""

    words: str
    people: int = 1
    category: str = ""


def needs_in(instance: Instance, mapping: Mapping) -> list[Said]:
    """Give the needs that the answers name: a text is one, and each choice of a question with choices is one."""
    found: list[Said] = []
    for path in surveys.paths_of(mapping, surveys.NEED):
        for node in _asked(instance, path):
            definition = instance.form.nodes[node.definition]
            people = _people(_beside(instance, node, mapping, surveys.PEOPLE))
            chosen = _beside(instance, node, mapping, surveys.CATEGORY)
            if definition.control in surveys.CHOSEN:
                found += [Said(_cut(words), people, value) for value, words in chosen_words(instance, node)]
            elif node.value.strip():
                found.append(Said(_cut(node.value.strip()), people, chosen))
    seen: dict[tuple[str, str], Said] = {}
    for one in found:
        if one.words:
            seen.setdefault((one.words, one.category), one)
    return list(seen.values())[:MOST_VOICES]


def age_in(instance: Instance, mapping: Mapping) -> int | None:
    """Give the age that was answered, in whole years."""
    text = first_in(instance, mapping, surveys.AGE)
    try:
        age = int(float(text)) if text else -1
    except (ValueError, OverflowError):
        return None
    return age if 0 <= age <= surveys.OLDEST else None


def first_in(instance: Instance, mapping: Mapping, role: str) -> str:
    """Give the first answer that plays a role, or an empty text."""
    for path in surveys.paths_of(mapping, role):
        for node in _asked(instance, path):
            if node.value.strip():
                return node.value.strip()
    return ""


def name_in(instance: Instance, mapping: Mapping) -> str:
    """Give the name that was answered, as long as a voice keeps it."""
    return " ".join(first_in(instance, mapping, surveys.NAME).split())[:LONGEST_NAME]


def wrong_in(instance: Instance) -> dict[str, list[str]]:
    """Give a sentence for each question whose answer is missing or does not hold, by its path."""
    wrong: dict[str, list[str]] = {}
    for problem in problems(instance):
        node = instance.find(problem.path)
        label = instance.say(instance.form.nodes[node.definition].label, node) or node.name
        sentence = surveys.problem_words(problem)
        wrong[problem.path] = [_("%(question)s: %(problem)s") % {"question": label, "problem": sentence}]
    return wrong


def begun_and_ended(instance: Instance) -> tuple[datetime | None, datetime | None]:
    """Give when the form says that it was begun and ended."""
    found: dict[str, datetime | None] = {"start": None, "end": None}
    for number, definition in enumerate(instance.form.nodes):
        role = definition.preload if definition.preload in found else ""
        role = role or {"timeStart": "start", "timeEnd": "end"}.get(definition.name, "")
        if role and instance.nodes[number]:
            found[role] = found[role] or _moment(instance.nodes[number][0].value, instance.world.offset)
    return found["start"], found["end"]


def chosen_words(instance: Instance, node: Node) -> list[tuple[str, str]]:
    """Give the choices that were made, each with its words."""
    offered = {item.value: item for item in instance.choices(node)}
    return [
        (value, instance.say(offered[value].label, node) or value) for value in node.value.split() if value in offered
    ]


def hide_in(instance: Instance, hide: "Hide") -> None:
    """Take what may name somebody out of the answers: words are gone over, names, phones, places, pictures go."""
    for number, definition in enumerate(instance.form.nodes):
        if definition.kind == "leaf":
            path = instance.form.path(number)
            for node in instance.nodes[number]:
                node.stored = node.value = _hidden(definition, path, node.value, hide)


@dataclass(frozen=True, slots=True)
class Hide:
    """How words are gone over, and the questions whose answers go as a whole."""

    names: tuple[str, ...]
    paths: frozenset[str]


def _hidden(definition: Definition, path: str, value: str, hide: Hide) -> str:
    if path in hide.paths or definition.type in ("geopoint", "binary") or definition.preload == "deviceid":
        return ""
    free = definition.type == "string" and definition.items is None and "/meta/" not in path
    return titles.hide(value, names=hide.names) if free else value


def _asked(instance: Instance, path: str) -> Iterator[Node]:
    for at, definition in enumerate(instance.form.nodes):
        if definition.kind == "leaf" and instance.form.path(at) == path:
            yield from (node for node in instance.nodes[at] if node.relevant)


def _beside(instance: Instance, node: Node, mapping: Mapping, role: str) -> str:
    """Give the answer that plays a role and stands nearest to this one: in the same repetition before outside it."""
    best, nearest = "", -1
    above = _above(node)
    for path in surveys.paths_of(mapping, role):
        for other in _asked(instance, path):
            shared = sum(1 for one in _above(other) if any(one is each for each in above))
            foreign = any(
                instance.form.nodes[one.definition].kind == "repeat" and not any(one is each for each in above)
                for one in _above(other)
            )
            if shared > nearest and not foreign:
                best, nearest = other.value, shared
    return best.strip()


def _above(node: Node) -> list[Node]:
    found: list[Node] = []
    at = node.parent
    while at is not None and at.definition >= 0:
        found.append(at)
        at = at.parent
    return found


def _people(text: str) -> int:
    try:
        return min(max(int(float(text)), 1), MOST_PEOPLE) if text else 1
    except (ValueError, OverflowError):
        return 1


def _cut(words: str) -> str:
    plain = words.replace("\r\n", "\n")
    return plain if len(plain) <= LONGEST_WORDS else plain[: LONGEST_WORDS - 1] + "…"


def _moment(text: str, offset: int) -> datetime | None:
    read = moments.from_text(text, offset) if text else None
    return None if read is None else moments.EPOCH + timedelta(milliseconds=read.milliseconds)
