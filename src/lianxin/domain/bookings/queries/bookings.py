"""Bookings on lists and pages; of a confidential room lists say "taken" and nothing else."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Count, Min, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext as _

from lianxin.domain.bookings import policy
from lianxin.domain.bookings.models import Booking, BookingTime, SlotWait
from lianxin.domain.bookings.queries.terms import terms_of
from lianxin.domain.bookings.rules import recurrence
from lianxin.domain.people.queries.proxies import list_principals
from lianxin.engines.masking import mask_name, mask_phone
from lianxin.platform import audit, scope
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_moment
from lianxin.platform.errors import Missing
from lianxin.platform.sensitive import Unreadable

PAGE = 50
OFFERED = "offered"
WITH = ("room__terms", "room__venue", "venue", "community", "person", "organisation")


@dataclass(frozen=True, slots=True)
class BookingLine:
    """One booking of a list."""

    id: UUID
    state: str
    is_offered: bool
    is_confidential: bool
    title: str
    who: str
    room: UUID
    room_name: str
    venue_name: str
    community_name: str
    first_at: datetime | None
    last_at: datetime | None
    dates: int
    recurrence: str
    asked_at: datetime
    record_kind: str


@dataclass(frozen=True, slots=True)
class BookingsPage:
    """A page of bookings; `after` fetches the next one."""

    rows: list[BookingLine]
    after: str


@dataclass(frozen=True, slots=True)
class BookingBundle:
    """Everything that a booking's own page shows to who may open it."""

    row: Booking
    line: BookingLine
    times: list[BookingTime]
    contact_name: str
    masked_phone: str
    keeps: bool
    is_own: bool
    offered_until: datetime | None
    timeline: list[audit.TimelineEntry]


def list_bookings(
    *,
    actor: Actor,
    at: datetime,
    communities: Iterable[UUID] | None = None,
    venue: UUID | None = None,
    room: UUID | None = None,
    state: str = "",
    from_on: date | None = None,
    until_on: date | None = None,
    text: str = "",
    after: str = "",
    limit: int = PAGE,
) -> BookingsPage:
    """List the bookings in scope, newest first, with dates in [from_on, until_on) if given; one query."""
    with scope.within(actor.communities):
        rows = visible_to(actor, Booking.objects.all())
        if communities is not None:
            rows = rows.filter(community__in=list(communities))
        if venue is not None:
            rows = rows.filter(venue=venue)
        if room is not None:
            rows = rows.filter(room=room)
        if state:
            rows = rows.filter(state=state)
        if state == Booking.State.ASKED:
            rows = rows.exclude(pk__in=SlotWait.objects.filter(state=OFFERED).values("booking"))
        dates = Q()
        if from_on is not None:
            dates &= Q(ends_at__gt=local_moment(from_on))
        if until_on is not None:
            dates &= Q(starts_at__lt=local_moment(until_on))
        if dates:
            rows = rows.filter(pk__in=BookingTime.objects.filter(dates).values("booking"))
        for word in text.split():
            # What confidential rooms are used for cannot be searched either.
            open_ones = Q(title__icontains=word) & ~confidential()
            rows = rows.filter(open_ones | Q(room__name__icontains=word) | Q(venue__name__icontains=word))
        found = _page(rows, after=after, limit=limit)
        lines = [line_of(row) for row in found[:limit]]
    return BookingsPage(lines, str(found[limit - 1].pk) if len(found) > limit else "")


def count_waiting(*, actor: Actor) -> int:
    """Count the bookings in scope that wait for a decision."""
    with scope.within(actor.communities):
        held = SlotWait.objects.filter(state=OFFERED).values("booking")
        return visible_to(actor, Booking.objects.filter(state=Booking.State.ASKED)).exclude(pk__in=held).count()


def visible_to(actor: Actor, rows: QuerySet[Booking]) -> QuerySet[Booking]:
    """Keep the bookings whose line this actor may see: offices those in scope, a host those of the own venues."""
    if actor.holds(*policy.READERS):
        return rows
    return rows.filter(venue__in=actor.venues) if actor.holds("host") else rows.none()


def confidential() -> Q:
    """Give the filter for bookings of confidential rooms."""
    return Q(room__confidential=True) | Q(room__terms__is_confidential=True)


def line_of(row: Booking, *, names: bool = False) -> BookingLine:
    """Make the line of a booking; `names` shows what a confidential room is used for too."""
    is_confidential = terms_of(getattr(row.room, "terms", None), row.room).is_confidential
    hidden = is_confidential and not names
    if hidden:
        who = ""
    elif row.organisation is not None:
        who = row.organisation.name
    elif row.person is not None:
        who = mask_name(row.person.name)
    else:
        who = mask_name(row.contact_name) if row.contact_name else _("the community")
    return BookingLine(
        id=row.pk,
        state=row.state,
        is_offered=bool(getattr(row, "offers", 0)),
        is_confidential=is_confidential,
        title=_("taken") if hidden else row.title,
        who=who,
        room=row.room_id,
        room_name=row.room.name,
        venue_name=row.venue.name,
        community_name=row.community.short_name,
        first_at=getattr(row, "first_at", None),
        last_at=getattr(row, "last_at", None),
        dates=getattr(row, "dates", 0),
        recurrence=recurrence.say(row.recurrence),
        asked_at=row.asked_at,
        record_kind=row.record_kind,
    )


def find_booking(*, actor: Actor, booking: UUID, on: date) -> BookingBundle:
    """Give a booking to who keeps its room or booked it; raises Missing, as for one outside the scope. Six queries."""
    with scope.everything():
        row = _annotated(Booking.objects.filter(pk=booking)).select_related(*WITH).first()
        if row is None:
            raise Missing
        is_own = owns(actor, row, on=on)
        keeps = policy.may_keep_room(actor, row.community_id, row.venue_id)
        seen = policy.may_see_names(actor, row.community_id, row.venue_id, confidential=line_of(row).is_confidential)
        if not (is_own or seen):
            raise Missing
        times = list(BookingTime.objects.filter(booking=row).select_related("room").order_by("starts_at", "pk"))
        waited = SlotWait.objects.filter(booking=row, state=OFFERED).values_list("offered_until", flat=True).first()
        timeline = [] if not seen else audit.entries_for("bookings.booking", row.pk, 50)
    return BookingBundle(
        row=row,
        line=line_of(row, names=True),
        times=times,
        contact_name=row.contact_name,
        masked_phone=_masked_phone(row),
        keeps=keeps,
        is_own=is_own,
        offered_until=waited,
        timeline=timeline,
    )


def owns(actor: Actor, row: Booking, *, on: date) -> bool:
    """Tell whether an actor booked this: as a resident, for a principal, or for the own organisation."""
    if row.organisation_id is not None and row.organisation_id in actor.organisations:
        return True
    if row.person_id is None or actor.person is None:
        return False
    if row.person_id == actor.person:
        return True
    return any(
        one.person == row.person_id and (one.may("sign_up") or one.may("desk"))
        for one in list_principals(actor=actor, on=on)
    )


def list_mine(
    *, actor: Actor, person: UUID | None, at: datetime, past: bool = False, limit: int = 60
) -> list[BookingTime]:
    """Give the dates that a resident, or without one the actor's organisations, booked anywhere; one query.

    Those ahead come the soonest first, `past` ones the latest first.
    """
    mine = Q(booking__person=person) if person is not None else Q(booking__organisation__in=actor.organisations)
    if person is not None and actor.person is None:
        return []
    with scope.everything():
        rows = BookingTime.objects.filter(mine).select_related(
            "booking", "room__terms", "room__venue", "booking__venue"
        )
        if past:
            return list(rows.filter(ends_at__lte=at).order_by("-starts_at", "pk")[:limit])
        held = SlotWait.objects.filter(state=OFFERED, booking__isnull=False).values("booking")
        live = rows.filter(ends_at__gt=at).filter(Q(state__in=BookingTime.LIVE) | Q(state=BookingTime.State.REFUSED))
        return list(live.exclude(booking__in=held).order_by("starts_at", "pk")[:limit])


def list_of_record(*, record_kind: str, record_id: UUID) -> list[BookingTime]:
    """Give the dates booked for a record of a higher module, in their order."""
    rows = BookingTime.objects.filter(booking__record_kind=record_kind, booking__record_id=record_id)
    return list(rows.select_related("room").order_by("starts_at", "pk"))


def find_time(*, actor: Actor, time: UUID, on: date) -> tuple[BookingBundle, BookingTime]:
    """Give one date with its booking, to who may open that; raises Missing."""
    with scope.everything():
        booking = BookingTime.objects.filter(pk=time).values_list("booking_id", flat=True).first()
    if booking is None:
        raise Missing
    bundle = find_booking(actor=actor, booking=booking, on=on)
    return bundle, next(row for row in bundle.times if row.pk == time)


def _page(rows: QuerySet[Booking], *, after: str, limit: int) -> Sequence[Booking]:
    if after:
        try:
            rows = rows.filter(pk__lt=UUID(after))
        except ValueError:
            rows = rows.none()
    # First which, then what of them: the sums of all others are not needed.
    shown = rows.order_by("-pk").values("pk")[: limit + 1]
    return list(_annotated(Booking.objects.filter(pk__in=shown)).select_related(*WITH).order_by("-pk"))


def _annotated(rows: QuerySet[Booking]) -> QuerySet[Booking]:
    mine = BookingTime.objects.filter(booking=OuterRef("pk")).order_by().values("booking")
    offers = SlotWait.objects.filter(booking=OuterRef("pk"), state=OFFERED).order_by().values("booking")
    return rows.annotate(
        first_at=Subquery(mine.annotate(v=Min("starts_at")).values("v")),
        last_at=Subquery(
            BookingTime.objects.filter(booking=OuterRef("pk")).order_by("-starts_at").values("starts_at")[:1]
        ),
        dates=Subquery(mine.annotate(v=Count("pk")).values("v")),
        offers=Subquery(offers.annotate(v=Count("pk")).values("v")),
    )


def _masked_phone(row: Booking) -> str:
    try:
        return mask_phone(row.contact_phone.reveal()) if row.contact_phone is not None else ""
    except Unreadable:
        return "•••"
