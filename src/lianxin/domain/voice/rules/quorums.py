"""Who counts as there, when, and whether a meeting could decide."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

COUNTED = frozenset({"chair", "speaker", "member"})


@dataclass(frozen=True, slots=True)
class Stay:
    """When somebody came and left; who only listens or writes the minutes does not count."""

    role: str
    came_at: datetime | None
    left_at: datetime | None = None


def counted(stays: Iterable[Stay]) -> int:
    """Count who came at all and counts."""
    return sum(1 for one in stays if one.role in COUNTED and one.came_at is not None)


def present_at(stays: Iterable[Stay], moment: datetime) -> int:
    """Count who counts and was there at a moment; who leaves at that moment is gone."""
    return sum(
        1
        for one in stays
        if one.role in COUNTED
        and one.came_at is not None
        and one.came_at <= moment
        and (one.left_at is None or moment < one.left_at)
    )


def is_short(quorum: int | None, present: int) -> bool:
    """Tell whether too few are there to decide; without a quorum whoever comes decides."""
    return quorum is not None and present < quorum


def too_few_at(quorum: int | None, stays: Sequence[Stay], moments: Iterable[datetime]) -> list[datetime]:
    """Give the moments of decisions at which too few were there."""
    return [moment for moment in moments if is_short(quorum, present_at(stays, moment))]
