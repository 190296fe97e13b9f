"""Calendars to subscribe to: of a community, of a venue, of one person by their private address."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet

from lianxin.domain.activities.models import FeedLink, Occurrence, ShiftPlace, SignUp
from lianxin.domain.activities.rules.tokens import token_digest
from lianxin.domain.bookings.models import BookingTime
from lianxin.domain.places.models import Division, Level, Venue, VenueState
from lianxin.engines.icalendar import Event, write
from lianxin.platform import scope
from lianxin.platform.actors import Actor
from lianxin.platform.errors import Gone, Missing

# What is over or called off stays so long, so that a phone that was away learns of it.
KEPT = timedelta(days=90)
AHEAD = timedelta(days=400)
MOST = 2_000
HOST = "lianxin"
SHOWN = (Occurrence.State.PUBLISHED, Occurrence.State.HELD, Occurrence.State.NOT_HELD, Occurrence.State.CANCELLED)
STATUS: dict[str, str] = {
    SignUp.State.CONFIRMED: "CONFIRMED",
    SignUp.State.WAITING: "TENTATIVE",
    SignUp.State.OFFERED: "TENTATIVE",
    SignUp.State.IN_DRAW: "TENTATIVE",
}


def community_calendar(*, community: UUID, base_url: str, at: datetime) -> bytes:
    """Write the calendar of a community, for everybody: its own activities and those it holds with others."""
    with scope.everything():
        row = Division.objects.filter(pk=community, level=Level.COMMUNITY).first()
        if row is None:
            raise Missing
        own = Q(community=community) | Q(activity__partners__community=community)
        return write(
            _public(_rows(at).filter(own).distinct(), base_url),
            name=row.short_name,
            url=f"{base_url}/calendars/community/{community}.ics",
        )


def venue_calendar(*, venue: UUID, base_url: str, at: datetime) -> bytes:
    """Write the calendar of a venue, for everybody."""
    with scope.everything():
        row = Venue.objects.filter(pk=venue, state__in=[VenueState.OPEN, VenueState.PAUSED]).first()
        if row is None:
            raise Missing
        return write(
            _public(_rows(at).filter(venue=venue), base_url),
            name=row.name,
            url=f"{base_url}/calendars/venue/{venue}.ics",
        )


def occurrence_calendar(*, occurrence: UUID, base_url: str, at: datetime) -> bytes:
    """Write one public date as a file to keep."""
    with scope.everything():
        events = list(_public(_rows(at).filter(pk=occurrence), base_url))
    if not events:
        raise Missing
    return write(events, name=events[0].summary)


def person_calendar(*, token: str, base_url: str, at: datetime) -> bytes:
    """Write what one person signed up for, their shifts and their rooms; raises Missing or Gone."""
    with scope.everything():
        link = FeedLink.objects.filter(token_digest=token_digest(token)).select_related("person").first()
        if link is None:
            raise Missing
        if link.revoked_at is not None or link.person.state != "living":
            raise Gone
        events = [
            *_sign_ups(link.person_id, base_url, at),
            *_shifts(link.person_id, base_url, at),
            *_rooms(link.person_id, base_url, at),
        ]
    events.sort(key=lambda event: (event.starts_at, event.uid))
    return write(events, name="连心")


def _rows(at: datetime) -> QuerySet[Occurrence]:
    return (
        Occurrence.objects.filter(
            state__in=SHOWN, published_at__isnull=False, starts_at__gte=at - KEPT, starts_at__lt=at + AHEAD
        )
        .select_related("activity__category", "venue")
        .order_by("starts_at", "pk")
    )


def _public(rows: QuerySet[Occurrence], base_url: str) -> Iterator[Event]:
    for row in rows[:MOST]:
        yield _event(row, base_url, uid=f"{row.pk}@{HOST}", sequence=row.sequence, status=_status(row))


def _status(row: Occurrence) -> str:
    gone = row.state in (Occurrence.State.CANCELLED, Occurrence.State.NOT_HELD)
    return "CANCELLED" if gone else "CONFIRMED"


def _event(
    row: Occurrence, base_url: str, *, uid: str, sequence: int, status: str, changed_at: datetime | None = None
) -> Event:
    activity, venue = row.activity, row.venue
    said = [activity.summary, row.note, row.cancel_reason, activity.bring_note]
    return Event(
        uid=uid,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        changed_at=max(row.changed_at, changed_at or row.changed_at),
        sequence=sequence,
        summary=row.title or activity.title,
        status=status,
        location=" ".join(filter(None, (venue.name if venue else "", row.place, venue.address if venue else ""))),
        description="\n".join(filter(None, said)),
        url=f"{base_url}/activities/{row.pk}/",
        categories=(activity.category.name,),
        lat=venue.lat if venue else None,
        lng=venue.lng if venue else None,
        is_free_time=not row.takes_sign_ups,
    )


def _sign_ups(person: UUID, base_url: str, at: datetime) -> Iterator[Event]:
    rows = SignUp.objects.filter(person=person, occurrence__starts_at__gte=at - KEPT)
    rows = rows.select_related("occurrence__activity__category", "occurrence__venue")
    for one in rows.order_by("occurrence__starts_at", "pk")[:MOST]:
        row = one.occurrence
        gone = one.ended_at is not None or _status(row) == "CANCELLED"
        yield _event(
            row,
            base_url,
            uid=f"sign-up-{one.pk}@{HOST}",
            sequence=row.sequence + (one.ended_at is not None),
            status="CANCELLED" if gone else STATUS.get(one.state, "TENTATIVE"),
            changed_at=one.ended_at or one.decided_at or one.accepted_at,
        )


def _shifts(person: UUID, base_url: str, at: datetime) -> Iterator[Event]:
    rows = ShiftPlace.objects.filter(person=person, starts_at__gte=at - KEPT).select_related("shift__venue")
    for one in rows.order_by("starts_at", "pk")[:MOST]:
        shift = one.shift
        gone = one.state == ShiftPlace.State.CANCELLED or shift.state == "cancelled"
        yield Event(
            uid=f"shift-{one.pk}@{HOST}",
            starts_at=one.starts_at,
            ends_at=one.ends_at,
            changed_at=one.ended_at or one.taken_at,
            sequence=shift.version + gone,
            summary=shift.role,
            status="CANCELLED" if gone else "CONFIRMED",
            location=" ".join(filter(None, (shift.venue.name if shift.venue else "", shift.place))),
            description=shift.what,
            lat=shift.lat,
            lng=shift.lng,
        )


def _rooms(person: UUID, base_url: str, at: datetime) -> Iterator[Event]:
    rows = BookingTime.objects.filter(booking__person=person, starts_at__gte=at - KEPT)
    rows = rows.exclude(state=BookingTime.State.REFUSED).select_related("booking", "room__venue")
    for one in rows.order_by("starts_at", "pk")[:MOST]:
        gone = one.state in (BookingTime.State.CANCELLED, BookingTime.State.RELEASED)
        yield Event(
            uid=f"room-{one.pk}@{HOST}",
            starts_at=one.starts_at,
            ends_at=one.ends_at,
            changed_at=one.ended_at or one.booking.decided_at or one.booking.asked_at,
            sequence=one.sequence,
            # A counselling room is not named in a calendar that a phone shows on its lock screen.
            summary=one.room.venue.name if one.room.confidential else one.booking.title,
            status="CANCELLED" if gone else "TENTATIVE" if one.state == "asked" else "CONFIRMED",
            location=" ".join((one.room.venue.name, "" if one.room.confidential else one.room.name)).strip(),
        )


def find_own_link(*, actor: Actor) -> FeedLink | None:
    """Give the private address that is in use of who asks, without its token; None when there is none."""
    if actor.person is None:
        return None
    with scope.everything():
        return FeedLink.objects.filter(person=actor.person, revoked_at__isnull=True).first()
