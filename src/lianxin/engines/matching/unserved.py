"""Says of everybody who is left the one reason, in the order in which staff could do something about it."""

from collections import Counter
from functools import cache

from lianxin.engines.matching.model.plan import Proposal, Unserved, UnservedReason
from lianxin.engines.matching.tables import Array, Tables


def unserved(tables: Tables, proposals: tuple[Proposal, ...]) -> tuple[Unserved, ...]:
    """List the needs with people left, by id."""
    served: Counter[str] = Counter()
    for proposal in proposals:
        for name, count in proposal.served:
            served[name] += count
    reasons = _Reasons(tables, proposals)
    found = []
    for row, need in enumerate(tables.needs):
        left = need.people - served[need.id]
        if left > 0:
            found.append(Unserved(need=need.id, people=left, reason=reasons.of(row)))
    return tuple(found)


class _Reasons:
    def __init__(self, tables: Tables, proposals: tuple[Proposal, ...]) -> None:
        import numpy as np

        self.tables = tables
        self.weekly = tables.problem.kind == "weekly"
        self.free = tables.offer_slots.copy()
        self.times = np.array([offer.occurrences for offer in tables.offers], dtype=np.int64)
        self.room_at_all = np.zeros((len(tables.communities), len(tables.slots)), dtype=bool)
        rooms = np.zeros((len(tables.communities), len(tables.slots)), dtype=np.int64)
        place = tables.at["communities"]
        for venue in tables.venues:
            for slot, count in venue.free:
                rooms[place[venue.community], tables.at["slots"][slot]] += count
        self.room_at_all = rooms > 0
        weeks = Counter[tuple[str, int]]()
        for proposal in proposals:
            offer, slot = tables.at["offers"][proposal.offer], tables.at["slots"][proposal.slot]
            self.free[offer, slot] = False
            self.times[offer] -= 1
            if proposal.venue:
                rooms[place[proposal.community], slot] -= 1
            weeks[tables.offers[offer].volunteer, tables.slots[slot].week] += 1
        for row, offer in enumerate(tables.offers):
            if offer.volunteer:
                for number, slot in enumerate(tables.slots):
                    if weeks[offer.volunteer, slot.week] >= tables.parameters.volunteer_per_week:
                        self.free[row, number] = False
        self.room_left = rooms > 0
        self.needs_room = np.array([offer.needs_venue for offer in tables.offers], dtype=bool)
        self.in_rules = {tables.at["needs"][rule.need] for rule in tables.fine_rules if rule.need}
        self._cached = cache(self._reason)

    def of(self, row: int) -> UnservedReason:
        """Give the reason for one need."""
        tables = self.tables
        if tables.held_back[row]:
            return "held_back"
        need = tables.needs[row]
        key = int(tables.need_category[row]), int(tables.need_community[row]), tuple(tables.need_parts[row].tolist())
        return self._cached(*key, need.max_metres, row if row in self.in_rules else -1)

    def _reason(
        self, category: int, community: int, parts: tuple[bool, ...], limit: float | None, row: int
    ) -> UnservedReason:
        import numpy as np

        tables = self.tables
        offers = np.flatnonzero(tables.quality[:, category])
        if not len(offers):
            return "no_resource"
        places = self._places(community, limit)
        goes = tables.reaches[np.ix_(offers, places)]
        if self.weekly and limit is not None:
            goes = goes & (tables.metres[np.ix_(offers, places)] <= limit)
        if not goes.any():
            return "too_far"
        times = np.array(parts)[tables.part_of_slot]
        there = tables.offer_slots[offers] & times
        if not (goes.any(axis=1) & there.any(axis=1)).any():
            return "no_time"
        open_ = self._without_ruled_out(goes[:, :, None] & there[:, None, :], offers, places, category, row)
        if not open_.any():
            return "held_back"
        if self.weekly:
            return "full"
        room = self.needs_room[offers][:, None, None]
        if not (open_ & (~room | self.room_at_all[places][None, :, :])).any():
            return "no_venue"
        still = open_ & self.free[offers][:, None, :] & (self.times[offers] > 0)[:, None, None]
        if not still.any():
            return "full"
        return "too_few" if (still & (~room | self.room_left[places][None, :, :])).any() else "no_venue"

    def _places(self, community: int, limit: float | None) -> Array:
        import numpy as np

        if self.weekly:
            return np.array([community])
        near = self.tables.walkable[community].copy()
        if limit is not None:
            near &= self.tables.between[community] <= limit
        near[community] = True
        return np.flatnonzero(near)

    def _without_ruled_out(self, open_: Array, offers: Array, places: Array, category: int, row: int) -> Array:
        import numpy as np

        tables = self.tables
        if tables.barred is not None:
            open_ = open_ & ~tables.barred[np.ix_(offers, places)][:, :, category][:, :, None]
        for rule in tables.fine_rules:
            if rule.need and tables.at["needs"][rule.need] != row:
                continue
            if rule.category and tables.at["categories"][rule.category] != category:
                continue
            hit = np.ones(open_.shape, dtype=bool)
            if rule.offer:
                hit &= (offers == tables.at["offers"][rule.offer])[:, None, None]
            if rule.community:
                hit &= (places == tables.at["communities"][rule.community])[None, :, None]
            if rule.slot:
                hit &= (np.arange(open_.shape[2]) == tables.at["slots"][rule.slot])[None, None, :]
            open_ = open_ & ~hit
        return open_
