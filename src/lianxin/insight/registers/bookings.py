"""The register of rooms in use; of a confidential room it says that it was, and nothing else."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import pgettext
from django.utils.translation import pgettext_lazy as _

from lianxin.domain.bookings.models import BookingTime
from lianxin.domain.bookings.queries.terms import terms_of
from lianxin.platform.contributions import Window

from .form import COMMUNITY, Column, Line, Register, Tie
from .reading import NOTHING, day, during, hour, people_beside, stream


def _used(window: Window) -> QuerySet[BookingTime]:
    rows = BookingTime.objects.filter(state=BookingTime.State.USED, ended_at__isnull=False)
    rows = rows.select_related("community", "room__terms", "booking__venue", "booking__organisation")
    return during(rows, window, "starts_at")


def _line(row: BookingTime, names: dict[Any, str]) -> Line:
    booking = row.booking
    is_confidential = terms_of(getattr(row.room, "terms", None), row.room).is_confidential
    return (
        day(row.starts_at),
        hour(row.starts_at),
        hour(row.ends_at),
        row.community.short_name,
        booking.venue.name,
        row.room.name,
        pgettext("register", "In use") if is_confidential else booking.title,
        NOTHING if is_confidential else _who(booking, names),
        None if is_confidential else booking.people_expected,
    )


def _who(booking: Any, names: dict[Any, str]) -> str:
    if booking.organisation is not None:
        return str(booking.organisation.name)
    return names.get(booking.person_id, "") if booking.person_id else pgettext("register", "The community")


ROOMS = Register(
    code="rooms",
    title=_("register", "Rooms in use"),
    job="places",
    about=_("register", "One line for each booked time to which somebody came."),
    columns=(
        Column("on", _("register", "Date"), "day"),
        Column("from", _("register", "From"), "time"),
        Column("to", _("register", "To"), "time"),
        Column(COMMUNITY, _("register", "Community")),
        Column("venue", _("register", "Venue")),
        Column("room", _("register", "Room")),
        Column("title", _("register", "For what")),
        Column("who", _("register", "By whom")),
        Column("people", _("register", "People expected"), "number", is_summed=True),
    ),
    rows=lambda window: stream(
        _used(window).order_by("starts_at", "pk"), _line, beside=people_beside("booking__person_id")
    ),
    count=lambda window: _used(window).count(),
    ties=(Tie("room_uses"),),
    footnote=_("register", "Names are masked. Of a confidential room only its use is told."),
)

REGISTERS = (ROOMS,)
