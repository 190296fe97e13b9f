"""Takes up an earlier plan: what still fits is held again, with the same people and at the same time if possible."""

from collections.abc import Sequence

from lianxin.engines.matching.capacity import NO_VENUE
from lianxin.engines.matching.model.plan import Proposal
from lianxin.engines.matching.plan_model import MonthModel
from lianxin.engines.matching.plan_state import Growing


def begin(model: MonthModel, start: Sequence[Proposal]) -> Growing:
    """Hold what can be held of a plan; locked occurrences are in already, and what they took is left out."""
    growing, tables, lists = Growing(model), model.tables, model.lists
    at = {
        (*key, venue): candidate
        for candidate, (key, venue) in enumerate(zip(lists.keys[: model.free], lists.venue, strict=False))
    }
    cell_of = {tables.needs[row].id: cell for cell, rows in enumerate(model.cells.members) for row in rows}
    for proposal in sorted(start, key=lambda p: (p.offer, p.category, p.community, p.slot, p.venue)):
        key = row_of(model, proposal)
        candidate = at.get((*key, tables.at["venues"].get(proposal.venue, NO_VENUE))) if key else None
        if candidate is None or not growing.fits(candidate):
            continue
        places = {lists.cell[p]: p for p in range(lists.starts[candidate], lists.starts[candidate + 1])}
        coming: dict[int, int] = {}
        for name, count in proposal.served:
            place = places.get(cell_of.get(name, -1))
            if place is not None:
                room = growing.left[lists.cell[place]] - coming.get(place, 0)
                coming[place] = coming.get(place, 0) + min(count, room)
        people = [(place, count) for place, count in sorted(coming.items()) if count]
        total = sum(count for _, count in people)
        if total > lists.size[candidate] or total < max(1, lists.minimum[candidate]):
            people = growing.fill(candidate)
            if growing.worth(candidate) <= 0:
                continue
        slot = tables.at["slots"][proposal.slot]
        if growing.table.is_free(candidate, slot):
            growing.table.hold((candidate, growing.counts.get(candidate, 0)), slot)
            growing.put(candidate, people, placed=True)
        else:
            growing.put(candidate, people)
    return growing


def row_of(model: MonthModel, proposal: Proposal) -> tuple[int, int, int, int] | None:
    """Give offer, category, community and part as rows, or None when one of them is gone."""
    at, tables = model.tables.at, model.tables
    offer, slot = at["offers"].get(proposal.offer), at["slots"].get(proposal.slot)
    category, community = at["categories"].get(proposal.category), at["communities"].get(proposal.community)
    if offer is None or slot is None or category is None or community is None:
        return None
    return offer, category, community, int(tables.part_of_slot[slot])
