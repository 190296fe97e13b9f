"""What a plan would lose without one of its proposals, and which offer would come next."""

from collections import Counter, defaultdict
from typing import Any

from lianxin.engines.matching.explain import Instead
from lianxin.engines.matching.fairness import tier_bonuses
from lianxin.engines.matching.model.plan import Proposal
from lianxin.engines.matching.pairs import SCALE, Pairs
from lianxin.engines.matching.plan_model import MonthModel
from lianxin.engines.matching.plan_state import Draft, Growing
from lianxin.engines.matching.tables import Array, Tables
from lianxin.engines.matching.weekly import Week


def instead_in_week(tables: Tables, week: Week, proposals: tuple[Proposal, ...]) -> tuple[Instead, ...]:
    """Read it from the prices of the flow: every seat has one, and so has everybody's next best seat.

    The loss is what the plan loses at least when this pair is forbidden.
    """
    import numpy as np

    pairs, price = week.pairs, np.maximum(0, week.assignment.least_seat_price(tables))
    left = pairs.value - price[pairs.offer]
    width = len(tables.offers)
    key = pairs.need * width + pairs.offer
    (first, second), needs, offers = (
        _two_best(week.pairs, left, size=len(tables.needs)),
        tables.at["needs"],
        tables.at["offers"],
    )
    bonus = _bonus_now(tables, week, proposals)
    home = tables.need_community.tolist()
    mine = [needs[name] * width + offers[p.offer] for p in proposals for name, _ in p.served]
    place = np.searchsorted(key, mine)
    own_left = np.r_[left, 0][place].tolist()  # of a pair that only a lock made there is none
    is_known = (np.r_[key, -1][place] == mine).tolist()
    found, number = [], -1
    for proposal in proposals:
        row_of_offer = offers[proposal.offer]
        loss, votes = 0, Counter[int]()
        for name, count in proposal.served:
            number += 1
            row = needs[name]
            best, other = -bonus[home[row]], -1
            next_left, next_offer = first[row] if first[row][1] != row_of_offer else second[row]
            if next_offer >= 0 and next_left > best:
                best, other = next_left, next_offer
            if is_known[number]:
                loss += count * max(0, own_left[number] - best)
            if other >= 0:
                votes[other] += count
        next_best = min(votes, key=lambda offer: (-votes[offer], offer), default=-1)
        found.append(Instead(tables.offers[next_best].id if next_best >= 0 else "", loss / SCALE))
    return tuple(found)


def _two_best(pairs: Pairs, left: Array, *, size: int) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
    """Give for each need the two pairs that leave most: what they leave and whose they are; -1 where there is none."""
    import numpy as np

    worst = np.iinfo(np.int64).min
    left, found = left.copy(), []
    starts = np.flatnonzero(np.r_[True, pairs.need[1:] != pairs.need[:-1]]) if len(pairs) else np.zeros(0, dtype=int)
    for _ in range(2):
        most, whose = np.full(size, worst), np.full(size, -1)
        if len(pairs):
            most[pairs.need[starts]] = np.maximum.reduceat(left, starts)
            at_best = np.flatnonzero((left == most[pairs.need]) & (left > worst))
            rows, nth = np.unique(pairs.need[at_best], return_index=True)
            whose[rows] = pairs.offer[at_best[nth]]
            left[at_best[nth]] = worst
        found.append(list(zip(most.tolist(), whose.tolist(), strict=True)))
    return found[0], found[1]


def instead_in_month(model: MonthModel, plan: Draft, proposals: tuple[Proposal, ...]) -> tuple[Instead, ...]:
    """Take each occurrence out and look what its people and its room could get instead, and at what worth."""
    lists, tables = model.lists, model.tables
    growing = Growing(model)
    growing.resume(plan)
    near: dict[tuple[int, int], list[int]] = defaultdict(list)
    names: dict[tuple[Any, ...], list[int]] = defaultdict(list)
    communities, categories = model.candidates.community.tolist(), model.candidates.category.tolist()
    for candidate in range(len(model.candidates)):
        near[categories[candidate], communities[candidate]].append(candidate)
        names[lists.keys[candidate]].append(candidate)
    part = tables.part_of_slot.tolist()
    cell_of = {tables.needs[row].id: cell for cell, rows in enumerate(model.cells.members) for row in rows}
    found = []
    for proposal in proposals:
        key = (
            tables.at["offers"][proposal.offer],
            tables.at["categories"][proposal.category],
            tables.at["communities"][proposal.community],
            part[tables.at["slots"][proposal.slot]],
        )
        venue = tables.at["venues"].get(proposal.venue, -1)
        mine = next(c for c in names[key] if c in plan.counts and lists.venue[c] == venue)
        _back(growing, proposal, cell_of, venue, key[3], 1)
        own = growing.worth(mine)
        best, other = 0.0, -1
        for candidate in near[key[1], key[2]]:
            if lists.offer[candidate] != key[0] and candidate < model.free and growing.fits(candidate):
                worth = growing.worth(candidate)
                if worth > best:
                    best, other = worth, candidate
        _back(growing, proposal, cell_of, venue, key[3], -1)
        offer = tables.offers[lists.offer[other]].id if other >= 0 else ""
        found.append(Instead(offer, max(0.0, own - best) if own > float("-inf") else 0.0))
    return tuple(found)


def _back(growing: Growing, proposal: Proposal, cell_of: dict[str, int], venue: int, part: int, step: int) -> None:
    for name, count in proposal.served:
        cell = cell_of[name]
        growing.left[cell] += step * count
        growing.count_served(growing.lists.cell_community[cell], -step * count)
    if venue >= 0:
        growing.venue_parts[venue][part] += step


def _bonus_now(tables: Tables, week: Week, proposals: tuple[Proposal, ...]) -> list[int]:
    """Give for each community what the last person served brought for fairness."""
    parameters = tables.parameters
    tiers = parameters.fairness_tiers
    bonuses = tier_bonuses(round(SCALE * parameters.fairness_bonus), tiers=tiers)
    served: Counter[int] = Counter()
    for proposal in proposals:
        for name, count in proposal.served:
            served[int(tables.need_community[tables.at["needs"][name]])] += count
    found = []
    for community, reachable in enumerate(week.reachable.tolist()):
        tier = (max(0, served[community] - 1) * tiers) // reachable if reachable else tiers
        found.append(bonuses[tier] if tier < tiers else 0)
    return found
