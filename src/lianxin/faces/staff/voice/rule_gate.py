"""Who may open the pages of the rules of tiers; for everybody else they do not exist."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from lianxin.domain.voice import policy
from lianxin.domain.voice.models import TierRules
from lianxin.domain.voice.queries import tier_rules
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day, now

from ..access import PRESS, READ, SEND, View, guard


def open_rules(actor: Actor, rules: UUID) -> TierRules:
    """Open one version that somebody may look at; raises Missing."""
    return tier_rules.find_version(actor=actor, rules=rules)


def open_place(actor: Actor, division: UUID) -> tier_rules.Place:
    """Open a division with the rules that hold there; raises Missing."""
    return tier_rules.find_place(actor=actor, division=division, on=local_day(now()))


LOOKUPS: dict[str, Callable[[Actor, UUID], Any]] = {"tier_rules": open_rules, "division": open_place}


def _there(actor: Actor, named: dict[str, Any]) -> None:
    """Find what an address names among what the actor may open; raises Missing."""
    for name, value in named.items():
        LOOKUPS[name](actor, value)


def reading(view: View) -> View:
    """Let the offices read a page."""
    return guard(READ, seen_by=policy.may_read_any)(view)


def writing(view: View) -> View:
    """Let those who write rules somewhere open and send a form; the command behind it looks at the level."""
    return guard(SEND, seen_by=policy.may_read_any, allowed=policy.may_write_rules_any, there=_there)(view)


def pressing(view: View) -> View:
    """Take a button from those who write rules somewhere."""
    return guard(PRESS, seen_by=policy.may_read_any, allowed=policy.may_write_rules_any, there=_there)(view)
