"""The audit's entries of one record, in the words a timeline shows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID


class Entry(Protocol):
    """What we read of an entry (`platform.audit.TimelineEntry`)."""

    @property
    def at(self) -> datetime: ...

    @property
    def action(self) -> str: ...

    @property
    def verb(self) -> str: ...

    @property
    def actor_name(self) -> str: ...

    @property
    def via(self) -> str: ...

    @property
    def on_behalf_of(self) -> UUID | None: ...

    @property
    def reason(self) -> str: ...

    @property
    def change(self) -> dict: ...


@dataclass(frozen=True)
class Happening:
    """One line of a timeline: what, when, who, for whom, by which way in, why, and what changed."""

    at: datetime
    title: Any
    who: str
    on_behalf_of: str = ""
    via: str = ""
    reason: str = ""
    changes: tuple[tuple[Any, Any, Any], ...] = ()


def happenings(
    entries: Iterable[Entry],
    *,
    titles: Mapping[str, Any],
    labels: Mapping[str, Any] | None = None,
    names: Mapping[UUID, str] | None = None,
) -> list[Happening]:
    """Word entries: `titles` by action (or by "action/verb"), `labels` by changed field, `names` of those acted for."""
    return [
        Happening(
            at=entry.at,
            title=titles.get(f"{entry.action}/{entry.verb}") or titles.get(entry.action) or entry.action,
            who=entry.actor_name,
            on_behalf_of=(names or {}).get(entry.on_behalf_of, "…") if entry.on_behalf_of else "",
            via=entry.via,
            reason=entry.reason,
            changes=changes_of(entry.change, labels=labels or {}),
        )
        for entry in entries
    ]


def changes_of(change: Mapping[str, Any], *, labels: Mapping[str, Any]) -> tuple[tuple[Any, Any, Any], ...]:
    """Read `{"field": [old, new]}`; what has another shape is a note for programs and is not drawn."""
    return tuple(
        (labels.get(name, name), *pair)
        for name, pair in change.items()
        if isinstance(pair, list | tuple) and len(pair) == 2
    )
