"""One matter as one story: what happened, in the order in which it did."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence of a chapter, with what it leads to and how it stands."""

    words: str
    kind: str
    record: UUID | None = None
    state: str = ""
    tone: str = ""
    more: str = ""
    # By when it is due; once it ended, the day of it.
    on: date | None = None
    is_due: bool = False


@dataclass(frozen=True, slots=True)
class Chapter:
    """One thing that happened: its time, its title, how it stands, and its lines."""

    kind: str
    at: datetime
    title: str
    record: UUID | None = None
    number: int = 0
    state: str = ""
    tone: str = ""
    words: str = ""
    lines: Sequence[Line] = field(default_factory=tuple)


ORDER = {"case": 0, "opened": 1, "party": 2, "promise": 3, "meeting": 4, "vote": 5, "ended": 6}


def in_order(chapters: Iterable[Chapter]) -> list[Chapter]:
    """Give the chapters as they happened; of what happened at once, meetings in their order and the end last."""
    return sorted(chapters, key=lambda one: (one.at, ORDER.get(one.kind, 3), one.number))


def side_in_public(*, kind: str, kind_label: str, name: str, is_organisation: bool) -> str:
    """Name a side for everybody: an organisation or office by its name, people only by what kind of side they are."""
    if is_organisation or kind in ("owners", "property", "committee", "builder", "street", "office"):
        return name
    return kind_label


def owner_in_public(*, owner: str, sides: Iterable[str], side: str) -> str:
    """Name who promised for everybody: the side, or an owner who is a side by name; a person is not named."""
    if side:
        return side
    return owner if owner in set(sides) else ""
