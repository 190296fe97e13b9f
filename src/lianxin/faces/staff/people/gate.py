"""Who may open the people pages; for everybody else they do not exist."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID

from lianxin.domain.people import policy
from lianxin.domain.people.queries.households import find_household_for_editing
from lianxin.domain.people.queries.organisations import find_organisation
from lianxin.domain.people.queries.people import find_for_editing
from lianxin.platform.actors import Actor

from ..access import PRESS, READ, SEND, May, View, guard

LOOKUPS: dict[str, Callable[[Actor, UUID], Any]] = {
    "person": lambda actor, pk: find_for_editing(actor=actor, person=pk),
    "household": lambda actor, pk: find_household_for_editing(actor=actor, household=pk),
    "organisation": lambda actor, pk: find_organisation(actor=actor, organisation=pk),
}


def _there(actor: Actor, named: dict[str, Any]) -> None:
    """Find what an address names among what the actor may open; raises Missing."""
    for name, value in named.items():
        if name in LOOKUPS:
            LOOKUPS[name](actor, value)


def _guarded(view: View, methods: Iterable[str], allowed: May) -> View:
    return guard(methods, seen_by=policy.may_see_people, allowed=allowed, there=_there)(view)


def reading(view: View) -> View:
    """Let the offices read a page about people."""
    return guard(READ, seen_by=policy.may_see_people)(view)


def looking(view: View) -> View:
    """Let the offices open a page whose sending is a look that gets logged."""
    return guard(SEND, seen_by=policy.may_see_people)(view)


def form_for(allowed: May) -> Callable[[View], View]:
    """Let those whom a policy names open and send a form."""
    return lambda view: _guarded(view, SEND, allowed)


def button_for(allowed: May) -> Callable[[View], View]:
    """Take a button from those whom a policy names."""
    return lambda view: _guarded(view, PRESS, allowed)


writing = form_for(policy.may_write_people)
pressing = button_for(policy.may_write_people)


def identifying(view: View) -> View:
    """Let everybody to whom a card may be shown ask whose it is."""
    return guard(SEND, seen_by=policy.may_identify_cards)(view)
