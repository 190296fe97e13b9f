"""Who may open the pages of checking in, and finding what their addresses name."""

from __future__ import annotations

from typing import Any

from lianxin.domain.activities.queries.attendance import find_attendance, find_crowd, find_no_show
from lianxin.domain.activities.queries.feedback import find_picture
from lianxin.platform.actors import Actor

from ..access import PRESS, SEND, View, guard
from .gate import LOOKUPS, plans, works_with_activities

FINDERS = LOOKUPS | {
    "attendance": lambda actor, pk: find_attendance(actor=actor, attendance=pk),
    "no_show": lambda actor, pk: find_no_show(actor=actor, no_show=pk),
    "crowd": lambda actor, pk: find_crowd(actor=actor, log=pk),
    "picture": lambda actor, pk: find_picture(actor=actor, picture=pk),
}


def _there(actor: Actor, named: dict[str, Any]) -> None:
    """Find what an address names among what the actor may open; raises Missing."""
    for name, value in named.items():
        FINDERS[name](actor, value)


def running(view: View) -> View:
    """Let those who run occurrences open and send a form."""
    return guard(SEND, seen_by=works_with_activities, allowed=plans, there=_there)(view)


def runner_presses(view: View) -> View:
    """Take a button from those who run occurrences."""
    return guard(PRESS, seen_by=works_with_activities, allowed=plans, there=_there)(view)
