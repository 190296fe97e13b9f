"""Which occurrences a month could hold: offer, category, community, room and part of the week, pruned per demand."""

import zlib
from collections.abc import Iterable
from dataclasses import dataclass

from lianxin.engines.matching.capacity import NO_VENUE, Capacity
from lianxin.engines.matching.cells import Cells
from lianxin.engines.matching.model.plan import Proposal
from lianxin.engines.matching.tables import Array, Tables

VENUES_PER_PLACE = 2


@dataclass(frozen=True)
class Candidates:
    """Parallel arrays of occurrences that could be; locked ones come last and are fixed at one each.

    `cell_*` are the people who could come, sorted by candidate and value: the cell, what one person is worth, and where
    each candidate's share begins.
    """

    offer: Array
    category: Array
    community: Array
    venue: Array
    part: Array
    size: Array
    minimum: Array
    cost: Array
    most: Array
    earlier: Array
    locked: int
    cell: Array
    cell_value: Array
    starts: Array

    def __len__(self) -> int:
        return len(self.offer)


def build_candidates(tables: Tables, cells: Cells, capacity: Capacity, rows: Array) -> Candidates:
    """Make candidates of rows (offer, category, community, part) with what they cost and who could come."""
    import numpy as np

    offer, category, community, part = rows.T
    offer, category, community, part, venue = _with_venues(tables, capacity, offer, category, community, part)
    most = np.minimum(capacity.common(tables, offer, venue)[np.arange(len(offer)), part], capacity.occurrences[offer])
    keep = most > 0
    offer, category, community, part, venue, most = (a[keep] for a in (offer, category, community, part, venue, most))
    held = capacity.held
    locked = len(held)
    offer = np.r_[offer, [h.offer for h in held]].astype(np.int64)
    category = np.r_[category, [h.category for h in held]].astype(np.int64)
    community = np.r_[community, [h.community for h in held]].astype(np.int64)
    venue = np.r_[venue, [h.venue for h in held]].astype(np.int64)
    part = np.r_[part, [tables.part_of_slot[h.slot] for h in held]].astype(np.int64)
    most = np.r_[most, np.ones(locked, dtype=np.int64)]
    seats = np.array([v.seats for v in tables.venues] + [np.iinfo(np.int32).max], dtype=np.int64)
    size = np.minimum(np.array([o.capacity for o in tables.offers], dtype=np.int64)[offer], seats[venue])
    minimum = _minimum(tables)[offer, category]
    parameters = tables.parameters
    setup = np.array([o.setup_cost for o in tables.offers])[offer] + parameters.setup_cost
    cost = setup + parameters.travel_cost_per_km * tables.metres[offer, community] / 1000.0
    index, cell, value = _people(tables, cells, offer, category, community, part, minimum)
    minimum[len(minimum) - locked :] = 0  # staff may hold an occurrence with fewer
    reach = np.bincount(index, weights=cells.people[cell], minlength=len(offer))
    good = (np.minimum(size, reach) >= np.maximum(1, minimum)) & (size > 0)
    good[len(good) - locked :] = True
    renumber = np.cumsum(good) - 1
    kept = good[index]
    index, cell, value = renumber[index[kept]], cell[kept], value[kept]
    order = np.lexsort((cell, -value, index))
    count = int(good.sum())
    return Candidates(
        offer=offer[good],
        category=category[good],
        community=community[good],
        venue=venue[good],
        part=part[good],
        size=size[good],
        minimum=minimum[good],
        cost=cost[good],
        most=most[good],
        earlier=_earlier(tables, offer[good], category[good], community[good], part[good]),
        locked=locked,
        cell=cell[order],
        cell_value=value[order],
        starts=np.searchsorted(index[order], np.arange(count + 1)),
    )


def walkers(tables: Tables) -> Array:
    """List for each community its own row and those of the nearest communities that walk to it; -1 fills up."""
    import numpy as np

    count = len(tables.communities)
    width = min(count, tables.parameters.neighbours_per_venue + 1)
    way = np.where(tables.walkable.T, tables.between, np.inf)
    np.fill_diagonal(way, -1.0)
    order = np.argsort(way, axis=1, kind="stable")[:, :width]
    return np.where(np.isfinite(np.take_along_axis(way, order, axis=1)), order, -1)


def _minimum(tables: Tables) -> Array:
    import numpy as np

    own = np.array([-1 if o.minimum is None else o.minimum for o in tables.offers], dtype=np.int64)
    usual = np.array([c.minimum for c in tables.categories], dtype=np.int64)
    return np.where(own[:, None] >= 0, own[:, None], usual[None, :])


def choose(tables: Tables, capacity: Capacity, people: Array, occurrences: Array) -> Array:
    """Choose offers per community and category: half of them the best, half of them spread over all that come.

    `people` are those still to be served (categories × communities × parts), `occurrences` what each offer has left.
    """
    import numpy as np

    near = walkers(tables)
    parts = len(tables.parts)
    there = np.zeros((len(tables.offers), parts), dtype=bool)
    for slot, part in enumerate(tables.part_of_slot):
        there[:, part] |= capacity.offer_slots[:, slot]
    sizes = np.array([offer.capacity for offer in tables.offers], dtype=np.int64)
    minimum = _minimum(tables)
    free = (occurrences > 0) & (sizes > 0)
    spread = np.array([zlib.crc32(offer.id.encode()) for offer in tables.offers], dtype=np.int64)
    wanted = tables.parameters.offers_per_cell
    found: list[tuple[Array, Array, Array, Array]] = []
    for category in range(len(tables.categories)):
        who = np.flatnonzero((tables.quality[:, category] > 0) & free)
        own = people[category]
        if not len(who) or not own.any():
            continue
        coming = np.where((near >= 0)[:, :, None], own[near], 0).sum(axis=1)
        goes = tables.reaches[who]
        if tables.barred is not None:
            goes = goes & ~tables.barred[who, :, category]
        fits = goes[:, :, None] & there[who][:, None, :] & (own[None, :, :] > 0)
        fits &= coming[None, :, :] >= np.maximum(1, minimum[who, category])[:, None, None]
        filled = np.minimum(sizes[who][:, None, None], coming[None, :, :]) * fits
        score = filled.max(axis=2) * tables.quality[who, category][:, None] - 0.3 * tables.metres[who] / 1000.0
        score[~fits.any(axis=2)] = -np.inf
        kept = _ranked(score, wanted - wanted // 2)
        mixed = (spread[who][:, None] * 2654435761 + np.arange(score.shape[1])[None, :] * 40503) % 1_000_003
        kept |= _ranked(np.where(kept | ~np.isfinite(score), -np.inf, mixed), wanted // 2)
        o, c, t = np.nonzero(fits & kept[:, :, None])
        found.append((who[o], np.full(len(o), category), c, t))
    return together(found)


def together(found: list[tuple[Array, Array, Array, Array]]) -> Array:
    """Put rows together, each once, sorted."""
    import numpy as np

    if not found:
        return np.zeros((0, 4), dtype=np.int64)
    return np.unique(np.stack([np.concatenate(column) for column in zip(*found, strict=True)], axis=1), axis=0)


def _ranked(score: Array, count: int) -> Array:
    """Mark the best `count` of each column."""
    import numpy as np

    marked = np.zeros(score.shape, dtype=bool)
    if count and score.shape[0]:
        order = np.argsort(-score, axis=0, kind="stable")[:count]
        np.put_along_axis(marked, order, True, axis=0)
    return marked & np.isfinite(score)


def known_rows(tables: Tables, start: Iterable[Proposal]) -> Array:
    """Keep what the plan before and a plan to start from hold among the candidates, wherever it is still possible."""
    import numpy as np

    at = tables.at
    known = set(earlier_counts(tables))
    for held in start:
        if held.offer in at["offers"] and held.slot in at["slots"] and held.community in at["communities"]:
            part = int(tables.part_of_slot[at["slots"][held.slot]])
            category = at["categories"].get(held.category, -1)
            known.add((at["offers"][held.offer], category, at["communities"][held.community], part))
    rows = [
        row
        for row in known
        if row[1] >= 0
        and tables.quality[row[0], row[1]] > 0
        and tables.reaches[row[0], row[2]]
        and not (tables.barred is not None and tables.barred[row[0], row[2], row[1]])
    ]
    return np.array(sorted(rows), dtype=np.int64).reshape(-1, 4)


def earlier_counts(tables: Tables) -> dict[tuple[int, int, int, int], int]:
    """Count the plan before by offer, category, community and part; what is no longer there is left out."""
    counted: dict[tuple[int, int, int, int], int] = {}
    at = tables.at
    for earlier in tables.problem.previous:
        if earlier.offer in at["offers"] and earlier.slot in at["slots"]:
            key = (
                at["offers"][earlier.offer],
                at["categories"][earlier.category],
                at["communities"][earlier.community],
                int(tables.part_of_slot[at["slots"][earlier.slot]]),
            )
            counted[key] = counted.get(key, 0) + 1
    return counted


def _earlier(tables: Tables, *rows: Array) -> Array:
    import numpy as np

    counted = earlier_counts(tables)
    if not counted:
        return np.zeros(len(rows[0]), dtype=np.int64)
    return np.array([counted.get(key, 0) for key in zip(*(row.tolist() for row in rows), strict=True)], dtype=np.int64)


def _with_venues(tables: Tables, capacity: Capacity, *rows: Array) -> tuple[Array, ...]:
    """Give each candidate that needs a room the smallest that takes all, and the next; the others stay without."""
    import numpy as np

    venues: dict[int, list[int]] = {}
    for row, venue in enumerate(tables.venues):
        if capacity.venue_free[row].any():
            venues.setdefault(tables.at["communities"][venue.community], []).append(row)
    for listed in venues.values():
        listed.sort(key=lambda row: (tables.venues[row].seats, row))
    seats = [venue.seats for venue in tables.venues]
    chosen: dict[tuple[int, int], list[int]] = {}
    index: list[int] = []
    found: list[int] = []
    needs_venue = [offer.needs_venue for offer in tables.offers]
    sizes = [offer.capacity for offer in tables.offers]
    for number, (offer, community) in enumerate(zip(rows[0].tolist(), rows[2].tolist(), strict=True)):
        if not needs_venue[offer]:
            index.append(number)
            found.append(NO_VENUE)
            continue
        if (community, sizes[offer]) not in chosen:
            every = venues.get(community, [])
            first = next((n for n, row in enumerate(every) if seats[row] >= sizes[offer]), max(0, len(every) - 1))
            # With too few that are large enough, the largest of the smaller ones come in.
            first = max(0, min(first, len(every) - VENUES_PER_PLACE))
            chosen[community, sizes[offer]] = every[first : first + VENUES_PER_PLACE]
        for venue in chosen[community, sizes[offer]]:
            index.append(number)
            found.append(venue)
    taken = np.array(index, dtype=np.int64)
    return (*(row[taken] for row in rows), np.array(found, dtype=np.int64))


def _people(
    tables: Tables, cells: Cells, offer: Array, category: Array, community: Array, part: Array, minimum: Array
) -> tuple[Array, Array, Array]:
    """List who could come to each candidate: its index, the cell, and what one person of it is worth there."""
    import numpy as np

    near = walkers(tables)[community]
    width = near.shape[1] if len(near) else 1
    index = np.repeat(np.arange(len(offer)), width)
    source = near.reshape(-1)
    index, source = index[source >= 0], source[source >= 0]
    key = category[index] * len(tables.communities) + source
    first, last = cells.starts[key], cells.starts[key + 1]
    many = last - first
    pooled = _pooled(cells, category[index], source, community[index], part[index], minimum[index])
    many = np.where(pooled, many, 0)
    index = np.repeat(index, many)
    source = np.repeat(source, many)
    cell = np.repeat(first - np.r_[0, np.cumsum(many)[:-1]] if len(many) else first, many) + np.arange(int(many.sum()))
    way = tables.between[source, community[index]]
    keep = cells.parts[cell, part[index]] & (way <= np.where(source == community[index], np.inf, cells.limit[cell]))
    keep &= _allowed(tables, cells, offer, community, part, index, cell)
    index, cell, way = index[keep], cell[keep], way[keep]
    fit = tables.quality[offer[index], category[index]] * tables.near(way)
    return index, cell, cells.weight[cell] - (1.0 - fit)


def _pooled(cells: Cells, category: Array, source: Array, venue: Array, part: Array, minimum: Array) -> Array:
    """Say whose people come: the community's own, and a neighbour's where one of the two has too few for its own."""
    here, there = cells.by_part[category, venue, part], cells.by_part[category, source, part]
    return (source == venue) | (here < minimum) | (there < minimum)


def _allowed(
    tables: Tables, cells: Cells, offer: Array, community: Array, part: Array, index: Array, cell: Array
) -> Array:
    """Keep out what rules say about single needs."""
    import numpy as np

    allowed = np.ones(len(index), dtype=bool)
    rules = [rule for rule in tables.fine_rules if rule.need]
    if rules:
        cell_of = {row: number for number, rows in enumerate(cells.members) for row in rows}
        for rule in rules:
            number = cell_of.get(tables.at["needs"][rule.need])
            if number is not None:
                hit = cell == number
                if rule.offer:
                    hit &= offer[index] == tables.at["offers"][rule.offer]
                if rule.community:
                    hit &= community[index] == tables.at["communities"][rule.community]
                if rule.slot:
                    hit &= part[index] == tables.part_of_slot[tables.at["slots"][rule.slot]]
                allowed &= ~hit
    return allowed
