"""A year as everybody may read it: few figures, beside those of the year before, and month by month.

Counts of people that are so small that somebody could be known are kept back, and nothing tells them from no count at
all. What they could be worked out from is kept back too: another month of the same year, or another community.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from lianxin.domain.places.models import Level
from lianxin.domain.places.queries.divisions import find_district
from lianxin.insight import figures
from lianxin.insight.areas import Area, communities_below
from lianxin.insight.periods import ONE_DAY, Period, days, month_of
from lianxin.insight.periods import year as calendar_year
from lianxin.insight.publishing import cells_for_public, for_public
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
    """A year of an area: `told` by word, `standing` at its end (for the whole district), `months` so far."""

    period: Period
    told: Mapping[str, Told]
    standing: Mapping[str, int]
    months: tuple[Month, ...]
    is_whole: bool
    is_empty: bool


def read_year(*, year: int, area: Area, today: date) -> PublicYear:
    """Give a year of an area, up to today; the year before is counted over the same days."""
    whole = calendar_year(year)
    is_whole = whole.until_on <= today
    period = whole if is_whole else days(whole.from_on, min(whole.until_on, today + ONE_DAY))
    with scope.everything():
        (values, any_at_all), (before, _any) = (_told(period=one, area=area) for one in (period, period.year_before()))
        months = _months(period, area) if values["came"] is not None else ()
        standing = figures.values(OF_THE_DISTRICT, period=period, area=area) if area.communities is None else {}
    return PublicYear(
        period=period,
        told={word: Told(values[word], before[word]) for word in MADE_OF},
        standing=standing,
        months=months,
        is_whole=is_whole,
        is_empty=not any_at_all,
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


def _told(*, period: Period, area: Area) -> tuple[dict[str, int | None], bool]:
    """Give what may be told by word, and whether anything is on record; one small community could be worked out."""
    names = [name for parts in MADE_OF.values() for name in parts]
    if not area.is_community or area.id is None:
        values = figures.values(names, period=period, area=area)
        sums = {word: sum(values[name] for name in parts) for word, parts in MADE_OF.items()}
        told = {word: _enough(value) if word in ABOUT_PEOPLE else value for word, value in sums.items()}
        return told, any(sums.values())
    others = _all_communities(area, on=period.last_on)
    found = figures.by_area(names, period=period, areas=others)
    own: dict[str, int] = {}
    told = {}
    for word, parts in MADE_OF.items():
        cells = {one.id: sum(found[name].get(one.id, 0) for name in parts) for one in others if one.id is not None}
        own[word] = cells[area.id]
        told[word] = _among(cells, area.id) if word in ABOUT_PEOPLE else own[word]
    return told, any(own.values())


def _enough(value: int) -> int | None:
    return for_public(value) or None


def _among(cells: Mapping[UUID, int], mine: UUID) -> int | None:
    """Give a community's count; where one alone among all is small, the next smallest is kept back with it."""
    small = [pk for pk, value in cells.items() if _enough(value) is None]
    if len(small) == 1 and cells[small[0]]:
        rest = sorted((value, str(pk), pk) for pk, value in cells.items() if pk != small[0])
        small += [pk for _value, _text, pk in rest[:1]]
    return None if mine in small else cells[mine]


def _all_communities(area: Area, *, on: date) -> list[Area]:
    ids: set[UUID] = set(communities_below([find_district().pk], on=on))
    if area.id is not None:
        ids.add(area.id)
    return [Area(Level.COMMUNITY, one, "", "", frozenset({one})) for one in sorted(ids)]


def _months(period: Period, area: Area) -> tuple[Month, ...]:
    months = []
    first_on = period.from_on
    while first_on < period.until_on:
        months.append(month_of(first_on))
        first_on = months[-1].until_on
    found = figures.series([HELD, CAME], periods=months, area=area)
    came = cells_for_public(dict(enumerate(found[CAME])))
    return tuple(Month(one.from_on, found[HELD][n], came[n]) for n, one in enumerate(months))
