"""Two-sided closing: the office says it is done, those who told it say whether it is solved, and silence ends it."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext as _

from lianxin.domain.voice import policy
from lianxin.domain.voice.commands import found, moving, rates, reminding, telling, tiers
from lianxin.domain.voice.models import Case, CaseAnswer, CaseReport, CaseStep
from lianxin.domain.voice.rules import states
from lianxin.domain.voice.rules.states import NotPossible
from lianxin.platform import facts, scope
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day
from lianxin.platform.commands import act, command
from lianxin.platform.errors import Invalid

SAID_LONGEST = 300
AT_ONCE = 200
Said, SaidHow = CaseReport.Said, CaseReport.SaidHow
State, Kind = Case.State, CaseAnswer.Kind
ENDED_MEASURE, CONFIRMED_MEASURE = "cases_ended", "cases_confirmed"


class TooLate(NotPossible):
    """The days in which a reporter may open a closed case again are over."""


@command("voice.finish")
def finish(
    *,
    actor: Actor,
    case: UUID,
    words: str,
    public_answer: str | None = None,
    version: int | None = None,
    at: datetime,
    key: UUID | None = None,
) -> Case:
    """Say that a case is done and what was done; everybody who told it is asked whether it is solved."""
    row = found.case(case, version=version)
    who = moving.acting_as(actor, row, "finish")
    plain = telling.check_words(words)
    states.next_state(row.state, "finish", who)
    changed = _with_public(row, public_answer)
    row.done_at = at
    row.confirm_by = local_day(at) + timedelta(days=tiers.limits_for(row).confirm_days)
    moving.move(row, "finish", who=who, words=plain, is_public=True, at=at, changed=["done_at", "confirm_by", *changed])
    # Asked anew: what they said of an earlier ending stands in the steps.
    CaseReport.objects.filter(case=row, withdrawn_at=None).update(
        asked_at=at, said="", said_words="", said_at=None, said_how="", said_by=None
    )
    telling.tell_case(row, kind=Kind.DONE, words=plain, at=at)
    return row


@command("voice.decline")
def decline(
    *,
    actor: Actor,
    case: UUID,
    words: str,
    public_answer: str | None = None,
    version: int | None = None,
    at: datetime,
    key: UUID | None = None,
) -> Case:
    """Say that a case cannot be done, and why; everybody who told it is told."""
    row = found.case(case, version=version)
    who = moving.acting_as(actor, row, "decline")
    plain = telling.check_words(words)
    states.next_state(row.state, "decline", who)
    changed = _with_public(row, public_answer)
    step = moving.move(row, "decline", who=who, words=plain, is_public=True, at=at, changed=changed)
    telling.tell_case(row, kind=Kind.DECLINED, words=plain, at=at)
    _count_end(row, step, at=at)
    return row


@command("voice.say")
def say(
    *,
    actor: Actor,
    report: UUID,
    solved: bool,
    words: str = "",
    how: str = SaidHow.PAGE,
    holds_receipt: bool = False,
    at: datetime,
    key: UUID | None = None,
) -> CaseReport:
    """Note whether a reporter says that it is solved; one "not solved" opens the case again for all of them.

    `holds_receipt`: whoever acts showed the receipt with its word, so it is theirs to say. Staff who write it down say
    `how` it was said. Of a closed case "not solved" opens it again (`reopen`).
    """
    row, case = found.report(report)
    what = "confirm" if solved else "reopen" if case.state in states.REOPENABLE else "dispute"
    if what == "reopen":
        return reopen(
            actor=actor,
            report=report,
            words=words or _("It is not solved."),
            how=how,
            holds_receipt=holds_receipt,
            at=at,
        )
    who = moving.acting_as(actor, case, what, holds_receipt=holds_receipt, person=row.person_id)
    plain = _said_words(words)
    by = _recorder(actor, who, how)
    if row.withdrawn_at is not None:
        raise NotPossible(states.why_not("withdrawn", what))
    if case.state == State.CONFIRMED and solved and row.said != Said.SOLVED:
        # Others had confirmed it; this one says the same, and nothing moves.
        _note_say(row, Said.SOLVED, plain, how=how, by=by, at=at)
        rates.note_confirmed_too(case)
        return row
    states.next_state(case.state, what, who)
    before = row.said
    _note_say(row, Said.SOLVED if solved else Said.NOT_SOLVED, plain, how=how, by=by, at=at)
    act().target(row, "said", {"said": [before, row.said], "how": [None, how]})
    if not solved:
        _open_again(case, row, "dispute", who=who, words=plain, at=at)
        rates.note_disputed(case, at=at)
    elif case.state == State.SILENT or _all_solved(case):
        _confirm(case, who=who, words=plain, at=at)
    return row


@command("voice.reopen")
def reopen(
    *,
    actor: Actor,
    report: UUID,
    words: str,
    how: str = SaidHow.PAGE,
    holds_receipt: bool = False,
    at: datetime,
    key: UUID | None = None,
) -> CaseReport:
    """Open a closed case again because a reporter says it is not settled; an office above may do so at any time."""
    row, case = found.report(report)
    who = moving.acting_as(actor, case, "reopen", holds_receipt=holds_receipt, person=row.person_id)
    plain = moving.check_words(words, ask=_("Write what is not settled."), longest=SAID_LONGEST)
    by = _recorder(actor, who, how)
    states.next_state(case.state, "reopen", who)
    if row.withdrawn_at is not None:
        raise NotPossible(states.why_not("withdrawn", "reopen"))
    if not policy.may_supervise(actor, case.community_id):
        _require_in_time(case, at=at)
    _note_say(row, Said.NOT_SOLVED, plain, how=how, by=by, at=at)
    row.reopened += 1
    row.save(update_fields=["reopened"])
    _open_again(case, row, "reopen", who=who, words=plain, at=at)
    act().target(row, "said", {"said": [None, row.said], "how": [None, how]})
    return row


@command("voice.withdraw")
def withdraw(
    *,
    actor: Actor,
    report: UUID,
    words: str = "",
    holds_receipt: bool = False,
    at: datetime,
    key: UUID | None = None,
) -> CaseReport:
    """Take a voice back, as whoever said it wishes; its words stay, and the case ends when it was the only one."""
    row, case = found.report(report)
    who = moving.acting_as(actor, case, "withdraw", holds_receipt=holds_receipt, person=row.person_id)
    plain = moving.check_words(words, longest=SAID_LONGEST)
    if row.withdrawn_at is not None:
        raise NotPossible(states.why_not("withdrawn", "withdraw"))
    states.next_state(case.state, "withdraw", who)
    row.withdrawn_at = at
    row.save(update_fields=["withdrawn_at"])
    row.answers.filter(state__in=telling.WAITING).update(state=CaseAnswer.State.SHOWN)  # type: ignore[attr-defined]
    case.voices = CaseReport.objects.filter(case=case, withdrawn_at=None).count()
    act().target(row, "withdrawn")
    if case.voices:
        case.version, case.changed_at = case.version + 1, at
        case.save(update_fields=["voices", "version", "changed_at"])
        moving.append_step(case, "voice_back", before=case.state, words=plain, at=at)
    else:
        case.is_public = False
        moving.move(case, "withdraw", who=who, words=plain, at=at, changed=["voices", "is_public"])
    reminding.look_at_answers([case.community_id])
    return row


@command("voice.expire_silent")
def expire_silent(*, actor: Actor, community: UUID, at: datetime, key: UUID | None = None) -> int:
    """Close what was done and whose time to reply is over: confirmed where somebody said solved, else without a reply.

    At most some hundred at once; gives how many, so that the task goes on until there are none.
    """
    policy.require(actor.is_system)
    found.community(community)
    due = list(
        Case.objects.filter(community=community, state=State.DONE, confirm_by__lt=local_day(at))
        .order_by("confirm_by", "pk")
        .values_list("pk", flat=True)[:AT_ONCE]
    )
    for pk in sorted(due):
        row = found.case(pk)
        if CaseReport.objects.filter(case=row, withdrawn_at=None, said=Said.SOLVED).exists():
            _confirm(row, who=states.SYSTEM, words="", at=at)
        else:
            step = moving.move(row, "expire", who=states.SYSTEM, is_public=True, at=at)
            _count_end(row, step, at=at)
    act().note(community_id=community)
    return len(due)


def list_due_communities(*, at: datetime) -> list[UUID]:
    """Give the communities in which the time to reply of something done is over."""
    with scope.everything():
        rows = Case.objects.filter(state=State.DONE, confirm_by__lt=local_day(at)).order_by()
        return sorted(set(rows.values_list("community_id", flat=True)))


def may_reopen_until(case: Case) -> datetime | None:
    """Give until when a reporter may open a closed case again; None where it is not closed so."""
    if case.state not in states.REOPENABLE or case.ended_at is None:
        return None
    return case.ended_at + timedelta(days=tiers.limits_for(case).reopen_days)


def _require_in_time(case: Case, *, at: datetime) -> None:
    until = may_reopen_until(case)
    if until is not None and local_day(at) > local_day(until):
        raise TooLate(
            _("This was closed more than %(days)d days ago. Please tell us anew; we see that it was here before.")
            % {"days": tiers.limits_for(case).reopen_days}
        )


def _confirm(case: Case, *, who: states.Who, words: str, at: datetime) -> None:
    silent = _ending_step(case) if case.state == State.SILENT else None
    step = moving.move(case, "confirm", who=who, words=words, at=at)
    if silent is not None:
        # What was counted as closed without a reply is confirmed after all.
        for measure in (ENDED_MEASURE, rates.IN_TIME, rates.SILENT):
            _take_back(measure, silent)
    _count_end(case, step, at=at)


def _open_again(case: Case, report: CaseReport, what: str, *, who: states.Who, words: str, at: datetime) -> None:
    ending = _ending_step(case) if what == "reopen" else None
    case.done_at, case.confirm_by = None, None
    changed = ["done_at", "confirm_by"]
    if what == "reopen":
        case.reopened += 1
        changed.append("reopened")
    moving.move(case, what, who=who, words=words, at=at, changed=changed)
    if ending is not None:
        for measure in (ENDED_MEASURE, CONFIRMED_MEASURE):
            _take_back(measure, ending)
        rates.note_reopened(case, at=at)
    tiers.restart_clock(case, at=at)
    reminding.look_at_case(case, at=at)
    others = telling.live_reports(case, but=report.pk)
    if others:
        telling.tell(
            others,
            kind=Kind.PROGRESS,
            words=_("Somebody who told us the same says that it is not solved yet. We look at it again."),
            at=at,
        )


def _count_end(case: Case, step: CaseStep, *, at: datetime) -> None:
    measures: Sequence[str] = (ENDED_MEASURE,)
    if case.state == State.CONFIRMED:
        measures = (ENDED_MEASURE, CONFIRMED_MEASURE)
    for measure in measures:
        facts.record(
            measure=measure,
            record=step,
            quantity=1,
            community_id=case.community_id,
            on=local_day(at),
            category=rates.category_of(case),
        )
    rates.note_ended(case, at=at)


def _ending_step(case: Case) -> CaseStep | None:
    """Give the step by which a closed case ended: the last one into the state in which it is."""
    rows = CaseStep.objects.filter(case=case, after=case.state).exclude(before=case.state)
    return rows.order_by("-pk").first()


def _take_back(measure: str, step: CaseStep) -> None:
    if facts.was_recorded(measure=measure, record=step):
        facts.correct(measure=measure, record=step)


def _all_solved(case: Case) -> bool:
    said = CaseReport.objects.filter(case=case, withdrawn_at=None).values_list("said", flat=True)
    return all(one == Said.SOLVED for one in said)


def _note_say(row: CaseReport, said: str, words: str, *, how: str, by: UUID | None, at: datetime) -> None:
    row.said, row.said_words, row.said_at, row.said_how, row.said_by = said, words, at, how, by
    row.save(update_fields=["said", "said_words", "said_at", "said_how", "said_by"])


def _recorder(actor: Actor, who: states.Who, how: str) -> UUID | None:
    """Give who writes a say down; raises Invalid where it is not said how it was said to them."""
    if how not in SaidHow.values or (who != states.REPORTER and how == SaidHow.PAGE):
        raise Invalid(fields={"how": [_("Say how they told you: at the desk, by phone, on paper or on a visit.")]})
    return None if who == states.REPORTER else actor.account


def _said_words(words: str) -> str:
    return moving.check_words(words, longest=SAID_LONGEST)


def _with_public(row: Case, public_answer: str | None) -> list[str]:
    if public_answer is None:
        return []
    row.public_answer = moving.check_words(public_answer, name="public_answer", longest=moving.LONGEST["public_answer"])
    return ["public_answer"]
