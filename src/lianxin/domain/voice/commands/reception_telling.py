"""What somebody with a place on a reception day is told: by message, or by a call that staff make."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext as _

from lianxin.domain.people.models import Person
from lianxin.domain.voice.commands import reception_duties
from lianxin.domain.voice.models import Channel, ReceptionDay, ReceptionPlace
from lianxin.domain.voice.rules import receipts
from lianxin.domain.voice.rules.receptions import slot_times
from lianxin.platform import contributions, outbox, scope
from lianxin.platform.clock import LOCAL
from lianxin.platform.sensitive import Sealed, Unreadable

log = logging.getLogger(__name__)

BOOKED, MOVED_UP, CHANGED, OFF = "reception_booked", "reception_moved_up", "reception_changed", "reception_off"
CALL_WITHIN = timedelta(days=1)


def tell(places: Iterable[ReceptionPlace], template: str, *, reason: str = "", at: datetime) -> None:
    """Tell each of them; who chose a call or paper, or has no phone, is called, but of a booking made face to face."""
    rows = list(places)
    phones = phones_of(rows)
    for row in rows:
        day = row.day
        if row.channel in (Channel.SMS, Channel.WECHAT) and row.pk in phones:
            outbox.send(
                channel=_line(row.channel),
                address=phones[row.pk],
                template=template,
                context={
                    "title": day.series.title,
                    "when": when_of(row),
                    "where": where_of(day),
                    "reason": _sentence(reason),
                    "receipt": receipts.spaced(row.receipt),
                    "link": link_of(row),
                },
                community_id=row.community_id,
            )
        elif template != BOOKED and row.channel != Channel.NONE:
            reception_duties.ask_to_call(row, title=_title(template, day), due_at=_soon(day, at))


def phones_of(places: Iterable[ReceptionPlace]) -> dict[UUID, str]:
    """Give the phone numbers by place; who has none is left out."""
    rows = list(places)
    people = {row.person_id for row in rows if row.person_id}
    sealed: dict[UUID, Sealed | None] = {}
    if people:
        with scope.everything():
            known = Person.objects.filter(pk__in=people, phone__isnull=False, no_phone=False, state=Person.State.LIVING)
            sealed = dict(known.values_list("pk", "phone"))
    found = {}
    for row in rows:
        number = row.guest_phone or (sealed.get(row.person_id) if row.person_id else None)
        if number is not None:
            try:
                found[row.pk] = number.reveal()
            except Unreadable:
                log.warning("the phone of place %s cannot be read, so no message was sent", row.pk)
    return found


def when_of(row: ReceptionPlace) -> str:
    """Say when somebody is received: the day, and their own time where they have one."""
    day = row.day
    starts, ends = day.starts_at, day.ends_at
    if row.slot is not None and row.slot < day.slots:
        starts, ends = slot_times(day.starts_at, day.ends_at, day.slots)[row.slot]
    local, last = starts.astimezone(LOCAL), ends.astimezone(LOCAL)
    said = {"month": local.month, "day": local.day, "from": f"{local:%H:%M}", "until": f"{last:%H:%M}"}
    return _("%(month)d/%(day)d, %(from)s–%(until)s") % said


def where_of(day: ReceptionDay) -> str:
    """Say where a day is held."""
    series = day.series
    room, venue = series.room, series.venue
    if room is not None:
        return f"{room.venue.name} {room.name}"
    return " ".join(filter(None, (venue.name if venue is not None else "", series.place_words)))


def link_of(row: ReceptionPlace) -> str:
    """Give the private address of a place."""
    return settings.BASE_URL.rstrip("/") + page_path(row)


def page_path(row: ReceptionPlace) -> str:
    """Give the path of a place's own page."""
    return f"/d/{row.receipt}/{receipts.token_for(row.pk, row.receipt)}/"


def _title(template: str, day: ReceptionDay) -> str:
    named = {"title": day.series.title, "day": day.held_on.isoformat()}
    if template == MOVED_UP:
        return _("Call: a place is free now, %(title)s, %(day)s") % named
    if template == CHANGED:
        return _("Call: another time or place, %(title)s, %(day)s") % named
    return _("Call: called off, %(title)s, %(day)s") % named


def _soon(day: ReceptionDay, at: datetime) -> datetime:
    return max(at, min(at + CALL_WITHIN, day.starts_at - timedelta(hours=1)))


def _line(channel: str) -> str:
    known = {one.name for one in contributions.every("channels")}
    return channel if channel == Channel.WECHAT and channel in known else "sms"


def _sentence(text: str) -> str:
    text = text.strip()
    return text if not text or text[-1] in "。.!?！？" else text + _(".")
