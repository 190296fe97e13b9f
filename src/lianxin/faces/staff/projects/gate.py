"""Who may open the pages of projects, editions and matching; for everybody else they do not exist."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from lianxin.domain.people.policy import is_administrator
from lianxin.domain.places.queries import divisions
from lianxin.domain.projects import policy
from lianxin.domain.projects.queries.editions import find_edition
from lianxin.domain.projects.queries.pairs import find_pair
from lianxin.domain.projects.queries.projects import find_project
from lianxin.domain.projects.queries.runs import find_proposal, find_run
from lianxin.platform.actors import Actor
from lianxin.platform.errors import Missing

from ..access import PRESS, READ, SEND, View, guard


def covered(actor: Actor, community: UUID) -> str:
    """Give the name of a community that this actor answers for; raises Missing."""
    name = divisions.names_of([community]).get(community)
    if name is None or not actor.covers(community):
        raise Missing
    return name


LOOKUPS: dict[str, Callable[[Actor, UUID], Any]] = {
    "community": covered,
    "project": lambda actor, pk: find_project(actor=actor, project=pk),
    "edition": lambda actor, pk: find_edition(actor=actor, edition=pk),
    "match_run": lambda actor, pk: find_run(actor=actor, run=pk),
    "pair": lambda actor, pk: find_pair(actor=actor, pair=pk),
    "proposal": lambda actor, pk: find_proposal(actor=actor, proposal=pk),
}


def plans(actor: Actor) -> bool:
    """Tell whether somebody plans projects of the communities in scope."""
    return actor.holds(*policy.PLANNERS) and not is_administrator(actor)


def _there(actor: Actor, named: dict[str, Any]) -> None:
    """Find what an address names among what the actor may open; raises Missing."""
    for name, value in named.items():
        if name in LOOKUPS:
            LOOKUPS[name](actor, value)


def reading(view: View) -> View:
    """Let the offices read a page."""
    return guard(READ, seen_by=policy.may_read_any)(view)


def asking(view: View) -> View:
    """Let the offices open and send a form that plans nothing by itself."""
    return guard(SEND, seen_by=policy.may_read_any, there=_there)(view)


def planning(view: View) -> View:
    """Let those who plan open and send a form."""
    return guard(SEND, seen_by=policy.may_read_any, allowed=plans, there=_there)(view)


def planner_presses(view: View) -> View:
    """Take a button from those who plan."""
    return guard(PRESS, seen_by=policy.may_read_any, allowed=plans, there=_there)(view)
