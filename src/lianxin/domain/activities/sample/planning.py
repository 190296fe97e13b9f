"""Which activities are held where and when, so that their number over a district is exactly what was asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import cycle
from random import Random
from uuid import UUID

from lianxin.platform.clock import local_moment

from .seasons import Days, is_storm
from .sharing import divide, give_people
from .templates import Template, Templates

HELD, NOT_HELD, CALLED_OFF = "held", "not_held", "cancelled"
CALLED_OFF_SHARE, NOT_HELD_SHARE = 0.02, 0.004
LONGEST_SERIES = 12


@dataclass(frozen=True, slots=True)
class Site:
    """A venue with its rooms by kind; before it opened and while it is shut it holds nothing."""

    venue: UUID
    kind: str
    opened_on: date
    rooms: tuple[tuple[str, UUID], ...]
    shut: tuple[tuple[date, date | None], ...] = ()

    def is_open(self, day: date) -> bool:
        """Tell whether something can be held there on a day."""
        return day >= self.opened_on and not any(
            first <= day and (end is None or day < end) for first, end in self.shut
        )

    def room(self, wanted: Sequence[str]) -> UUID | None:
        """Give the first room of the kinds that an activity likes, or any where none of them is."""
        by_kind = dict(self.rooms)
        return next((by_kind[kind] for kind in wanted if kind in by_kind), self.rooms[0][1] if self.rooms else None)


@dataclass(frozen=True, slots=True)
class Neighbourhood:
    """A community as the planner sees it: how many of each audience live there, and its venues."""

    community: UUID
    code: str
    people: int
    audiences: dict[str, int]
    is_village: bool
    is_pilot: bool
    sites: tuple[Site, ...]
    # A pilot of a later batch holds no volunteers' days before.
    pilot_since: date = date.min

    def share_as_pilot(self, first: date, last: date) -> float:
        """Give the share of a stretch of days on which it is a pilot."""
        days = (last - first).days + 1
        return max(0, min(days, (last - max(first, self.pilot_since)).days + 1)) / days


@dataclass(slots=True)
class Held:
    """One date: held with so many people, or called off."""

    starts_at: datetime
    ends_at: datetime
    state: str = HELD
    people: int = 0


@dataclass(slots=True)
class Planned:
    """An activity with its dates, at one place."""

    number: int
    place: Neighbourhood
    template: Template
    site: Site
    room: UUID | None
    dates: list[Held] = field(default_factory=list)

    @property
    def held(self) -> list[Held]:
        """Give the dates that took place."""
        return [one for one in self.dates if one.state == HELD]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a stretch of time shall hold."""

    held: int
    person_times: int
    volunteer_held: int
    volunteer_times: int
    activities: int


def plan_stretch(
    *, templates: Templates, places: Sequence[Neighbourhood], days: Days, wanted: Wanted, dice: Random
) -> list[Planned]:
    """Plan the activities of a stretch of time over all places that have people and a venue."""
    places = [place for place in places if place.people and place.sites]
    if not places:
        return []
    pilots = [place for place in places if place.is_pilot and place.share_as_pilot(days.first, days.last)]
    times = [dice.uniform(0.8, 1.2) * pilot.share_as_pilot(days.first, days.last) for pilot in pilots]
    duties = dict(
        zip(
            (pilot.community for pilot in pilots),
            divide(wanted.volunteer_held if pilots else 0, times, least=1),
            strict=True,
        )
    )
    ordinary = wanted.held - sum(duties.values())
    weights = [place.people**0.5 * (1 + 0.3 * (len(place.sites) - 1)) for place in places]
    quotas = divide(ordinary, weights, least=min(3, ordinary // len(places)))
    of_volunteers = sum(_duties_of(quota) for quota in duties.values())
    counts = divide(max(0, wanted.activities - of_volunteers), [float(quota) for quota in quotas], least=1)
    deck = _Deck(templates.activities, dice)
    found: list[Planned] = []
    for place, quota, count in zip(places, quotas, counts, strict=True):
        planner = _Planner(place, days, dice)
        planner.plan_duties(templates.duties, duties.get(place.community, 0))
        planner.plan_ordinary(deck, quota, count)
        found += planner.found
    for number, one in enumerate(found):
        one.number = number
        one.dates.sort(key=lambda date_: date_.starts_at)
    give_people([one for one in found if one.template.is_volunteering], wanted.volunteer_times, dice)
    give_people([one for one in found if not one.template.is_volunteering], wanted.person_times - _people(found), dice)
    return found


def _people(found: Iterable[Planned]) -> int:
    return sum(date_.people for one in found if one.template.is_volunteering for date_ in one.held)


def _duties_of(quota: int) -> int:
    return min(3, quota)


class _Deck:
    """Deals templates so that each category comes once before any comes again."""

    def __init__(self, templates: Sequence[Template], dice: Random) -> None:
        self.by_category: dict[str, list[Template]] = {}
        for one in templates:
            self.by_category.setdefault(one.category, []).append(one)
        self.dice = dice
        self.cards: list[Template] = []

    def _shuffle(self) -> None:
        """Put a card of each category into the deck, and the usual ones a second time."""
        cards = [self.dice.choice(rows) for rows in self.by_category.values()]
        again = [
            self.dice.choice(self.by_category[code])
            for code in ("A03", "A04", "B06", "B07", "B08", "D01", "B02")
            if code in self.by_category
        ]
        cards += again
        self.dice.shuffle(cards)
        self.cards += cards

    def deal(self, place: Neighbourhood, kind: str, taken: set[str]) -> Template | None:
        """Give the next card that fits a place; what does not fit stays for the next place."""
        for _turn in range(4):
            for number, card in enumerate(self.cards):
                fits = card.village is None or card.village == place.is_village
                if fits and kind in card.where and card.title not in taken:
                    return self.cards.pop(number)
            self._shuffle()
        return None


class _Planner:
    """Plans one community."""

    def __init__(self, place: Neighbourhood, days: Days, dice: Random) -> None:
        self.place, self.days, self.dice = place, days, dice
        self.found: list[Planned] = []
        self.busy: set[tuple[UUID | None, date, str]] = set()
        self.taken: set[str] = set()

    def plan_duties(self, duties: Sequence[Template], quota: int) -> None:
        """Plan the voluntary work of a pilot."""
        if not quota:
            return
        chosen = self.dice.sample(list(duties), _duties_of(quota))
        shares = divide(quota, [1.0] * len(chosen))
        for template, share in zip(chosen, shares, strict=True):
            self._plan(template, self.place.sites[0], share, since=self.place.pilot_since)
        self._fill(quota, lambda one: one.template.is_volunteering, since=self.place.pilot_since)

    def plan_ordinary(self, deck: _Deck, quota: int, count: int) -> None:
        """Plan everything else: so many dates in about so many activities."""
        whole = quota + self._held()
        self._use_stations(deck, quota)
        quota = whole - self._held()
        if quota <= 0:
            return
        chosen = self._choose(deck, max(1, min(count - len(self.place.sites) + 1, quota)))
        lows = [min(template.times[0], quota) for template, _site in chosen]
        while sum(lows) > quota and len(chosen) > 1:
            lows.pop()
            chosen.pop()
        times = list(lows)
        while sum(times) < quota:
            growing = [n for n, (template, _site) in enumerate(chosen) if times[n] < template.times[1]]
            if not growing:
                growing = [n for n, (one, _site) in enumerate(chosen) if one.times[1] > 2 and times[n] < LONGEST_SERIES]
            if not growing:
                more = self._choose(deck, 1)
                if not more:
                    break
                chosen += more
                times.append(1)
                continue
            times[self.dice.choice(growing)] += 1
        before = self._held()
        for (template, site), share in zip(chosen, times, strict=True):
            self._plan(template, site, share)
        missing = quota - (self._held() - before)
        for _turn in range(60):
            if missing <= 0:
                return
            more = self._choose(deck, 1)
            if more:
                self._plan(*more[0], 1)
                missing = quota - (self._held() - before)
        self._fill(self._held() + missing, lambda _one: True)

    def _use_stations(self, deck: _Deck, most: int) -> None:
        """Plan something at each station first, so that none stays empty."""
        for site in self.place.sites[1 : 1 + most]:
            before = self._held()
            for _turn in range(12):
                card = deck.deal(self.place, site.kind, self.taken)
                if card is None:
                    break
                self.taken.add(card.title)
                self._plan(card, site, 1)
                if self._held() > before:
                    break

    def _choose(self, deck: _Deck, count: int) -> list[tuple[Template, Site]]:
        """Choose templates with their venues: every fourth at the station, where there is one."""
        chosen = []
        sites = cycle(self.place.sites[1:]) if len(self.place.sites) > 1 else None
        for number in range(count):
            at_station = sites is not None and number % 4 == 3
            site = next(sites) if at_station and sites is not None else self.place.sites[0]
            card = deck.deal(self.place, site.kind, self.taken)
            if card is not None:
                self.taken.add(card.title)
                chosen.append((card, site))
        return chosen

    def _held(self) -> int:
        return sum(len(one.held) for one in self.found)

    def _plan(self, template: Template, site: Site, count: int, *, since: date = date.min) -> None:
        """Plan one activity with so many dates that are held; what is called off comes on top."""
        one = Planned(0, self.place, template, site, None if template.is_outdoor else site.room(template.rooms))
        hour = self.dice.choice(template.at)
        for day in self.days.candidates(template, self.dice):
            if len(one.held) >= count:
                break
            if day >= since and site.is_open(day) and self._take(one.room, day, hour):
                one.dates.append(self._date(day, hour, template))
        if one.held:
            self.found.append(one)

    def _fill(self, quota: int, fits: Callable[[Planned], bool], *, since: date = date.min) -> None:
        """Give activities more dates on any free day, where rhythm and season left too few."""
        kind = [one for one in self.found if fits(one)]
        first = max(self.days.first, since)
        for day in (first + timedelta(days=n) for n in range((self.days.last - first).days + 1)):
            for one in kind:
                if sum(len(other.held) for other in kind) >= quota:
                    return
                hour = one.template.at[0]
                taken = {local.starts_at for local in one.dates}
                usual = day not in self.days.quiet and not is_storm(day) and one.site.is_open(day)
                if usual and local_moment(day, hour) not in taken and self._take(one.room, day, hour):
                    one.dates.append(self._date(day, hour, one.template, always=True))

    def _take(self, room: UUID | None, day: date, hour: time) -> bool:
        """Take a room for a part of a day, so that nothing meets anything else there."""
        part = "morning" if hour < time(12, 30) else "afternoon" if hour < time(18) else "evening"
        if (room, day, part) in self.busy:
            return False
        self.busy.add((room, day, part))
        return True

    def _date(self, day: date, hour: time, template: Template, *, always: bool = False) -> Held:
        starts = local_moment(day, hour)
        chance = self.dice.random()
        state = HELD
        if not always:
            if is_storm(day) or chance < CALLED_OFF_SHARE:
                state = CALLED_OFF
            elif chance < CALLED_OFF_SHARE + NOT_HELD_SHARE:
                state = NOT_HELD
        return Held(starts, starts + timedelta(minutes=template.minutes), state)
