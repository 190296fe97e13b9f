"""The month as a program: candidates, demand and what limits them, the same for all solvers."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from lianxin.engines.matching.candidates import Candidates, build_candidates, choose, earlier_counts, known_rows
from lianxin.engines.matching.capacity import Capacity, free_capacity
from lianxin.engines.matching.cells import Cells, build_cells
from lianxin.engines.matching.fairness import tier_widths
from lianxin.engines.matching.model.plan import Proposal
from lianxin.engines.matching.tables import Array, Tables


@dataclass(frozen=True)
class MonthModel:
    """Everything the solvers of a month share; it is built once and kept while staff lock and unlock."""

    tables: Tables
    cells: Cells
    capacity: Capacity
    candidates: Candidates

    @cached_property
    def offer_parts(self) -> Array:
        """Count for offers × parts the slots an offer is free in."""
        import numpy as np

        found = np.zeros((len(self.tables.offers), len(self.tables.parts)), dtype=np.int64)
        for slot, part in enumerate(self.tables.part_of_slot):
            found[:, part] += self.capacity.offer_slots[:, slot]
        return found

    @cached_property
    def venue_parts(self) -> Array:
        """Count for venues × parts how many occurrences a room can take."""
        import numpy as np

        found = np.zeros((len(self.tables.venues) + 1, len(self.tables.parts)), dtype=np.int64)
        for slot, part in enumerate(self.tables.part_of_slot):
            found[:, part] += self.capacity.venue_free[:, slot]
        return found

    @cached_property
    def volunteer_total(self) -> Array:
        """Count how often each volunteer may come in the whole period."""
        return self.capacity.volunteer_weeks.clip(min=0).sum(axis=1)

    @cached_property
    def asked(self) -> Array:
        """Count the people of each community who are not held back."""
        import numpy as np

        return np.bincount(self.cells.community, weights=self.cells.people, minlength=self.cells.communities).astype(
            np.int64
        )

    @cached_property
    def reachable(self) -> Array:
        """Count the people of each community for whom there is any candidate, at most what one community could get."""
        import numpy as np

        cells = np.unique(self.candidates.cell)
        return np.bincount(
            self.cells.community[cells], weights=self.cells.people[cells], minlength=self.cells.communities
        ).astype(np.int64)

    @cached_property
    def widths(self) -> Array:
        """Give communities × tiers: how many people fill a tier."""
        return tier_widths(self.reachable, tiers=self.tables.parameters.month_fairness_tiers)

    @cached_property
    def bonuses(self) -> list[float]:
        """Give what serving one more is worth in each tier."""
        parameters = self.tables.parameters
        tiers = parameters.month_fairness_tiers
        return [parameters.month_fairness_bonus * (tiers - tier) / tiers for tier in range(tiers)]

    @cached_property
    def churn(self) -> float:
        """Give what each change against the plan before costs; nothing when there was none."""
        return self.tables.parameters.churn_cost if self.tables.problem.previous else 0.0

    @cached_property
    def earlier_total(self) -> int:
        """Count the occurrences of the plan before that are still known."""
        return sum(earlier_counts(self.tables).values())

    @cached_property
    def lists(self) -> "Lists":
        """Give the arrays as lists, which plain Python reads much faster."""
        c = self.candidates
        return Lists(
            offer=c.offer.tolist(),
            venue=c.venue.tolist(),
            part=c.part.tolist(),
            size=c.size.tolist(),
            minimum=c.minimum.tolist(),
            cost=c.cost.tolist(),
            most=c.most.tolist(),
            earlier=c.earlier.tolist(),
            cell=c.cell.tolist(),
            cell_value=c.cell_value.tolist(),
            starts=c.starts.tolist(),
            cell_community=self.cells.community.tolist(),
            volunteer=self.capacity.volunteer.tolist(),
            keys=list(zip(c.offer.tolist(), c.category.tolist(), c.community.tolist(), c.part.tolist(), strict=True)),
        )

    @property
    def free(self) -> int:
        """Count the candidates that are not locked; these come first."""
        return len(self.candidates) - self.candidates.locked


@dataclass(frozen=True)
class Lists:
    """The candidates as plain lists; `keys` tell which of them the plan before counts as the same occurrence."""

    offer: list[int]
    venue: list[int]
    part: list[int]
    size: list[int]
    minimum: list[int]
    cost: list[float]
    most: list[int]
    earlier: list[int]
    cell: list[int]
    cell_value: list[float]
    starts: list[int]
    cell_community: list[int]
    volunteer: list[int]
    keys: list[tuple[Any, ...]]


def build_month(tables: Tables, *, start: Sequence[Proposal] = ()) -> MonthModel:
    """Build the model of a month.

    Candidates are chosen in rounds: what a quick plan of those so far leaves open, people and offers, chooses the next.
    """
    import numpy as np

    from lianxin.engines.matching.plan_greedy import complete
    from lianxin.engines.matching.plan_start import begin

    cells, capacity = build_cells(tables), free_capacity(tables)
    people, occurrences = cells.by_part, capacity.occurrences
    rows = known_rows(tables, start)
    for _ in range(tables.parameters.candidate_rounds):
        fresh = choose(tables, capacity, people, occurrences)
        both = np.unique(np.concatenate([rows, fresh]), axis=0)
        if len(both) == len(rows) and len(rows):
            break
        rows = both
        model = MonthModel(tables, cells, capacity, build_candidates(tables, cells, capacity, rows))
        growing = begin(model, start)
        complete(growing)
        people = cells.of_people(np.array(growing.left, dtype=np.int64))
        occurrences = np.array(growing.occurrences, dtype=np.int64)
    return MonthModel(tables, cells, capacity, build_candidates(tables, cells, capacity, rows))
