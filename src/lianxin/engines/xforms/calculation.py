"""Grows the nodes of a form being filled and calculates, in the form's order, what follows from each change."""

import heapq
from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar

from lianxin.engines.xforms import answers, moments
from lianxin.engines.xforms.definitions import Form, Item, Texts
from lianxin.engines.xforms.evaluation import Context, Evaluator
from lianxin.engines.xforms.functions import World, words_of
from lianxin.engines.xforms.grammar import Ast
from lianxin.engines.xforms.nodes import Node
from lianxin.engines.xforms.values import to_number

MOST_REPETITIONS = 200
T = TypeVar("T")


class Calculation:
    """The nodes of one form being filled, and the steps that keep them true."""

    def __init__(self, form: Form, world: World, *, language: str | None = None, device: str = "") -> None:
        self.form = form
        self.world = world
        self.language = form.default_language if language is None or language not in form.languages else language
        self.device = device
        self.document = Node("")
        self.nodes: list[list[Node]] = [[] for _ in form.nodes]
        self.offered: dict[int, list[Item]] = {}
        self.evaluator = Evaluator(world, form.documents, self.name_of_choice)
        self.fresh: list[Node] = []
        self.keeps_calculated = False
        self.unknown: list[str] = []
        """Elements of a received document that the form does not know."""

    # --- growing

    def grow(self, number: int, parent: Node, *, before: int | None = None, first: bool = True) -> Node:
        """Add a node with all below it; a repeat begins with one repetition, but below an added one with none."""
        definition = self.form.nodes[number]
        node = parent.add(Node(definition.name, definition=number), before)
        self.nodes[number].append(node)
        node.stored = answers.cut(definition, definition.default)
        for below in self.form.children[number]:
            if self.form.nodes[below].kind != "repeat" or (first and self.form.nodes[below].count is None):
                self.grow(below, node, first=first)
        return node

    def wither(self, node: Node) -> None:
        """Take a node away with everything below it."""
        for below in node.walk():
            self.nodes[below.definition].remove(below)
            self.offered.pop(id(below), None)
        if node.parent is not None:
            node.parent.drop(node)

    def start(self) -> None:
        """Fill in what is there from the beginning."""
        self.grow(0, self.document)
        for node in self.document.walk():
            if node.definition >= 0 and (preload := self.form.nodes[node.definition].preload):
                node.stored = self.preloaded(preload)
        self.calculate(self.form.order)
        self.fresh = [self.document]
        self.freshen()

    def received(self) -> None:
        """Work out what is asked and offered around values that came from elsewhere, and keep those values."""
        self.keeps_calculated = True
        self.calculate(key for key in self.form.order if key[0] != "s")
        self.keeps_calculated = False

    def preloaded(self, preload: str) -> str:
        """Give what the device fills in."""
        if preload == "uid":
            return f"uuid:{self.world.uuid()}"
        if preload == "deviceid":
            return self.device
        moment = moments.Moment(self.world.now_ms, self.world.offset)
        if preload == "today":
            return moment.local().date().isoformat()
        return moments.stamp(moment.local()) if preload == "start" else ""

    def freshen(self) -> None:
        """Calculate the first values of the parts that have just begun."""
        while self.fresh:
            self.first_values(self.fresh.pop(0))

    def first_values(self, top: Node) -> None:
        """Calculate the first values of one part."""
        for node in list(top.walk()):
            ast = self.form.nodes[node.definition].first_value if node.definition >= 0 else None
            if ast is not None and node.relevant:
                self.store(node, answers.cut(self.form.nodes[node.definition], self.evaluator.text(ast, node)))

    # --- calculating

    def calculate(self, keys: Iterable[str]) -> None:
        """Calculate these steps and all that depend on what changes by them, each once and in order."""
        rank, feeds = self.form.rank, self.form.feeds
        waiting = sorted(rank[key] for key in set(keys))
        queued = set(waiting)
        while waiting:
            place = heapq.heappop(waiting)
            queued.discard(place)
            key = self.form.order[place]
            changed = STEPS[key[0]](self, int(key[1:]))
            following = feeds.get(key, []) if changed is True else changed or []
            for fed in following:
                if rank[fed] not in queued and rank[fed] != place:
                    queued.add(rank[fed])
                    heapq.heappush(waiting, rank[fed])

    def step_relevance(self, number: int) -> bool:
        ast = self.form.nodes[number].relevant
        changed = False
        for node in self.nodes[number]:
            relevant = (node.parent is None or node.parent.relevant) and (
                ast is None or self.evaluator.truth(ast, node)
            )
            changed |= relevant != node.relevant
            node.relevant = relevant
        return changed

    def step_value(self, number: int) -> bool:
        definition = self.form.nodes[number]
        changed = False
        for node in self.nodes[number]:
            self.offered.pop(id(node), None)
            if definition.calculate is not None and node.relevant and not self.keeps_calculated:
                node.stored = answers.cut(definition, self.evaluator.text(definition.calculate, node))
                node.refused = None
            changed |= self.settle(node)
        return changed

    def settle(self, node: Node) -> bool:
        """Make the stored answer count, or not; say whether that changes anything."""
        definition = self.form.nodes[node.definition]
        value = node.stored if node.relevant else ""
        if value and definition.items is not None:
            offered = {item.value for item in self.choices(node)}
            value = " ".join(word for word in words_of(value) if word in offered)
        changed = value != node.value
        node.value = value
        return changed

    def step_repetitions(self, number: int) -> list[str]:
        """Bring a counted repeat to its number of repetitions."""
        definition = self.form.nodes[number]
        if definition.count is None or self.keeps_calculated:
            return []
        grown = shrunk = False
        for parent in self.nodes[definition.parent]:
            value = self.evaluator.value(definition.count, Context(parent, parent))
            wanted = to_number(value, self.world.offset)
            if wanted != wanted:
                continue
            most = max(0, min(MOST_REPETITIONS, int(min(wanted, MOST_REPETITIONS))))
            there = parent.by_name.get(definition.name, [])
            while len(there) > most:
                self.wither(there[-1])
                shrunk = True
            while len(parent.by_name.get(definition.name, [])) < most:
                self.grow_repetition(number, parent)
                grown = True
        return self.after_change(number, grown=grown) if grown or shrunk else []

    def grow_repetition(self, number: int, parent: Node) -> Node:
        """Add a repetition where the form has it."""
        order = self.form.children[parent.definition]
        later = {self.form.nodes[below].name for below in order[order.index(number) + 1 :]}
        before = next((at for at, child in enumerate(parent.children) if child.name in later), None)
        first = self.form.nodes[number].count is not None and not parent.by_name.get(self.form.nodes[number].name)
        node = self.grow(number, parent, before=before, first=first)
        self.fresh.append(node)
        return node

    def after_change(self, number: int, *, grown: bool) -> list[str]:
        """Give the steps to take after a repeat has more or fewer repetitions."""
        steps = list(self.form.feeds.get(f"s{number}", ()))
        if grown:
            steps += [key for below in self.below(number) for key in (f"r{below}", f"v{below}", f"s{below}")]
        return [key for key in steps if key in self.form.rank]

    def below(self, number: int) -> list[int]:
        found = [number]
        for child in self.form.children[number]:
            found += self.below(child)
        return found

    def store(self, node: Node, stored: str) -> None:
        """Store a value and calculate what follows."""
        node.stored = stored
        if self.settle(node):
            self.calculate(self.form.feeds.get(f"v{node.definition}", ()))

    # --- choices

    def choices(self, node: Node) -> list[Item]:
        """Give the choices that are on offer at a question."""
        offered = self.offered.get(id(node))
        if offered is None:
            ast = self.form.nodes[node.definition].items
            found = self.evaluator.nodes(ast, Context(node, node)) if ast is not None else []
            offered = self.offered[id(node)] = [
                self.form.item_of[id(item)] for item in found if id(item) in self.form.item_of
            ]
        return offered

    def name_of_choice(self, node: Node, value: str) -> str:
        """Give the words of a choice at a question."""
        if node.definition < 0 or self.form.nodes[node.definition].items is None:
            return ""
        return next(
            (self.say(item.label, node) or item.value for item in self.choices(node) if item.value == value), ""
        )

    def say(self, texts: Texts, node: Node) -> str:
        """Give a sentence in the language of the moment, else in the form's own."""
        parts = self.in_language(texts)
        if parts is None:
            return ""
        return "".join(piece if isinstance(piece, str) else self.evaluator.text(piece, node) for piece in parts)

    def in_language(self, texts: Mapping[str, T]) -> T | None:
        """Choose the language of a sentence."""
        for language in (self.language, self.form.default_language, ""):
            if language in texts:
                return texts[language]
        return next(iter(texts.values()), None)

    # --- what holds

    def holds(self, ast: Ast | None, node: Node) -> bool:
        """Say whether a condition holds at a question; one that is not there does not."""
        return ast is not None and self.evaluator.truth(ast, node)

    def is_readonly(self, node: Node) -> bool:
        """Say whether a question, or something around it, is only to be read."""
        at: Node | None = node
        while at is not None and at.definition >= 0:
            if self.holds(self.form.nodes[at.definition].readonly, at):
                return True
            at = at.parent
        return False


STEPS: dict[str, Callable[[Calculation, int], bool | list[str]]] = {
    "r": Calculation.step_relevance,
    "v": Calculation.step_value,
    "s": Calculation.step_repetitions,
}
