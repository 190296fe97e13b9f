"""Which subdistricts an office sees, and what its part of the district is called."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext as _

from lianxin.domain.places.models import Division, Level
from lianxin.domain.places.queries.divisions import DivisionNode, list_divisions
from lianxin.platform.actors import Actor
from lianxin.platform.errors import Missing

Choices = list[tuple[str, str]]


def communities_of(actor: Actor) -> list[Division]:
    """Give today's communities in the actor's scope, with the subdistrict of each; one query."""
    rows = list_divisions(level=Level.COMMUNITY)
    return [row for row in rows if actor.covers(row.pk)]


def subdistricts_of(communities: Iterable[Division]) -> Choices:
    """Give the subdistricts that some communities lie in, as choices of a filter."""
    found = {row.parent.pk: row.parent for row in communities if row.parent is not None}
    ordered = sorted(found.values(), key=lambda row: row.code)
    return [("", _("All")), *((str(row.pk), row.short_name) for row in ordered)]


def asked_subdistrict(request: HttpRequest, choices: Choices) -> UUID | None:
    """Give the subdistrict that the address asks for; one that the actor may not see does not exist."""
    asked = request.GET.get("subdistrict", "")
    if not asked:
        return None
    if asked not in dict(choices):
        raise Missing
    return UUID(asked)


def area_name(actor: Actor, communities: Iterable[Division]) -> str:
    """Give what the part of the district that an office answers for is called."""
    choices = subdistricts_of(communities)[1:]
    if actor.communities is None:
        return _("The whole district")
    return _(", ").join(name for _pk, name in choices) or _("No community yet")


def is_in_reach(actor: Actor, node: DivisionNode) -> bool:
    """Tell whether a division of some day's tree is, or holds, a community in the actor's scope."""
    if actor.communities is None:
        return True
    return any(below.id in actor.communities for below in node.walk() if below.level == Level.COMMUNITY)
