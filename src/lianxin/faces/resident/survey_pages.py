"""A questionnaire cut into pages of a phone's size, and what one of them shows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lianxin.engines.xforms import Form, Instance, Shown
from lianxin.engines.xforms.definitions import Definition
from lianxin.engines.xforms.nodes import Node
from lianxin.engines.xforms.view import shown_question
from lianxin.faces.resident.survey_words import sentence_of

A_PAGE = 4
WHOLE_GROUP = 5
LONG_LIST = 12
LISTS = ("minimal", "autocomplete")

Judged = bool | frozenset[str]
"""Whether what is wrong is said: of all the questions, of none, or of those that somebody has seen already."""


@dataclass(frozen=True)
class Item:
    """A question, note, group or repeat on a page; one that is not asked now stands there hidden, for the script."""

    path: str
    kind: str
    level: int
    asked: bool
    label: str = ""
    shown: Shown | None = None
    widget: str = ""
    value: str = ""
    sentence: str = ""
    children: tuple[Item, ...] = ()
    can_add: bool = False
    can_remove: bool = False
    number: int = 0
    attributes: dict[str, str] = field(default_factory=dict)

    @property
    def ref(self) -> str:
        """Give the id of its element."""
        return ref_of(self.path)

    def walk(self) -> Iterator[Item]:
        """Give this and everything below."""
        yield self
        for child in self.children:
            yield from child.walk()


def ref_of(path: str) -> str:
    """Give the id of the element that stands for a path."""
    return "q" + re.sub(r"[^A-Za-z0-9]+", "-", path).rstrip("-")


def pages_of(form: Form) -> list[list[int]]:
    """Cut a form into pages of questions: a small group or a repeat whole, others some at a time."""
    pages: list[list[int]] = []
    _cut(form, 0, pages)
    return [page for page in pages if page]


def _cut(form: Form, parent: int, pages: list[list[int]]) -> None:
    page: list[int] = []
    weight = 0
    for number in form.children[parent]:
        definition = form.nodes[number]
        if definition.name == "meta" or not _is_shown(form, number):
            continue
        if definition.kind == "leaf":
            page.append(number)
            weight += definition.control != "note"
            if weight >= A_PAGE:
                pages.append(page)
                page, weight = [], 0
            continue
        pages.append(page)
        page, weight = [], 0
        if definition.kind == "repeat" or _stays_whole(form, number):
            pages.append([number])
        else:
            _cut(form, number, pages)
    pages.append(page)


def _is_shown(form: Form, number: int) -> bool:
    """Tell whether anything of it is ever shown: what is only calculated is not."""
    definition = form.nodes[number]
    if definition.kind == "leaf":
        return bool(definition.control)
    return any(_is_shown(form, below) for below in form.children[number])


def _stays_whole(form: Form, number: int) -> bool:
    below = form.children[number]
    if "field-list" in form.nodes[number].appearance:
        return True
    return len(below) <= WHOLE_GROUP and all(form.nodes[one].kind == "leaf" for one in below)


def page_with(pages: list[list[int]], form: Form, path: str) -> int:
    """Give the number, from 1, of the page on which a question stands."""
    plain = re.sub(r"\[[0-9]+\]", "", path)
    for at, page in enumerate(pages, 1):
        if any(plain == (top := form.path(number)) or plain.startswith(top + "/") for number in page):
            return at
    return 1


def items_of(instance: Instance, page: list[int], *, judged: Judged) -> list[Item]:
    """Give everything that stands on a page, with the headings of the groups that its questions are in."""
    found: list[Item] = []
    heading: tuple[str, ...] = ()
    for number in page:
        above = _groups_above(instance, number)
        labels = tuple(label for label, _asked in above)
        if labels != heading and labels and labels[-1]:
            asked = all(asked for _label, asked in above)
            found.append(Item(instance.form.path(number) + "#", "heading", 2, asked, label=labels[-1]))
        heading = labels
        found += _below(instance, instance.find(_parent_path(instance.form, number)), number, 2, judged=judged)
    return found


def is_empty(instance: Instance, page: list[int]) -> bool:
    """Tell whether nothing on a page is asked now."""
    return not any(item.asked for item in items_of(instance, page, judged=False))


def questions_on(items: list[Item]) -> list[Item]:
    """Give the questions that are asked on a page, in order."""
    return [one for item in items for one in _asked(item) if one.kind == "question"]


def _asked(item: Item) -> Iterator[Item]:
    if item.asked:
        yield item
        for child in item.children:
            yield from _asked(child)


def _parent_path(form: Form, number: int) -> str:
    return form.path(form.nodes[number].parent)


def _groups_above(instance: Instance, number: int) -> list[tuple[str, bool]]:
    found: list[tuple[str, bool]] = []
    at = instance.form.nodes[number].parent
    while at > 0:
        node = instance.find(instance.form.path(at))
        label = instance.say(instance.form.nodes[at].label, node)
        if label:
            found.append((label, node.relevant))
        at = instance.form.nodes[at].parent
    return found[::-1]


def _below(instance: Instance, parent: Node, number: int, level: int, *, judged: Judged) -> list[Item]:
    definition = instance.form.nodes[number]
    nodes = parent.by_name.get(definition.name, [])
    if definition.kind == "repeat":
        return [_repeat(instance, parent, number, nodes, level, judged=judged)]
    if definition.kind == "group":
        return [_group(instance, node, level, judged=judged) for node in nodes]
    return [_question(instance, node, definition, level, judged=judged) for node in nodes if definition.control]


def _group(instance: Instance, node: Node, level: int, *, judged: Judged) -> Item:
    label = instance.say(instance.form.nodes[node.definition].label, node)
    return Item(
        instance.path(node),
        "group",
        level,
        node.relevant,
        label=label,
        children=_children(instance, node, level + 1, judged=judged),
    )


def _children(instance: Instance, node: Node, level: int, *, judged: Judged) -> tuple[Item, ...]:
    below = instance.form.children[node.definition]
    return tuple(
        item
        for number in below
        if _is_shown(instance.form, number)
        for item in _below(instance, node, number, level, judged=judged)
    )


def _repeat(instance: Instance, parent: Node, number: int, nodes: list[Node], level: int, *, judged: Judged) -> Item:
    definition = instance.form.nodes[number]
    free = definition.count is None
    asked = any(node.relevant for node in nodes)
    if not nodes:
        asked = parent.relevant and (definition.relevant is None or instance.holds(definition.relevant, parent))
    label = instance.say(definition.label, nodes[0] if nodes else parent)
    repetitions = tuple(
        Item(
            instance.path(node),
            "repetition",
            level + 1,
            node.relevant,
            label=label,
            can_remove=free,
            number=at,
            children=_children(instance, node, level + 2, judged=judged),
        )
        for at, node in enumerate(nodes, 1)
    )
    path = f"{instance.path(parent)}/{definition.name}"
    return Item(path, "repeat", level, asked, label=label, children=repetitions, can_add=free)


def _question(instance: Instance, node: Node, definition: Definition, level: int, *, judged: Judged) -> Item:
    shown = shown_question(instance, node, 0)
    is_judged = judged if isinstance(judged, bool) else shown.path in judged
    problem = shown.problem if is_judged or (shown.problem and node.refused) else None
    return Item(
        shown.path,
        shown.kind,
        level,
        node.relevant,
        label=shown.label,
        shown=shown,
        widget=widget_of(shown),
        value=_typed(shown),
        sentence=sentence_of(problem) if problem else "",
        attributes=_attributes(shown),
    )


def widget_of(shown: Shown) -> str:
    """Give how a question is asked on a page."""
    if shown.kind == "note":
        return "note"
    if shown.control == "select":
        return "ticks"
    if shown.control == "select1":
        short = len(shown.choices) <= LONG_LIST and not any(word in shown.appearance for word in LISTS)
        return "picks" if short else "list"
    if shown.control == "trigger":
        return "tick"
    if shown.control == "upload":
        return "picture"
    if shown.type == "geopoint":
        return "place"
    return "lines" if "multiline" in shown.appearance else "line"


def _attributes(shown: Shown) -> dict[str, str]:
    """Give what the browser should know of a line: a calendar, a keypad of digits."""
    if shown.type == "date":
        return {"type": "date"}
    if shown.type == "dateTime":
        return {"type": "datetime-local"}
    if shown.type == "int" or "numbers" in shown.appearance:
        return {"type": "text", "inputmode": "numeric", "autocomplete": "off"}
    if shown.type == "decimal":
        return {"type": "text", "inputmode": "decimal", "autocomplete": "off"}
    return {"type": "text"}


def _typed(shown: Shown) -> str:
    """Give an answer as its field takes it."""
    return shown.value[:16] if shown.type == "dateTime" else shown.value
