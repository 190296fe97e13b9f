"""Which acts can be done for another, by whom and for how long."""

from datetime import date, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.domain.people.rules.persons import GUARDED_UNDER, age_on

ALL_ACTS = "all"
ACTS = {
    "sign_up": gettext_lazy("sign up for activities"),
    "meals": gettext_lazy("order and collect meals"),
    "points": gettext_lazy("see and spend points"),
    "voice": gettext_lazy("report and follow matters"),
    "vote": gettext_lazy("cast votes"),
    "desk": gettext_lazy("handle affairs at the desk"),
    "consent": gettext_lazy("give and withdraw consent"),
    "see_record": gettext_lazy("see the record"),
    ALL_ACTS: gettext_lazy("everything listed"),
}
LONGEST_DAYS = {"family": 3 * 366, "volunteer": 366, "staff": 366}
"""How long a link may last before the person is asked again; a guardian's lasts until the ward is grown up."""
ADULT_AT = 18


def why_not_linked(
    *,
    kind: str,
    acts: list[str],
    from_on: date,
    until_on: date | None,
    principal_birth_on: date | None,
    agent_birth_on: date | None,
    has_consent: bool,
) -> str:
    """Say why this link cannot be made, or nothing when it can."""
    unknown = [act for act in acts if act not in ACTS]
    if unknown:
        return _("Unknown act: %(act)s.") % {"act": unknown[0]}
    if not acts:
        return _("Choose at least one act that may be done.")
    if until_on is not None and until_on < from_on:
        return _("The last day lies before the first day.")
    agent_age = age_on(agent_birth_on, from_on)
    if agent_age is not None and agent_age < ADULT_AT:
        return _("Somebody under %(age)d cannot act for another person.") % {"age": ADULT_AT}
    age = age_on(principal_birth_on, from_on)
    if age is not None and age < GUARDED_UNDER and kind != "guardian" and not has_consent:
        return _("A guardian has to agree before somebody else acts for a child under %(age)d.") % {
            "age": GUARDED_UNDER
        }
    if kind != "guardian" and not has_consent:
        return _("Record the person's consent first.")
    longest = LONGEST_DAYS.get(kind)
    if longest is not None and (until_on is None or until_on - from_on > timedelta(days=longest)):
        return _("Choose a last day at most %(days)d days after the first.") % {"days": longest}
    return ""


def covers(acts: list[str], act: str) -> bool:
    """Tell whether a link's acts include this one."""
    return ALL_ACTS in acts or act in acts
