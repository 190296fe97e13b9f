"""Who did not come: noted for the series alone, forgiven after half a year, never noted of elders."""

from datetime import date

from lianxin.domain.people.rules.persons import ELDER_FROM, age_on

FORGIVEN_MONTHS = 6


def is_spared(birth_on: date | None, on: date) -> bool:
    """Tell whether a no-show is not noted: of elders, and of those whose age nobody knows."""
    age = age_on(birth_on, on)
    return age is None or age >= ELDER_FROM


def forgiven_before(on: date) -> date:
    """Give the day before which no-shows are forgiven on a day."""
    months = on.year * 12 + on.month - 1 - FORGIVEN_MONTHS
    year, month = divmod(months, 12)
    for day in range(on.day, 27, -1):
        try:
            return date(year, month + 1, day)
        except ValueError:
            continue
    return date(year, month + 1, min(on.day, 28))
