import json
from datetime import UTC, datetime, timedelta

import pytest

from lianxin.domain.channels import commands, queries, rules
from lianxin.domain.channels.models import Delivery
from lianxin.platform import outbox
from lianxin.platform.actors import Actor
from lianxin.platform.commands import command
from lianxin.platform.errors import Invalid, Missing, NotAllowed
from lianxin.platform.ids import new_id

AT = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
SYSTEM = Actor.system(via="cli")


@pytest.fixture
def folder(tmp_path, settings):
    settings.VAR_DIR = tmp_path
    return tmp_path / "outbox"


def deliver(**values):
    fields = {
        "channel": "sms",
        "message_id": new_id(),
        "address": "13800138000",
        "template": "login_code",
        "context": {"code": "123456", "minutes": 5},
        "at": AT,
    }
    return commands.deliver(**(fields | values))


def test_a_value_is_never_read_as_a_template() -> None:
    assert rules.render("{a} {b}", {"a": "{b}", "b": "x"}) == "{b} x"
    with pytest.raises(rules.PlaceholderMissing):
        rules.render("{a}", {})


@pytest.mark.django_db
def test_a_message_leaves_once_and_the_code_can_be_read(folder) -> None:
    message = new_id()

    deliver(message_id=message)
    deliver(message_id=message)

    (line,) = (folder / "2026-11-20-sms.jsonl").read_text(encoding="utf-8").splitlines()
    assert json.loads(line)["to"] == "13800138000"
    (found,) = queries.recent(address="13800138000")
    assert "123456" in found.text
    assert queries.recent(address="13900139000") == []
    assert b"123456" not in bytes(Delivery.objects.get().text.ciphertext)
    assert (folder / "2026-11-20-sms.jsonl").stat().st_mode & 0o077 == 0


@pytest.mark.django_db(transaction=True)
def test_the_outbox_delivers_what_a_command_sent(folder) -> None:
    @command("tests.send")
    def send(*, actor, at):
        outbox.send(channel="sms", address="13800138000", template="plain", context={"text": "您好"})

    send(actor=SYSTEM, at=AT)

    assert outbox.deliver_due(at=AT) == 1
    assert [d.text for d in queries.recent(address="13800138000")] == ["您好"]


@pytest.mark.django_db
def test_the_newest_version_of_a_text_is_used_and_an_unknown_name_is_refused(folder) -> None:
    with pytest.raises(Invalid):
        commands.publish_template(actor=SYSTEM, code="login_code", channel="sms", text="{password}", at=AT)
    with pytest.raises(NotAllowed):
        commands.publish_template(actor=Actor.anonymous(), code="login_code", channel="sms", text="码{code}", at=AT)
    row = commands.publish_template(actor=SYSTEM, code="login_code", channel="sms", text="码{code}", at=AT)

    deliver()

    assert row.version == 2
    assert queries.recent(address="13800138000")[0].text == "码123456"


@pytest.mark.django_db
def test_a_message_in_english_gets_the_english_text_and_an_unknown_template_is_missing(folder) -> None:
    deliver(context={"code": "1", "minutes": 5, "language": "en"})

    assert queries.recent(address="13800138000")[0].text.startswith("Your login code")
    with pytest.raises(Missing):
        deliver(template="nothing")


@pytest.mark.django_db
def test_old_deliveries_and_their_files_are_forgotten(folder) -> None:
    deliver()

    assert commands.forget_deliveries(AT + timedelta(days=29)) == 0
    assert commands.forget_deliveries(AT + timedelta(days=32)) == 1
    assert not (folder / "2026-11-20-sms.jsonl").exists()
