"""Who may open the pages of partners and their offers; for everybody else they do not exist."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from lianxin.domain.resources import policy
from lianxin.domain.resources.queries.agreements import find_agreement
from lianxin.domain.resources.queries.offers import find_offer
from lianxin.domain.resources.queries.partnerships import find_partnership
from lianxin.domain.resources.queries.promises import find_promise
from lianxin.platform.actors import Actor

from ..access import PRESS, READ, SEND, View, guard

LOOKUPS: dict[str, Callable[[Actor, UUID], Any]] = {
    "offer": lambda actor, pk: find_offer(actor=actor, offer=pk),
    "promise": lambda actor, pk: find_promise(actor=actor, promise=pk),
    "agreement": lambda actor, pk: find_agreement(actor=actor, agreement=pk),
    "partnership": lambda actor, pk: find_partnership(actor=actor, partnership=pk),
}


def takes_part(actor: Actor) -> bool:
    """Tell whether somebody keeps or reads resources lists, or works for a partner that offers."""
    return policy.may_read_any(actor) or policy.gives_any(actor)


def keeps_or_gives(actor: Actor) -> bool:
    """Tell whether somebody keeps resources lists, or works for a partner that offers."""
    return policy.may_keep_any(actor) or policy.gives_any(actor)


def _there(actor: Actor, named: dict[str, Any]) -> None:
    """Find what an address names among what the actor may open; raises Missing."""
    for name, value in named.items():
        if name in LOOKUPS:
            LOOKUPS[name](actor, value)


def reading(view: View) -> View:
    """Let the offices read a list."""
    return guard(READ, seen_by=policy.may_read_any)(view)


def shared_reading(view: View) -> View:
    """Let the offices, and partners for what is theirs, read a page."""
    return guard(READ, seen_by=takes_part)(view)


def giver_reading(view: View) -> View:
    """Let partners read their own page."""
    return guard(READ, seen_by=policy.gives_any)(view)


def keeping(view: View) -> View:
    """Let those who keep the list open and send a form."""
    return guard(SEND, seen_by=takes_part, allowed=policy.may_keep_any, there=_there)(view)


def keeper_presses(view: View) -> View:
    """Take a button from those who keep the list."""
    return guard(PRESS, seen_by=takes_part, allowed=policy.may_keep_any, there=_there)(view)


def sharing(view: View) -> View:
    """Let those who keep the list, and partners for what is theirs, open and send a form."""
    return guard(SEND, seen_by=takes_part, allowed=keeps_or_gives, there=_there)(view)


def shared_presses(view: View) -> View:
    """Take a button from those who keep the list, and from partners for what is theirs."""
    return guard(PRESS, seen_by=takes_part, allowed=keeps_or_gives, there=_there)(view)
