"""Promises made at a door: each is somebody's duty until it is kept, or taken back with a reason."""

from datetime import date, datetime
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.domain.needs import policy
from lianxin.domain.needs.commands import visit_duties
from lianxin.domain.needs.models import Visit, VisitPromise
from lianxin.domain.needs.rules.visit_records import LONGEST
from lianxin.platform import locks
from lianxin.platform.actors import Actor
from lianxin.platform.commands import act, command
from lianxin.platform.errors import Invalid, Missing, Refused

State = VisitPromise.State


class PromiseEnded(Refused):
    """The promise was closed before."""

    title = gettext_lazy("This promise is closed already.")


class PromiseOpen(Refused):
    """The promise is still open."""

    title = gettext_lazy("This promise is still open.")


@command("needs.add_promise")
def add_promise(
    *, actor: Actor, visit: UUID, words: str, due_on: date | None = None, at: datetime, key: UUID | None = None
) -> VisitPromise:
    """Add something that was promised at a visit and not written down there; raises Invalid, Refused or Missing."""
    row: Visit | None = locks.lock_one(Visit.objects.filter(pk=visit))
    if row is None:
        raise Missing
    policy.require(policy.may_visit(actor, row.community_id))
    if row.recorded_at is None:
        raise Refused(_("Record the visit first."))
    plain = " ".join(words.split())
    _measured(plain, "words", LONGEST["promise"], _("Write what was promised."))
    made = make(row, words=plain, due_on=due_on, record=None, at=at)
    act().target(made, "made", {})
    return made


@command("needs.end_promise")
def end_promise(
    *, actor: Actor, promise: UUID, state: str, result: str = "", at: datetime, key: UUID | None = None
) -> VisitPromise:
    """Say that a promise was kept, or why it cannot be kept; raises Invalid, PromiseEnded or Missing."""
    row = _found(actor, promise)
    plain = " ".join(result.split())
    if state not in (State.KEPT, State.DROPPED):
        raise Invalid(fields={"state": [_("Say whether the promise was kept.")]})
    empty = _("Say why the promise cannot be kept.") if state == State.DROPPED else ""
    _measured(plain, "result", LONGEST["result"], empty)
    if row.state != State.OPEN:
        if row.state == state:
            return row
        raise PromiseEnded
    close(row, state=state, result=plain, by=actor.account, at=at)
    return row


@command("needs.reopen_promise")
def reopen_promise(*, actor: Actor, promise: UUID, at: datetime, key: UUID | None = None) -> VisitPromise:
    """Open a promise again that was closed by mistake; raises PromiseOpen or Missing."""
    row = _found(actor, promise)
    if row.state == State.OPEN:
        raise PromiseOpen
    before = row.state
    row.state, row.result, row.ended_at, row.ended_by = State.OPEN, "", None, None
    row.save(update_fields=["state", "result", "ended_at", "ended_by"])
    visit_duties.open_promise(
        row, worker=Visit.objects.filter(pk=row.visit_id).values_list("worker", flat=True).first()
    )
    act().target(row, "opened again", {"state": [before, State.OPEN]})
    return row


def make(row: Visit, *, words: str, due_on: date | None, record: UUID | None, at: datetime) -> VisitPromise:
    """Keep a checked promise of a locked visit, inside a command, as somebody's duty."""
    made = VisitPromise.objects.create(
        community_id=row.community_id,
        visit=row,
        household_id=row.household_id,
        words=words,
        due_on=due_on,
        device_record=record,
        made_at=at,
    )
    visit_duties.open_promise(made, worker=row.worker)
    return made


def close(row: VisitPromise, *, state: str, result: str, by: UUID | None, at: datetime) -> None:
    """Close a locked open promise, inside a command."""
    row.state, row.result, row.ended_at, row.ended_by = state, result, at, by
    row.save(update_fields=["state", "result", "ended_at", "ended_by"])
    visit_duties.close_promise(row)
    act().target(row, state, {"state": [State.OPEN, state]})


def _found(actor: Actor, pk: UUID) -> VisitPromise:
    row: VisitPromise | None = locks.lock_one(VisitPromise.objects.filter(pk=pk))
    if row is None:
        raise Missing
    policy.require(policy.may_visit(actor, row.community_id))
    return row


def _measured(words: str, name: str, most: int, empty: str) -> None:
    if empty and not words:
        raise Invalid(fields={name: [empty]})
    if len(words) > most:
        raise Invalid(fields={name: [_("At most %(most)d characters.") % {"most": most}]})
