"""Delivering by the file back end, publishing texts, and forgetting what was delivered."""

import json
import os
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext as _

from lianxin.domain.channels import rules
from lianxin.domain.channels.models import Delivery, MessageTemplate
from lianxin.domain.channels.queries import ADDRESS_PURPOSE, FALLBACK_LANGUAGE, find_template, shipped
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day
from lianxin.platform.commands import act, command
from lianxin.platform.errors import Invalid, NotAllowed
from lianxin.platform.sensitive import digest, seal

NAMES = ("sms", "print", "group")
EDITORS = ("district_staff", "system")
TEXT_PURPOSE = "channels.delivery.text"
KEEP_DAYS = 30


def deliver(
    *, channel: str, message_id: UUID, address: str, template: str, context: Mapping[str, Any], at: datetime
) -> Delivery:
    """Write one message to the day's file and note it; a message that was delivered before is left alone."""
    there = Delivery.objects.filter(message_id=message_id).first()
    if there is not None:
        return there
    text = find_template(code=template, channel=channel, language=str(context.get("language") or FALLBACK_LANGUAGE))
    body = rules.render(text.text, context)
    delivery = Delivery.objects.create(
        message_id=message_id,
        channel=channel,
        address=seal(address, ADDRESS_PURPOSE),
        address_digest=digest(address, ADDRESS_PURPOSE),
        template=template,
        template_version=text.version,
        text=seal(body, TEXT_PURPOSE),
        delivered_at=at,
    )
    # Last, so that a row that could not be written leaves no line; a crash between the two repeats the line.
    _append(
        file_of(channel=channel, on=local_day(at)),
        {"at": at.isoformat(), "message": str(message_id), "to": address, "template": template, "text": body},
    )
    return delivery


def file_of(*, channel: str, on: date) -> Path:
    """Give the file of a day and channel."""
    return Path(settings.VAR_DIR) / "outbox" / f"{on.isoformat()}-{channel}.jsonl"


def _append(path: Path, line: dict[str, str]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    text = json.dumps(line, ensure_ascii=False) + "\n"
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "a", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


@command("channels.publish_template")
def publish_template(
    *,
    actor: Actor,
    code: str,
    channel: str,
    text: str,
    language: str = FALLBACK_LANGUAGE,
    at: datetime,
    key: UUID | None = None,
) -> MessageTemplate:
    """Publish the next version of a text; it may use only what the text before it used."""
    if not actor.holds(*EDITORS):
        raise NotAllowed
    if channel not in NAMES:
        raise Invalid(fields={"channel": [_("Choose one of: %(names)s.") % {"names": ", ".join(NAMES)}]})
    if not text.strip():
        raise Invalid(fields={"text": [_("The text is missing.")]})
    last = MessageTemplate.objects.filter(code=code, channel=channel, language=language).order_by("-version").first()
    first = shipped().get((code, channel, language)) or shipped().get((code, channel, FALLBACK_LANGUAGE), "")
    known = rules.placeholders(first or (last.text if last else ""))
    strange = rules.placeholders(text) - known
    if known and strange:
        raise Invalid(
            fields={
                "text": [
                    _("{%(name)s} is not known here. Use: %(known)s.")
                    % {"name": min(strange), "known": ", ".join(f"{{{name}}}" for name in sorted(known))}
                ]
            }
        )
    ships_one = (code, channel, language) in shipped()
    row = MessageTemplate.objects.create(
        code=code,
        channel=channel,
        language=language,
        version=last.version + 1 if last else 2 if ships_one else 1,
        text=text.strip(),
        published_at=at,
    )
    act().target(row, "published", {"code": [None, code], "version": [None, row.version]})
    return row


def forget_deliveries(at: datetime) -> int:
    """Delete rows and files of messages that left more than 30 days ago; give how many rows."""
    before = at - timedelta(days=KEEP_DAYS)
    oldest = local_day(before).isoformat()
    for path in (Path(settings.VAR_DIR) / "outbox").glob("????-??-??-*.jsonl"):
        if path.name[:10] < oldest:
            path.unlink(missing_ok=True)
    return Delivery.objects.filter(delivered_at__lt=before).delete()[0]
