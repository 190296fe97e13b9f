"""Cases from a page: those that carry nobody are limited for each network and for each community."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from lianxin.domain.needs.commands import posting as needs_posting
from lianxin.domain.needs.commands.posting import COMMUNITY_LIMITS, TooManyPosts
from lianxin.domain.people.rules.login import wait_before_sending
from lianxin.domain.voice.commands import hearing
from lianxin.domain.voice.models import CaseReport, Confidentiality, How
from lianxin.platform import locks, scope
from lianxin.platform.actors import Actor
from lianxin.platform.commands import command

__all__ = ["TooManyPosts", "post"]


@command("voice.post")
def post(
    *,
    actor: Actor,
    community: UUID,
    person: UUID | None,
    address: str,
    at: datetime,
    key: UUID | None = None,
    **said: Any,
) -> CaseReport:
    """Hear what was written on a page, as `hearing.hear` does; raises TooManyPosts when nobody is named too often.

    A network's limit counts wishes and cases together: it stops a machine, whatever it writes.
    """
    if person is None or said.get("confidentiality") == Confidentiality.ANONYMOUS:
        needs_posting.limit_posts(community=community, address=address, at=at)
        _limit_community(community, at=at)
    return hearing.hear(actor=actor, community=community, how=How.PAGE, person=person, at=at, **said)


def _limit_community(community: UUID, *, at: datetime) -> None:
    locks.advisory(f"voice.post:{community}")
    with scope.everything():
        heard = CaseReport.objects.filter(
            community=community, how=How.PAGE, person=None, recorded_at__gt=at - timedelta(days=1)
        )
        sent = list(heard.values_list("recorded_at", flat=True))
    wait = wait_before_sending(sent=sent, limits=COMMUNITY_LIMITS, at=at)
    if wait:
        raise TooManyPosts(needs_posting.sentence(wait))
