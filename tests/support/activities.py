"""One object of each kind that the pages of activities name, for tests which walk all addresses."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from lianxin.domain.activities.models import Activity, Attendance, ChainPaste, CrowdLog, NoShow, Occurrence, SignUp
from lianxin.domain.people.models import Person
from lianxin.domain.places.models import ServiceCategory, Venue
from lianxin.platform import scope
from lianxin.platform.clock import local_day
from lianxin.platform.ids import new_id
from lianxin.platform.sensitive import seal

NOW = datetime.now(UTC)


def make_activity_object(kind: str, *, community: UUID, household: UUID) -> UUID:
    """Make an object of one kind in a community and give its id."""
    with scope.everything():
        return MAKERS[kind](community, household).pk


def make_activity(community: UUID) -> Activity:
    """Make a public activity."""
    return Activity.objects.create(
        community_id=community,
        category=ServiceCategory.objects.order_by("position")[0],
        title="测试讲座",
        state="published",
        made_at=NOW,
        published_at=NOW,
    )


def make_occurrence(community: UUID) -> Occurrence:
    """Make a public date a week ahead at the community's first venue."""
    starts_at = NOW + timedelta(days=7)
    return Occurrence.objects.create(
        community_id=community,
        activity=make_activity(community),
        state="published",
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=2),
        venue=Venue.objects.filter(community=community).order_by("pk").first(),
        size=30,
        published_at=NOW,
        changed_at=NOW,
    )


def make_sign_up(community: UUID, household: UUID) -> SignUp:
    """Make a sign-up of somebody of a household."""
    row = make_occurrence(community)
    person = Person.objects.filter(household=household, state="living").order_by("pk")[0]
    Occurrence.objects.filter(pk=row.pk).update(taken=1, next_no=2)
    return SignUp.objects.create(
        community_id=community,
        occurrence=row,
        state="confirmed",
        place_no=1,
        party=new_id(),
        person=person,
        household_id=household,
        how="self",
        code="123456",
        token_digest=new_id().hex,
        accepted_at=NOW,
    )


def make_attendance(community: UUID, household: UUID) -> Attendance:
    """Make a check-in of somebody of a household."""
    sign_up = make_sign_up(community, household)
    return Attendance.objects.create(
        community_id=community,
        occurrence=sign_up.occurrence,
        sign_up=sign_up,
        person=sign_up.person,
        household_id=household,
        how="name",
        came_at=NOW,
        noted_at=NOW,
    )


def make_crowd(community: UUID, household: UUID) -> CrowdLog:
    """Make a count of a crowd."""
    return CrowdLog.objects.create(
        community_id=community, occurrence=make_occurrence(community), at=NOW, count=80, counted_how="按排数点的"
    )


def make_no_show(community: UUID, household: UUID) -> NoShow:
    """Make a note that somebody of a household did not come."""
    sign_up = make_sign_up(community, household)
    return NoShow.objects.create(
        community_id=community,
        activity=sign_up.occurrence.activity,
        sign_up=sign_up,
        person_id=sign_up.person_id,
        on=local_day(NOW),
    )


def make_chain(community: UUID, household: UUID) -> ChainPaste:
    """Make a pasted chain that was read."""
    return ChainPaste.objects.create(
        community_id=community,
        occurrence=make_occurrence(community),
        text=seal("1. 陈小明", "activities.chainpaste.text"),
        lines=seal('{"heading": "", "lines": []}', "activities.chainpaste.lines"),
        pasted_at=NOW,
    )


MAKERS: dict[str, Callable[[UUID, UUID], Any]] = {
    "activity": lambda community, household: make_activity(community),
    "occurrence": lambda community, household: make_occurrence(community),
    "sign_up": make_sign_up,
    "attendance": make_attendance,
    "crowd": make_crowd,
    "no_show": make_no_show,
    "chain": make_chain,
}
