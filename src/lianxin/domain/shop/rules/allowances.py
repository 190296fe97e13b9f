"""How a household's points are shared among tills without network, so that together they never exceed what is free."""

from collections.abc import Mapping, Sequence
from uuid import UUID


def share(
    *, free: Mapping[UUID, int], most: int, tills: Sequence[tuple[UUID, frozenset[UUID] | None]]
) -> dict[tuple[UUID, UUID], int]:
    """Give (till, household) to points; `tills` says which households come to which (None: all).

    A household has the smaller of its free points and the rules' most, in equal parts at the tills it may come to;
    what does not divide goes to the first of them.
    """
    shares: dict[tuple[UUID, UUID], int] = {}
    for household, points in free.items():
        there = [till for till, homes in tills if homes is None or household in homes]
        whole = min(points, most)
        if not there or whole <= 0:
            continue
        each, rest = divmod(whole, len(there))
        for place, till in enumerate(there):
            part = each + (1 if place < rest else 0)
            if part:
                shares[till, household] = part
    return shares
