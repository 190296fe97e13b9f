"""Signs in a filled text that stand for what is no text: the number of a figure, a chart, a table, a QR code."""

import re
from collections.abc import Iterator

# Private letters that no office program writes and `clean` takes out of everything that is filled in.
_OPEN, _CLOSE = "\uf8f0", "\uf8f1"
MARK = re.compile(f"{_OPEN}([a-z]):([^{_OPEN}{_CLOSE}]*){_CLOSE}")
NOTE, CHART, TABLE, QR = "n", "c", "t", "q"
NEW_PARAGRAPH = "\a"
_UNFIT = re.compile(f"[{_OPEN}{_CLOSE}\\x00-\\x08\\x0b-\\x1f\\x7f\\ud800-\\udfff\\ufffe\\uffff]")


def mark(kind: str, name: str | int) -> str:
    """Give the sign for one thing."""
    return f"{_OPEN}{kind}:{name}{_CLOSE}"


def noted(text: str, figure: str) -> str:
    """Give a number with the sign of its figure behind it."""
    return f"{text}{mark(NOTE, figure)}"


def clean(text: str) -> str:
    """Give a text without letters that XML cannot hold or that are signs of ours; it stays one line."""
    return " ".join(_UNFIT.sub("", text).split("\n"))


def plain(text: str) -> str:
    """Give a text without any sign."""
    return MARK.sub("", text)


def pieces(text: str) -> Iterator[tuple[str, str]]:
    """Give a text cut at its signs: (kind, name) each, a piece of text with the kind ""."""
    start = 0
    for found in MARK.finditer(text):
        if found.start() > start:
            yield "", text[start : found.start()]
        yield found.group(1), found.group(2)
        start = found.end()
    if start < len(text):
        yield "", text[start:]
