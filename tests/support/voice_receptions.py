"""One object of each kind that the pages of reception days name, for tests which walk all addresses."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from typing import Any
from uuid import UUID

from lianxin.domain.people.models import Person
from lianxin.domain.voice.models import ReceptionDay, ReceptionPlace, ReceptionSeries
from lianxin.platform import scope
from lianxin.platform.clock import local_day, local_moment
from lianxin.platform.ids import new_id

NOW = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)


def make_reception_object(kind: str, *, community: UUID, household: UUID) -> UUID:
    """Make an object of one kind in a community and give its id."""
    with scope.everything():
        return MAKERS[kind](community, household).pk


def _series(community: UUID, _household: UUID) -> ReceptionSeries:
    return ReceptionSeries.objects.create(
        community_id=community,
        kind="evening",
        title="党群夜话",
        recurrence="FREQ=WEEKLY;BYDAY=WE",
        from_on=local_day(NOW),
        starts_time=time(19, 30),
        minutes=60,
        slot_minutes=20,
        leader_name="林书记",
        place_words="大榕树下",
        made_at=NOW,
    )


def _day(community: UUID, household: UUID) -> ReceptionDay:
    day = local_day(NOW) + timedelta(days=9)
    starts = local_moment(day, time(19, 30))
    return ReceptionDay.objects.create(
        community_id=community,
        series=_series(community, household),
        held_on=day,
        starts_at=starts,
        ends_at=starts + timedelta(hours=1),
        leader_name="林书记",
        slots=3,
        taken=1,
    )


def _place(community: UUID, household: UUID) -> ReceptionPlace:
    return ReceptionPlace.objects.create(
        community_id=community,
        day=_day(community, household),
        slot=0,
        asked_at=NOW,
        person=Person.objects.filter(household=household).order_by("pk").first(),
        channel="phone",
        receipt="8" + str(new_id().int)[-8:],
        about="楼下噪声",
    )


MAKERS: dict[str, Callable[[UUID, UUID], Any]] = {"series": _series, "reception": _day, "received": _place}
