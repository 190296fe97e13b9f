"""What was seen at the venues in the closed year: when doors were opened, and the counts read off once a week."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from lianxin.platform import scope
from lianxin.platform.clock import local_moment
from lianxin.platform.sample import Plan

from ..commands.paper_logs import record_past_openings
from ..commands.visits import record_visit_counts
from ..models import Division, OpeningLog, Venue, VenueState
from .days import Doors, read_doors
from .venues import kind_of_centre

A_WEEK = timedelta(days=7)
Opening = dict[str, Any]
Count = dict[str, Any]


def build_closed_year(plan: Plan) -> None:
    """Enter the year of each community's venues, a quarter at a time; what is there is not entered again."""
    first, until = date(plan.told_year, 1, 1), date(plan.told_year + 1, 1, 1)
    with scope.everything():
        rows = Venue.objects.filter(state__in=[VenueState.OPEN, VenueState.PAUSED], opened_on__lt=until)
        venues = list(rows.order_by("community__code", "name", "pk"))
        logs = OpeningLog.objects.filter(opened_at__gte=local_moment(first), opened_at__lt=local_moment(until))
        begun = set(logs.order_by().values_list("community", flat=True).distinct())
        places = Division.objects.in_bulk([venue.community_id for venue in venues])
        plan.notes["kinds"] = {pk: kind_of_centre(plan, place) for pk, place in places.items()}
        doors = read_doors(first, until)
    by_community: dict[UUID, list[Venue]] = {}
    for venue in venues:
        by_community.setdefault(venue.community_id, []).append(venue)
    for number, (community, mine) in enumerate(by_community.items(), start=1):
        if community not in begun:
            _enter(plan, mine, doors, first, until)
        plan.tell("openings of the closed year", number / len(by_community))


def _enter(plan: Plan, venues: list[Venue], doors: Doors, first: date, until: date) -> None:
    """Enter one community's year in one go, as it was handed in after the New Year."""
    openings: list[Opening] = []
    counts: list[Count] = []
    for venue in venues:
        monday = first - timedelta(days=first.weekday())
        while monday < until:
            seen = [one for one in _week(plan, venue, doors, monday, first, until) if one is not None]
            openings += [opening for opening, _counts in seen]
            if seen:
                counts.append(_read_off(seen))
            monday += A_WEEK
    at = min(local_moment(until, time(9)), plan.at)
    actor = plan.actor()
    if openings:
        record_past_openings(actor=actor, openings=openings, at=at)
        record_visit_counts(actor=actor, counts=counts, at=at)


def _week(
    plan: Plan, venue: Venue, doors: Doors, monday: date, first: date, until: date
) -> Iterator[tuple[Opening, list[Count]] | None]:
    for number in range(7):
        day = monday + timedelta(days=number)
        if first <= day < until:
            yield doors.seen(plan, venue, day)


def _read_off(seen: list[tuple[Opening, list[Count]]]) -> Count:
    """Add a week up: one count, read off when the door was shut for the last time."""
    counts = [count for _opening, some in seen for count in some]
    closed: datetime = seen[-1][0]["closed_at"]
    return {
        "venue": counts[0]["venue"],
        "count": sum(int(count["count"]) for count in counts),
        "purpose": counts[0]["purpose"],
        "counted_at": closed,
    }
