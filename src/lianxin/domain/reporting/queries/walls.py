"""Wall screens: those that an office keeps, and the one that an address names."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from lianxin.domain.places.models import Division, Level
from lianxin.domain.reporting.models.walls import Wall
from lianxin.domain.reporting.queries.feeds import is_upper
from lianxin.domain.reporting.rules.walls import digest_of
from lianxin.platform.actors import Actor
from lianxin.platform.errors import Missing


@dataclass(frozen=True, slots=True)
class WallView:
    """A running wall screen and the communities that it shows; None: the whole district, and always at a city."""

    wall: Wall
    communities: frozenset[UUID] | None


def may_keep_walls(actor: Actor) -> bool:
    """Offices above the communities hang screens up and end them."""
    return actor.is_system or actor.holds("subdistrict_staff", "district_staff")


def walls_of(actor: Actor) -> QuerySet[Wall]:
    """Give the wall screens that an office keeps: the district all, a subdistrict its own."""
    rows = Wall.objects.select_related("subdistrict").order_by("-pk")
    if actor.communities is None:
        return rows
    parents = Division.objects.filter(pk__in=actor.communities).order_by().values("parent")
    return rows.filter(subdistrict__in=parents)


def find_wall(*, actor: Actor, wall: UUID) -> Wall:
    """Give one wall screen that an office keeps; raises Missing."""
    row = walls_of(actor).filter(pk=wall).first()
    if row is None:
        raise Missing
    return row


def open_wall(*, token: str, at: datetime) -> WallView:
    """Give the running wall screen that a token names, with what it shows; at most two queries, raises Missing."""
    running = Q(ended_at=None) & Q(expires_at__gt=at)
    wall = Wall.objects.select_related("subdistrict").filter(running, token_digest=digest_of(token)).first()
    if wall is None:
        raise Missing
    if wall.subdistrict_id is None or is_upper():
        return WallView(wall, None)
    below = Division.objects.filter(level=Level.COMMUNITY, ended_on=None, parent=wall.subdistrict_id)
    return WallView(wall, frozenset(below.values_list("pk", flat=True)))
