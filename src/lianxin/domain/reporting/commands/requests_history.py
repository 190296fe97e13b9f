"""Taking over demands that were met before, from a community's own book: whole, each counted once.

A community that kept such a book brings it along with it, and the sample district tells its past with it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from lianxin.domain.reporting import requests_policy as policy
from lianxin.domain.reporting.commands.requests import checked
from lianxin.domain.reporting.commands.requests_demands import MOST_FIELDS, count, weighed
from lianxin.domain.reporting.models import Demand
from lianxin.platform import many
from lianxin.platform.actors import Actor
from lianxin.platform.commands import act, command
from lianxin.platform.errors import Invalid
from lianxin.platform.workcalendar import load_calendar


@dataclass(frozen=True, slots=True)
class PastDemand:
    """What an office asked another way than through the gate, and when it was done."""

    office_name: str
    office_level: str
    kind: str
    title: str
    came_by: str
    asked_at: datetime
    ended_at: datetime
    due_at: datetime | None = None
    field_count: int = 0


@command("reporting.take_in_demands")
def take_in(
    *,
    actor: Actor,
    community: UUID,
    demands: Sequence[PastDemand],
    is_sample: bool = False,
    at: datetime,
    key: UUID | None = None,
) -> list[Demand]:
    """Keep demands of a community that were met, however long ago. Raises Invalid, naming the first that is wrong."""
    policy.require(policy.may_answer(actor, community))
    calendar = load_calendar()
    rows = []
    for number, one in enumerate(demands, start=1):
        given = checked(
            office_name=one.office_name,
            office_level=one.office_level,
            kind=one.kind,
            title=one.title,
            came_by=one.came_by,
        )
        _check(one, number, at=at)
        rows.append(
            Demand(
                community_id=community,
                **given,
                field_count=one.field_count,
                asked_at=one.asked_at,
                due_at=one.due_at,
                **weighed(one.asked_at, one.due_at, calendar=calendar),
                state=Demand.State.DONE,
                ended_at=one.ended_at,
                made_at=at,
                is_sample=is_sample,
            )
        )
    many.keep(rows)
    for row in rows:
        count(row)
        act().target(row, "taken over", {"title": [None, row.title], "office_name": [None, row.office_name]})
    act().note(community_id=community, reason=_("demands taken over"))
    return rows


def _check(one: PastDemand, number: int, *, at: datetime) -> None:
    is_in_order = one.asked_at <= one.ended_at <= at and (one.due_at is None or one.asked_at <= one.due_at)
    if not is_in_order:
        raise Invalid(fields={"demands": [_("The days of demand %(n)d are not in order.") % {"n": number}]})
    if not 0 <= one.field_count <= MOST_FIELDS:
        said = _("Demand %(n)d asks for more entries than %(most)d.") % {"n": number, "most": MOST_FIELDS}
        raise Invalid(fields={"demands": [said]})
