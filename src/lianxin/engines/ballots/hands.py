"""A show of hands: numbers for and against, counted against those present and a quorum."""

from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class Hands:
    """The count; `carried` needs a quorum, and more than the part asked for of the hands for and against."""

    enough: bool
    carried: bool
    silent: int


def count_hands(
    *, present: int, quorum: int, agree: int, against: int, abstain: int = 0, part: Fraction = Fraction(1, 2)
) -> Hands:
    """Count hands; raises ValueError when more hands are up than people are present."""
    if min(present, quorum, agree, against, abstain) < 0:
        raise ValueError("A number of people cannot be below 0.")
    raised = agree + against + abstain
    if raised > present:
        raise ValueError(f"{raised} hands were counted, and {present} people are present: count again.")
    enough = present >= quorum
    cast = agree + against
    return Hands(enough, enough and cast > 0 and Fraction(agree, cast) > part, present - raised)
