"""The room of a reception day: booked with the day, given back, and who has a place told where to come."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from lianxin.domain.bookings.commands import bookings
from lianxin.domain.voice.commands import reception_duties, reception_telling
from lianxin.domain.voice.models import ReceptionDay, ReceptionPlace
from lianxin.platform.commands import act
from lianxin.platform.errors import Problem

RECORD = "voice.receptionday"
LIVE = (ReceptionPlace.State.BOOKED, ReceptionPlace.State.WAITING)


def take_room(day: ReceptionDay, *, at: datetime) -> None:
    """Book the series' room for a day; a room that is taken or closed becomes a duty and no obstacle."""
    room = day.series.room
    if room is None:
        return
    try:
        with transaction.atomic():
            booking = bookings.book_times(
                actor=act().actor,
                room=room.pk,
                times=[(day.starts_at, day.ends_at)],
                title=day.series.title,
                record_kind=RECORD,
                record_id=day.pk,
                at=at,
            )
    except Problem:
        reception_duties.ask_for_place(day, at=at)
        return
    day.booking_id = booking.pk
    day.save(update_fields=["booking_id"])
    reception_duties.close_place(day)


def give_room_back(day: ReceptionDay, *, reason: str, at: datetime) -> None:
    """Give the room of a day back that is not held there."""
    if day.booking_id is not None:
        bookings.cancel_times(actor=act().actor, record_kind=RECORD, record_id=day.pk, reason=reason, at=at)
        day.booking_id = None
        day.save(update_fields=["booking_id"])


def told_changed(day: ReceptionDay, *, reason: str, at: datetime) -> None:
    """Tell those with a place on a day of its other time or place."""
    places = day.places.filter(state__in=LIVE).select_related("day__series")
    reception_telling.tell(places, reception_telling.CHANGED, reason=reason, at=at)
