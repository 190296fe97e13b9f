"""Turns who is left into a list to recruit by: one more occurrence of this, then and there, serves so many.

Each line counts people who are left over by the plan and by the lines above it, so that all lines together are true
too: the plan stays as it is, and the new occurrence is held beside it.
"""

from collections import defaultdict
from collections.abc import Iterable

from lianxin.engines.matching.model.plan import Proposal, Recruit, Unserved
from lianxin.engines.matching.tables import Tables

Place = tuple[int, ...]


def recruitment(tables: Tables, proposals: tuple[Proposal, ...], left: tuple[Unserved, ...]) -> tuple[Recruit, ...]:
    """Give the best lines, each the best one after those before it."""
    import heapq

    listing = _Listing(tables, proposals, left)
    heap = [(-gain, listing.apart(key), key) for key in sorted(listing.ways) if (gain := listing.best(key)[0]) > 0]
    heapq.heapify(heap)
    lines: list[Recruit] = []
    while heap and len(lines) < tables.parameters.recruitment_lines:
        stale, _, key = heap[0]
        gain, coming = listing.best(key)
        if gain <= 0:
            heapq.heappop(heap)
        elif gain < -stale - 1e-12:
            heapq.heapreplace(heap, (-gain, listing.apart(key), key))
        else:
            lines.append(listing.take(key, gain, coming))
    return tuple(lines)


class _Listing:
    def __init__(self, tables: Tables, proposals: tuple[Proposal, ...], left: Iterable[Unserved]) -> None:
        self.tables = tables
        self.weekly = tables.problem.kind == "weekly"
        self.left: dict[int, int] = {}
        self.ways: dict[tuple[int, int, int], list[int]] = defaultdict(list)
        members: dict[str, list[int]] = defaultdict(list)
        for number, place in enumerate(tables.communities):
            members[place.area or place.id].append(number)
        self.area = [members[place.area or place.id] for place in tables.communities]
        self.rooms = self._rooms(proposals)
        parts = tables.need_parts.tolist()
        for item in left:
            if item.reason == "held_back":
                continue
            row = tables.at["needs"][item.need]
            self.left[row] = item.people
            category, home = int(tables.need_category[row]), int(tables.need_community[row])
            for part, can in enumerate(parts[row]):
                if can:
                    for place in self._places(row, home):
                        self.ways[category, part, place].append(row)
        for rows in self.ways.values():
            rows.sort(key=lambda row: (-float(tables.weight[row]), row))

    def best(self, key: tuple[int, int, int]) -> tuple[float, list[tuple[int, int]]]:
        """Give what one more occurrence would be worth and whom it would serve."""
        category = self.tables.categories[key[0]]
        room, gain, coming = category.session_size, 0.0, []
        for row in self.ways[key]:
            count = min(room, self.left[row])
            if count:
                coming.append((row, count))
                gain += count * float(self.tables.weight[row])
                room -= count
            if not room:
                break
        enough = self.weekly or sum(count for _, count in coming) >= category.minimum
        return (gain, coming) if enough and coming else (0.0, [])

    def apart(self, key: tuple[int, int, int]) -> tuple[bool, int]:
        """Put first, among equals, where a room is free and where most of those who come live."""
        _, part, place = key
        free = any(self.rooms[place][slot] > 0 for slot in self._slots(part))
        at_home = sum(count for row, count in self.best(key)[1] if int(self.tables.need_community[row]) == place)
        return not free, -at_home

    def take(self, key: tuple[int, int, int], gain: float, coming: list[tuple[int, int]]) -> Recruit:
        """Write the line and count its people as served."""
        tables = self.tables
        category, part, place = key
        for row, count in coming:
            self.left[row] -= count
        slots = self._slots(part)
        with_room = [slot for slot in slots if self.rooms[place][slot] > 0]
        slot = (with_room or slots)[0]
        if not self.weekly and with_room:
            self.rooms[place][slot] -= 1
        homes = sorted({int(tables.need_community[row]) for row, _ in coming})
        community = tables.communities[place]
        return Recruit(
            category=tables.categories[category].id,
            slot=tables.slots[slot].id,
            community=community.id,
            area=community.area,
            serves=sum(count for _, count in coming),
            from_communities=tuple(tables.communities[home].id for home in homes),
            needs=tuple(tables.needs[row].id for row, _ in coming),
            gain=round(gain, 6),
            needs_venue=not self.weekly and not with_room,
        )

    def _slots(self, part: int) -> list[int]:
        return [slot for slot, of in enumerate(self.tables.part_of_slot.tolist()) if of == part]

    def _places(self, row: int, home: int) -> list[int]:
        """List where an occurrence could be that reaches this need: in a week it goes round its area."""
        import numpy as np

        if self.weekly:
            return [self.area[home][0]]
        near = self.tables.walkable[home].copy()
        limit = self.tables.needs[row].max_metres
        if limit is not None:
            near &= self.tables.between[home] <= limit
        near[home] = True
        return [int(place) for place in np.flatnonzero(near)]

    def _rooms(self, proposals: tuple[Proposal, ...]) -> list[list[int]]:
        tables = self.tables
        rooms = [[0] * len(tables.slots) for _ in tables.communities]
        for venue in tables.venues:
            for slot, count in venue.free:
                rooms[tables.at["communities"][venue.community]][tables.at["slots"][slot]] += count
        for proposal in proposals:
            if proposal.venue:
                rooms[tables.at["communities"][proposal.community]][tables.at["slots"][proposal.slot]] -= 1
        return rooms
