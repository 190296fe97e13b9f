"""Reads an XPath expression into a tree of plain lists, which JSON holds and both evaluators walk, and writes it back.

["n", 3]  ["s", "text"]  ["f", name, [argument, ...]]  ["-", operand]  ["+", left, right]  (or any other operator)
["p", start, [[axis, name, [predicate, ...]], ...]]    start: "/" the document, "." the context, or an expression
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

Ast = list[Any]

LONGEST = 10_000
DEEPEST = 60
LONGEST_CHAIN = 200
BINARY = {
    "or": 1,
    "and": 2,
    "=": 3,
    "!=": 3,
    "<": 4,
    "<=": 4,
    ">": 4,
    ">=": 4,
    "+": 5,
    "-": 5,
    "*": 6,
    "div": 6,
    "mod": 6,
    "|": 8,
}
NEGATION = 7
WORDS = ("and", "or", "div", "mod")
AXES = (
    *("child", "parent", "self", "descendant", "descendant-or-self"),
    *("preceding-sibling", "following-sibling"),
)
NAME = r"[^\W\d][\w.\-]*(?::[^\W\d][\w.\-]*)?"
TOKEN = re.compile(
    rf"""\s*(?:(?P<number>\d+(?:\.\d*)?|\.\d+)|(?P<text>"[^"]*"|'[^']*')|(?P<axis>[a-z-]+)\s*::
    |(?P<name>{NAME})|(?P<mark>\.\.|::|//|!=|<=|>=|[().@,|+*=<>/\[\]-]))""",
    re.VERBOSE,
)


class BadExpression(ValueError):
    """The text is no expression of the supported language; says what is wrong and where."""

    def __init__(self, what: str, at: int) -> None:
        super().__init__(f"{what} (character {at + 1})")
        self.what = what
        self.at = at


@dataclass(frozen=True, slots=True)
class Token:
    """One word of an expression."""

    kind: str
    text: str
    at: int


def tokens(source: str) -> Iterator[Token]:
    """Cut an expression into words; `*`, and, or, div, mod are operators wherever an operand has just ended."""
    at = 0
    before: Token | None = None
    end = len(source.rstrip())
    while at < end:
        found = TOKEN.match(source, at)
        if found is None:
            raise BadExpression(f"“{source[at:].lstrip()[:10]}” is not understood", at)
        kind = found.lastgroup or ""
        text, starts = found[kind], found.start(kind)
        operand_ended = before is not None and (
            before.kind in ("number", "text", "name") or before.text in (")", "]", ".", "..") or before.kind == "star"
        )
        if kind == "name" and operand_ended and text in WORDS:
            kind = "mark"
        elif text == "*" and not operand_ended:
            kind = "star"
        before = Token(kind, text, starts)
        yield before
        at = found.end()
    yield Token("end", "", end)


def parse(source: str) -> Ast:
    """Read an expression; raise BadExpression where it goes wrong."""
    if len(source) > LONGEST:
        raise BadExpression(f"an expression has at most {LONGEST} characters", LONGEST)
    return Parser(list(tokens(source))).whole()


class Parser:
    """Reads by precedence, one word ahead."""

    def __init__(self, words: list[Token]) -> None:
        self.words = words
        self.at = 0
        self.depth = 0

    @property
    def word(self) -> Token:
        return self.words[self.at]

    def take(self) -> Token:
        taken = self.word
        self.at += 1
        return taken

    def skip(self, mark: str) -> bool:
        if self.word.kind in ("mark", "star") and self.word.text == mark:
            self.at += 1
            return True
        return False

    def need(self, mark: str) -> None:
        if not self.skip(mark):
            self.fail(f"“{mark}” is missing")

    def fail(self, what: str) -> None:
        raise BadExpression(what, self.word.at)

    def whole(self) -> Ast:
        ast = self.expression(0)
        if self.word.kind != "end":
            self.fail(f"“{self.word.text}” is not expected here")
        return ast

    def expression(self, least: int) -> Ast:
        self.depth += 1
        if self.depth > DEEPEST:
            self.fail("the expression is nested too deeply")
        if least <= NEGATION and self.skip("-"):
            left: Ast = ["-", self.expression(NEGATION)]
        else:
            left = self.path()
        links = 0
        while self.word.kind == "mark" and (power := BINARY.get(self.word.text, 0)) > least:
            if (links := links + 1) > LONGEST_CHAIN:
                self.fail("the expression is too long")
            operator = self.take().text
            left = [operator, left, self.expression(power)]
        self.depth -= 1
        return left

    def path(self) -> Ast:
        if self.word.kind == "mark" and self.word.text in ("/", "//"):
            if self.word.text == "/" and not self.starts_step(self.words[self.at + 1]):
                self.take()
                return ["p", "/", []]
            return ["p", "/", self.steps(first=False)]
        if self.word.kind in ("number", "text") or self.skip_open() or self.is_call():
            return self.filtered()
        if not self.starts_step(self.word):
            self.fail("a value is missing" if self.word.kind == "end" else f"“{self.word.text}” is not expected here")
        return ["p", ".", self.steps(first=True)]

    def skip_open(self) -> bool:
        return self.word.kind == "mark" and self.word.text == "("

    def is_call(self) -> bool:
        after = self.words[min(self.at + 1, len(self.words) - 1)]
        return self.word.kind == "name" and after.text == "(" and self.word.text not in ("node", "text", "comment")

    def filtered(self) -> Ast:
        word = self.take()
        ast: Ast
        if word.kind == "number":
            value = float(word.text)
            return ["n", int(value) if value.is_integer() and abs(value) < 2**53 else value]
        if word.kind == "text":
            return ["s", word.text[1:-1]]
        if word.kind == "name":
            ast = ["f", word.text, self.arguments()]
        else:
            ast = self.expression(0)
            self.need(")")
        predicates = self.predicates()
        if predicates or (self.word.kind == "mark" and self.word.text in ("/", "//")):
            own = [["self", "*", predicates]] if predicates else []
            more = self.steps(first=False) if self.word.text in ("/", "//") and self.word.kind == "mark" else []
            return ["p", ast, own + more]
        return ast

    def arguments(self) -> list[Ast]:
        self.need("(")
        found: list[Ast] = []
        if self.skip(")"):
            return found
        while True:
            found.append(self.expression(0))
            if self.skip(")"):
                return found
            if not self.skip(","):
                self.fail("“)” is missing")

    @staticmethod
    def starts_step(word: Token) -> bool:
        return word.kind in ("name", "star", "axis") or (word.kind == "mark" and word.text in (".", "..", "@"))

    def steps(self, *, first: bool) -> list[Ast]:
        found: list[Ast] = []
        if first:
            self.step(found)
        while self.word.kind == "mark" and self.word.text in ("/", "//"):
            if self.take().text == "//":
                found.append(["descendant-or-self", "*", []])
            self.step(found)
        return found

    def step(self, found: list[Ast]) -> None:
        if self.skip("."):
            if predicates := self.predicates():
                found.append(["self", "*", predicates])
            return
        if self.skip(".."):
            found.append(["parent", "*", self.predicates()])
            return
        axis = self.take().text if self.word.kind == "axis" else "child"
        if axis not in AXES or (self.word.kind == "mark" and self.word.text == "@"):
            self.fail("attributes are not supported" if self.word.text == "@" else f"“{axis}::” is not supported")
        if self.word.kind not in ("name", "star"):
            self.fail("the name of a question is missing")
        name = self.take().text
        if self.skip("("):
            self.need(")")
            if name != "node":
                self.fail(f"“{name}()” is not supported here")
            name = "*"
        predicates = self.predicates()
        if predicates or (axis, name) != ("self", "*"):
            found.append([axis, name, predicates])

    def predicates(self) -> list[Ast]:
        found: list[Ast] = []
        while self.skip("["):
            found.append(self.expression(0))
            self.need("]")
        return found


def write(ast: Ast, least: int = 0) -> str:
    """Write an expression's tree as text again, with the brackets that its meaning needs."""
    kind = ast[0]
    if kind == "n":
        return repr(ast[1]) if "e" not in repr(ast[1]) else f"{ast[1]:f}"
    if kind == "s":
        return f'"{ast[1]}"' if "'" in ast[1] else f"'{ast[1]}'"
    if kind == "f":
        return f"{ast[1]}({', '.join(write(argument) for argument in ast[2])})"
    if kind == "p":
        return write_path(ast)
    if len(ast) == 2:
        text = f"-{write(ast[1], NEGATION - 1)}"
        return f"({text})" if least >= NEGATION else text
    power = BINARY[kind]
    text = f"{write(ast[1], power - 1)} {kind} {write(ast[2], power)}"
    return f"({text})" if power <= least else text


def write_path(ast: Ast) -> str:
    """Write a path."""
    _, start, steps = ast
    parts: list[str] = []
    for axis, name, predicates in steps:
        if axis == "descendant-or-self" and name == "*" and not predicates:
            parts.append("")
            continue
        own = {("parent", "*"): "..", ("self", "*"): "."}.get((axis, name))
        text = own or (name if axis == "child" else f"{axis}::{name}")
        parts.append(text + "".join(f"[{write(predicate)}]" for predicate in predicates))
    if start == ".":
        head = "." if not parts or parts[0] == "" else ""
    elif start == "/":
        head = ""
    else:
        head = write(start) if start[0] == "f" else f"({write(start)})"
        if steps and steps[0][:2] == ["self", "*"] and steps[0][2]:
            head += parts.pop(0)[1:]
    if start == "." and head == "":
        return "/".join(parts)
    return "/".join([head, *parts]) or "/"
