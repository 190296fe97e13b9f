"""What a community's rules say to its shop."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Terms:
    """Days until a reservation ends, points above which a second check is needed, points for a till without network."""

    reserve_days: int
    identity_check_above: int
    offline_points: int


# Points of a book without rules in force (taken over from paper, or between two versions) can still be spent.
WITHOUT_RULES = Terms(reserve_days=3, identity_check_above=50, offline_points=0)
