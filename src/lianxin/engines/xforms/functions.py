"""The functions whose arguments are plain values: text, numbers, choices, dates."""

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from lianxin.engines.xforms import moments
from lianxin.engines.xforms.moments import Moment
from lianxin.engines.xforms.values import BLANKS, NAN, DayNumber, Value, is_nodes, to_number, to_text, to_truth

MANY = 99


@dataclass(frozen=True, slots=True)
class World:
    """What an expression may ask of the world: clock, identifier, chance, and the distance from UTC in minutes."""

    now_ms: int
    uuid: Callable[[], str]
    random: Callable[[], float]
    offset: int = 480


@dataclass(frozen=True, slots=True)
class Function:
    """How many arguments a function takes, as what, and what it does with them."""

    least: int
    most: int
    takes: str
    run: Callable[..., Value]


FUNCTIONS: dict[str, Function] = {}


def function(name: str, least: int, most: int | None = None, *, takes: str = "") -> Callable[..., Any]:
    """Register a function; `takes` has a letter an argument (t text, n number, b truth, v value), the last repeats."""

    def register(run: Callable[..., Value]) -> Callable[..., Value]:
        FUNCTIONS[name] = Function(least, least if most is None else most, takes or "v", run)
        return run

    return register


def words_of(text: str) -> list[str]:
    """Split the answer of a multiple choice."""
    return text.strip(BLANKS).split()


def whole_number(text: str) -> float:
    """Read the leading whole number of a text."""
    found = re.match(r"\s*([-+]?\d+)", text, re.ASCII)
    return float(found[1]) if found else NAN


def each(values: tuple[Value, ...]) -> list[Value]:
    """Take node sets apart."""
    found: list[Value] = []
    for value in values:
        found.extend([node.value for node in value] if is_nodes(value) else [value])  # type: ignore[union-attr]
    return found


def numbers(world: World, values: tuple[Value, ...]) -> list[float]:
    """Take all the values and nodes for numbers."""
    return [to_number(value, world.offset) for value in each(values)]


def guarded(run: Callable[..., float], *arguments: float) -> float:
    """Calculate; what is not defined is no number, what is too large is infinite."""
    if any(math.isnan(argument) for argument in arguments):
        return NAN
    try:
        return float(run(*arguments))
    except OverflowError:
        return math.inf
    except (ValueError, ZeroDivisionError, TypeError):
        return NAN


# --- truth

function("true", 0)(lambda world: True)
function("false", 0)(lambda world: False)
function("not", 1, takes="b")(lambda world, value: not value)
function("boolean", 1, takes="b")(lambda world, value: value)
function("boolean-from-string", 1, takes="t")(lambda world, text: text in ("1", "true"))

# --- text

function("string", 1, takes="t")(lambda world, text: text)
function("concat", 0, MANY)(lambda world, *values: "".join(to_text(value) for value in each(values)))
function("join", 1, MANY)(lambda world, glue, *values: to_text(glue).join(to_text(value) for value in each(values)))
function("contains", 2, takes="t")(lambda world, text, part: part in text)
function("starts-with", 2, takes="t")(lambda world, text, part: text.startswith(part))
function("ends-with", 2, takes="t")(lambda world, text, part: text.endswith(part))
function("string-length", 1, takes="t")(lambda world, text: float(len(text)))
function("normalize-space", 1, takes="t")(lambda world, text: re.sub(f"[{BLANKS}]+", " ", text.strip(BLANKS)))
function("substring-before", 2, takes="t")(
    lambda world, text, part: text.partition(part)[0] if part in text and part else ""
)
function("substring-after", 2, takes="t")(lambda world, text, part: text.partition(part)[2] if part else text)
function("coalesce", 2, takes="t")(lambda world, first, second: first or second)
function("uuid", 0)(lambda world: world.uuid())


@function("substr", 2, 3, takes="t")
def substr(world: World, text: str, start_text: str, end_text: str | None = None) -> str:
    """Cut out from a place counted from 0 up to, not with, another; negative places count from the end."""
    start = whole_number(start_text)
    end = whole_number(end_text) if end_text is not None else float(len(text))
    if math.isnan(start) or math.isnan(end):
        return ""
    start, end = (max(0, min(len(text), place + len(text) if place < 0 else place)) for place in (start, end))
    return text[int(start) : int(end)]


@function("translate", 3, takes="t")
def translate(world: World, text: str, these: str, those: str) -> str:
    """Exchange single characters; those without a counterpart go."""
    table: dict[int, str] = {}
    for at, letter in enumerate(these):
        table.setdefault(ord(letter), those[at] if at < len(those) else "")
    return text.translate(table)


@function("regex", 2, takes="t")
def regex(world: World, text: str, pattern: str) -> bool:
    """Say whether a pattern is found in a text, read as JavaScript reads it."""
    try:
        return compiled(pattern).search(text) is not None
    except (re.error, OverflowError, RecursionError):
        return False


@lru_cache(maxsize=512)
def compiled(pattern: str) -> re.Pattern[str]:
    """Compile a JavaScript pattern: digits and letters are ASCII, spaces are not, `$` is only the very end."""
    out: list[str] = []
    inside = False
    at = 0
    while at < len(pattern):
        letter = pattern[at]
        if letter == "\\":
            pair = pattern[at : at + 2]
            out.append(SPACES.get((pair, inside), pair))
            at += 2
            continue
        if letter == "$" and not inside:
            letter = r"\Z"
        elif letter == "[" and inside:
            letter = r"\["
        elif letter in "[]":
            inside = letter == "["
        out.append(letter)
        at += 1
    return re.compile("".join(out), re.ASCII)


OTHER_SPACES = "\u00a0\u2002-\u200a\u3000\ufeff"
SPACES = {
    (r"\s", False): rf"[\s{OTHER_SPACES}]",
    (r"\s", True): rf"\s{OTHER_SPACES}",
    (r"\S", False): rf"[^\s{OTHER_SPACES}]",
}


# --- choices

function("selected", 2, takes="t")(lambda world, text, choice: choice.strip(BLANKS) in (words_of(text) or [""]))
function("count-selected", 1, takes="t")(lambda world, text: float(len(words_of(text))))


@function("selected-at", 2, takes="t")
def selected_at(world: World, text: str, place: str) -> str:
    """Give the choice at a place counted from 0."""
    chosen = words_of(text)
    at = whole_number(place)
    return chosen[int(at)] if 0 <= at < len(chosen) else ""


# --- numbers

function("number", 1)(lambda world, value: as_number(world, value))
function("int", 1, takes="n")(
    lambda world, value: value if math.isnan(value) or math.isinf(value) else float(math.trunc(value))
)
function("abs", 1, takes="n")(lambda world, value: abs(value))
function("floor", 1, takes="n")(lambda world, value: guarded(math.floor, value) if math.isfinite(value) else value)
function("ceiling", 1, takes="n")(lambda world, value: guarded(math.ceil, value) if math.isfinite(value) else value)
function("sqrt", 1, takes="n")(lambda world, value: guarded(math.sqrt, value))
function("pow", 2, takes="n")(lambda world, base, exponent: power(base, exponent))
function("exp", 1, takes="n")(lambda world, value: guarded(math.exp, value))
function("log", 1, takes="n")(lambda world, value: -math.inf if value == 0 else guarded(math.log, value))
function("log10", 1, takes="n")(lambda world, value: -math.inf if value == 0 else guarded(math.log10, value))
function("pi", 0)(lambda world: math.pi)
function("random", 0)(lambda world: world.random())


def as_number(world: World, value: Value) -> Value:
    """Take a value for a number; a date stays one, so that its text is its count of whole days."""
    days = to_number(value, world.offset)
    is_text = isinstance(value, str) or is_nodes(value)
    return DayNumber(days) if is_text and moments.from_text(to_text(value), world.offset) is not None else days


def power(base: float, exponent: float) -> float:
    """Raise to a power as JavaScript does."""
    if math.isnan(base) or math.isnan(exponent) or (abs(base) == 1 and math.isinf(exponent)):
        return NAN
    if base == 0 and exponent < 0:
        return math.inf
    return guarded(math.pow, base, exponent)


@function("round", 1, 2, takes="n")
def round_half_up(world: World, value: float, places: float = 0.0) -> float:
    """Round to a number of decimals, a half away from zero."""
    if math.isnan(value) or math.isnan(places) or math.isinf(value):
        return value if math.isinf(value) else NAN
    scale = power(10.0, places)
    shifted = abs(value) * scale
    whole = math.floor(shifted) if math.isfinite(shifted) else shifted
    if math.isfinite(shifted) and shifted - whole >= 0.5:
        whole += 1
    return guarded(lambda: whole / scale) * (-1 if value < 0 else 1)


@function("min", 0, MANY)
def smallest(world: World, *values: Value) -> float:
    """Give the smallest number; none if one of them is none."""
    found = numbers(world, values)
    return NAN if not found or any(map(math.isnan, found)) else min(found)


@function("max", 0, MANY)
def largest(world: World, *values: Value) -> float:
    """Give the largest number; none if one of them is none."""
    found = numbers(world, values)
    return NAN if not found or any(map(math.isnan, found)) else max(found)


@function("sum", 1)
def total(world: World, values: Value) -> float:
    """Add up; none if one of them is none, or there is nothing to add."""
    found = numbers(world, (values,))
    return sum(found) if found else NAN


# --- dates

function("now", 0)(lambda world: Moment(world.now_ms, world.offset))
function("today", 0)(lambda world: midnight(world))
function("format-date", 2)(lambda world, value, pattern: formatted(world, value, pattern, with_time=False))
function("format-date-time", 2)(lambda world, value, pattern: formatted(world, value, pattern, with_time=True))


def midnight(world: World) -> Moment:
    """Give the beginning of today."""
    shift = world.offset * 60_000
    return Moment((world.now_ms + shift) // moments.DAY_MS * moments.DAY_MS - shift, world.offset)


def moment_of(world: World, value: Value) -> Moment | None:
    """Take a value for a moment."""
    if isinstance(value, Moment):
        return value
    if isinstance(value, bool):
        return None
    if isinstance(value, float | int):
        return moments.from_number(float(value), world.offset)
    return moments.from_text(to_text(value), world.offset, unpadded=True)


@function("date", 1)
def date(world: World, value: Value) -> Value:
    """Take text or a number of days for a date."""
    if isinstance(value, bool) or (not isinstance(value, float | int | Moment) and to_text(value) == ""):
        return ""
    moment = moment_of(world, value)
    return "Invalid Date" if moment is None else moment


@function("decimal-date-time", 1)
def decimal_date_time(world: World, value: Value) -> float:
    """Count the days since 1970 with their fraction."""
    moment = moment_of(world, value)
    return NAN if moment is None else moment.days


@function("decimal-time", 1, takes="t")
def decimal_time(world: World, text: str) -> float:
    """Take a time of day for its part of a day."""
    if not re.fullmatch(r"\d{2}:\d{2}(:[0-5]\d)?(\.\d+)?(Z|[-+]\d{2}:\d{2})?", text, re.ASCII):
        return NAN
    moment = moments.from_text(f"1970-01-01T{text}", world.offset)
    return NAN if moment is None else ((moment.milliseconds + world.offset * 60_000) % moments.DAY_MS) / moments.DAY_MS


def formatted(world: World, value: Value, pattern: Value, *, with_time: bool) -> str:
    """Write a date by a pattern; nothing for what is no date."""
    moment = moment_of(world, value)
    return "" if moment is None else moments.format_moment(moment, to_text(pattern), with_time=with_time)


def convert(value: Value, kind: str, world: World) -> Value:
    """Take an argument as a function wants it."""
    if kind == "t":
        return to_text(value)
    if kind == "n":
        return to_number(value, world.offset)
    return to_truth(value) if kind == "b" else value
