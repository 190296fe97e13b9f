"""The outbox: messages are rows written with the act, and delivered after it by the worker."""

import json
import logging
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from lianxin.platform import contributions
from lianxin.platform.commands import act, plain
from lianxin.platform.models import Message
from lianxin.platform.sensitive import seal

log = logging.getLogger(__name__)

ADDRESS_PURPOSE = "platform.message.address"
CONTEXT_PURPOSE = "platform.message.context"
MAX_ATTEMPTS = 5
KEEP_DAYS = 90


def send(
    *,
    channel: str,
    address: str,
    template: str,
    context: dict[str, Any] | None = None,
    community_id: UUID | None = None,
) -> Message:
    """Put a message in the outbox of the running command; address and contents are kept sealed."""
    running = act()
    return Message.objects.create(
        channel=channel,
        address=seal(address, ADDRESS_PURPOSE),
        template=template,
        context=seal(json.dumps(plain(context or {}), ensure_ascii=False), CONTEXT_PURPOSE),
        community_id=community_id,
        created_at=running.at,
        next_try_at=running.at,
    )


def deliver_due(*, at: datetime, limit: int = 50) -> int:
    """Deliver what is waiting, each message in a transaction of its own; give how many went out."""
    channels = {channel.name: channel for channel in contributions.every("channels")}
    sent = 0
    due = Message.objects.filter(state=Message.State.WAITING, next_try_at__lte=at).order_by("next_try_at", "pk")
    for message_id in list(due.values_list("pk", flat=True)[:limit]):
        claimed = Message.objects.filter(pk=message_id, state=Message.State.WAITING, next_try_at__lte=at).update(
            next_try_at=at + timedelta(minutes=2)
        )
        if claimed:
            sent += _deliver_one(message_id, channels, at)
    return sent


def _deliver_one(message_id: UUID, channels: dict[str, Any], at: datetime) -> int:
    message = Message.objects.get(pk=message_id)
    attempts = message.attempts + 1
    try:
        with transaction.atomic():
            channels[message.channel].deliver(
                message_id=message.pk,
                address=message.address.reveal(),
                template=message.template,
                context=json.loads(message.context.reveal()),
                at=at,
            )
            Message.objects.filter(pk=message_id).update(
                state=Message.State.SENT, sent_at=at, attempts=attempts, failure=""
            )
            return 1
    except Exception as error:  # noqa: BLE001 - whatever a channel raises, the message is tried again
        log.warning("message %s not delivered: %s", message_id, type(error).__name__)
        Message.objects.filter(pk=message_id).update(
            attempts=attempts,
            failure=f"{type(error).__name__}: {error}"[:500],
            state=Message.State.FAILED if attempts >= MAX_ATTEMPTS else Message.State.WAITING,
            next_try_at=at + timedelta(seconds=10 * 2**attempts),
        )
        return 0


def forget_sent(at: datetime, days: int = KEEP_DAYS) -> int:
    """Remove messages that left, or were given up, more than so many days ago; give how many."""
    over = Message.objects.filter(state__in=[Message.State.SENT, Message.State.FAILED])
    return over.filter(created_at__lt=at - timedelta(days=days)).delete()[0]
