"""Messages to residents about their orders: to those who agreed to be sent messages, and nobody else."""

import logging
from datetime import timedelta
from uuid import UUID

from lianxin.domain.people.models import Account, Person
from lianxin.domain.people.queries.consents import has_consent
from lianxin.domain.points.rules.day_words import day_words
from lianxin.domain.shop.models import Redemption
from lianxin.platform import outbox
from lianxin.platform.clock import local_day
from lianxin.platform.sensitive import Unreadable

READY = "order_ready"
PURPOSE = "notices"
log = logging.getLogger(__name__)


def tell_ready(row: Redemption) -> bool:
    """Let the one who collects an order, else who made it, else the head know that it is ready; inside a command."""
    phone = _phone(row)
    if not phone or row.venue is None or row.expires_at is None:
        return False
    last_day = local_day(row.expires_at - timedelta(seconds=1))
    outbox.send(
        channel="sms",
        address=phone,
        template=READY,
        context={"place": row.venue.name, "day": day_words(last_day)},
        community_id=row.community_id,
    )
    return True


def _phone(row: Redemption) -> str:
    """Give the phone of the first of them who has one and agreed to messages."""
    accounts = Account.objects.filter(pk__in=[row.made_by] if row.made_by else [], person__isnull=False)
    made_by = accounts.values_list("person_id", flat=True).first()
    wanted: list[UUID] = [pk for pk in (row.person_id, made_by) if pk is not None]
    living = Person.objects.filter(state=Person.State.LIVING, phone__isnull=False)
    people = {person.pk: person for person in living.filter(pk__in=wanted)}
    heads = living.filter(household=row.household_id, relation=Person.Relation.HEAD)
    for person in [*(people[pk] for pk in wanted if pk in people), *heads.order_by("pk")[:1]]:
        if person.phone is None or not has_consent(person=person.pk, purpose=PURPOSE):
            continue
        try:
            return person.phone.reveal()
        except Unreadable:
            log.warning("the phone of person %s cannot be read, so no message was sent", person.pk)
    return ""
