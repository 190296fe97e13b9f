"""One process that builds a district with a year of activities, or grows it to ten years of them.

`year` is the sample district as it ships. `decade` takes the sample's closed year over again, date by date, as the
sheets of eight years before it and of the years after it, by the command that takes over what was held before; rooms
get the bookings that publishing would have left. `count` tells what is there.
"""

import json
import sys
from dataclasses import replace
from datetime import date, datetime, timedelta
from uuid import UUID

import django

django.setup()

from django.db import connection  # noqa: E402
from django.utils import translation  # noqa: E402

from lianxin.domain.activities.commands.history import PastActivity, PastDate, PastPerson, take_in_history  # noqa: E402
from lianxin.domain.activities.models import Activity, Attendance, Occurrence  # noqa: E402
from lianxin.domain.activities.sample.parts import RECENT_DAYS, tell_all  # noqa: E402
from lianxin.domain.bookings.commands.arrivals import USES  # noqa: E402
from lianxin.domain.bookings.models import Booking, BookingTime  # noqa: E402
from lianxin.platform import clock, deployment, facts, sample, scope  # noqa: E402
from lianxin.platform.actors import Actor  # noqa: E402
from lianxin.platform.commands import act, command  # noqa: E402
from lianxin.platform.sample import Plan  # noqa: E402

SEED, RESIDENTS = 440507, 20_000
# Years to go back from the closed year; the last ones lie after it, up to the weeks that the sample tells itself.
YEARS_BACK = (8, 7, 6, 5, 4, 3, 2, 1, -1, -2)
A_YEAR = timedelta(weeks=52)
ROWS_AT_ONCE = 2_000


def build_year() -> None:
    """Build the sample district with everything that the worker adds to it."""
    now = clock.now()
    plan = Plan(seed=SEED, today=clock.local_day(now), residents=RESIDENTS)
    sample.build_ground(plan=plan, at=now)
    sample.build_background(plan=plan, at=now)


def grow() -> None:
    """Take over nine more years of what was held, community by community; add up and seal what that leaves."""
    row = deployment.find_deployment()
    assert row is not None
    plan = sample.plan_of(row)
    with translation.override("zh-hans"):
        district, told = tell_all(plan)
        held = [one.activity for one in told if one.planned.dates[0].starts_at.year == plan.told_year]
        until = clock.local_moment(plan.day(RECENT_DAYS + 1))
        by_community: dict[UUID, list[PastActivity]] = {}
        for activity in held:
            by_community.setdefault(activity.content.community, []).append(activity)
        for years in YEARS_BACK:
            for community, activities in by_community.items():
                some = [one for one in (_moved(activity, years, until) for activity in activities) if one.dates]
                if some:
                    take_in_history(actor=district.actor(community), community=community, activities=some, at=plan.at)
    book_rooms(actor=Actor.system(via="cli"), at=plan.at)
    sample.settle(at=clock.now())


def _moved(activity: PastActivity, years: int, until: datetime) -> PastActivity:
    """Give an activity of the closed year as one of another year: the same weekdays and people."""
    dates = [_date(one, A_YEAR * years) for one in activity.dates]
    return replace(activity, id=None, dates=[one for one in dates if one.ends_at < until])


def _date(one: PastDate, back: timedelta) -> PastDate:
    return replace(
        one,
        starts_at=one.starts_at - back,
        ends_at=one.ends_at - back,
        published_at=one.published_at and one.published_at - back,
        people=[_person(person, back) for person in one.people],
        crowd=one.crowd and one.crowd._replace(at=one.crowd.at - back),
    )


def _person(person: PastPerson, back: timedelta) -> PastPerson:
    return person._replace(
        signed_at=person.signed_at and person.signed_at - back, came_at=person.came_at and person.came_at - back
    )


@command("bench.book_rooms")
def book_rooms(*, actor: Actor, at: datetime) -> None:
    """Give each room the used times of the dates held in it, where no other one stands in the way."""
    with scope.everything():
        known = set(Booking.objects.filter(record_id__isnull=False).values_list("record_id", flat=True))
        busy = _busy()
        rows = Occurrence.objects.filter(state=Occurrence.State.HELD, room__isnull=False).exclude(venue=None)
        names = ("pk", "community", "venue", "room", "starts_at", "ends_at", "activity__title", "published_at")
        bookings, times = [], []
        for pk, community, venue, room, starts_at, ends_at, title, published_at in rows.values_list(*names):
            stretches = busy.setdefault(room, {}).setdefault(clock.local_day(starts_at), [])
            if pk in known or any(first < ends_at and starts_at < last for first, last in stretches):
                continue
            stretches.append((starts_at, ends_at))
            booking = Booking(
                community_id=community,
                venue_id=venue,
                room_id=room,
                state=Booking.State.CONFIRMED,
                title=title,
                record_kind="activities.occurrence",
                record_id=pk,
                asked_at=published_at,
                decided_at=published_at,
            )
            bookings.append(booking)
            times.append(
                BookingTime(
                    community_id=community,
                    booking=booking,
                    room_id=room,
                    starts_at=starts_at,
                    ends_at=ends_at,
                    blocked_from=starts_at,
                    blocked_until=ends_at,
                    state=BookingTime.State.USED,
                    arrived_at=starts_at,
                    ended_at=ends_at,
                )
            )
        Booking.objects.bulk_create(bookings, batch_size=ROWS_AT_ONCE)
        BookingTime.objects.bulk_create(times, batch_size=ROWS_AT_ONCE)
        for booking, time in zip(bookings, times, strict=True):
            facts.record(
                measure=USES,
                record=time,
                quantity=1,
                community_id=time.community_id,
                venue_id=booking.venue_id,
                on=clock.local_day(time.starts_at),
            )
    act().note(reason="rooms of ten years")


def _busy() -> dict[UUID, dict[date, list[tuple[datetime, datetime]]]]:
    """Give the stretches of time in which rooms are taken, by room and day."""
    found: dict[UUID, dict[date, list[tuple[datetime, datetime]]]] = {}
    live = BookingTime.objects.filter(state__in=BookingTime.LIVE)
    for room, first, last in live.values_list("room", "blocked_from", "blocked_until"):
        found.setdefault(room, {}).setdefault(clock.local_day(first), []).append((first, last))
    return found


def count() -> None:
    """Print how much there is."""
    with scope.everything():
        print(
            json.dumps(
                {
                    "activities": Activity.objects.count(),
                    "held": Occurrence.objects.filter(state=Occurrence.State.HELD).count(),
                    "attendances": Attendance.objects.filter(undone_at=None).count(),
                    "times": BookingTime.objects.count(),
                }
            )
        )


if __name__ == "__main__":
    {"year": build_year, "decade": grow, "count": count}[sys.argv[1]]()
    connection.close()
