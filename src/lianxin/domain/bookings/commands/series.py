"""A repeated booking as a whole: other hours or days, more dates, an earlier end; dates changed by hand keep theirs."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.domain.bookings.commands import found, slots, telling, waiting_line
from lianxin.domain.bookings.commands.bookings import end_if_empty, end_times, is_own, require_may_change
from lianxin.domain.bookings.models import Booking, BookingTime
from lianxin.domain.bookings.queries.terms import find_terms, terms_by_room
from lianxin.domain.bookings.rules import recurrence as rules
from lianxin.domain.bookings.rules.spans import Span
from lianxin.platform.actors import Actor
from lianxin.platform.clock import LOCAL, local_day, local_moment
from lianxin.platform.commands import act, command
from lianxin.platform.errors import Invalid, Missing, Refused

State = BookingTime.State
CHANGEABLE = (State.ASKED, State.CONFIRMED)


class NothingAhead(Refused):
    """No date is left that this could change."""

    title = gettext_lazy("No date ahead is left to change. Dates changed by hand keep their changes.")


@command("bookings.change_series")
def change_series(
    *,
    actor: Actor,
    booking: UUID,
    opens: time,
    closes: time,
    days: int = 0,
    first: UUID | None = None,
    edited_too: bool = False,
    at: datetime,
    key: UUID | None = None,
) -> list[BookingTime]:
    """Give all dates ahead, or those from `first` on, other hours, and bring them so many days later; all or none.

    Dates that were changed by hand stay as they are unless `edited_too`. Raises RoomTaken, NothingAhead, Invalid.
    """
    row = found.live_booking(booking)
    keeps = require_may_change(actor, row)
    if closes <= opens:
        raise Invalid(fields={"closes": [_("The end lies before the beginning.")]})
    if abs(days) > 31:
        raise Invalid(fields={"days": [_("Enter at most 31 days.")]})
    rows = _ahead(row, first, at=at)
    if not edited_too:
        rows = [one for one in rows if not one.is_moved]
    if not rows:
        raise NothingAhead
    spans = [_on_day(one, opens, closes, days) for one in rows]
    rooms = found.rooms({one.room_id for one in rows})
    slots.check_times(spans, at=at)
    own = [one.pk for one in rows]
    old: dict[UUID, list[Span]] = {}
    by_room = terms_by_room(rooms.values())
    for pk, room in sorted(rooms.items()):
        there = [span for one, span in zip(rows, spans, strict=True) if one.room_id == pk]
        terms = by_room[pk]
        if not keeps:
            slots.check_terms(actor, room, terms, there, at=at)
            if slots.why_too_often(pk, terms, row.household_id, there, ignoring=[row.pk]):
                raise slots.TooManyThisWeek
        slots.require_free(room, there, names=keeps, ignoring=own)
        old[pk] = [Span(one.starts_at, one.ends_at) for one in rows if one.room_id == pk]
    # Set aside first: a date may come to stand where the next one of the same booking stood.
    states = {one.pk: one.state for one in rows}
    BookingTime.objects.filter(pk__in=own).update(state=State.CANCELLED)
    for one, span in zip(rows, spans, strict=True):
        blocked = by_room[one.room_id].blocked(span)
        one.starts_at, one.ends_at = span
        one.blocked_from, one.blocked_until = blocked
        one.state, one.sequence = states[one.pk], one.sequence + 1
        if edited_too:
            one.is_moved = False
    fields = ["starts_at", "ends_at", "blocked_from", "blocked_until", "state", "sequence", "is_moved"]
    slots.with_exclusion(lambda: BookingTime.objects.bulk_update(rows, fields, batch_size=200))
    _remember_weekdays(row, days)
    act().target(row, "dates changed", {"opens": [None, opens], "closes": [None, closes], "dates": [None, len(rows)]})
    for pk in sorted(old):
        waiting_line.offer_freed(pk, old[pk], at=at)
    return rows


@command("bookings.extend_series")
def extend_series(
    *,
    actor: Actor,
    booking: UUID,
    until: date,
    without: Sequence[date] = (),
    at: datetime,
    key: UUID | None = None,
) -> list[BookingTime]:
    """Add the dates of a repeated booking up to a later last day; raises RoomTaken, Invalid."""
    row = found.live_booking(booking)
    keeps = require_may_change(actor, row)
    if not row.recurrence:
        raise Invalid(fields={"until": [_("This booking is not repeated. Make a new one.")]})
    last = BookingTime.objects.filter(booking=row, is_moved=False).order_by("starts_at").last()
    if last is None:
        raise NothingAhead
    found.require_in_use(row.room)
    span = Span(last.starts_at, last.ends_at)
    if until <= local_day(last.starts_at):
        raise Invalid(fields={"until": [_("Choose a day after the last date there is.")]})
    spans = rules.dates_of(
        first=span,
        every=row.recurrence["every"],
        interval=int(row.recurrence.get("interval", 1)),
        weekdays=row.recurrence.get("weekdays", ()),
        until=until,
        skip={local_day(last.starts_at), *without},
    )
    spans = [one for one in spans if one.starts_at > span.starts_at]
    terms = find_terms(row.room)
    slots.check_times(spans, at=at)
    if not keeps:
        slots.check_terms(actor, row.room, terms, spans, at=at)
        if slots.why_too_often(row.room_id, terms, row.household_id, spans):
            raise slots.TooManyThisWeek
    slots.require_free(row.room, spans, names=keeps)
    # Who must ask asks for the new dates too: they begin a booking of their own.
    if not keeps and terms.needs_approval:
        raise Invalid(fields={"until": [_("New dates need approval. Please make a new booking for them.")]})
    state = State.ASKED if row.state == Booking.State.ASKED else State.CONFIRMED
    made = slots.write_times(row, row.room, terms, spans, state=state)
    row.recurrence = {**row.recurrence, "until": until.isoformat()}
    row.version += 1
    row.save(update_fields=["recurrence", "version"])
    act().target(row, "dates added", {"until": [None, until], "dates": [None, len(made)]})
    return made


@command("bookings.end_series")
def end_series(
    *, actor: Actor, booking: UUID, first: UUID, reason: str = "", at: datetime, key: UUID | None = None
) -> int:
    """Cancel one date and all that follow; gives how many dates ended. Raises NothingAhead."""
    row = found.live_booking(booking)
    require_may_change(actor, row)
    rows = _ahead(row, first, at=at)
    if not rows:
        raise NothingAhead
    ended = end_times(rows, state=State.CANCELLED, reason=reason, at=at)
    if row.recurrence:
        day = local_day(rows[0].starts_at) - timedelta(days=1)
        row.recurrence = {**row.recurrence, "until": day.isoformat()}
        row.version += 1
        row.save(update_fields=["recurrence", "version"])
    end_if_empty([row], at=at)
    act().target(row, "following dates cancelled", {"dates": [None, len(ended)]})
    act().note(reason=reason.strip())
    if not is_own(actor, row):
        telling.tell_cancelled(row, [Span(one.starts_at, one.ends_at) for one in ended], reason=reason)
    return len(ended)


def _ahead(row: Booking, first: UUID | None, *, at: datetime) -> list[BookingTime]:
    rows = BookingTime.objects.filter(booking=row, state__in=CHANGEABLE, starts_at__gt=at)
    if first is not None:
        begins = BookingTime.objects.filter(pk=first, booking=row).values_list("starts_at", flat=True).first()
        if begins is None:
            raise Missing
        rows = rows.filter(starts_at__gte=begins)
    return list(rows.order_by("starts_at", "pk"))


def _on_day(row: BookingTime, opens: time, closes: time, days: int) -> Span:
    day = row.starts_at.astimezone(LOCAL).date() + timedelta(days=days)
    return Span(local_moment(day, opens), local_moment(day, closes))


def _remember_weekdays(row: Booking, days: int) -> None:
    if not days or not row.recurrence.get("weekdays"):
        return
    row.recurrence = {
        **row.recurrence,
        "weekdays": sorted({(weekday + days) % 7 for weekday in row.recurrence["weekdays"]}),
    }
    row.version += 1
    row.save(update_fields=["recurrence", "version"])
