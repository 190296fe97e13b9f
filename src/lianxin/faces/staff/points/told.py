"""One record of points on a page: its parts, and what happened to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from lianxin.domain.points.queries.timelines import timeline_of
from lianxin.faces.kit.timelines import Happening, happenings
from lianxin.faces.staff.people.keyset import KeysetTable
from lianxin.platform.actors import Actor
from lianxin.platform.audit import TimelineEntry

from .act_words import ACTS
from .words import FIELDS


@dataclass(frozen=True)
class Section:
    """A part of a record's page: sentences, a text, a table, something to copy."""

    title: Any
    lines: Sequence[Any] = ()
    text: str = ""
    table: KeysetTable | None = None
    empty: Any = ""
    copy: str = ""
    links: Sequence[tuple[str, Any]] = ()


def story(entries: Sequence[TimelineEntry]) -> list[Happening]:
    """Word a record's entries."""
    shown = [replace(entry, change=_in_words(entry.change)) for entry in entries]
    return happenings(list[Any](shown), titles=ACTS, labels=FIELDS)


def story_of(actor: Actor, kind: str, record: UUID) -> list[Happening]:
    """Give what happened to a record in words."""
    return story(timeline_of(actor=actor, kind=kind, record=record))


def _in_words(change: dict[str, Any]) -> dict[str, Any]:
    """Word what changed; what stayed as it was is left out."""
    return {
        name: [_word(name, one) for one in pair]
        for name, pair in change.items()
        if _is_pair(pair) and pair[0] != pair[1]
    }


def _is_pair(value: Any) -> bool:
    return isinstance(value, list) and len(value) == 2


def _word(name: str, value: Any) -> str:
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        return " – ".join(str(one) for one in value)
    return str(STATES.get(value, value)) if name in ("state", "kind") else str(value)


def _states() -> dict[str, Any]:
    from lianxin.domain.points import models

    kinds = (
        models.Claim.State,
        models.Notice.State,
        models.Notice.Kind,
        models.Objection.State,
        models.TakeOver.State,
        models.Book.State,
        models.Passbook.State,
    )
    return {value: label for kind in kinds for value, label in kind.choices}


STATES = _states()
