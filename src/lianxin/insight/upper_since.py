"""Since when a city or province holds figures of its districts: what is set beside an earlier year has to be there."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Q

from lianxin.platform import tallies
from lianxin.platform.models import ALL_CATEGORIES, Rollup

# Where nothing at all was counted for so long, nothing was handed up.
WEEK = timedelta(days=7)


def not_held_yet(districts: Collection[UUID], *, measures: Collection[str], day: date) -> set[UUID]:
    """Give the districts that hand figures up only since after a day: nothing before it nor in its week; one query.

    Looked at are the month before, and the days from the first of its own month.
    """
    rows = Rollup.objects.filter(measure__in=measures, area_id__in=set(districts), category=ALL_CATEGORIES).order_by()
    month = tallies.month_of(day)
    spans = (
        Q(span=tallies.MONTH, starts_on=tallies.month_of(month - tallies.ONE_DAY)),
        Q(span=tallies.DAY, starts_on__gte=month, starts_on__lt=day + WEEK),
    )
    before, since = (rows.filter(span).values_list("area_id", flat=True) for span in spans)
    return set(districts) - set(before.union(since))
