"""Proves a plan from the problem alone; shares no code with what made it, and no arrays either."""

from collections import Counter, defaultdict
from collections.abc import Sequence

from lianxin.engines.geo import Point, distance_metres
from lianxin.engines.matching.model.plan import Plan, Proposal
from lianxin.engines.matching.model.problem import Need, Offer, Problem, Slot

METRES_OF_ROUNDING = 1.0
VALUE_OF_ROUNDING = 1e-6


class BrokenPlan(Exception):
    """A plan breaks what it must keep; it must never be shown."""

    def __init__(self, sentences: Sequence[str]) -> None:
        self.sentences = tuple(sentences)
        super().__init__("\n".join(self.sentences[:20]))


def check_plan(problem: Problem, plan: Plan) -> None:
    """Raise when a plan breaks a rule or is not worth what it says."""
    checking = _Checking(problem)
    for number, proposal in enumerate(plan.proposals):
        checking.proposal(f"proposals[{number}]", proposal)
    checking.totals(plan.proposals)
    checking.locks(plan.proposals)
    if not checking.broken:
        worth = checking.worth(plan.proposals)
        if abs(worth - plan.value) > VALUE_OF_ROUNDING * max(1.0, abs(worth)) + checking.rounding(plan.proposals):
            checking.broken.append(f"The plan says it is worth {plan.value}; it is worth {worth}.")
    if checking.broken:
        raise BrokenPlan(checking.broken)


class _Checking:
    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.weekly = problem.kind == "weekly"
        self.needs = {need.id: need for need in problem.needs}
        self.offers = {offer.id: offer for offer in problem.offers}
        self.slots = {slot.id: slot for slot in problem.slots}
        self.venues = {venue.id: venue for venue in problem.venues}
        self.categories = {category.id: category for category in problem.categories}
        self.places = {place.id: Point(place.lng, place.lat) for place in problem.communities}
        self.together = {frozenset(pair) for pair in problem.neighbours}
        self.broken: list[str] = []
        self.rules: dict[str, list] = defaultdict(list)
        for rule in problem.forbidden:
            self.rules[rule.offer].append(rule)
        self.pairs: Counter[tuple[str, str]] = Counter()
        for lock in problem.locks:
            if lock.need:
                self.pairs[lock.offer, lock.need] += lock.people

    def proposal(self, where: str, proposal: Proposal) -> None:
        """Look at one proposal by itself."""
        offer, slot = self.offers.get(proposal.offer), self.slots.get(proposal.slot)
        if offer is None or slot is None or proposal.community not in self.places:
            self.broken.append(f"{where}: names an offer, a slot or a community that is not there.")
            return
        if proposal.category not in {name for name, _ in offer.categories}:
            self.broken.append(f"{where}: offer {offer.id} does not do {proposal.category}.")
            return
        names = [name for name, _ in proposal.served]
        if len(names) != len(set(names)):
            self.broken.append(f"{where}: names a need twice.")
        if (
            offer.times
            and not {slot.id, slot.part or slot.id} & set(offer.times)
            and not (self.weekly and proposal.locked)
        ):
            self.broken.append(f"{where}: offer {offer.id} is not there in slot {slot.id}.")
        if not proposal.locked:
            self._may_go(where, proposal, offer)
        if not self.weekly:
            self._occurrence(where, proposal, offer)
        for name, count in proposal.served:
            need = self.needs.get(name)
            if need is None or count < 1:
                self.broken.append(f"{where}: serves {count} people of need {name!r}.")
            else:
                self._served(where, proposal, offer, slot, need)

    def totals(self, proposals: Sequence[Proposal]) -> None:
        """Add up over all proposals what there is only so much of."""
        people: Counter[str] = Counter()
        seats: Counter[str] = Counter()
        times: Counter[str] = Counter()
        at_once: Counter[tuple[str, str]] = Counter()
        rooms: Counter[tuple[str, str]] = Counter()
        weeks: Counter[tuple[str, int]] = Counter()
        for proposal in proposals:
            for name, count in proposal.served:
                people[name] += count
                seats[proposal.offer] += count
            times[proposal.offer] += 1
            at_once[proposal.offer, proposal.slot] += 1
            if proposal.venue:
                rooms[proposal.venue, proposal.slot] += 1
            offer, slot = self.offers.get(proposal.offer), self.slots.get(proposal.slot)
            if offer and slot and offer.volunteer:
                weeks[offer.volunteer, slot.week] += 1
        for name, count in people.items():
            if name in self.needs and count > self.needs[name].people:
                self.broken.append(f"Need {name} has {self.needs[name].people} people; {count} are served.")
        for name, count in seats.items():
            if (
                self.weekly
                and name in self.offers
                and count > self.offers[name].capacity * self.offers[name].occurrences
            ):
                self.broken.append(f"Offer {name} serves {count} people, more than it takes.")
        if self.weekly:
            return
        for name, count in times.items():
            if name in self.offers and count > self.offers[name].occurrences:
                self.broken.append(f"Offer {name} comes {count} times, more than it said.")
        for (name, when), count in at_once.items():
            if count > 1:
                self.broken.append(f"Offer {name} is in {count} places in slot {when}.")
        for (name, when), count in rooms.items():
            if name in self.venues and count > dict(self.venues[name].free).get(when, 0):
                self.broken.append(f"Venue {name} is used {count} times in slot {when}, more than it is free.")
        for (name, week), count in weeks.items():
            if count > self.problem.parameters.volunteer_per_week:
                self.broken.append(f"Volunteer {name} comes {count} times in week {week}.")

    def locks(self, proposals: Sequence[Proposal]) -> None:
        """Look whether everything that staff locked is there."""
        pairs: Counter[tuple[str, str]] = Counter()
        held: Counter[tuple[str, str, str, str]] = Counter()
        rooms: Counter[tuple[str, str, str, str, str]] = Counter()
        wanted_rooms: Counter[tuple[str, str, str, str, str]] = Counter()
        for proposal in proposals:
            key = proposal.offer, proposal.category, proposal.community, proposal.slot
            if proposal.locked:
                held[key] += 1
                rooms[*key, proposal.venue] += 1
            for name, count in proposal.served:
                pairs[proposal.offer, name] += count
        wanted: Counter[tuple[str, str, str, str]] = Counter()
        for lock in self.problem.locks:
            key = lock.offer, lock.category, lock.community, lock.slot
            if not lock.need:
                wanted[key] += 1
                if lock.venue:
                    wanted_rooms[*key, lock.venue] += 1
        if self.weekly:
            for pair, count in self.pairs.items():
                if pairs[pair] < count:
                    self.broken.append(f"The lock of offer {pair[0]} and need {pair[1]} is not kept.")
            return
        if held != wanted or any(rooms[key] < count for key, count in wanted_rooms.items()):
            self.broken.append("The locked occurrences of the plan are not those that staff locked.")

    def worth(self, proposals: Sequence[Proposal]) -> float:
        """Reckon what the plan is worth without the bonus for fairness."""
        parameters = self.problem.parameters
        total = 0.0
        for proposal in proposals:
            offer = self.offers[proposal.offer]
            for name, count in proposal.served:
                total += count * self._person(proposal, offer, self.needs[name])
            if not self.weekly:
                way = distance_metres(Point(offer.lng, offer.lat), to=self.places[proposal.community])
                total -= parameters.setup_cost + offer.setup_cost + parameters.travel_cost_per_km * way / 1000.0
        if not self.weekly and self.problem.previous:
            total -= parameters.churn_cost * self._changes(proposals)
        return total

    def rounding(self, proposals: Sequence[Proposal]) -> float:
        """Give how far a weekly value may be off: it is reckoned in whole thousandths for each person."""
        return 0.0006 * sum(p.people for p in proposals) if self.weekly else 0.0

    def _may_go(self, where: str, proposal: Proposal, offer: Offer) -> None:
        way = distance_metres(Point(offer.lng, offer.lat), to=self.places[proposal.community])
        if offer.radius_metres is not None and way > offer.radius_metres + METRES_OF_ROUNDING:
            self.broken.append(f"{where}: {way:.0f} m are too far for offer {offer.id}.")
        if offer.communities and proposal.community not in offer.communities:
            self.broken.append(f"{where}: offer {offer.id} does not go to community {proposal.community}.")
        for rule in self.rules[offer.id] + self.rules[""]:
            named = {
                "category": proposal.category,
                "community": proposal.community,
                "slot": proposal.slot,
            }
            if any(getattr(rule, field) not in ("", value) for field, value in named.items()):
                continue
            if not rule.need or rule.need in {name for name, _ in proposal.served}:
                self.broken.append(f"{where}: staff ruled this out ({rule}).")

    def _occurrence(self, where: str, proposal: Proposal, offer: Offer) -> None:
        room = self.venues.get(proposal.venue)
        if offer.needs_venue and (room is None or room.community != proposal.community):
            self.broken.append(f"{where}: needs a venue in community {proposal.community}.")
        if proposal.venue and room is None:
            self.broken.append(f"{where}: the venue {proposal.venue!r} is not there.")
        most = min(offer.capacity, room.seats) if room else offer.capacity
        if proposal.people > most:
            self.broken.append(f"{where}: {proposal.people} people are more than the {most} it takes.")
        least = self.categories[proposal.category].minimum if offer.minimum is None else offer.minimum
        if not proposal.locked and proposal.people < max(1, least):
            self.broken.append(f"{where}: {proposal.people} people are fewer than the {least} it takes at least.")

    def _served(self, where: str, proposal: Proposal, offer: Offer, slot: Slot, need: Need) -> None:
        if need.category != proposal.category:
            self.broken.append(f"{where}: need {need.id} asks for {need.category}.")
        locked_pair = self.weekly and proposal.locked and (offer.id, need.id) in self.pairs
        if need.times and (slot.part or slot.id) not in need.times and not locked_pair:
            self.broken.append(f"{where}: the people of need {need.id} cannot come in slot {slot.id}.")
        for rule in self.rules[""]:
            alone = not (rule.category or rule.community or rule.slot)
            if rule.need == need.id and alone and not locked_pair:
                self.broken.append(f"{where}: need {need.id} is held back.")
        if self.weekly:
            if need.community != proposal.community:
                self.broken.append(f"{where}: need {need.id} lives in community {need.community}.")
            way = distance_metres(Point(offer.lng, offer.lat), to=self.places[need.community])
            if need.max_metres is not None and way > need.max_metres + METRES_OF_ROUNDING and not locked_pair:
                self.broken.append(f"{where}: {way:.0f} m are too far for need {need.id}.")
        elif need.community != proposal.community:
            way = distance_metres(self.places[need.community], to=self.places[proposal.community])
            if self.together:
                walks = frozenset((need.community, proposal.community)) in self.together
            else:
                walks = way <= self.problem.parameters.walking_metres + METRES_OF_ROUNDING
            if not walks or (need.max_metres is not None and way > need.max_metres + METRES_OF_ROUNDING):
                self.broken.append(f"{where}: the people of need {need.id} do not walk there.")

    def _person(self, proposal: Proposal, offer: Offer, need: Need) -> float:
        parameters = self.problem.parameters
        steps = min(4, 4 * need.waiting_days // max(1, parameters.waiting_full_days))
        weight = need.priority * (1 + parameters.waiting_weight * steps / 4)
        level = parameters.level_fit[dict(offer.categories)[proposal.category] - 1]
        record = 1 - parameters.record_weight * (1 - (offer.kept + 1) / (offer.promised + 1))
        start = Point(offer.lng, offer.lat) if self.weekly else self.places[need.community]
        way = distance_metres(start, to=self.places[proposal.community])
        fit = level * record * (1 - parameters.distance_weight * min(1.0, way / parameters.far_metres))
        return weight * fit if self.weekly else weight - (1 - fit)

    def _changes(self, proposals: Sequence[Proposal]) -> int:
        """Count what differs from the plan before, part of the week by part of the week."""

        def part(slot: str) -> str:
            return self.slots[slot].part or slot

        before = Counter(
            (e.offer, e.category, e.community, part(e.slot))
            for e in self.problem.previous
            if e.offer in self.offers and e.slot in self.slots
        )
        now = Counter((p.offer, p.category, p.community, part(p.slot)) for p in proposals)
        return sum((before - now).values()) + sum((now - before).values())
