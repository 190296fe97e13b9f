"""What was delivered, and which text is current."""

import json
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from uuid import UUID

from lianxin.domain.channels.models import Delivery, MessageTemplate
from lianxin.platform.errors import Missing
from lianxin.platform.sensitive import digest_candidates

ADDRESS_PURPOSE = "channels.delivery.address"
SHIPPED = Path(__file__).parent / "data" / "templates.json"
FALLBACK_LANGUAGE = "zh-hans"


@dataclass(frozen=True, slots=True)
class CurrentTemplate:
    """The text that is used now."""

    code: str
    channel: str
    language: str
    version: int
    text: str


@dataclass(frozen=True, slots=True)
class Delivered:
    """One message as it arrived."""

    id: UUID
    channel: str
    template: str
    text: str
    delivered_at: datetime


@lru_cache(maxsize=1)
def shipped() -> dict[tuple[str, str, str], str]:
    """Give the texts that the program ships, by code, channel and language."""
    rows = json.loads(SHIPPED.read_text(encoding="utf-8"))["templates"]
    return {(row["code"], row["channel"], row["language"]): row["text"] for row in rows}


def find_template(*, code: str, channel: str, language: str = FALLBACK_LANGUAGE) -> CurrentTemplate:
    """Give the newest text in the language, else in Chinese; raises Missing."""
    for wanted in dict.fromkeys((language, FALLBACK_LANGUAGE)):
        row = MessageTemplate.objects.filter(code=code, channel=channel, language=wanted).order_by("-version").first()
        if row is not None:
            return CurrentTemplate(code, channel, wanted, row.version, row.text)
        text = shipped().get((code, channel, wanted))
        if text is not None:
            return CurrentTemplate(code, channel, wanted, 1, text)
    raise Missing


def recent(*, address: str, limit: int = 5) -> list[Delivered]:
    """Give the newest messages to an address; for the sample district, where nobody has the phone."""
    rows = Delivery.objects.filter(address_digest__in=digest_candidates(address, ADDRESS_PURPOSE))
    return [
        Delivered(row.pk, row.channel, row.template, row.text.reveal(), row.delivered_at)
        for row in rows.order_by("-delivered_at", "-pk")[: max(1, min(limit, 50))]
    ]


def count_deliveries(*, from_at: datetime, until_at: datetime, channel: str = "") -> int:
    """Count what left in a span of time."""
    rows = Delivery.objects.filter(delivered_at__gte=from_at, delivered_at__lt=until_at)
    return (rows.filter(channel=channel) if channel else rows).count()


@dataclass(frozen=True, slots=True)
class DeliveredTo:
    """One message as it arrived, and where."""

    channel: str
    address: str
    template: str
    text: str
    delivered_at: datetime


def list_delivered(*, limit: int = 50) -> list[DeliveredTo]:
    """Give the newest messages to anybody, in plain; only for the sample district, whose addresses are made up."""
    return [
        DeliveredTo(row.channel, row.address.reveal(), row.template, row.text.reveal(), row.delivered_at)
        for row in Delivery.objects.order_by("-delivered_at", "-pk")[:limit]
    ]


def list_templates() -> list[CurrentTemplate]:
    """Give the text that is used now of every template, channel and language."""
    current = {place: CurrentTemplate(*place, 1, text) for place, text in shipped().items()}
    for row in MessageTemplate.objects.order_by("version"):
        place = (row.code, row.channel, row.language)
        current[place] = CurrentTemplate(*place, row.version, row.text)
    return [current[place] for place in sorted(current)]


def list_versions(*, code: str, channel: str, language: str) -> list[MessageTemplate]:
    """Give the published versions of a text, newest first; the one the program ships is not among them."""
    return list(MessageTemplate.objects.filter(code=code, channel=channel, language=language).order_by("-version"))
