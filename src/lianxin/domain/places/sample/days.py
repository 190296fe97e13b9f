"""What was seen at the venues in the weeks before the sample's day: doors opened, visitors counted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any
from uuid import UUID

from lianxin.platform.clock import local_moment
from lianxin.platform.sample import Plan
from lianxin.platform.workcalendar import load_calendar

from ..commands.paper_logs import record_past_openings
from ..commands.visits import record_visit_counts
from ..models import OpeningException, OpeningHours, Venue, VenuePeriod, VenueState, VisitPurpose

WEEKS = 6
PURPOSES_OF_CENTRES = (VisitPurpose.SERVICE, VisitPurpose.ERRAND, VisitPurpose.ACTIVITY, VisitPurpose.READING)
PURPOSES_OF_STATIONS = (VisitPurpose.REST, VisitPurpose.WATER, VisitPurpose.CHARGING)
LAST_MINUTE = time(23, 50)


def build_days(plan: Plan) -> None:
    """Enter, week by week, what staff and hosts saw at each venue."""
    venues: list[Venue] = list(Venue.objects.filter(pk__in=[venue.pk for venue in plan.notes["venues"]]))
    by_community: dict[UUID, list[Venue]] = {}
    for venue in venues:
        by_community.setdefault(venue.community_id, []).append(venue)
    doors = read_doors(plan.day(WEEKS * 7), plan.today)
    order = sorted(by_community, key=lambda pk: by_community[pk][0].name)
    for number, community in enumerate(order):
        for week in range(WEEKS, 0, -1):
            days = [plan.day(days_ago) for days_ago in range(week * 7, (week - 1) * 7, -1)]
            seen = [
                one
                for venue in sorted(by_community[community], key=lambda venue: venue.name)
                for day in days
                if (one := doors.seen(plan, venue, day)) is not None
            ]
            if not seen:
                continue
            at = min(local_moment(days[-1] + timedelta(days=1), time(0, 10)), plan.at)
            actor = plan.actor(community)
            record_past_openings(actor=actor, openings=[opening for opening, _counts in seen], at=at)
            record_visit_counts(actor=actor, counts=[count for _opening, counts in seen for count in counts], at=at)
        plan.tell("openings and visits", (number + 1) / len(order))


def _spans() -> dict[UUID, dict[int, tuple[time, time]]]:
    """Give for each venue and weekday the first opening and the last closing that it promises."""
    found: dict[UUID, dict[int, tuple[time, time]]] = {}
    for venue, weekday, opens, closes in (
        OpeningHours.objects.filter(valid_until=None)
        .order_by("opens")
        .values_list("venue", "weekday", "opens", "closes")
    ):
        week = found.setdefault(venue, {})
        closes = LAST_MINUTE if closes <= opens else closes
        first, last = week.get(weekday, (opens, closes))
        week[weekday] = (min(first, opens), max(last, closes))
    return found


def _shut_days(first: date, until: date) -> dict[UUID | None, set[date]]:
    """Give the public holidays of a stretch (under None) and the days of exceptions by venue."""
    calendar = load_calendar()
    days = [first + timedelta(days=number) for number in range((until - first).days + 1)]
    found: dict[UUID | None, set[date]] = {None: {day for day in days if calendar.is_holiday(day)}}
    for venue, first_on, last_on in OpeningException.objects.values_list("venue", "first_on", "last_on"):
        while first_on <= last_on:
            found.setdefault(venue, set()).add(first_on)
            first_on += timedelta(days=1)
    return found


def _worked() -> dict[UUID, list[tuple[date, date | None]]]:
    found: dict[UUID, list[tuple[date, date | None]]] = {}
    for venue, from_on, until_on in VenuePeriod.objects.filter(state=VenueState.OPEN).values_list(
        "venue", "valid_from", "valid_until"
    ):
        found.setdefault(venue, []).append((from_on, until_on))
    return found


@dataclass(frozen=True, slots=True)
class Doors:
    """When the doors of the venues are meant to be open, and when they were."""

    spans: dict[UUID, dict[int, tuple[time, time]]]
    shut: dict[UUID | None, set[date]]
    worked: dict[UUID, list[tuple[date, date | None]]]

    def seen(self, plan: Plan, venue: Venue, day: date) -> tuple[dict[str, Any], list[dict[str, Any]]] | None:
        """Give the opening of one day with its counts; None when the door stayed shut."""
        span = self.spans.get(venue.pk, {}).get(day.weekday())
        is_holiday = venue.closed_on_holidays and day in self.shut[None]
        if span is None or day in self.shut.get(venue.pk, ()) or is_holiday:
            return None
        if not any(start <= day and (end is None or day < end) for start, end in self.worked.get(venue.pk, ())):
            return None
        dice = plan.random("day", venue.name, venue.community_id, day)
        weak = plan.notes["kinds"].get(venue.community_id) == "weak" and venue.kind == "centre"
        if dice.random() < (0.16 if weak else 0.025):
            return None
        opened = _shift(day, span[0], dice.randint(-6, 9))
        closed = _shift(day, span[1], dice.randint(0, 9))
        return (
            {"venue": venue.pk, "opened_at": opened, "closed_at": closed},
            list(_counts(dice, venue, opened, closed, weak=weak)),
        )


def read_doors(first: date, until: date) -> Doors:
    """Read what says when doors are open, for the days from first until before the last."""
    return Doors(_spans(), _shut_days(first, until), _worked())


def _shift(day: date, at: time, minutes: int) -> datetime:
    moment = local_moment(day, at) + timedelta(minutes=minutes)
    return min(max(moment, local_moment(day)), local_moment(day, time(23, 59)))


def _counts(dice: Random, venue: Venue, opened: datetime, closed: datetime, *, weak: bool) -> Iterator[dict[str, Any]]:
    """Give one or two counts of a day: so many people as a place of this size sees."""
    area = float(venue.area_m2 or 60)
    usual = area / 100 * (2.2 if weak else 5.5) if venue.kind == "centre" else 14 + area / 4
    purposes = PURPOSES_OF_CENTRES if venue.kind == "centre" else PURPOSES_OF_STATIONS
    for purpose in dice.sample(purposes, 1 if dice.random() < 0.6 else 2):
        yield {
            "venue": venue.pk,
            "count": max(1, round(dice.gauss(usual, usual / 4))),
            "purpose": purpose,
            "counted_at": opened + (closed - opened) * dice.uniform(0.2, 0.95),
        }
