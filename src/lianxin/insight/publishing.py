"""What may be told to everybody: counts of people so small that somebody could be known are kept back."""

from __future__ import annotations

from collections.abc import Sequence

# Fewer than this many people in a cell are not told.
LEAST = 5


def for_public(value: int, *, least: int = LEAST) -> int | None:
    """Give a count that may be told; None where it is small but not nothing.

    Counts whose sum is told as well give each other away: `kept_back` says which of them have to go along.
    """
    return value if value == 0 or value >= least else None


def sum_for_public(total: int, *, parts: int, least: int = LEAST) -> int | None:
    """Give how many came to several acts together, to each of them somebody; None where it gives a small act away.

    Where fewer than five came to one of them, as many as four must stay possible for each.
    """
    return total if total == 0 or total >= max(least, parts + least - 2) else None


def parts_for_public(parts: Sequence[int], *, least: int = LEAST) -> list[int | None]:
    """Give how many came to each of several acts whose sum is told too: to all, or where one is small to none."""
    is_told = all(for_public(part, least=least) is not None for part in parts)
    return [part if is_told else None for part in parts]
