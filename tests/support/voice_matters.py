"""One object of each kind that the pages of deliberation name, for tests which walk all addresses."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from lianxin.domain.voice.models import (
    AgendaItem,
    Commitment,
    Invitation,
    Matter,
    Meeting,
    Party,
    Resolution,
    Speech,
)
from lianxin.platform import scope
from lianxin.platform.clock import local_day

NOW = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)


def make_matters_object(kind: str, *, made: Callable[[str], UUID], community: UUID) -> UUID:
    """Make an object of one kind in a community and give its id; `made` gives what it belongs to."""
    with scope.everything():
        return MAKERS[kind](made, community).pk


def _matter(_made: Callable[[str], UUID], community: UUID) -> Matter:
    last = Matter.objects.filter(community=community).order_by("-number").values_list("number", flat=True).first() or 0
    return Matter.objects.create(
        community_id=community, number=last + 1, title="西区加装电梯", opened_at=NOW, is_public=True
    )


def _side(made: Callable[[str], UUID], community: UUID) -> Party:
    return Party.objects.create(
        community_id=community,
        matter_id=made("matter"),
        kind="property",
        name="物业公司",
        joined_on=local_day(NOW),
    )


def _meeting(made: Callable[[str], UUID], community: UUID) -> Meeting:
    return Meeting.objects.create(
        community_id=community, matter_id=made("matter"), number=1, starts_at=NOW - timedelta(hours=1), state="held"
    )


def _invited(made: Callable[[str], UUID], community: UUID) -> Invitation:
    return Invitation.objects.create(
        community_id=community,
        meeting_id=made("meeting"),
        name="陈阿姨",
        invited_at=NOW,
        came_at=NOW - timedelta(hours=1),
    )


def _item(made: Callable[[str], UUID], community: UUID) -> AgendaItem:
    return AgendaItem.objects.create(community_id=community, meeting_id=made("meeting"), position=1, title="分摊方案")


def _resolution(made: Callable[[str], UUID], community: UUID) -> Resolution:
    return Resolution.objects.create(
        community_id=community, meeting_id=made("meeting"), number=1, words="按楼层分摊费用"
    )


def _speech(made: Callable[[str], UUID], community: UUID) -> Speech:
    return Speech.objects.create(
        community_id=community,
        meeting_id=made("meeting"),
        invitation_id=made("invited"),
        position=1,
        words="二楼少出一点",
    )


def _commitment(made: Callable[[str], UUID], community: UUID) -> Commitment:
    last = Commitment.objects.filter(community=community).order_by("-number").values_list("number", flat=True).first()
    day = local_day(NOW + timedelta(days=14))
    return Commitment.objects.create(
        community_id=community,
        number=(last or 0) + 1,
        matter_id=made("matter"),
        owner_name="物业公司",
        words="两周内拿出分摊方案",
        due_by=day,
        first_due_by=day,
        made_at=NOW,
        is_public=True,
    )


MAKERS: dict[str, Callable[[Callable[[str], UUID], UUID], Any]] = {
    "matter": _matter,
    "side": _side,
    "meeting": _meeting,
    "invited": _invited,
    "agenda_item": _item,
    "resolution": _resolution,
    "speech": _speech,
    "commitment": _commitment,
}
