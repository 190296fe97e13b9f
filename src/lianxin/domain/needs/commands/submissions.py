"""Taking in filled forms: each once under its own id, its needs heard, its quota counted, nothing overwritten."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from io import BytesIO
from uuid import UUID

from django.utils.translation import gettext as _

from lianxin.domain.needs import policy
from lianxin.domain.needs.commands import quotas, senders, survey_rows, survey_voices
from lianxin.domain.needs.commands.survey_rows import AnsweredAlready, OtherContent, SurveyClosed
from lianxin.domain.needs.models import NeedReport, Submission, SubmissionFile, Survey, SurveyVersion
from lianxin.domain.needs.rules import answered
from lianxin.domain.needs.rules import surveys as rules
from lianxin.domain.people.models import Person
from lianxin.domain.people.rules.persons import age_on
from lianxin.engines.xforms import BadSubmission, Form, Instance, OtherForm, content_digest, instance_id_of, read_xml
from lianxin.platform import files, locks, pictures, scope
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day
from lianxin.platform.commands import act, command
from lianxin.platform.errors import Invalid, Missing
from lianxin.platform.ids import new_id

CONTENT_PURPOSE = "needs.submission.content"
FILE_PURPOSE = "needs.submission"
LARGEST_PICTURE = 10 * 1024 * 1024
PICTURES_LATE = timedelta(days=1)
LONGEST_ID, LONGEST_DEVICE, LONGEST_REASON = 80, 80, 200
How, State = Submission.How, Submission.State

__all__ = ["AnsweredAlready", "OtherContent", "Received", "SurveyClosed"]


@dataclass(frozen=True, slots=True)
class Received:
    """What became of a form that was sent: kept, new or known, counted or not, and what is said to who sent it."""

    submission: Submission
    is_new: bool
    counts: bool
    thanks: str = ""
    receipts: tuple[str, ...] = ()


def receive(
    *,
    actor: Actor,
    version: UUID,
    xml: bytes | str,
    how: str,
    community: UUID,
    at: datetime,
    person: UUID | None = None,
    household: UUID | None = None,
    device: str = "",
    finished_at: datetime | None = None,
    is_sample: bool = False,
    key: UUID | None = None,
) -> Received:
    """Take in a filled form; the form's own instance id makes sending it again harmless, so that no key is needed.

    The same content again is the same answer; other content raises OtherContent, unless it names the form that it
    corrects (deprecatedID). Raises SurveyClosed, AnsweredAlready, Invalid, Missing or NotAllowed; nothing is half kept.
    """
    found: Received = _receive(
        actor=actor,
        version=version,
        xml=xml,
        how=how,
        community=community,
        person=person,
        household=household,
        device=device,
        finished_at=finished_at,
        is_sample=is_sample,
        at=at,
    )
    return found


@command("needs.receive_survey")
def _receive(
    *,
    actor: Actor,
    version: UUID,
    xml: bytes | str,
    how: str,
    community: UUID,
    at: datetime,
    person: UUID | None,
    household: UUID | None,
    device: str,
    finished_at: datetime | None,
    is_sample: bool,
) -> Received:
    with scope.everything():
        row = survey_rows.version(version)
        senders.require_sender(actor, row.survey, how=how, community=community, person=person, at=at)
        instance_id, corrects = _ids(xml)
        # Two sendings of one form at the same moment: the second one waits, and finds the first.
        locks.advisory(f"needs.submission/{instance_id}")
        known = Submission.objects.filter(instance_id=instance_id).first()
        filled = _read(row, xml, at=at)
        if known is not None:
            return _again(known, row, filled)
        begun, ended = answered.begun_and_ended(filled)
        ended = finished_at or ended
        late = _require_open(row, how=how, ended=ended, at=at)
        if community not in survey_rows.communities_of(row.survey):
            raise Invalid(fields={"community": [_("This survey is not asked in this community.")]})
        before = _corrected(actor, row, corrects, how=how, person=person)
        if ended is not None and ended < at:
            # What depends on the day held on the day of the answer.
            filled = _read(row, xml, at=ended)
        wrong = answered.wrong_in(filled)
        if wrong:
            raise Invalid(fields=wrong)
        who = _person(person, row.survey, before)
        kept = Submission(
            id=new_id(),
            community_id=community,
            survey_version=row,
            instance_id=instance_id,
            content_digest=content_digest(filled),
            how=how,
            person=who,
            household_id=household or (who.household_id if who else None),
            replaces=before,
            started_at=_not_later(begun, at),
            finished_at=_not_later(ended, at),
            received_at=at,
            made_by=actor.account,
            device=device[:LONGEST_DEVICE],
        )
        kept.content = Submission._meta.get_field("content").seal(_text(xml))  # type: ignore[union-attr]
        if before is not None:
            quotas.give_back(before)
            before.state, before.counts = State.EDITED, False
            before.save(update_fields=["state", "counts"])
        kept.save()
        _expect_files(kept, filled)
        numbers = (
            () if before is not None else survey_voices.hear_from(actor, kept, row, filled, at=at, is_sample=is_sample)
        )
        age = answered.age_in(filled, row.mapping)
        if age is None and who is not None:
            age = age_on(who.birth_on, local_day(at))
        kept.quota, kept.counts = quotas.take(row.survey, community=community, age=age)
        if kept.quota is not None:
            kept.save(update_fields=["quota", "counts"])
        act().target(kept, "corrected" if before else "received", {"how": [None, how], "counts": [None, kept.counts]})
    return Received(kept, True, kept.counts, _thanks(counts=kept.counts, late=late), numbers)


@command("needs.put_survey_file")
def put_file(
    *, actor: Actor, submission: UUID, name: str, data: bytes, at: datetime, key: UUID | None = None
) -> SubmissionFile:
    """Keep a picture that a filled form names; too large a one or no picture is refused, and the form itself stays."""
    with scope.everything():
        row: Submission | None = locks.lock_one(Submission.objects.filter(pk=submission))
        if row is None:
            raise Missing
        own = row.how == How.PAGE and at - row.received_at < PICTURES_LATE
        policy.require(own or senders.may_send(actor, row.community_id))
        kept: SubmissionFile | None = locks.lock_one(SubmissionFile.objects.filter(submission=row, name=name))
        if kept is None:
            raise Invalid(fields={"file": [_("The form names no picture “%(name)s”.") % {"name": name[:60]}]})
        if kept.file_id is not None:
            if files.find_file(kept.file_id).digest == _digest_as_kept(data):
                return kept
            raise OtherContent(_("Another picture came under this name before. That one is kept."))
        stored = files.store(
            fileobj=BytesIO(data),
            name=name,
            purpose=FILE_PURPOSE,
            limit_bytes=LARGEST_PICTURE,
            community_id=row.community_id,
            at=at,
        )
        kept.file_id, kept.received_at = stored.pk, at
        kept.save(update_fields=["file_id", "received_at"])
        act().target(row, "picture received", {})
    return kept


@command("needs.set_submission_aside")
def set_aside(*, actor: Actor, submission: UUID, reason: str, at: datetime, key: UUID | None = None) -> Submission:
    """Count a filled form no longer, with the reason; it stays on record, and what was heard from it stays heard."""
    plain = " ".join(reason.split())
    if not plain:
        raise Invalid(fields={"reason": [_("Write why.")]})
    if len(plain) > LONGEST_REASON:
        raise Invalid(fields={"reason": [_("At most %(most)d characters.") % {"most": LONGEST_REASON}]})
    with scope.everything():
        row = survey_rows.submission(submission, actor=actor)
        if row.state != State.RECEIVED:
            return row
        quotas.give_back(row)
        row.state, row.state_reason, row.counts = State.REJECTED, plain, False
        row.save(update_fields=["state", "state_reason", "counts"])
        act().target(row, "set aside", {"state": [State.RECEIVED, State.REJECTED]})
        act().note(reason=plain)
    return row


@command("needs.take_submission_back")
def take_back_aside(*, actor: Actor, submission: UUID, at: datetime, key: UUID | None = None) -> Submission:
    """Count a filled form again that was set aside, where its quota still has room."""
    with scope.everything():
        row = survey_rows.submission(submission, actor=actor)
        if row.state != State.REJECTED:
            return row
        age = quotas.age_of(row)
        row.quota, row.counts = quotas.take(row.survey_version.survey, community=row.community_id, age=age)
        row.state, row.state_reason = State.RECEIVED, ""
        row.save(update_fields=["state", "state_reason", "quota", "counts"])
        act().target(row, "counted again", {"state": [State.REJECTED, State.RECEIVED]})
    return row


def _ids(xml: bytes | str) -> tuple[str, str]:
    try:
        instance_id, corrects = instance_id_of(xml)
    except BadSubmission:
        raise Invalid(_("What was sent is no filled form, or it is damaged. Please send it again.")) from None
    if not instance_id or len(instance_id) > LONGEST_ID:
        raise Invalid(_("The form that was sent has no id of its own. Please update the program that sends it."))
    return instance_id, corrects


def _read(row: SurveyVersion, xml: bytes | str, *, at: datetime) -> Instance:
    try:
        return read_xml(Form.from_json(row.form), xml, at=at, uuid=lambda: str(new_id()))
    except BadSubmission:
        raise Invalid(_("What was sent is no filled form, or it is damaged. Please send it again.")) from None
    except OtherForm:
        raise Invalid(_("The answers belong to another form, or to another version of it.")) from None


def _again(known: Submission, row: SurveyVersion, filled: Instance) -> Received:
    same = known.survey_version_id == row.pk and known.content_digest == content_digest(filled)
    if not same:
        raise OtherContent
    numbers = tuple(NeedReport.objects.filter(submission=known).order_by("pk").values_list("receipt", flat=True))
    is_live = known.state == State.RECEIVED
    return Received(known, False, known.counts, _thanks(counts=known.counts or not is_live, late=False), numbers)


def _require_open(row: SurveyVersion, *, how: str, ended: datetime | None, at: datetime) -> bool:
    """Refuse what came too early or too late; tell whether it was answered in time and came after the end."""
    survey = row.survey
    standing = rules.standing(survey.state, survey.opens_at, survey.closes_at, at)
    if row.published_at is None or standing == "draft":
        raise SurveyClosed(_("This survey is not open yet."))
    if standing == "open":
        return False
    carried = how != How.PAGE and ended is not None and ended <= at
    if carried and ended is not None and rules.lies_in_window(survey.opens_at, survey.closes_at, ended):
        return standing == "closed"
    if standing == "not_yet":
        raise SurveyClosed(_("This survey is not open yet."))
    raise SurveyClosed(_("This survey has ended. Thank you for wanting to take part."))


def _corrected(actor: Actor, row: SurveyVersion, corrects: str, *, how: str, person: UUID | None) -> Submission | None:
    """Lock the form that this one corrects; one that never arrived is nothing to correct."""
    if not corrects:
        return None
    before: Submission | None = locks.lock_one(Submission.objects.filter(instance_id=corrects))
    if before is None:
        return None
    other = SurveyVersion.objects.filter(pk=before.survey_version_id, survey=row.survey_id).exists()
    policy.require(other and senders.may_correct(actor, before, how=how, person=person))
    if before.state != State.RECEIVED:
        raise OtherContent(_("What you correct was corrected or set aside already. Ask the office."))
    return before


def _person(person: UUID | None, survey: Survey, before: Submission | None) -> Person | None:
    if person is None:
        return None
    row = Person.objects.filter(pk=person, state=Person.State.LIVING).first()
    if row is None:
        raise Missing
    if survey.one_per_person:
        locks.advisory(f"needs.survey/{survey.pk}/{person}")
        mine = quotas.submissions_of(survey).filter(person=person, state=State.RECEIVED)
        if mine.exclude(pk__in=[before.pk] if before else []).exists():
            raise AnsweredAlready
    return row


def _expect_files(kept: Submission, filled: Instance) -> None:
    for number, definition in enumerate(filled.form.nodes):
        if definition.type != "binary":
            continue
        for node in filled.nodes[number]:
            name = node.value.strip()[:120]
            if name:
                SubmissionFile.objects.get_or_create(submission=kept, name=name, community_id=kept.community_id)


def _digest_as_kept(data: bytes) -> str:
    try:
        return hashlib.sha256(pictures.without_metadata(data)).hexdigest()
    except pictures.Broken:
        return ""


def _text(xml: bytes | str) -> str:
    if isinstance(xml, str):
        return xml
    try:
        return xml.decode("utf-8-sig")
    except UnicodeDecodeError:
        from xml.etree.ElementTree import tostring

        from lianxin.engines.xforms.submission import parse_submission

        return tostring(parse_submission(xml), encoding="unicode")


def _not_later(moment: datetime | None, at: datetime) -> datetime | None:
    return None if moment is None else min(moment, at)


def _thanks(*, counts: bool, late: bool) -> str:
    if not counts:
        return _("Thank you. Enough people of your age have answered already; your answers are kept all the same.")
    if late:
        return _("The survey has ended meanwhile. You answered in time, so it is taken.")
    return ""
