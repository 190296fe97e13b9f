"""Who may open the pages of volunteering; for everybody else they do not exist."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from lianxin.domain.activities import policy
from lianxin.domain.activities.queries.certificates import find_certificate
from lianxin.domain.activities.queries.hours import find_entry
from lianxin.domain.activities.queries.shifts import find_place, find_shift
from lianxin.domain.activities.queries.teams import find_member, find_team
from lianxin.domain.activities.queries.volunteers import find_reporting, find_volunteer
from lianxin.domain.people.policy import is_administrator
from lianxin.domain.places.queries import divisions
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day, now
from lianxin.platform.errors import Missing

from ..access import PRESS, READ, SEND, View, guard


def reads_all(actor: Actor) -> bool:
    """Tell whether somebody looks after volunteers, or looks on: the offices."""
    return actor.holds(*policy.READERS) and not is_administrator(actor)


def sends_people(actor: Actor) -> bool:
    """Tell whether somebody sends people of an organisation, or does so for one that called."""
    return reads_all(actor) or (actor.holds("partner") and bool(actor.organisations) and not is_administrator(actor))


def runs(actor: Actor) -> bool:
    """Tell whether somebody opens shifts and notes who came: the offices, and hosts at their venues."""
    return policy.may_plan_any(actor) or (actor.holds("host") and bool(actor.venues))


def covered(actor: Actor, community: UUID) -> str:
    """Give the name of a community that this actor answers for; raises Missing."""
    name = divisions.names_of([community]).get(community)
    if name is None or not actor.covers(community):
        raise Missing
    return name


LOOKUPS: dict[str, Callable[[Actor, UUID], Any]] = {
    "community": covered,
    "shift": lambda actor, pk: find_shift(actor=actor, shift=pk),
    "shift_place": lambda actor, pk: find_place(actor=actor, place=pk),
    "team": lambda actor, pk: find_team(actor=actor, team=pk),
    "team_member": lambda actor, pk: find_member(actor=actor, member=pk),
    "volunteer": lambda actor, pk: find_volunteer(actor=actor, volunteer=pk, on=local_day(now())),
    "hours_entry": lambda actor, pk: find_entry(actor=actor, entry=pk),
    "certificate": lambda actor, pk: find_certificate(actor=actor, certificate=pk),
    "reporting": lambda actor, pk: find_reporting(actor=actor, reporting=pk),
}


def _there(actor: Actor, named: dict[str, Any]) -> None:
    """Find what an address names among what the actor may open; raises Missing."""
    for name, value in named.items():
        if name in LOOKUPS:
            LOOKUPS[name](actor, value)


def reading_shifts(view: View) -> View:
    """Let the offices, and hosts for their venues, read a page about shifts."""
    return guard(READ, seen_by=policy.may_read_any)(view)


def reading(view: View) -> View:
    """Let the offices read a page about people."""
    return guard(READ, seen_by=reads_all)(view)


def running(view: View) -> View:
    """Let those who run shifts open and send a form."""
    return guard(SEND, seen_by=policy.may_read_any, allowed=runs, there=_there)(view)


def runner_presses(view: View) -> View:
    """Take a button from those who run shifts."""
    return guard(PRESS, seen_by=policy.may_read_any, allowed=runs, there=_there)(view)


def keeping(view: View) -> View:
    """Let those who look after volunteers open and send a form."""
    return guard(SEND, seen_by=reads_all, allowed=policy.may_plan_any, there=_there)(view)


def keeper_presses(view: View) -> View:
    """Take a button from those who look after volunteers."""
    return guard(PRESS, seen_by=reads_all, allowed=policy.may_plan_any, there=_there)(view)


def senders_reading(view: View) -> View:
    """Let partners, and offices for them, read what is needed."""
    return guard(READ, seen_by=sends_people)(view)


def sending(view: View) -> View:
    """Let partners, and offices for them, send people."""
    return guard(SEND, seen_by=sends_people)(view)
