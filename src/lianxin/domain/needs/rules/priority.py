"""How pressing an entry is, from 1 to 5, and why: every point has a reason that is shown."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

LOWEST, HIGHEST = 1, 5
OLD = 80
# [least, points], the highest that is reached counts.
HOUSEHOLDS = ((3, 1), (10, 2))
WAITING_DAYS = ((30, 1), (90, 2))
Reason = tuple[str, int, int]


@dataclass(frozen=True, slots=True)
class Case:
    """What is weighed of an entry."""

    urgent: int = 0
    households: int = 0
    voices: int = 0
    waiting_days: int = 0
    very_old: int = 0
    is_group_first: bool = False
    not_met: int = 0


def weigh(case: Case) -> tuple[int, list[Reason]]:
    """Give the priority and its reasons as (name, points, the number behind it)."""
    # Voices without a household (guests, unnamed ones) count as one each.
    homes = max(case.households, case.voices if not case.households else 0)
    reasons: list[Reason] = []
    if case.urgent:
        reasons.append(("urgent", 2, case.urgent))
    if points := _reached(homes, HOUSEHOLDS):
        reasons.append(("households", points, homes))
    if points := _reached(case.waiting_days, WAITING_DAYS):
        reasons.append(("waiting_days", points, case.waiting_days))
    if case.very_old:
        reasons.append(("very_old", 1, case.very_old))
    elif case.is_group_first:
        reasons.append(("group", 1, 0))
    if case.not_met:
        reasons.append(("not_met", 1, case.not_met))
    return min(HIGHEST, LOWEST + sum(points for _name, points, _number in reasons)), reasons


def say(name: str, number: int) -> str:
    """Write one reason as words."""
    if name == "urgent":
        return ngettext("%(n)d says it is urgent", "%(n)d say it is urgent", number) % {"n": number}
    if name == "households":
        return ngettext("%(n)d household asks", "%(n)d households ask", number) % {"n": number}
    if name == "waiting_days":
        return ngettext("waiting for %(n)d day", "waiting for %(n)d days", number) % {"n": number}
    if name == "very_old":
        return ngettext("%(n)d asker is 80 or older", "%(n)d askers are 80 or older", number) % {"n": number}
    if name == "group":
        return _("for a group that comes first")
    return ngettext("%(n)d says it was not met", "%(n)d say it was not met", number) % {"n": number}


def _reached(number: int, steps: tuple[tuple[int, int], ...]) -> int:
    return max((points for least, points in steps if number >= least), default=0)
