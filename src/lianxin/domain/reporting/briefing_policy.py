"""Who may see, make and issue briefings, and who keeps their templates."""

from uuid import UUID

from django.db.models import QuerySet

from lianxin.domain.people.policy import is_administrator
from lianxin.domain.places.models import Division, Level
from lianxin.domain.places.policy import STAFF
from lianxin.domain.reporting.models import Briefing
from lianxin.platform.actors import Actor
from lianxin.platform.errors import NotAllowed

ABOVE = ("subdistrict_staff", "district_staff")


def require(allowed: bool) -> None:
    """Raise NotAllowed unless allowed."""
    if not allowed:
        raise NotAllowed


def may_read_any(actor: Actor) -> bool:
    """Tell whether the actor opens the pages of briefings at all."""
    return actor.holds(*STAFF) and not is_administrator(actor)


def may_keep_templates(actor: Actor) -> bool:
    """Tell whether the actor changes the district's templates."""
    return actor.holds("district_staff") and actor.communities is None and not is_administrator(actor)


def answers_for(actor: Actor, area: Division) -> bool:
    """Tell whether all of a division lies in the actor's scope: a briefing of a part would pass for the whole."""
    return actor.communities is None or area.pk in areas_of(actor)


def may_make(actor: Actor, area: Division) -> bool:
    """Tell whether the actor makes briefings of a division."""
    return may_read_any(actor) and answers_for(actor, area)


def may_issue(actor: Actor, area: Division) -> bool:
    """Tell whether the actor issues a briefing: a person who makes them here, never the program."""
    return may_make(actor, area) and actor.account is not None


def areas_of(actor: Actor) -> set[UUID]:
    """Give the communities in the actor's scope, and for an office above them the subdistricts that are in it whole."""
    mine = set(actor.communities or ())
    if not actor.holds(*ABOVE):
        return mine
    below: dict[UUID, set[UUID]] = {}
    above = Division.objects.filter(pk__in=mine, ended_on=None).values("parent")
    pairs = Division.objects.filter(parent__in=above, ended_on=None, level=Level.COMMUNITY)
    for parent, community in pairs.values_list("parent", "pk"):
        assert parent is not None, "it was found by its parent"
        below.setdefault(parent, set()).add(community)
    return mine | {parent for parent, held in below.items() if held <= mine}


def visible_to(actor: Actor, rows: QuerySet[Briefing]) -> QuerySet[Briefing]:
    """Leave the briefings of divisions that the actor answers for."""
    if actor.is_system or (actor.communities is None and may_read_any(actor)):
        return rows
    if not may_read_any(actor):
        return rows.none()
    return rows.filter(area__in=areas_of(actor))
