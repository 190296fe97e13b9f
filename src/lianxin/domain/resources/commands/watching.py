"""What the clock brings: offers that have to be assured again, and those whose time is over."""

from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from lianxin.domain.resources import policy
from lianxin.domain.resources.commands.offers import ASSURE_DUTY, ask_to_assure, end_row
from lianxin.domain.resources.models import Offer
from lianxin.platform import locks, scope
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day, local_moment
from lianxin.platform.commands import command
from lianxin.platform.models import Duty

State = Offer.State
ASK_BEFORE = timedelta(days=14)
AT_ONCE = 200


@command("resources.watch")
def watch(*, actor: Actor, at: datetime) -> int:
    """End offers whose last day is over, and let the giver be asked where the assurance runs out; give how many."""
    policy.require(actor.is_system)
    today = local_day(at)
    with scope.everything():
        live = Offer.objects.exclude(state=State.ENDED)
        over = locks.lock(
            Offer.objects.filter(pk__in=list(live.filter(until_on__lt=today).values_list("pk", flat=True)[:AT_ONCE]))
        )
        for row in over:
            end_row(row, reason=_("Its last day is over."), actor=actor, at=at)
        asked = Duty.objects.filter(kind=ASSURE_DUTY, closed_at=None).values("record_id")
        stale = Offer.objects.filter(state=State.ACTIVE, assure_by__lte=today + ASK_BEFORE).exclude(pk__in=asked)
        rows = list(stale.order_by("assure_by", "pk")[:AT_ONCE])
        for row in rows:
            assert row.assure_by is not None
            ask_to_assure(row, due_at=local_moment(row.assure_by))
    return len(over) + len(rows)
