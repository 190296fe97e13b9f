"""What is true of a person by age, state and date."""

from dataclasses import dataclass
from datetime import date

from lianxin.domain.people.models.persons import Person

GUARDED_UNDER = 14
"""Below this age a guardian decides (PIPL art. 31)."""
ELDER_FROM = 60
OLDEST = 125
"""Nobody on record has been older; a date that says so is a slip of the pen."""

TRANSITIONS: dict[str, frozenset[str]] = {
    Person.State.LIVING: frozenset({Person.State.MOVED_OUT, Person.State.DIED, Person.State.ERASED}),
    Person.State.MOVED_OUT: frozenset({Person.State.LIVING, Person.State.DIED, Person.State.ERASED}),
    Person.State.DIED: frozenset({Person.State.LIVING, Person.State.ERASED}),
    Person.State.ERASED: frozenset(),
}
"""From a state to those that may follow; died → living only corrects a mistake."""


@dataclass(frozen=True, slots=True)
class AgeBand:
    """Whole years of age, from the first to below the second (None: no limit)."""

    code: str
    from_age: int
    below_age: int | None


AGE_BANDS = (
    AgeBand("0_13", 0, 14),
    AgeBand("14_17", 14, 18),
    AgeBand("18_59", 18, 60),
    AgeBand("60_69", 60, 70),
    AgeBand("70_79", 70, 80),
    AgeBand("80_89", 80, 90),
    AgeBand("90_up", 90, None),
)
ELDERS = AgeBand("60_up", 60, None)
BANDS = {band.code: band for band in (*AGE_BANDS, ELDERS)}


def may_become(state: str, wanted: str) -> bool:
    """Tell whether a person in a state may go to another one."""
    return wanted in TRANSITIONS.get(state, frozenset())


def age_on(birth_on: date | None, on: date) -> int | None:
    """Give the age in whole years on a day; somebody born on 29 February grows older on 1 March in other years."""
    if birth_on is None:
        return None
    return on.year - birth_on.year - ((on.month, on.day) < (birth_on.month, birth_on.day))


def needs_guardian(birth_on: date | None, on: date) -> bool:
    """Tell whether a guardian must decide for this person; an unknown age counts as grown up."""
    age = age_on(birth_on, on)
    return age is not None and age < GUARDED_UNDER


def years_before(on: date, years: int) -> date:
    """Give the latest birthday of people who are at least so many years old on a day."""
    try:
        return on.replace(year=on.year - years)
    except ValueError:
        return date(on.year - years, 2, 28)


def born_between(band: AgeBand, on: date) -> tuple[date | None, date]:
    """Give the birthdays (after, up to and including) of people who are in an age band on a day."""
    newest = years_before(on, band.from_age)
    oldest = None if band.below_age is None else years_before(on, band.below_age)
    return oldest, newest


def band_of(birth_on: date | None, on: date) -> str:
    """Give the code of the age band, or "unknown"."""
    age = age_on(birth_on, on)
    if age is None or age < 0:
        return "unknown"
    return next(band.code for band in AGE_BANDS if band.below_age is None or age < band.below_age)


def is_plausible_birth(birth_on: date, on: date) -> bool:
    """Tell whether somebody alive on a day may have been born on this date."""
    return years_before(on, OLDEST) <= birth_on <= on
