"""Crowds in the open air: counted without names, kept and shown apart, added to nothing."""

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.domain.activities import policy
from lianxin.domain.activities.commands import finishing, found
from lianxin.domain.activities.models import CrowdLog, Occurrence
from lianxin.platform import facts, scope
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day
from lianxin.platform.commands import act, command
from lianxin.platform.errors import Invalid, Missing, Refused

MEASURE = "crowd_counted"
LARGEST = 100_000
LONGEST_HOW = 100


class NotInTheOpen(Refused):
    """In a room people come by name."""

    title = gettext_lazy("In a room people sign in by name. A crowd is counted in the open air only.")


@command("activities.log_crowd")
def log_crowd(
    *,
    actor: Actor,
    occurrence: UUID,
    count: int,
    counted_how: str,
    counted_at: datetime | None = None,
    at: datetime,
    key: UUID | None = None,
) -> CrowdLog:
    """Write down how many people were seen in the open air, and how they were counted; a new count replaces the
    former one, since it is the same crowd."""
    how = " ".join(counted_how.split())
    problems: dict[str, list[str]] = {}
    if not isinstance(count, int) or isinstance(count, bool) or not 0 < count <= LARGEST:
        problems["count"] = [_("Give a whole number from 1 to %(most)d.") % {"most": LARGEST}]
    if not how or len(how) > LONGEST_HOW:
        problems["counted_how"] = [_("Say in a few words how they were counted, and by whom.")]
    if problems:
        raise Invalid(fields=problems)
    with scope.everything():
        row = _occurrence(actor, occurrence)
        if row.room_id is not None:
            raise NotInTheOpen
        if at < row.starts_at:
            raise Refused(_("It has not begun yet."))
        for former in CrowdLog.objects.filter(occurrence=row, undone_at=None):
            _end(former, at)
        log = CrowdLog.objects.create(
            community_id=row.community_id,
            occurrence=row,
            at=min(counted_at or at, at),
            count=count,
            counted_how=how,
            counted_by=actor.account,
        )
        facts.record(
            measure=MEASURE,
            record=log,
            quantity=count,
            community_id=row.community_id,
            venue_id=row.venue_id,
            category=row.activity.category.code,
            on=local_day(row.starts_at),
        )
        finishing.agree_with_attendance(row, at=at)
        act().target(log, "counted", {"count": [None, count]})
    return log


@command("activities.undo_crowd")
def undo_crowd(*, actor: Actor, log: UUID, reason: str, at: datetime, key: UUID | None = None) -> CrowdLog:
    """Take a count back, with a reason."""
    if not reason.strip():
        raise Invalid(fields={"reason": [_("Say why the count is taken back.")]})
    with scope.everything():
        former = CrowdLog.objects.filter(pk=log).first()
        if former is None:
            raise Missing
        row = _occurrence(actor, former.occurrence_id)
        former.refresh_from_db()
        if former.undone_at is None:
            _end(former, at)
            finishing.agree_with_attendance(row, at=at)
            act().target(former, "undone", {"count": [former.count, None]})
            act().note(reason=reason.strip()[:200])
    return former


def _occurrence(actor: Actor, pk: UUID) -> Occurrence:
    row = found.occurrence(pk)
    if not policy.may_run(actor, row.community_id, row.venue_id):
        raise Missing
    if row.state in (Occurrence.State.DRAFT, Occurrence.State.CANCELLED):
        raise found.DateOver
    return row


def _end(row: CrowdLog, at: datetime) -> None:
    row.undone_at = at
    row.save(update_fields=["undone_at"])
    facts.correct(measure=MEASURE, record=row)
