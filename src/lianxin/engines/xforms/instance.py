"""A form being filled: answers in, and after each what is asked, offered, calculated and wrong."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from random import Random

from lianxin.engines.xforms import answers, moments
from lianxin.engines.xforms.calculation import MOST_REPETITIONS, Calculation
from lianxin.engines.xforms.definitions import Definition, Form
from lianxin.engines.xforms.functions import World, words_of
from lianxin.engines.xforms.nodes import Node

STEP = re.compile(r"([^\[]+)(?:\[([0-9]{1,6})\])?")


class NoSuchQuestion(LookupError):
    """The path names no question of this form as it stands."""


class NotSettable(ValueError):
    """The question is calculated, a note, or no question at all."""


class Instance(Calculation):
    """The answers to one form. Made by `begin` or `read_xml`."""

    def find(self, path: str) -> Node:
        """Give the node at a path such as /data/kid[2]/age; a repeat without a number is its first."""
        node = self.document
        for part in path.strip("/").split("/"):
            found = STEP.fullmatch(part)
            there = node.by_name.get(found[1], []) if found else []
            place = int(found[2] or 1) if found else 0
            if not 1 <= place <= len(there):
                raise NoSuchQuestion(path)
            node = there[place - 1]
        return node

    def path(self, node: Node) -> str:
        """Give the path of a node, with the numbers of repetitions."""
        parts: list[str] = []
        at: Node | None = node
        while at is not None and at.definition >= 0:
            repeats = self.form.nodes[at.definition].kind == "repeat"
            parts.append(f"{at.name}[{at.position()}]" if repeats else at.name)
            at = at.parent
        return "/" + "/".join(reversed(parts))

    def set(self, path: str, value: str | list[str]) -> None:
        """Answer a question with what was typed or chosen; what cannot be taken is kept beside it as a problem."""
        node = self.find(path)
        definition = self.form.nodes[node.definition]
        if definition.control in ("", "group", "note") or self.is_readonly(node):
            raise NotSettable(path)
        text = " ".join(value) if isinstance(value, list) else value
        stored, code = answers.take(definition, text)
        if not code and definition.items is not None:
            stored, code = self.taken_choices(node, definition, stored)
        node.refused = (text, code) if code else None
        self.store(node, "" if code else answers.cut(definition, stored))
        self.freshen()

    def taken_choices(self, node: Node, definition: Definition, text: str) -> tuple[str, str]:
        """Take choices in the order in which they are offered."""
        chosen = words_of(text)
        offered = [item.value for item in self.choices(node)]
        if set(chosen) - set(offered) or (definition.control == "select1" and len(chosen) > 1):
            return "", "unknown_choice"
        return " ".join(value for value in offered if value in chosen), ""

    def add_repetition(self, path: str) -> str:
        """Add a repetition to the repeat at a path such as /data/kid; give its path."""
        parent_path, _, name = path.rstrip("/").rpartition("/")
        parent = self.find(parent_path)
        name = name.partition("[")[0]
        number = next((one for one in self.form.children[parent.definition] if self.form.nodes[one].name == name), -1)
        if number < 0 or self.form.nodes[number].kind != "repeat" or self.form.nodes[number].count is not None:
            raise NotSettable(path)
        if len(parent.by_name.get(name, ())) >= MOST_REPETITIONS:
            raise NotSettable(path)
        node = self.grow_repetition(number, parent)
        self.calculate(self.after_change(number, grown=True))
        self.freshen()
        return self.path(node)

    def remove_repetition(self, path: str) -> None:
        """Take a repetition away, with its answers."""
        node = self.find(path)
        definition = self.form.nodes[node.definition]
        if definition.kind != "repeat" or definition.count is not None:
            raise NotSettable(path)
        self.wither(node)
        self.calculate(self.after_change(node.definition, grown=False))
        self.freshen()

    def speak(self, language: str) -> None:
        """Change the language; what is calculated from the words of choices follows."""
        if language in self.form.languages:
            self.language = language
            self.calculate(self.form.spoken)
            self.freshen()

    def finish(self, at: datetime) -> None:
        """Note the end of the filling."""
        for number, definition in enumerate(self.form.nodes):
            if definition.preload == "end":
                local = at.astimezone(timezone(timedelta(minutes=self.world.offset)))
                for node in self.nodes[number]:
                    self.store(node, moments.stamp(local))


def begin(
    form: Form,
    *,
    at: datetime,
    uuid: Callable[[], str],
    random: Callable[[], float] | None = None,
    language: str | None = None,
    device: str = "",
    offset: int = 480,
) -> Instance:
    """Begin to fill a form; `at` is the moment, `offset` the local time's distance from UTC in minutes."""
    world = World(moment_ms(at), uuid, random or Random(0).random, offset)  # noqa: S311 (keeps no secret)
    instance = Instance(form, world, language=language, device=device)
    instance.start()
    return instance


def moment_ms(at: datetime) -> int:
    """Give a moment as milliseconds since 1970."""
    return (at - moments.EPOCH) // timedelta(milliseconds=1)
