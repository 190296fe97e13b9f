"""A template tried out: filled with invented content, so that what cannot be filled is known before it is needed."""

from __future__ import annotations

from typing import Any

from lianxin.insight.word import marks
from lianxin.insight.word.filling import SOURCES, fill
from lianxin.insight.word.templates import Asked, Unfit, open_template, read_asked

_WORDS = {"chart": "图", "table": "表", "nothing": "没有数据"}


def try_template(data: bytes) -> Asked:
    """Give what a template asks for, after filling it once; raises Unfit."""
    template = open_template(data)
    asked = read_asked(template)
    try:
        for holds in (True, False):
            open_template(fill(data, _content(asked, holds=holds)))
    except Unfit:
        raise
    except Exception:  # noqa: BLE001 - whatever goes wrong here would go wrong when the briefing is made
        raise Unfit("layout") from None
    return asked


def _content(asked: Asked, *, holds: bool) -> dict[str, Any]:
    """Invent content; conditions hold in one trial and do not in the other."""
    texts: dict[str, Any] = {}
    groups: dict[str, dict[str, str]] = {}
    charts: dict[str, Any] = {}
    tables: dict[str, Any] = {}
    for name in asked.names:
        group, _dot, rest = name.partition(".")
        if not rest:
            texts[name] = marks.mark(marks.QR, "https://example.org/") if name == "code" else "2024"
            if name.startswith("has_"):
                texts[name] = holds
        elif group == "chart":
            chart = {"kind": "column", "title": "a", "alt": "a", "categories": ["a"], "series": [("a", [1])]}
            charts[rest] = {"chart": chart, "caption": marks.noted("a", "x")}
            groups.setdefault(group, {})[rest] = marks.mark(marks.CHART, rest)
        elif group == "table":
            tables[rest] = {"title": "a", "headings": ["a", "b"], "rows": [["a", "1"]]}
            groups.setdefault(group, {})[rest] = marks.mark(marks.TABLE, rest)
        else:
            groups.setdefault(group, {})[rest] = marks.noted("1", "x")
    rows: dict[str, list[dict[str, str]]] = {}
    for name in asked.rows:
        loop, _dot, column = name.partition(".")
        rows.setdefault(loop, [{}])[0][column] = "1"
    for loop in asked.names & {"places", "communities", "months"}:
        rows.setdefault(loop, [{}])
        texts.pop(loop, None)
    sources = {"title": "a", "headings": ["a", "b"], "rows": {"x": ["b"]}, "weights": [1, 1]}
    return {
        "texts": texts,
        "groups": groups,
        "rows": rows,
        "charts": charts,
        "tables": tables,
        SOURCES: sources,
        "words": _WORDS,
        "dated": "2024-01-01T00:00:00",
        "title": "a",
        "author": "a",
    }
