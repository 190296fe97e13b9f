"""The small file by which a district makes its key and its address known to the city."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from urllib.parse import urlsplit
from uuid import UUID

from django.utils.translation import gettext as _

from lianxin.platform.errors import Invalid

FORMAT, VERSION = "lianxin figures key", 1


@dataclass(frozen=True)
class KeyCard:
    """Which district signs with which key, and where its pages are."""

    district_id: UUID
    code: str
    name: str
    base_url: str
    public_key: str

    @property
    def fingerprint(self) -> str:
        """Give what two people compare over the telephone."""
        return fingerprint(self.public_key)


def fingerprint(public_key: str) -> str:
    """Give the first sixteen digits of a key's digest in groups of four."""
    text = hashlib.sha256(bytes.fromhex(public_key)).hexdigest()[:16]
    return " ".join(text[start : start + 4] for start in range(0, 16, 4))


def write_card(card: KeyCard) -> str:
    """Give the text of the file."""
    content = {
        "format": FORMAT,
        "version": VERSION,
        "district": {"id": card.district_id.hex, "code": card.code, "name": card.name},
        "base_url": card.base_url,
        "algorithm": "ed25519",
        "key": card.public_key,
        "fingerprint": card.fingerprint,
    }
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def read_card(text: str) -> KeyCard:
    """Read the text of the file; raises Invalid with a sentence."""
    try:
        told = json.loads(text)
        if (told["format"], told["version"], told["algorithm"]) != (FORMAT, VERSION, "ed25519"):
            raise ValueError(told["format"])
        card = KeyCard(
            district_id=UUID(hex=told["district"]["id"]),
            code=str(told["district"]["code"]),
            name=str(told["district"]["name"]).strip()[:100],
            base_url=check_address(str(told["base_url"])),
            public_key=str(told["key"]).lower(),
        )
        if len(bytes.fromhex(card.public_key)) != 32 or told["fingerprint"] != card.fingerprint:
            raise ValueError(card.public_key)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Invalid(
            _("This is not the key file of a district. The district writes it by: lianxin figures key --out FILE.")
        ) from error
    return card


def check_address(text: str) -> str:
    """Give an address without its last slash; raises Invalid when a browser would not open it."""
    address = text.strip().rstrip("/")
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.netloc or parts.query or parts.fragment or len(address) > 200:
        raise Invalid(
            _("“%(address)s” is not the address of a site. Set LIANXIN_BASE_URL at the district, such as %(such)s.")
            % {"address": text, "such": "https://lianxin.example.gov.cn"}
        )
    return address
