"""Taking a list of residents away as a file: who took which list, and why, is logged."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from lianxin.domain.people import policy
from lianxin.domain.people.queries.people import PersonRow, list_every_person
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day
from lianxin.platform.commands import act, command
from lianxin.platform.errors import Invalid

MOST_EXPORTED = 20_000
"""A masked list of more people is read by nobody; whoever needs figures has the reports."""


@command("people.export_people")
def export_people(*, actor: Actor, filters: Mapping[str, Any], reason: str, at: datetime) -> list[PersonRow]:
    """Give every line of a filtered list, masked, for a file; refused without a reason and for very long lists."""
    policy.require(policy.may_see_people(actor))
    if not reason.strip():
        raise Invalid(fields={"reason": [_("Say what the list is needed for.")]})
    rows = list_every_person(actor=actor, on=local_day(at), limit=MOST_EXPORTED + 1, **filters)
    if len(rows) > MOST_EXPORTED:
        raise Invalid(_("These are more than %(most)d people. Please narrow the filter.") % {"most": MOST_EXPORTED})
    act().note(
        reason=_("%(count)d people: %(reason)s") % {"count": len(rows), "reason": reason.strip()},
        community_id=filters.get("community"),
    )
    return rows
