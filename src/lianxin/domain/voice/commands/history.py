"""Taking over cases that were settled before: whole, with voices, clock and ending, each counted once.

A register of earlier years is taken over by it, the sample district tells its past with it, and so does the bench.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext as _

from lianxin.domain.voice import policy
from lianxin.domain.voice.commands import found, numbers, rates, searching
from lianxin.domain.voice.commands.closing import CONFIRMED_MEASURE, ENDED_MEASURE
from lianxin.domain.voice.commands.deciding import first_decision, ground_for
from lianxin.domain.voice.models import Case, CaseAnswer, CaseReport, CaseStep, Confidentiality, TierDecision
from lianxin.domain.voice.rules import alike
from lianxin.domain.voice.rules.limits import limits_of
from lianxin.platform import facts, many
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day
from lianxin.platform.commands import act, command
from lianxin.platform.errors import Invalid
from lianxin.platform.ids import new_id

State = Case.State
ENDS = (State.CONFIRMED, State.SILENT, State.DECLINED)


@dataclass(frozen=True, slots=True)
class PastVoice:
    """One voice of a settled case and, where it was asked, its own say."""

    words: str
    how: str
    heard_at: datetime
    person: UUID | None = None
    household: UUID | None = None
    guest_name: str = ""
    channel: str = "none"
    helper_name: str = ""
    is_read_back: bool = False
    said: str = ""
    said_words: str = ""
    said_how: str = ""
    said_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class PastCase:
    """A settled case: what it was, who told it, what was done, and how it ended."""

    title: str
    subject: str
    voices: Sequence[PastVoice]
    answer: str
    end: str
    ended_at: datetime
    done_at: datetime | None = None
    responsible: UUID | None = None
    responsible_name: str = ""
    confidentiality: str = Confidentiality.OPEN
    venue: UUID | None = None
    lng: float | None = None
    lat: float | None = None
    place_words: str = ""
    # Shown on the board under this title; none: not shown.
    public_title: str = ""
    id: UUID | None = None


@command("voice.take_in_history")
def take_in(
    *,
    actor: Actor,
    community: UUID,
    cases: Sequence[PastCase],
    is_sample: bool = False,
    at: datetime,
    key: UUID | None = None,
) -> list[UUID]:
    """Keep settled cases of one community; gives their ids in order. Raises Invalid, naming the first that is wrong.

    Nobody is told and nothing is owed: what is taken over is over.
    """
    policy.require(policy.may_keep(actor, community))
    found.community(community)
    for number, one in enumerate(cases, start=1):
        _check(one, number, at=at)
    if not cases:
        return []
    ground = ground_for(community, local_day(min(one.voices[0].heard_at for one in cases)))
    confirm_days = limits_of(ground.rules.limits).confirm_days
    first = found.next_number(Case, community)
    rows: list[Case] = []
    reports: list[CaseReport] = []
    steps: list[list[CaseStep]] = []
    decisions: list[TierDecision] = []
    answers: list[CaseAnswer] = []
    for number, past in enumerate(cases, start=first):
        row = _case(past, community, number, confirm_days=confirm_days, is_sample=is_sample)
        decision = first_decision(row, words=past.voices[0].words, ground=ground, at=row.opened_at)
        rows.append(row)
        decisions.append(decision)
        own = [_report(row, voice, past, is_sample=is_sample) for voice in past.voices]
        reports.extend(own)
        answers.extend(_answer(one, past) for one in own)
        steps.append(_steps(row, past, actor))
    receipts = numbers.give_receipts([one.pk for one in reports])
    for report, receipt in zip(reports, receipts, strict=True):
        report.receipt = receipt
    many.keep(rows)
    many.keep(reports)
    many.keep(decisions)
    many.keep([step for some in steps for step in some])
    many.keep(answers)
    _count(rows, reports, answers, [some[-1] for some in steps])
    searching.index(rows)
    act().note(community_id=community, reason=_("settled cases taken over"))
    return [row.pk for row in rows]


def _check(one: PastCase, number: int, *, at: datetime) -> None:
    opened = min((voice.heard_at for voice in one.voices), default=None)
    if opened is None or not one.title or not one.answer:
        raise Invalid(fields={"cases": [_("Case %(n)d lacks its title, a voice or an answer.") % {"n": number}]})
    if one.end not in ENDS or (one.done_at is None) != (one.end == State.DECLINED):
        raise Invalid(fields={"cases": [_("Case %(n)d does not say how it ended.") % {"n": number}]})
    if not opened <= (one.done_at or one.ended_at) <= one.ended_at <= at:
        raise Invalid(fields={"cases": [_("The days of case %(n)d are not in order.") % {"n": number}]})


def _case(past: PastCase, community: UUID, number: int, *, confirm_days: int, is_sample: bool) -> Case:
    is_open = past.confidentiality == Confidentiality.OPEN
    return Case(
        id=past.id or new_id(),
        community_id=community,
        number=number,
        title=past.title,
        subject=past.subject,
        confidentiality=past.confidentiality,
        venue_id=past.venue,
        lng=past.lng,
        lat=past.lat,
        place_words=past.place_words,
        state=past.end,
        responsible=past.responsible,
        responsible_name=past.responsible_name,
        responsible_role="" if past.responsible else "community_staff",
        first_responder=past.responsible,
        opened_at=min(voice.heard_at for voice in past.voices),
        first_answer_at=past.done_at or past.ended_at,
        done_at=past.done_at,
        confirm_by=local_day(past.done_at) + timedelta(days=confirm_days) if past.done_at else None,
        ended_at=past.ended_at,
        voices=len(past.voices),
        public_title=past.public_title,
        public_answer=past.answer[:500] if past.public_title else "",
        is_public=bool(past.public_title) and is_open,
        changed_at=past.ended_at,
        is_sample=is_sample,
    )


def _report(row: Case, voice: PastVoice, past: PastCase, *, is_sample: bool) -> CaseReport:
    said_at = voice.said_at or past.ended_at
    return CaseReport(
        id=new_id(),
        community_id=row.community_id,
        case=row,
        first_case=row.pk,
        words=voice.words,
        words_digest=alike.digest(voice.words),
        how=voice.how,
        confidentiality=past.confidentiality,
        person_id=voice.person,
        household_id=voice.household,
        guest_name=voice.guest_name,
        helper_name=voice.helper_name,
        read_back_at=voice.heard_at if voice.is_read_back else None,
        heard_at=voice.heard_at,
        recorded_at=voice.heard_at,
        channel=voice.channel,
        said=voice.said,
        said_words=voice.said_words,
        said_how=voice.said_how,
        said_at=said_at if voice.said else None,
        said_by=past.responsible if voice.said and voice.said_how != CaseReport.SaidHow.PAGE else None,
        asked_at=past.done_at,
        is_sample=is_sample,
    )


def _answer(report: CaseReport, past: PastCase) -> CaseAnswer:
    kind = CaseAnswer.Kind.DECLINED if past.end == State.DECLINED else CaseAnswer.Kind.DONE
    made = past.done_at or past.ended_at
    by_hand = report.channel in ("phone", "paper")
    state = CaseAnswer.State.TOLD if by_hand else CaseAnswer.State.SHOWN
    return CaseAnswer(
        id=new_id(),
        community_id=report.community_id,
        report=report,
        kind=kind,
        words=past.answer,
        channel=report.channel,
        state=state,
        made_at=made,
        made_by=past.responsible,
        told_at=made if by_hand else None,
        told_by=past.responsible if by_hand else None,
    )


def _steps(row: Case, past: PastCase, actor: Actor) -> list[CaseStep]:
    """Give the steps that led to the end, the last one into it."""
    moves: list[tuple[str, str, str, datetime, str]] = [("hear", "", State.NEW, row.opened_at, "")]
    if past.end == State.DECLINED:
        moves.append(("decline", State.NEW, State.DECLINED, past.ended_at, past.answer))
    else:
        assert past.done_at is not None
        moves.append(("finish", State.NEW, State.DONE, past.done_at, past.answer))
        moves.append(("confirm" if past.end == State.CONFIRMED else "expire", State.DONE, past.end, past.ended_at, ""))
    return [
        CaseStep(
            id=new_id(),
            community_id=row.community_id,
            case=row,
            act=what,
            before=before,
            after=after,
            words=words[:1000],
            is_public=what != "confirm",
            by=past.responsible,
            by_role=actor.role[:30],
            done_at=moment,
        )
        for what, before, after, moment, words in moves
    ]


def _count(
    rows: Sequence[Case], reports: Sequence[CaseReport], answers: Sequence[CaseAnswer], ends: Sequence[CaseStep]
) -> None:
    by_case = {row.pk: row for row in rows}
    by_themselves = {one.case_id for one in reports if one.said == "solved" and one.said_by is None}
    for report in reports:
        facts.record(
            measure="cases_heard",
            record=report,
            quantity=1,
            community_id=report.community_id,
            on=local_day(report.heard_at),
            category=rates.category_of(by_case[report.case_id]),
        )
    for answer in answers:
        facts.record(
            measure="case_answers",
            record=answer,
            quantity=1,
            community_id=answer.community_id,
            on=local_day(answer.made_at),
        )
    for row, step in zip(rows, ends, strict=True):
        measures = [ENDED_MEASURE, *rates.measures_of_end(row, by_themselves=row.pk in by_themselves)]
        if row.state == State.CONFIRMED:
            measures.append(CONFIRMED_MEASURE)
        for measure in measures:
            facts.record(
                measure=measure,
                record=step,
                quantity=1,
                community_id=row.community_id,
                on=local_day(step.done_at),
                category=rates.category_of(row),
            )
