"""For whom a resident calls an operation: for oneself, or for somebody who agreed that the resident acts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from lianxin.domain.people.queries.proxies import acting_for, find_principal
from lianxin.domain.points.queries.own_homes import OwnHome, find_own_home
from lianxin.platform.actors import Actor
from lianxin.platform.errors import Missing


@dataclass(frozen=True)
class Caller:
    """The actor, on behalf of somebody where that was asked for, and the household it is about."""

    actor: Actor
    home: OwnHome
    is_other: bool

    @property
    def named(self) -> UUID | None:
        """Name the household only where it is another's."""
        return self.home.household if self.is_other else None


def caller(actor: Actor, *, person: UUID | None, on: date) -> Caller:
    """Give who calls and for which household; raises Missing or NotAllowed."""
    if actor.person is None:
        raise Missing
    if person is None or person == actor.person:
        return Caller(actor, find_own_home(actor=actor, person=actor.person, on=on), is_other=False)
    principal = find_principal(actor=actor, person=person, on=on)
    acting = acting_for(actor, principal)
    return Caller(acting, find_own_home(actor=acting, person=person, on=on), is_other=True)
