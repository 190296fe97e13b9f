"""The one table of a mediation's moves: who may do what in which state, and what it is in afterwards.

People's Mediation Law of the PRC (2010): nobody is mediated who plainly refuses it (art. 17); the sides choose or
accept the mediator and may have it ended at any time (art. 23); without an agreement it is ended and the sides are
told of other ways (art. 26); an agreement is written or, where the sides want no paper, noted down (art. 28); its
performance is looked after (art. 31).
"""

from __future__ import annotations

from typing import Any, Literal

from django.utils.translation import gettext_lazy as _

from lianxin.domain.voice.models import CourtConfirmation, Mediation
from lianxin.platform.errors import Refused

Who = Literal["keeper", "mediator", "system"]
WHO: tuple[Who, ...] = ("keeper", "mediator", "system")
State, Court = Mediation.State, CourtConfirmation.State

ASKED, ACCEPTED, TALKING, AGREED = State.ASKED, State.ACCEPTED, State.TALKING, State.AGREED
LIVE = frozenset({ASKED, ACCEPTED, TALKING, AGREED})
ENDED = frozenset({State.PERFORMED, State.FAILED, State.BROKEN, State.WITHDRAWN})
BEFORE_AGREEMENT = frozenset({ASKED, ACCEPTED, TALKING})
SAME = ""

KEEPERS: frozenset[Who] = frozenset({"keeper", "mediator"})
MEDIATOR: frozenset[Who] = frozenset({"mediator"})
SYSTEM: frozenset[Who] = frozenset({"system"})

# act: (who, {from: to}); SAME leaves the state as it is. A new mediator is accepted anew by all sides (art. 23).
TABLE: dict[str, tuple[frozenset[Who], dict[str, str]]] = {
    "add_party": (KEEPERS, {ASKED: SAME}),
    "remove_party": (KEEPERS, {ASKED: SAME}),
    "appoint": (KEEPERS, {ASKED: SAME, ACCEPTED: ASKED, TALKING: ASKED, AGREED: SAME}),
    "step_down": (MEDIATOR, {ASKED: SAME, ACCEPTED: ASKED, TALKING: ASKED}),
    "declare": (MEDIATOR, {ASKED: SAME}),
    "consent": (KEEPERS, {ASKED: SAME}),
    "accept": (MEDIATOR, {ASKED: ACCEPTED}),
    "open": (MEDIATOR, dict.fromkeys([*LIVE, *ENDED], SAME)),
    "plan_talk": (MEDIATOR, {ACCEPTED: SAME, TALKING: SAME}),
    "record_talk": (MEDIATOR, {ACCEPTED: TALKING, TALKING: SAME}),
    "write_clause": (MEDIATOR, {TALKING: SAME}),
    "agree_clause": (MEDIATOR, {TALKING: SAME}),
    "sign": (MEDIATOR, {TALKING: SAME}),
    "agree": (MEDIATOR, {TALKING: AGREED}),
    "plan_visit": (MEDIATOR, {AGREED: SAME}),
    "record_visit": (MEDIATOR, {AGREED: SAME}),
    "perform": (MEDIATOR, {AGREED: State.PERFORMED}),
    "break": (MEDIATOR, {AGREED: State.BROKEN}),
    "fail": (MEDIATOR, {ACCEPTED: State.FAILED, TALKING: State.FAILED}),
    "withdraw": (
        KEEPERS,
        {ASKED: State.WITHDRAWN, ACCEPTED: State.WITHDRAWN, TALKING: State.WITHDRAWN},
    ),
    "court_apply": (KEEPERS, {AGREED: SAME, State.PERFORMED: SAME, State.BROKEN: SAME}),
    "court_decide": (KEEPERS, {AGREED: SAME, State.PERFORMED: SAME, State.BROKEN: SAME}),
    "court_waive": (KEEPERS, {AGREED: SAME, State.BROKEN: SAME}),
    "court_lapse": (SYSTEM, {AGREED: SAME, State.PERFORMED: SAME, State.BROKEN: SAME}),
}
# What the court's confirmation goes through; what was asked in time may be written down later.
COURT: dict[str, dict[str, str]] = {
    "court_apply": {Court.POSSIBLE: Court.APPLIED, Court.LAPSED: Court.APPLIED},
    "court_waive": {Court.POSSIBLE: Court.WAIVED},
    "court_lapse": {Court.POSSIBLE: Court.LAPSED},
    "court_confirm": {Court.APPLIED: Court.CONFIRMED},
    "court_refuse": {Court.APPLIED: Court.REFUSED},
}


class NotPossible(Refused):
    """The mediation is in a state in which this is not done."""

    title = _("This cannot be done with the mediation as it stands.")


class OnlyMediator(Refused):
    """Somebody else than its mediator wants to do what only they may."""

    title = _("Only the mediator of this mediation may do this.")


WHY: dict[str, Any] = {
    State.ASKED: _("The mediation has not been accepted yet: all sides must agree to it first."),
    State.ACCEPTED: _("No talk has been held yet. Write down the first talk, then go on."),
    State.TALKING: _("The mediation is being talked over. This is done at another time."),
    State.AGREED: _("The sides have agreed. Only its performance, visits and the court remain."),
    State.PERFORMED: _("The mediation has ended: what was agreed was done."),
    State.FAILED: _("The mediation has ended without an agreement. A new one can be asked for."),
    State.BROKEN: _("The mediation has ended: the agreement was not kept. The sides can turn to the court."),
    State.WITHDRAWN: _("The mediation was withdrawn. A new one can be asked for."),
}
WHY_COURT: dict[str, Any] = {
    Court.POSSIBLE: _("The court has not been asked yet."),
    Court.APPLIED: _("The court was asked and has not decided yet."),
    Court.CONFIRMED: _("The court has confirmed the agreement."),
    Court.REFUSED: _("The court has refused to confirm the agreement."),
    Court.LAPSED: _("The thirty days are over; the court was not asked in time."),
    Court.WAIVED: _("The sides do without the court."),
}


def next_state(state: str, act: str, who: Who) -> str:
    """Give the state after an act; raises OnlyMediator or NotPossible, each with a sentence."""
    allowed, moves = TABLE[act]
    if who not in allowed:
        if allowed == MEDIATOR:
            raise OnlyMediator
        raise NotPossible
    if state not in moves:
        raise NotPossible(WHY[state])
    return moves[state] or state


def acts_for(state: str, who: Who) -> tuple[str, ...]:
    """Give what somebody may do with a mediation in a state, in the order of the table."""
    return tuple(act for act, (allowed, moves) in TABLE.items() if who in allowed and state in moves)


def next_court(state: str, act: str) -> str:
    """Give how the court's confirmation stands after an act; raises NotPossible with a sentence."""
    moves = COURT[act]
    if state not in moves:
        raise NotPossible(WHY_COURT[state])
    return moves[state]
