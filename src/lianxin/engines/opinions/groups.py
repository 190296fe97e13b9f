"""Finding the groups of an opinion map.

Votes become a table with nothing where nobody voted; each statement is centred on its mean, so that a gap says nothing.
The main directions of the table (principal components) place each voter, drawn outward for those who voted on few
statements. Voters near each other make a group (k-means from fixed starts), and each voter then moves to the group
whose votes theirs resemble most, by the groups' shares of agree, pass and disagree, until nobody moves: few votes are
so used whole, which matters when people see twenty of two hundred statements. Nothing depends on the order of votes.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lianxin.engines.opinions.votes import Sheet

SEED = 20240519
STARTS = 24
ROUNDS = 60
MOST_GROUPS = 12
# Groups are looked for among those who voted on so many statements; the others join the nearest.
ENOUGH_VOTES = 7
# How many groups are tried when the number is not given, and how large each must then be.
TRIED = (2, 3, 4, 5)
SMALLEST = 3
# One more group must lie apart clearer by so much.
WORTH = 0.02


class TooFew(ValueError):
    """There are fewer voters than groups."""


@dataclass(frozen=True, slots=True)
class Map:
    """The group of each voter ("1" is the largest) and where each stands in two dimensions."""

    groups: Mapping[str, str]
    places: Mapping[str, tuple[float, float]]
    # How clearly the groups lie apart, 0 to 1.
    clearness: float


def find_groups(sheet: Sheet, *, groups: int | None = None) -> Map:
    """Group voters into so many groups, or into as many of one to five as lie apart clearly; raises TooFew."""
    if groups is not None and not 1 <= groups <= MOST_GROUPS:
        raise ValueError(f"{groups} groups cannot be looked for: 1 to {MOST_GROUPS} can.")
    if len(sheet.voters) < (groups or 1):
        raise TooFew(f"{len(sheet.voters)} voters cannot make {groups or 1} groups.")
    table = _Table(sheet)
    if groups is not None:
        found, clearness = table.grouped(groups)
    else:
        found, clearness = table.clearest()
    places = {
        voter: (float(x), float(y)) for voter, (x, y) in zip(sheet.voters, table.directions(2).tolist(), strict=True)
    }
    return Map(dict(zip(sheet.voters, _named(found), strict=True)), places, clearness)


def _named(found: Any) -> list[str]:
    """Name groups by size, the largest first; of equal ones that of the first voter."""
    members = found.tolist()
    first: dict[int, int] = {}
    for number, group in enumerate(members):
        first.setdefault(group, number)
    order = sorted(first, key=lambda group: (-members.count(group), first[group]))
    names = {group: str(place) for place, group in enumerate(order, 1)}
    return [names[group] for group in members]


class _Table:
    """The votes as a matrix, and what is worked out from it."""

    def __init__(self, sheet: Sheet) -> None:
        import numpy as np

        self.np = np
        rows = {voter: number for number, voter in enumerate(sheet.voters)}
        columns = {statement: number for number, statement in enumerate(sheet.statements)}
        self.values = np.zeros((len(rows), len(columns)))
        self.seen = np.zeros((len(rows), len(columns)), dtype=bool)
        for (voter, statement), value in sheet.votes.items():
            at = rows[voter], columns[statement]
            self.values[at], self.seen[at] = value, True
        means = self.values.sum(axis=0) / np.maximum(self.seen.sum(axis=0), 1)
        self.centred = np.where(self.seen, self.values - means, 0.0)
        self.votes = self.seen.sum(axis=1)
        enough = self.votes >= min(ENOUGH_VOTES, len(columns))
        self.firm = enough if enough.any() else np.ones(len(rows), dtype=bool)
        self.distinct = len(np.unique(self.values[self.firm] + 2 * self.seen[self.firm], axis=0))
        self._axes = self._main_axes()

    def _main_axes(self) -> Any:
        """Give the main directions, one a column, the widest first; their signs are settled."""
        np = self.np
        firm = self.centred[self.firm]
        wanted = min(MOST_GROUPS, firm.shape[1])
        spread = firm.T @ firm
        if firm.shape[1] <= 400:
            axes = np.linalg.eigh(spread)[1][:, ::-1][:, :wanted]
        else:
            from scipy.sparse.linalg import eigsh

            start = np.random.default_rng(SEED).standard_normal(firm.shape[1])
            sizes, vectors = eigsh(spread, k=wanted, v0=start)
            axes = vectors[:, np.argsort(-sizes, kind="stable")]
        largest = np.argmax(np.abs(axes) > np.abs(axes).max(axis=0) - 1e-9, axis=0)
        return axes * np.where(axes[largest, np.arange(axes.shape[1])] < 0, -1.0, 1.0)

    def directions(self, number: int) -> Any:
        """Give where each voter stands along the main directions."""
        np = self.np
        found = self.centred @ self._axes[:, :number]
        found *= np.sqrt(self.centred.shape[1] / np.maximum(self.votes, 1))[:, None]
        missing = number - found.shape[1]
        return np.pad(found, ((0, 0), (0, missing))) if missing > 0 else found

    def grouped(self, number: int) -> tuple[Any, float]:
        """Give the group of each voter, and how clearly the groups lie apart."""
        np = self.np
        places = self.directions(max(2, number - 1))
        if number == 1:
            return np.zeros(len(places), dtype=int), 0.0
        centres = self._near_each_other(places[self.firm], number)
        found = self._settled(_distances(np, places, centres).argmin(axis=1), number)
        return found, self._clearness(places, found, number)

    def clearest(self) -> tuple[Any, float]:
        """Give the fewest groups that lie apart clearly; one group where none do."""
        best = self.grouped(1)
        for number in TRIED:
            if number > self.distinct:
                break
            found, clearness = self.grouped(number)
            if min(self.np.bincount(found, minlength=number)) >= SMALLEST and clearness > best[1] + WORTH:
                best = found, clearness
        return best

    def _near_each_other(self, places: Any, number: int) -> Any:
        """Give the centres of groups of near places: the best of some starts."""
        np = self.np
        chance = np.random.default_rng(SEED)
        best, least = None, float("inf")
        for _start in range(STARTS):
            centres = self._spread_start(places, number, chance)
            for _round in range(ROUNDS):
                nearest = _distances(np, places, centres).argmin(axis=1)
                moved = np.array(
                    [
                        places[nearest == one].mean(axis=0) if (nearest == one).any() else centres[one]
                        for one in range(number)
                    ]
                )
                if np.array_equal(moved, centres):
                    break
                centres = moved
            away = float(_distances(np, places, centres).min(axis=1).sum())
            if away < least * (1 - 1e-12):
                best, least = centres, away
        return best

    def _spread_start(self, places: Any, number: int, chance: Any) -> Any:
        """Choose first centres far from each other (k-means++)."""
        np = self.np
        centres = places[[int(chance.integers(len(places)))]]
        while len(centres) < number:
            away = _distances(np, places, centres).min(axis=1)
            whole = float(away.sum())
            chosen = int(np.searchsorted(np.cumsum(away), chance.random() * whole)) if whole > 0 else 0
            centres = np.vstack([centres, places[min(chosen, len(places) - 1)]])
        return centres

    def _settled(self, found: Any, number: int) -> Any:
        """Let voters move to the group whose votes theirs resemble most until nobody moves; no group dies out."""
        np = self.np
        kinds = [(self.seen & (self.values == value)).astype(float) for value in (1, 0, -1)]
        for _round in range(ROUNDS):
            member = np.eye(number)[found]
            counts = [member.T @ kind for kind in kinds]
            seen = sum(counts)
            # Two votes spread as everybody's are go before a group's own, so that one voter does not decide a share.
            overall = [kind.sum(axis=0) + 1.0 for kind in kinds]
            total = sum(overall)
            likely = sum(
                kind @ np.log((count + 2.0 * share / total) / (seen + 2.0)).T
                for kind, count, share in zip(kinds, counts, overall, strict=True)
            )
            moved = likely.argmax(axis=1)
            if len(np.unique(moved)) < number or np.array_equal(moved, found):
                return found
            found = moved
        return found

    def _clearness(self, places: Any, found: Any, number: int) -> float:
        """Give the mean of how much nearer voters are to their own centre than to the next (simplified silhouette)."""
        np = self.np
        if len(np.unique(found)) < number:
            return 0.0
        centres = np.array([places[found == one].mean(axis=0) for one in range(number)])
        away = np.sqrt(_distances(np, places, centres))
        own = away[np.arange(len(places)), found]
        away[np.arange(len(places)), found] = np.inf
        other = away.min(axis=1)
        return float(((other - own) / np.maximum(np.maximum(own, other), 1e-12)).mean())


def _distances(np: Any, places: Any, centres: Any) -> Any:
    """Give the squared distance of each place to each centre."""
    return np.stack([((places - centre) ** 2).sum(axis=1) for centre in centres], axis=1)
