"""The greedy plan: always the occurrence that adds most, from a lazy heap; there in a fraction of a second."""

import heapq
from collections.abc import Iterable

from lianxin.engines.matching.plan_model import MonthModel
from lianxin.engines.matching.plan_state import Draft, Growing


def greedy(model: MonthModel, *, first: Iterable[int] = (), made_by: str = "greedy") -> Draft:
    """Add the occurrences of `first` in their order where they fit and pay, then always the best one."""
    growing = Growing(model)
    for candidate in first:
        if growing.fits(candidate) and growing.worth(candidate) > 0:
            growing.put(candidate, growing.fill(candidate))
    complete(growing)
    return growing.done(made_by)


def complete(growing: Growing) -> None:
    """Add the best occurrence until none pays; what one is worth only falls, so a stale entry is looked at again."""
    heap = []
    for candidate in range(growing.model.free):
        if growing.fits(candidate):
            worth = growing.worth(candidate)
            if worth > 0:
                heap.append((-worth, candidate))
    heapq.heapify(heap)
    while heap:
        stale, candidate = heap[0]
        if not growing.fits(candidate):
            heapq.heappop(heap)
            continue
        worth = growing.worth(candidate)
        if worth <= 0:
            heapq.heappop(heap)
        elif worth < -stale - 1e-12:
            heapq.heapreplace(heap, (-worth, candidate))
        else:
            growing.put(candidate, growing.fill(candidate))
