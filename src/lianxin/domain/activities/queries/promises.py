"""What somebody has promised in a stretch of time, in whatever community: shifts taken and places at activities."""

from datetime import datetime
from uuid import UUID

from lianxin.domain.activities.models import Shift, ShiftPlace, SignUp
from lianxin.domain.activities.rules.shifts import Clash, Span, find_clash
from lianxin.domain.places.models import Venue
from lianxin.engines.geo import Point
from lianxin.platform import scope

MOST_READ = 50


def list_promises(
    *, person: UUID, from_at: datetime, until_at: datetime, but_occurrence: UUID | None = None
) -> list[Span]:
    """List what a person has promised between two moments; two queries, across communities.

    A place at `but_occurrence` itself does not count: one may help where one has signed up.
    """
    with scope.everything():
        places = ShiftPlace.objects.filter(
            person=person, state=ShiftPlace.State.TAKEN, starts_at__lt=until_at, ends_at__gt=from_at
        ).select_related("shift")
        spans = [span_of(place.shift) for place in places[:MOST_READ]]
        sign_ups = SignUp.objects.filter(
            person=person,
            state=SignUp.State.CONFIRMED,
            occurrence__state="published",
            occurrence__starts_at__lt=until_at,
            occurrence__ends_at__gt=from_at,
        ).exclude(occurrence=but_occurrence)
        for row in sign_ups.select_related("occurrence__activity", "occurrence__venue")[:MOST_READ]:
            date = row.occurrence
            there = date.venue
            spans.append(
                Span(
                    date.starts_at,
                    date.ends_at,
                    date.venue_id,
                    point_of(there) if there else None,
                    date.title or date.activity.title,
                    there.name if there else date.place,
                )
            )
    return spans


def find_conflict(*, person: UUID, wanted: Span, but_occurrence: UUID | None = None) -> Clash | None:
    """Give the first promise of a person that a stretch of time at a place does not go together with, or None."""
    held = list_promises(
        person=person, from_at=wanted.starts_at, until_at=wanted.ends_at, but_occurrence=but_occurrence
    )
    return find_clash(wanted, held=held)


def span_of(row: Shift) -> Span:
    """Give a shift as a stretch of time at a place."""
    return Span(row.starts_at, row.ends_at, row.venue_id, point_of(row), row.role, row.place)


def point_of(row: Shift | Venue) -> Point | None:
    """Give the position of a shift or a venue, where it is known."""
    return Point(row.lng, row.lat) if row.lng is not None and row.lat is not None else None
