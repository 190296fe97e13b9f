"""The life of a programme, and what membership on a day means."""

from datetime import date

PREPARING = "preparing"
RUNNING = "running"
ENDED = "ended"

TRANSITIONS: dict[str, frozenset[str]] = {
    PREPARING: frozenset({RUNNING, ENDED}),
    RUNNING: frozenset({ENDED}),
    ENDED: frozenset(),
}


def may_move(state: str, to: str) -> bool:
    """Tell whether a programme may go from one state to another."""
    return to in TRANSITIONS[state]


def is_member_on(joined_on: date, left_on: date | None, on: date) -> bool:
    """Tell whether a community belongs to a batch on a day: the day it left is no longer part."""
    return joined_on <= on and (left_on is None or on < left_on)


def overlaps(joined_on: date, left_on: date | None, other_joined_on: date, other_left_on: date | None) -> bool:
    """Tell whether two half-open memberships share a day."""
    return (other_left_on is None or joined_on < other_left_on) and (left_on is None or other_joined_on < left_on)
