"""Walks an expression's tree over a tree of nodes."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from lianxin.engines.xforms.functions import FUNCTIONS, World, convert, guarded
from lianxin.engines.xforms.grammar import Ast
from lianxin.engines.xforms.nodes import Node
from lianxin.engines.xforms.values import NAN, ORDERED, Value, compare, is_nodes, to_number, to_text, to_truth


@dataclass(frozen=True, slots=True)
class Context:
    """Where an expression stands: at which node, as which of how many, and from which question it was asked."""

    node: Node
    origin: Node
    position: int = 1
    size: int = 1


@dataclass(slots=True)
class Evaluator:
    """Evaluates expressions over one form's answers."""

    world: World
    lists: Mapping[str, Node] = field(default_factory=dict)
    choice_name: Callable[[Node, str], str] = lambda node, value: ""

    def value(self, ast: Ast, context: Context) -> Value:
        """Give what an expression says."""
        kind = ast[0]
        if kind == "p":
            return self.nodes(ast, context)
        if kind == "n":
            return float(ast[1])
        if kind == "s":
            return str(ast[1])
        if kind == "f":
            return self.call(ast[1], ast[2], context)
        if kind in ("and", "or"):
            left = to_truth(self.value(ast[1], context))
            return left if left == (kind == "or") else to_truth(self.value(ast[2], context))
        if kind == "=" or kind == "!=" or kind in ORDERED:
            return compare(kind, self.value(ast[1], context), self.value(ast[2], context), self.world.offset)
        if kind == "|":
            both = {id(node): node for side in ast[1:] for node in self.node_set(side, context)}
            top = next(iter(both.values())).root() if both else context.node
            return [node for node in top.walk() if id(node) in both]
        return self.arithmetic(kind, [self.number(operand, context) for operand in ast[1:]])

    def text(self, ast: Ast, node: Node) -> str:
        """Give an expression at a question as text."""
        return to_text(self.value(ast, Context(node, node)))

    def truth(self, ast: Ast, node: Node) -> bool:
        """Give an expression at a question as yes or no."""
        return to_truth(self.value(ast, Context(node, node)))

    def number(self, ast: Ast, context: Context) -> float:
        """Give an expression as a number."""
        return to_number(self.value(ast, context), self.world.offset)

    def node_set(self, ast: Ast, context: Context) -> Sequence[Node]:
        """Give an expression as nodes; what is none counts as no node."""
        value = self.value(ast, context)
        return value if is_nodes(value) else []  # type: ignore[return-value]

    @staticmethod
    def arithmetic(operator: str, operands: list[float]) -> float:
        """Calculate as floating-point numbers do, without errors."""
        if len(operands) == 1:
            return -operands[0]
        left, right = operands
        if operator == "+":
            return left + right
        if operator == "-":
            return left - right
        if operator == "*":
            return left * right
        if operator == "div":
            if right == 0 and not math.isnan(left):
                return NAN if left == 0 else math.copysign(math.inf, left) * math.copysign(1.0, right)
            return left / right
        return guarded(math.fmod, left, right)

    # --- paths

    def nodes(self, path: Ast, context: Context) -> list[Node]:
        """Follow a path."""
        _, start, steps = path
        if start == ".":
            found: list[Node] = [context.node]
        elif start == "/":
            found = [context.origin.root()]
        else:
            found = list(self.node_set(start, context))
            if steps and steps[0][:2] == ["self", "*"]:
                for predicate in steps[0][2]:
                    found = self.filtered(found, predicate, context)
                steps = steps[1:]
        for axis, name, predicates in steps:
            reached: dict[int, Node] = {}
            for node in found:
                near = along(axis, node, name)
                for predicate in predicates:
                    near = self.filtered(near, predicate, context)
                for other in near:
                    reached.setdefault(id(other), other)
            found = list(reached.values())
        return found

    def filtered(self, found: list[Node], predicate: Ast, context: Context) -> list[Node]:
        """Keep the nodes at the place, or for which the condition holds."""
        kept = []
        for at, node in enumerate(found, 1):
            value = self.value(predicate, Context(node, context.origin, at, len(found)))
            holds = value == at if isinstance(value, float) and not isinstance(value, bool) else to_truth(value)
            if holds:
                kept.append(node)
        return kept

    # --- functions

    def call(self, name: str, arguments: list[Ast], context: Context) -> Value:
        """Call a function by its name."""
        own = NODE_FUNCTIONS.get(name)
        if own is not None:
            return own[2](self, arguments, context)
        known = FUNCTIONS[name]
        last = len(known.takes) - 1
        values = [
            convert(self.value(argument, context), known.takes[min(at, last)], self.world)
            for at, argument in enumerate(arguments)
        ]
        return known.run(self.world, *values)

    def if_(self, arguments: list[Ast], context: Context) -> Value:
        condition, then, otherwise = arguments
        return self.value(then if to_truth(self.value(condition, context)) else otherwise, context)

    def once(self, arguments: list[Ast], context: Context) -> Value:
        return context.node.value or to_text(self.value(arguments[0], context))

    def position(self, arguments: list[Ast], context: Context) -> Value:
        if not arguments:
            return float(context.position)
        found = self.node_set(arguments[0], context)
        return float(found[0].position()) if found else NAN

    def last(self, arguments: list[Ast], context: Context) -> Value:
        return float(context.size)

    def current(self, arguments: list[Ast], context: Context) -> Value:
        return [context.origin]

    def instance(self, arguments: list[Ast], context: Context) -> Value:
        found = self.lists.get(to_text(self.value(arguments[0], context)))
        return [found] if found is not None else []

    def count(self, arguments: list[Ast], context: Context) -> Value:
        return float(len(self.node_set(arguments[0], context)))

    def count_non_empty(self, arguments: list[Ast], context: Context) -> Value:
        return float(sum(1 for node in self.node_set(arguments[0], context) if node.value != ""))

    def choice_name_of(self, arguments: list[Ast], context: Context) -> Value:
        found = self.node_set(arguments[1], context)
        return self.choice_name(found[0], to_text(self.value(arguments[0], context))) if found else ""

    def indexed_repeat(self, arguments: list[Ast], context: Context) -> Value:
        """Give the nodes of the first argument that lie in the repetitions with the given numbers."""
        pairs = [
            (list(self.node_set(repeat, context)), self.number(place, context))
            for repeat, place in zip(arguments[1::2], arguments[2::2], strict=False)
        ]
        if not all(repeats for repeats, _ in pairs):
            return []
        pairs.sort(key=lambda pair: depth(pair[0][0]))
        within: Node | None = None
        for repeats, place in pairs:
            inside = [node for node in repeats if within is None or node.is_below(within)]
            if not (1 <= place <= len(inside)) or place != int(place):
                return []
            within = inside[int(place) - 1]
        return [node for node in self.node_set(arguments[0], context) if within is None or node.is_below(within)]


NODE_FUNCTIONS: dict[str, tuple[int, int, Callable[[Evaluator, list[Ast], Context], Value]]] = {
    "if": (3, 3, Evaluator.if_),
    "once": (1, 1, Evaluator.once),
    "position": (0, 1, Evaluator.position),
    "last": (0, 0, Evaluator.last),
    "current": (0, 0, Evaluator.current),
    "instance": (1, 1, Evaluator.instance),
    "count": (1, 1, Evaluator.count),
    "count-non-empty": (1, 1, Evaluator.count_non_empty),
    "jr:choice-name": (2, 2, Evaluator.choice_name_of),
    "indexed-repeat": (3, 7, Evaluator.indexed_repeat),
}


def depth(node: Node) -> int:
    """Count the nodes above a node."""
    above = 0
    while node.parent is not None:
        node = node.parent
        above += 1
    return above


def along(axis: str, node: Node, name: str) -> list[Node]:
    """Give the nodes of a name that lie on an axis."""
    if axis == "child":
        return list(node.children if name == "*" else node.by_name.get(name, ()))
    if axis == "parent":
        near = [] if node.parent is None else [node.parent]
    elif axis == "self":
        near = [node]
    elif axis == "descendant":
        near = list(node.walk())[1:]
    elif axis == "descendant-or-self":
        near = list(node.walk())
    else:
        siblings = node.parent.children if node.parent is not None else [node]
        at = siblings.index(node)
        near = siblings[:at][::-1] if axis == "preceding-sibling" else siblings[at + 1 :]
    return near if name == "*" else [other for other in near if other.name == name]


def known_functions() -> dict[str, tuple[int, int]]:
    """Give every supported function with its least and largest number of arguments."""
    plain = {name: (known.least, known.most) for name, known in FUNCTIONS.items()}
    return plain | {name: own[:2] for name, own in NODE_FUNCTIONS.items()}
