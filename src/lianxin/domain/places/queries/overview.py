"""The district at a glance: what is going on in each community today, in one query."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from django.db.models import Count, F, QuerySet, Value
from django.db.models.fields import CharField

from ..models import BatchMember, Milestone, ServiceCategory, ServiceState, StandingService, Upgrade
from ..rules import upgrades as rules
from .divisions import valid_on
from .programmes import active_on

CATEGORY, KNOWN, UPGRADE, LATE, PILOT = "category", "known", "upgrade", "late", "pilot"


@dataclass(frozen=True)
class Activity:
    """Counts by community, and the service categories in use in all of them together, of how many there are."""

    categories: int
    categories_known: int = 0
    upgrades: Counter[UUID] = field(default_factory=Counter)
    milestones_late: Counter[UUID] = field(default_factory=Counter)
    pilots: Counter[UUID] = field(default_factory=Counter)


def count_activity(*, on: date) -> Activity:
    """Count upgrades under way, late milestones, pilots and the categories in use in scope on a day; one query."""

    def named(rows: QuerySet, name: str, key: str) -> QuerySet:
        rows = rows.order_by().annotate(what=Value(name, output_field=CharField()), key=F(key))
        return rows.values("what", "key").annotate(n=Count("pk")).values_list("what", "key", "n")

    offered = StandingService.objects.filter(valid_on(on), state=ServiceState.OFFERED)
    late = Milestone.objects.filter(done_on=None, due_on__lt=on, upgrade__state__in=rules.RUNNING)
    pilots = BatchMember.objects.filter(active_on(on), batch__is_pilot=True)
    rows = named(offered, CATEGORY, "category").union(
        named(ServiceCategory.objects.all(), KNOWN, "pk"),
        named(Upgrade.objects.filter(state=rules.UNDER_WAY), UPGRADE, "community"),
        named(late, LATE, "community"),
        named(pilots, PILOT, "community"),
        all=True,
    )
    counts: dict[str, Counter[UUID]] = {name: Counter() for name in (CATEGORY, KNOWN, UPGRADE, LATE, PILOT)}
    for what, key, number in rows:
        counts[what][key] += number
    return Activity(len(counts[CATEGORY]), len(counts[KNOWN]), counts[UPGRADE], counts[LATE], counts[PILOT])
