"""Who is told about a shift: those who took it by message, the office by a duty while people are missing."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils import formats
from django.utils.translation import gettext as _

from lianxin.domain.activities.models import Shift, ShiftPlace
from lianxin.domain.activities.rules import shifts as rules
from lianxin.domain.people.models import Person
from lianxin.domain.places.models import Venue
from lianxin.platform import duties, outbox, scope
from lianxin.platform.clock import LOCAL
from lianxin.platform.sensitive import Unreadable

TOO_FEW = "activities.shift_too_few"
HOURS_MISSING = "activities.shift_hours_missing"
CHANGED, CANCELLED, TOMORROW, PUT_DOWN = "shift_changed", "shift_cancelled", "shift_tomorrow", "shift_put_down"


def watch(row: Shift, *, at: datetime) -> None:
    """Keep the duty of a shift that lacks people and comes soon; close it when there are enough."""
    lacks = rules.needs_people(taken=row.taken, least=row.least, starts_at=row.starts_at, at=at)
    if not (lacks and row.state == Shift.State.OPEN):
        unwatch(row)
        return
    duties.open(
        kind=TOO_FEW,
        record=row,
        community_id=row.community_id,
        title=_("%(role)s on %(when)s: %(missing)d volunteers are missing")
        % {"role": row.role, "when": spoken(row.starts_at), "missing": row.least - row.taken},
        due_at=row.starts_at,
        assignee_role="community_staff",
        url_name="staff:shift",
        url_args={"shift": str(row.pk)},
    )


def unwatch(row: Shift) -> None:
    """Close the duty of a shift that lacks people."""
    duties.close(kind=TOO_FEW, record=row)


def settle(row: Shift) -> None:
    """Close all duties of a shift that ended."""
    for kind in (TOO_FEW, HOURS_MISSING):
        duties.close(kind=kind, record=row)


def ask_for_minutes(row: Shift, *, at: datetime) -> None:
    """Keep the duty of a shift that is over while it is not noted who came."""
    duties.open(
        kind=HOURS_MISSING,
        record=row,
        community_id=row.community_id,
        title=_("%(role)s on %(when)s: note who came") % {"role": row.role, "when": spoken(row.starts_at)},
        due_at=row.ends_at + rules.NOTE_WITHIN,
        assignee_role="community_staff",
        url_name="staff:shift",
        url_args={"shift": str(row.pk)},
    )


def tell_all(row: Shift, template: str, **more: Any) -> int:
    """Write to everybody who holds a place and has a phone; give how many were told."""
    places = ShiftPlace.objects.filter(shift=row, state=ShiftPlace.State.TAKEN, person__isnull=False)
    people = list(places.values_list("person_id", flat=True))
    return sum(tell(row, person, template, **more) for person in people)


def tell(row: Shift, person: UUID | None, template: str, **more: Any) -> bool:
    """Write to one who holds a place, if they have a phone; they may live in another community."""
    if person is None:
        return False
    with scope.everything():
        who = Person.objects.filter(pk=person, state=Person.State.LIVING, phone__isnull=False).only("phone").first()
    if who is None or who.phone is None:
        return False
    try:
        phone = who.phone.reveal()
    except Unreadable:
        return False
    context = {"role": row.role, "when": spoken(row.starts_at), "where": where(row), **more}
    outbox.send(channel="sms", address=phone, template=template, context=context, community_id=row.community_id)
    return True


def where(row: Shift) -> str:
    """Give the place of a shift in words."""
    name = ""
    if row.venue_id is not None:
        name = Venue.objects.filter(pk=row.venue_id).values_list("name", flat=True).first() or ""
    return " ".join(filter(None, (name, row.place))) or _("see the page of the shift")


def spoken(moment: datetime) -> str:
    """Write a moment as people say it."""
    local = moment.astimezone(LOCAL)
    return f"{formats.date_format(local, 'MONTH_DAY_FORMAT')} {local:%H:%M}"
