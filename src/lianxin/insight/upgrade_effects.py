"""What upgrades changed: measures kept before and after, scores, and visitors around the opening day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Q, Sum

from lianxin.domain.places.models import UpgradeMeasure, VisitCount
from lianxin.domain.places.rules import standards
from lianxin.platform.clock import local_day, local_moment

DAYS = 90
BEFORE, AFTER = "before", "after"


@dataclass(frozen=True, slots=True)
class Effect:
    """Means before and after over so many upgrades of which both are known."""

    before: float
    after: float
    count: int


@dataclass(frozen=True, slots=True)
class MeasureEffect:
    """The effect on one measure of the standard, as the standard writes its numbers."""

    label: Any
    unit: Any
    before: str
    after: str
    count: int


def _mean(pairs: list[tuple[float, float]]) -> Effect | None:
    if not pairs:
        return None
    before, after = (sum(side) / len(pairs) for side in zip(*pairs, strict=True))
    return Effect(before, after, len(pairs))


def find_effects(upgrades: Iterable[UUID]) -> list[MeasureEffect]:
    """Give the measures of which both sides are kept, in the order of the standard; one query."""
    kept: dict[tuple[str, UUID], dict[str, float]] = {}
    rows = UpgradeMeasure.objects.filter(upgrade__in=list(upgrades)).order_by()
    for measure, upgrade, moment, value in rows.values_list("measure", "upgrade", "moment", "value"):
        if value is not None:
            kept.setdefault((measure, upgrade), {})[moment] = float(value)
    found = []
    for measure, info in standards.MEASURES.items():
        pairs = [
            (sides[BEFORE], sides[AFTER])
            for (name, _upgrade), sides in kept.items()
            if name == measure and BEFORE in sides and AFTER in sides
        ]
        mean = _mean(pairs)
        if mean is not None:
            before, after = (standards.shown(measure, Decimal(str(side))) for side in (mean.before, mean.after))
            found.append(MeasureEffect(info.label, info.unit, before, after, mean.count))
    return found


def mean_scores(scores: Iterable[tuple[int | None, int | None]]) -> Effect | None:
    """Give the mean scores by the standard at the start and at the opening."""
    return _mean([(float(start), float(end)) for start, end in scores if start is not None and end is not None])


def find_use(opened: Iterable[tuple[UUID, date]], *, on: date) -> Effect | None:
    """Give visitors a week in the 90 days before and after opening, of venues with counts on both sides; one query.

    The days after count only once all of them are over.
    """
    span = timedelta(days=DAYS)
    days = {venue: day for venue, day in opened if day + span <= on}
    wanted = Q(pk=None)
    for venue, day in days.items():
        wanted |= Q(venue=venue, at__gte=local_moment(day - span), at__lt=local_moment(day + span))
    sums: dict[UUID, dict[str, int]] = {}
    rows = VisitCount.objects.filter(wanted, undone_at=None).order_by().values_list("venue", "at")
    for venue, at, count in rows.annotate(n=Sum("count")).values_list("venue", "at", "n"):
        side = BEFORE if local_day(at) < days[venue] else AFTER
        found = sums.setdefault(venue, {})
        found[side] = found.get(side, 0) + count
    weeks = DAYS / 7
    both = [one for one in sums.values() if BEFORE in one and AFTER in one]
    return _mean([(one[BEFORE] / weeks, one[AFTER] / weeks) for one in both])
