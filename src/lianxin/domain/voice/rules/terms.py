"""How long each tier may take: hours of the plain clock or working days, as data."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lianxin.domain.voice.models.cases import Tier
from lianxin.engines.workdays import Term

DANGER = "danger"
NAMES = (*Tier.values, DANGER)
MOST = {"hours": 720, "days": 120}


def term_of(terms: Mapping[str, Any], *, tier: str, is_danger: bool) -> Term:
    """Give the term of a tier; a danger that is treated fast has its own."""
    given = terms.get(DANGER) if is_danger and tier == Tier.FAST else None
    return _term(given or terms[tier])


def _term(given: Mapping[str, Any]) -> Term:
    return Term(hours=given.get("hours", 0), working_days=given.get("days", 0))


def check_terms(terms: Any) -> list[str]:
    """Give a sentence for each thing that is wrong with terms; none when they can be used."""
    if not isinstance(terms, dict):
        return [_("Terms are given for each tier.")]
    wrong = [_("The tier “%(name)s” is not known.") % {"name": str(name)[:20]} for name in terms if name not in NAMES]
    for name in NAMES:
        if name not in terms:
            if name != DANGER:
                wrong.append(_("Give a term for “%(tier)s”.") % {"tier": name_of(name)})
        elif sentence := _check_term(terms[name]):
            wrong.append(f"{name_of(name)}: {sentence}")
    if not wrong and DANGER in terms:
        danger, fast = terms[DANGER], terms[Tier.FAST]
        if "hours" not in danger:
            wrong.append(_("The term of a danger is given in hours."))
        elif "hours" in fast and danger["hours"] > fast["hours"]:
            wrong.append(_("A danger cannot take longer than other fast cases."))
    return wrong


def _check_term(given: Any) -> str:
    if not isinstance(given, dict) or len(given) != 1 or not set(given) <= set(MOST):
        return _("Give either hours or working days.")
    unit, number = next(iter(given.items()))
    if not isinstance(number, int) or isinstance(number, bool) or not 1 <= number <= MOST[unit]:
        return _("Give a number from 1 to %(most)d.") % {"most": MOST[unit]}
    return ""


def name_of(name: str) -> str:
    """Say which cases a term is for."""
    return _("danger") if name == DANGER else str(Tier(name).label)


def term_words(hours: int | None, days: int | None) -> str:
    """Say a term in words."""
    if hours:
        return ngettext("%(n)d hour", "%(n)d hours", hours) % {"n": hours}
    return ngettext("%(n)d working day", "%(n)d working days", days or 0) % {"n": days or 0}
