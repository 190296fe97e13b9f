"""Adds up the CPU and the clock time of a run's steps; both clocks are given from outside."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

Clock = Callable[[], float]
LEAST_TO_COMPARE = 0.2
MOST_WAITING = 8.0


@dataclass
class Stopwatch:
    """What each step used, and how much of the budget is left; the budget is in seconds of CPU."""

    cpu: Clock
    wall: Clock | None = None
    budget: float = float("inf")
    started: float = field(init=False)
    wall_started: float = field(init=False)
    steps: list[tuple[str, float]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.started = self.cpu()
        self.wall_started = self.wall() if self.wall else 0.0

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Measure one step."""
        began = self.cpu()
        try:
            yield
        finally:
            self.steps.append((name, self.cpu() - began))

    @property
    def used(self) -> float:
        """Give the CPU seconds since the start."""
        return self.cpu() - self.started

    @property
    def left(self) -> float:
        """Give what is left of the budget, at least 0."""
        return max(0.0, self.budget - self.used)

    def wall_of(self, seconds: float) -> float:
        """Turn CPU seconds into clock seconds as this machine has given them so far; solvers look at the clock only.

        Without a clock the machine may be as busy as any.
        """
        if self.wall is None:
            return seconds * MOST_WAITING
        used = self.used
        if used < LEAST_TO_COMPARE:
            return seconds
        return seconds * min(MOST_WAITING, max(1.0, (self.wall() - self.wall_started) / used))
