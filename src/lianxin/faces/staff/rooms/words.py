"""The words and colours of rooms."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from lianxin.domain.bookings.models import Booking, BookingTime, RoomTerms
from lianxin.domain.bookings.queries.bookings import BookingLine
from lianxin.domain.bookings.queries.terms import LentRoom
from lianxin.faces.kit.dates import day_words, spoken
from lianxin.platform.clock import LOCAL, local_day, now

STATES: dict[str, Any] = {
    Booking.State.ASKED: pgettext_lazy("booking", "to be decided"),
    Booking.State.CONFIRMED: pgettext_lazy("booking", "confirmed"),
    Booking.State.REFUSED: pgettext_lazy("booking", "refused"),
    Booking.State.CANCELLED: pgettext_lazy("booking", "cancelled"),
}
TONES: dict[str, str] = {
    Booking.State.ASKED: "due",
    Booking.State.CONFIRMED: "done",
    Booking.State.REFUSED: "quiet",
    Booking.State.CANCELLED: "quiet",
}
TIME_STATES: dict[str, Any] = {
    BookingTime.State.ASKED: pgettext_lazy("booking", "to be decided"),
    BookingTime.State.CONFIRMED: pgettext_lazy("booking", "confirmed"),
    BookingTime.State.USED: pgettext_lazy("booking", "came"),
    BookingTime.State.RELEASED: pgettext_lazy("booking", "given back"),
    BookingTime.State.CANCELLED: pgettext_lazy("booking", "cancelled"),
    BookingTime.State.REFUSED: pgettext_lazy("booking", "refused"),
    "closed": pgettext_lazy("booking", "closed"),
}
TIME_TONES: dict[str, str] = {
    BookingTime.State.ASKED: "due",
    BookingTime.State.CONFIRMED: "info",
    BookingTime.State.USED: "done",
    BookingTime.State.RELEASED: "quiet",
    BookingTime.State.CANCELLED: "quiet",
    BookingTime.State.REFUSED: "quiet",
    "closed": "stop",
}
OPEN_TO: dict[str, Any] = {
    RoomTerms.OpenTo.STAFF: gettext_lazy("Staff only"),
    RoomTerms.OpenTo.PARTNERS: gettext_lazy("Staff, hosts and partners"),
    RoomTerms.OpenTo.RESIDENTS: gettext_lazy("Residents too"),
}
WEEKDAYS = (
    gettext_lazy("Monday"),
    gettext_lazy("Tuesday"),
    gettext_lazy("Wednesday"),
    gettext_lazy("Thursday"),
    gettext_lazy("Friday"),
    gettext_lazy("Saturday"),
    gettext_lazy("Sunday"),
)


def say_span(starts_at: datetime, ends_at: datetime) -> str:
    """Say a stretch: the day once, and the hours on the clock of 24 hours."""
    starts, ends = starts_at.astimezone(LOCAL), ends_at.astimezone(LOCAL)
    year = local_day(now()).year
    day = day_words(starts.date(), this_year=year)
    if starts.date() == ends.date():
        return f"{day} {starts:%H:%M}–{ends:%H:%M}"
    return f"{day} {starts:%H:%M} – {day_words(ends.date(), this_year=year)} {ends:%H:%M}"


def say_hours(starts_at: datetime, ends_at: datetime) -> str:
    """Say the hours of a stretch."""
    return f"{starts_at.astimezone(LOCAL):%H:%M}–{ends_at.astimezone(LOCAL):%H:%M}"


def state_of(line: BookingLine) -> tuple[Any, str]:
    """Give the word and the colour of a booking's state."""
    if line.is_offered:
        return _("held for who waits"), "due"
    return STATES[line.state], TONES[line.state]


def dates_of(line: BookingLine) -> str:
    """Say when a booking is: its first date, and how many follow."""
    if line.first_at is None:
        return ""
    first = spoken(line.first_at)
    if line.dates < 2:
        return first
    count = line.dates
    return ngettext("%(first)s, %(count)d date", "%(first)s, %(count)d dates", count) % {
        "first": first,
        "count": count,
    }


def terms_words(one: LentRoom) -> str:
    """Say on which terms a room is lent, in one line."""
    words = [str(OPEN_TO[one.terms.open_to])]
    if one.terms.open_to != RoomTerms.OpenTo.STAFF:
        words.append(str(_("needs approval")) if one.terms.needs_approval else str(_("booked at once")))
    if one.is_confidential:
        words.append(str(_("confidential")))
    return " · ".join(words)
