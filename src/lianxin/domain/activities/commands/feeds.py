"""Private addresses of calendars: made once, shown once, taken back at any time."""

import secrets
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from lianxin.domain.activities.models import FeedLink
from lianxin.domain.activities.rules.tokens import token_digest
from lianxin.domain.people.models import Person
from lianxin.platform.actors import Actor
from lianxin.platform.commands import act, command
from lianxin.platform.errors import Missing, NotAllowed

TOKEN_BYTES = 20


class MadeLink(NamedTuple):
    """A new link with its token, which is kept nowhere."""

    link: FeedLink
    token: str


@command("activities.make_feed_link")
def make_feed_link(*, actor: Actor, at: datetime) -> MadeLink:
    """Make the private address of one's own calendar; one that was made before no longer works."""
    if actor.person is None:
        raise NotAllowed
    person = Person.objects.filter(pk=actor.person, state=Person.State.LIVING).first()
    if person is None:
        raise Missing
    _revoke(person.pk, at)
    token = secrets.token_urlsafe(TOKEN_BYTES)
    link = FeedLink.objects.create(
        community_id=person.community_id, person=person, token_digest=token_digest(token), made_at=at
    )
    act().target(link, "made")
    return MadeLink(link, token)


@command("activities.revoke_feed_link")
def revoke_feed_link(*, actor: Actor, at: datetime) -> int:
    """Take back the address of one's own calendar; give how many were in use."""
    if actor.person is None:
        raise NotAllowed
    return _revoke(actor.person, at)


def _revoke(person: UUID | None, at: datetime) -> int:
    rows = list(FeedLink.objects.filter(person=person, revoked_at__isnull=True))
    for row in rows:
        act().target(row, "revoked")
    FeedLink.objects.filter(pk__in=[row.pk for row in rows]).update(revoked_at=at)
    return len(rows)
