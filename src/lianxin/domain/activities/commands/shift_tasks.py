"""What the clock does with shifts: duties where people are missing, reminders the day before, closing what is over."""

from datetime import datetime
from uuid import UUID

from django.db.models import F, QuerySet

from lianxin.domain.activities import policy
from lianxin.domain.activities.commands import shift_watch
from lianxin.domain.activities.commands.shift_places import finish_shift
from lianxin.domain.activities.models import Shift, ShiftPlace
from lianxin.domain.activities.rules import shifts as rules
from lianxin.domain.activities.rules.telling import is_quiet
from lianxin.platform import clock, locks, scope
from lianxin.platform.actors import Actor
from lianxin.platform.commands import command
from lianxin.platform.tasks import Running, task

AT_ONCE = 200


@task("activities.watch_shifts")
def watch(job: Running) -> None:
    """Look for shifts that lack people, and for those that are over."""
    at = clock.now()
    watch_shifts(actor=job.actor, at=at)
    close_shifts(actor=job.actor, at=at)


@task("activities.remind_of_shifts")
def remind_people(job: Running) -> None:
    """Remind those who hold a shift within a day, by day."""
    at = clock.now()
    if is_quiet(at):
        return
    with scope.everything():
        while _to_remind(at).exists():
            remind(actor=job.actor, at=at)
            job.beat()


@command("activities.watch_shifts")
def watch_shifts(*, actor: Actor, at: datetime) -> int:
    """Open a duty for each shift of the next two days that lacks people; gives how many lack some."""
    policy.require(actor.is_system)
    rows = Shift.objects.filter(
        state=Shift.State.OPEN, starts_at__gt=at, starts_at__lte=at + rules.TOO_FEW_BEFORE, taken__lt=F("least")
    )
    found = list(rows.order_by("starts_at", "pk"))
    for row in found:
        shift_watch.watch(row, at=at)
    return len(found)


@command("activities.remind_of_shifts")
def remind(*, actor: Actor, at: datetime) -> int:
    """Remind those who hold a shift within a day and have a phone, once; gives how many were written to."""
    policy.require(actor.is_system)
    told = 0
    for place in list(_to_remind(at).select_related("shift").order_by("starts_at", "pk")[:AT_ONCE]):
        if ShiftPlace.objects.filter(pk=place.pk, reminded_at=None).update(reminded_at=at):
            told += shift_watch.tell(place.shift, place.person_id, shift_watch.TOMORROW)
    return told


@command("activities.close_shifts")
def close_shifts(*, actor: Actor, at: datetime) -> int:
    """Close shifts of no occurrence that ended half a day ago; the office is asked for hours that nobody noted."""
    policy.require(actor.is_system)
    over = Shift.objects.filter(
        state=Shift.State.OPEN, occurrence=None, record_kind="", ends_at__lte=at - rules.CLOSE_AFTER
    )
    pks: list[UUID] = list(over.order_by("ends_at", "pk").values_list("pk", flat=True)[:AT_ONCE])
    for row in locks.lock(Shift.objects.filter(pk__in=pks, state=Shift.State.OPEN)):
        held = ShiftPlace.objects.filter(shift=row, state=ShiftPlace.State.TAKEN).exists()
        if held:
            shift_watch.ask_for_minutes(row, at=at)
            continue
        finish_shift(row, at=at)
    return len(pks)


def _to_remind(at: datetime) -> QuerySet[ShiftPlace]:
    return ShiftPlace.objects.filter(
        state=ShiftPlace.State.TAKEN,
        reminded_at=None,
        starts_at__gt=at,
        starts_at__lte=at + rules.REMIND_BEFORE,
        person__isnull=False,
    )
