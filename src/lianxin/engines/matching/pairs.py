"""Who may serve whom in a week: all pairs of needs and offers that category, place and time allow, with their value."""

from dataclasses import dataclass

from lianxin.engines.matching.tables import Array, Tables

SCALE = 1000


@dataclass(frozen=True)
class Pairs:
    """Parallel arrays, sorted by need and offer; values in thousandths of a point."""

    need: Array
    offer: Array
    value: Array

    def __len__(self) -> int:
        return len(self.need)


def build_pairs(tables: Tables) -> Pairs:
    """Build all pairs, one category at a time; what staff locked is added by `with_locks`."""
    import numpy as np

    needs, offers, values = [], [], []
    slots = tables.offer_slots.astype(np.float32)
    by_part = np.zeros((len(tables.offers), len(tables.parts)), dtype=np.float32)
    for slot, part in enumerate(tables.part_of_slot):
        by_part[:, part] = np.maximum(by_part[:, part], slots[:, slot])
    asked = tables.need_parts.astype(np.float32)
    limit = np.array([np.inf if need.max_metres is None else need.max_metres for need in tables.needs])
    open_needs = ~tables.held_back
    for category in range(len(tables.categories)):
        mine = np.flatnonzero((tables.need_category == category) & open_needs)
        who = np.flatnonzero(tables.quality[:, category])
        if not len(mine) or not len(who):
            continue
        where = tables.need_community[mine]
        goes = tables.reaches[who]
        if tables.barred is not None:
            goes = goes & ~tables.barred[who, :, category]
        fits = goes.T[where]
        fits &= (asked[mine] @ by_part[who].T) > 0
        if np.isfinite(limit[mine]).any():
            fits &= tables.metres[who].T[where] <= limit[mine][:, None]
        rows, columns = np.nonzero(fits)
        fit = (tables.quality[who, category][:, None] * tables.nearness[who]).T
        needs.append(mine[rows])
        offers.append(who[columns])
        values.append(tables.weight[mine[rows]] * fit[where[rows], columns])
    if not needs:
        empty = np.zeros(0, dtype=np.int64)
        return Pairs(empty, empty, empty)
    need, offer = np.concatenate(needs), np.concatenate(offers)
    value = np.maximum(1, np.rint(SCALE * np.concatenate(values)).astype(np.int64))
    order = np.argsort(need, kind="stable")
    pairs = Pairs(need[order], offer[order], value[order])
    return _without_ruled_out(pairs, tables)


def _without_ruled_out(pairs: Pairs, tables: Tables) -> Pairs:
    """Drop the pairs that finer rules leave no time for."""
    import numpy as np

    if not tables.fine_rules:
        return pairs
    lost: dict[int, Array] = {}
    for rule in tables.fine_rules:
        chosen = np.ones(len(pairs), dtype=bool)
        if rule.offer:
            chosen &= pairs.offer == tables.at["offers"][rule.offer]
        if rule.need:
            chosen &= pairs.need == tables.at["needs"][rule.need]
        if rule.category:
            chosen &= tables.need_category[pairs.need] == tables.at["categories"][rule.category]
        if rule.community:
            chosen &= tables.need_community[pairs.need] == tables.at["communities"][rule.community]
        for row in np.flatnonzero(chosen):
            times = lost.setdefault(int(row), np.zeros(len(tables.slots), dtype=bool))
            times[tables.at["slots"][rule.slot] if rule.slot else slice(None)] = True
    gone = [
        row
        for row, times in lost.items()
        if not (
            tables.offer_slots[pairs.offer[row]] & tables.need_parts[pairs.need[row]][tables.part_of_slot] & ~times
        ).any()
    ]
    keep = np.ones(len(pairs), dtype=bool)
    keep[gone] = False
    return Pairs(pairs.need[keep], pairs.offer[keep], pairs.value[keep])
