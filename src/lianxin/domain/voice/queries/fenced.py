"""Lists over several communities that are read in the order of an index, and end when the page is full."""

from collections.abc import Collection
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import F, Model, QuerySet
from django.db.models.functions import Coalesce

from lianxin.platform import scope

Row = TypeVar("Row", bound=Model)


def wanted_of(communities: Collection[UUID] | None) -> list[UUID] | None:
    """Give the communities in scope that are asked for; None for the whole district."""
    allowed = scope.ids()
    if communities is None:
        return None if allowed is None else sorted(allowed)
    return sorted(set(communities) if allowed is None else allowed.intersection(communities))


def at_home(model: type[Row], communities: list[UUID] | None, *, in_order: bool) -> QuerySet[Row]:
    """Give the rows of some communities.

    `in_order`: the page's own order finds them soon. Then the fence must not draw a plan that collects and sorts
    whatever these communities ever had; no index knows it behind an expression.
    """
    with scope.everything():
        rows: QuerySet[Any] = model._default_manager.all()
    if communities is None:
        return rows
    if len(communities) == 1:
        return rows.filter(community=communities[0])
    if in_order:
        return rows.alias(home=Coalesce(F("community_id"), F("community_id"))).filter(home__in=communities)
    return rows.filter(community__in=communities)
