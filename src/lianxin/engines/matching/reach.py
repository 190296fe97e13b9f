"""How many people of a community could be served if it had all offers to itself."""

from lianxin.engines.matching.network import Arcs, cheapest_flow
from lianxin.engines.matching.pairs import Pairs
from lianxin.engines.matching.tables import Array, Tables


def reachable_people(tables: Tables, pairs: Pairs, seats: Array) -> Array:
    """Count for each community the people that it could have served alone, exactly."""
    import numpy as np

    count = len(tables.communities)
    open_seats = np.bincount(pairs.need, weights=seats[pairs.offer], minlength=len(tables.needs)).astype(np.int64)
    found = np.bincount(tables.need_community, weights=np.minimum(tables.people, open_seats), minlength=count).astype(
        np.int64
    )
    for community in _doubtful(tables, open_seats):
        found[community] = _alone(tables, pairs, seats, community)
    return found


def _doubtful(tables: Tables, open_seats: Array) -> list[int]:
    """List the communities where seats might be asked for twice.

    When needs are taken by the seats open to them, fewest first, and each finds more seats open to it than people were
    served before, then nobody can be left over.
    """
    import numpy as np

    people = np.minimum(tables.people, open_seats)
    order = np.lexsort((open_seats, tables.need_community))
    community, running = tables.need_community[order], np.cumsum(people[order])
    starts = np.flatnonzero(np.r_[True, community[1:] != community[:-1]]) if len(community) else np.zeros(0, dtype=int)
    before = np.repeat(np.r_[0, running[starts[1:] - 1]] if len(starts) else [], np.diff(np.r_[starts, len(community)]))
    short = (running - before > open_seats[order]) & (people[order] > 0)
    return [int(c) for c in np.unique(community[short])]


def _alone(tables: Tables, pairs: Pairs, seats: Array, community: int) -> int:
    import numpy as np

    mine = np.flatnonzero(tables.need_community[pairs.need] == community)
    needs, need = np.unique(pairs.need[mine], return_inverse=True)
    offers, offer = np.unique(pairs.offer[mine], return_inverse=True)
    people = tables.people[needs]
    sink = len(needs) + len(offers)
    arcs = Arcs(
        tail=np.r_[need, len(needs) + np.arange(len(offers)), np.arange(len(needs))],
        head=np.r_[len(needs) + offer, np.full(len(offers), sink), np.full(len(needs), sink)],
        capacity=np.r_[people[need], seats[offers], people],
        cost=np.r_[np.zeros(len(need) + len(offers), dtype=np.int64), np.ones(len(needs), dtype=np.int64)],
    )
    flow, _ = cheapest_flow(arcs, np.r_[people, np.zeros(len(offers), dtype=np.int64), -people.sum()])
    return int(people.sum() - flow[-len(needs) :].sum())
