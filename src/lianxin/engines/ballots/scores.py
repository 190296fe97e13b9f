"""Scores: everybody gives each choice points; the highest median decides, the mean only between equal medians."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class Scored:
    """One choice with its scores; who gave it none is not counted for it."""

    choice: str
    median: Fraction
    mean: Fraction
    given: int


def score(choices: Sequence[str], ballots: Sequence[Mapping[str, int]], *, most: int) -> list[Scored]:
    """Order choices by median, then mean, then how many scored them; raises ValueError outside 0 to `most`."""
    points: dict[str, list[int]] = {choice: [] for choice in choices}
    for ballot in ballots:
        for choice, given in ballot.items():
            if choice not in points:
                raise ValueError(f"{choice} is no choice of this vote.")
            if not 0 <= given <= most:
                raise ValueError(f"{given} points cannot be given: 0 to {most} can.")
            points[choice].append(given)
    found = [Scored(choice, _median(given), _mean(given), len(given)) for choice, given in points.items()]
    return sorted(found, key=lambda one: (-one.median, -one.mean, -one.given, choices.index(one.choice)))


def _median(given: Sequence[int]) -> Fraction:
    """Give the middle score; of two middle ones the lower, so that nobody's points are invented."""
    return Fraction(sorted(given)[(len(given) - 1) // 2]) if given else Fraction(0)


def _mean(given: Sequence[int]) -> Fraction:
    return Fraction(sum(given), len(given)) if given else Fraction(0)
