"""Who may open the pages of cases; for everybody else they do not exist."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from lianxin.domain.people.policy import is_administrator
from lianxin.domain.voice import policy
from lianxin.domain.voice.models import Case, CaseAnswer, CasePicture, CaseReport, Handover, TierDecision
from lianxin.domain.voice.queries import case_finders, reports
from lianxin.platform import scope
from lianxin.platform.actors import Actor

from ..access import PRESS, READ, SEND, View, guard


def open_case(actor: Actor, case: UUID) -> Case:
    """Open a case in scope; raises Missing."""
    with scope.within(actor.communities):
        return case_finders.find_row(actor=actor, case=case)


def open_report(actor: Actor, report: UUID) -> CaseReport:
    """Open a voice in scope; raises Missing."""
    with scope.within(actor.communities):
        return reports.find_report(actor=actor, report=report)


def open_written_down(actor: Actor, report: UUID) -> CaseReport:
    """Open a voice that the actor wrote down or works on; raises Missing."""
    with scope.within(actor.communities):
        return case_finders.find_written_down(actor=actor, report=report)


def open_answer(actor: Actor, answer: UUID) -> CaseAnswer:
    """Open an answer in scope; raises Missing."""
    with scope.within(actor.communities):
        return reports.find_answer(actor=actor, answer=answer)


def open_picture(actor: Actor, picture: UUID) -> CasePicture:
    """Open a picture in scope; raises Missing."""
    with scope.within(actor.communities):
        return case_finders.find_picture(actor=actor, picture=picture)


def open_decision(actor: Actor, decision: UUID) -> TierDecision:
    """Open a decision in scope; raises Missing."""
    with scope.within(actor.communities):
        return case_finders.find_decision(actor=actor, decision=decision)


def open_handover(actor: Actor, handover: UUID) -> Handover:
    """Open a hand-over in scope; raises Missing."""
    with scope.within(actor.communities):
        return case_finders.find_handover(actor=actor, handover=handover)


LOOKUPS: dict[str, Callable[[Actor, UUID], Any]] = {
    "case": open_case,
    "other_case": open_case,
    "report": open_report,
    "case_answer": open_answer,
    "case_picture": open_picture,
    "decision": open_decision,
    "handover": open_handover,
}


def _there(actor: Actor, named: dict[str, Any]) -> None:
    """Find what an address names among what the actor may open; raises Missing."""
    for name, value in named.items():
        LOOKUPS[name](actor, value)


def may_work_any(actor: Actor) -> bool:
    """Tell whether somebody works on cases, or is of an office above those who do."""
    return policy.may_keep_any(actor) or policy.may_supervise_any(actor)


def takes_down(actor: Actor) -> bool:
    """Tell whether somebody writes down what others bring forward: offices of communities, hosts and volunteers."""
    return policy.may_keep_any(actor) or (actor.holds("host", "volunteer") and not is_administrator(actor))


def reading(view: View) -> View:
    """Let the offices read a page."""
    return guard(READ, seen_by=policy.may_read_any)(view)


def keeping(view: View) -> View:
    """Let those who keep cases open and send a form."""
    return guard(SEND, seen_by=policy.may_read_any, allowed=policy.may_keep_any, there=_there)(view)


def keeper_reads(view: View) -> View:
    """Let those who keep cases read a page with names on it."""
    return guard(READ, seen_by=policy.may_read_any, allowed=policy.may_keep_any, there=_there)(view)


def keeper_presses(view: View) -> View:
    """Take a button from those who keep cases."""
    return guard(PRESS, seen_by=policy.may_read_any, allowed=policy.may_keep_any, there=_there)(view)


def working(view: View) -> View:
    """Let those who keep cases, and the offices above, open and send a form."""
    return guard(SEND, seen_by=policy.may_read_any, allowed=may_work_any, there=_there)(view)


def supervising(view: View) -> View:
    """Let the offices above open and send a form."""
    return guard(SEND, seen_by=policy.may_read_any, allowed=policy.may_supervise_any, there=_there)(view)


def taking(view: View) -> View:
    """Let those who hear people at a desk, on the phone or at the door open and send the form."""
    return guard(SEND, seen_by=takes_down)(view)


def taking_presses(view: View) -> View:
    """Answer what the form of those who hear people asks while it is filled in."""
    return guard(PRESS, seen_by=takes_down)(view)


def taking_reads(view: View) -> View:
    """Let those who hear people open what they wrote down."""
    return guard(READ, seen_by=takes_down)(view)
