"""What reception days hold about one person: given out, erased, and forgotten when its time is over."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from lianxin.domain.people.models import Person
from lianxin.domain.voice.models import Channel, ReceptionPlace
from lianxin.domain.voice.rules import titles
from lianxin.platform import scope
from lianxin.platform.actors import Actor
from lianxin.platform.sensitive import Unreadable

CONTACT_DAYS, TALK_DAYS = 180, 1095
AT_ONCE = 500
FORGOTTEN = "—"


def export_rows(person: UUID) -> list[dict[str, Any]]:
    """Give when somebody was received or wanted to be, what they said and what they were answered and promised."""
    with scope.everything():
        rows = ReceptionPlace.objects.filter(person=person).select_related("day__series")
        return [
            {
                "receipt": row.receipt,
                "day": row.day.held_on.isoformat(),
                "title": row.day.series.title,
                "asked_at": row.asked_at.isoformat(),
                "state": row.state,
                "about": row.about,
                "said": row.said,
                "answered": row.answered,
                "channel": row.channel,
                "phone": _revealed(row),
                "promised": [
                    {"words": one.words, "due_by": one.due_by.isoformat(), "state": one.state}
                    for one in row.commitments.all()
                ],
            }
            for row in rows.prefetch_related("commitments").order_by("pk")
        ]


def erase_rows(person: UUID, actor: Actor, at: datetime) -> list[str]:
    """Take a person out of the days on which they were received; that somebody was received stays."""
    with scope.everything():
        names = list(Person.objects.filter(pk=person).values_list("name", flat=True))
        rows = list(ReceptionPlace.objects.filter(person=person))
        _forget(rows, names=names)
    return [_("That somebody was received on a day, without a name.")] if rows else []


def purge_contacts(at: datetime) -> int:
    """Forget the numbers of guests so long after their day; gives how many."""
    with scope.everything():
        old = ReceptionPlace.objects.filter(
            day__ends_at__lt=at - timedelta(days=CONTACT_DAYS), guest_phone__isnull=False
        )
        pks = list(old.values_list("pk", flat=True)[:AT_ONCE])
        return ReceptionPlace.objects.filter(pk__in=pks).update(guest_phone=None, channel=Channel.NONE)


def purge_talks(at: datetime) -> int:
    """Forget who was received so long ago and what was said; that somebody was received stays. Gives how many."""
    with scope.everything():
        old = ReceptionPlace.objects.filter(day__ends_at__lt=at - timedelta(days=TALK_DAYS))
        named = Q(person__isnull=False) | ~Q(guest_name__in=["", FORGOTTEN])
        rows = list(old.filter(named | ~Q(said="") | ~Q(about="")).order_by("pk")[:AT_ONCE])
        _forget(rows, names=[], wholly=True)
        return len(rows)


def _forget(rows: list[ReceptionPlace], *, names: list[str], wholly: bool = False) -> None:
    for row in rows:
        hidden = [*names, row.guest_name, row.helper_name]
        for name in ("about", "said", "answered"):
            setattr(row, name, "" if wholly else titles.hide(getattr(row, name), names=hidden))
        row.person, row.guest_name, row.guest_phone = None, FORGOTTEN, None
        row.helper_name, row.channel = "", Channel.NONE
    fields = ["about", "said", "answered", "person", "guest_name", "guest_phone", "helper_name", "channel"]
    ReceptionPlace.objects.bulk_update(rows, fields, batch_size=100)


def _revealed(row: ReceptionPlace) -> str:
    try:
        return row.guest_phone.reveal() if row.guest_phone is not None else ""
    except Unreadable:
        return ""
