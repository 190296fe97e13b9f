"""Days of a mediation: when its visits are due, and the last day on which the court can be asked.

The sides may ask the court together within thirty days of the agreement taking effect (People's Mediation Law art. 33;
Civil Procedure Law as of 2024, art. 205). A written agreement takes effect when all sides and the mediator have signed
and the committee's seal is on it (art. 29), an oral one when it is reached (art. 30). The day itself is not counted,
and a last day that is a rest day gives way to the next working day (Civil Procedure Law art. 85).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, timedelta

COURT_DAYS = 30
VISIT_AFTER = timedelta(days=14)
MOST_VISITS = 12


def court_due(agreed_on: date, *, is_workday: Callable[[date], bool]) -> date:
    """Give the last day on which the court can be asked to confirm an agreement."""
    day = agreed_on + timedelta(days=COURT_DAYS)
    while not is_workday(day):
        day += timedelta(days=1)
    return day


def visit_days(dues: Iterable[date | None], *, agreed_on: date) -> list[date]:
    """Give the days of the follow-up visits: the day after each day by which something is due, else in two weeks."""
    found = sorted({day + timedelta(days=1) for day in dues if day is not None and day >= agreed_on})
    if len(found) > MOST_VISITS:
        # The last promises matter as much as the first: take them evenly.
        found = [found[number * (len(found) - 1) // (MOST_VISITS - 1)] for number in range(MOST_VISITS)]
    return found or [agreed_on + VISIT_AFTER]
