"""When somebody can take a shift: not two at once, enough time to get from one to the next, and what it asks for."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from lianxin.engines.geo import METRES_PER_WALKING_MINUTE, Point, distance_metres

LEAST_AGE = 14
LONGEST = timedelta(hours=16)
FURTHEST = timedelta(days=400)
MOST_PEOPLE = 500
TOO_FEW_BEFORE = timedelta(days=2)
"""So long before a shift somebody must look for more people."""
REMIND_BEFORE = timedelta(hours=24)
CLOSE_AFTER = timedelta(hours=12)
NOTE_WITHIN = timedelta(days=3)
# In town the way is about a third longer than the line on the map; by bicycle or bus about 12 km in an hour.
DETOUR = 1.3
METRES_PER_RIDING_MINUTE = 200
MINUTES_TO_SET_OFF = 5
NEXT_DOOR = 200


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of time at a place that somebody has promised."""

    starts_at: datetime
    ends_at: datetime
    venue: UUID | None = None
    point: Point | None = None
    name: str = ""
    where: str = ""


@dataclass(frozen=True, slots=True)
class Clash:
    """Why two stretches do not go together: at the same time, or so many minutes short for the way."""

    other: Span
    minutes_needed: int = 0
    minutes_there: int = 0

    @property
    def is_overlap(self) -> bool:
        """Tell whether they are at the same time."""
        return self.minutes_needed == 0


def travel_minutes(start: Span, *, to: Span) -> int:
    """Estimate the minutes from one place to another, on foot or riding, whichever is quicker; none when unknown."""
    if start.venue is not None and start.venue == to.venue:
        return 0
    if start.point is None or to.point is None:
        return 0
    metres = distance_metres(start.point, to=to.point) * DETOUR
    if metres < NEXT_DOOR:
        return 0
    return round(min(metres / METRES_PER_WALKING_MINUTE, MINUTES_TO_SET_OFF + metres / METRES_PER_RIDING_MINUTE))


def find_clash(wanted: Span, *, held: Iterable[Span]) -> Clash | None:
    """Give the first promise that a new one does not go together with, or None."""
    for other in sorted(held, key=lambda span: span.starts_at):
        if other.starts_at < wanted.ends_at and wanted.starts_at < other.ends_at:
            return Clash(other)
        first, then = (other, wanted) if other.ends_at <= wanted.starts_at else (wanted, other)
        needed, there = travel_minutes(first, to=then), int((then.starts_at - first.ends_at).total_seconds() // 60)
        if there < needed:
            return Clash(other, needed, there)
    return None


def missing_skills(asked: Iterable[UUID], *, held: Iterable[UUID]) -> set[UUID]:
    """Give the skills that a shift asks for and somebody does not have."""
    return set(asked) - set(held)


def is_too_young(birth_on: date | None, *, on: date) -> bool:
    """Tell whether somebody may not take a shift alone yet; whoever has no date of birth is taken as grown up."""
    if birth_on is None:
        return False
    had_birthday = (on.month, on.day) >= (birth_on.month, birth_on.day)
    return on.year - birth_on.year - (not had_birthday) < LEAST_AGE


def needs_people(*, taken: int, least: int, starts_at: datetime, at: datetime) -> bool:
    """Tell whether a shift has too few people and comes so soon that somebody must look for more."""
    return taken < least and at < starts_at <= at + TOO_FEW_BEFORE
