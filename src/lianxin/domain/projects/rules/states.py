"""The ways a project may go, and what each step asks for."""

from collections.abc import Mapping

NEXT: Mapping[str, frozenset[str]] = {
    "draft": frozenset({"approved", "cancelled"}),
    "approved": frozenset({"draft", "published", "cancelled"}),
    "published": frozenset({"running", "done", "cancelled"}),
    "running": frozenset({"done", "cancelled"}),
    "done": frozenset({"evaluated"}),
    "evaluated": frozenset(),
    "cancelled": frozenset(),
}
OPEN = frozenset({"draft", "approved", "published", "running"})
PUBLIC = frozenset({"published", "running", "done", "evaluated"})


def may_go(state: str, to: str) -> bool:
    """Tell whether a project in one state may go over into another."""
    return to in NEXT[state]
