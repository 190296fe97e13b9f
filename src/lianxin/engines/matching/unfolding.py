"""Turns a folded plan (so many occurrences in that part of the week) into one with real slots and real needs.

Each occurrence takes a free slot of its part; where it finds none, others make room along a short chain. By a theorem
of König this never fails where rooms and offers are free alike in all weeks; where it does, the occurrence is dropped
and its people stay open.
"""

from collections import defaultdict

from lianxin.engines.matching.capacity import NO_VENUE
from lianxin.engines.matching.model.plan import Proposal
from lianxin.engines.matching.plan_model import MonthModel
from lianxin.engines.matching.plan_state import Draft, draft

DEPTH = 4


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

    def place(self, occurrence: tuple[int, int], *, depth: int = DEPTH, leave: int = -1) -> bool:
        """Find a slot, if need be by moving others, at most `depth` of them in a chain."""
        slots = [slot for slot in self._possible(occurrence[0]) if slot != leave]
        free = [slot for slot in slots if not self._in_the_way(occurrence[0], slot)]
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

    def _possible(self, candidate: int) -> list[int]:
        """List the slots of the part in which offer and room are there at all."""
        offer, venue = self.lists.offer[candidate], self.lists.venue[candidate]
        capacity = self.model.capacity
        return [
            slot
            for slot in self.slots[self.lists.part[candidate]]
            if capacity.offer_slots[offer, slot]
            and (venue == NO_VENUE or capacity.venue_free[venue, slot] > 0)
            and (candidate, slot) not in self.ruled_out
        ]

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

    def _put(self, occurrence: tuple[int, int], slot: int) -> None:
        self._move(occurrence, slot, -1)
        self.lies[occurrence] = slot
        self.by_offer[self.lists.offer[occurrence[0]], slot] = occurrence
        self.by_venue[self.lists.venue[occurrence[0]], slot].append(occurrence)

    def _take(self, occurrence: tuple[int, int]) -> None:
        slot = self.lies.pop(occurrence)
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


def timetable(model: MonthModel, plan: Draft) -> tuple[Draft, dict[tuple[int, int], int]]:
    """Give each occurrence a slot; what finds none leaves the plan, and its people with it."""
    table = Timetable(model)
    counts, people = dict(plan.counts), {c: dict(p) for c, p in plan.people.items()}
    free = [candidate for candidate in plan.counts if candidate < model.free]
    order = sorted(free, key=lambda candidate: (len(table._possible(candidate)), candidate))
    dropped = False
    for candidate in order:
        for number in range(plan.counts[candidate]):
            if not table.place((candidate, number)):
                dropped = True
                counts[candidate] -= 1
                _thin(model, candidate, counts, people)
    for number, held in enumerate(model.capacity.held):
        table.lies[model.free + number, 0] = held.slot
    if not dropped:
        return plan, table.lies
    by_candidate: dict[int, list[int]] = defaultdict(list)
    for (candidate, _), slot in sorted(table.lies.items()):
        by_candidate[candidate].append(slot)
    lies = {(candidate, n): slot for candidate, slots in by_candidate.items() for n, slot in enumerate(slots)}
    kept = {candidate: count for candidate, count in counts.items() if count}
    return draft(model, kept, {c: people[c] for c in kept if c in people}, plan.made_by), lies


def proposals(model: MonthModel, plan: Draft, lies: dict[tuple[int, int], int]) -> tuple[Proposal, ...]:
    """Name the needs that each occurrence serves: of people who are alike those who waited longest."""
    tables, lists = model.tables, model.lists
    queues = [[[row, tables.needs[row].people] for row in rows] for rows in model.cells.members]
    made = []
    for candidate in sorted(plan.counts):
        count = plan.counts[candidate]
        shares = _deal(plan.people.get(candidate, {}), count)
        slots = sorted(lies[candidate, number] for number in range(count))
        venue = lists.venue[candidate]
        for slot, share in zip(slots, shares, strict=True):
            served: dict[str, int] = {}
            for place, number in sorted(share.items()):
                queue = queues[lists.cell[place]]
                while number:
                    row, there = queue[0]
                    come = min(number, there)
                    name = tables.needs[row].id
                    served[name] = served.get(name, 0) + come
                    number -= come
                    queue[0][1] -= come
                    if not queue[0][1]:
                        queue.pop(0)
            made.append(
                Proposal(
                    offer=tables.offers[lists.offer[candidate]].id,
                    category=tables.categories[int(model.candidates.category[candidate])].id,
                    community=tables.communities[int(model.candidates.community[candidate])].id,
                    slot=tables.slots[slot].id,
                    venue="" if venue == NO_VENUE else tables.venues[venue].id,
                    served=tuple(sorted(served.items())),
                    locked=candidate >= model.free,
                )
            )
    return tuple(sorted(made, key=lambda p: (p.offer, p.category, p.community, p.slot, p.venue)))


def _deal(people: dict[int, int], count: int) -> list[dict[int, int]]:
    """Spread people over occurrences as evenly as whole people go."""
    total = sum(people.values())
    rooms = [total // count + (number < total % count) for number in range(count)]
    shares: list[dict[int, int]] = [{} for _ in range(count)]
    number = 0
    for place, left in sorted(people.items()):
        while left:
            while not rooms[number]:
                number += 1
            come = min(left, rooms[number])
            shares[number][place] = shares[number].get(place, 0) + come
            rooms[number] -= come
            left -= come
    return shares


def _thin(model: MonthModel, candidate: int, counts: dict[int, int], people: dict[int, dict[int, int]]) -> None:
    """Send those home who no longer fit, the least worth first."""
    room = counts[candidate] * model.lists.size[candidate]
    mine = people.get(candidate, {})
    over = sum(mine.values()) - room
    for place in sorted(mine, key=lambda place: (model.lists.cell_value[place], -place)):
        if over <= 0:
            break
        gone = min(over, mine[place])
        mine[place] -= gone
        over -= gone
        if not mine[place]:
            del mine[place]


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
