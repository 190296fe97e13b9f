"""Finishing an occurrence: held or not, who waited in vain, who had a place and did not come."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.domain.activities import events, policy
from lianxin.domain.activities.commands import counting, found, shift_places, shifts, sign_ups
from lianxin.domain.activities.models import Attendance, CrowdLog, NoShow, Occurrence, SignUp
from lianxin.domain.activities.rules.no_shows import is_spared
from lianxin.platform import contributions, duties, facts, scope
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day
from lianxin.platform.commands import act, command
from lianxin.platform.errors import Missing, Refused

HELD_MEASURE = "occurrences_held"
VOLUNTEER_MEASURE = "volunteer_occurrences"
SHEET_DUTY = "activities.enter_attendance"
PAGE = "staff:attendance"
# A sheet that is brought the next morning still comes in time.
FINISH_AFTER = timedelta(hours=24)
ASK_AFTER = timedelta(hours=12)
GIVE_UP_AFTER = timedelta(days=7)
AT_MOST = 200
State = Occurrence.State
FINISHED = (State.HELD, State.NOT_HELD)


class NotOverYet(Refused):
    """The occurrence still goes on."""

    title = gettext_lazy("It is not over yet.")


class NobodyOnRecord(Refused):
    """Held without anybody on record."""

    title = gettext_lazy(
        "Nobody is on record as having come. Enter the sign-in sheet first, or say that it was not held."
    )


class SomebodyOnRecord(Refused):
    """Not held, with people on record."""

    title = gettext_lazy("People are on record as having come. Take their check-ins back first.")


@command("activities.finish_occurrence")
def finish_occurrence(
    *, actor: Actor, occurrence: UUID, was_held: bool | None = None, at: datetime, key: UUID | None = None
) -> Occurrence:
    """Finish a date that is over: held when somebody is on record, else not held; a finished one stays as it is.

    Who waits goes home without blame, who had a place and did not come is noted for the series alone.
    """
    with scope.everything():
        row = found.occurrence(occurrence)
        if not policy.may_run(actor, row.community_id, row.venue_id):
            raise Missing
        if row.state in FINISHED:
            return row
        if row.state != State.PUBLISHED:
            raise found.DateOver
        if at < row.ends_at:
            raise NotOverYet
        came = Attendance.objects.filter(occurrence=row, undone_at=None).count()
        somebody = bool(came) or CrowdLog.objects.filter(occurrence=row, undone_at=None).exists()
        if was_held and not somebody:
            raise NobodyOnRecord
        if was_held is False and somebody:
            raise SomebodyOnRecord
        sign_ups.end_waiting(occurrence=row.pk, at=at)
        row.refresh_from_db(fields=["taken", "waiting"])
        late: list[Attendance] = []
        if somebody:
            # Where one checks out: who forgot to stayed until the planned end.
            late = (
                list(Attendance.objects.filter(occurrence=row, undone_at=None, left_at=None))
                if row.has_check_out
                else []
            )
            counting.count_hours(row, late, until_the_end=True, actor=actor, at=at)
            Attendance.objects.bulk_update(late, ["minutes"], batch_size=500)
            shift_places.finish_shifts_of(actor=actor, occurrence=row.pk, at=at)
            _note_no_shows(row)
        else:
            shifts.cancel_of(actor=actor, occurrence=row.pk, reason=_("It was not held."), at=at)
        row.state = State.HELD if somebody else State.NOT_HELD
        row.finished_at = at
        row.version += 1
        row.save(update_fields=["state", "finished_at", "version"])
        duties.close(kind=SHEET_DUTY, record=row)
        if somebody:
            _count_held(row, counts=True)
            contributions.follow(_held(row, came), actor=actor, at=at)
        counting.offer(row, late, actor=actor, at=at)
        act().target(row, "finished", {"state": [State.PUBLISHED, row.state], "came": [None, came]})
    return row


def agree_with_attendance(row: Occurrence, *, at: datetime) -> None:
    """Let a finished date be held or not as its attendance says now: a sheet may come late, a mistake be taken back."""
    if row.state not in FINISHED:
        return
    somebody = (
        Attendance.objects.filter(occurrence=row, undone_at=None).exists()
        or CrowdLog.objects.filter(occurrence=row, undone_at=None).exists()
    )
    wanted = State.HELD if somebody else State.NOT_HELD
    if row.state == wanted:
        return
    act().target(row, "changed", {"state": [row.state, wanted]})
    row.state = wanted
    row.version += 1
    row.save(update_fields=["state", "version"])
    _count_held(row, counts=somebody)


@command("activities.ask_for_sheets")
def ask_for_sheets(*, actor: Actor, at: datetime) -> int:
    """Ask for the sign-in sheet of dates that are over and on which nobody is on record; gives how many."""
    policy.require(actor.is_system)
    with scope.everything():
        over = Occurrence.objects.filter(state=State.PUBLISHED, ends_at__lte=at - ASK_AFTER)
        came = Attendance.objects.filter(undone_at=None).values("occurrence")
        counted = CrowdLog.objects.filter(undone_at=None).values("occurrence")
        silent = over.exclude(pk__in=came).exclude(pk__in=counted)
        rows = list(silent.select_related("activity").order_by("pk")[:AT_MOST])
        for row in rows:
            duties.open(
                kind=SHEET_DUTY,
                record=row,
                community_id=row.community_id,
                title=_("Enter who came: %(title)s") % {"title": row.title or row.activity.title},
                due_at=row.ends_at + GIVE_UP_AFTER,
                assignee_role="community_staff",
                url_name=PAGE,
                url_args={"occurrence": str(row.pk)},
            )
    return len(rows)


def _note_no_shows(row: Occurrence) -> None:
    on = local_day(row.starts_at)
    held = SignUp.objects.filter(occurrence=row, state=SignUp.State.CONFIRMED, person__isnull=False)
    live = Attendance.objects.filter(occurrence=row, undone_at=None)
    absent = held.exclude(pk__in=live.filter(sign_up__isnull=False).values("sign_up"))
    # Somebody who came on a shift, or by name without being found by the place, was there.
    there = live.filter(person__isnull=False).values("person")
    NoShow.objects.bulk_create(
        (
            NoShow(
                community_id=row.community_id,
                activity_id=row.activity_id,
                sign_up=sign_up,
                person=sign_up.person,
                on=on,
            )
            for sign_up in absent.exclude(person__in=there).select_related("person").order_by("place_no")
            if sign_up.person is not None and not is_spared(sign_up.person.birth_on, on)
        ),
        batch_size=500,
        ignore_conflicts=True,
    )


def _count_held(row: Occurrence, *, counts: bool) -> None:
    """Let a date count as held, or no longer; what counted once before counts again by its own fact."""
    measures = [HELD_MEASURE, VOLUNTEER_MEASURE] if row.activity.is_volunteering else [HELD_MEASURE]
    for measure in measures:
        if not counts:
            facts.correct(measure=measure, record=row)
        elif facts.was_recorded(measure=measure, record=row):
            facts.count_again(measure=measure, record=row)
        else:
            facts.record(
                measure=measure,
                record=row,
                quantity=1,
                community_id=row.community_id,
                venue_id=row.venue_id,
                category=row.activity.category.code,
                on=local_day(row.starts_at),
            )


def _held(row: Occurrence, came: int) -> events.OccurrenceHeld:
    return events.OccurrenceHeld(
        occurrence=row.pk,
        activity=row.activity_id,
        community=row.community_id,
        starts_at=row.starts_at,
        category=row.activity.category.code,
        person_times=came,
        record_kind=row.activity.record_kind,
        record_id=row.activity.record_id,
    )


def list_due(*, at: datetime, limit: int = AT_MOST) -> list[UUID]:
    """Give the dates to be finished: over for a day with somebody on record, or for a week with nobody."""
    with scope.everything():
        over = Occurrence.objects.filter(state=State.PUBLISHED, ends_at__lte=at - FINISH_AFTER)
        came = Attendance.objects.filter(undone_at=None).values("occurrence")
        counted = CrowdLog.objects.filter(undone_at=None).values("occurrence")
        known = Q(pk__in=came) | Q(pk__in=counted) | Q(ends_at__lte=at - GIVE_UP_AFTER)
        return list(over.filter(known).order_by("ends_at", "pk").values_list("pk", flat=True)[:limit])
