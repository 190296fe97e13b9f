"""Turns a folded plan (so many occurrences in that part of the week) into one with real slots and real needs.

By a theorem of König that never fails where rooms and offers are free alike in all weeks. Where it fails, as much worth
as possible is placed; what is left over is dropped, and its people stay open.
"""

from collections import Counter
from dataclasses import replace

from lianxin.engines.matching.capacity import NO_VENUE
from lianxin.engines.matching.model.plan import Proposal
from lianxin.engines.matching.plan_model import MonthModel
from lianxin.engines.matching.plan_state import Draft, draft
from lianxin.engines.matching.timetables import Timetable


def timetable(model: MonthModel, plan: Draft) -> Draft:
    """Give each occurrence a slot; what finds none leaves the plan, and its people with it."""
    if plan.lies:
        return plan
    table = Timetable(model)
    free = sorted(
        (candidate for candidate in plan.counts if candidate < model.free),
        key=lambda candidate: (len(table.possible(candidate)), candidate),
    )
    lies, counts, people = table.lies, dict(plan.counts), {c: dict(p) for c, p in plan.people.items()}
    left_over = [(c, n) for c in free for n in range(plan.counts[c]) if not table.place((c, n))]
    if left_over:
        lies = _best_slots(model, plan, free, table)
        placed = Counter(candidate for candidate, _ in lies)
        for candidate in free:
            if placed[candidate] < counts[candidate]:
                counts[candidate] = placed[candidate]
                _thin(model, candidate, counts, people)
    for number, held in enumerate(model.capacity.held):
        lies[model.free + number, 0] = held.slot
    if counts == plan.counts:
        return replace(plan, lies=lies)
    kept = {candidate: count for candidate, count in counts.items() if count}
    made = draft(model, kept, {c: people[c] for c in kept if c in people}, plan.made_by)
    return replace(made, lies=lies)


def _best_slots(model: MonthModel, plan: Draft, free: list[int], table: Timetable) -> dict[tuple[int, int], int]:
    """Place as much worth as can be placed at all: a small whole program, solved in a moment."""
    import numpy as np
    from scipy.optimize import Bounds, LinearConstraint, milp
    from scipy.sparse import csr_array

    lists, capacity = model.lists, model.capacity
    rows: dict[tuple[str, int, int], int] = {}
    limits: list[float] = []
    entries: list[tuple[int, int]] = []
    columns: list[tuple[int, int]] = []
    worth: list[float] = []

    def limit(key: tuple[str, int, int], most: float) -> None:
        if key not in rows:
            rows[key] = len(limits)
            limits.append(most)
        entries.append((rows[key], len(columns)))

    for candidate in free:
        offer, venue = lists.offer[candidate], lists.venue[candidate]
        volunteer, count = lists.volunteer[offer], plan.counts[candidate]
        gain = sum(n * lists.cell_value[place] for place, n in plan.people.get(candidate, {}).items()) / count
        for slot in table.possible(candidate):
            limit(("candidate", candidate, 0), count)
            limit(("offer", offer, slot), 1)
            if venue != NO_VENUE:
                limit(("venue", venue, slot), float(capacity.venue_free[venue, slot]))
            if volunteer >= 0:
                week = int(capacity.weeks[slot])
                limit(("volunteer", volunteer, week), float(max(0, capacity.volunteer_weeks[volunteer, week])))
            columns.append((candidate, slot))
            worth.append(max(gain, 0.0) + 1.0)
    at = np.array(entries)
    matrix = csr_array((np.ones(len(at)), (at[:, 0], at[:, 1])), shape=(len(limits), len(columns)))
    found = milp(
        -np.array(worth),
        integrality=np.ones(len(columns)),
        bounds=Bounds(0, 1),
        constraints=LinearConstraint(matrix, -np.inf, np.array(limits)),
        options={"mip_rel_gap": 0.0, "node_limit": 1000},
    )
    if found.x is None:  # what the chains placed is a plan too
        return {(c, n): slot for c in free for n, slot in enumerate(sorted(table.slots_of(c)))}
    numbers = Counter[int]()
    lies = {}
    for (candidate, slot), taken in zip(columns, np.rint(found.x).tolist(), strict=True):
        if taken:
            lies[candidate, numbers[candidate]] = slot
            numbers[candidate] += 1
    return lies


def proposals(model: MonthModel, plan: Draft) -> tuple[Proposal, ...]:
    """Name the needs that each occurrence serves: of people who are alike those who waited longest."""
    tables, lists = model.tables, model.lists
    queues = [[[row, tables.needs[row].people] for row in rows] for rows in model.cells.members]
    made = []
    for candidate in sorted(plan.counts):
        count = plan.counts[candidate]
        shares = _deal(plan.people.get(candidate, {}), count)
        slots = sorted(plan.lies[candidate, number] for number in range(count))
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
