"""An opinion map's result in the shape in which the pages of the office and of everybody draw it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lianxin.domain.voice.models import MapResult, OpinionMap
from lianxin.domain.voice.queries.opinion_maps import shown_of
from lianxin.domain.voice.rules.opinion_results import Line


def told_of(row: OpinionMap, result: MapResult | None, words: Mapping[int, str]) -> dict[str, Any]:
    """Give what `kit/opinion_result.html` draws; nothing where no group is large enough to be shown."""
    shown = shown_of(row, result)
    if shown is None:
        return {"shown": None}

    def said(line: Line) -> str:
        return words.get(line.number, "")

    return {
        "shown": shown,
        "together": [(line, said(line), value) for line, value in shown.together],
        "groups": [
            {"name": group.name, "size": group.size, "lines": [(said(line), value) for line, value in group.lines]}
            for group in shown.groups
        ],
        "lines": [(line, said(line)) for line in shown.statements if said(line)],
    }
