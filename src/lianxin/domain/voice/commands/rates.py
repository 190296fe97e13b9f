"""Inside commands: what the figures count of a case's end, besides what `closing` counts itself.

Every fact has the category "<tier>:<subject>" (`category_of`), so that figures add up by either.
`closing` calls `note_ended(case, at=at)` right after it appended the step that ended a case as confirmed, silent or
declined, `note_reopened(case, at=at)` right after the step that took a case out of such an end, and
`note_disputed(case, at=at)` right after the step of a "not solved" on a case that was done, and
`note_confirmed_too(case)` when one more reporter says "solved" of a case that is confirmed already.
"""

import contextlib
from datetime import datetime

from django.db.models import F

from lianxin.domain.voice.models import Case, CaseReport, CaseStep, TierDecision
from lianxin.platform import facts
from lianxin.platform.clock import local_day

State = Case.State
COUNTED_ENDS = (State.CONFIRMED, State.SILENT, State.DECLINED)
IN_TIME, SILENT, DECLINED, REOPENED, NOT_SOLVED, LIFTED, BY_STAFF, APPEALED = (
    "cases_in_time",
    "cases_silent",
    "cases_declined",
    "cases_reopened",
    "cases_not_solved",
    "cases_lifted",
    "cases_by_staff",
    "cases_appealed",
)


def category_of(case: Case) -> str:
    """Give the category under which a case's facts are counted."""
    return f"{case.tier}:{case.subject}"


def was_in_time(case: Case) -> bool:
    """Tell whether the house had finished with a case before its term ran out; a clock that stood still never did.

    One that was lifted had its time before: the longer term that it was given then makes it no faster.
    """
    if case.lifted:
        return False
    moment = case.ended_at if case.state == State.DECLINED else case.done_at
    return case.due_at is None or moment is None or moment <= case.due_at


def measures_of_end(case: Case, *, by_themselves: bool) -> list[str]:
    """Name what counts beside the end itself: in time, without a reply, declined, or written down by staff."""
    counts = {
        IN_TIME: was_in_time(case),
        SILENT: case.state == State.SILENT,
        DECLINED: case.state == State.DECLINED,
        BY_STAFF: case.state == State.CONFIRMED and not by_themselves,
    }
    return [measure for measure, holds in counts.items() if holds]


def note_ended(case: Case, *, at: datetime) -> None:
    """Count the end of a case by what it was."""
    step = _last_step(case)
    by_themselves = case.state == State.CONFIRMED and _said_by_themselves(case)
    for measure in measures_of_end(case, by_themselves=by_themselves):
        _count(measure, case, step, at)


def note_confirmed_too(case: Case) -> None:
    """Take back that only staff wrote down the confirmation of a case, when a further reporter says so themselves."""
    ended = ending_step(case)
    if ended is None or not _said_by_themselves(case) or not facts.was_recorded(measure=BY_STAFF, record=ended):
        return
    with contextlib.suppress(facts.NothingToCorrect):
        facts.correct(measure=BY_STAFF, record=ended)


def ending_step(case: Case) -> CaseStep | None:
    """Give the step by which a case ended last."""
    ends = CaseStep.objects.filter(case=case, after__in=COUNTED_ENDS).exclude(before=F("after"))
    return ends.order_by("-done_at", "-pk").first()


def note_reopened(case: Case, *, at: datetime) -> None:
    """Take back what was counted of the end that no longer holds, and count that it was opened again."""
    ended = ending_step(case)
    if ended is not None:
        for measure in (IN_TIME, SILENT, DECLINED, BY_STAFF):
            if facts.was_recorded(measure=measure, record=ended):
                facts.correct(measure=measure, record=ended)
    _count(REOPENED, case, _last_step(case), at)


def note_lifted(case: Case, decision: TierDecision, *, at: datetime) -> None:
    """Count that a case was lifted to a harder tier."""
    _count(LIFTED, case, decision, at)


def note_appealed(case: Case, decision: TierDecision, *, at: datetime) -> None:
    """Count that a reporter asked for another tier."""
    _count(APPEALED, case, decision, at)


def note_disputed(case: Case, *, at: datetime) -> None:
    """Count that a reporter said a case is not solved after the office had said it was done."""
    _count(NOT_SOLVED, case, _last_step(case), at)


def _count(measure: str, case: Case, proof: CaseStep | TierDecision, at: datetime) -> None:
    facts.record(
        measure=measure,
        record=proof,
        quantity=1,
        community_id=case.community_id,
        on=local_day(at),
        category=category_of(case),
    )


def _said_by_themselves(case: Case) -> bool:
    rows = CaseReport.objects.filter(case=case, withdrawn_at=None, said=CaseReport.Said.SOLVED)
    return rows.filter(said_how=CaseReport.SaidHow.PAGE).exists()


def _last_step(case: Case) -> CaseStep:
    step = CaseStep.objects.filter(case=case).order_by("-done_at", "-pk").first()
    if step is None:
        raise LookupError(f"case {case.pk} has no step that could prove a fact")
    return step
