"""What the page of a receipt shows: of the voice itself, and of its case what may be told."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from lianxin.domain.voice.commands.closing import may_reopen_until
from lianxin.domain.voice.models import Case, CaseReport, CaseStep, Commitment, TierDecision
from lianxin.domain.voice.rules import act_words, lights, states
from lianxin.platform import scope
from lianxin.platform.clock import local_day

State = Case.State


@dataclass(frozen=True, slots=True)
class StepLine:
    """One step as those who brought the case read it."""

    act: str
    label: Any
    words: str
    at: datetime


@dataclass(frozen=True, slots=True)
class AnswerLine:
    """What one reporter was told, and how it reached them."""

    id: UUID
    kind: str
    label: Any
    words: str
    at: datetime
    state: str


@dataclass(frozen=True, slots=True)
class PauseLine:
    """A time in which the clock stood still, and why."""

    reason: Any
    words: str
    paused_at: datetime
    resumed_at: datetime | None
    look_again_by: date


@dataclass(frozen=True, slots=True)
class HandoverLine:
    """To whom it was given, and what they answered."""

    kind: Any
    name: str
    handed_at: datetime
    answer_by: date
    state: str
    state_label: Any
    answer: str
    their_number: str


@dataclass(frozen=True, slots=True)
class PromiseLine:
    """What was promised because of the case."""

    words: str
    owner_name: str
    due_by: date
    state: str
    state_label: Any


@dataclass(frozen=True, slots=True)
class PictureLine:
    """A photo that came with the voice."""

    id: UUID
    file_id: UUID
    caption: str


@dataclass(frozen=True, slots=True)
class ReportPage:
    """Everything that the page of a receipt shows: of the voice itself, and of its case what may be told."""

    id: UUID
    case: UUID
    receipt: str
    number: int
    community_id: UUID
    community_name: str
    words: str
    language: str
    how: str
    heard_at: datetime
    channel: str
    confidentiality: str
    subject: str
    subject_label: Any
    place: str
    state: str
    state_label: Any
    tier: str
    tier_label: Any
    tier_reasons: list[Any]
    tier_words: str
    appealed_at: datetime | None
    appeal_answer: str
    due_at: datetime | None
    is_due_assumed: bool
    light: str
    responsible_name: str
    voices: int
    confirm_by: date | None
    ended_at: datetime | None
    reopen_until: date | None
    public_answer: str
    pauses: tuple[PauseLine, ...]
    handovers: tuple[HandoverLine, ...]
    timeline: tuple[StepLine, ...]
    answers: tuple[AnswerLine, ...]
    promises: tuple[PromiseLine, ...]
    pictures: tuple[PictureLine, ...]
    voice_file: UUID | None
    said: str
    said_words: str
    said_at: datetime | None
    withdrawn_at: datetime | None
    # What whoever holds the receipt can do now: acts of rules/states.py.
    can: tuple[str, ...]


def page_of(row: CaseReport, *, at: datetime) -> ReportPage:
    """Give what the page of a receipt shows; the caller has decided that whoever asks may see it."""
    with scope.everything():
        return _page(row, at)


def _page(row: CaseReport, at: datetime) -> ReportPage:
    case = row.case
    decision = TierDecision.objects.filter(case=case).order_by("-position").first()
    until = may_reopen_until(case)
    is_live = case.state in states.LIVE
    begun = decision.runs_from if decision is not None else case.opened_at
    back = row.withdrawn_at is not None
    timeline = _timeline(row)
    # What no step tells of is not asked for: most cases neither wait nor are handed over.
    acts = {step.act for step in timeline}
    return ReportPage(
        id=row.pk,
        case=case.pk,
        receipt=row.receipt,
        number=case.number,
        community_id=row.community_id,
        community_name=row.community.short_name,
        words=row.words,
        language=row.language,
        how=row.how,
        heard_at=row.heard_at,
        channel=row.channel,
        confidentiality=row.confidentiality,
        subject=case.subject,
        subject_label=case.get_subject_display(),
        place=case.venue.name if case.venue else case.place_words,
        state=State.WITHDRAWN if back else case.state,
        state_label=State.WITHDRAWN.label if back else case.get_state_display(),
        tier=case.tier,
        tier_label=case.get_tier_display(),
        tier_reasons=list(decision.reasons) if decision else [],
        tier_words=decision.words if decision else "",
        appealed_at=decision.appealed_at if decision else None,
        appeal_answer=decision.appeal_answer if decision else "",
        due_at=case.due_at if is_live else None,
        is_due_assumed=case.is_due_assumed,
        light=lights.light(due_at=case.due_at, runs_from=begun, at=at, is_live=is_live),
        responsible_name=case.responsible_name,
        voices=case.voices,
        confirm_by=case.confirm_by if case.state == State.DONE else None,
        ended_at=case.ended_at,
        reopen_until=local_day(until) if until else None,
        public_answer=case.public_answer,
        pauses=tuple(
            PauseLine(one.get_reason_display(), one.words, one.paused_at, one.resumed_at, one.look_again_by)
            for one in (case.pauses.order_by("paused_at") if "pause" in acts else ())  # type: ignore[attr-defined]
        ),
        handovers=tuple(
            HandoverLine(
                one.get_kind_display(),
                one.name,
                one.handed_at,
                one.answer_by,
                one.state,
                one.get_state_display(),
                one.answer,
                one.their_number,
            )
            for one in (case.handovers.order_by("handed_at") if "hand_over" in acts else ())  # type: ignore[attr-defined]
        ),
        timeline=timeline,
        answers=tuple(
            AnswerLine(one.pk, one.kind, one.get_kind_display(), one.words, one.made_at, one.state)
            for one in sorted(row.answers.all(), key=lambda one: (one.made_at, one.pk))  # type: ignore[attr-defined]
        ),
        promises=tuple(
            PromiseLine(one.words, one.owner_name, one.due_by, one.state, one.get_state_display())
            for one in Commitment.objects.filter(case=case, is_public=True).order_by("due_by", "pk")
        ),
        pictures=tuple(PictureLine(one.pk, one.file_id, one.caption) for one in row.pictures.order_by("added_at")),  # type: ignore[attr-defined]
        voice_file=row.voice_file,
        said=row.said,
        said_words=row.said_words,
        said_at=row.said_at,
        withdrawn_at=row.withdrawn_at,
        can=_can(row, until=until, at=at),
    )


def _timeline(row: CaseReport) -> tuple[StepLine, ...]:
    """Give the steps of the voice's case, and of the one it was opened under before that was joined."""
    steps = CaseStep.objects.filter(case__in={row.case_id, row.first_case}).order_by("done_at", "pk")
    told, is_heard = [], False
    for step in steps:
        if step.act not in act_words.SHOWN or (step.act == "hear" and is_heard):
            continue
        is_heard = is_heard or step.act == "hear"
        words = step.words if step.is_public else ""
        told.append(StepLine(step.act, act_words.words_of(step.act), words, step.done_at))
    return tuple(told)


def _can(row: CaseReport, *, until: datetime | None, at: datetime) -> tuple[str, ...]:
    if row.withdrawn_at is not None:
        return ()
    acts = states.acts_for(row.case.state, states.REPORTER)
    if until is not None and local_day(at) > local_day(until):
        acts = tuple(act for act in acts if act != "reopen")
    return acts
