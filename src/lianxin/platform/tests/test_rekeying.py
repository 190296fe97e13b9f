"""Every sealed column of the house is brought to the active keys, and the digest beside it."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings as django_settings

from lianxin.platform import audit, keys, rekeying, scope
from lianxin.platform.actors import Actor
from lianxin.platform.errors import Invalid
from lianxin.platform.models import Message
from lianxin.platform.outbox import ADDRESS_PURPOSE, CONTEXT_PURPOSE
from lianxin.platform.sensitive import SealedField, digest, seal

AT = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
# Digests that stand alone: no sealed text beside them from which they could be made anew.
ALONE = {
    "people.account.phone_digest",
    "people.card.token_digest",
    "people.invitation.token_digest",
    "people.onetimecode.address_digest",
    "people.onetimecode.code_digest",
    "people.onetimecode.phone_digest",
    "people.recoverycode.code_digest",
}


@pytest.fixture
def own_ring(settings, tmp_path):
    settings.KEY_FILE = tmp_path / "keys.json"
    settings.VAR_DIR = tmp_path
    keys.create_ring(at=AT)


def make_messages(count: int) -> None:
    for number in range(count):
        Message.objects.create(
            channel="sms",
            address=seal(f"1380000{number:04d}", ADDRESS_PURPOSE),
            template="t",
            context=seal("{}", CONTEXT_PURPOSE),
            next_try_at=AT,
            created_at=AT,
        )


def test_every_digest_column_belongs_to_a_sealed_one_or_is_known_to_stand_alone() -> None:
    declared = {f"{each.model._meta.label_lower}.{each.field.digest}" for each in rekeying.sealed_columns()}
    keyed = {
        f"{model._meta.label_lower}.{field.name}"
        for model in apps.get_models()
        if model._meta.app_label in ("people", "channels", "places")
        for field in model._meta.local_concrete_fields
        if field.name.endswith("_digest") and not isinstance(field, SealedField)
    }

    assert keyed - declared - ALONE == set()


@pytest.mark.django_db(transaction=True)
def test_rotation_and_renewal_leave_nothing_on_the_former_key(own_ring) -> None:
    make_messages(5)

    name = rekeying.rotate_key(actor=Actor.system(via="cli"), kind="encryption", algorithm="sm4-gcm", at=AT)
    changed = rekeying.reencrypt_everything(at=AT, tell=lambda *_: None, chunk=2)

    assert name == "encryption key 2 (sm4-gcm)"
    assert changed == 10
    assert rekeying.count_by_key()["platform.message.address"] == {2: 5}
    assert Message.objects.order_by("pk").first().address.reveal() == "13800000000"
    with scope.everything():
        assert list(audit.check_chain(AT)) == []


@pytest.mark.django_db(transaction=True)
def test_renewal_that_was_stopped_goes_on_where_it_was(own_ring) -> None:
    make_messages(6)
    rekeying.rotate_key(actor=Actor.system(via="cli"), kind="encryption", at=AT)
    seen = []

    def stop_at_second(column: str, rows: int, changed: int) -> None:
        seen.append(column)
        if len(seen) == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        rekeying.reencrypt_everything(at=AT, tell=stop_at_second, chunk=2)
    rest = rekeying.reencrypt_everything(at=AT, tell=lambda *_: None, chunk=2)

    assert rest == 12 - 4
    assert not (Path(django_settings.VAR_DIR) / rekeying.STAMP).exists()


@pytest.mark.django_db(transaction=True)
def test_digest_is_made_anew_from_the_sealed_text(own_ring) -> None:
    Delivery = apps.get_model("channels.Delivery")  # noqa: N806 - a class

    purpose = "channels.delivery.address"
    Delivery.objects.create(
        message_id="0190a000-0000-7000-8000-000000000000",
        channel="sms",
        address=seal("13800000000", purpose),
        address_digest=digest("13800000000", purpose),
        template="t",
        template_version=1,
        text=seal("x", "channels.delivery.text"),
        delivered_at=AT,
    )
    former = Delivery.objects.get().address_digest
    rekeying.rotate_key(actor=Actor.system(via="cli"), kind="digest", at=AT)

    rekeying.reencrypt_everything(at=AT, tell=lambda *_: None)

    assert Delivery.objects.get().address_digest == digest("13800000000", purpose) != former


@pytest.mark.django_db(transaction=True)
def test_unknown_algorithm_is_a_sentence_and_changes_no_key(own_ring) -> None:
    with pytest.raises(Invalid, match="Unknown encryption algorithm"):
        rekeying.rotate_key(actor=Actor.system(via="cli"), kind="encryption", algorithm="rot13", at=AT)

    assert len(keys.ring(fresh=True).keys) == 3
