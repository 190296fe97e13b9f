"""Checking in: one act writes the attendance, the facts, the hours and the claim for points, each once."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.domain.activities import events, policy
from lianxin.domain.activities.commands import arriving, counting, finishing, found, hours, project_reports
from lianxin.domain.activities.commands.arriving import Came, Guest, Outcome
from lianxin.domain.activities.models import Attendance, Occurrence
from lianxin.platform import contributions, locks, scope
from lianxin.platform.actors import Actor
from lianxin.platform.commands import act, command
from lianxin.platform.errors import Invalid, Missing, NotAllowed, Refused

How = Attendance.How
MOST_TOGETHER = 1_000
NAMED_IN_LOG = 50
LONGEST_REASON = 200


class NotThereYet(Refused):
    """Somebody cannot leave before coming."""

    title = gettext_lazy("The time of leaving lies before the time of coming.")


@command("activities.check_in")
def check_in(
    *,
    actor: Actor,
    occurrence: UUID,
    sign_up: UUID | None = None,
    person: UUID | None = None,
    guest: Guest | None = None,
    how: str,
    came_at: datetime | None = None,
    at: datetime,
    id: UUID | None = None,  # noqa: A002 - the device named it so
    shift_place: UUID | None = None,
    key: UUID | None = None,
) -> Attendance:
    """Note that somebody came, by those who run the occurrence; with the door's code others do it by `scan_door`.

    The same person again gives the same row. Raises NotOpenNow, FullHouse, NotComing or Missing, each with a sentence.
    """
    if how == How.VENUE_CODE:
        raise NotAllowed
    came = Came(
        how=how,
        came_at=came_at or at,
        id=id,
        sign_up=sign_up,
        person=person,
        guest=guest,
        shift_place=shift_place,
    )
    [outcome] = note(actor=actor, occurrence=occurrence, came=[came], at=at)
    if outcome.refusal is not None:
        raise outcome.refusal
    assert outcome.attendance is not None
    return outcome.attendance


@command("activities.check_in_many")
def check_in_many(
    *, actor: Actor, occurrence: UUID, came: Sequence[Came], at: datetime, source_run: UUID | None = None
) -> list[Outcome]:
    """Note that several came, in one transaction; who cannot be taken has a refusal beside, the others are in."""
    if len(came) > MOST_TOGETHER:
        raise Invalid(_("At most %(most)d people at once.") % {"most": MOST_TOGETHER})
    return note(actor=actor, occurrence=occurrence, came=came, at=at, source_run=source_run)


def note(
    *, actor: Actor, occurrence: UUID, came: Sequence[Came], at: datetime, source_run: UUID | None = None
) -> list[Outcome]:
    """Note that people came, inside a running command: first who it is, then hours and seats, points last."""
    with scope.everything():
        row = _open(occurrence)
        outcomes = arriving.decide(actor=actor, row=row, came=came, at=at, source_run=source_run)
        fresh = [one.attendance for one in outcomes if one.is_new and one.attendance is not None]
        if not fresh:
            return outcomes
        counting.count_hours(row, fresh, actor=actor, at=at)
        Attendance.objects.bulk_create(fresh, batch_size=500)
        counting.record(row, fresh)
        arriving.forgive(fresh, at=at)
        finishing.agree_with_attendance(row, at=at)
        project_reports.report_people(row, fresh, at=at)
        contributions.follow(
            events.PeopleCame(
                row.pk, row.activity_id, row.community_id, tuple(one.pk for one in fresh), **_record(row)
            ),
            actor=actor,
            at=at,
        )
        counting.offer(row, [one for one in fresh if not counting.waits_for_leaving(row, one)], actor=actor, at=at)
    for one in fresh[:NAMED_IN_LOG]:
        act().target(one, "came", {"how": [None, one.how]})
    act().target(row, "people came", {"came": [None, len(fresh)]})
    return outcomes


@command("activities.check_out")
def check_out(
    *, actor: Actor, attendance: UUID, left_at: datetime | None = None, at: datetime, key: UUID | None = None
) -> Attendance:
    """Note that somebody left, where hours count; the same again changes nothing."""
    with scope.everything():
        row, date = _locked(attendance)
        policy.require(_runs(actor, date) or policy.is_self(actor, row.person_id))
        if row.undone_at is not None:
            raise arriving.WasUndone
        if row.left_at is not None:
            return row
        left = min(left_at or at, at)
        if left < row.came_at:
            raise NotThereYet
        row.left_at = left
        counting.count_hours(date, [row], actor=actor, at=at)
        row.save(update_fields=["left_at", "minutes"])
        if date.has_check_out:
            counting.offer(date, [row], actor=actor, at=at)
        act().target(row, "left", {"minutes": [None, row.minutes]})
    return row


@command("activities.undo_attendance")
def undo_attendance(
    *, actor: Actor, attendance: UUID, reason: str, at: datetime, key: UUID | None = None
) -> Attendance:
    """Take a check-in back with everything that followed from it: facts, hours, points; undone again is the same."""
    [row] = undo_many(actor=actor, attendances=[attendance], reason=reason, at=at)
    return row


@command("activities.undo_attendances")
def undo_many(*, actor: Actor, attendances: Sequence[UUID], reason: str, at: datetime) -> list[Attendance]:
    """Take several check-ins back in one transaction, all of them or none."""
    words = reason.strip()
    if not words or len(words) > LONGEST_REASON:
        raise Invalid(fields={"reason": [_("Say in at most %(most)d characters why.") % {"most": LONGEST_REASON}]})
    with scope.everything():
        wanted = set(attendances)
        dates = set(Attendance.objects.filter(pk__in=wanted).order_by().values_list("occurrence_id", flat=True))
        rows_of = {pk: found.occurrence(pk) for pk in sorted(dates)}
        rows = locks.lock(Attendance.objects.filter(pk__in=wanted).select_related("sign_up"))
        if len(rows) != len(wanted) or not all(_runs(actor, date) for date in rows_of.values()):
            raise Missing
        live = [row for row in rows if row.undone_at is None]
        for row in live:
            row.occurrence = rows_of[row.occurrence_id]
            row.undone_at, row.undone_by, row.undone_reason = at, actor.account, words
        if not live:
            return rows
        Attendance.objects.bulk_update(live, ["undone_at", "undone_by", "undone_reason"], batch_size=500)
        counting.take_facts_back(live)
        for row in live:
            if row.shift_place_id is not None:
                hours.take_back(
                    actor=counting.counter_of(actor, row.occurrence), place=row.shift_place_id, reason=words, at=at
                )
        for pk, date in rows_of.items():
            arriving.give_seats_back([row for row in live if row.occurrence_id == pk], reason=words, at=at)
            finishing.agree_with_attendance(date, at=at)
            project_reports.report_undone(date, [row for row in live if row.occurrence_id == pk], at=at)
            contributions.follow(
                events.AttendanceUndone(
                    pk,
                    date.activity_id,
                    date.community_id,
                    tuple(row.pk for row in live if row.occurrence_id == pk),
                    **_record(date),
                ),
                actor=actor,
                at=at,
            )
        counting.take_points_back(live, reason=words, actor=actor, at=at)
    for row in live[:NAMED_IN_LOG]:
        act().target(row, "undone", {"undone_at": [None, at]})
    act().note(reason=words)
    return rows


def _open(pk: UUID) -> Occurrence:
    row = found.occurrence(pk)
    if row.state in (Occurrence.State.DRAFT, Occurrence.State.CANCELLED):
        raise arriving.NotComing
    return row


def _locked(pk: UUID) -> tuple[Attendance, Occurrence]:
    first = Attendance.objects.filter(pk=pk).only("occurrence_id").first()
    if first is None:
        raise Missing
    date = found.occurrence(first.occurrence_id)
    row: Attendance = locks.lock_one(Attendance.objects.filter(pk=pk))
    row.occurrence = date
    return row, date


def _runs(actor: Actor, row: Occurrence) -> bool:
    return policy.may_run(actor, row.community_id, row.venue_id)


def _record(row: Occurrence) -> dict[str, Any]:
    return {"record_kind": row.activity.record_kind, "record_id": row.activity.record_id}
