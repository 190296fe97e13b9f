"""Booking a room for one or more times, moving and giving up dates; the room is locked first, always."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import F
from django.utils.translation import gettext as _

from lianxin.domain.bookings import policy
from lianxin.domain.bookings.commands import found, slots, telling, waiting_line
from lianxin.domain.bookings.models import Booking, BookingTime, SlotWait
from lianxin.domain.bookings.queries.terms import find_terms
from lianxin.domain.bookings.rules.spans import Span
from lianxin.domain.bookings.rules.terms import Terms
from lianxin.domain.people.rules.contacts import check_phone
from lianxin.domain.places.models import Room
from lianxin.platform.actors import Actor
from lianxin.platform.commands import act, command
from lianxin.platform.errors import Invalid
from lianxin.platform.ids import new_id
from lianxin.platform.sensitive import seal

CONTACT_PHONE = "bookings.booking.contact_phone"
State = Booking.State
TimeState = BookingTime.State
MOST_PEOPLE = 10_000
LONGEST = {"title": 120, "contact_name": 80, "set_up": 60, "note": 500}


@command("bookings.book_times")
def book_times(
    *,
    actor: Actor,
    room: UUID,
    times: Sequence[tuple[datetime, datetime]],
    title: str,
    record_kind: str = "",
    record_id: UUID | None = None,
    person: UUID | None = None,
    organisation: UUID | None = None,
    contact_name: str = "",
    contact_phone: str = "",
    people_expected: int | None = None,
    set_up: str = "",
    note: str = "",
    recurrence: Mapping[str, Any] | None = None,
    at: datetime,
    key: UUID | None = None,
) -> Booking:
    """Book a room for one or more times: confirmed for who keeps it, else as its terms say; all times or none.

    Raises RoomTaken (which names each conflicting time), Invalid, NotAllowed, RoomNotInUse or TooManyThisWeek.
    """
    row = found.room(room)
    found.require_in_use(row)
    keeps = policy.may_book_at_once(actor, row.community_id, row.venue_id)
    terms, spans = find_terms(row), [Span(*pair) for pair in times]
    slots.check_times(spans, at=at)
    who = found.booker(actor, person, keeps=keeps, at=at)
    firm = found.organisation(actor, organisation, keeps=keeps)
    if not keeps:
        slots.check_terms(actor, row, terms, spans, at=at)
        if slots.why_too_often(row.pk, terms, who.household_id if who else None, spans):
            raise slots.TooManyThisWeek
    words = _checked(
        row,
        terms,
        keeps=keeps,
        title=title,
        contact_name=contact_name,
        contact_phone=contact_phone,
        people_expected=people_expected,
        set_up=set_up,
        note=note,
    )
    slots.require_free(row, spans, names=keeps)
    asks = not keeps and terms.needs_approval
    booking = Booking.objects.create(
        id=new_id(),
        community_id=row.community_id,
        venue_id=row.venue_id,
        room=row,
        state=State.ASKED if asks else State.CONFIRMED,
        person=who,
        household_id=who.household_id if who else None,
        organisation=firm,
        booked_by=actor.account,
        record_kind=record_kind,
        record_id=record_id,
        recurrence=dict(recurrence or {}),
        asked_at=at,
        decided_at=None if asks else at,
        decided_by=None if asks else actor.account,
        **words,
    )
    slots.write_times(booking, row, terms, spans, state=TimeState.ASKED if asks else TimeState.CONFIRMED)
    if asks:
        telling.ask_for_decision(booking, first=spans[0], at=at)
    # What a confidential room is used for stands in no log either.
    change = {"times": [None, len(spans)]} if terms.is_confidential else {"title": [None, booking.title]}
    act().target(booking, "asked for" if asks else "booked", change)
    return booking


@command("bookings.edit_booking")
def edit_booking(
    *,
    actor: Actor,
    booking: UUID,
    title: str,
    contact_name: str = "",
    contact_phone: str | None = None,
    people_expected: int | None = None,
    set_up: str = "",
    note: str = "",
    version: int | None = None,
    at: datetime,
    key: UUID | None = None,
) -> Booking:
    """Change what a booking says of itself; `contact_phone=None` leaves the number as it is."""
    row = found.live_booking(booking)
    keeps = require_may_change(actor, row)
    found.require_version(row, version)
    terms = find_terms(row.room)
    words = _checked(
        row.room,
        terms,
        keeps=keeps,
        title=title,
        contact_name=contact_name,
        contact_phone=contact_phone or "",
        people_expected=people_expected,
        set_up=set_up,
        note=note,
    )
    if contact_phone is None:
        del words["contact_phone"]
    changed = [name for name, value in words.items() if getattr(row, name) != value]
    for name in changed:
        setattr(row, name, words[name])
    if changed:
        row.version += 1
        row.save(update_fields=[*changed, "version"])
        BookingTime.objects.filter(booking=row, state__in=BookingTime.LIVE).update(sequence=F("sequence") + 1)
        act().target(row, "changed", {"fields": [None, sorted(changed)]})
    return row


@command("bookings.move_time")
def move_time(
    *,
    actor: Actor,
    time: UUID,
    starts_at: datetime,
    ends_at: datetime,
    room: UUID | None = None,
    at: datetime,
    key: UUID | None = None,
) -> BookingTime:
    """Bring one date to another time or room; it keeps this when the rest of the booking is changed."""
    known = BookingTime.objects.filter(pk=time).values_list("room_id", flat=True).first()
    there = room or known
    if known is not None and there is not None:
        found.rooms({known, there})
    row = found.time(time)
    booking = row.booking
    keeps = require_may_change(actor, booking)
    if row.state not in (TimeState.ASKED, TimeState.CONFIRMED) or row.ends_at <= at:
        raise found.TimeOver
    to = found.room(there) if there is not None else row.room
    found.require_in_use(to)
    if to.community_id != row.community_id:
        raise Invalid(fields={"room": [_("Choose a room of the same community.")]})
    span, terms = Span(starts_at, ends_at), find_terms(to)
    if not keeps:
        slots.check_terms(actor, to, terms, [span], at=at)
        _require_not_too_often(to, terms, booking, row, span)
    put(row, to, terms, span, keeps=keeps, at=at)
    return row


def put(row: BookingTime, room: Room, terms: Terms, span: Span, *, keeps: bool, at: datetime) -> None:
    """Put a date at another stretch or room after the check; its old time goes to who waits for it."""
    before, old_room = Span(row.starts_at, row.ends_at), row.room_id
    if (before, old_room) == (span, room.pk):
        return
    slots.check_times([span], at=at)
    slots.require_free(room, [span], names=keeps, ignoring=row.pk)
    blocked = terms.blocked(span)
    row.room = room
    row.starts_at, row.ends_at = span
    row.blocked_from, row.blocked_until = blocked
    row.is_moved, row.sequence = True, row.sequence + 1
    fields = ["room", "starts_at", "ends_at", "blocked_from", "blocked_until", "is_moved", "sequence"]
    slots.with_exclusion(lambda: row.save(update_fields=fields))
    act().target(
        row, "moved", {"starts_at": [before.starts_at, span.starts_at], "ends_at": [before.ends_at, span.ends_at]}
    )
    waiting_line.offer_freed(old_room, [before], at=at)


@command("bookings.cancel_time")
def cancel_time(*, actor: Actor, time: UUID, reason: str = "", at: datetime, key: UUID | None = None) -> BookingTime:
    """Give up one date of a booking that has not begun; the last one ends the booking."""
    row = found.time(time)
    by_staff = not is_own(actor, row.booking)
    require_may_change(actor, row.booking)
    ended = end_times([row], state=TimeState.CANCELLED, reason=reason, at=at)
    if not ended:
        raise found.TimeOver
    end_if_empty([row.booking], at=at)
    act().target(row.booking, "date cancelled", {"starts_at": [row.starts_at, None]})
    act().note(reason=reason.strip())
    if by_staff:
        telling.tell_cancelled(row.booking, [Span(row.starts_at, row.ends_at)], reason=reason)
    row.refresh_from_db()
    return row


@command("bookings.cancel_booking")
def cancel_booking(*, actor: Actor, booking: UUID, reason: str = "", at: datetime, key: UUID | None = None) -> Booking:
    """Give up all dates of a booking that are still ahead; what was used stays. Raises BookingOver."""
    row = found.live_booking(booking)
    require_may_change(actor, row)
    end_bookings([row], reason=reason, at=at, tell=not is_own(actor, row))
    act().note(reason=reason.strip())
    row.refresh_from_db()
    return row


@command("bookings.cancel_times")
def cancel_times(*, actor: Actor, record_kind: str, record_id: UUID, reason: str = "", at: datetime) -> int:
    """Give up what was booked for a record of a higher module and is still ahead; gives how many dates ended."""
    rows = Booking.objects.filter(
        record_kind=record_kind, record_id=record_id, state__in=[State.ASKED, State.CONFIRMED]
    )
    pks = list(rows.order_by("pk").values_list("pk", flat=True))
    if not pks:
        return 0
    found.rooms(BookingTime.objects.filter(booking__in=pks).values_list("room_id", flat=True))
    live = list(rows.select_related("room", "venue"))
    return end_bookings(live, reason=reason, at=at, tell=False)


def end_bookings(rows: Sequence[Booking], *, reason: str, at: datetime, tell: bool) -> int:
    """End live bookings whose rooms are locked: their dates ahead are cancelled, and who booked is told if wished."""
    if not rows:
        return 0
    times: dict[UUID, list[BookingTime]] = {}
    ahead = BookingTime.objects.filter(
        booking__in=[row.pk for row in rows], state__in=[TimeState.ASKED, TimeState.CONFIRMED], ends_at__gt=at
    )
    for time in ahead.order_by("starts_at", "pk"):
        times.setdefault(time.booking_id, []).append(time)
    ended = end_times(
        [time for some in times.values() for time in some], state=TimeState.CANCELLED, reason=reason, at=at
    )
    gone = {time.pk for time in ended}
    for row in rows:
        _close(row, at=at)
        act().target(row, "cancelled")
        lost = [Span(time.starts_at, time.ends_at) for time in times.get(row.pk, []) if time.pk in gone]
        if tell and lost:
            telling.tell_cancelled(row, lost, reason=reason)
    return len(ended)


def end_times(rows: Sequence[BookingTime], *, state: str, reason: str, at: datetime) -> list[BookingTime]:
    """End live dates that are not over, each once, and offer their stretches to who waits; gives those ended now."""
    SlotWait.objects.filter(booking__in={row.booking_id for row in rows}, state=SlotWait.State.OFFERED).update(
        state=SlotWait.State.OVER
    )
    ended = []
    for row in sorted(rows, key=lambda row: row.pk):
        live = BookingTime.objects.filter(pk=row.pk, state__in=[TimeState.ASKED, TimeState.CONFIRMED], ends_at__gt=at)
        if live.update(state=state, ended_at=at, ended_reason=reason.strip()[:200], sequence=F("sequence") + 1):
            ended.append(row)
    by_room: dict[UUID, list[Span]] = {}
    for row in ended:
        by_room.setdefault(row.room_id, []).append(Span(row.starts_at, row.ends_at))
    for room in sorted(by_room):
        waiting_line.offer_freed(room, by_room[room], at=at)
    return ended


def end_if_empty(rows: Iterable[Booking], *, at: datetime) -> None:
    """Close bookings of which no date is left, live or used."""
    for row in rows:
        kept = BookingTime.objects.filter(booking=row, state__in=[*BookingTime.LIVE, TimeState.RELEASED])
        if not kept.exists():
            _close(row, at=at)


def is_own(actor: Actor, row: Booking) -> bool:
    """Tell whether the actor booked this for themselves, for whom they act, or for their organisation."""
    if actor.person is not None and actor.person == row.person_id:
        return True
    if row.person_id is not None and actor.on_behalf_of == row.person_id and actor.person is not None:
        return True
    if row.organisation_id is not None and row.organisation_id in actor.organisations:
        return True
    return row.booked_by is not None and row.booked_by == actor.account


def require_may_change(actor: Actor, row: Booking) -> bool:
    """Raise NotAllowed unless the actor keeps the room or booked it; give whether the actor keeps it."""
    keeps = policy.may_book_at_once(actor, row.community_id, row.venue_id)
    if not keeps and row.person_id is not None and actor.on_behalf_of == row.person_id:
        policy.require(found.booker(actor, row.person_id, keeps=False, at=act().at) is not None)
    policy.require(keeps or is_own(actor, row))
    return keeps


def _close(row: Booking, *, at: datetime) -> None:
    row.state = State.CANCELLED
    row.version += 1
    row.save(update_fields=["state", "version"])
    telling.close_duties(row)


def _require_not_too_often(room: Room, terms: Terms, booking: Booking, row: BookingTime, span: Span) -> None:
    if terms.most_a_week is None or booking.household_id is None:
        return
    others = BookingTime.objects.filter(booking=booking, state__in=BookingTime.LIVE, room=room).exclude(pk=row.pk)
    spans = [span, *(Span(*pair) for pair in others.values_list("starts_at", "ends_at"))]
    if slots.why_too_often(room.pk, terms, booking.household_id, spans, ignoring=[booking.pk]):
        raise slots.TooManyThisWeek


def _checked(
    room: Room,
    terms: Terms,
    *,
    keeps: bool,
    title: str,
    contact_name: str,
    contact_phone: str,
    people_expected: int | None,
    set_up: str,
    note: str,
) -> dict[str, Any]:
    """Give the words of a booking as columns; raises Invalid."""
    problems: dict[str, list[str]] = {}
    words = {
        "title": title.strip(),
        "contact_name": contact_name.strip(),
        "set_up": set_up.strip(),
        "note": note.strip(),
    }
    if not words["title"]:
        problems["title"] = [_("Say what the room is used for.")]
    for name in words:
        most = LONGEST[name]
        if len(words[name]) > most:
            problems[name] = [_("Use at most %(count)d characters.") % {"count": most}]
    if people_expected is not None and not 0 < people_expected <= MOST_PEOPLE:
        problems["people_expected"] = [_("Enter a number from 1 to %(most)d.") % {"most": MOST_PEOPLE}]
    elif people_expected is not None and room.seats and people_expected > room.seats and not keeps:
        problems["people_expected"] = [_("This room has %(seats)d seats. Choose a larger one.") % {"seats": room.seats}]
    if words["set_up"] and not keeps and words["set_up"] not in terms.set_ups:
        problems["set_up"] = [_("Choose one of the ways in which this room can be arranged.")]
    phone = None
    if contact_phone.strip():
        number, why_not = check_phone(contact_phone)
        if why_not:
            problems["contact_phone"] = [why_not]
        else:
            phone = seal(number, CONTACT_PHONE)
    if problems:
        raise Invalid(fields=problems)
    return {**words, "people_expected": people_expected, "contact_phone": phone}
