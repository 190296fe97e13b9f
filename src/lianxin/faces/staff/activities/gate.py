"""Who may open the pages of activities; for everybody else they do not exist."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from lianxin.domain.activities import policy
from lianxin.domain.activities.queries.activities import find_activity
from lianxin.domain.activities.queries.occurrences import find_occurrence
from lianxin.domain.activities.queries.sign_ups import find_chain, find_sign_up_row
from lianxin.domain.people.policy import is_administrator
from lianxin.domain.places.queries import divisions
from lianxin.platform.actors import Actor
from lianxin.platform.clock import now
from lianxin.platform.errors import Missing

from ..access import PRESS, READ, SEND, View, guard


def works_with_activities(actor: Actor) -> bool:
    """Tell whether somebody has activities to look at: the offices, and the hosts of venues."""
    return policy.may_read_any(actor)


def plans(actor: Actor) -> bool:
    """Tell whether somebody plans or runs activities somewhere: the offices, and hosts for their venues."""
    return policy.may_plan_any(actor) or (actor.holds("host") and bool(actor.venues) and not is_administrator(actor))


def covered(actor: Actor, community: UUID) -> str:
    """Give the name of a community that this actor answers for; raises Missing."""
    name = divisions.names_of([community]).get(community)
    if name is None or not actor.covers(community):
        raise Missing
    return name


# A page whose address names something else adds its finder here.
LOOKUPS: dict[str, Callable[[Actor, UUID], Any]] = {
    "community": covered,
    "activity": lambda actor, pk: find_activity(actor=actor, activity=pk),
    "occurrence": lambda actor, pk: find_occurrence(actor=actor, occurrence=pk),
    "sign_up": lambda actor, pk: find_sign_up_row(actor=actor, sign_up=pk, at=now()),
    "chain": lambda actor, pk: find_chain(actor=actor, chain=pk),
}


def _there(actor: Actor, named: dict[str, Any]) -> None:
    """Find what an address names among what the actor may open; raises Missing."""
    for name, value in named.items():
        if name in LOOKUPS:
            LOOKUPS[name](actor, value)


def reading(view: View) -> View:
    """Let those who work with activities read a page."""
    return guard(READ, seen_by=works_with_activities)(view)


def planning(view: View) -> View:
    """Let those who plan open and send a form."""
    return guard(SEND, seen_by=works_with_activities, allowed=plans, there=_there)(view)


def planner_presses(view: View) -> View:
    """Take a button from those who plan."""
    return guard(PRESS, seen_by=works_with_activities, allowed=plans, there=_there)(view)
