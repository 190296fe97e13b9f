"""Which slot each occurrence lies in; finds one, if need be by moving others along a short chain."""

from collections import defaultdict

from lianxin.engines.matching.capacity import NO_VENUE
from lianxin.engines.matching.plan_model import MonthModel

DEPTH, SHORT = 4, 1
TRIAL = -1


class Timetable:
    """Where each occurrence lies: (candidate, number) -> slot, and what is taken in each slot."""

    def __init__(self, model: MonthModel) -> None:
        self.model = model
        self.lists = model.lists
        self.offer_free = model.capacity.offer_slots.tolist()
        self.venue_left = model.capacity.venue_free.tolist()
        self.volunteer_left = model.capacity.volunteer_weeks.tolist()
        self.week = model.capacity.weeks.tolist()
        part = model.tables.part_of_slot.tolist()
        self.slots: dict[int, list[int]] = defaultdict(list)
        for slot, of in enumerate(part):
            self.slots[of].append(slot)
        self.lies: dict[tuple[int, int], int] = {}
        self.by_offer: dict[tuple[int, int], tuple[int, int]] = {}
        self.by_venue: dict[tuple[int, int], list[tuple[int, int]]] = defaultdict(list)
        self.ruled_out = _ruled_out(model)
        self.journal: list[tuple[tuple[int, int], int, bool]] = []
        self.known: dict[int, list[int]] = {}

    def place(self, occurrence: tuple[int, int], *, depth: int = DEPTH, leave: int = -1) -> bool:
        """Find a slot, if need be by moving others, at most `depth` of them in a chain."""
        slots = [slot for slot in self.possible(occurrence[0]) if slot != leave]
        free = [slot for slot in slots if self.is_free(occurrence[0], slot)]
        if free:
            self._put(occurrence, min(free, key=lambda slot: (self._load(occurrence[0], slot), slot)))
            return True
        if not depth:
            return False
        for slot in slots:
            blocking = self._in_the_way(occurrence[0], slot)
            if len(blocking) != 1 or blocking[0] is None:
                continue
            other = blocking[0]
            self._take(other)
            self._put(occurrence, slot)
            if self.place(other, depth=depth - 1, leave=slot):
                return True
            self._take(occurrence)
            self._put(other, slot)
        return False

    def possible(self, candidate: int) -> list[int]:
        """List the slots of the part in which offer and room are there at all."""
        if candidate in self.known:
            return self.known[candidate]
        offer, venue = self.lists.offer[candidate], self.lists.venue[candidate]
        capacity = self.model.capacity
        found = self.known[candidate] = [
            slot
            for slot in self.slots[self.lists.part[candidate]]
            if capacity.offer_slots[offer, slot]
            and (venue == NO_VENUE or capacity.venue_free[venue, slot] > 0)
            and (candidate, slot) not in self.ruled_out
        ]
        return found

    def has_room(self, candidate: int) -> bool:
        """Say whether some slot is free, and make room along a short chain if that helps."""
        if any(self.is_free(candidate, slot) for slot in self.possible(candidate)):
            return True
        trial = candidate, TRIAL
        if self.place(trial, depth=SHORT):
            self.take(trial)
            return True
        return False

    def slots_of(self, candidate: int) -> list[int]:
        """List the slots in which occurrences of a candidate lie."""
        return [slot for (other, _), slot in self.lies.items() if other == candidate]

    def take(self, occurrence: tuple[int, int]) -> None:
        """Free the slot of an occurrence."""
        self._take(occurrence)

    def is_free(self, candidate: int, slot: int) -> bool:
        """Say whether offer, room and volunteer are free in a slot of the candidate's part."""
        if slot not in self.possible(candidate):
            return False
        offer, venue = self.lists.offer[candidate], self.lists.venue[candidate]
        if not self.offer_free[offer][slot] or (venue != NO_VENUE and self.venue_left[venue][slot] <= 0):
            return False
        volunteer = self.lists.volunteer[offer]
        return volunteer < 0 or self.volunteer_left[volunteer][self.week[slot]] > 0

    def _in_the_way(self, candidate: int, slot: int) -> list[tuple[int, int] | None]:
        """List what must move; None stands for what cannot."""
        offer, venue = self.lists.offer[candidate], self.lists.venue[candidate]
        found: list[tuple[int, int] | None] = []
        if not self.offer_free[offer][slot]:
            found.append(self.by_offer[offer, slot])
        if venue != NO_VENUE and self.venue_left[venue][slot] <= 0:
            others = self.by_venue[venue, slot]
            if not found or found[0] not in others:
                found.append(others[0] if others else None)
        volunteer = self.lists.volunteer[offer]
        if volunteer >= 0 and self.volunteer_left[volunteer][self.week[slot]] <= 0:
            found.append(None)
        return found

    def _load(self, candidate: int, slot: int) -> int:
        venue = self.lists.venue[candidate]
        return len(self.by_venue[venue, slot]) * 100 - (self.venue_left[venue][slot] if venue != NO_VENUE else 0)

    def hold(self, occurrence: tuple[int, int], slot: int) -> None:
        """Put an occurrence into a slot that is known to be free."""
        self._put(occurrence, slot)

    def undo(self) -> None:
        """Take back every move since the journal was emptied."""
        moves, self.journal = self.journal, []
        for occurrence, slot, taken in reversed(moves):
            if taken:
                self._put(occurrence, slot)
            else:
                self._take(occurrence)
        self.journal = []

    def _put(self, occurrence: tuple[int, int], slot: int) -> None:
        self.journal.append((occurrence, slot, False))
        self._move(occurrence, slot, -1)
        self.lies[occurrence] = slot
        self.by_offer[self.lists.offer[occurrence[0]], slot] = occurrence
        self.by_venue[self.lists.venue[occurrence[0]], slot].append(occurrence)

    def _take(self, occurrence: tuple[int, int]) -> None:
        slot = self.lies.pop(occurrence)
        self.journal.append((occurrence, slot, True))
        self._move(occurrence, slot, 1)
        del self.by_offer[self.lists.offer[occurrence[0]], slot]
        self.by_venue[self.lists.venue[occurrence[0]], slot].remove(occurrence)

    def _move(self, occurrence: tuple[int, int], slot: int, step: int) -> None:
        offer, venue = self.lists.offer[occurrence[0]], self.lists.venue[occurrence[0]]
        self.offer_free[offer][slot] = step > 0
        if venue != NO_VENUE:
            self.venue_left[venue][slot] += step
        if self.lists.volunteer[offer] >= 0:
            self.volunteer_left[self.lists.volunteer[offer]][self.week[slot]] += step


def _ruled_out(model: MonthModel) -> set[tuple[int, int]]:
    """List the candidates and slots that finer rules without a need keep apart."""
    import numpy as np

    tables, c = model.tables, model.candidates
    found: set[tuple[int, int]] = set()
    for rule in tables.fine_rules:
        if rule.need:
            continue
        hit = np.ones(len(c), dtype=bool)
        hit[model.free :] = False
        for rows, name, of in ((c.offer, rule.offer, "offers"), (c.category, rule.category, "categories")):
            if name:
                hit &= rows == tables.at[of][name]
        if rule.community:
            hit &= c.community == tables.at["communities"][rule.community]
        slot = tables.at["slots"][rule.slot]
        found.update((int(candidate), slot) for candidate in np.flatnonzero(hit))
    return found
