"""On which terms a room is lent, and why a wished time cannot be had."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lianxin.domain.bookings.rules.spans import Span, say
from lianxin.platform.clock import local_day, local_moment

LONGEST = timedelta(days=7)
"""How long one date of a booking may be; an exhibition of weeks is booked day by day."""
KEEPERS_AHEAD = timedelta(days=550)
MOST_TIMES = 400
LATE_MINUTES = 15
"""How long after its beginning somebody may still book a time for themselves."""


@dataclass(frozen=True, slots=True)
class Terms:
    """The terms of one room; those of a room without any let only the ones who keep it book."""

    open_to: str = "staff"
    needs_approval: bool = True
    is_confidential: bool = False
    buffer_before: int = 0
    buffer_after: int = 0
    shortest_minutes: int = 30
    longest_minutes: int = 240
    days_ahead: int = 60
    most_a_week: int | None = None
    release_after: int | None = None
    offer_minutes: int = 120
    set_ups: tuple[str, ...] = ()
    house_rules: str = ""

    def blocked(self, span: Span) -> Span:
        """Give the stretch with the room's buffers."""
        return span.widened(self.buffer_before, self.buffer_after)


def why_not_a_time(span: Span, *, at: datetime, ahead: timedelta = KEEPERS_AHEAD) -> str:
    """Say why nobody at all can book this stretch, or nothing."""
    if span.ends_at <= span.starts_at:
        return _("The end lies before the beginning.")
    if span.ends_at - span.starts_at > LONGEST:
        return _("A time is at most %(days)d days long. Book the days one by one.") % {"days": LONGEST.days}
    if span.ends_at <= at:
        return _("%(when)s is over. Choose a time that is still ahead.") % {"when": say(span)}
    if span.starts_at > at + ahead:
        return _("%(when)s is too far ahead.") % {"when": say(span)}
    return ""


def why_not_on_these_terms(span: Span, terms: Terms, *, lent: Sequence[Span], at: datetime) -> str:
    """Say why somebody who does not keep the room cannot have this stretch, or nothing. `lent`: when it is lent."""
    if span.starts_at < at - timedelta(minutes=LATE_MINUTES):
        return _("%(when)s has begun already. Choose a later time.") % {"when": say(span)}
    if span.minutes < terms.shortest_minutes:
        least = terms.shortest_minutes
        return ngettext(
            "This room is lent for at least %(count)d minute.",
            "This room is lent for at least %(count)d minutes.",
            least,
        ) % {"count": least}
    if span.minutes > terms.longest_minutes:
        most = terms.longest_minutes
        return ngettext(
            "This room is lent for at most %(count)d minute at a time.",
            "This room is lent for at most %(count)d minutes at a time.",
            most,
        ) % {"count": most}
    if local_day(span.starts_at) > local_day(at) + timedelta(days=terms.days_ahead):
        days = terms.days_ahead
        return ngettext(
            "This room can be booked %(count)d day ahead.", "This room can be booked %(count)d days ahead.", days
        ) % {"count": days}
    if not any(hours.holds(span) for hours in lent):
        return _("%(when)s lies outside the hours of this room.") % {"when": say(span)}
    return ""


def week_of(moment: datetime) -> Span:
    """Give the calendar week, Monday to Sunday in Shanghai, in which a moment lies."""
    day = local_day(moment)
    monday = day - timedelta(days=day.weekday())
    return Span(local_moment(monday), local_moment(monday + timedelta(days=7)))
