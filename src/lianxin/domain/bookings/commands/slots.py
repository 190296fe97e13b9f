"""What every booking goes through: are these times possible, on these terms, free; then they are written down."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from lianxin.domain.bookings import policy
from lianxin.domain.bookings.models import Booking, BookingTime
from lianxin.domain.bookings.queries import free
from lianxin.domain.bookings.queries.terms import lent_around
from lianxin.domain.bookings.rules import terms as rules
from lianxin.domain.bookings.rules.spans import Span, first_overlap, say
from lianxin.domain.bookings.rules.terms import Terms
from lianxin.domain.places.models import Room
from lianxin.platform import scope
from lianxin.platform.actors import Actor
from lianxin.platform.errors import Invalid, NotAllowed, Refused
from lianxin.platform.ids import new_ids

NAMED_AT_MOST = 5
EXCLUSION = "bookings_time_no_overlap"


class RoomTaken(Refused):
    """Somebody else has the room at one of these times, or it is closed then; `conflicts` has each of them."""

    title = gettext_lazy("The room is not free then. Choose another time or another room.")

    def __init__(self, conflicts: Sequence[free.Conflict] = (), *, names: bool = False) -> None:
        self.conflicts = list(conflicts)
        said = [one.say(names=names) for one in self.conflicts]
        left = len(said) - NAMED_AT_MOST
        if left > 0:
            more = ngettext("And %(count)d more.", "And %(count)d more.", left) % {"count": left}
            said = [*said[:NAMED_AT_MOST], more]
        detail = " ".join([str(self.title), *said]) if said else ""
        super().__init__(
            detail,
            conflicts=[
                {"starts_at": one.wished.starts_at.isoformat(), "ends_at": one.wished.ends_at.isoformat()}
                for one in self.conflicts
            ],
        )


class TooManyThisWeek(Refused):
    """The household has as many times in that week as the room's terms let it have."""

    title = gettext_lazy("Your household has this room often enough in that week. Choose another week.")


def check_times(spans: Sequence[Span], *, at: datetime) -> None:
    """Refuse times that nobody at all could have; raises Invalid."""
    if not spans:
        raise Invalid(fields={"times": [_("Choose at least one time.")]})
    if len(spans) > rules.MOST_TIMES:
        raise Invalid(fields={"times": [_("At most %(most)d dates in one booking.") % {"most": rules.MOST_TIMES}]})
    wrong = [words for span in spans if (words := rules.why_not_a_time(span, at=at))]
    if wrong:
        raise Invalid(fields={"times": wrong[:NAMED_AT_MOST]})
    twice = first_overlap(spans)
    if twice:
        both = {"first": say(twice[0]), "second": say(twice[1])}
        raise Invalid(fields={"times": [_("%(first)s and %(second)s overlap.") % both]})


def check_terms(actor: Actor, room: Room, terms: Terms, spans: Sequence[Span], *, at: datetime) -> None:
    """Refuse what a room's terms do not let this actor have, who does not keep it; raises NotAllowed or Invalid."""
    if not policy.may_ask_for_room(actor, terms.open_to):
        raise NotAllowed(_("This room is booked by the centre's staff. Please ask them."))
    lent = lent_around(room, spans)
    wrong = [words for span in spans if (words := rules.why_not_on_these_terms(span, terms, lent=lent, at=at))]
    if wrong:
        raise Invalid(fields={"times": list(dict.fromkeys(wrong))[:NAMED_AT_MOST]})


def why_too_often(
    room: UUID, terms: Terms, household: UUID | None, spans: Sequence[Span], *, ignoring: Iterable[UUID] = ()
) -> Span | None:
    """Give the first stretch that would be one too many in its week for a household, or None. The room is locked."""
    if terms.most_a_week is None or household is None:
        return None
    weeks = {rules.week_of(span.starts_at) for span in spans}
    with scope.everything():
        for week in sorted(weeks):
            mine = BookingTime.objects.filter(
                room=room,
                booking__household=household,
                state__in=BookingTime.LIVE,
                starts_at__gte=week.starts_at,
                starts_at__lt=week.ends_at,
            ).exclude(booking__in=list(ignoring))
            new = [span for span in spans if week.starts_at <= span.starts_at < week.ends_at]
            if mine.count() + len(new) > terms.most_a_week:
                return new[-1]
    return None


def require_free(
    room: Room,
    spans: Sequence[Span],
    *,
    names: bool,
    ignoring: UUID | Sequence[UUID] | None = None,
) -> None:
    """Refuse when anything stands against these times; the room is locked. Raises RoomTaken."""
    conflicts = free.list_conflicts(room.pk, spans, ignoring)
    if conflicts:
        raise RoomTaken(conflicts, names=names)


def write_times(booking: Booking, room: Room, terms: Terms, spans: Sequence[Span], *, state: str) -> list[BookingTime]:
    """Write the dates of a booking; where the database itself finds an overlap, RoomTaken is raised."""
    rows = []
    for pk, span in zip(new_ids(len(spans)), spans, strict=True):
        blocked = terms.blocked(span)
        rows.append(
            BookingTime(
                id=pk,
                community_id=room.community_id,
                booking=booking,
                room=room,
                starts_at=span.starts_at,
                ends_at=span.ends_at,
                blocked_from=blocked.starts_at,
                blocked_until=blocked.ends_at,
                state=state,
            )
        )
    with_exclusion(lambda: BookingTime.objects.bulk_create(rows))
    return rows


def with_exclusion(write) -> None:  # type: ignore[no-untyped-def]
    """Do a write and turn the database's own refusal of an overlap into the sentence that people read."""
    try:
        with transaction.atomic():
            write()
    except IntegrityError as error:
        if EXCLUSION in str(error):
            raise RoomTaken from error
        raise
