"""How an answer is stored: what was typed is taken or refused with a code, what was calculated is cut to its type."""

import re
import unicodedata
from decimal import Decimal

from lianxin.engines.xforms import moments
from lianxin.engines.xforms.definitions import Definition
from lianxin.engines.xforms.functions import words_of
from lianxin.engines.xforms.values import BLANKS, NUMBER

LONGEST = 10_000
LARGEST_INT = 2_147_483_647
NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def decimal_text(number: float) -> str:
    """Write a decimal number with at least one decimal and no exponent."""
    text = f"{Decimal(repr(number)):f}"
    return text if "." in text else f"{text}.0"


def cut(node: Definition, text: str) -> str:
    """Bring a calculated or received value to the question's type; nothing if it is none."""
    if node.type == "int":
        bare = text.strip(BLANKS)
        number = int(Decimal(bare)) if NUMBER.fullmatch(bare) and len(bare) < 40 else None
        return "" if number is None or not -LARGEST_INT - 1 <= number <= LARGEST_INT else str(number)
    if node.type == "decimal":
        bare = text.strip(BLANKS)
        if not NUMBER.fullmatch(bare) or abs(float(bare)) == float("inf"):
            return ""
        return decimal_text(float(bare))
    if node.type == "date":
        day = text.partition("T")[0]
        return day if moments.from_text(day, 0) is not None else ""
    if node.type == "dateTime":
        return text if "T" in text and moments.from_text(text, 0) is not None else ""
    if node.type == "geopoint":
        return "" if place_code(text) else " ".join(decimal_text(float(part)) for part in text.split())
    if node.control == "select":
        return " ".join(words_of(text))
    if node.control == "trigger":
        return "OK" if text.lower() == "ok" else ""
    return text


def place_code(text: str) -> str:
    """Say what is wrong with a place: latitude, longitude, and perhaps altitude and accuracy."""
    parts = text.split()
    if not 2 <= len(parts) <= 4 or not all(NUMBER.fullmatch(part) for part in parts):
        return "not_a_place"
    latitude, longitude = float(parts[0]), float(parts[1])
    return "" if abs(latitude) <= 90 and abs(longitude) <= 180 else "not_a_place"


def take(node: Definition, text: str) -> tuple[str, str]:
    """Take what a person typed: the value to store, and the code of what is wrong with it."""
    text = NOT_IN_XML.sub("", text.replace("\r\n", "\n"))
    if node.type == "string" or node.type == "binary":
        return (text, "") if len(text) <= LONGEST else ("", "too_long")
    bare = unicodedata.normalize("NFKC", text).strip()
    if not bare:
        return "", ""
    if node.type == "int":
        if not re.fullmatch(r"[-+]?\d+", bare, re.ASCII):
            return "", "not_an_integer"
        return (value, "") if (value := cut(node, bare)) else ("", "too_large")
    if node.type == "decimal":
        return (value, "") if (value := cut(node, bare)) else ("", "not_a_number")
    if node.type in ("date", "dateTime"):
        return (value, "") if (value := cut(node, bare)) else ("", "not_a_date")
    return (value, "") if (value := cut(node, bare)) else ("", "not_a_place")
