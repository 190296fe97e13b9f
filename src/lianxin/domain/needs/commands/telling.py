"""How an answer reaches an asker: by message, by a call, on paper, or on the page of the receipt."""

import logging
from collections.abc import Iterable
from uuid import UUID

from django.conf import settings

from lianxin.domain.needs.models import Answer, NeedReport
from lianxin.domain.needs.rules import receipts
from lianxin.domain.people.models import Person
from lianxin.platform import contributions, outbox, scope
from lianxin.platform.sensitive import Sealed, Unreadable

log = logging.getLogger(__name__)

Channel = NeedReport.Channel
ANSWERED, STILL_NEEDED = "need_answered", "need_still"
BY_MESSAGE = (Channel.SMS, Channel.WECHAT)


def phones_of(reports: Iterable[NeedReport]) -> dict[UUID, str]:
    """Give the phone numbers by voice; one that cannot be read, and one of somebody without a phone, is left out."""
    rows = list(reports)
    people = {row.person_id for row in rows if row.person_id}
    sealed: dict[UUID, Sealed | None] = {}
    if people:
        with scope.everything():
            known = Person.objects.filter(pk__in=people, phone__isnull=False, no_phone=False, state=Person.State.LIVING)
            sealed = dict(known.values_list("pk", "phone"))
    found = {}
    for row in rows:
        number = (
            row.guest_phone if row.guest_phone is not None else sealed.get(row.person_id) if row.person_id else None
        )
        if number is not None:
            try:
                found[row.pk] = number.reveal()
            except Unreadable:
                log.warning("the phone of voice %s cannot be read, so no message was sent", row.pk)
    return found


def way_for(channel: str, *, has_phone: bool) -> str:
    """Give how an answer stands once it is made: sent, to be told, to be handed over, or shown on the receipt page."""
    if channel == Channel.NONE:
        return Answer.State.SHOWN
    if channel == Channel.PAPER or not has_phone:
        return Answer.State.TO_HAND
    return Answer.State.TO_TELL if channel == Channel.PHONE else Answer.State.SENT


def send(report: NeedReport, phone: str, *, template: str, **context: str) -> None:
    """Send an asker a message, inside a command; their own words stay off the phone's screen."""
    outbox.send(
        channel=_line(report.channel),
        address=phone,
        template=template,
        context={"receipt": receipts.spaced(report.receipt), "link": link_of(report), **context},
        community_id=report.community_id,
    )


def link_of(report: NeedReport) -> str:
    """Give the private address of a receipt."""
    token = receipts.token_for(report.pk, report.receipt)
    return settings.BASE_URL.rstrip("/") + receipts.page_path(report.receipt, token)


def _line(channel: str) -> str:
    """Give the channel that carries it: WeChat where the district has connected it, else a text message."""
    known = {one.name for one in contributions.every("channels")}
    return channel if channel == Channel.WECHAT and channel in known else "sms"
