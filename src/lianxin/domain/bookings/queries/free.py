"""Whether a room is free: what stands against some times, and what is left of a day."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet, Value
from django.utils.translation import gettext as _

from lianxin.domain.bookings.models import BookingTime
from lianxin.domain.bookings.queries.terms import closings_during, find_terms, lent_spans, terms_by_room
from lianxin.domain.bookings.rules.spans import Span, say, without
from lianxin.domain.bookings.rules.terms import Terms
from lianxin.domain.places.models import Room
from lianxin.platform import scope
from lianxin.platform.clock import local_moment
from lianxin.platform.errors import Missing

TAKEN, CLOSED = "taken", "closed"


@dataclass(frozen=True, slots=True)
class Conflict:
    """One wished time against which something stands: another booking with its buffers, or a closing."""

    wished: Span
    kind: str
    against: Span
    title: str = ""
    booking: UUID | None = None
    time: UUID | None = None

    def say(self, *, names: bool = False) -> str:
        """Say it; who is there, or why it is closed, only to whom names may be told."""
        words = {"when": say(self.wished), "against": say(self.against), "title": self.title}
        if self.kind == CLOSED:
            if self.title:
                return _("%(when)s: the room is closed (%(title)s).") % words
            return _("%(when)s: the room is closed.") % words
        if names and self.title:
            return _("%(when)s: taken by “%(title)s”, %(against)s.") % words
        return _("%(when)s: taken, %(against)s.") % words


def list_conflicts(
    room: UUID,
    times: Sequence[tuple[datetime, datetime]],
    ignoring: UUID | Collection[UUID] | None = None,
) -> list[Conflict]:
    """Give what stands against these times of a room, with buffers, in their order; four queries.

    `ignoring` names bookings or dates of bookings that do not count (one's own). The titles of a confidential room's
    bookings are left out.
    """
    if not times:
        return []
    with scope.everything():
        found = Room.objects.filter(pk=room).first()
        if found is None:
            raise Missing
        terms = find_terms(found)
        spans = [Span(*pair) for pair in times]
        wished = {span: terms.blocked(span) for span in spans}
        whole = Span(min(b.starts_at for b in wished.values()), max(b.ends_at for b in wished.values()))
        taken = live_times([room], whole, ignoring=ignoring)
        closings = closings_during([room], whole).order_by("starts_at")
        shut = [(Span(row.starts_at, row.ends_at), row.reason) for row in closings]
    found_conflicts = []
    for span in spans:
        for row in taken:
            if Span(row["blocked_from"], row["blocked_until"]).meets(wished[span]):
                against = Span(row["starts_at"], row["ends_at"])
                title = "" if terms.is_confidential else row["booking__title"]
                found_conflicts.append(Conflict(span, TAKEN, against, title, row["booking_id"], row["pk"]))
        for closing, reason in shut:
            if closing.meets(span):
                found_conflicts.append(Conflict(span, CLOSED, closing, reason))
    return found_conflicts


def _live(rooms: Iterable[UUID], whole: Span) -> QuerySet[BookingTime]:
    return BookingTime.objects.filter(
        room__in=list(rooms),
        state__in=BookingTime.LIVE,
        blocked_from__lt=whole.ends_at,
        blocked_until__gt=whole.starts_at,
    )


def live_times(
    rooms: Iterable[UUID], whole: Span, *, ignoring: UUID | Collection[UUID] | None = None
) -> list[dict[str, Any]]:
    """Give the live dates of rooms that block any part of a stretch, in their order; one query."""
    rows = _live(rooms, whole)
    if ignoring is not None:
        own = [ignoring] if isinstance(ignoring, UUID) else list(ignoring)
        rows = rows.exclude(Q(pk__in=own) | Q(booking__in=own))
    return list[Any](
        rows.order_by("blocked_from", "pk").values(
            "pk", "room_id", "booking_id", "booking__title", "starts_at", "ends_at", "blocked_from", "blocked_until"
        )
    )


def _gone(rooms: Sequence[UUID], whole: Span) -> Iterable[tuple[UUID, int, datetime, datetime]]:
    """Give what blocks rooms in a stretch: live dates (1) and closings (0); one query for both."""
    booked = _live(rooms, whole).annotate(is_booked=Value(1)).order_by()
    closed = closings_during(rooms, whole).annotate(is_booked=Value(0)).order_by()
    return booked.values_list("room_id", "is_booked", "blocked_from", "blocked_until").union(
        closed.values_list("room_id", "is_booked", "starts_at", "ends_at"), all=True
    )


def free_spans(
    rooms: Sequence[Room],
    *,
    first_on: date,
    last_on: date,
    at: datetime,
    terms: Mapping[UUID, Terms] | None = None,
) -> dict[UUID, list[Span]]:
    """Give what can still be booked of rooms on some days, the last one included, without who has the rest.

    Buffers are taken off at both ends, so any stretch within what is given can be booked. The whole district, for
    everybody: no names are read.
    """
    with scope.everything():
        terms = terms or terms_by_room(rooms)
        lent = lent_spans(rooms, first_on=first_on, last_on=last_on, without_closings=False)
        whole = Span(
            local_moment(first_on) - timedelta(days=1),
            local_moment(last_on + timedelta(days=2)),
        )
        taken: dict[UUID, list[Span]] = {}
        for room, is_booked, starts_at, ends_at in _gone([room.pk for room in rooms], whole):
            gone, one = Span(starts_at, ends_at), terms[room]
            taken.setdefault(room, []).append(gone.widened(one.buffer_after, one.buffer_before) if is_booked else gone)
    over = Span(local_moment(first_on) - timedelta(days=2), at)
    return {
        room.pk: without(lent[room.pk], [*taken.get(room.pk, []), *([over] if over.starts_at < at else [])])
        for room in rooms
    }
