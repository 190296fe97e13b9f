"""Who may open the pages of votes, registers of owners and opinion maps; for everybody else they do not exist."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from lianxin.domain.voice import policy
from lianxin.domain.voice.queries.opinion_maps import find_map, find_statement
from lianxin.domain.voice.queries.registers import find_flat, find_register
from lianxin.domain.voice.queries.votes import find_ballot, find_vote
from lianxin.platform import scope
from lianxin.platform.actors import Actor

from ..access import PRESS, READ, SEND, View, guard


def _within(find: Callable[..., Any], name: str) -> Callable[[Actor, UUID], Any]:
    def look(actor: Actor, pk: UUID) -> Any:
        with scope.within(actor.communities):
            return find(actor=actor, **{name: pk})

    return look


open_vote = _within(find_vote, "vote")
open_ballot = _within(find_ballot, "ballot")
open_register = _within(find_register, "register")
open_flat = _within(find_flat, "flat")
open_map = _within(find_map, "opinion_map")
open_statement = _within(find_statement, "statement")
LOOKUPS: dict[str, Callable[[Actor, UUID], Any]] = {
    "vote": open_vote,
    "ballot": open_ballot,
    "register": open_register,
    "flat": open_flat,
    "map": open_map,
    "statement": open_statement,
}


def _there(actor: Actor, named: dict[str, Any]) -> None:
    """Find what an address names among what the actor may open; raises Missing."""
    for name, value in named.items():
        LOOKUPS[name](actor, value)


def reading(view: View) -> View:
    """Let the offices read a page."""
    return guard(READ, seen_by=policy.may_read_any)(view)


def keeping(view: View) -> View:
    """Let those who hold votes open and send a form."""
    return guard(SEND, seen_by=policy.may_read_any, allowed=policy.may_keep_any, there=_there)(view)


def keeper_reads(view: View) -> View:
    """Let those who hold votes read a page with names on it."""
    return guard(READ, seen_by=policy.may_read_any, allowed=policy.may_keep_any, there=_there)(view)


def keeper_presses(view: View) -> View:
    """Take a button from those who hold votes."""
    return guard(PRESS, seen_by=policy.may_read_any, allowed=policy.may_keep_any, there=_there)(view)
