"""What happened to one record of points, for the timelines of staff."""

from uuid import UUID

from lianxin.domain.points import policy
from lianxin.platform import audit, scope
from lianxin.platform.actors import Actor

MOST = 30


def timeline_of(*, actor: Actor, kind: str, record: UUID) -> list[audit.TimelineEntry]:
    """Give the newest entries about a record ("points.claim") of the communities in scope."""
    policy.require(policy.may_see_points(actor))
    with scope.within(actor.communities):
        return audit.entries_for(kind, record, limit=MOST)
