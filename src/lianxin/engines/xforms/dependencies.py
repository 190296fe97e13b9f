"""Which question needs which: paths resolved against the form, the order of calculation, circles."""

import heapq
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from lianxin.engines.reasons import Reason
from lianxin.engines.xforms import findings
from lianxin.engines.xforms.definitions import Form
from lianxin.engines.xforms.evaluation import known_functions
from lianxin.engines.xforms.functions import compiled
from lianxin.engines.xforms.grammar import Ast

DOCUMENT = -1
Place = int | tuple[str, int]
"""A node of the form, or a level of a choice list: its document 0, root 1, item 2, cell 3."""

ARITY = known_functions()


@dataclass
class Needs:
    """Walks an expression and gathers what it needs and what is wrong with it."""

    form: Form
    origin: int
    keys: set[str] = field(default_factory=set)
    wrong: list[Reason] = field(default_factory=list)
    notes: list[Reason] = field(default_factory=list)
    names_itself: bool = False

    def walk(self, ast: Ast, here: frozenset[Place]) -> frozenset[Place]:
        """Look at an expression at some places; give the places that it leads to if it is a path."""
        kind = ast[0]
        if kind in ("n", "s"):
            return frozenset()
        if kind == "p":
            return self.path(ast, here)
        if kind == "f":
            return self.function(ast[1], ast[2], here)
        sides = [self.walk(side, here) for side in ast[1:]]
        return sides[0] | sides[1] if kind == "|" else frozenset()

    def function(self, name: str, arguments: list[Ast], here: frozenset[Place]) -> frozenset[Place]:
        if name not in ARITY:
            self.wrong.append(findings.unknown_function(name))
            return frozenset()
        least, most = ARITY[name]
        if not least <= len(arguments) <= most:
            self.wrong.append(findings.wrong_arguments(name, len(arguments)))
            return frozenset()
        if name == "instance":
            return self.instance(arguments[0])
        reached = [self.walk(argument, here) for argument in arguments]
        if name == "regex" and arguments[1][0] == "s":
            self.pattern(arguments[1][1])
        if name == "current":
            return frozenset([self.origin])
        if name in ("count", "count-non-empty", "indexed-repeat", "jr:choice-name") and not self.are_paths(
            name, arguments
        ):
            self.wrong.append(findings.bad_expression(f"{name}() wants the name of a question"))
        return reached[0] if name == "indexed-repeat" else frozenset()

    @staticmethod
    def are_paths(name: str, arguments: list[Ast]) -> bool:
        wanted = {"count": [0], "count-non-empty": [0], "jr:choice-name": [1]}.get(name, [0, 1])
        return all(arguments[at][0] in ("p", "|", "f") for at in wanted)

    def instance(self, argument: Ast) -> frozenset[Place]:
        if argument[0] != "s" or argument[1] not in self.form.lists:
            self.wrong.append(findings.no_such_list(str(argument[1]) if argument[0] == "s" else "?"))
            return frozenset()
        return frozenset([(argument[1], 0)])

    def pattern(self, pattern: str) -> None:
        try:
            compiled(pattern)
        except (re.error, OverflowError, RecursionError):
            self.wrong.append(findings.bad_pattern(pattern))
            return
        if not (pattern.startswith("^") and pattern.endswith("$")):
            self.notes.append(findings.loose_pattern(pattern))

    def path(self, ast: Ast, here: frozenset[Place]) -> frozenset[Place]:
        _, start, steps = ast
        if start == ".":
            places = here
        elif start == "/":
            places = frozenset([DOCUMENT])
        else:
            places = self.walk(start, here)
            if not places:
                return places
        for axis, name, predicates in steps:
            reached: set[Place] = set()
            for place in places:
                reached.update(self.step(place, axis, name))
            if places and not reached:
                self.wrong.append(findings.unknown_name(name))
                return frozenset()
            places = frozenset(reached)
            for place in places:
                if isinstance(place, int) and place >= 0 and self.form.nodes[place].kind == "repeat":
                    self.keys.add(f"s{place}")
            for predicate in predicates:
                self.walk(predicate, places)
        for place in places:
            self.reach(place, itself=start == "." and not steps)
        return places

    def reach(self, place: Place, *, itself: bool) -> None:
        """Note that an expression ends at a place."""
        if not isinstance(place, int) or place < 0:
            return
        if place == self.origin and itself:
            self.names_itself = True
            return
        for number in self.below(place):
            node = self.form.nodes[number]
            self.keys.add(f"v{number}" if node.kind == "leaf" else f"r{number}")
            if node.kind == "repeat":
                self.keys.add(f"s{number}")
            if number == place:
                break

    def below(self, number: int) -> Iterator[int]:
        """Give a node and all the nodes below it."""
        yield number
        for child in self.form.children[number]:
            yield from self.below(child)

    def step(self, place: Place, axis: str, name: str) -> Iterator[Place]:
        if not isinstance(place, int):
            yield from self.list_step(place, axis, name)
            return
        if axis == "parent":
            near: list[int] = [] if place < 0 else [self.form.nodes[place].parent]
        elif axis == "child":
            near = [0] if place < 0 else self.form.children[place]
        elif axis == "self":
            near = [place]
        elif axis.startswith("descendant"):
            near = [number for number in self.below(max(place, 0)) if axis.endswith("self") or number != place]
        else:
            near = self.form.children[self.form.nodes[place].parent] if place > 0 else []
        yield from (number for number in near if name == "*" or (number >= 0 and self.form.nodes[number].name == name))

    def list_step(self, place: tuple[str, int], axis: str, name: str) -> Iterator[Place]:
        listed, level = place
        if axis == "self" or axis == "parent":
            yield (listed, max(0, level - (axis == "parent")))
        elif axis == "child" and level < 2 and name in ("*", ("root", "item")[level]):
            yield (listed, level + 1)
        elif (
            axis == "child"
            and level == 2
            and (name == "*" or any(name in item.cells for item in self.form.lists[listed]))
        ):
            yield (listed, 3)


def needs_of(form: Form, number: int, ast: Ast) -> Needs:
    """Look at an expression of a node."""
    needs = Needs(form, number)
    needs.walk(ast, frozenset([number]))
    return needs


def edges(form: Form) -> dict[str, set[str]]:
    """Give for every step of calculation the steps that it needs."""
    wanted: dict[str, set[str]] = {}
    for number, node in enumerate(form.nodes):
        relevant: set[str] = {f"r{node.parent}"} if number else set()
        if node.relevant is not None:
            needs = needs_of(form, number, node.relevant)
            relevant |= needs.keys | ({f"v{number}"} if needs.names_itself and node.kind == "leaf" else set())
        if node.kind == "repeat":
            wanted[f"s{number}"] = {f"r{node.parent}"}
            if node.count is not None:
                wanted[f"s{number}"] |= needs_of(form, number, node.count).keys
            relevant.add(f"s{number}")
        wanted[f"r{number}"] = relevant
        if node.kind == "leaf":
            value = {f"r{number}"}
            for ast in (node.calculate, node.items):
                if ast is not None:
                    value |= needs_of(form, number, ast).keys
            wanted[f"v{number}"] = value
    return wanted


def place_of(key: str) -> tuple[int, str]:
    """Sort steps by the form's own order."""
    return int(key[1:]), key[0]


def arrange(form: Form) -> list[list[int]]:
    """Set the form's order of calculation; give the circles, each as the numbers of its nodes, if there are any."""
    wanted = edges(form)
    feeds: dict[str, list[str]] = defaultdict(list)
    for key in sorted(wanted, key=place_of):
        for source in wanted[key]:
            feeds[source].append(key)
    waiting = {key: len(sources) for key, sources in wanted.items()}
    ready = [(place_of(key), key) for key, count in waiting.items() if not count]
    heapq.heapify(ready)
    order: list[str] = []
    while ready:
        _, key = heapq.heappop(ready)
        order.append(key)
        for fed in feeds[key]:
            waiting[fed] -= 1
            if not waiting[fed]:
                heapq.heappush(ready, (place_of(fed), fed))
    form.order, form.feeds = order, {key: fed for key, fed in sorted(feeds.items()) if fed}
    return circles({key: wanted[key] for key, count in waiting.items() if count})


def circles(wanted: dict[str, set[str]]) -> list[list[int]]:
    """Find one circle in every knot of steps that wait for one another."""
    found: list[list[int]] = []
    left = set(wanted)
    while left:
        key = min(left, key=place_of)
        trail: list[str] = []
        seen: dict[str, int] = {}
        while key not in seen:
            seen[key] = len(trail)
            trail.append(key)
            further = sorted((source for source in wanted[key] if source in left), key=place_of)
            if not further:
                break
            key = further[0]
        else:
            numbers = [int(step[1:]) for step in trail[seen[key] :]]
            ring = [number for at, number in enumerate(numbers) if at == 0 or number != numbers[at - 1]]
            found.append(ring if len(ring) == 1 or ring[0] != ring[-1] else ring[:-1])
        left -= set(trail)
    return found
