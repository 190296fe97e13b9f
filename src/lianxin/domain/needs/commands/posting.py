"""Wishes from a page: those that carry nobody are limited for each network and for each community."""

from datetime import datetime, timedelta
from math import ceil
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from lianxin.domain.needs.commands import hearing
from lianxin.domain.needs.models import AnonymousPost, NeedReport
from lianxin.domain.people.rules.login import SendLimit, wait_before_sending
from lianxin.platform import locks, scope
from lianxin.platform.actors import Actor
from lianxin.platform.commands import command
from lianxin.platform.errors import TooMany
from lianxin.platform.sensitive import digest

ADDRESS_PURPOSE = "needs.post_address"
# A hall full of people may share one network; this stops a machine, not a meeting.
ADDRESS_LIMITS = (SendLimit(20, timedelta(hours=1)), SendLimit(60, timedelta(days=1)))
COMMUNITY_LIMITS = (SendLimit(120, timedelta(hours=1)), SendLimit(500, timedelta(days=1)))
KEEP_POSTS = timedelta(days=2)


class TooManyPosts(TooMany):
    """Too much was said without a name, from this network or to this community."""

    title = gettext_lazy("A lot was sent from here.")


@command("needs.post")
def post(
    *,
    actor: Actor,
    community: UUID,
    person: UUID | None,
    address: str,
    at: datetime,
    key: UUID | None = None,
    **said: Any,
) -> NeedReport:
    """Hear what was written on a page, as `hearing.hear` does; raises TooManyPosts when nobody is named too often."""
    if person is None:
        limit_posts(community=community, address=address, at=at)
    return hearing.hear(actor=actor, community=community, how=NeedReport.How.PAGE, person=person, at=at, **said)


def limit_posts(*, community: UUID, address: str, at: datetime) -> None:
    """Count an anonymous post inside a command; raises TooManyPosts when there were too many. Others wait for it."""
    since = at - timedelta(days=1)
    mark = digest(address, ADDRESS_PURPOSE) if address else ""
    locks.advisory(f"post:{mark or community}")
    with scope.everything():
        heard = NeedReport.objects.filter(community=community, how=NeedReport.How.PAGE, person=None)
        here = list(heard.filter(recorded_at__gt=since).values_list("recorded_at", flat=True))
    waits = [wait_before_sending(sent=here, limits=COMMUNITY_LIMITS, at=at)]
    if mark:
        sent = AnonymousPost.objects.filter(address_digest=mark, posted_at__gt=since)
        posted = list(sent.values_list("posted_at", flat=True))
        waits.append(wait_before_sending(sent=posted, limits=ADDRESS_LIMITS, at=at))
    if any(waits):
        raise TooManyPosts(sentence(max(wait for wait in waits if wait)))
    if mark:
        AnonymousPost.objects.create(address_digest=mark, posted_at=at)


def forget_posts(at: datetime) -> int:
    """Throw away what limits no longer look at."""
    return AnonymousPost.objects.filter(posted_at__lt=at - KEEP_POSTS).delete()[0]


def sentence(wait: timedelta) -> str:
    """Say when to send again."""
    minutes = ceil(wait.total_seconds() / 60)
    if minutes <= 90:
        when = ngettext("in %(n)d minute", "in %(n)d minutes", minutes) % {"n": minutes}
    else:
        hours = ceil(minutes / 60)
        when = ngettext("in %(n)d hour", "in %(n)d hours", hours) % {"n": hours}
    return _(
        "A lot was sent without a name just now. Your words still stand below: please send them %(when)s, "
        "log in by phone, or tell us by telephone or at the desk."
    ) % {"when": when}
