"""The code at the door: signed, for one day, of an occurrence or of all that is on at a venue."""

import base64
import re
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from lianxin.platform.sensitive import digest, digest_candidates

PURPOSE = "activities.door_code"
OCCURRENCE, VENUE = "A", "V"
MAC_LETTERS = 16
_FORM = re.compile(r"([AV])([A-Z2-7]{26})(\d{6})([0-9A-F]{16})")


@dataclass(frozen=True, slots=True)
class DoorCode:
    """What a genuine code says: whose door, and on which day."""

    kind: str
    record: UUID
    on: date


def write(kind: str, record: UUID, on: date) -> str:
    """Write the code of a door for a day; capitals and digits only, so that its picture stays small."""
    packed = base64.b32encode(record.bytes).decode().rstrip("=")
    return f"{kind}{packed}{on:%y%m%d}{_mac(digest(_said(kind, record, on), PURPOSE))}"


def read(text: str) -> DoorCode | None:
    """Read a code, or give None when it was not made here or was changed."""
    found = _FORM.fullmatch(text.strip().upper())
    if found is None:
        return None
    kind, packed, day, mac = found.groups()
    record = UUID(bytes=base64.b32decode(packed + "======"))
    try:
        on = date(2000 + int(day[:2]), int(day[2:4]), int(day[4:]))
    except ValueError:
        return None
    genuine = [_mac(one) for one in digest_candidates(_said(kind, record, on), PURPOSE)]
    return DoorCode(kind, record, on) if mac in genuine else None


def _said(kind: str, record: UUID, on: date) -> str:
    return f"{kind}/{record.hex}/{on.isoformat()}"


def _mac(digits: str) -> str:
    return digits[:MAC_LETTERS].upper()
