"""A problem as arrays, everything sorted by id, so that the order of the input cannot show in the output."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from lianxin.engines.geo import EARTH_RADIUS_METRES
from lianxin.engines.matching.model.problem import Forbidden, Parameters, Problem

Array = Any  # numpy is imported inside, for processes that never match


@dataclass(frozen=True)
class Tables:
    """The sorted lists and what is reckoned of them once."""

    problem: Problem

    @cached_property
    def parameters(self) -> Parameters:
        """Give the weights."""
        return self.problem.parameters

    @cached_property
    def categories(self) -> list[Any]:
        """List the categories by id."""
        return sorted(self.problem.categories, key=_id)

    @cached_property
    def communities(self) -> list[Any]:
        """List the communities by id."""
        return sorted(self.problem.communities, key=_id)

    @cached_property
    def slots(self) -> list[Any]:
        """List the slots by week and id."""
        return sorted(self.problem.slots, key=lambda slot: (slot.week, slot.id))

    @cached_property
    def needs(self) -> list[Any]:
        """List the needs by id."""
        return sorted(self.problem.needs, key=_id)

    @cached_property
    def offers(self) -> list[Any]:
        """List the offers by id."""
        return sorted(self.problem.offers, key=_id)

    @cached_property
    def venues(self) -> list[Any]:
        """List the venues by id."""
        return sorted(self.problem.venues, key=_id)

    @cached_property
    def at(self) -> dict[str, dict[str, int]]:
        """Give the row of each id, by list."""
        names = ("categories", "communities", "slots", "needs", "offers", "venues")
        return {name: {item.id: row for row, item in enumerate(getattr(self, name))} for name in names}

    @cached_property
    def need_community(self) -> Array:
        """Give the community's row of each need."""
        return self._rows(self.at["communities"], (need.community for need in self.needs))

    @cached_property
    def need_category(self) -> Array:
        """Give the category's row of each need."""
        return self._rows(self.at["categories"], (need.category for need in self.needs))

    @cached_property
    def people(self) -> Array:
        """Give the people of each need."""
        import numpy as np

        return np.array([need.people for need in self.needs], dtype=np.int64)

    @cached_property
    def weight(self) -> Array:
        """Give what serving one person of each need is worth next door: priority, raised by waiting in four steps."""
        import numpy as np

        full, more = max(1, self.parameters.waiting_full_days), self.parameters.waiting_weight
        return np.array([need.priority * waiting_factor(need.waiting_days, full, more) for need in self.needs])

    @cached_property
    def parts(self) -> list[str]:
        """List the parts that slots fall into, sorted."""
        return sorted({slot.part or slot.id for slot in self.slots})

    @cached_property
    def part_of_slot(self) -> Array:
        """Give the part's row of each slot."""
        row = {part: number for number, part in enumerate(self.parts)}
        return self._rows(row, (slot.part or slot.id for slot in self.slots))

    @cached_property
    def need_parts(self) -> Array:
        """Say for needs × parts whether the people can come then."""
        import numpy as np

        row = {part: number for number, part in enumerate(self.parts)}
        # Few patterns come again and again, so each is set out once.
        patterns = {times: number for number, times in enumerate(sorted({need.times for need in self.needs}))}
        found = np.zeros((len(patterns), len(self.parts)), dtype=bool)
        for times, number in patterns.items():
            found[number, [row[time] for time in times] if times else slice(None)] = True
        return found[self._rows(patterns, (need.times for need in self.needs))]

    @cached_property
    def offer_slots(self) -> Array:
        """Say for offers × slots whether the offer is there, without what staff ruled out for the offer as a whole."""
        import numpy as np

        patterns = {times: number for number, times in enumerate(sorted({offer.times for offer in self.offers}))}
        listed = np.zeros((len(patterns), len(self.slots)), dtype=bool)
        rows: dict[str, list[int]] = {}
        for number, slot in enumerate(self.slots):
            for name in {slot.id, slot.part or slot.id}:
                rows.setdefault(name, []).append(number)
        for times, number in patterns.items():
            if not times:
                listed[number] = True
            for time in times:
                listed[number, rows[time]] = True
        found = listed[self._rows(patterns, (offer.times for offer in self.offers))]
        for rule in self.problem.forbidden:
            if rule.slot and not (rule.category or rule.community or rule.need):
                offer_rows = self.at["offers"][rule.offer] if rule.offer else slice(None)
                found[offer_rows, self.at["slots"][rule.slot]] = False
        return found

    @cached_property
    def metres(self) -> Array:
        """Measure offers × communities over the ground, like `geo.distance_metres`."""
        import numpy as np

        here = np.radians(np.array([(offer.lat, offer.lng) for offer in self.offers]).reshape(-1, 2))
        return ground(here, self.community_radians)

    @cached_property
    def between(self) -> Array:
        """Measure communities × communities over the ground."""
        return ground(self.community_radians, self.community_radians)

    @cached_property
    def community_radians(self) -> Array:
        """Give latitude and longitude of each community in radians."""
        import numpy as np

        return np.radians(np.array([(place.lat, place.lng) for place in self.communities]).reshape(-1, 2))

    @cached_property
    def reaches(self) -> Array:
        """Say for offers × communities whether the offer goes there."""
        import numpy as np

        radius = np.array([np.inf if o.radius_metres is None else o.radius_metres for o in self.offers])
        found = self.metres <= radius[:, None]
        for number, offer in enumerate(self.offers):
            if offer.communities:
                listed = np.zeros(len(self.communities), dtype=bool)
                listed[[self.at["communities"][name] for name in offer.communities]] = True
                found[number] &= listed
        return found

    @cached_property
    def walkable(self) -> Array:
        """Say for communities × communities whether people of the first walk to the second; always to their own."""
        import numpy as np

        count = len(self.communities)
        if self.problem.neighbours:
            found = np.zeros((count, count), dtype=bool)
            for one, other in self.problem.neighbours:
                a, b = self.at["communities"][one], self.at["communities"][other]
                found[a, b] = found[b, a] = True
        else:
            found = self.between <= self.parameters.walking_metres
        np.fill_diagonal(found, True)
        return found

    @cached_property
    def quality(self) -> Array:
        """Give offers × categories: how well the level and the record fit; 0 where the offer does not do it."""
        import numpy as np

        found = np.zeros((len(self.offers), len(self.categories)))
        for number, offer in enumerate(self.offers):
            record = record_factor(offer.kept, offer.promised, self.parameters.record_weight)
            for name, level in offer.categories:
                found[number, self.at["categories"][name]] = self.parameters.level_fit[level - 1] * record
        return found

    @cached_property
    def nearness(self) -> Array:
        """Give offers × communities: how well the way fits, from 1 next door down to 1 - distance_weight."""
        return self.near(self.metres)

    def near(self, metres: Array) -> Array:
        """Say how well a way fits: 1 next door."""
        import numpy as np

        return 1.0 - self.parameters.distance_weight * np.minimum(1.0, metres / self.parameters.far_metres)

    @cached_property
    def barred(self) -> Array:
        """Say for offers × communities × categories what staff ruled out whatever the time and need, or None."""
        import numpy as np

        rules = [r for r in self.problem.forbidden if not r.need and not r.slot]
        if not rules:
            return None
        found = np.zeros((len(self.offers), len(self.communities), len(self.categories)), dtype=bool)
        for rule in rules:
            found[self.rows_of(rule)] = True
        return found

    def rows_of(self, rule: Forbidden) -> tuple[Any, Any, Any]:
        """Give a rule's index into offers × communities × categories."""
        return (
            self.at["offers"][rule.offer] if rule.offer else slice(None),
            self.at["communities"][rule.community] if rule.community else slice(None),
            self.at["categories"][rule.category] if rule.category else slice(None),
        )

    @cached_property
    def held_back(self) -> Array:
        """Say which needs staff hold back as a whole."""
        import numpy as np

        found = np.zeros(len(self.needs), dtype=bool)
        for rule in self.problem.forbidden:
            if rule.need and not (rule.offer or rule.category or rule.community or rule.slot):
                found[self.at["needs"][rule.need]] = True
        return found

    @cached_property
    def fine_rules(self) -> list[Forbidden]:
        """List the rules that neither the slots of an offer nor `barred` nor `held_back` can hold."""
        return [
            rule
            for rule in sorted(self.problem.forbidden, key=lambda r: (r.offer, r.category, r.community, r.slot, r.need))
            if (rule.need and (rule.offer or rule.category or rule.community or rule.slot))
            or (rule.slot and (rule.category or rule.community) and not rule.need)
        ]

    def _rows(self, row: dict[Any, int], names: Any) -> Array:
        import numpy as np

        return np.array([row[name] for name in names], dtype=np.int64)


def waiting_factor(days: int, full: int, more: float) -> float:
    """Raise a priority by waiting, in four steps, so that needs of one step stay alike."""
    return 1.0 + more * min(4, 4 * days // full) / 4


def record_factor(kept: int, promised: int, weight: float) -> float:
    """Lower an offer's fit by the promises that were not kept; a newcomer counts as good."""
    return 1.0 - weight * (1.0 - (kept + 1) / (promised + 1))


def ground(here: Array, there: Array) -> Array:
    """Measure all ways between two lists of (latitude, longitude) in radians (haversine), in metres."""
    import numpy as np

    lat = np.sin((there[None, :, 0] - here[:, None, 0]) / 2) ** 2
    lng = np.sin((there[None, :, 1] - here[:, None, 1]) / 2) ** 2
    half = lat + np.cos(here[:, None, 0]) * np.cos(there[None, :, 0]) * lng
    return 2 * EARTH_RADIUS_METRES * np.arcsin(np.minimum(1.0, np.sqrt(half)))


def _id(item: Any) -> str:
    return str(item.id)
