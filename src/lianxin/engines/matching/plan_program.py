"""The month's model as a matrix.

Columns: occurrences y; people X of a group at a candidate; people F of a cell who come in a part; fairness tiers z;
kept occurrences k. What somebody is worth is a sum of what the cell weighs and what the way and the offer take away,
so people need not be told apart at each candidate: that makes the matrix a third as big.
"""

from dataclasses import dataclass
from typing import Any

from lianxin.engines.matching.capacity import NO_VENUE
from lianxin.engines.matching.plan_model import MonthModel
from lianxin.engines.matching.tables import Array


@dataclass(frozen=True)
class Program:
    """maximise gain·v, under <= matrix·v <= over, low <= v <= high; columns stand in the order y, X, F, z, k."""

    gain: Array
    matrix: Any
    under: Array
    over: Array
    low: Array
    high: Array
    constant: float
    y: int
    x: int
    f: int
    x_candidate: Array
    x_group: Array
    f_part: Array
    f_cell: Array
    k_candidate: Array

    @property
    def whole(self) -> Array:
        """Mark the columns that must be whole: occurrences only, people follow."""
        import numpy as np

        return np.r_[np.ones(self.y), np.zeros(len(self.gain) - self.y)]


class Rows:
    """Collects the matrix block by block."""

    def __init__(self) -> None:
        self.row: list[Array] = []
        self.column: list[Array] = []
        self.value: list[Array] = []
        self.under: list[Array] = []
        self.over: list[Array] = []
        self.count = 0

    def add(self, row: Array, column: Array, value: Any) -> None:
        """Add entries to the block that the next `close` ends."""
        import numpy as np

        self.row.append(row + self.count)
        self.column.append(column)
        self.value.append(np.broadcast_to(np.asarray(value, dtype=np.float64), row.shape))

    def close(self, over: Array, *, equal: bool = False) -> None:
        """End a block of rows."""
        import numpy as np

        over = np.asarray(over, dtype=np.float64)
        self.over.append(over)
        self.under.append(over if equal else np.full(len(over), -np.inf))
        self.count += len(over)


def build_program(model: MonthModel) -> Program:
    """Build the matrix."""
    import numpy as np
    from scipy.sparse import csr_array

    c, cells = model.candidates, model.cells
    parts = len(model.tables.parts)
    owner = np.repeat(np.arange(len(c)), np.diff(c.starts))
    groups = int(cells.group.max(initial=-1)) + 1
    key, first = np.unique(owner * groups + cells.group[c.cell], return_index=True)
    x_candidate, x_group = key // max(1, groups), key % max(1, groups)
    f_cell, f_part = np.nonzero(cells.parts)
    used = np.zeros((groups, parts), dtype=bool)
    used[x_group, c.part[x_candidate]] = True
    kept = used[cells.group[f_cell], f_part]
    f_cell, f_part = f_cell[kept], f_part[kept]
    ny, nx, nf = len(c), len(key), len(f_cell)
    communities, tiers = model.widths.shape
    nz = communities * tiers
    at_x, at_f, at_z = ny + np.arange(nx), ny + nx + np.arange(nf), ny + nx + nf + np.arange(nz)
    rows = Rows()
    _attendance(rows, model, x_candidate, x_group, at_x, groups)
    balance = np.unique(x_group * parts + c.part[x_candidate])
    rows.add(np.searchsorted(balance, x_group * parts + c.part[x_candidate]), at_x, 1.0)
    rows.add(np.searchsorted(balance, cells.group[f_cell] * parts + f_part), at_f, -1.0)
    rows.close(np.zeros(len(balance)), equal=True)
    rows.add(f_cell, at_f, 1.0)
    rows.close(cells.people)
    _resources(rows, model)
    rows.add(np.arange(nz) // tiers, at_z, 1.0)
    rows.add(cells.community[f_cell], at_f, -1.0)
    rows.close(np.zeros(communities))
    earlier, key_of = _earlier_keys(model)
    at_k = ny + nx + nf + nz + np.arange(len(earlier))
    if len(earlier):
        hit = np.flatnonzero(key_of >= 0)
        rows.add(np.arange(len(earlier)), at_k, 1.0)
        rows.add(key_of[hit], hit, -1.0)
        rows.close(np.zeros(len(earlier)))
    width = ny + nx + nf + nz + len(earlier)
    matrix = csr_array(
        (np.concatenate(rows.value), (np.concatenate(rows.row), np.concatenate(rows.column))), shape=(rows.count, width)
    )
    low, high = np.zeros(width), np.full(width, np.inf)
    high[:ny] = c.most
    low[model.free : ny] = 1.0
    high[at_x] = (c.size * c.most)[x_candidate]
    high[at_f] = cells.people[f_cell]
    high[at_z] = model.widths.reshape(-1)
    high[at_k] = earlier
    gain = np.r_[
        -c.cost - model.churn,
        (c.cell_value - cells.weight[c.cell])[first],
        cells.weight[f_cell],
        np.tile(np.array(model.bonuses), communities),
        np.full(len(earlier), 2 * model.churn),
    ]
    return Program(
        gain=gain,
        matrix=matrix,
        under=np.concatenate(rows.under),
        over=np.concatenate(rows.over),
        low=low,
        high=high,
        constant=-model.churn * model.earlier_total,
        y=ny,
        x=nx,
        f=nf,
        x_candidate=x_candidate,
        x_group=x_group,
        f_part=f_part,
        f_cell=f_cell,
        k_candidate=np.array([np.flatnonzero(key_of == row)[0] for row in range(len(earlier))], dtype=np.int64),
    )


def _attendance(rows: Rows, model: MonthModel, x_candidate: Array, x_group: Array, at_x: Array, groups: int) -> None:
    """No more people than fit, no fewer than the minimum, and of each group no more per occurrence than there are.

    The last follows for whole occurrences; for fractions it keeps a tenth of an occurrence from serving a whole group.
    """
    import numpy as np

    c, cells = model.candidates, model.cells
    every = np.arange(len(c))
    rows.add(x_candidate, at_x, 1.0)
    rows.add(every, every, -c.size)
    rows.close(np.zeros(len(c)))
    held = np.flatnonzero(c.minimum > 1)
    row_of = np.full(len(c), -1)
    row_of[held] = np.arange(len(held))
    mine = row_of[x_candidate] >= 0
    rows.add(row_of[x_candidate[mine]], at_x[mine], -1.0)
    rows.add(np.arange(len(held)), held, c.minimum[held])
    rows.close(np.zeros(len(held)))
    there = np.zeros((groups, len(model.tables.parts)))
    np.add.at(there, cells.group, cells.parts * cells.people[:, None])
    most = there[x_group, c.part[x_candidate]]
    tight = np.flatnonzero(most < c.size[x_candidate])
    rows.add(np.arange(len(tight)), at_x[tight], 1.0)
    rows.add(np.arange(len(tight)), x_candidate[tight], -most[tight])
    rows.close(np.zeros(len(tight)))


def _resources(rows: Rows, model: MonthModel) -> None:
    """Offers, offers at one time, rooms and volunteers are not there more often than they are."""
    import numpy as np

    c = model.candidates
    parts = len(model.tables.parts)
    free = np.arange(model.free)
    _cap(rows, free, c.offer[free], model.capacity.occurrences)
    tight = model.offer_parts < model.capacity.occurrences[:, None]
    limited = free[tight[c.offer[free], c.part[free]]]
    _cap(rows, limited, c.offer[limited] * parts + c.part[limited], model.offer_parts.reshape(-1))
    housed = free[c.venue[free] != NO_VENUE]
    _cap(rows, housed, c.venue[housed] * parts + c.part[housed], model.venue_parts.reshape(-1))
    volunteer = model.capacity.volunteer[c.offer[free]]
    _cap(rows, free[volunteer >= 0], volunteer[volunteer >= 0], model.volunteer_total)
    _slot_cuts(rows, model)


def _slot_cuts(rows: Rows, model: MonthModel) -> None:
    """Keep an offer, or a room, from being planned more often than there are slots for just those occurrences.

    Parts fold slots together; without these rows an offer could be sent twice to rooms that are free only at the
    same time.
    """
    import numpy as np

    c, capacity = model.candidates, model.capacity
    free = np.arange(model.free)
    part_of = model.tables.part_of_slot
    there = capacity.offer_slots[c.offer[free]] & (c.part[free][:, None] == part_of[None, :])
    there &= (capacity.venue_free[c.venue[free]] > 0) | (c.venue[free] == NO_VENUE)[:, None]
    masks = {
        candidate: frozenset(np.flatnonzero(row).tolist()) for candidate, row in zip(free.tolist(), there, strict=True)
    }
    groups: dict[tuple[str, int, int], list[int]] = {}
    for candidate in free.tolist():
        part = int(c.part[candidate])
        groups.setdefault(("offer", int(c.offer[candidate]), part), []).append(candidate)
        if c.venue[candidate] != NO_VENUE:
            groups.setdefault(("venue", int(c.venue[candidate]), part), []).append(candidate)
    for (kind, row, part), members in sorted(groups.items()):
        whole = frozenset(np.flatnonzero(part_of == part).tolist())
        for mask in sorted({masks[candidate] for candidate in members}, key=sorted):
            inside = np.array([candidate for candidate in members if masks[candidate] <= mask])
            room = len(mask) if kind == "offer" else int(capacity.venue_free[row, sorted(mask)].sum())
            if mask != whole and len(inside) > 1 and c.most[inside].sum() > room:
                rows.add(np.zeros(len(inside), dtype=np.int64), inside, 1.0)
                rows.close(np.array([room]))


def _cap(rows: Rows, columns: Array, key: Array, limits: Array) -> None:
    import numpy as np

    if len(columns):
        used, row = np.unique(key, return_inverse=True)
        rows.add(row, columns, 1.0)
        rows.close(limits[used])


def _earlier_keys(model: MonthModel) -> tuple[Array, Array]:
    """Give how often each occurrence of the plan before was held, and for each candidate which of them it is."""
    import numpy as np

    c = model.candidates
    key = np.full(len(c), -1)
    if not model.churn:
        return np.zeros(0), key
    rows: dict[tuple, int] = {}  # type: ignore[type-arg]
    counts: list[float] = []
    for candidate in np.flatnonzero(c.earlier).tolist():
        name = model.lists.keys[candidate]
        if name not in rows:
            rows[name] = len(counts)
            counts.append(float(c.earlier[candidate]))
        key[candidate] = rows[name]
    return np.array(counts), key
