"""The numbers of one briefing: each read once from the figures, and kept with its days and place."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from uuid import UUID

from lianxin.insight import areas, figures
from lianxin.insight.areas import Area
from lianxin.insight.briefing_names import HEADLINE, measures
from lianxin.insight.catalogue import FLOW
from lianxin.insight.figures import Compared
from lianxin.insight.periods import MONTH, YEAR, Period, day, month_of
from lianxin.insight.word import marks
from lianxin.platform.actors import Actor
from lianxin.platform.contributions import Measure

ONE_DAY = timedelta(days=1)
MONTHS_SHOWN = 12
Key = tuple[str, str, str, str]


class Book:
    """Reads figures of a period and area, and remembers which it gave; run it within a scope that covers the area."""

    def __init__(self, *, period: Period, area: Area) -> None:
        self.period, self.area = period, area
        self.known: dict[str, Measure] = measures()
        self.given: dict[Key, int] = {}
        self.noted: dict[str, None] = {}
        self._compared: dict[str, Compared] = {}
        self._series: dict[tuple[str, str], list[int]] = {}
        self._by_area: dict[tuple[str, str], dict[UUID, int]] = {}
        actor = Actor.system()
        self.on: date = period.last_on
        self.places: list[Area] = areas.children(area, on=self.on)
        self.communities: list[Area] = []
        self.above: dict[UUID, str] = {}
        for place in self.places:
            below = [place] if place.is_community else areas.children(place, on=self.on)
            for one in below:
                if one.id is not None:
                    self.communities.append(one)
                    self.above[one.id] = "" if place.is_community else place.name
        self.actor = actor

    def load(self, names: Iterable[str]) -> None:
        """Read several figures at once with those of the periods before; what was read is not read again."""
        wanted = [name for name in dict.fromkeys(self.name_of(one) for one in names) if name not in self._compared]
        if wanted:
            self._compared |= figures.compare(wanted, period=self.period, area=self.area)

    def name_of(self, name: str) -> str:
        """Give the name under which a figure is kept."""
        return self.known[name].name

    def compared(self, name: str) -> Compared:
        """Give a figure beside those of the periods before, without noting it."""
        self.load([name])
        return self._compared[self.name_of(name)]

    def has_before(self) -> bool:
        """Tell whether anything at all was counted in the period before, so that comparing says something."""
        main = [name for name in HEADLINE if name in self.known and self.known[name].kind == FLOW]
        self.load(main)
        return any(self._compared[self.name_of(name)].before for name in main)

    def value(self, name: str) -> int:
        """Give and note a figure of the period."""
        found = self.compared(name).value
        self._note(name, self.period, self.area, found)
        return found

    def before(self, name: str) -> int:
        """Give and note a figure of the period before."""
        found = self.compared(name).before
        self._note(name, self.period.before(), self.area, found)
        return found

    def year_before(self, name: str) -> int:
        """Give and note a figure of the same period a year before."""
        found = self.compared(name).year_before
        self._note(name, self.period.year_before(), self.area, found)
        return found

    def months(self) -> list[Period]:
        """Give the months that a chart goes along: those of a year, or the twelve that end with the period."""
        if self.period.kind == YEAR:
            return [month_of(date(self.period.from_on.year, number, 1)) for number in range(1, 13)]
        found = [month_of(self.period.last_on)]
        while len(found) < MONTHS_SHOWN:
            found.insert(0, found[0].before())
        return found

    def days(self) -> list[Period]:
        """Give the days of a monthly briefing's period; other periods go along their months."""
        if self.period.kind != MONTH:
            return self.months()
        return [day(self.period.from_on + ONE_DAY * number) for number in range(self.period.days)]

    def along(self, names: Sequence[str], periods: Sequence[Period]) -> dict[str, list[int]]:
        """Give and note figures over periods that follow one another."""
        key = f"{periods[0].text}..{periods[-1].text}#{len(periods)}"
        wanted = [name for name in names if (name, key) not in self._series]
        if wanted:
            for name, found in figures.series(wanted, periods=periods, area=self.area).items():
                self._series[(name, key)] = found
        for name in names:
            for period, value in zip(periods, self._series[(name, key)], strict=True):
                self._note(name, period, self.area, value)
        return {name: self._series[(name, key)] for name in names}

    def across(self, names: Sequence[str], places: Sequence[Area]) -> dict[str, dict[UUID, int]]:
        """Give and note figures by place."""
        if not places:
            return {name: {} for name in names}
        key = f"{len(places)}:{places[0].id}"
        wanted = [name for name in names if (name, key) not in self._by_area]
        if wanted:
            for name, found in figures.by_area(wanted, period=self.period, areas=places).items():
                self._by_area[(name, key)] = found
        for name in names:
            for place in places:
                if place.id is not None:
                    self._note(name, self.period, place, self._by_area[(name, key)].get(place.id, 0))
        return {name: self._by_area[(name, key)] for name in names}

    def by_category(self, name: str) -> dict[str, int]:
        """Give a flow by category; its sum over all categories is noted."""
        self.value(name)
        return figures.by_category(name, period=self.period, area=self.area)

    def flows(self, names: Iterable[str]) -> list[str]:
        """Leave the names of flows."""
        return [name for name in names if self.known[name].kind == FLOW]

    def sign(self, text: str, name: str) -> str:
        """Put the sign of a figure behind a text."""
        self.noted[self.name_of(name)] = None
        return marks.noted(text, self.name_of(name))

    def _note(self, name: str, period: Period, area: Area, value: int) -> None:
        place = "" if area.id is None or area.id == self.area.id else str(area.id)
        key = (self.name_of(name), period.from_on.isoformat(), period.until_on.isoformat(), place)
        self.given[key] = value
        self.noted[self.name_of(name)] = None

    def kept(self) -> dict[str, list[list[str | int]]]:
        """Give all numbers that were given, as they are kept with the briefing."""
        return {"values": [[*key, value] for key, value in sorted(self.given.items())]}


def id_of(area: Area) -> UUID:
    """Give the id of a part of a place: only what a reader sees as a whole may have none."""
    assert area.id is not None, "parts of a place are divisions"
    return area.id
