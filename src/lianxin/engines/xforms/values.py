"""What an expression gives (text, number, truth, moment or nodes) and how one is taken for another."""

import math
import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from lianxin.engines.xforms import moments
from lianxin.engines.xforms.moments import Moment

if TYPE_CHECKING:
    from lianxin.engines.xforms.nodes import Node

Nodes = Sequence["Node"]
Value = str | float | bool | Moment | Nodes

BLANKS = " \t\r\n"
NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?", re.ASCII)
NAN = math.nan


class DayNumber(float):
    """A date as a number: calculates with its fraction, reads as whole days."""


def number_text(number: float) -> str:
    """Write a number as ODK does: no exponent where it can be avoided, nothing for what is no number."""
    if math.isnan(number):
        return ""
    if math.isinf(number):
        return "Infinity" if number > 0 else "-Infinity"
    if number == 0:
        return "0"
    sign = "-" if number < 0 else ""
    digits, _, exponent = repr(abs(number)).partition("e")
    whole, _, fraction = digits.partition(".")
    fraction = "" if fraction == "0" else fraction
    point = len(whole) + int(exponent or 0)
    figures = (whole + fraction).lstrip("0")
    point -= len(whole + fraction) - len(figures)
    figures = figures.rstrip("0")
    if 0 < point <= 21:
        if len(figures) <= point:
            return sign + figures.ljust(point, "0")
        return f"{sign}{figures[:point]}.{figures[point:]}"
    if -6 < point <= 0:
        return f"{sign}0.{'0' * -point}{figures}"
    mantissa = figures[0] + (f".{figures[1:]}" if len(figures) > 1 else "")
    return f"{sign}{mantissa}e{point - 1:+d}"


def text_number(text: str, offset: int) -> float:
    """Take text for a number; an ISO date counts as days since 1970."""
    bare = text.strip(BLANKS)
    if NUMBER.fullmatch(bare):
        return float(bare)
    moment = moments.from_text(text, offset)
    return NAN if moment is None else moment.days


def to_text(value: Value) -> str:
    """Take a value for text."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float | int):
        return number_text(math.floor(value) if isinstance(value, DayNumber) else value)
    if isinstance(value, Moment):
        return str(value)
    return value[0].value if value else ""


def to_number(value: Value, offset: int) -> float:
    """Take a value for a number."""
    if isinstance(value, bool):
        return 1.0 if value else 0.0
    if isinstance(value, float | int):
        return float(value)
    if isinstance(value, Moment):
        return value.days
    return text_number(to_text(value), offset)


def to_truth(value: Value) -> bool:
    """Take a value for a truth: text by being there, nodes by being there, a number by being neither 0 nor none."""
    if isinstance(value, bool):
        return value
    if isinstance(value, float | int):
        return not (value == 0 or math.isnan(value))
    if isinstance(value, Moment):
        return value.milliseconds != 0
    return len(value) > 0


def is_nodes(value: Value) -> bool:
    """Say whether a value is a set of nodes."""
    return isinstance(value, list | tuple)


ORDERED: dict[str, Callable[[float, float], bool]] = {
    "<": lambda left, right: left < right,
    "<=": lambda left, right: left <= right,
    ">": lambda left, right: left > right,
    ">=": lambda left, right: left >= right,
}


def compare(operator: str, left: Value, right: Value, offset: int) -> bool:
    """Compare as XPath does: nodes one by one, else truths before numbers before text."""
    if not (isinstance(left, str | float | int | Moment)):
        if isinstance(right, bool):
            return compare(operator, to_truth(left), right, offset)
        return any(compare(operator, node.value, right, offset) for node in left)
    if not (isinstance(right, str | float | int | Moment)):
        if isinstance(left, bool):
            return compare(operator, left, to_truth(right), offset)
        return any(compare(operator, left, node.value, offset) for node in right)
    if operator in ORDERED:
        return ORDERED[operator](to_number(left, offset), to_number(right, offset))
    if isinstance(left, bool) or isinstance(right, bool):
        same = to_truth(left) == to_truth(right)
    elif isinstance(left, str) and isinstance(right, str):
        same = left == right
    else:
        same = to_number(left, offset) == to_number(right, offset)
    return same if operator == "=" else not same
