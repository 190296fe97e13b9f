"""What else rules of tiers set: days to confirm and reopen, how often one may urge, where a late case goes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from lianxin.domain.voice.models.cases import Tier
from lianxin.domain.voice.rules import starter_rules

# The least and the most of each number.
SPANS = {"confirm_days": (1, 90), "reopen_days": (0, 365), "urge_every_days": (1, 60), "urge_most": (0, 50)}


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of one version of rules."""

    confirm_days: int
    reopen_days: int
    urge_every_days: int
    urge_most: int
    lift_to: dict[str, str] = field(default_factory=dict)


def limits_of(limits: Mapping[str, Any]) -> Limits:
    """Give the limits of a version; what an old one does not name is that of the starter rules."""
    given = starter_rules.LIMITS | {name: value for name, value in limits.items() if name in starter_rules.LIMITS}
    return Limits(**given)


def check_limits(limits: Any) -> list[str]:
    """Give a sentence for each thing that is wrong with limits; none when they can be used."""
    if not isinstance(limits, dict):
        return [_("Limits are given by name.")]
    wrong = []
    for name, (least, most) in SPANS.items():
        number = limits.get(name)
        if not isinstance(number, int) or isinstance(number, bool) or not least <= number <= most:
            wrong.append(
                f"{name_of(name)}: " + _("Give a number from %(least)d to %(most)d.") % {"least": least, "most": most}
            )
    unknown = [name for name in limits if name not in (*SPANS, "lift_to")]
    wrong += [_("The limit “%(name)s” is not known.") % {"name": str(name)[:20]} for name in unknown]
    return wrong + _check_lifts(limits.get("lift_to", {}))


def _check_lifts(lifts: Any) -> list[str]:
    if not isinstance(lifts, dict) or not all(a in Tier.values and b in Tier.values for a, b in lifts.items()):
        return [_("A late case goes to simple, fast or by all.")]
    if Tier.FULL in lifts:
        return [_("A case that all talk over is at the last tier; nothing lies above it.")]
    if any(a == b or lifts.get(b) == a for a, b in lifts.items()):
        return [_("A late case goes to another tier and never back.")]
    return []


def name_of(name: str) -> str:
    """Say what a limit is."""
    return {
        "confirm_days": _("Days for the reporters to say whether it is solved"),
        "reopen_days": _("Days in which a reporter may open it again"),
        "urge_every_days": _("Days between two reminders of one case"),
        "urge_most": _("Reminders of one case at most"),
        "lift_to": _("Where a late case goes"),
    }[name]
