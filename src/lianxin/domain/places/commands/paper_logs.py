"""Openings that were written on paper, or kept by another program, and are entered afterwards."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from lianxin.platform import facts, locks
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day
from lianxin.platform.commands import act, command
from lianxin.platform.errors import Invalid, Missing

from .. import policy
from ..models import OpeningLog, Venue, VenuePeriod, VenueState

LONGEST = timedelta(hours=24)


@command("places.record_past_openings")
def record_past_openings(
    *, actor: Actor, openings: Sequence[Mapping[str, Any]], at: datetime, key: UUID | None = None
) -> list[OpeningLog]:
    """Enter openings that are over; each has `venue`, `opened_at`, `closed_at`, and may have `note`; all or none."""
    wanted = {entry["venue"] for entry in openings}
    venues = {venue.pk: venue for venue in locks.lock(Venue.objects.filter(pk__in=wanted))}
    if wanted - venues.keys():
        raise Missing
    for venue in venues.values():
        policy.require(policy.may_log_at_venue(actor, venue))
    problems = [
        f"{number}: {sentence}" for number, entry in enumerate(openings, start=1) for sentence in _problems(entry, at)
    ]
    problems += _clashes(openings, venues)
    if problems:
        raise Invalid(_("The list of openings cannot be taken as it is."), fields={"openings": problems})
    created = [
        OpeningLog(
            community_id=venues[entry["venue"]].community_id,
            venue=venues[entry["venue"]],
            opened_at=entry["opened_at"],
            opened_by=actor.account,
            closed_at=entry["closed_at"],
            closed_by=actor.account,
            via="paper" if actor.via == "web" else actor.via,
            note=(entry.get("note") or "").strip()[:200],
        )
        for entry in openings
    ]
    OpeningLog.objects.bulk_create(created, batch_size=500)
    for log in created:
        act().target(venues[log.venue_id], "opening entered", {"opened_at": [None, log.opened_at]})
        facts.record(
            measure="openings",
            record=log,
            quantity=1,
            community_id=log.community_id,
            venue_id=log.venue_id,
            on=local_day(log.opened_at),
        )
    return created


def _problems(entry: Mapping[str, Any], at: datetime) -> list[Any]:
    if entry["closed_at"] > at:
        return [_("This opening is not over yet.")]
    if not timedelta(0) < entry["closed_at"] - entry["opened_at"] <= LONGEST:
        return [_("A venue closes after it opens, within a day.")]
    return []


def _clashes(openings: Sequence[Mapping[str, Any]], venues: Mapping[UUID, Venue]) -> list[str]:
    """Name openings that lie in another one, or on a day on which the venue did not work."""
    if not openings:
        return []
    first = min(entry["opened_at"] for entry in openings)
    last = max(entry["closed_at"] for entry in openings)
    taken: dict[UUID, list[tuple[datetime, datetime]]] = {}
    known = OpeningLog.objects.filter(venue__in=venues, undone_at=None, opened_at__lt=last)
    for venue, opened, closed in known.exclude(closed_at__lte=first).values_list("venue", "opened_at", "closed_at"):
        taken.setdefault(venue, []).append((opened, closed or last))
    worked: dict[UUID, list[tuple[Any, Any]]] = {}
    periods = VenuePeriod.objects.filter(venue__in=venues, state=VenueState.OPEN)
    for venue, from_on, until_on in periods.values_list("venue", "valid_from", "valid_until"):
        worked.setdefault(venue, []).append((from_on, until_on))
    told = []
    for entry in sorted(openings, key=lambda entry: (str(entry["venue"]), entry["opened_at"])):
        venue, start, end = entry["venue"], entry["opened_at"], entry["closed_at"]
        day = local_day(start)
        if not any(
            from_on <= day and (until_on is None or day < until_on) for from_on, until_on in worked.get(venue, ())
        ):
            told.append(_("“%(name)s” did not work on %(day)s.") % {"name": venues[venue].name, "day": day})
        elif any(start < other_end and other < end for other, other_end in taken.get(venue, ())):
            told.append(
                _("“%(name)s” was already open on %(day)s at that time.") % {"name": venues[venue].name, "day": day}
            )
        taken.setdefault(venue, []).append((start, end))
    return [str(sentence) for sentence in told]
