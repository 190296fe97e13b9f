"""What staff are asked to do about bookings, and what the ones who booked are told."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from lianxin.domain.bookings.models import Booking, BookingTime, SlotWait
from lianxin.domain.bookings.queries.terms import find_terms
from lianxin.domain.bookings.rules.spans import Span, say
from lianxin.domain.people.models import Person
from lianxin.platform import duties, outbox
from lianxin.platform.sensitive import Unreadable

DECIDE_DUTY = "bookings.decide"
CALL_DUTY = "bookings.call"
PAGE = "staff:booking"
DECIDE_WITHIN = timedelta(days=2)
LEAST = timedelta(hours=1)


def ask_for_decision(row: Booking, *, first: Span, at: datetime) -> None:
    """Let staff decide on a booking: within two days, and in time before it begins."""
    soon = max(at + LEAST, first.starts_at - timedelta(hours=12))
    duties.open(
        kind=DECIDE_DUTY,
        record=row,
        community_id=row.community_id,
        title=_("Decide on a booking of %(room)s, %(when)s") % {"room": row.room.name, "when": say(first)},
        due_at=min(at + DECIDE_WITHIN, soon),
        assignee_role="community_staff",
        url_name=PAGE,
        url_args={"booking": str(row.pk)},
    )


def close_duties(row: Booking) -> None:
    """Nothing is left to decide on a booking."""
    duties.close(kind=DECIDE_DUTY, record=row)


def tell_cancelled(row: Booking, lost: Sequence[Span], *, reason: str) -> None:
    """Tell who booked that dates are lost, or let staff call them."""
    first = lost[0]
    title = _("Call: the booking of %(when)s was cancelled") % {"when": say(first)}
    _tell(row, "booking_cancelled", {"when": _when(lost), "reason": _sentence(reason)}, title, due_at=first.starts_at)


def tell_decided(row: Booking) -> None:
    """Tell who asked what was decided."""
    times = BookingTime.objects.filter(booking=row).order_by("starts_at").values_list("starts_at", "ends_at")
    spans = [Span(*pair) for pair in times]
    code = "booking_confirmed" if row.state == Booking.State.CONFIRMED else "booking_refused"
    title = _("Call: tell what was decided on the booking of %(when)s") % {"when": say(spans[0])}
    _tell(row, code, {"when": _when(spans), "reason": _sentence(row.answer)}, title, due_at=spans[0].starts_at)


def tell_offered(wait: SlotWait, row: Booking, *, until: datetime) -> None:
    """Tell who waited that the slot is theirs if they take it in time."""
    span = Span(wait.starts_at, wait.ends_at)
    last = say(Span(until, until)).split("–")[0]
    title = _("Call: %(room)s is free, %(when)s; the answer is needed until %(until)s") % {
        "room": row.room.name,
        "when": say(span),
        "until": last,
    }
    _tell(row, "booking_offered", {"when": say(span), "until": last}, title, due_at=until, record=wait)


def phone_of(row: Booking) -> str:
    """Give the number at which the one who booked is reached by a message, or nothing."""
    try:
        if row.contact_phone is not None:
            return row.contact_phone.reveal()
        if row.person_id is not None:
            person = Person.objects.filter(pk=row.person_id).only("phone", "no_phone").first()
            if person is not None and person.phone is not None and not person.no_phone:
                return person.phone.reveal()
        if row.organisation is not None and row.organisation.phone is not None:
            return row.organisation.phone.reveal()
    except Unreadable:
        return ""
    return ""


def _tell(
    row: Booking,
    template: str,
    context: dict[str, Any],
    title: str,
    *,
    due_at: datetime,
    record: models.Model | None = None,
) -> None:
    if row.person_id is None and row.organisation_id is None and row.contact_phone is None:
        return
    # A message may be read over a shoulder: of a confidential room it names the venue only.
    confidential = find_terms(row.room).is_confidential
    where = row.venue.name if confidential else f"{row.venue.name} {row.room.name}"
    phone = phone_of(row)
    if phone:
        outbox.send(
            channel="sms",
            address=phone,
            template=template,
            context={"where": where, **context},
            community_id=row.community_id,
        )
        return
    duties.open(
        kind=CALL_DUTY,
        record=record or row,
        community_id=row.community_id,
        title=title,
        due_at=due_at,
        assignee_role="community_staff",
        url_name=PAGE,
        url_args={"booking": str(row.pk)},
    )


def _when(spans: Sequence[Span]) -> str:
    if len(spans) == 1:
        return say(spans[0])
    return _("%(first)s and %(count)d more") % {"first": say(spans[0]), "count": len(spans) - 1}


def _sentence(text: str) -> str:
    text = text.strip()
    return text if not text or text[-1] in "。.!?！？" else text + _(".")
