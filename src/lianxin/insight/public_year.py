"""A year as everybody may read it: few figures, beside those of the year before, and month by month.

Counts of people that are so small that somebody could be known are kept back, and nothing tells them from no count at
all. What they could be worked out from is kept back too, in whichever community, subdistrict or month it stands
(`year_tables`). A year that goes on is told again and again, and one telling less the one before is a count of few
days: until it is over, people are counted for the whole district alone, and only in months that are over. A city or a
province tells of people as a whole alone: of its districts' small cells nobody there knows.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from lianxin.domain.places.models import DivisionParent, Level
from lianxin.domain.places.queries.divisions import valid_on
from lianxin.domain.reporting.queries.feeds import is_upper
from lianxin.insight import figures, year_tables
from lianxin.insight.areas import Area
from lianxin.insight.periods import ONE_DAY, Period, days, month_of
from lianxin.insight.periods import year as calendar_year
from lianxin.insight.publishing import for_public
from lianxin.platform import scope, tallies

FIRST_YEAR = 2000
HELD, CAME = "occurrences_held", "person_times"
# What is told under one word is the sum of these figures.
MADE_OF: dict[str, tuple[str, ...]] = {
    "held": (HELD,),
    "came": (CAME,),
    "volunteer_held": ("volunteer_occurrences",),
    "volunteers": ("volunteer_person_times",),
    "heard": ("needs_heard", "cases_heard"),
    "answered": ("answers_given", "case_answers"),
    "solved": ("cases_confirmed",),
    "projects_done": ("projects_done",),
    "meetings": ("meetings_held",),
    "receptions": ("reception_days_held",),
    "mediated": ("mediations_agreed",),
    "points_given": ("points_awarded",),
    "goods": ("goods_redeemed",),
    "openings": ("openings",),
    "visits": ("visits",),
    "rooms": ("room_uses",),
    "upgrades": ("upgrades_opened",),
}
# Each of these counts acts of people; the others count what was held, issued or built.
ABOUT_PEOPLE = frozenset(
    {"came", "volunteers", "heard", "answered", "solved", "mediated", "points_given", "goods", "visits", "rooms"}
)
OF_THE_DISTRICT = ("centres", "stations", "categories")
TOLD_BY = (HELD, CAME, "visits", "openings", "needs_heard", "cases_heard")


@dataclass(frozen=True, slots=True)
class Told:
    """A count as it may be told: None stands for fewer than five people or none, and for what would give those away."""

    value: int | None
    before: int | None

    @property
    def change(self) -> int | None:
        """Give what it is more than in the year before; None where one of the two is kept back or there was nothing."""
        return self.value - self.before if self.value is not None and self.before else None


@dataclass(frozen=True, slots=True)
class Month:
    """What was held in a month and how many came; None is kept back."""

    first_on: date
    held: int
    came: int | None


@dataclass(frozen=True, slots=True)
class PublicYear:
    """A year of an area: `told` by word, `standing` at its end (for the whole district), `months` so far.

    `people_until_on` is the day before which people are counted; None where they are told when the year is over.
    """

    period: Period
    told: Mapping[str, Told]
    standing: Mapping[str, int]
    months: tuple[Month, ...]
    is_whole: bool
    is_empty: bool
    people_until_on: date | None


@dataclass(frozen=True, slots=True)
class People:
    """Counts of people as they may be told: by word, in the year before, and how many came by month."""

    values: Mapping[str, int] = field(default_factory=dict)
    before: Mapping[str, int] = field(default_factory=dict)
    came: Mapping[date, int | None] = field(default_factory=dict)
    until_on: date | None = None


def read_year(*, year: int, area: Area, today: date) -> PublicYear:
    """Give a year of an area, up to today; the year before is counted over the same days."""
    whole = calendar_year(year)
    is_whole = whole.until_on <= today
    period = whole if is_whole else days(whole.from_on, min(whole.until_on, today + ONE_DAY))
    is_district = area.communities is None
    with scope.everything():
        sums, before = _sums(MADE_OF, period, area), _sums(set(MADE_OF) - ABOUT_PEOPLE, period.year_before(), area)
        people = People()
        if is_whole and not is_upper():
            people = _of_a_whole_year(year, area)
        elif is_district:
            people = _so_far(year, until_on=whole.until_on if is_whole else today.replace(day=1))
        months = _months(period, area, people.came) if any(people.came.values()) else ()
        standing = figures.values(OF_THE_DISTRICT, period=period, area=area) if is_district else {}
    told = {
        word: Told(people.values.get(word), people.before.get(word))
        if word in ABOUT_PEOPLE
        else Told(sums[word], before[word])
        for word in MADE_OF
    }
    return PublicYear(
        period=period,
        told=told,
        standing=standing,
        months=months,
        is_whole=is_whole,
        is_empty=not any(sums.values()),
        people_until_on=people.until_on,
    )


def years_told(*, area: Area, today: date) -> list[int]:
    """Give the years of which anything is on record, the latest first; one query."""
    asked = tallies.Sums(
        measures=TOLD_BY, from_on=date(FIRST_YEAR, 1, 1), until_on=date(today.year + 1, 1, 1), areas=area.communities
    )
    with scope.everything():
        found = tallies.read(asked, by=("year",))
    return sorted({key[1].year for key, total in found.items() if total}, reverse=True)


def is_a_year(year: int, *, today: date) -> bool:
    """Tell whether a year can be told of: it has begun, and records reach back to it."""
    return FIRST_YEAR <= year <= today.year


def _sums(words: Iterable[str], period: Period, area: Area) -> dict[str, int]:
    names = [name for word in words for name in MADE_OF[word]]
    values = figures.values(names, period=period, area=area)
    return {word: sum(values[name] for name in MADE_OF[word]) for word in words}


def _of_a_whole_year(year: int, area: Area) -> People:
    """Give what a year that is over may tell of people in an area, beside the year before; four queries."""
    place = year_tables.ALL if area.communities is None else area.id
    counts = _counts(date(year - 1, 1, 1), date(year + 1, 1, 1))
    above, above_before = (_subdistricts(on=date(one, 12, 31)) for one in (year, year - 1))
    tables = _tables(counts, year, above)
    before: dict[str, int] = {}
    # A subdistrict that others joined is not compared: who has both its years could tell those apart.
    if _below(place, above) == _below(place, above_before):
        before = _years_of(place, _tables(counts, year - 1, above_before))
    came = {month: tables["came"].get((place, month), 0) for month in _months_of(year)}
    return People(_years_of(place, tables), before, came, date(year + 1, 1, 1))


def _years_of(place: UUID | None, tables: Mapping[str, year_tables.Told]) -> dict[str, int]:
    found = {word: table.get((place, year_tables.YEAR)) for word, table in tables.items()}
    return {word: count for word, count in found.items() if count is not None}


def _months_of(year: int) -> list[date]:
    return [date(year, number, 1) for number in range(1, 13)]


def _so_far(year: int, *, until_on: date) -> People:
    """Give what a year that goes on may tell of people in the district: months that are over; one query.

    Where one of them is small the sum of them all is kept back: the sums of two months of looking give it away.
    """
    first_on = date(year, 1, 1)
    names = [name for word in ABOUT_PEOPLE for name in MADE_OF[word]]
    found = tallies.read(tallies.Sums(measures=names, from_on=first_on, until_on=until_on), by=("month",))
    months = [month for month in _months_of(year) if month < until_on]
    values, came = {}, {}
    for word in ABOUT_PEOPLE:
        by_month = {month: sum(found.get((name, month), 0) for name in MADE_OF[word]) for month in months}
        if sum(by_month.values()) and all(for_public(count) is not None for count in by_month.values()):
            values[word] = sum(by_month.values())
        if word == "came":
            came = {month: for_public(count) for month, count in by_month.items()}
    return People(values, {}, came, until_on)


def _counts(from_on: date, until_on: date) -> dict[str, dict[tuple[UUID, date], int]]:
    """Give counts of people by word, community and first day, of months for those who came and of years else."""
    others = [name for word in ABOUT_PEOPLE for name in MADE_OF[word] if name != CAME]
    found: dict[tuple[str, UUID, date], int] = {}
    for names, step in (([CAME], "month"), (others, "year")):
        asked = tallies.Sums(measures=names, from_on=from_on, until_on=until_on)
        found |= tallies.read(asked, by=("community", step))
    word_of = {name: word for word in ABOUT_PEOPLE for name in MADE_OF[word]}
    counts: dict[str, dict[tuple[UUID, date], int]] = {word: {} for word in MADE_OF if word in ABOUT_PEOPLE}
    for (name, community, first_on), count in found.items():
        of_word = counts[word_of[name]]
        of_word[community, first_on] = of_word.get((community, first_on), 0) + count
    return counts


def _tables(
    counts: Mapping[str, Mapping[tuple[UUID, date], int]], year: int, above: Mapping[UUID, UUID]
) -> dict[str, year_tables.Told]:
    """Give what all pages of a year together may tell, by word."""
    tables = {}
    for word, of_word in counts.items():
        make = year_tables.year_table if word == "came" else year_tables.totals_table
        of_year = {key: count for key, count in of_word.items() if key[1].year == year}
        tables[word] = year_tables.told(make(of_year, above))
    return tables


def _subdistricts(*, on: date) -> dict[UUID, UUID]:
    """Give the subdistrict of each community as it was on a day."""
    links = DivisionParent.objects.filter(
        valid_on(on), division__level=Level.COMMUNITY, parent__level=Level.SUBDISTRICT
    )
    return {division: parent for division, parent in links.values_list("division", "parent") if parent is not None}


def _below(place: UUID | None, above: Mapping[UUID, UUID]) -> set[UUID]:
    return {community for community, subdistrict in above.items() if subdistrict == place}


def _months(period: Period, area: Area, came: Mapping[date, int | None]) -> tuple[Month, ...]:
    months = []
    first_on = period.from_on
    while first_on < period.until_on:
        months.append(month_of(first_on))
        first_on = months[-1].until_on
    held = figures.series([HELD], periods=months, area=area)[HELD]
    return tuple(Month(one.from_on, held[n], came.get(one.from_on)) for n, one in enumerate(months))
