"""What a wall screen shows: eight figures, today's acts without names, and where a door is open."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Count, F, Q, Value

from lianxin.domain.activities.models import Occurrence
from lianxin.domain.voice.models import ReceptionDay
from lianxin.insight import figures, periods
from lianxin.insight.areas import Area
from lianxin.insight.publishing import for_public
from lianxin.platform.clock import local_day, local_moment

# The year's figures, in the order in which they hang on the wall.
YEAR_FLOWS = ("occurrences_held", "person_times", "volunteer_person_times", "answers_given", "cases_confirmed")
TODAY_FLOW = "person_times"
MOST_ACTS = 24
# A reception day counts nobody: who comes to it is nobody's business.
NOT_COUNTED = -1
ONE_DAY = timedelta(days=1)
HELD, OVER, RUNNING, COMING, RECEPTION = "held", "over", "running", "coming", "reception"


@dataclass(frozen=True, slots=True)
class Act:
    """One act of today: what kind, where, of which category, and how many came where that may be told."""

    kind: str
    community: UUID
    at: datetime
    category: str
    people: int | None


@dataclass(frozen=True, slots=True)
class Acts:
    """Today's acts, the newest first; how many activities there are today, and how many people came to them.

    `people_told` leaves out those of acts of which it is not told how many came: it gives none of them away.
    """

    acts: tuple[Act, ...]
    activities: int
    person_times: int
    people_told: int


def read_year(*, on: date, area: Area) -> dict[str, int]:
    """Give the flows of a day's year; one query."""
    return figures.values(YEAR_FLOWS, period=periods.year(on.year), area=area)


def read_acts(*, at: datetime) -> Acts:
    """Give today's acts in scope, without titles and names: an activity is its category; one query."""
    today = local_day(at)
    first, end = local_moment(today), local_moment(today + ONE_DAY)
    state = Occurrence.State
    columns = ("community", "starts_at", "ends_at", "state", "of", "came")
    dates = (
        Occurrence.objects.filter(state__in=[state.PUBLISHED, state.HELD], starts_at__gte=first, starts_at__lt=end)
        .order_by()
        .annotate(of=F("activity__category__name"), came=Count("attendances", filter=Q(attendances__undone_at=None)))
        .values_list(*columns)
    )
    days = (
        ReceptionDay.objects.filter(
            held_on=today, state__in=[ReceptionDay.State.PLANNED, ReceptionDay.State.HELD], starts_at__lte=at
        )
        .order_by()
        .annotate(of=F("series__kind"), came=Value(NOT_COUNTED))
        .values_list(*columns)
    )
    acts, activities, person_times = [], 0, 0
    for community, starts_at, ends_at, held, of, came in dates.union(days, all=True):
        if came == NOT_COUNTED:
            acts.append(Act(RECEPTION, community, starts_at, of, None))
            continue
        activities, person_times = activities + 1, person_times + came
        if held == state.HELD:
            kind = HELD
        else:
            kind = COMING if starts_at > at else OVER if ends_at <= at else RUNNING
        acts.append(Act(kind, community, starts_at, of, (for_public(came) or None) if kind != COMING else None))
    acts.sort(key=lambda act: (act.kind == COMING, abs((at - act.at).total_seconds()), str(act.community)))
    return Acts(tuple(acts[:MOST_ACTS]), activities, person_times, sum(act.people or 0 for act in acts))
