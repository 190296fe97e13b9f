"""The week's flow: community -> need -> offer -> sink, the unserved in tiers that cost more the fewer are served."""

from dataclasses import dataclass

from lianxin.engines.matching.fairness import tier_bonuses, tier_widths
from lianxin.engines.matching.network import Arcs, cheapest_flow, prices
from lianxin.engines.matching.pairs import SCALE, Pairs
from lianxin.engines.matching.tables import Array, Tables

# Only pairs within so many thousandths of a point of a need's best matter for the bound without fairness; whatever is
# left out is priced afterwards, so that the bound is one all the same, and what pays is taken in for another round.
# Taking in what nearly pays too spares a round.
NEAR_ENOUGH, NEAR_WHAT_PAYS = 20, 60
ROUNDS = 4
CLOSE_ENOUGH = 4e-4


@dataclass(frozen=True)
class Assignment:
    """How many people each pair serves, and what a seat of each offer would be missed for."""

    people: Array
    seat_price: Array
    solver: str
    arcs: Arcs
    flow: Array

    def least_seat_price(self, tables: Tables) -> Array:
        """Give what one more seat of each offer would bring."""
        price = prices(self.arcs, self.flow, nodes=int(self.arcs.head[-1]) + 1, least=True, layers=_layers(tables))
        return price[-1] - price[-1 - len(tables.offers) : -1]


def assign(
    tables: Tables, pairs: Pairs, *, people: Array, seats: Array, reachable: Array, fixed: Array, fair: bool = True
) -> Assignment:
    """Serve people at the greatest value; `fixed` are those of each community whom locks serve already."""
    arcs, supply, first = _network(tables, pairs, people, seats, reachable, fixed, fair)
    flow, solver = cheapest_flow(arcs, supply)
    price = prices(arcs, flow, nodes=len(supply), layers=_layers(tables))
    return Assignment(
        people=flow[first : first + len(pairs)],
        seat_price=price[-1] - price[-1 - len(seats) : -1],
        solver=solver,
        arcs=arcs,
        flow=flow,
    )


def bound_without_fairness(tables: Tables, pairs: Pairs, *, people: Array, seats: Array, near: Assignment) -> int:
    """Give a proven upper bound of the value if no community counted more than another, nearly always its optimum.

    Prices of seats prove it: no plan can be worth more than all seats at their prices and, for every person, the best
    that a pair leaves over its seat's price.
    """
    import numpy as np

    nothing = np.zeros(len(tables.communities), dtype=np.int64)
    left = pairs.value - np.maximum(0, near.seat_price)[pairs.offer]
    chosen = (near.people > 0) | (_best(pairs, left, size=len(people))[pairs.need] - left <= NEAR_ENOUGH)
    bound = 0
    for round_ in range(ROUNDS):
        few = Pairs(pairs.need[chosen], pairs.offer[chosen], pairs.value[chosen])
        plain = assign(tables, few, people=people, seats=seats, reachable=nothing, fixed=nothing, fair=False)
        price = np.maximum(0, plain.seat_price)
        left = pairs.value - price[pairs.offer]
        best = np.maximum(0, _best(pairs, left, size=len(people)))
        proven = int((price * seats).sum() + (best * people).sum())
        bound = min(bound, proven) if round_ else proven
        if bound - int((plain.people * few.value).sum()) <= bound * CLOSE_ENOUGH:
            break
        known = np.maximum(0, _best(few, few.value - price[few.offer], size=len(people)))
        chosen |= left > known[pairs.need] - NEAR_WHAT_PAYS
    return bound


def _layers(tables: Tables) -> tuple[int, int]:
    return len(tables.communities), len(tables.communities) + len(tables.needs)


def _best(pairs: Pairs, left: Array, *, size: int) -> Array:
    """Give for each need the most that one of its pairs leaves over the price of the seat."""
    import numpy as np

    found = np.zeros(size, dtype=np.int64)
    if len(pairs):
        starts = np.flatnonzero(np.r_[True, pairs.need[1:] != pairs.need[:-1]])
        found[pairs.need[starts]] = np.maximum.reduceat(left, starts)
    return found


def _network(
    tables: Tables, pairs: Pairs, people: Array, seats: Array, reachable: Array, fixed: Array, fair: bool
) -> tuple[Arcs, Array, int]:
    import numpy as np

    communities, needs, offers = len(tables.communities), len(tables.needs), len(seats)
    sink = communities + needs + offers
    asked = np.bincount(tables.need_community, weights=people, minlength=communities).astype(np.int64)
    places, every_offer = np.arange(communities), np.arange(offers)
    tails = [tables.need_community, communities + pairs.need, communities + needs + every_offer]
    heads = [communities + np.arange(needs), communities + needs + pairs.offer, np.full(offers, sink)]
    capacities = [people, people[pairs.need], seats]
    costs = [np.zeros(needs), -pairs.value, np.zeros(offers)]
    left = asked.copy()
    if fair:
        tiers = tables.parameters.fairness_tiers
        widths = tier_widths(reachable, tiers=tiers)
        bonuses = tier_bonuses(round(SCALE * tables.parameters.fairness_bonus), tiers=tiers)
        # Locks fill the first tiers; what is left of each tier may stay unserved for its bonus.
        before = np.cumsum(widths, axis=1) - widths
        open_widths = widths - np.clip(fixed[:, None] - before, 0, widths)
        for tier in range(tiers):
            width = np.minimum(left, open_widths[:, tier])
            left = left - width
            tails.append(places)
            heads.append(np.full(communities, sink))
            capacities.append(width)
            costs.append(np.full(communities, bonuses[tier]))
    tails.append(places)
    heads.append(np.full(communities, sink))
    capacities.append(left)
    costs.append(np.zeros(communities))
    arcs = Arcs(*(np.concatenate(part).astype(np.int64) for part in (tails, heads, capacities, costs)))
    supply = np.zeros(sink + 1, dtype=np.int64)
    supply[:communities], supply[sink] = asked, -asked.sum()
    return arcs, supply, needs
