"""How many residents rates are counted for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from lianxin.domain.people.queries.counts import count_people_by_community
from lianxin.insight import levels
from lianxin.insight.catalogue import find_measure
from lianxin.insight.periods import Period, day

RESIDENTS = "residents"


@dataclass(frozen=True, slots=True)
class Residents:
    """Residents on a day by community, and at a city or province by district too."""

    on: date
    by_community: Mapping[UUID, int]

    def of(self, community: UUID) -> int:
        """Give how many live in a community."""
        return self.by_community.get(community, 0)


def residents_for(period: Period, *, today: date, areas: frozenset[UUID] | None = None) -> Residents:
    """Give the residents in scope on a period's last day, or today's where nobody was on record yet; 1 or 2 queries.

    A register that began after the period would leave every rate of it empty. A city or province reads off what its
    districts said of some `areas`, of every district unasked.
    """
    on = min(period.last_on, today)
    found = _count(on, areas)
    if not found and on < today:
        on, found = today, _count(today, areas)
    return Residents(on, found)


def _count(on: date, areas: frozenset[UUID] | None) -> Mapping[UUID, int]:
    if levels.are_read():
        return levels.by_area([find_measure(RESIDENTS)], period=day(on), areas=areas)[RESIDENTS]
    return {community: people for community, (_homes, people) in count_people_by_community(on=on).items()}
