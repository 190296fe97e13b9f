"""Who may open the pages of surveys; for everybody else they do not exist."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from lianxin.domain.needs import policy
from lianxin.domain.needs.queries.surveys import find_submission, find_survey
from lianxin.platform.actors import Actor

from ..access import PRESS, READ, SEND, View, guard

LOOKUPS: dict[str, Callable[[Actor, UUID], Any]] = {
    "survey": lambda actor, pk: find_survey(actor=actor, survey=pk),
    "submission": lambda actor, pk: find_submission(actor=actor, submission=pk),
}


def _there(actor: Actor, named: dict[str, Any]) -> None:
    for name, value in named.items():
        if name in LOOKUPS:
            LOOKUPS[name](actor, value)


def reading(view: View) -> View:
    """Let the offices read a page of surveys."""
    return guard(READ, seen_by=policy.may_read_surveys)(view)


def trying(view: View) -> View:
    """Let the offices send what is kept nowhere."""
    return guard(SEND, seen_by=policy.may_read_surveys)(view)


def keeping(view: View) -> View:
    """Let those who keep surveys open and send a form."""
    return guard(SEND, seen_by=policy.may_read_surveys, allowed=policy.may_survey_any, there=_there)(view)


def presses(view: View) -> View:
    """Take a button from those who keep surveys."""
    return guard(PRESS, seen_by=policy.may_read_surveys, allowed=policy.may_survey_any, there=_there)(view)
