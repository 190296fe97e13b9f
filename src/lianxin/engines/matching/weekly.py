"""The week: single people to single seats, as one flow, around what staff locked."""

from collections import defaultdict
from dataclasses import dataclass

from lianxin.engines.matching.fairness import bonus_of
from lianxin.engines.matching.flow import Assignment, assign, bound_without_fairness
from lianxin.engines.matching.model.plan import Plan, Proposal
from lianxin.engines.matching.pairs import SCALE, Pairs, build_pairs
from lianxin.engines.matching.reach import reachable_people
from lianxin.engines.matching.tables import Array, Tables
from lianxin.engines.matching.timing import Stopwatch


@dataclass(frozen=True)
class Week:
    """A solved week with what explains it."""

    plan: Plan
    pairs: Pairs
    assignment: Assignment
    objective: float
    bound: float
    bound_without_fairness: float
    reachable: Array
    seats: Array


def solve_week(tables: Tables, *, watch: Stopwatch) -> Week:
    """Serve the people of a week at the greatest value with fairness, and prove it."""
    import numpy as np

    with watch.step("pairs"):
        pairs = build_pairs(tables)
        seats = np.array([o.capacity * o.occurrences for o in tables.offers], dtype=np.int64)
        locked = _locked(tables)
        people, free_seats = tables.people.copy(), seats.copy()
        people[tables.held_back] = 0
        for (need, offer), count in locked.items():
            people[need] = max(0, int(people[need]) - count)
            free_seats[offer] -= count
    communities = len(tables.communities)
    fixed = np.zeros(communities, dtype=np.int64)
    for (need, _), count in locked.items():
        fixed[tables.need_community[need]] += count
    with watch.step("reach"):
        # What locks hold is reached whatever distance says.
        reachable = np.maximum(reachable_people(tables, pairs, seats), fixed)
    with watch.step("flow"):
        assignment = assign(tables, pairs, people=people, seats=free_seats, reachable=reachable, fixed=fixed)
    with watch.step("bound"):
        plain = bound_without_fairness(tables, pairs, people=people, seats=free_seats, near=assignment)
    with watch.step("proposals"):
        plan = _proposals(tables, pairs, assignment, locked)
    locked_value = sum(pair_value(tables, need, offer) * count for (need, offer), count in locked.items())
    value = int((assignment.people * pairs.value).sum()) + locked_value
    served = fixed + np.bincount(
        tables.need_community[pairs.need], weights=assignment.people, minlength=communities
    ).astype(np.int64)
    parameters = tables.parameters
    bonus = bonus_of(served, reachable, bonus=round(SCALE * parameters.fairness_bonus), tiers=parameters.fairness_tiers)
    objective = (value + bonus) / SCALE
    # The flow is cheapest, so its own objective is the bound; without fairness the bound is proven by prices.
    return Week(
        plan=Plan(proposals=plan, value=value / SCALE),
        pairs=pairs,
        assignment=assignment,
        objective=objective,
        bound=objective,
        bound_without_fairness=(plain + locked_value) / SCALE,
        reachable=reachable,
        seats=seats,
    )


def first_come(tables: Tables, week: Week) -> tuple[dict[str, int], float]:
    """Serve whoever has waited longest by the nearest offer with a free seat: what is done without a matcher.

    Give the people served of each need, and what that is worth.
    """
    import numpy as np

    pairs = week.pairs
    metres = tables.metres[pairs.offer, tables.need_community[pairs.need]]
    # One key sorts by need and way much faster than two do; the longest way is 20,016 km.
    order = np.argsort(pairs.need * float(1 << 26) + metres, kind="stable")
    offers, worths = pairs.offer[order].tolist(), pairs.value[order].tolist()
    starts = np.searchsorted(pairs.need, np.arange(len(tables.needs) + 1)).tolist()
    free, people = week.seats.tolist(), tables.people.tolist()
    value, served = 0, dict[str, int]()
    for need in sorted(range(len(people)), key=lambda row: (-tables.needs[row].waiting_days, row)):
        left = people[need]
        for place in range(starts[need], starts[need + 1]):
            count = min(left, free[offers[place]])
            if count:
                free[offers[place]] -= count
                value += worths[place] * count
                left -= count
                if not left:
                    break
        if left < people[need]:
            served[tables.needs[need].id] = people[need] - left
    return served, value / SCALE


def pair_value(tables: Tables, need: int, offer: int) -> int:
    """Give what one person of a need is worth with an offer, in thousandths, whether or not they may meet."""
    community, category = tables.need_community[need], tables.need_category[need]
    fit = tables.quality[offer, category] * tables.nearness[offer, community]
    return max(1, round(SCALE * float(tables.weight[need] * fit)))


def _locked(tables: Tables) -> dict[tuple[int, int], int]:
    found: dict[tuple[int, int], int] = defaultdict(int)
    for lock in tables.problem.locks:
        if lock.need:
            found[tables.at["needs"][lock.need], tables.at["offers"][lock.offer]] += lock.people
    return dict(sorted(found.items()))


def _proposals(
    tables: Tables, pairs: Pairs, assignment: Assignment, locked: dict[tuple[int, int], int]
) -> tuple[Proposal, ...]:
    import numpy as np

    used = np.flatnonzero(assignment.people)
    served = dict(
        zip(
            zip(pairs.need[used].tolist(), pairs.offer[used].tolist(), strict=True),
            assignment.people[used].tolist(),
            strict=True,
        )
    )
    # One proposal of what an offer does for one community in one slot; as few slots as will do.
    groups: dict[tuple[int, int, int, bool], list[tuple[int, int]]] = defaultdict(list)
    categories, homes = tables.need_category.tolist(), tables.need_community.tolist()
    for kept, fixed in ((served, False), (locked, True)):
        for (need, offer), count in kept.items():
            groups[offer, categories[need], homes[need], fixed].append((need, count))
    part = tables.part_of_slot.tolist()
    parts_of_need = tables.need_parts.tolist()
    slots_of_offer: dict[int, list[int]] = {}
    ruled_out = _ruled_out_slots(tables)
    made = []
    for (offer, category, community, fixed), members in sorted(groups.items()):
        slots = slots_of_offer.get(offer)
        if slots is None:
            slots = slots_of_offer[offer] = [s for s, there in enumerate(tables.offer_slots[offer].tolist()) if there]
        left = sorted(members)
        while left:
            best_slot, best_members = -1, list[tuple[int, int]]()
            for slot in slots:
                come = [
                    (need, count)
                    for need, count in left
                    if parts_of_need[need][part[slot]]
                    and not (ruled_out and ruled_out(offer, category, community, slot, need))
                ]
                if len(come) > len(best_members):
                    best_slot, best_members = slot, come
            if best_slot < 0:  # only locks may bring people who said they cannot come
                best_slot, best_members = (slots or [0])[0], left
            made.append(
                Proposal(
                    offer=tables.offers[offer].id,
                    category=tables.categories[category].id,
                    community=tables.communities[community].id,
                    slot=tables.slots[best_slot].id,
                    served=tuple((tables.needs[need].id, count) for need, count in best_members),
                    locked=fixed,
                )
            )
            taken = {need for need, _ in best_members}
            left = [member for member in left if member[0] not in taken]
    return tuple(made)


def _ruled_out_slots(tables: Tables):  # type: ignore[no-untyped-def]
    """Give a predicate over rows for the finer rules with a slot, or None when there are none."""
    at = tables.at
    rules = [
        (
            at["offers"].get(rule.offer),
            at["categories"].get(rule.category),
            at["communities"].get(rule.community),
            at["slots"].get(rule.slot),
            at["needs"].get(rule.need),
        )
        for rule in tables.fine_rules
        if rule.slot
    ]
    if not rules:
        return None

    def says(*rows: int) -> bool:
        return any(all(want is None or want == row for want, row in zip(rule, rows, strict=True)) for rule in rules)

    return says
