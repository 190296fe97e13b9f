"""What a page shows of a form being filled, and what is wrong with the answers."""

from dataclasses import dataclass, field
from typing import Literal

from lianxin.engines.xforms.instance import Instance
from lianxin.engines.xforms.nodes import Node


@dataclass(frozen=True, slots=True)
class Problem:
    """An answer that is missing or does not hold: a code, and the form's own words if it has any."""

    path: str
    code: str
    message: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """A choice on offer."""

    value: str
    label: str
    image: str = ""
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class Shown:
    """A question, note, group or repetition that is asked at the moment."""

    path: str
    kind: Literal["question", "note", "group", "repeat", "repetition"]
    depth: int
    type: str = ""
    control: str = ""
    appearance: str = ""
    label: str = ""
    hint: str = ""
    image: str = ""
    value: str = ""
    """The answer as it is shown again, also one that could not be taken."""
    choices: tuple[Choice, ...] = ()
    required: bool = False
    readonly: bool = False
    problem: Problem | None = None
    children: tuple["Shown", ...] = field(default=())
    can_add: bool = False
    """A repetition may be added to this repeat."""
    can_remove: bool = False


def view(instance: Instance) -> tuple[Shown, ...]:
    """Give what is to be shown now, in the form's order, nested as it is."""
    root = instance.document.children[0]
    return tuple(shown_below(instance, root, 0))


def shown_below(instance: Instance, parent: Node, depth: int) -> list[Shown]:
    """Give what is shown below a node."""
    found: list[Shown] = []
    for number in instance.form.children[parent.definition]:
        definition = instance.form.nodes[number]
        nodes = parent.by_name.get(definition.name, [])
        if definition.kind == "repeat":
            found += shown_repeat(instance, parent, number, depth)
        elif definition.control == "group" or definition.kind == "group":
            found += [
                shown_group(instance, node, depth) for node in nodes if node.relevant and definition.name != "meta"
            ]
        elif definition.control:
            found += [shown_question(instance, node, depth) for node in nodes if node.relevant]
    return found


def shown_group(instance: Instance, node: Node, depth: int) -> Shown:
    """Show a group."""
    definition = instance.form.nodes[node.definition]
    below = tuple(shown_below(instance, node, depth + 1))
    label = instance.say(definition.label, node)
    return Shown(instance.path(node), "group", depth, appearance=definition.appearance, label=label, children=below)


def shown_repeat(instance: Instance, parent: Node, number: int, depth: int) -> list[Shown]:
    """Show a repeat with its repetitions; none if it is not asked."""
    definition = instance.form.nodes[number]
    nodes = parent.by_name.get(definition.name, [])
    if nodes and not any(node.relevant for node in nodes):
        return []
    if not nodes and (definition.relevant is not None and not instance.holds(definition.relevant, parent)):
        return []
    free = definition.count is None
    repetitions = tuple(
        Shown(
            instance.path(node),
            "repetition",
            depth + 1,
            label=instance.say(definition.label, node),
            children=tuple(shown_below(instance, node, depth + 2)),
            can_remove=free,
        )
        for node in nodes
        if node.relevant
    )
    path = f"{instance.path(parent)}/{definition.name}"
    label = instance.say(definition.label, nodes[0] if nodes else parent)
    return [
        Shown(path, "repeat", depth, appearance=definition.appearance, label=label, children=repetitions, can_add=free)
    ]


def shown_question(instance: Instance, node: Node, depth: int) -> Shown:
    """Show a question or a note."""
    definition = instance.form.nodes[node.definition]
    chosen = node.value.split()
    offered = instance.choices(node) if definition.items is not None else []
    image = definition.image
    return Shown(
        path=instance.path(node),
        kind="note" if definition.control == "note" else "question",
        depth=depth,
        type=definition.type,
        control=definition.control,
        appearance=definition.appearance,
        label=instance.say(definition.label, node),
        hint=instance.say(definition.hint, node),
        image=instance.in_language(image) or "",
        value=shown_value(instance, node),
        choices=tuple(
            Choice(
                item.value,
                instance.say(item.label, node) or item.value,
                instance.in_language(item.image) or "",
                item.value in chosen,
            )
            for item in offered
        ),
        required=instance.holds(definition.required, node),
        readonly=instance.is_readonly(node),
        problem=problem_of(instance, node),
    )


def shown_value(instance: Instance, node: Node) -> str:
    """Give an answer as a person would write it."""
    if node.refused is not None:
        return node.refused[0]
    whole = instance.form.nodes[node.definition].type == "decimal" and node.value.endswith(".0")
    return node.value[:-2] if whole else node.value


def problem_of(instance: Instance, node: Node) -> Problem | None:
    """Say what is wrong with the answer to a question that is asked."""
    definition = instance.form.nodes[node.definition]
    if not node.relevant or definition.kind != "leaf":
        return None
    if node.refused is not None:
        return Problem(instance.path(node), node.refused[1])
    if node.value == "":
        if definition.required is not None and instance.holds(definition.required, node):
            return Problem(instance.path(node), "required", instance.say(definition.required_message, node))
        return None
    if definition.constraint is not None and not instance.evaluator.truth(definition.constraint, node):
        return Problem(instance.path(node), "constraint", instance.say(definition.constraint_message, node))
    return None


def problems(instance: Instance) -> list[Problem]:
    """Give everything that is wrong, in the form's order."""
    found = (problem_of(instance, node) for node in instance.document.walk() if node.definition >= 0)
    return [problem for problem in found if problem is not None]
