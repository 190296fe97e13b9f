"""What higher modules report downwards: dates of a project, whether they were held, and who came."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Count, F, Q
from django.utils.translation import gettext_lazy

from lianxin.domain.projects.commands import loop
from lianxin.domain.projects.models import OutcomeOccurrence, OutcomePerson, Project
from lianxin.domain.projects.rules import states
from lianxin.platform import locks, scope
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day
from lianxin.platform.commands import act, command
from lianxin.platform.errors import Missing, Refused

State = Project.State


class NotPublished(Refused):
    """Only what was approved and published is carried out."""

    title = gettext_lazy("The project has not been published yet. Have it approved and publish it first.")


@dataclass(frozen=True)
class Date:
    """A date of the higher module that belongs to a project."""

    occurrence: UUID
    starts_at: datetime
    title: str


@dataclass(frozen=True)
class Came:
    """One attendance of the higher module; who came may be unknown to us."""

    attendance: UUID
    person: UUID | None
    household: UUID | None


@command("projects.note_dates")
def note_dates(*, actor: Actor, project: UUID, dates: Sequence[Date], at: datetime) -> Project:
    """Note dates that were published for a project, or that moved; the same again changes nothing."""
    with scope.everything():
        row = _running(project)
        known = {one.occurrence: one for one in OutcomeOccurrence.objects.filter(project=row)}
        fresh = [one for one in dates if one.occurrence not in known]
        OutcomeOccurrence.objects.bulk_create(
            OutcomeOccurrence(
                community_id=row.community_id,
                project=row,
                occurrence=one.occurrence,
                starts_at=one.starts_at,
                title=one.title[:80],
            )
            for one in fresh
        )
        for one in dates:
            old = known.get(one.occurrence)
            if old is not None and (old.starts_at, old.title, old.is_cancelled) != (one.starts_at, one.title, False):
                old.starts_at, old.title, old.is_cancelled = one.starts_at, one.title[:80], False
                old.save(update_fields=["starts_at", "title", "is_cancelled"])
        if fresh:
            act().target(row, "dates arranged", {"dates": [None, len(fresh)]})
    return row


@command("projects.note_date_cancelled")
def note_date_cancelled(*, actor: Actor, occurrence: UUID, at: datetime) -> None:
    """Note that a date of a project was called off."""
    with scope.everything():
        OutcomeOccurrence.objects.filter(occurrence=occurrence).update(is_cancelled=True)


@command("projects.note_people")
def note_people(*, actor: Actor, project: UUID, occurrence: UUID, on: date, came: Sequence[Came], at: datetime) -> None:
    """Count people who came to a date of a project; each attendance once. The first one sets the project going."""
    with scope.everything():
        row: Project | None = locks.lock_one(Project.objects.filter(pk=project))
        held = OutcomeOccurrence.objects.filter(occurrence=occurrence, project=project).first()
        if row is None or held is None:
            return
        wanted = {one.attendance: one for one in came}
        known = set(OutcomePerson.objects.filter(attendance__in=wanted).values_list("attendance", flat=True))
        OutcomePerson.objects.bulk_create(
            (
                OutcomePerson(
                    community_id=row.community_id,
                    project=row,
                    date=held,
                    attendance=pk,
                    person_id=one.person,
                    household_id=one.household,
                    on=on,
                )
                for pk, one in wanted.items()
                if pk not in known
            ),
            batch_size=500,
        )
        back = OutcomePerson.objects.filter(attendance__in=known, undone_at__isnull=False)
        back.update(undone_at=None)
        _count(row, at)


@command("projects.take_people_back")
def take_people_back(*, actor: Actor, attendances: Sequence[UUID], at: datetime) -> None:
    """Take back people whose check-in was taken back."""
    with scope.everything():
        rows = OutcomePerson.objects.filter(attendance__in=list(attendances), undone_at__isnull=True)
        projects = sorted(set(rows.values_list("project", flat=True)))
        locked = locks.lock(Project.objects.filter(pk__in=projects))
        rows.update(undone_at=at)
        for row in locked:
            _count(row, at)


def _running(pk: UUID) -> Project:
    row: Project | None = locks.lock_one(Project.objects.filter(pk=pk))
    if row is None:
        raise Missing
    if row.state not in states.PUBLIC:
        raise NotPublished
    return row


def _count(row: Project, at: datetime) -> None:
    """Let the project's counters be what its outcome rows say; the first person sets it going."""
    live = Q(people__undone_at__isnull=True, people__isnull=False)
    dates = OutcomeOccurrence.objects.filter(project=row)
    there = dates.annotate(there=Count("people", filter=live))
    there.filter(there__gt=0, is_held=False).update(is_held=True)
    there.filter(there=0, is_held=True).update(is_held=False)
    was_held = row.occurrences_held
    row.occurrences_held = dates.filter(is_held=True).count()
    row.person_times = OutcomePerson.objects.filter(project=row, undone_at__isnull=True).count()
    fields = {"occurrences_held": row.occurrences_held, "person_times": row.person_times}
    if row.state == State.PUBLISHED and row.person_times:
        row.state = State.RUNNING
        act().target(row, "under way", {"state": [State.PUBLISHED, State.RUNNING]})
    Project.objects.filter(pk=row.pk).update(state=row.state, version=F("version") + 1, **fields)
    if row.occurrences_held and not was_held:
        first = dates.filter(is_held=True).order_by("starts_at").values_list("starts_at", flat=True)[0]
        loop.note_served(project=row, on=local_day(first), at=at)
    elif was_held and not row.occurrences_held:
        loop.take_served_back(project=row, at=at)
