"""One object of each kind that the pages of visits name, for tests which walk all addresses."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from lianxin.domain.needs.commands.syncing import CONTENT
from lianxin.domain.needs.models import Visit, VisitConflict, VisitDevice, VisitPromise
from lianxin.platform import scope
from lianxin.platform.clock import local_day
from lianxin.platform.ids import new_id
from lianxin.platform.sensitive import seal

NOW = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)


def make_visits_object(kind: str, *, community: UUID, household: UUID) -> UUID:
    """Make an object of one kind in a community and give its id."""
    with scope.everything():
        return MAKERS[kind](community, household).pk


def _visit(community: UUID, household: UUID) -> Visit:
    return Visit.objects.create(
        community_id=community, household_id=household, due_on=local_day(NOW), planned_at=NOW, reason="round"
    )


def _promise(community: UUID, household: UUID) -> VisitPromise:
    visit = _visit(community, household)
    return VisitPromise.objects.create(
        community_id=community, visit=visit, household_id=household, words="带药来", made_at=NOW
    )


def _conflict(community: UUID, household: UUID) -> VisitConflict:
    visit = _visit(community, household)
    return VisitConflict.objects.create(
        community_id=community,
        visit=visit,
        device_record=new_id(),
        content=seal('{"kind": "refused", "why": "x", "digest": "", "record": {}}', CONTENT),
        received_at=NOW,
    )


def _device(community: UUID, _household: UUID) -> VisitDevice:
    return VisitDevice.objects.create(
        community_id=community,
        worker=new_id(),
        token_digest=new_id().hex,
        taken_at=NOW,
        expires_at=NOW + timedelta(days=7),
    )


MAKERS: dict[str, Callable[[UUID, UUID], Any]] = {
    "visit": _visit,
    "visit_promise": _promise,
    "visit_conflict": _conflict,
    "visit_device": _device,
}
