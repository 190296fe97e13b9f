"""Minimum cost flow over arrays of arcs: OR-Tools where it is installed, otherwise the linear program in HiGHS."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from lianxin.engines.matching.tables import Array

FAR = 1 << 40


@dataclass(frozen=True)
class Arcs:
    """Parallel arrays of whole numbers; nodes are numbered from 0."""

    tail: Array
    head: Array
    capacity: Array
    cost: Array


def cheapest_flow(arcs: Arcs, supply: Array, *, solver: str = "") -> tuple[Array, str]:
    """Send all supply at least cost; the flow on each arc, and the name of the solver."""
    if solver != "highs":
        try:
            from ortools.graph.python.min_cost_flow import SimpleMinCostFlow
        except ImportError:
            pass
        else:
            return _by_network(arcs, supply, SimpleMinCostFlow()), "ortools min-cost flow"
    return _by_program(arcs, supply), "highs linear program"


def prices(arcs: Arcs, flow: Array, *, nodes: int, least: bool = False, layers: Sequence[int] = ()) -> Array:
    """Give each node's price: the way from it to the last node, the sink, in what the flow leaves open, taken negative.

    Whatever arc could still take more then has cost + price(tail) - price(head) >= 0, which proves the flow cheapest.
    Of all prices that do, these are the ones at which a seat is worth what it would be missed for; with `least` they
    are the ways from the sink, at which it is worth what one more would bring. `layers` cut the nodes into stretches
    that are looked at one after the other, the last first: ways from later to earlier nodes are found sooner then.
    """
    import numpy as np

    more, less = flow < arcs.capacity, flow > 0
    tail = np.concatenate([arcs.tail[more], arcs.head[less]])
    head = np.concatenate([arcs.head[more], arcs.tail[less]])
    cost = np.concatenate([arcs.cost[more], -arcs.cost[less]])
    if least:
        tail, head = head, tail
    order = np.argsort(tail, kind="stable")
    tail, head, cost = tail[order], head[order], cost[order]
    way = np.full(nodes, FAR, dtype=np.int64)
    way[-1] = 0
    cuts = np.searchsorted(tail, [0, *layers, nodes]).tolist()
    stretches = []
    for first, last in reversed(list(pairwise(cuts))):
        if last > first:
            starts = np.flatnonzero(np.r_[True, tail[first + 1 : last] != tail[first : last - 1]])
            stretches.append((tail[first:last][starts], head[first:last], cost[first:last], starts))
    for _ in range(nodes + 1):
        is_settled = True
        for leaving, heads, costs, starts in stretches:
            better = np.minimum(way[leaving], np.minimum.reduceat(way[heads] + costs, starts))
            if (better != way[leaving]).any():
                is_settled = False
                way[leaving] = better
        if is_settled:
            return way if least else -way
    raise AssertionError("a flow that was called cheapest has a cycle that pays")


def _by_network(arcs: Arcs, supply: Array, network: object) -> Array:
    import numpy as np

    network.add_arcs_with_capacity_and_unit_cost(arcs.tail, arcs.head, arcs.capacity, arcs.cost)  # type: ignore[attr-defined]
    network.set_nodes_supplies(np.arange(len(supply)), supply)  # type: ignore[attr-defined]
    status = network.solve()  # type: ignore[attr-defined]
    if status != network.OPTIMAL:  # type: ignore[attr-defined]
        raise AssertionError(f"the flow ended with {status}")
    return np.asarray(network.flows(np.arange(len(arcs.tail))))  # type: ignore[attr-defined]


def _by_program(arcs: Arcs, supply: Array) -> Array:
    import numpy as np
    from scipy.optimize import linprog
    from scipy.sparse import csr_array

    count = len(arcs.tail)
    every = np.arange(count)
    balance = csr_array(
        (np.r_[np.ones(count), -np.ones(count)], (np.r_[arcs.tail, arcs.head], np.r_[every, every])),
        shape=(len(supply), count),
    )
    # The simplex ends in a corner, and every corner of a network is whole.
    found = linprog(
        arcs.cost, A_eq=balance, b_eq=supply, bounds=np.c_[np.zeros(count), arcs.capacity], method="highs-ds"
    )
    if found.x is None:
        raise AssertionError(f"the linear program ended with {found.message}")
    return np.rint(found.x).astype(np.int64)
