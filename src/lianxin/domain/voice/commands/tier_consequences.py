"""What becomes of duties and rules about tiers when communities are merged."""

from datetime import datetime

from django.utils.translation import ngettext

from lianxin.domain.places.events import DivisionsMerged
from lianxin.domain.voice.commands import tier_duties
from lianxin.domain.voice.models import TierRules
from lianxin.platform import scope
from lianxin.platform.actors import Actor
from lianxin.platform.models import Duty


def follow_divisions_merged(event: DivisionsMerged, *, actor: Actor, at: datetime) -> None:
    """Bring the open duties to the successor; drafts of rules of the ended communities are put aside."""
    ended = [division for division in event.divisions if division != event.into]
    with scope.everything():
        owed = Duty.objects.filter(kind__in=tier_duties.KINDS, community_id__in=ended, closed_at=None)
        owed.update(community_id=event.into)
        TierRules.objects.filter(division__in=ended, state=TierRules.State.DRAFT).delete()


def preview_divisions_merged(event: DivisionsMerged) -> list[str]:
    """Tell that rules which an ended community adopted hold no more."""
    ended = [division for division in event.divisions if division != event.into]
    own = TierRules.objects.filter(division__in=ended, state=TierRules.State.PUBLISHED)
    count = own.values("division").distinct().count()
    words = ngettext(
        "The rules of tiers that %(n)d community adopted for itself hold no more.",
        "The rules of tiers that %(n)d communities adopted for themselves hold no more.",
        count,
    )
    return [words % {"n": count}] if count else []
