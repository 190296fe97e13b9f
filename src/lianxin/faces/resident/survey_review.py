"""All the answers of a filled questionnaire once more, as a person would say them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.utils.translation import gettext as _

from lianxin.engines.xforms import Instance
from lianxin.faces.resident.survey_pages import Item, items_of


def answers_in_words(instance: Instance, pages: list[list[int]]) -> list[tuple[int, str, str]]:
    """Give every question that is asked with its answer as a person would say it, and the number of its page."""
    found: list[tuple[int, str, str]] = []
    for at, page in enumerate(pages, 1):
        for where, item in _answered(items_of(instance, page, judged=False), ""):
            shown: Any = item.shown
            chosen = [choice.label for choice in shown.choices if choice.chosen]
            if item.widget == "tick":
                words = _("yes") if item.value else ""
            else:
                words = "、".join(chosen) or item.value.replace("T", " ")
            found.append((at, f"{where} · {item.label}" if where else item.label, words))
    return found


def _answered(items: Iterable[Item], where: str) -> Iterator[tuple[str, Item]]:
    """Give the questions that are asked, each with the repetition that it is in."""
    for item in items:
        if item.asked and item.kind == "question":
            yield where, item
        elif item.asked:
            inner = f"{item.label} {item.number}".strip() if item.kind == "repetition" else where
            yield from _answered(item.children, inner)
