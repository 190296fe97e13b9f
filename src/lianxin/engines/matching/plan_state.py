"""A month's plan while it grows: what is taken, what is left, what one more occurrence would be worth."""

from dataclasses import dataclass, field, replace

from lianxin.engines.matching.capacity import NO_VENUE
from lianxin.engines.matching.plan_model import MonthModel
from lianxin.engines.matching.timetables import Timetable


@dataclass(frozen=True)
class Draft:
    """A folded plan: occurrences per candidate, people per candidate and place, and their slots if it has them."""

    counts: dict[int, int]
    people: dict[int, dict[int, int]]
    objective: float
    made_by: str = ""
    lies: dict[tuple[int, int], int] = field(default_factory=dict)


@dataclass
class Growing:
    """Counters that only go down while occurrences are added; locked occurrences are in from the start."""

    model: MonthModel
    counts: dict[int, int] = field(default_factory=dict)
    people: dict[int, dict[int, int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        model = self.model
        self.lists = model.lists
        self.left = model.cells.people.tolist()
        self.occurrences = model.capacity.occurrences.tolist()
        self.offer_parts = model.offer_parts.tolist()
        self.venue_parts = model.venue_parts.tolist()
        self.volunteers = model.volunteer_total.tolist()
        self.served = [0] * model.cells.communities
        self.reachable = model.reachable.tolist()
        self.bonus = [0.0] * model.cells.communities
        for community in range(model.cells.communities):
            self.count_served(community, 0)
        self.table = Timetable(model)
        self.same: dict[tuple, int] = {}  # type: ignore[type-arg]
        for candidate in range(model.free, len(model.candidates)):
            self.put(candidate, self.fill(candidate), locked=True)

    def fits(self, candidate: int) -> bool:
        """Say whether offer, room and volunteer could do it once more."""
        lists = self.lists
        offer, part, venue = lists.offer[candidate], lists.part[candidate], lists.venue[candidate]
        if not self.occurrences[offer] or not self.offer_parts[offer][part]:
            return False
        if venue != NO_VENUE and not self.venue_parts[venue][part]:
            return False
        volunteer = lists.volunteer[offer]
        if volunteer >= 0 and not self.volunteers[volunteer]:
            return False
        return self.counts.get(candidate, 0) < lists.most[candidate] and self.table.has_room(candidate)

    def fill(self, candidate: int) -> list[tuple[int, int]]:
        """Choose who comes: those who are worth most first, until it is full."""
        lists, left, room = self.lists, self.left, self.lists.size[candidate]
        coming = []
        for place in range(lists.starts[candidate], lists.starts[candidate + 1]):
            cell = lists.cell[place]
            count = left[cell]
            if count:
                if count > room:
                    count = room
                coming.append((place, count))
                room -= count
                if not room:
                    break
        return coming

    def worth(self, candidate: int) -> float:
        """Give what one more occurrence would add, or minus infinity below the minimum."""
        lists, left, room, total, people = self.lists, self.left, self.lists.size[candidate], 0.0, 0
        bonus, cells, values = self.bonus, lists.cell, lists.cell_value
        for place in range(lists.starts[candidate], lists.starts[candidate + 1]):
            cell = cells[place]
            count = left[cell]
            if count:
                if count > room:
                    count = room
                total += count * (values[place] + bonus[lists.cell_community[cell]])
                people += count
                room -= count
                if not room:
                    break
        if people < lists.minimum[candidate] or not people:
            return float("-inf")
        total -= lists.cost[candidate]
        churn = self.model.churn
        if churn:
            total += churn if self.same.get(lists.keys[candidate], 0) < lists.earlier[candidate] else -churn
        return total

    def count_served(self, community: int, step: int) -> None:
        """Count people of a community and what serving its next one is worth for fairness."""
        self.served[community] += step
        reachable, bonuses = self.reachable[community], self.model.bonuses
        tier = self.served[community] * len(bonuses) // reachable if reachable else len(bonuses)
        self.bonus[community] = bonuses[tier] if tier < len(bonuses) else 0.0

    def put(self, candidate: int, coming: list[tuple[int, int]], *, locked: bool = False, placed: bool = False) -> None:
        """Add an occurrence with the people who come (places in the candidate's list, count)."""
        lists = self.lists
        offer, part, venue = lists.offer[candidate], lists.part[candidate], lists.venue[candidate]
        number = self.counts.get(candidate, 0)
        self.counts[candidate] = number + 1
        if not locked:  # locks are taken out of the capacities already
            if not placed and not self.table.place((candidate, number)):
                raise AssertionError("an occurrence was put where there is no room")
            self.occurrences[offer] -= 1
            self.offer_parts[offer][part] -= 1
            if venue != NO_VENUE:
                self.venue_parts[venue][part] -= 1
            if lists.volunteer[offer] >= 0:
                self.volunteers[lists.volunteer[offer]] -= 1
        key = lists.keys[candidate]
        self.same[key] = self.same.get(key, 0) + 1
        mine = self.people.setdefault(candidate, {})
        for place, count in coming:
            cell = lists.cell[place]
            self.left[cell] -= count
            self.count_served(lists.cell_community[cell], count)
            mine[place] = mine.get(place, 0) + count

    def put_back(self, candidate: int, count: int, people: dict[int, int]) -> None:
        """Count occurrences in again whose slots the table holds already."""
        self.put(candidate, list(people.items()), placed=True)
        for _ in range(count - 1):
            self.put(candidate, [], placed=True)

    def resume(self, plan: Draft) -> None:
        """Take over a plan that has its slots."""
        for candidate, count in sorted(plan.counts.items()):
            if candidate < self.model.free:
                for number in range(count):
                    self.table.hold((candidate, number), plan.lies[candidate, number])
                self.put_back(candidate, count, plan.people.get(candidate, {}))

    def take_out(self, candidate: int) -> tuple[int, dict[int, int]]:
        """Take all occurrences of a candidate back; how many there were and who came."""
        lists = self.lists
        count, mine = self.counts.pop(candidate), self.people.pop(candidate, {})
        offer, part, venue = lists.offer[candidate], lists.part[candidate], lists.venue[candidate]
        for number in range(count):
            self.table.take((candidate, number))
        self.occurrences[offer] += count
        self.offer_parts[offer][part] += count
        if venue != NO_VENUE:
            self.venue_parts[venue][part] += count
        if lists.volunteer[offer] >= 0:
            self.volunteers[lists.volunteer[offer]] += count
        self.same[lists.keys[candidate]] -= count
        for place, number in mine.items():
            cell = lists.cell[place]
            self.left[cell] += number
            self.count_served(lists.cell_community[cell], -number)
        return count, mine

    def done(self, made_by: str) -> Draft:
        """Freeze the plan with its objective."""
        lies = dict(self.table.lies)
        for number, held in enumerate(self.model.capacity.held):
            lies[self.model.free + number, 0] = held.slot
        return replace(draft(self.model, self.counts, self.people, made_by), lies=lies)


def draft(model: MonthModel, counts: dict[int, int], people: dict[int, dict[int, int]], made_by: str) -> Draft:
    """Reckon the objective of a plan from its parts."""
    lists = model.lists
    total = 0.0
    served = [0] * model.cells.communities
    same: dict[tuple, int] = {}  # type: ignore[type-arg]
    earlier: dict[tuple, int] = {}  # type: ignore[type-arg]
    for candidate, count in counts.items():
        total -= count * lists.cost[candidate]
        key = lists.keys[candidate]
        same[key] = same.get(key, 0) + count
        earlier[key] = lists.earlier[candidate]
        for place, number in people.get(candidate, {}).items():
            total += number * lists.cell_value[place]
            served[lists.cell_community[lists.cell[place]]] += number
    if model.churn:
        kept = sum(min(count, earlier[key]) for key, count in same.items())
        total -= model.churn * (sum(same.values()) + model.earlier_total - 2 * kept)
    total += bonus_total(model, served)
    return Draft(dict(counts), {c: dict(p) for c, p in people.items()}, total, made_by)


def bonus_total(model: MonthModel, served: list[int]) -> float:
    """Sum the fairness tiers that the served people fill."""
    total = 0.0
    for widths, count in zip(model.widths.tolist(), served, strict=True):
        for width, bonus in zip(widths, model.bonuses, strict=True):
            filled = min(width, count)
            total += filled * bonus
            count -= filled
            if not count:
                break
    return total
