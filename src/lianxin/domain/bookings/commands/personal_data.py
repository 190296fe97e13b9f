"""What bookings hold about one person: given out, erased, and forgotten when its time is over."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Max, Q
from django.utils.translation import gettext as _

from lianxin.domain.bookings.models import Booking, BookingTime, SeatStay, SlotWait
from lianxin.platform import scope
from lianxin.platform.actors import Actor
from lianxin.platform.sensitive import Unreadable

CONTACT_DAYS = 90
NAME_DAYS = 730
WAIT_DAYS = 90
STAY_DAYS = 30
AT_ONCE = 500


def export_rows(person: UUID) -> list[dict[str, Any]]:
    """Give a person's bookings, waits and seats."""
    with scope.everything():
        rows = Booking.objects.filter(person=person).select_related("room", "venue").prefetch_related("times")
        booked = [
            {
                "what": "booking",
                "venue": row.venue.name,
                "room": row.room.name,
                "title": row.title,
                "state": row.state,
                "contact_name": row.contact_name,
                "contact_phone": _revealed(row),
                "note": row.note,
                "times": [
                    {"from": one.starts_at.isoformat(), "until": one.ends_at.isoformat(), "state": one.state}
                    for one in row.times.all()
                ],
            }
            for row in rows.order_by("pk")
        ]
        waits = [
            {"what": "waiting for a slot", "from": wait.starts_at.isoformat(), "title": wait.title, "state": wait.state}
            for wait in SlotWait.objects.filter(person=person).order_by("pk")
        ]
        stays = [
            {"what": "study seat", "from": came.isoformat(), "until": left.isoformat() if left else None}
            for came, left in SeatStay.objects.filter(person=person).order_by("pk").values_list("came_at", "left_at")
        ]
    return [*booked, *waits, *stays]


def erase_rows(person: UUID, actor: Actor, at: datetime) -> list[str]:
    """Take a person out of bookings and seats; that a room was taken stays, without who and what for."""
    with scope.everything():
        count = _forget(Booking.objects.filter(person=person))
        SlotWait.objects.filter(person=person).delete()
        SeatStay.objects.filter(person=person).update(person=None)
    return [_("That rooms were booked at certain times, without a name.")] if count else []


def purge_contacts(at: datetime) -> int:
    """Forget names and numbers of contacts so long after the last date of a booking; gives how many."""
    rows = _over(at - timedelta(days=CONTACT_DAYS)).filter(~Q(contact_name="") | Q(contact_phone__isnull=False))
    with scope.everything():
        return Booking.objects.filter(pk__in=list(rows[:AT_ONCE])).update(contact_name="", contact_phone=None)


def purge_names(at: datetime) -> int:
    """Forget which resident booked, and what for, so long after the last date of a booking; gives how many."""
    with scope.everything():
        rows = _over(at - timedelta(days=NAME_DAYS)).filter(person__isnull=False)
        return _forget(Booking.objects.filter(pk__in=list(rows[:AT_ONCE])))


def purge_waits(at: datetime) -> int:
    """Remove waits that ended so long ago; gives how many."""
    with scope.everything():
        over = SlotWait.objects.exclude(state__in=[SlotWait.State.WAITING, SlotWait.State.OFFERED])
        return over.filter(ends_at__lt=at - timedelta(days=WAIT_DAYS)).delete()[0]


def purge_stays(at: datetime) -> int:
    """Forget who sat on a study seat so long ago; the stay itself still counts. Gives how many."""
    with scope.everything():
        rows = SeatStay.objects.filter(person__isnull=False, left_at__lt=at - timedelta(days=STAY_DAYS))
        return rows.update(person=None)


def _forget(rows: Any) -> int:
    count: int = rows.update(
        person=None,
        household=None,
        contact_name="",
        contact_phone=None,
        note="",
        title=_("Private use"),
        booked_by=None,
    )
    return count


def _over(before: datetime) -> Any:
    with scope.everything():
        last = BookingTime.objects.values("booking").annotate(last=Max("ends_at")).filter(last__lt=before)
        return Booking.objects.filter(pk__in=last.values("booking")).order_by("pk").values_list("pk", flat=True)


def _revealed(row: Booking) -> str:
    try:
        return row.contact_phone.reveal() if row.contact_phone is not None else ""
    except Unreadable:
        return ""
