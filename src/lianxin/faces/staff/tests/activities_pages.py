"""What the tests of the pages of activities share: 翠英 with a room and a public series."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Any

from django.urls import reverse

from lianxin.domain.activities.commands import occurrences, publishing
from lianxin.domain.activities.commands.activities import save_activity
from lianxin.domain.activities.models import Activity, Occurrence
from lianxin.domain.activities.rules.contents import Content
from lianxin.domain.activities.rules.plans import Plan, ShiftPlan
from lianxin.domain.places.models import Division, Room, RoomKind, ServiceCategory, Venue
from lianxin.platform import scope
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day, now


@dataclass(frozen=True)
class Programme:
    """A community's venue and room, and one weekly activity with its dates."""

    planner: Actor
    community: Division
    venue: Venue
    room: Room
    category: ServiceCategory
    activity: Activity

    def dates(self) -> list[Occurrence]:
        """Give the dates as they are now."""
        with scope.everything():
            return list(Occurrence.objects.filter(activity=self.activity).order_by("starts_at"))

    def url(self, name: str) -> str:
        """Give the address of a page of the activity."""
        return reverse(f"staff:{name}", kwargs={"activity": self.activity.pk})

    def date_url(self, name: str, number: int = 0) -> str:
        """Give the address of a page of one of its dates."""
        return reverse(f"staff:{name}", kwargs={"occurrence": self.dates()[number].pk})


def next_monday() -> date:
    """A Monday at least a week ahead."""
    today = local_day(now())
    return today + timedelta(days=14 - today.weekday())


def open_programme(
    district: Any, *, public: bool = True, times: int = 3, community: Any = None, **plan: Any
) -> Programme:
    """Plan a weekly activity in 翠英, or in another community, with commands."""
    place = community or district.cuiying
    planner = district.actor("cuiying1" if place == district.cuiying else "jinzhou.waisha1")
    at = now()
    with scope.everything():
        venue = Venue.objects.filter(community=place, state="open").order_by("kind", "pk")[0]
        kind, _made = RoomKind.objects.get_or_create(code="test-hall", defaults={"name": "多功能厅"})
        room = Room.objects.create(community=place, venue=venue, kind=kind, name=f"讲座厅{at:%f}", seats=60)
        category = ServiceCategory.objects.get(code="B02")
    values: dict[str, Any] = {"starts": (time(9, 30),), "venue": venue.pk, "room": room.pk, "size": 30}
    values |= {"shifts": (ShiftPlan("签到引导", 1, 2),), "skips_closed": False} | plan
    row = save_activity(
        actor=planner,
        activity=None,
        content=Content(place.pk, category.pk, "中医养生讲座", "请中医院的医生讲一讲春季养生。"),
        plan=Plan(**values),
        at=at,
    )
    occurrences.plan_dates(
        actor=planner,
        activity=row.pk,
        first_on=next_monday(),
        repeats={"every": "week", "weekdays": [0], "times": times},
        at=at,
    )
    if public:
        publishing.publish(actor=planner, activity=row.pk, despite_doubts=True, at=at)
    with scope.everything():
        row = Activity.objects.get(pk=row.pk)
    return Programme(planner, place, venue, room, category, row)
