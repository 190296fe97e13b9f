"""A community with a centre and a room, and activities in it, for the tests of planning."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any

from django.db import transaction

from lianxin.domain.activities.commands import occurrences, publishing
from lianxin.domain.activities.commands.activities import save_activity
from lianxin.domain.activities.models import Activity, Occurrence
from lianxin.domain.activities.rules.contents import Content
from lianxin.domain.activities.rules.plans import Plan
from lianxin.domain.people.models import Person
from lianxin.domain.people.tests.factories import make_household, members_of, new_person, resident, staff
from lianxin.domain.places.models import Division, Room, RoomKind, ServiceCategory, Venue
from lianxin.platform import scope
from lianxin.platform.actors import Actor

# A Monday at noon in Shanghai.
AT = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
TODAY = date(2026, 3, 2)


@dataclass(frozen=True)
class Ground:
    """Everything that a test of planning wants to name."""

    community: Division
    venue: Venue
    room: Room
    other_room: Room
    category: ServiceCategory
    planner: Actor

    def content(self, **values: Any) -> Content:
        """What a form would hold."""
        entries: dict[str, Any] = {"title": "中医养生讲座", "summary": "请中医院的医生讲一讲春季养生。"} | values
        return Content(community=self.community.pk, category=self.category.pk, **entries)

    def plan(self, **values: Any) -> Plan:
        """A morning at the centre's hall for thirty."""
        entries: dict[str, Any] = {
            "starts": (time(9, 30),),
            "minutes": 90,
            "venue": self.venue.pk,
            "room": self.room.pk,
            "size": 30,
        }
        return Plan(**(entries | values))


def make_ground(name: str = "翠英社区", code: str = "440507004020") -> Ground:
    """One community with a centre of two rooms."""
    with scope.everything(), transaction.atomic():
        community = Division.objects.create(
            level="community", official_name=f"{name}居委会", short_name=name, code=code, created_on=date(2019, 1, 1)
        )
        venue = Venue.objects.create(
            community=community,
            kind="centre",
            name=f"{name}党群服务中心",
            address="翠英路1号",
            state="open",
            opened_on=date(2024, 3, 1),
        )
        kind, _ = RoomKind.objects.get_or_create(code="hall", defaults={"name": "多功能厅"})
        rooms = [
            Room.objects.create(community=community, venue=venue, kind=kind, name=name, seats=60)
            for name in ("多功能厅", "活动室")
        ]
        category, _ = ServiceCategory.objects.get_or_create(code="B02", defaults={"name": "国学讲堂"})
    return Ground(community, venue, rooms[0], rooms[1], category, staff("community_staff", community))


def make_series(ground: Ground, *, first_on: date = date(2026, 3, 9), times: int = 4, **plan: Any) -> Activity:
    """A draft with weekly dates from a Monday on."""
    activity = save_activity(
        actor=ground.planner, activity=None, content=ground.content(), plan=ground.plan(**plan), at=AT
    )
    repeats = {"every": "week", "weekdays": [first_on.weekday()], "times": times} if times > 1 else None
    occurrences.plan_dates(actor=ground.planner, activity=activity.pk, first_on=first_on, repeats=repeats, at=AT)
    return fresh(activity)


def make_public(ground: Ground, **values: Any) -> tuple[Activity, list[Occurrence]]:
    """A series that is published, with its dates."""
    activity = make_series(ground, **values)
    publishing.publish(actor=ground.planner, activity=activity.pk, despite_doubts=True, at=AT)
    return fresh(activity), dates_of(activity)


def fresh(row: Any) -> Any:
    """The row as it is now."""
    with scope.everything():
        return type(row).objects.get(pk=row.pk)


def dates_of(activity: Activity) -> list[Occurrence]:
    """All dates of an activity in their order."""
    with scope.everything():
        return list(Occurrence.objects.filter(activity=activity).order_by("starts_at"))


def make_resident(ground: Ground, name: str = "陈小明") -> tuple[Person, Actor]:
    """Somebody who lives there and can log in."""
    with scope.everything():
        home = make_household(ground.community, new_person(name), on=date(2024, 1, 1))
        person = members_of(home)[0]
    return person, resident(person)
