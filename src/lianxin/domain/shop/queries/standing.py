"""Whose points a resident may see and spend."""

from datetime import date
from uuid import UUID

from lianxin.domain.people.models import Person
from lianxin.domain.people.queries import proxies
from lianxin.platform.actors import Actor


def acts_for(actor: Actor, household: UUID, on: date) -> bool:
    """Tell whether a resident may see and spend a household's points: a member, or an agent of one."""
    if actor.person is None:
        return False
    if Person.objects.filter(pk=actor.person, household=household, state=Person.State.LIVING).exists():
        return True
    agents = [link.person for link in proxies.list_principals(actor=actor, on=on) if link.may("points")]
    return bool(agents) and Person.objects.filter(pk__in=agents, household=household).exists()
