"""What the last run of the matcher could reach: beside how much is met, it tells what offers and places allow."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q

from lianxin.domain.places.models import Division
from lianxin.domain.projects import policy
from lianxin.domain.projects.models import MatchRun
from lianxin.engines.matching.fairness import gini
from lianxin.platform import scope
from lianxin.platform.actors import Actor


@dataclass(frozen=True)
class Reach:
    """The last run that covers some communities: for which share of the people there is an offer within reach."""

    run: UUID
    from_on: date
    until_on: date
    # By community's id, of the people who asked: an offer is within reach; the plan serves them.
    shares: Mapping[str, float]
    planned: Mapping[str, float]

    @property
    def gini(self) -> float:
        """Give how unevenly what is within reach is spread over the communities."""
        return gini(list(self.shares.values()))


def find_last_reach(*, actor: Actor, communities: Collection[UUID]) -> Reach | None:
    """Give the last finished run of a division that holds all of these communities; None without one."""
    wanted = set(communities)
    if not wanted or not policy.may_read_any(actor) or not all(actor.covers(one) for one in wanted):
        return None
    with scope.everything():
        rows = MatchRun.objects.filter(_holding(wanted), state=MatchRun.State.DONE).order_by("-asked_at", "-pk")
        row = rows.values_list("pk", "from_on", "until_on", "metrics").first()
    if row is None:
        return None
    pk, from_on, until_on, metrics = row
    names = {str(one) for one in wanted}
    return Reach(
        run=pk,
        from_on=from_on,
        until_on=until_on,
        shares={name: rate for name, rate in metrics.get("reach", {}).items() if name in names},
        planned={name: rate for name, rate in metrics.get("after", {}).get("rates", {}).items() if name in names},
    )


def _holding(communities: Collection[UUID]) -> Q:
    """Give the condition that a run was made for a division that holds all of these communities."""
    divisions = Division.objects.filter(pk__in=communities)
    if len(communities) == 1:
        above = Q(community__in=divisions.values("parent")) | Q(community__in=divisions.values("parent__parent"))
        return above | Q(community__in=communities)
    lines = divisions.order_by().values_list("parent", "parent__parent").distinct()
    return Q(community__in=set.intersection(*({pk for pk in line if pk} for line in lines)) if lines else [])


def gini_of(rates: Collection[float]) -> float:
    """Give how unevenly rates are spread: 0 where all are alike, nearly 1 where one has all."""
    return gini(list(rates))
