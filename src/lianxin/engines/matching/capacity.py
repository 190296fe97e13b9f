"""What is free in a month after staff's locks have taken their share: offers, rooms and volunteers, slot by slot."""

from dataclasses import dataclass

from lianxin.engines.matching.tables import Array, Tables

NO_VENUE = -1


@dataclass(frozen=True)
class Held:
    """A locked occurrence as rows."""

    offer: int
    category: int
    community: int
    venue: int
    slot: int


@dataclass(frozen=True)
class Capacity:
    """Free occurrences of offers, offers × slots, venues × slots, and volunteers × weeks."""

    occurrences: Array
    offer_slots: Array
    venue_free: Array
    volunteer: Array
    volunteer_weeks: Array
    weeks: Array
    held: tuple[Held, ...]

    def common(self, tables: Tables, offer: Array, venue: Array) -> Array:
        """Count for candidates × parts the slots in which offer and room are both free."""
        import numpy as np

        free = self.offer_slots[offer] & ((self.venue_free[venue] > 0) | (venue == NO_VENUE)[:, None])
        found = np.zeros((len(offer), len(tables.parts)), dtype=np.int64)
        for slot, part in enumerate(tables.part_of_slot):
            found[:, part] += free[:, slot]
        return found


def free_capacity(tables: Tables) -> Capacity:
    """Take the locks out of what there is; a lock that needs a room and names none gets the smallest."""
    import numpy as np

    occurrences = np.array([offer.occurrences for offer in tables.offers], dtype=np.int64)
    offer_slots = tables.offer_slots.copy()
    # One row more than there are venues, so that NO_VENUE as an index reads a row of its own.
    venue_free = np.zeros((len(tables.venues) + 1, len(tables.slots)), dtype=np.int64)
    for row, venue in enumerate(tables.venues):
        for slot, count in venue.free:
            venue_free[row, tables.at["slots"][slot]] = count
    names = sorted({offer.volunteer for offer in tables.offers if offer.volunteer})
    row_of = {name: row for row, name in enumerate(names)}
    volunteer = np.array([row_of.get(offer.volunteer, -1) for offer in tables.offers], dtype=np.int64)
    numbers = sorted({slot.week for slot in tables.slots})
    weeks = np.array([numbers.index(slot.week) for slot in tables.slots], dtype=np.int64)
    left = np.full((len(names) + 1, len(numbers)), tables.parameters.volunteer_per_week, dtype=np.int64)
    held = []
    for lock in sorted(
        (lock for lock in tables.problem.locks if not lock.need),
        key=lambda lock: (not lock.venue, lock.offer, lock.category, lock.community, lock.slot, lock.venue),
    ):
        offer, slot = tables.at["offers"][lock.offer], tables.at["slots"][lock.slot]
        community = tables.at["communities"][lock.community]
        venue = NO_VENUE
        if lock.venue:
            venue = tables.at["venues"][lock.venue]
        elif tables.offers[offer].needs_venue:
            venue = _smallest(tables, venue_free, lock.community, slot, tables.offers[offer].capacity)
        occurrences[offer] -= 1
        offer_slots[offer, slot] = False
        if venue != NO_VENUE:
            venue_free[venue, slot] -= 1
        if volunteer[offer] >= 0:
            left[volunteer[offer], weeks[slot]] -= 1
        held.append(Held(offer, tables.at["categories"][lock.category], community, venue, slot))
    return Capacity(occurrences, offer_slots, venue_free, volunteer, left, weeks, tuple(held))


def _smallest(tables: Tables, venue_free: Array, community: str, slot: int, capacity: int) -> int:
    """Choose the smallest free room that takes them all, or the largest one."""
    free = [
        row for row, venue in enumerate(tables.venues) if venue.community == community and venue_free[row, slot] > 0
    ]
    enough = [row for row in free if tables.venues[row].seats >= capacity]
    if enough:
        return min(enough, key=lambda row: (tables.venues[row].seats, row))
    return max(free, key=lambda row: (tables.venues[row].seats, -row), default=NO_VENUE)
