"""Who did not come: forgiven by staff who know why, and by time."""

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from lianxin.domain.activities import policy
from lianxin.domain.activities.models import NoShow
from lianxin.domain.activities.rules.no_shows import forgiven_before
from lianxin.platform import scope
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day
from lianxin.platform.commands import act, command
from lianxin.platform.errors import Invalid, Missing

LONGEST_WHY = 100


@command("activities.forgive_no_show")
def forgive_no_show(*, actor: Actor, no_show: UUID, why: str, at: datetime, key: UUID | None = None) -> NoShow:
    """Forgive that somebody did not come, since there was a reason."""
    words = " ".join(why.split())
    if not words or len(words) > LONGEST_WHY:
        raise Invalid(fields={"why": [_("Say in at most %(most)d characters why.") % {"most": LONGEST_WHY}]})
    row = NoShow.objects.filter(pk=no_show).first()
    if row is None or not policy.may_plan(actor, row.community_id):
        raise Missing
    if row.forgiven_at is None:
        row.forgiven_at, row.forgiven_why = at, words
        row.save(update_fields=["forgiven_at", "forgiven_why"])
        act().target(row, "forgiven", {"forgiven_at": [None, at]})
    return row


@command("activities.forgive_old_no_shows")
def forgive_old(*, actor: Actor, at: datetime) -> int:
    """Forgive everything that is half a year old; gives how much."""
    policy.require(actor.is_system)
    with scope.everything():
        old = NoShow.objects.filter(forgiven_at=None, on__lt=forgiven_before(local_day(at)))
        return old.update(forgiven_at=at, forgiven_why=_("Half a year is over."))
