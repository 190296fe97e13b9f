"""Messages to those who signed up: one per phone number and party, with the link by which they can cancel."""

import logging
from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from django.conf import settings

from lianxin.domain.activities.models import Occurrence, SignUp
from lianxin.domain.activities.rules import tokens
from lianxin.domain.activities.rules.telling import when_words
from lianxin.domain.people.models import Person
from lianxin.platform import outbox, scope
from lianxin.platform.sensitive import Sealed, Unreadable

log = logging.getLogger(__name__)


def tell(rows: Sequence[SignUp], place: Occurrence, *, template: str, at: datetime, reason: str = "") -> int:
    """Send a message to those of these sign-ups who have a phone, inside a command; gives how many were sent."""
    phones = phones_of(rows)
    seen: set[tuple[UUID, str]] = set()
    title = place.title or place.activity.title
    for row in rows:
        phone = phones.get(row.pk, "")
        if not phone or (row.party, phone) in seen:
            continue
        seen.add((row.party, phone))
        outbox.send(
            channel="sms",
            address=phone,
            template=template,
            context={
                "title": title,
                "when": when_words(place.starts_at),
                "code": row.code,
                "until": when_words(row.offered_until) if row.offered_until else "",
                "link": link_of(row),
                "reason": reason,
            },
            community_id=place.community_id,
        )
    return len(seen)


def phones_of(rows: Iterable[SignUp]) -> dict[UUID, str]:
    """Give the phone numbers by sign-up; one that cannot be read counts as none."""
    listed = list(rows)
    people = {row.person_id for row in listed if row.person_id}
    sealed: dict[UUID, Sealed | None] = {}
    if people:
        with scope.everything():
            known = Person.objects.filter(pk__in=people, phone__isnull=False, no_phone=False)
            sealed = dict(known.values_list("pk", "phone"))
    found = {}
    for row in listed:
        number = sealed.get(row.person_id) if row.person_id else row.guest_phone
        if number is not None:
            try:
                found[row.pk] = number.reveal()
            except Unreadable:
                log.warning("the phone of sign-up %s cannot be read, so no message was sent", row.pk)
    return found


def link_of(row: SignUp) -> str:
    """Give the private address of a ticket; a key that is gone makes no address."""
    fitting = [token for token in tokens.tokens_for(row.pk) if tokens.token_digest(token) == row.token_digest]
    return settings.BASE_URL.rstrip("/") + tokens.ticket_path(fitting[0]) if fitting else ""
