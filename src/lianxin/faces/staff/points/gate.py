"""Who may open the pages of points; for everybody else they do not exist."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from lianxin.domain.people.queries.households import find_household
from lianxin.domain.places.queries import divisions
from lianxin.domain.points import policy
from lianxin.domain.points.queries.accounts import find_waiting
from lianxin.domain.points.queries.books import find_period
from lianxin.domain.points.queries.budgets import find_budget
from lianxin.domain.points.queries.claims import find_claim
from lianxin.domain.points.queries.honour_rolls import find_roll_for_staff
from lianxin.domain.points.queries.notices import find_notice_for_staff, find_objection
from lianxin.domain.points.queries.passbooks import find_booklet
from lianxin.domain.points.queries.relatives import find_relative
from lianxin.domain.points.queries.rules import find_version
from lianxin.domain.points.queries.take_overs import find_take_over
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day, now
from lianxin.platform.errors import Missing

from ..access import PRESS, READ, SEND, May, View, guard


def covered(actor: Actor, community: UUID) -> str:
    """Give the name of a community that this actor answers for; raises Missing."""
    name = divisions.names_of([community]).get(community)
    if name is None or not actor.covers(community):
        raise Missing
    return name


def _today() -> Any:
    return local_day(now())


LOOKUPS: dict[str, Callable[[Actor, UUID], Any]] = {
    "community": covered,
    "claim": lambda actor, pk: find_claim(actor=actor, claim=pk, on=_today()),
    "household": lambda actor, pk: find_household(actor=actor, household=pk, on=_today()),
    "account": lambda actor, pk: find_waiting(actor=actor, account=pk),
    "passbook": lambda actor, pk: find_booklet(actor=actor, passbook=pk),
    "notice": lambda actor, pk: find_notice_for_staff(actor=actor, notice=pk, limit=0),
    "objection": lambda actor, pk: find_objection(actor=actor, objection=pk),
    "rules": lambda actor, pk: find_version(actor=actor, rules=pk),
    "budget": lambda actor, pk: find_budget(actor=actor, budget=pk),
    "period": lambda actor, pk: find_period(actor=actor, period=pk),
    "take_over": lambda actor, pk: find_take_over(actor=actor, take_over=pk),
    "roll": lambda actor, pk: find_roll_for_staff(actor=actor, roll=pk),
    "relative": lambda actor, pk: find_relative(actor=actor, relative=pk),
}


def _there(actor: Actor, named: dict[str, Any]) -> None:
    """Find what an address names among what the actor may open; raises Missing."""
    for name, value in named.items():
        LOOKUPS[name](actor, value)


def sees_points(actor: Actor) -> bool:
    """Tell whether somebody has anything to do here: the offices, and those who may award something."""
    return policy.may_see_points(actor) or policy.may_award_something(actor)


def reading(view: View) -> View:
    """Let the offices read a page."""
    return guard(READ, seen_by=policy.may_see_points)(view)


def form_for(allowed: May) -> Callable[[View], View]:
    """Let those whom a policy names open and send a form."""
    return guard(SEND, seen_by=policy.may_see_points, allowed=allowed, there=_there)


def button_for(allowed: May) -> Callable[[View], View]:
    """Take a button from those whom a policy names."""
    return guard(PRESS, seen_by=policy.may_see_points, allowed=allowed, there=_there)


keeping = form_for(policy.may_keep_rules)
pressing = button_for(policy.may_keep_rules)


def awarding(view: View) -> View:
    """Let those open and send a form who may award something; offices that may not are refused."""
    return guard(SEND, seen_by=sees_points, allowed=policy.may_award_something, there=_there)(view)


def looking_on(view: View) -> View:
    """Let the offices read a page, and awarders what concerns them."""
    return guard(READ, seen_by=sees_points)(view)
