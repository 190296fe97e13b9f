"""Who may open the pages of visits: those who keep needs lists; for everybody else they do not exist."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from lianxin.domain.needs import policy
from lianxin.domain.needs.queries import visits
from lianxin.platform import scope
from lianxin.platform.actors import Actor

from ..access import PRESS, READ, SEND, View, guard


def _within(find: Callable[..., Any], name: str) -> Callable[[Actor, UUID], Any]:
    def look(actor: Actor, pk: UUID) -> Any:
        with scope.within(actor.communities):
            return find(actor=actor, **{name: pk})

    return look


open_visit = _within(visits.find_visit, "visit")
open_promise = _within(visits.find_promise, "promise")
open_conflict = _within(visits.find_conflict, "conflict")
open_device = _within(visits.find_device, "device")


def reading(view: View) -> View:
    """Let those who visit households read a page."""
    return guard(READ, seen_by=policy.may_keep_any)(view)


def sending(view: View) -> View:
    """Let those who visit households open and send a form."""
    return guard(SEND, seen_by=policy.may_keep_any)(view)


def pressing(view: View) -> View:
    """Take a button from those who visit households."""
    return guard(PRESS, seen_by=policy.may_keep_any)(view)
