"""Keeping activities and their dates findable."""

from collections.abc import Iterable, Iterator
from uuid import UUID

from lianxin.domain.activities.models import Activity, Occurrence
from lianxin.platform import search
from lianxin.platform.clock import local_day
from lianxin.platform.commands import act

ACTIVITY, OCCURRENCE = "activity", "occurrence"
DATES = frozenset({Occurrence.State.PUBLISHED, Occurrence.State.HELD})


def index_activity(pk: UUID) -> None:
    """Make an activity and its dates findable by what they are called now, inside the running command."""
    row = Activity.objects.filter(pk=pk).select_related("category").first()
    if row is None or row.state == Activity.State.CANCELLED:
        search.drop(ACTIVITY, [pk])
    else:
        search.put([_activity(row)], at=act().at)
    dates = Occurrence.objects.filter(activity=pk).select_related("activity", "venue")
    shown = [one for one in dates if one.state in DATES]
    search.drop(OCCURRENCE, [one.pk for one in dates if one.state not in DATES])
    if shown:
        search.put(list(_occurrences(shown)), at=act().at)


def index_many(activities: Iterable[UUID]) -> None:
    """Make several activities and their dates findable in a few statements, inside the running command."""
    wanted = list(activities)
    rows = Activity.objects.filter(pk__in=wanted).exclude(state=Activity.State.CANCELLED).select_related("category")
    dates = Occurrence.objects.filter(activity__in=wanted, state__in=DATES).select_related("activity", "venue")
    search.put([*map(_activity, rows), *_occurrences(dates)], at=act().at)


def entries() -> Iterator[search.Entry]:
    """Give the search entries of all activities and public dates in scope."""
    rows = Activity.objects.exclude(state=Activity.State.CANCELLED).select_related("category").order_by("pk")
    for row in rows.iterator(chunk_size=500):
        yield _activity(row)
    dates = Occurrence.objects.filter(state__in=DATES).select_related("activity", "venue").order_by("pk")
    yield from _occurrences(dates.iterator(chunk_size=500))


def _activity(row: Activity) -> search.Entry:
    return search.Entry(
        kind=ACTIVITY,
        record_id=row.pk,
        community_id=row.community_id,
        title=row.title,
        detail=row.category.name,
        words=(row.category.name,),
        url_name="staff:activity",
    )


def _occurrences(rows: Iterable[Occurrence]) -> Iterator[search.Entry]:
    for row in rows:
        where = row.venue.name if row.venue else row.place
        yield search.Entry(
            kind=OCCURRENCE,
            record_id=row.pk,
            community_id=row.community_id,
            title=row.title or row.activity.title,
            detail=f"{local_day(row.starts_at).isoformat()} {where}".strip(),
            words=(where,) if where else (),
            public=True,
            url_name="staff:occurrence",
        )
