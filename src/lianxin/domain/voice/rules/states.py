"""The one table of a case's moves: which act leads from where to where, who may do it, and what is said otherwise."""

from dataclasses import dataclass
from typing import Any, Literal

from django.utils.translation import gettext_lazy as _

from lianxin.platform.errors import Refused

Who = Literal["keeper", "supervisor", "reporter", "system"]
KEEPER: Who = "keeper"
SUPERVISOR: Who = "supervisor"
REPORTER: Who = "reporter"
SYSTEM: Who = "system"
WHOS: tuple[Who, ...] = (KEEPER, SUPERVISOR, REPORTER, SYSTEM)

STATES = (
    "new",
    "assigned",
    "working",
    "waiting",
    "handed",
    "done",
    "confirmed",
    "silent",
    "declined",
    "withdrawn",
    "joined",
)
ENDED = frozenset({"confirmed", "silent", "declined", "withdrawn", "joined"})
OPEN = frozenset(STATES) - ENDED
# The office has it in hand: all that is open but what it says is done.
LIVE = OPEN - {"done"}
# Endings in which somebody may say that it is not settled.
REOPENABLE = frozenset({"confirmed", "silent", "declined"})

SAME = ""


class NotPossible(Refused):
    """This move does not lead from where the case stands, or is not this one's to make."""

    title = _("This is not possible as the case stands now.")


@dataclass(frozen=True, slots=True)
class Move:
    """Where an act leads from each state it is possible in (an empty text: it stays), and whose act it is."""

    leads: dict[str, str]
    who: frozenset[Who]


def _from(*states: str, to: str = SAME) -> dict[str, str]:
    return dict.fromkeys(states, to)


def _by(*who: Who) -> frozenset[Who]:
    return frozenset(who)


_IN_HAND = ("new", "assigned", "working", "waiting", "handed")
# What a reporter says may also be said to the office, which writes it down with how it was said.
_TOLD = _by(REPORTER, KEEPER)

TABLE: dict[str, Move] = {
    "assign": Move(
        _from("new", to="assigned") | _from("assigned", "working", "waiting", "handed"), _by(KEEPER, SUPERVISOR)
    ),
    "start": Move(_from("assigned", to="working"), _by(KEEPER)),
    "progress": Move(_from("assigned", to="working") | _from("working", "waiting", "handed"), _by(KEEPER)),
    "pause": Move(_from("assigned", "working", to="waiting"), _by(KEEPER)),
    "resume": Move(_from("waiting", to="working"), _by(KEEPER, SYSTEM)),
    "hand_over": Move(_from("new", "assigned", "working", "waiting", to="handed"), _by(KEEPER, SUPERVISOR)),
    "take_back": Move(_from("handed", to="working"), _by(KEEPER, SUPERVISOR)),
    "finish": Move(_from("new", "assigned", "working", "handed", to="done"), _by(KEEPER)),
    "decline": Move(_from(*_IN_HAND, to="declined"), _by(KEEPER)),
    # The program confirms when the time is over and everybody who spoke said that it is solved.
    "confirm": Move(_from("done", "silent", to="confirmed"), _by(REPORTER, KEEPER, SYSTEM)),
    "dispute": Move(_from("done", to="working"), _TOLD),
    "expire": Move(_from("done", to="silent"), _by(SYSTEM)),
    "reopen": Move(_from("confirmed", "silent", "declined", to="working"), _by(REPORTER, KEEPER, SUPERVISOR)),
    "withdraw": Move(_from(*_IN_HAND, to="withdrawn"), _TOLD),
    "decide_tier": Move(_from("new", "assigned", "working", "handed"), _by(KEEPER, SUPERVISOR)),
    "lift": Move(_from("new", "assigned", "working", "handed"), _by(SYSTEM, SUPERVISOR)),
    "appeal": Move(_from(*_IN_HAND), _TOLD),
    "urge": Move(_from(*_IN_HAND), _TOLD),
    "join": Move(_from(*_IN_HAND, to="joined"), _by(KEEPER)),
    "split": Move(_from("joined", to="assigned"), _by(KEEPER)),
    "mediate": Move(_from("assigned", "working", "waiting"), _by(KEEPER)),
}
ACTS = tuple(TABLE)

_NOT_YOURS: dict[frozenset[Who], Any] = {
    _by(KEEPER): _("Only the community's office does this."),
    _by(KEEPER, SUPERVISOR): _("Only an office does this."),
    _by(KEEPER, SYSTEM): _("Only the community's office does this."),
    _by(SYSTEM): _("This happens by itself when the time is over."),
    _by(SYSTEM, SUPERVISOR): _("Only an office above the community does this."),
}
_ONLY_REPORTERS = _("Only the one who told us says this, or the office that writes it down for them.")

_ENDED: dict[str, Any] = {
    "joined": _("This was joined into another case. Please go on there."),
    "withdrawn": _("The one who told us took it back. Tell us again if it is needed after all."),
    "declined": _("It was said that this cannot be done, and the case is closed. It can be opened again."),
    "confirmed": _("This was confirmed as solved and is closed. It can be opened again."),
    "silent": _("This was closed without a reply. It can be opened again."),
}
_DONE = _("The office says that this is done. Now those who told us say whether it is solved.")
_NOT_YET = _("This is not done yet, so there is nothing to say about it. We answer first.")
_SPECIAL: dict[tuple[str, str], Any] = {
    ("start", "new"): _("Nobody looks after this yet. Say first who does."),
    ("progress", "new"): _("Nobody looks after this yet. Say first who does."),
    ("pause", "new"): _("Nobody looks after this yet. Say first who does."),
    ("mediate", "new"): _("Nobody looks after this yet. Say first who does."),
    ("start", "working"): _("Work on this has begun already."),
    ("start", "waiting"): _("This is waiting. Go on with it first."),
    ("finish", "waiting"): _("This is waiting. Go on with it first."),
    ("decide_tier", "waiting"): _("This is waiting. Go on with it first."),
    ("lift", "waiting"): _("This is waiting, and its time does not run."),
    ("pause", "waiting"): _("This is waiting already."),
    ("start", "handed"): _("This is handed over. Take it back first."),
    ("pause", "handed"): _("This is handed over. Take it back first."),
    ("mediate", "handed"): _("This is handed over. Take it back first."),
    ("hand_over", "handed"): _("This is handed over already."),
    ("reopen", "done"): _("The office says that this is done. Say that it is not solved, and it is open again."),
    ("withdraw", "done"): _("The office says that this is done. You can say that it is solved."),
    ("confirm", "confirmed"): _("This was confirmed as solved already."),
    ("confirm", "declined"): _("It was said that this cannot be done. It can be opened again."),
    ("dispute", "confirmed"): _ENDED["confirmed"],
    ("expire", "confirmed"): _ENDED["confirmed"],
    ("withdraw", "withdrawn"): _("This was taken back already."),
    ("join", "joined"): _("This was joined into another case already."),
    ("decline", "declined"): _("It was said already that this cannot be done."),
}
_ALREADY_OPEN = _("This is open already, and somebody works on it.")
_NOT_WAITING, _NOT_HANDED = _("This is not waiting."), _("This is not handed over.")
_NOT_JOINED = _("This was not joined into another case.")


def next_state(state: str, act: str, who: Who) -> str:
    """Give the state an act leads to; raises NotPossible with the sentence that says why it does not."""
    move = TABLE[act]
    if who not in move.who:
        raise NotPossible(_NOT_YOURS.get(move.who, _ONLY_REPORTERS))
    if state not in move.leads:
        raise NotPossible(why_not(state, act))
    return move.leads[state] or state


def acts_for(state: str, who: Who) -> tuple[str, ...]:
    """Give the acts that somebody may do from a state, in the order of the table."""
    return tuple(act for act, move in TABLE.items() if who in move.who and state in move.leads)


def who_may(act: str) -> frozenset[Who]:
    """Give whose act it is."""
    return TABLE[act].who


def why_not(state: str, act: str) -> Any:
    """Give the sentence that says why an act is not possible from a state."""
    if (act, state) in _SPECIAL:
        return _SPECIAL[act, state]
    if act == "split":
        return _NOT_JOINED
    if state in ENDED:
        return _ENDED[state]
    if act in ("confirm", "dispute", "expire"):
        return _NOT_YET
    if act == "reopen":
        return _ALREADY_OPEN
    if state == "done":
        return _DONE
    return {"resume": _NOT_WAITING, "take_back": _NOT_HANDED}.get(act, NotPossible.title)
