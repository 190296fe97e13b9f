"""Who may open the pages of needs; for everybody else they do not exist."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from lianxin.domain.needs import policy
from lianxin.domain.needs.queries.lists import find_need
from lianxin.domain.needs.queries.reports import find_answer, find_report
from lianxin.domain.people.policy import is_administrator
from lianxin.platform import scope
from lianxin.platform.actors import Actor

from ..access import PRESS, READ, SEND, View, guard


def _within(find: Callable[..., Any], name: str) -> Callable[[Actor, UUID], Any]:
    def look(actor: Actor, pk: UUID) -> Any:
        with scope.within(actor.communities):
            return find(actor=actor, **{name: pk})

    return look


open_voice = _within(find_report, "report")
open_entry = _within(find_need, "need")
open_reply = _within(find_answer, "answer")
LOOKUPS: dict[str, Callable[[Actor, UUID], Any]] = {"voice": open_voice, "entry": open_entry, "reply": open_reply}


def _there(actor: Actor, named: dict[str, Any]) -> None:
    """Find what an address names among what the actor may open; raises Missing."""
    for name, value in named.items():
        LOOKUPS[name](actor, value)


def reading(view: View) -> View:
    """Let the offices read a page."""
    return guard(READ, seen_by=policy.may_read_any)(view)


def keeping(view: View) -> View:
    """Let those who keep needs lists open and send a form."""
    return guard(SEND, seen_by=policy.may_read_any, allowed=policy.may_keep_any, there=_there)(view)


def keeper_reads(view: View) -> View:
    """Let those who keep needs lists read a page with names on it."""
    return guard(READ, seen_by=policy.may_read_any, allowed=policy.may_keep_any, there=_there)(view)


def keeper_presses(view: View) -> View:
    """Take a button from those who keep needs lists."""
    return guard(PRESS, seen_by=policy.may_read_any, allowed=policy.may_keep_any, there=_there)(view)


def takes_down(actor: Actor) -> bool:
    """Tell whether somebody writes down what others need: offices of communities, and hosts."""
    return policy.may_keep_any(actor) or (actor.holds("host") and not is_administrator(actor))


def taking(view: View) -> View:
    """Let those who hear people at a desk or on the phone open and send the form."""
    return guard(SEND, seen_by=takes_down)(view)
