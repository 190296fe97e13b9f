"""What needs hold about one person: given out, erased, and forgotten when its time is over."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from lianxin.domain.needs.commands import counting
from lianxin.domain.needs.models import CategoryExample, Need, NeedReport
from lianxin.domain.needs.rules import similar, titles
from lianxin.domain.people.models import Person
from lianxin.platform import scope
from lianxin.platform.actors import Actor
from lianxin.platform.sensitive import Unreadable

CONTACT_DAYS = 180
NAME_DAYS = 1095
AT_ONCE = 500
OVER = (NeedReport.State.NOT_A_NEED, NeedReport.State.REFERRED, NeedReport.State.WITHDRAWN)
CLOSED = (Need.State.MET, Need.State.UNMET, Need.State.WITHDRAWN)


def export_rows(person: UUID) -> list[dict[str, Any]]:
    """Give what a person said, what they were told and whether they said that it was met."""
    with scope.everything():
        rows = NeedReport.objects.filter(person=person).select_related("category", "need").prefetch_related("answers")
        return [
            {
                "receipt": row.receipt,
                "words": row.words,
                "heard_at": row.heard_at.isoformat(),
                "how": row.how,
                "channel": row.channel,
                "phone": _revealed(row),
                "category": row.category.code if row.category else "",
                "state": row.state,
                "on_the_list_as": row.need.title if row.need else "",
                "met": row.met,
                "met_words": row.met_words,
                "answers": [
                    {"at": one.made_at.isoformat(), "kind": one.kind, "words": one.words, "state": one.state}
                    for one in row.answers.all()
                ],
            }
            for row in rows.order_by("pk")
        ]


def erase_rows(person: UUID, actor: Actor, at: datetime) -> list[str]:
    """Take a person out of what they said; the need itself stays, without whom it came from."""
    with scope.everything():
        names = list(Person.objects.filter(pk=person).values_list("name", flat=True))
        rows = list(NeedReport.objects.filter(person=person))
        _forget(rows, names=names, at=at)
    return [_("That a need was voiced, without a name.")] if rows else []


def purge_contacts(at: datetime) -> int:
    """Forget the numbers of guests so long after what they asked for was closed; gives how many."""
    with scope.everything():
        rows = _closed(at - timedelta(days=CONTACT_DAYS)).filter(guest_phone__isnull=False)
        return NeedReport.objects.filter(pk__in=list(rows.values_list("pk", flat=True)[:AT_ONCE])).update(
            guest_phone=None, channel=NeedReport.Channel.NONE
        )


def purge_names(at: datetime) -> int:
    """Forget who said something so long after it was closed; the need and its answer stay. Gives how many."""
    with scope.everything():
        old = _closed(at - timedelta(days=NAME_DAYS))
        named = old.filter(person__isnull=False) | old.exclude(guest_name="")
        rows = list(named.select_related("person").order_by("pk")[:AT_ONCE])
        names = [row.person.name for row in rows if row.person is not None]
        _forget(rows, names=names, at=at)
        return len(rows)


def _closed(before: datetime) -> QuerySet[NeedReport]:
    over = NeedReport.objects.filter(state__in=OVER, recorded_at__lt=before)
    return over | NeedReport.objects.filter(need__state__in=CLOSED, need__closed_at__lt=before)


def _forget(rows: list[NeedReport], *, names: list[str], at: datetime) -> None:
    for row in rows:
        row.words = titles.hide(row.words, names=[*names, row.guest_name, row.helper_name])
        row.words_digest = similar.digest(row.words)
        row.met_words = titles.hide(row.met_words, names=names)
        row.person, row.household, row.guest_name, row.guest_phone = None, None, "", None
        row.is_anonymous, row.helper_name, row.channel = True, "", NeedReport.Channel.NONE
    fields = (
        "words",
        "words_digest",
        "met_words",
        "person",
        "household",
        "guest_name",
        "guest_phone",
        "is_anonymous",
        "helper_name",
        "channel",
    )
    NeedReport.objects.bulk_update(rows, fields, batch_size=100)
    for example in CategoryExample.objects.filter(report__in=[row.pk for row in rows]):
        example.words = titles.hide(example.words, names=names)
        example.save(update_fields=["words"])
    # Not locked: erasing goes through all modules, whose accounts may be held by now.
    counting.recount(Need.objects.filter(pk__in={row.need_id for row in rows if row.need_id}), at=at)


def _revealed(row: NeedReport) -> str:
    try:
        return row.guest_phone.reveal() if row.guest_phone is not None else ""
    except Unreadable:
        return ""
