"""What may be told to everybody: counts of people so small that somebody could be known are kept back."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import TypeVar

K = TypeVar("K", bound=Hashable)

# Fewer than this many people in a cell are not told.
LEAST = 5


def for_public(value: int, *, least: int = LEAST) -> int | None:
    """Give a count that may be told; None where it is small but not nothing."""
    return value if value == 0 or value >= least else None


def cells_for_public(cells: Mapping[K, int], *, least: int = LEAST) -> dict[K, int | None]:
    """Give the cells of a table whose total is told too: where one alone is kept back, the next smallest is as well.

    Otherwise the one that is missing could be worked out from the total.
    """
    shown = {key: for_public(value, least=least) for key, value in cells.items()}
    hidden = [key for key, value in shown.items() if value is None]
    if len(hidden) == 1:
        others = sorted((value, str(key), key) for key, value in cells.items() if key not in hidden and value)
        if others:
            shown[others[0][2]] = None
    return shown
