"""Schulze's method: of ordered ballots, the choice that beats every other along the strongest path.

M. Schulze, "A new monotonic, clone-independent, reversal symmetric, and Condorcet-consistent single-winner election
method", Social Choice and Welfare 36 (2011); strength is the number of those who prefer one to the other.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

Pair = tuple[str, str]


@dataclass(frozen=True)
class Ranking:
    """The order of the choices, equal ones side by side; who is preferred by how many, and how strong each path is."""

    order: tuple[tuple[str, ...], ...]
    preferred: Mapping[Pair, int]
    strongest: Mapping[Pair, int]

    @property
    def winners(self) -> tuple[str, ...]:
        """Give who stands first; more than one only in a tie."""
        return self.order[0] if self.order else ()


def rank(choices: Sequence[str], ballots: Sequence[tuple[Mapping[str, int], int]]) -> Ranking:
    """Order choices by (places, how many cast it): 1 is the best place, equal places are equal, none is the last.

    Raises ValueError for a ballot with a choice that there is not.
    """
    names = tuple(dict.fromkeys(choices))
    last = len(names) + max((place for places, _n in ballots for place in places.values()), default=0)
    preferred = {(a, b): 0 for a in names for b in names if a != b}
    for places, number in ballots:
        if unknown := set(places) - set(names):
            raise ValueError(f"{min(unknown)} is no choice of this vote.")
        for a, b in preferred:
            preferred[a, b] += number if places.get(a, last) < places.get(b, last) else 0
    strongest = {(a, b): n if n > preferred[b, a] else 0 for (a, b), n in preferred.items()}
    for through in names:
        for a in names:
            for b in names:
                if len({a, b, through}) == 3:
                    around = min(strongest[a, through], strongest[through, b])
                    strongest[a, b] = max(strongest[a, b], around)
    return Ranking(_ordered(names, strongest), preferred, strongest)


def _ordered(names: Sequence[str], strongest: Mapping[Pair, int]) -> tuple[tuple[str, ...], ...]:
    """Stand choices in tiers: nobody of a tier is beaten by one of it or of a later one."""
    left, order = list(names), []
    while left:
        tier = [a for a in left if all(strongest[a, b] >= strongest[b, a] for b in left if b != a)]
        order.append(tuple(tier))
        left = [a for a in left if a not in tier]
    return tuple(order)
