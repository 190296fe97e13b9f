"""Visitors counted without names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from lianxin.platform import facts, locks
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day
from lianxin.platform.commands import act, command, inner_key
from lianxin.platform.errors import Invalid, Missing

from .. import policy
from ..models import Venue, VisitCount, VisitPurpose
from ..rules.opening import MOST_VISITORS_AT_ONCE
from .editing import locked

ENTERED_AT_THE_LATEST_AFTER = timedelta(days=31)


@command("places.record_visit_counts")
def record_visit_counts(
    *, actor: Actor, counts: Sequence[Mapping[str, Any]], at: datetime, key: UUID | None = None
) -> list[VisitCount]:
    """Record counted visitors; each entry has `venue`, `count`, and may have `purpose` and `counted_at`."""
    wanted = {entry["venue"] for entry in counts}
    venues = {venue.pk: venue for venue in locks.lock(Venue.objects.filter(pk__in=wanted))}
    if wanted - venues.keys():
        raise Missing
    for venue in venues.values():
        policy.require(policy.may_log_at_venue(actor, venue))
    created = [_new_count(entry, venues[entry["venue"]], actor=actor, at=at) for entry in counts]
    VisitCount.objects.bulk_create(created)
    for row in created:
        act().target(venues[row.venue_id], "visitors counted", {"count": [None, row.count]})
        facts.record(
            measure="visits",
            record=row,
            quantity=row.count,
            community_id=row.community_id,
            venue_id=row.venue_id,
            on=local_day(row.at),
        )
    return created


def _new_count(entry: Mapping[str, Any], venue: Venue, *, actor: Actor, at: datetime) -> VisitCount:
    """Make a count of a form's entries, or raise Invalid with what is wrong in each field."""
    count, purpose = entry["count"], entry.get("purpose") or VisitPurpose.OTHER
    counted_at = entry.get("counted_at") or at
    problems: dict[str, list] = {}
    if not isinstance(count, int) or not 1 <= count <= MOST_VISITORS_AT_ONCE:
        problems["count"] = [_("Enter a number from 1 to %(most)d.") % {"most": MOST_VISITORS_AT_ONCE}]
    if purpose not in VisitPurpose.values:
        problems["purpose"] = [_("Choose one of the purposes.")]
    if counted_at > at + timedelta(minutes=5):
        problems["counted_at"] = [_("This moment lies in the future.")]
    elif at - counted_at > ENTERED_AT_THE_LATEST_AFTER and not actor.is_system:
        problems["counted_at"] = [_("Counts are entered within 31 days.")]
    if problems:
        raise Invalid(fields=problems)
    return VisitCount(
        community_id=venue.community_id,
        venue=venue,
        at=counted_at,
        count=count,
        purpose=purpose,
        counted_by=actor.account,
        via=actor.via,
    )


@command("places.record_visits")
def record_visits(
    *,
    actor: Actor,
    venue: UUID,
    count: int,
    at: datetime,
    purpose: str = VisitPurpose.OTHER,
    counted_at: datetime | None = None,
    key: UUID | None = None,
) -> VisitCount:
    """Record a number of visitors at one venue."""
    entry = {"venue": venue, "count": count, "purpose": purpose, "counted_at": counted_at}
    return record_visit_counts(actor=actor, counts=[entry], at=at, key=inner_key(key, "visits"))[0]


@command("places.undo_visits")
def undo_visits(*, actor: Actor, visits: UUID, at: datetime, key: UUID | None = None) -> VisitCount:
    """Take back a count that was entered by mistake; it stays in the list and counts for nothing."""
    row = locked(VisitCount, visits)
    venue = Venue.objects.filter(pk=row.venue_id).first()
    if venue is None:
        raise Missing
    policy.require(policy.may_log_at_venue(actor, venue))
    if row.undone_at is not None:
        return row
    row.undone_at = at
    row.save(update_fields=["undone_at"])
    act().target(venue, "count undone", {"count": [row.count, None]})
    facts.correct(measure="visits", record=row)
    return row
