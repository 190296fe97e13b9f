"""Who is reached and who is heard: households with any act in a year, how far doors are, where it has become silent.

A household is reached when somebody of it came to an activity, said what is needed, brought a case, was met on a
visit or redeemed something. Homes have no positions here: how far they are is what communities say of themselves.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import CharField, Count, F, Max, Q, QuerySet, Value

from lianxin.domain.activities.models import Attendance, Occurrence
from lianxin.domain.needs.models import NeedReport, Visit
from lianxin.domain.people.queries.counts import members_on
from lianxin.domain.people.rules.persons import ELDERS, born_between
from lianxin.domain.places.models import DivisionProfile
from lianxin.domain.shop.models import Redemption
from lianxin.domain.voice.models import CaseReport
from lianxin.platform.clock import local_day, local_moment

YEAR = timedelta(days=365)
CLASSES = 5
# Of fewer, a share would tell of single families.
FEWEST = 10
VOICE, ACTIVITY = "voice", "activity"


@dataclass(frozen=True, slots=True)
class Reached:
    """How many households and residents of 60 and more one community has, and how many of them were reached."""

    households: int = 0
    households_reached: int = 0
    elders: int = 0
    elders_reached: int = 0

    @property
    def share(self) -> float | None:
        """Give which part of the households was reached; None where there are too few to say."""
        return self.households_reached / self.households if self.households >= FEWEST else None

    @property
    def elders_share(self) -> float | None:
        """Give which part of those of 60 and more lives in a reached household; None where there are too few."""
        return self.elders_reached / self.elders if self.elders >= FEWEST else None

    def __add__(self, other: Reached) -> Reached:
        return Reached(
            self.households + other.households,
            self.households_reached + other.households_reached,
            self.elders + other.elders,
            self.elders_reached + other.elders_reached,
        )


@dataclass(frozen=True, slots=True)
class Way:
    """How far the farthest homes of a community are from its centre, as it said itself, and on which day."""

    on: date
    households: int
    beyond: int | None
    farthest_metres: int | None

    @property
    def beyond_share(self) -> float | None:
        """Give which part of the households lives beyond the reach that the standard asks for."""
        return None if self.beyond is None or not self.households else self.beyond / self.households


@dataclass(frozen=True, slots=True)
class Class:
    """One of five classes of a map: its number from 1 (lowest), the shares it spans, and how many are in it."""

    number: int
    least: float
    most: float
    count: int


def reached_households(*, since: date, until: date, communities: Iterable[UUID] | None = None) -> QuerySet[Any]:
    """Give the ids of the households with any act on days [since, until), as a query to be used in another one.

    Naming the communities lets the database find a year by its indexes, however many years there are.
    """
    first, end = local_moment(since), local_moment(until)
    parts: list[QuerySet[Any]] = [
        Attendance.objects.filter(undone_at=None, came_at__gte=first, came_at__lt=end),
        NeedReport.objects.filter(recorded_at__gte=first, heard_at__gte=first, heard_at__lt=end),
        CaseReport.objects.filter(recorded_at__gte=first, heard_at__gte=first, heard_at__lt=end, withdrawn_at=None),
        Visit.objects.filter(state=Visit.State.DONE, ended_at__gte=first, ended_at__lt=end),
        Redemption.objects.filter(collected_at__gte=first, collected_at__lt=end),
    ]
    if communities is not None:
        wanted = sorted(communities)
        parts = [rows.filter(community__in=wanted) for rows in parts]
    ids = [rows.exclude(household=None).order_by().values("household") for rows in parts]
    return ids[0].union(*ids[1:])


def count_reached(*, on: date, communities: Iterable[UUID] | None = None) -> dict[UUID, Reached]:
    """Count by community in scope who lives there on a day and was reached in the year before it; one query."""
    _oldest, newest = born_between(ELDERS, on)
    is_reached = Q(
        household__in=reached_households(since=on - YEAR, until=on + timedelta(days=1), communities=communities)
    )
    is_elder = Q(person__birth_on__lte=newest)
    rows = (
        members_on(on)
        .order_by()
        .values("community")
        .annotate(
            homes=Count("household", distinct=True),
            reached=Count("household", distinct=True, filter=is_reached),
            elders=Count("pk", filter=is_elder),
            elders_reached=Count("pk", filter=is_elder & is_reached),
        )
    )
    return {
        community: Reached(*counts)
        for community, *counts in rows.values_list("community", "homes", "reached", "elders", "elders_reached")
    }


def find_last_acts(*, at: datetime, communities: Iterable[UUID] | None = None) -> dict[str, dict[UUID, date]]:
    """Give by community in scope the last day within a year of a voice and of an activity held; one query."""
    since = at - YEAR
    wanted = None if communities is None else sorted(communities)

    def last(rows: QuerySet[Any], what: str, moment: str) -> QuerySet[Any]:
        rows = rows.filter(**{f"{moment}__gte": since, f"{moment}__lte": at}).order_by()
        rows = rows if wanted is None else rows.filter(community__in=wanted)
        rows = rows.annotate(told=Value(what, output_field=CharField()), home=F("community")).values("told", "home")
        return rows.annotate(last=Max(moment)).values_list("told", "home", "last")

    found: dict[str, dict[UUID, date]] = {VOICE: {}, ACTIVITY: {}}
    rows = last(NeedReport.objects.filter(recorded_at__gte=since), VOICE, "heard_at").union(
        last(CaseReport.objects.filter(recorded_at__gte=since), VOICE, "heard_at"),
        last(Occurrence.objects.filter(state=Occurrence.State.HELD), ACTIVITY, "starts_at"),
        all=True,
    )
    for what, community, moment in rows:
        day = local_day(moment)
        found[what][community] = max(day, found[what].get(community, day))
    return found


def find_ways(*, on: date) -> dict[UUID, Way]:
    """Give by community in scope the newest that is known of the way to its centre; one query."""
    rows = DivisionProfile.objects.filter(on__lte=on).order_by("on", "source", "pk")
    return {
        row.community_id: Way(row.on, row.households, row.households_beyond_reach, row.farthest_settlement_metres)
        for row in rows
    }


def classify(shares: Mapping[UUID, float]) -> tuple[list[Class], dict[UUID, int]]:
    """Cut communities into at most five classes of about the same size; equal shares are always in one class."""
    ordered = sorted(shares, key=lambda key: (shares[key], str(key)))
    number_of: dict[UUID, int] = {}
    before: UUID | None = None
    for place, key in enumerate(ordered):
        wanted = 1 + place * CLASSES // len(ordered)
        number_of[key] = number_of[before] if before is not None and shares[before] == shares[key] else wanted
        before = key
    classes = []
    for number in range(1, CLASSES + 1):
        inside = [shares[key] for key in ordered if number_of[key] == number]
        if inside:
            classes.append(Class(number, min(inside), max(inside), len(inside)))
    return classes, number_of


def silent_since(last: date | None, *, on: date) -> int | None:
    """Give for how many days nothing came; None when there was nothing within a year."""
    return None if last is None else max(0, (on - last).days)


def together(rows: Iterable[Reached]) -> Reached:
    """Add up communities."""
    return sum(rows, Reached())


def is_silent(days: int | None, limit: int) -> bool:
    """Tell whether nothing came for at least so many days."""
    return days is None or days >= limit


def choices() -> Sequence[int]:
    """Give after how many days a page may call a community silent."""
    return (14, 30, 60, 90, 180)
