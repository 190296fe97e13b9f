"""Taking over visits that were made before: whole, with what was promised and how that ended, each counted once.

A book of visits of earlier times is taken over by it, and the sample district tells its past with it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from django.utils.translation import gettext as _

from lianxin.domain.needs import policy
from lianxin.domain.needs.commands import found
from lianxin.domain.needs.commands.recording import MEASURE, NOTE
from lianxin.domain.needs.models import Visit, VisitPromise
from lianxin.domain.needs.rules.visit_records import LONGEST
from lianxin.domain.people.models import Household
from lianxin.platform import facts, many
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day
from lianxin.platform.commands import act, command
from lianxin.platform.errors import Invalid
from lianxin.platform.ids import new_ids
from lianxin.platform.sensitive import seal_many

State, Promise = Visit.State, VisitPromise.State
OUTCOMES = (State.DONE, State.ABSENT, State.REFUSED)


@dataclass(frozen=True, slots=True)
class PastPromise:
    """Something promised at the door that was kept, or could not be."""

    words: str
    result: str
    ended_at: datetime
    due_on: date | None = None
    state: str = Promise.KEPT


@dataclass(frozen=True, slots=True)
class PastVisit:
    """A visit as it was made, and what came of it."""

    household: UUID
    started_at: datetime
    ended_at: datetime
    outcome: str = State.DONE
    reason: str = Visit.Reason.ROUND
    worker: UUID | None = None
    note: str = ""
    promises: Sequence[PastPromise] = field(default_factory=tuple)


@command("needs.take_in_visits")
def take_in(
    *,
    actor: Actor,
    community: UUID,
    visits: Sequence[PastVisit],
    is_sample: bool = False,
    at: datetime,
    key: UUID | None = None,
) -> list[UUID]:
    """Keep visits of one community that are over; gives their ids in order. Raises Invalid, naming the first wrong one.

    Nobody has to come again and nothing is owed: what is taken over is over.
    """
    found.community(community)
    policy.require(policy.may_visit(actor, community))
    homes = Household.objects.filter(pk__in={one.household for one in visits}, community=community)
    known = set(homes.values_list("pk", flat=True))
    for number, one in enumerate(visits, start=1):
        _check(one, number, known=known, at=at)
    notes = iter(seal_many([one.note for one in visits if one.note], NOTE))
    rows = [
        Visit(
            id=pk,
            community_id=community,
            household_id=one.household,
            worker=one.worker,
            reason=one.reason,
            due_on=local_day(one.started_at),
            state=one.outcome,
            started_at=one.started_at,
            ended_at=one.ended_at,
            note=next(notes) if one.note else None,
            recorded_at=one.ended_at,
            planned_by=actor.account,
            planned_at=one.started_at,
            is_sample=is_sample,
        )
        for pk, one in zip(new_ids(len(visits)), visits, strict=True)
    ]
    many.keep(rows)
    promised = [
        VisitPromise(
            community_id=community,
            visit=row,
            household_id=row.household_id,
            words=made.words,
            due_on=made.due_on,
            state=made.state,
            result=made.result,
            ended_at=made.ended_at,
            ended_by=one.worker,
            made_at=one.ended_at,
        )
        for row, one in zip(rows, visits, strict=True)
        for made in one.promises
    ]
    many.keep(promised)
    for row, one in zip(rows, visits, strict=True):
        if row.state == State.DONE:
            on = local_day(one.ended_at)
            facts.record(measure=MEASURE, record=row, quantity=1, community_id=community, on=on)
        act().target(row, "taken over", {"state": [None, row.state]})
    act().note(community_id=community, reason=_("visits taken over"))
    return [row.pk for row in rows]


def _check(one: PastVisit, number: int, *, known: set[UUID], at: datetime) -> None:
    which = {"n": number}
    wrong = ""
    if one.household not in known:
        wrong = _("Visit %(n)d names a household that is not of this community.")
    elif one.outcome not in OUTCOMES or one.reason not in Visit.Reason.values:
        wrong = _("Visit %(n)d does not say why it was made or what came of it.")
    elif not one.started_at <= one.ended_at <= at:
        wrong = _("The times of visit %(n)d are not in order.")
    elif one.outcome != State.DONE and (one.note or one.promises):
        wrong = _("At visit %(n)d nobody was met, so nothing was said or promised.")
    elif len(one.note) > LONGEST["note"] or not all(_is_whole(made, one, at) for made in one.promises):
        wrong = _("What was written down or promised at visit %(n)d is not whole.")
    if wrong:
        raise Invalid(fields={"visits": [wrong % which]})


def _is_whole(made: PastPromise, one: PastVisit, at: datetime) -> bool:
    return (
        made.state in (Promise.KEPT, Promise.DROPPED)
        and 0 < len(made.words) <= LONGEST["promise"]
        and len(made.result) <= LONGEST["result"]
        and (bool(made.result) or made.state == Promise.KEPT)
        and one.ended_at <= made.ended_at <= at
    )
