"""A month's demand in cells of people who are alike: one community, category, times, weight and way they will go.

Cells of one `group` differ only in times and weight: wherever one of them may come, all may.
"""

from dataclasses import dataclass
from functools import cached_property

from lianxin.engines.matching.tables import Array, Tables


@dataclass(frozen=True)
class Cells:
    """Parallel arrays sorted by category and community; `members` are rows of needs, longest wait first."""

    community: Array
    category: Array
    parts: Array
    weight: Array
    limit: Array
    people: Array
    members: list[list[int]]
    group: Array
    communities: int
    categories: int

    def __len__(self) -> int:
        return len(self.community)

    @cached_property
    def starts(self) -> Array:
        """Give where the cells of each (category, community) begin, with the end as last."""
        import numpy as np

        key = self.category * self.communities + self.community
        return np.searchsorted(key, np.arange(self.categories * self.communities + 1))

    @cached_property
    def by_part(self) -> Array:
        """Count people for categories × communities × parts."""
        return self.of_people(self.people)

    def of_people(self, people: Array) -> Array:
        """Count so many people of each cell for categories × communities × parts."""
        import numpy as np

        found = np.zeros((self.categories, self.communities, self.parts.shape[1]), dtype=np.int64)
        np.add.at(found, (self.category, self.community), self.parts * people[:, None])
        return found


def build_cells(tables: Tables) -> Cells:
    """Put the needs that are not held back into cells."""
    import numpy as np

    groups: dict[tuple[int, int, tuple[bool, ...], float, float, int], list[int]] = {}
    categories, communities = tables.need_category.tolist(), tables.need_community.tolist()
    parts, weights = tables.need_parts.tolist(), tables.weight.tolist()
    alone = _named_in_rules(tables)
    for row, need in enumerate(tables.needs):
        if tables.held_back[row]:
            continue
        limit = float("inf") if need.max_metres is None else float(need.max_metres)
        # A need that a finer rule names stays alone, so that the rule can be kept for it.
        key = (categories[row], communities[row], tuple(parts[row]), weights[row], limit, row if row in alone else -1)
        groups.setdefault(key, []).append(row)
    keys = sorted(groups)
    members = [sorted(groups[key], key=lambda row: (-tables.needs[row].waiting_days, row)) for key in keys]
    groups_of = {name: number for number, name in enumerate(sorted({(k[0], k[1], k[4], k[5]) for k in keys}))}
    return Cells(
        group=np.array([groups_of[k[0], k[1], k[4], k[5]] for k in keys], dtype=np.int64),
        category=np.array([key[0] for key in keys], dtype=np.int64),
        community=np.array([key[1] for key in keys], dtype=np.int64),
        parts=np.array([key[2] for key in keys], dtype=bool).reshape(len(keys), len(tables.parts)),
        weight=np.array([key[3] for key in keys], dtype=np.float64),
        limit=np.array([key[4] for key in keys], dtype=np.float64),
        people=np.array([sum(tables.needs[row].people for row in rows) for rows in members], dtype=np.int64),
        members=members,
        communities=len(tables.communities),
        categories=len(tables.categories),
    )


def _named_in_rules(tables: Tables) -> set[int]:
    return {tables.at["needs"][rule.need] for rule in tables.fine_rules if rule.need}
