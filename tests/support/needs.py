"""One object of each kind that the pages of needs name, for tests which walk all addresses."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from lianxin.domain.needs.models import Answer, Need, NeedReport
from lianxin.domain.people.models import Person
from lianxin.domain.places.models import ServiceCategory
from lianxin.platform import scope
from lianxin.platform.clock import local_day
from lianxin.platform.ids import new_id

NOW = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)


def make_needs_object(kind: str, *, community: UUID, household: UUID) -> UUID:
    """Make an object of one kind in a community and give its id."""
    with scope.everything():
        return MAKERS[kind](community, household).pk


def _voice(community: UUID, household: UUID) -> NeedReport:
    person = Person.objects.filter(household=household).order_by("pk").first()
    return NeedReport.objects.create(
        community_id=community,
        receipt=str(new_id().int)[-8:],
        words="想请人来教老人用手机",
        words_digest="x",
        how="desk",
        person=person,
        household_id=household,
        heard_at=NOW,
        recorded_at=NOW,
    )


def _entry(community: UUID, household: UUID) -> Need:
    last = Need.objects.filter(community=community).order_by("-number").values_list("number", flat=True).first() or 0
    entry = Need.objects.create(
        community_id=community,
        number=last + 1,
        category=ServiceCategory.objects.order_by("position")[0],
        title="教老人用手机",
        voices=1,
        households=1,
        people=1,
        first_heard_on=local_day(NOW),
        last_heard_on=local_day(NOW),
        confirm_by=local_day(NOW),
    )
    voice = _voice(community, household)
    NeedReport.objects.filter(pk=voice.pk).update(need=entry, state="joined")
    return entry


def _reply(community: UUID, household: UUID) -> Answer:
    return Answer.objects.create(
        community_id=community,
        report=_voice(community, household),
        kind="planned",
        words="排在周六",
        channel="phone",
        state="to_tell",
        made_at=NOW,
    )


MAKERS: dict[str, Callable[[UUID, UUID], Any]] = {"voice": _voice, "entry": _entry, "reply": _reply}
