"""Looks whether the parts of a problem name each other rightly, and whether staff's locks can be kept together."""

from collections import Counter
from collections.abc import Collection, Iterable

from lianxin.engines.matching.fields import Faults
from lianxin.engines.matching.model.problem import Lock, Problem


def check_references(problem: Problem, *, faults: Faults) -> None:
    """Note unknown and doubled ids, and locks that contradict what is there."""
    known = {
        name: _ids(name, (item.id for item in getattr(problem, name)), faults)
        for name in ("categories", "communities", "slots", "needs", "offers", "venues")
    }
    parts = {slot.part for slot in problem.slots}
    for need in problem.needs:
        where = f"Need {need.id}"
        _known(where, "community", need.community, known["communities"], faults)
        _known(where, "category", need.category, known["categories"], faults)
        for time in need.times:
            _known(where, "time", time, parts, faults)
    for offer in problem.offers:
        where = f"Offer {offer.id}"
        for category, _ in offer.categories:
            _known(where, "category", category, known["categories"], faults)
        for community in offer.communities:
            _known(where, "community", community, known["communities"], faults)
        for time in offer.times:
            _known(where, "time", time, parts | known["slots"], faults)
        if offer.kept > offer.promised:
            faults.add(f"{where}: kept {offer.kept} of {offer.promised} promised is not possible.")
        if (offer.minimum or 0) > offer.capacity:
            faults.add(f"{where}: its minimum of {offer.minimum} is more than its capacity of {offer.capacity}.")
    for venue in problem.venues:
        _known(f"Venue {venue.id}", "community", venue.community, known["communities"], faults)
        for slot, _ in venue.free:
            _known(f"Venue {venue.id}", "slot", slot, known["slots"], faults)
    for pair in problem.neighbours:
        for end in pair:
            _known("Neighbours", "community", end, known["communities"], faults)
    for number, earlier in enumerate(problem.previous):
        where = f"previous[{number}]"
        _known(where, "community", earlier.community, known["communities"], faults)
        _known(where, "category", earlier.category, known["categories"], faults)
    for number, rule in enumerate(problem.forbidden):
        where = f"forbidden[{number}]"
        if not any((rule.offer, rule.category, rule.community, rule.slot, rule.need)):
            faults.add(f"{where}: a rule without any field would forbid everything.")
        for field, names in (
            ("offer", "offers"),
            ("category", "categories"),
            ("community", "communities"),
            ("slot", "slots"),
            ("need", "needs"),
        ):
            if getattr(rule, field):
                _known(where, field, getattr(rule, field), known[names], faults)
    if not faults.sentences:
        (_check_pairs if problem.kind == "weekly" else _check_occurrences)(problem, faults)


def _ids(name: str, ids: Iterable[str], faults: Faults) -> set[str]:
    counted = Counter(ids)
    for found, times in counted.items():
        if times > 1:
            faults.add(f"{name}: the id {found} stands {times} times; an id must stand once.")
    return set(counted)


def _known(where: str, field: str, value: str, known: Collection[str], faults: Faults) -> None:
    if value not in known:
        faults.add(f"{where}: the {field} {value!r} is not in this file.")


def _check_pairs(problem: Problem, faults: Faults) -> None:
    offers = {offer.id: offer for offer in problem.offers}
    needs = {need.id: need for need in problem.needs}
    given: Counter[str] = Counter()
    taken: Counter[str] = Counter()
    for number, lock in enumerate(problem.locks):
        where = f"locks[{number}]"
        if not lock.need:
            continue  # an occurrence of a monthly plan; it says nothing about a week
        if lock.offer not in offers or lock.need not in needs:
            faults.add(f"{where}: the offer {lock.offer!r} or the need {lock.need!r} is not in this file.")
            continue
        if needs[lock.need].category not in dict(offers[lock.offer].categories):
            faults.add(f"{where}: offer {lock.offer} does not do {needs[lock.need].category}.")
        given[lock.offer] += lock.people
        taken[lock.need] += lock.people
    for name, people in given.items():
        seats = offers[name].capacity * offers[name].occurrences
        if people > seats:
            faults.add(f"Locks give offer {name} {people} people; it takes {seats}.")
    for name, people in taken.items():
        if people > needs[name].people:
            faults.add(f"Locks serve {people} people of need {name}, which has {needs[name].people}.")


def _check_occurrences(problem: Problem, faults: Faults) -> None:
    locks = [lock for lock in problem.locks if not lock.need]
    offers = {offer.id: offer for offer in problem.offers}
    slots = {slot.id: slot for slot in problem.slots}
    communities = {community.id for community in problem.communities}
    rooms = {venue.id: venue for venue in problem.venues}
    used: Counter[str] = Counter()
    at_once: Counter[tuple[str, str]] = Counter()
    in_room: Counter[tuple[str, str]] = Counter()
    in_community: Counter[tuple[str, str]] = Counter()
    weeks: Counter[tuple[str, int]] = Counter()
    for number, lock in enumerate(locks):
        where = f"locks[{number}]"
        if not _names_hold(lock, where, offers, slots, communities, rooms, faults):
            continue
        offer, slot = offers[lock.offer], slots[lock.slot]
        if offer.times and not {slot.id, slot.part} & set(offer.times):
            faults.add(f"{where}: offer {offer.id} is not there in slot {slot.id}.")
        used[offer.id] += 1
        at_once[offer.id, slot.id] += 1
        if offer.volunteer:
            weeks[offer.volunteer, slot.week] += 1
        if lock.venue:
            in_room[lock.venue, slot.id] += 1
        if offer.needs_venue:
            in_community[lock.community, slot.id] += 1
    room_for: Counter[tuple[str, str]] = Counter()
    for venue in problem.venues:
        for name, count in venue.free:
            room_for[venue.community, name] += count
    for name, count in used.items():
        if count > offers[name].occurrences:
            faults.add(f"Locks hold offer {name} {count} times; it comes {offers[name].occurrences} times.")
    for (name, when), count in at_once.items():
        if count > 1:
            faults.add(f"Locks hold offer {name} in {count} places at once in slot {when}.")
    for (name, when), count in in_room.items():
        if count > dict(rooms[name].free).get(when, 0):
            faults.add(f"Locks hold venue {name} {count} times in slot {when}, more than it is free.")
    for (name, when), count in in_community.items():
        if count > room_for[name, when]:
            faults.add(
                f"Locks need {count} venues in community {name} in slot {when}; {room_for[name, when]} are free."
            )
    for (name, week), count in weeks.items():
        if count > problem.parameters.volunteer_per_week:
            faults.add(f"Locks hold volunteer {name} {count} times in week {week}.")


def _names_hold(
    lock: Lock,
    where: str,
    offers: dict,
    slots: dict,
    communities: set[str],
    rooms: dict,
    faults: Faults,
) -> bool:
    before = len(faults.sentences)
    _known(where, "offer", lock.offer, offers, faults)
    _known(where, "slot", lock.slot, slots, faults)
    _known(where, "community", lock.community, communities, faults)
    if lock.offer in offers and lock.category not in dict(offers[lock.offer].categories):
        faults.add(f"{where}: offer {lock.offer} does not do {lock.category!r}.")
    if lock.venue:
        _known(where, "venue", lock.venue, rooms, faults)
        if lock.venue in rooms and rooms[lock.venue].community != lock.community:
            faults.add(f"{where}: venue {lock.venue} is not in community {lock.community}.")
    return len(faults.sentences) == before
