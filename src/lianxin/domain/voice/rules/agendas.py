"""What stands on the next agenda: every open commitment exactly once, and each point that was left over."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Called:
    """A meeting that is called and was not held yet."""

    meeting: UUID
    starts_at: datetime
    number: int


@dataclass(frozen=True, slots=True)
class Returning:
    """A commitment's point on the agenda of a called meeting."""

    item: UUID
    meeting: UUID
    commitment: UUID


@dataclass(frozen=True, slots=True)
class Moves:
    """What must be taken off which agenda, and what must come onto that of the next meeting."""

    off: tuple[UUID, ...] = ()
    on: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True)
class Point:
    """A point of any agenda of a matter that is no commitment; `order` is that in which points were written."""

    title: str
    words: str
    state: str
    starts_at: datetime
    number: int
    order: int


def next_called(meetings: Iterable[Called]) -> UUID | None:
    """Give the called meeting that comes first; None where none is called."""
    first = min(meetings, key=lambda one: (one.starts_at, one.number), default=None)
    return first.meeting if first else None


def return_commitments(
    *, meetings: Sequence[Called], points: Iterable[Returning], open_ones: Sequence[UUID]
) -> tuple[UUID | None, Moves]:
    """Give the next called meeting and what brings each open commitment onto its agenda once, and onto no other."""
    there = next_called(meetings)
    wanted, seen, off = set(open_ones), set(), []
    for point in points:
        if point.meeting == there and point.commitment in wanted and point.commitment not in seen:
            seen.add(point.commitment)
        else:
            off.append(point.item)
    on = [one for one in open_ones if one not in seen] if there else []
    return there, Moves(off=tuple(off), on=tuple(on))


def left_over(points: Sequence[Point]) -> list[Point]:
    """Give the points that were put off and stand nowhere since, one for each title, in the order of writing."""
    waiting: dict[str, Point] = {}
    for point in sorted(points, key=lambda one: one.order):
        if point.state == "moved" and not any(_takes_up(other, point) for other in points):
            waiting[point.title] = point
    return list(waiting.values())


def _takes_up(other: Point, point: Point) -> bool:
    if other.title != point.title or other.state == "moved":
        return False
    return other.order > point.order or (other.starts_at, other.number) > (point.starts_at, point.number)
