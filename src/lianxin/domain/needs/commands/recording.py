"""Writing a visit down, whether at the desk or by a phone that was without a network: the same steps, all or none."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.domain.needs import policy
from lianxin.domain.needs.commands import hearing, promises, submissions, visit_duties
from lianxin.domain.needs.models import NeedReport, Visit, VisitConflict, VisitPromise
from lianxin.domain.needs.rules import visit_records
from lianxin.domain.needs.rules import visits as rules
from lianxin.domain.needs.rules.visit_records import VisitRecord
from lianxin.domain.people.models import Person
from lianxin.platform import facts, locks, scope
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day
from lianxin.platform.commands import act, command
from lianxin.platform.errors import Invalid, Missing, Refused
from lianxin.platform.sensitive import seal

NOTE = "needs.visit.note"
MEASURE = "visits_done"
State = Visit.State


class RecordedOtherwise(Refused):
    """Somebody recorded this visit already, and said something else."""

    title = gettext_lazy("This visit was recorded otherwise meanwhile. Both records are kept until somebody decides.")


@dataclass(frozen=True, slots=True)
class Taken:
    """A visit with its record; `is_new` is False where the same record came before."""

    visit: Visit
    is_new: bool
    words: str = ""


@command("needs.record_visit")
def record_visit(*, actor: Actor, record: VisitRecord, by: UUID | None = None, at: datetime) -> Taken:
    """Keep what a visit came to, with what was promised, kept, wished for and filled in.

    The same record again changes nothing. Raises RecordedOtherwise, Invalid, Refused, Missing or NotAllowed.
    """
    row = found_visit(record.visit)
    policy.require(policy.may_visit(actor, row.community_id))
    record_digest = visit_records.digest(record)
    if row.device_record == record.record and row.device_digest == record_digest:
        return Taken(row, False)
    if row.state != State.PLANNED:
        raise RecordedOtherwise
    taken = visit_records.check(record, at=at)
    return Taken(row, True, write(actor=actor, row=row, record=taken, digest=record_digest, by=by, at=at))


def found_visit(pk: UUID) -> Visit:
    """Lock a visit in scope; raises Missing."""
    row: Visit | None = locks.lock_one(Visit.objects.filter(pk=pk))
    if row is None:
        raise Missing(_("There is no such visit in your communities."))
    return row


def write(
    *,
    actor: Actor,
    row: Visit,
    record: VisitRecord,
    digest: str,
    by: UUID | None,
    at: datetime,
    fact: VisitConflict | None = None,
) -> str:
    """Write a checked record into its locked visit, over what stands there if anything; gives a sentence or nothing.

    `fact` is the conflict by which a record takes the place of another one.
    """
    words = _end_promises(actor, row, record, at=at)
    submission = _fill(actor, row, record, at=at)
    was, had = row.state, _counted_by(row)
    earlier = local_day(row.ended_at) if was == State.DONE and row.ended_at else None
    row.state, row.started_at, row.ended_at = record.outcome, record.started_at, record.ended_at
    row.state_reason = ""
    row.note = seal(record.note, NOTE) if record.note else None
    row.lng = row.lat = row.accuracy_metres = None
    if record.place is not None:
        row.lng, row.lat, row.accuracy_metres = record.place.lng, record.place.lat, record.place.accuracy
    if submission is not None:
        row.submission_id = submission
    planned_for, row.worker = row.worker, by or actor.account or row.worker
    row.device_record, row.device_digest, row.recorded_at = record.record, digest, at
    row.version += 1
    row.save()
    _count(row, had if earlier else None, earlier, fact or row)
    _promise(row, record, at=at)
    _hear(actor, row, record, at=at)
    if row.state == State.ABSENT and was == State.PLANNED:
        _come_again(row, at=at)
    act().target(row, "recorded", {"state": [was, row.state]})
    visit_duties.look_at_rounds([planned_for, row.worker])
    return words


def _end_promises(actor: Actor, row: Visit, record: VisitRecord, *, at: datetime) -> str:
    wanted = {one.promise: one for one in record.ended}
    rows = locks.lock(VisitPromise.objects.filter(pk__in=list(wanted), household=row.household_id)) if wanted else []
    if len(rows) != len(wanted):
        raise Invalid(fields={"ended": [_("One of the promises was not made to this household.")]})
    words = ""
    for one in rows:
        ended = wanted[one.pk]
        if one.state == VisitPromise.State.OPEN:
            promises.close(one, state=ended.state, result=ended.result, by=actor.account, at=at)
        elif one.state != ended.state:
            words = _("A promise was closed otherwise before; that stands.")
    return words


def _promise(row: Visit, record: VisitRecord, *, at: datetime) -> None:
    known = VisitPromise.objects.filter(device_record__in=[one.record for one in record.made])
    taken = {one.device_record: one for one in known}
    for made in record.made:
        other = taken.get(made.record)
        if other is not None and (other.visit_id, other.words) != (row.pk, made.words):
            raise Invalid(fields={"made": [_("Two promises have the same number.")]})
        if other is None:
            promises.make(row, words=made.words, due_on=made.due_on, record=made.record, at=record.ended_at)


def _hear(actor: Actor, row: Visit, record: VisitRecord, *, at: datetime) -> None:
    if not record.wishes:
        return
    speaker = _speaker(row.household_id)
    has_phone = speaker is not None and speaker.phone is not None and not speaker.no_phone
    told = NeedReport.Channel.PHONE if has_phone else NeedReport.Channel.PAPER
    heard = set(NeedReport.objects.filter(visit=row).values_list("words", flat=True))
    for wish in record.wishes:
        if wish.words in heard:
            continue
        hearing.hear(
            actor=actor,
            community=row.community_id,
            words=wish.words,
            how=NeedReport.How.VISIT,
            person=speaker.pk if speaker else None,
            channel=told if speaker else NeedReport.Channel.NONE,
            people=wish.people,
            is_urgent=wish.is_urgent,
            heard_at=record.ended_at,
            visit=row.pk,
            at=at,
        )


def _speaker(household: UUID) -> Person | None:
    """Give for whom a household's wishes stand, as at the desk: its head, or its eldest where none is on record."""
    living = Person.objects.filter(household=household, state=Person.State.LIVING).order_by("birth_on", "pk")
    people = list(living)
    return next((one for one in people if one.relation == Person.Relation.HEAD), people[0] if people else None)


def _fill(actor: Actor, row: Visit, record: VisitRecord, *, at: datetime) -> UUID | None:
    if record.submission is None:
        return None
    received = submissions.receive(
        actor=actor,
        version=record.submission.version,
        xml=record.submission.xml,
        how="visit",
        community=row.community_id,
        household=row.household_id,
        # By the record's own time: a form that an open survey got at the door counts though it comes in late.
        finished_at=record.ended_at,
        at=at,
    )
    pk: UUID = received.submission.pk
    if Visit.objects.filter(submission=pk).exclude(pk=row.pk).exists():
        raise Refused(_("This questionnaire belongs to another visit already."))
    if row.submission_id is not None and row.submission_id != pk:
        # The one that stood there stays on record and counts no more: a household answers once.
        submissions.set_aside(
            actor=actor,
            submission=row.submission_id,
            reason=_("Another record of the same visit took its place."),
            at=at,
        )
    return pk


def _counted_by(row: Visit) -> Visit | VisitConflict:
    """Give the record whose fact counts a visit: itself, or the conflict by which its record took another's place."""
    if row.device_record is None:
        return row
    taken = VisitConflict.objects.filter(visit=row, state=VisitConflict.State.TAKEN, device_record=row.device_record)
    return taken.first() or row


def _count(row: Visit, had: Visit | VisitConflict | None, earlier: object, fact: Visit | VisitConflict) -> None:
    day = local_day(row.ended_at) if row.state == State.DONE and row.ended_at else None
    if had is not None:
        # A record that another one took the place of counts no more; facts of one record are never made twice.
        facts.correct(measure=MEASURE, record=had)
    if day is not None:
        facts.record(measure=MEASURE, record=fact, quantity=1, community_id=row.community_id, on=day)


def _come_again(row: Visit, *, at: datetime) -> None:
    with scope.everything():
        others = Visit.objects.filter(household=row.household_id)
        if others.filter(state=State.PLANNED).exists():
            return
        past = others.filter(recorded_at__isnull=False).order_by("-ended_at", "-pk")
        states = list(past.values_list("state", flat=True)[: rules.TRIES])
    misses = next((n for n, state in enumerate(states) if state != State.ABSENT), len(states))
    day = rules.comes_again(misses=misses, on=local_day(at))
    if day is None:
        return
    Visit.objects.create(
        community_id=row.community_id,
        household_id=row.household_id,
        worker=row.worker,
        reason=row.reason,
        reason_words=row.reason_words,
        due_on=day,
        survey_id=row.survey_id if row.submission_id is None else None,
        planned_by=row.planned_by,
        planned_at=at,
    )
