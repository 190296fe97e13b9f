"""What a plan would lose without one of its proposals, and which offer would come next."""

from collections import Counter, defaultdict
from typing import Any

from lianxin.engines.matching.explain import Instead
from lianxin.engines.matching.fairness import tier_bonuses
from lianxin.engines.matching.model.plan import Proposal
from lianxin.engines.matching.pairs import SCALE
from lianxin.engines.matching.plan_model import MonthModel
from lianxin.engines.matching.plan_state import Draft, Growing
from lianxin.engines.matching.tables import Tables
from lianxin.engines.matching.weekly import Week


def instead_in_week(tables: Tables, week: Week, proposals: tuple[Proposal, ...]) -> tuple[Instead, ...]:
    """Read it from the prices of the flow: every seat has one, and so has everybody's next best seat.

    The loss is what the plan loses at least when this pair is forbidden.
    """
    import numpy as np

    pairs, price = week.pairs, np.maximum(0, week.assignment.least_seat_price(len(tables.offers)))
    left = (pairs.value - price[pairs.offer]).tolist()
    offers = pairs.offer.tolist()
    starts = np.searchsorted(pairs.need, np.arange(len(tables.needs) + 1)).tolist()
    bonus = _bonus_now(tables, week, proposals)
    home = tables.need_community.tolist()
    found = []
    for proposal in proposals:
        mine = tables.at["offers"][proposal.offer]
        loss, votes = 0, Counter[int]()
        for name, count in proposal.served:
            row = tables.at["needs"][name]
            own, best, other = None, -bonus[home[row]], -1
            for place in range(starts[row], starts[row + 1]):
                if offers[place] == mine:
                    own = left[place]
                elif left[place] > best:
                    best, other = left[place], offers[place]
            if own is not None:
                loss += count * max(0, own - best)
            if other >= 0:
                votes[other] += count
        next_best = min(votes, key=lambda offer: (-votes[offer], offer), default=-1)
        found.append(Instead(tables.offers[next_best].id if next_best >= 0 else "", loss / SCALE))
    return tuple(found)


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
