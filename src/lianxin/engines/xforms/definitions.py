"""A form as the program keeps it: questions with expressions as trees, choice lists, the order of calculation."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from functools import cached_property
from typing import Any, Literal

from lianxin.engines.xforms.grammar import Ast
from lianxin.engines.xforms.nodes import Node, list_document

Parts = list[Any]
"""A sentence: pieces of text, and expressions whose value is put in between."""

Texts = dict[str, Parts]
"""A sentence in each language; the form's only language is called ""."""

FORMAT = 1


@dataclass(slots=True)
class Definition:
    """A question, group or repeat."""

    name: str
    parent: int
    kind: Literal["leaf", "group", "repeat"] = "leaf"
    type: str = "string"
    control: str = ""
    """input, select1, select, trigger, upload or note; empty for what is not shown"""
    default: str = ""
    relevant: Ast | None = None
    required: Ast | None = None
    readonly: Ast | None = None
    constraint: Ast | None = None
    calculate: Ast | None = None
    count: Ast | None = None
    first_value: Ast | None = None
    """calculated once, when the form or a repetition begins"""
    preload: str = ""
    items: Ast | None = None
    """the path of the choices on offer"""
    list_name: str = ""
    appearance: str = ""
    label: Texts = field(default_factory=dict)
    hint: Texts = field(default_factory=dict)
    image: dict[str, str] = field(default_factory=dict)
    required_message: Texts = field(default_factory=dict)
    constraint_message: Texts = field(default_factory=dict)

    def steps(self) -> list[tuple[str, Ast | None]]:
        """Give the expressions that are calculated, by the kind of their step."""
        return [("r", self.relevant), ("v", self.calculate), ("s", self.count)]


def names_choices(ast: Any) -> bool:
    """Say whether an expression uses the words of a choice."""
    return isinstance(ast, list) and (ast[:2] == ["f", "jr:choice-name"] or any(names_choices(part) for part in ast))


DEFAULTS = {part.name: getattr(Definition("", 0), part.name) for part in fields(Definition)}


@dataclass(slots=True)
class Item:
    """A choice: its cells by column, its words, its picture."""

    cells: dict[str, str]
    label: Texts = field(default_factory=dict)
    image: dict[str, str] = field(default_factory=dict)

    @property
    def value(self) -> str:
        return self.cells["name"]


@dataclass
class Form:
    """A questionnaire that can be filled."""

    id: str
    version: str
    title: str
    languages: list[str]
    default_language: str
    nodes: list[Definition]
    """In document order; the first is the root."""
    lists: dict[str, list[Item]]
    order: list[str]
    """What is calculated, each after what it needs: `r3` relevance of node 3, `v3` its value, `s3` its repetitions."""
    feeds: dict[str, list[str]]
    """What is to be calculated again when something has changed."""

    def to_json(self) -> dict[str, Any]:
        """Give the form as plain data, without what is empty."""
        nodes = [
            {
                name: value
                for name, value in asdict(node).items()
                if value != DEFAULTS[name] or name in ("name", "parent")
            }
            for node in self.nodes
        ]
        lists = {name: [asdict(item) for item in items] for name, items in self.lists.items()}
        plain = ("id", "version", "title", "languages", "default_language", "order", "feeds")
        return {"format": FORMAT, **{name: getattr(self, name) for name in plain}, "nodes": nodes, "lists": lists}

    @staticmethod
    def from_json(data: Mapping[str, Any]) -> "Form":
        """Take a form from plain data."""
        if data.get("format") != FORMAT:
            raise ValueError(f"a form of format {data.get('format')!r} is not known")
        plain = ("id", "version", "title", "languages", "default_language", "order", "feeds")
        return Form(
            **{name: data[name] for name in plain},
            nodes=[Definition(**node) for node in data["nodes"]],
            lists={name: [Item(**item) for item in items] for name, items in data["lists"].items()},
        )

    @cached_property
    def children(self) -> list[list[int]]:
        """The numbers of the nodes below each node."""
        below: list[list[int]] = [[] for _ in self.nodes]
        for number, node in enumerate(self.nodes[1:], 1):
            below[node.parent].append(number)
        return below

    @cached_property
    def rank(self) -> dict[str, int]:
        """The place of each step in the order of calculation."""
        return {key: at for at, key in enumerate(self.order)}

    @cached_property
    def spoken(self) -> list[str]:
        """The steps that use the words of choices, which change with the language."""
        pairs = [(f"{kind}{at}", ast) for at, node in enumerate(self.nodes) for kind, ast in node.steps()]
        return [key for key, ast in pairs if names_choices(ast)]

    @cached_property
    def documents(self) -> dict[str, Node]:
        """The choice lists as `instance(…)` walks them."""
        return {name: list_document([item.cells for item in items]) for name, items in self.lists.items()}

    @cached_property
    def item_of(self) -> dict[int, Item]:
        """The choice behind each node of the lists."""
        return {
            id(node): item
            for name, document in self.documents.items()
            for node, item in zip(document.children[0].children, self.lists[name], strict=True)
        }

    def path(self, number: int) -> str:
        """Give the path of a node, without the numbers of repetitions."""
        names: list[str] = []
        while number >= 0:
            names.append(self.nodes[number].name)
            number = self.nodes[number].parent
        return "/" + "/".join(reversed(names))

    def has_images(self) -> bool:
        """Say whether the form shows pictures of its own."""
        return any(node.image for node in self.nodes) or any(
            item.image for items in self.lists.values() for item in items
        )
