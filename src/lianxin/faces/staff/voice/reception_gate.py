"""Who may open the pages of reception days; for everybody else they do not exist."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from lianxin.domain.voice import policy
from lianxin.domain.voice.models import ReceptionPlace, ReceptionSeries
from lianxin.domain.voice.queries import receptions
from lianxin.platform import scope
from lianxin.platform.actors import Actor

from ..access import PRESS, READ, SEND, View, guard


def open_series(actor: Actor, series: UUID) -> ReceptionSeries:
    """Open a series in scope; raises Missing."""
    with scope.within(actor.communities):
        return receptions.find_series(actor, series)


def open_day(actor: Actor, reception: UUID) -> receptions.DayBundle:
    """Open a day in scope; raises Missing."""
    with scope.within(actor.communities):
        return receptions.find_day(actor, reception)


def open_place(actor: Actor, received: UUID) -> ReceptionPlace:
    """Open somebody's place in scope; raises Missing."""
    with scope.within(actor.communities):
        return receptions.find_place(actor, received)


LOOKUPS: dict[str, Callable[[Actor, UUID], Any]] = {
    "series": open_series,
    "reception": open_day,
    "received": open_place,
}


def _there(actor: Actor, named: dict[str, Any]) -> None:
    """Find what an address names among what the actor may open; raises Missing."""
    for name, value in named.items():
        LOOKUPS[name](actor, value)


def reading(view: View) -> View:
    """Let the offices read a page."""
    return guard(READ, seen_by=policy.may_read_any)(view)


def keeping(view: View) -> View:
    """Let those who keep the calendar open and send a form."""
    return guard(SEND, seen_by=policy.may_read_any, allowed=policy.may_keep_any, there=_there)(view)


def keeper_reads(view: View) -> View:
    """Let those who keep the calendar read a page with names on it."""
    return guard(READ, seen_by=policy.may_read_any, allowed=policy.may_keep_any, there=_there)(view)


def keeper_presses(view: View) -> View:
    """Take a button from those who keep the calendar."""
    return guard(PRESS, seen_by=policy.may_read_any, allowed=policy.may_keep_any, there=_there)(view)
