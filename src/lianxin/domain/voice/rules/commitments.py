"""How a commitment stands: its light, what can be done with it, and on which days it may be promised."""

from __future__ import annotations

from datetime import date, timedelta

OPEN, SHOWN, KEPT, BROKEN, RELEASED = "open", "shown", "kept", "broken", "released"
LIVE = frozenset({OPEN, SHOWN})
ENDED = frozenset({KEPT, BROKEN, RELEASED})
FARTHEST = timedelta(days=5 * 366)
ACTS: dict[str, frozenset[str]] = {
    "show": LIVE,
    "verify": frozenset({SHOWN}),
    "move": LIVE,
    "release": LIVE,
    "break": LIVE,
}


def may(act: str, state: str) -> bool:
    """Tell whether something can be done with a commitment in this state."""
    return state in ACTS[act]


def acts_for(state: str) -> tuple[str, ...]:
    """Give what can be done with a commitment in this state, in the usual order."""
    return tuple(act for act, states in ACTS.items() if state in states)


def light(*, promised_on: date, due_by: date, on: date) -> str:
    """Give "blue" while there is time, "yellow" in the last quarter and on the last day, "red" when it is late."""
    if on > due_by:
        return "red"
    days = (due_by - promised_on).days
    return "yellow" if (due_by - on).days * 4 < days or on == due_by else "blue"


def why_not_by(due_by: date, *, on: date) -> str:
    """Tell why a day cannot be promised: "past", "far", or nothing."""
    if due_by < on:
        return "past"
    return "far" if due_by > on + FARTHEST else ""
