"""Who is told that an order is ready: those who agreed to messages and have a phone, once."""

import json

import pytest

from lianxin.domain.people.commands.consents import give_consent
from lianxin.domain.people.models import Person
from lianxin.domain.people.tests.factories import AT as AGREED_AT
from lianxin.domain.people.tests.factories import load_register, resident
from lianxin.domain.shop.commands import reservations
from lianxin.domain.shop.models import Redemption
from lianxin.domain.shop.tests.factories import AT, Shop, make_item, make_shop
from lianxin.platform import scope
from lianxin.platform.models import Message
from lianxin.platform.sensitive import digest, seal

pytestmark = pytest.mark.django_db
PHONE, PURPOSE = "13800138000", "people.person.phone"


def order_of(shop: Shop, person: Person | None = None) -> Redemption:
    """Something that waits for the first household."""
    return reservations.reserve(
        actor=shop.keeper,
        household=shop.homes[0].pk,
        venue=shop.venue.pk,
        items={make_item(shop).pk: 1},
        person=person.pk if person else None,
        at=AT,
    )


def give_phone(person: Person) -> None:
    """Let somebody have a phone."""
    with scope.everything():
        Person.objects.filter(pk=person.pk).update(
            phone=seal(PHONE, PURPOSE),
            phone_digest=digest(PHONE, PURPOSE),
            phone_last4="8000",
        )


def messages() -> list[dict[str, str]]:
    """What was sent about orders."""
    return [json.loads(row.context.reveal()) for row in Message.objects.filter(template="order_ready")]


def test_head_who_agreed_to_messages_is_told_once_where_and_until_when() -> None:
    load_register()
    shop = make_shop()
    head = shop.member()
    give_phone(head)
    give_consent(actor=resident(head), person=head.pk, purpose="notices", how="screen", at=AGREED_AT)
    order = order_of(shop)

    reservations.put_ready(actor=shop.keeper, redemption=order.pk, at=AT)
    reservations.put_ready(actor=shop.keeper, redemption=order.pk, at=AT)

    assert messages() == [{"place": "翠英党群服务中心", "day": "2026年3月5日"}]


def test_nobody_is_told_who_did_not_agree() -> None:
    load_register()
    shop = make_shop()
    give_phone(shop.member())
    order = order_of(shop)

    reservations.put_ready(actor=shop.keeper, redemption=order.pk, at=AT)

    assert messages() == []
    with scope.everything():
        assert Redemption.objects.get(pk=order.pk).ready_at == AT
