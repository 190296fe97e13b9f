"""The guard: an occurrence's counters move by one conditional UPDATE, which is also the lock for what is read after."""

from collections.abc import Mapping
from typing import NamedTuple
from uuid import UUID

from django.db import connection
from django.db.models import F

from lianxin.domain.activities.models import Occurrence, OccurrenceLimit
from lianxin.platform import locks

# True for those whom the counters give places to: seats are free and nobody waits.
_FITS = "NOT is_drawn AND waiting = 0 AND (size IS NULL OR taken + %s <= size)"
# Everything of the row comes back with it, so that the date need not be read again.
_TAKE = f"""
UPDATE activities_occurrence
SET next_no = next_no + %s,
    taken = taken + CASE WHEN {_FITS} THEN %s ELSE 0 END,
    waiting = waiting + CASE WHEN {_FITS} OR (is_drawn AND drawn_at IS NULL) THEN 0 ELSE %s END
WHERE id = %s AND state = 'published'
RETURNING *
"""


class Counted(NamedTuple):
    """The counters after a sign-up was counted in, the number of its first place, and the date itself."""

    taken: int
    waiting: int
    first_no: int
    place: Occurrence


def take(occurrence: UUID, count: int) -> Counted | None:
    """Count a party of so many in, as holding places or as waiting, and lock the occurrence; None: not published.

    Nothing is asked of the scope: whoever may not sign up here is refused after, and then nothing was counted.
    """
    locks.reach(locks.RECORD)
    pk = Occurrence._meta.pk.get_db_prep_value(occurrence, connection)
    rows = list(Occurrence.objects.raw(_TAKE, [count, count, count, count, count, pk]))
    if not rows:
        return None
    return Counted(rows[0].taken, rows[0].waiting, rows[0].next_no - count, rows[0])


def move(occurrence: UUID, *, taken: int = 0, waiting: int = 0) -> None:
    """Move the counters of an occurrence that this transaction has locked."""
    if taken or waiting:
        Occurrence.objects.filter(pk=occurrence).update(taken=F("taken") + taken, waiting=F("waiting") + waiting)


def move_limits(by: Mapping[UUID, int]) -> None:
    """Move the counters of limits of an occurrence that this transaction has locked."""
    for limit in sorted(by):
        if by[limit]:
            OccurrenceLimit.objects.filter(pk=limit).update(taken=F("taken") + by[limit])
