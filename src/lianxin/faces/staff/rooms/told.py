"""What happened to a booking, in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.utils.translation import pgettext_lazy

from lianxin.faces.kit.timelines import Happening, happenings
from lianxin.platform.audit import TimelineEntry

from ..settings.act_words import all_acts

FIELDS: dict[str, Any] = {
    "title": pgettext_lazy("rooms", "what for"),
    "dates": pgettext_lazy("rooms", "dates"),
    "until": pgettext_lazy("rooms", "until"),
    "opens": pgettext_lazy("rooms", "from"),
    "closes": pgettext_lazy("rooms", "until"),
}


def story(entries: Sequence[TimelineEntry]) -> list[Happening]:
    """Word a booking's entries."""
    shown = [replace(entry, change=_in_words(entry.change)) for entry in entries]
    return happenings(list[Any](shown), titles=all_acts(), labels=FIELDS)


def _in_words(change: dict[str, Any]) -> dict[str, Any]:
    return {
        name: ["" if one is None else str(one)[:40] for one in pair]
        for name, pair in change.items()
        if name in FIELDS and isinstance(pair, list) and len(pair) == 2 and pair[0] != pair[1]
    }
