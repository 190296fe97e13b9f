"""What happened to an activity and its dates, for those who work with them."""

from uuid import UUID

from lianxin.domain.activities import policy
from lianxin.platform import audit, scope
from lianxin.platform.actors import Actor

MOST = 50


def timeline_of(*, actor: Actor, kind: str, record: UUID) -> list[audit.TimelineEntry]:
    """Give the newest entries about a record ("activities.activity", "activities.occurrence") in scope."""
    policy.require(policy.may_read_any(actor))
    with scope.within(actor.communities):
        return audit.entries_for(kind, record, limit=MOST)
