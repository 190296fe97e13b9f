"""One object of each kind that the pages of the rules of tiers name, for tests which walk all addresses."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from lianxin.domain.voice.models import TierRules
from lianxin.domain.voice.rules import starter_rules
from lianxin.platform import scope

MADE_AT = datetime(2026, 11, 2, 4, 0, tzinfo=UTC)
PARAMETERS = {"tier_rules"}


def make_tier_rules(community: UUID) -> UUID:
    """Make a draft of a community's own rules and give its id."""
    with scope.everything():
        draft, _made = TierRules.objects.get_or_create(
            division_id=community,
            state="draft",
            defaults={
                "version": 1,
                "name": "本社区的规则",
                "criteria": starter_rules.CRITERIA,
                "terms": starter_rules.TERMS,
                "limits": starter_rules.LIMITS,
                "made_at": MADE_AT,
            },
        )
    return draft.pk
