"""Who should be visited, why and by when: values in, decision out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from lianxin.domain.needs.rules.visit_records import ABSENT, REFUSED

ALONE, PROMISE, NEW, ROUND = "alone", "promise", "new", "round"
ELDER_FROM = 60
# Every so many days somebody looks in.
EVERY = {ALONE: timedelta(days=30), ROUND: timedelta(days=182)}
NEW_BY, NEW_FOR = timedelta(days=30), timedelta(days=92)
# Nobody was in: some tries soon, then the ordinary time.
AGAIN_AFTER, TRIES = timedelta(days=7), 3
# Who wants no visits is asked again only after a year; what was promised is owed all the same.
LEFT_ALONE = timedelta(days=365)
# A promise without a day is kept within two weeks.
KEEP_WITHIN = timedelta(days=14)
AHEAD = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Home:
    """What decides when a household is due; `ages` are of those who live there, None where it is not known."""

    since_on: date
    ages: Sequence[int | None] = ()
    last_on: date | None = None
    last_outcome: str = ""
    misses: int = 0
    promised_by: date | None = None


@dataclass(frozen=True, slots=True)
class Due:
    """Why a household is due and by when; further reasons stand behind the first."""

    reason: str
    by: date
    others: tuple[str, ...] = ()


def lives_alone(ages: Sequence[int | None]) -> bool:
    """Tell whether one elder lives there with nobody else on record."""
    return len(ages) == 1 and ages[0] is not None and ages[0] >= ELDER_FROM


def due(home: Home, *, on: date) -> Due | None:
    """Give the most pressing reason to visit a household, or None where nobody lives there."""
    if not home.ages:
        return None
    by: dict[str, date] = {}
    if home.promised_by is not None:
        by[PROMISE] = home.promised_by
    waits = home.last_on + LEFT_ALONE if home.last_on is not None and home.last_outcome == REFUSED else None
    if home.last_on is None and on - home.since_on <= NEW_FOR:
        by[NEW] = home.since_on + NEW_BY
    if lives_alone(home.ages):
        by[ALONE] = waits or _next(home, EVERY[ALONE])
    by[ROUND] = waits or _next(home, EVERY[ROUND])
    first, *others = sorted(by, key=lambda reason: (by[reason], (PROMISE, NEW, ALONE, ROUND).index(reason)))
    return Due(first, by[first], tuple(one for one in others if by[one] <= on + AHEAD))


def is_soon(found: Due | None, *, on: date) -> bool:
    """Tell whether a household is due now or within the next two weeks."""
    return found is not None and found.by <= on + AHEAD


def comes_again(*, misses: int, on: date) -> date | None:
    """Give the day of the next try after nobody was in so many times in a row; None leaves it to the ordinary time."""
    return on + AGAIN_AFTER if 0 < misses < TRIES else None


def keep_by(due_on: date | None, *, made_on: date) -> date:
    """Give the day by which a promise is owed."""
    return due_on or made_on + KEEP_WITHIN


def _next(home: Home, every: timedelta) -> date:
    if home.last_on is None:
        return home.since_on + every
    soon = comes_again(misses=home.misses, on=home.last_on) if home.last_outcome == ABSENT else None
    return soon or home.last_on + every
