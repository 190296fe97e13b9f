"""One object of each kind that the pages of volunteering name, for tests which walk all addresses."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from lianxin.domain.activities.models import (
    Certificate,
    HoursEntry,
    ReportingIn,
    Shift,
    ShiftPlace,
    Team,
    TeamMember,
    Volunteer,
)
from lianxin.domain.places.models import Venue
from lianxin.platform import scope
from lianxin.platform.clock import local_day
from lianxin.platform.ids import new_id

NOW = datetime.now(UTC)
DAY = local_day(NOW)


def make_volunteer_object(kind: str, *, community: UUID, person: UUID) -> UUID:
    """Make an object of one kind among a community's volunteers and give its id."""
    with scope.everything():
        return MAKERS[kind](community, person).pk


def _volunteer(community: UUID, person: UUID) -> Volunteer:
    made, _new = Volunteer.objects.get_or_create(
        person_id=person, defaults={"community_id": community, "registered_on": DAY}
    )
    return made


def _team(community: UUID, person: UUID) -> Team:
    return Team.objects.create(community_id=community, name=f"测试队{new_id()}"[:60], founded_on=DAY)


def _member(community: UUID, person: UUID) -> TeamMember:
    return TeamMember.objects.create(
        community_id=community,
        team=_team(community, person),
        volunteer=_volunteer(community, person),
        since_on=DAY,
    )


def _shift(community: UUID, person: UUID) -> Shift:
    venue = Venue.objects.filter(community=community, kind="centre").order_by("pk")[0]
    return Shift.objects.create(
        community_id=community,
        state="open",
        role="测试班次",
        what="测试",
        starts_at=NOW + timedelta(days=3),
        ends_at=NOW + timedelta(days=3, hours=2),
        venue=venue,
        most=5,
    )


def _place(community: UUID, person: UUID) -> ShiftPlace:
    shift = _shift(community, person)
    Shift.objects.filter(pk=shift.pk).update(taken=1)
    return ShiftPlace.objects.create(
        community_id=community,
        shift=shift,
        person_id=person,
        starts_at=shift.starts_at,
        ends_at=shift.ends_at,
        taken_at=NOW,
    )


def _entry(community: UUID, person: UUID) -> HoursEntry:
    return HoursEntry.objects.create(
        community_id=community, person_id=person, kind="taken_over", on=DAY, minutes=90, reason="测试", entered_at=NOW
    )


def _certificate(community: UUID, person: UUID) -> Certificate:
    serial = str(new_id().int % 10**6)
    return Certificate.objects.create(
        community_id=community,
        person_id=person,
        number=f"T-{serial}",
        code=serial,
        from_on=DAY,
        until_on=DAY,
        minutes=90,
        times=1,
        name="测试",
        issued_at=NOW,
    )


def _reporting(community: UUID, person: UUID) -> ReportingIn:
    found = ReportingIn.objects.filter(person=person, until_on=None).first()
    return found or ReportingIn.objects.create(
        community_id=community, person_id=person, unit_name="测试单位", reported_on=DAY
    )


MAKERS: dict[str, Callable[[UUID, UUID], Any]] = {
    "shift": _shift,
    "shift_place": _place,
    "team": _team,
    "team_member": _member,
    "volunteer": _volunteer,
    "hours_entry": _entry,
    "certificate": _certificate,
    "reporting": _reporting,
}
