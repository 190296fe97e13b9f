"""Small problems that a test can look through by hand."""

from typing import Any

from lianxin.engines.matching.model.problem import Problem
from lianxin.engines.matching.reading import problem_from

STEP = 0.01  # about 1.1 km


def content(kind: str = "weekly", **lists: Any) -> dict[str, Any]:
    """Give a file's content: three communities in a row, two slots, one category, and what the test adds."""
    return {
        "format": "lianxin-matching",
        "version": 1,
        "kind": kind,
        "categories": [{"id": "D01", "session_size": 4, "minimum": 2}, {"id": "C04", "session_size": 4, "minimum": 2}],
        "communities": [{"id": f"c{n}", "lng": 116.7 + n * STEP, "lat": 23.37, "area": "north"} for n in range(3)],
        "slots": [{"id": "sat1", "week": 1, "part": "sat"}, {"id": "sun1", "week": 1, "part": "sun"}],
        "needs": [],
        "offers": [],
    } | lists


def need(name: str, community: str = "c0", **more: Any) -> dict[str, Any]:
    """Give a need."""
    return {"id": name, "community": community, "category": "D01"} | more


def offer(name: str, place: int = 0, **more: Any) -> dict[str, Any]:
    """Give an offer at home in a community."""
    home = {"lng": 116.7 + place * STEP, "lat": 23.37}
    return {"id": name, "categories": {"D01": 3}, "capacity": 1, "needs_venue": False} | home | more


def room(name: str, community: str = "c0", seats: int = 10, **free: int) -> dict[str, Any]:
    """Give a venue that is free in some slots."""
    return {"id": name, "community": community, "seats": seats, "free": free or {"sat1": 1, "sun1": 1}}


def problem(kind: str = "weekly", **lists: Any) -> Problem:
    """Read such content."""
    return problem_from(content(kind, **lists))


class Clock:
    """A clock that goes on by a step each time it is read, so that tests do not depend on the machine."""

    def __init__(self, step: float = 0.001) -> None:
        self.now, self.step = 0.0, step

    def __call__(self) -> float:
        self.now += self.step
        return self.now
