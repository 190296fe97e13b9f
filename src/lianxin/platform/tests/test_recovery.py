"""A key that a device wrapped for the house opens for this device only, and also when the house's keys have turned."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from lianxin.platform import keys, recovery
from lianxin.platform.sensitive import Unreadable
from tests.support.wrapping import wrap

AT = datetime(2026, 11, 20, 4, tzinfo=UTC)
RAW = bytes(range(32))


@pytest.fixture(params=["aes-256-gcm", "sm4-gcm"])
def ring(request: pytest.FixtureRequest, tmp_path: Path, settings: Any) -> Path:
    path = tmp_path / "keys.json"
    settings.KEY_FILE = path
    keys.create_ring(path=path, at=AT, algorithm=request.param)
    return path


def wrapped(about: str = "visits/1") -> recovery.Wrapped:
    key_id, public = recovery.public_key()
    return wrap(RAW, key_id=key_id, public=public, about=about)


def test_wrapped_key_opens_also_after_the_ring_has_turned(ring: Path) -> None:
    before = wrapped()
    first = recovery.public_key()
    keys.rotate(kind="encryption", at=AT)

    after = wrapped()

    assert recovery.public_key()[0] == first[0] + 1
    assert recovery.public_key()[1] != first[1]
    assert (before.key_id, after.key_id) == (first[0], first[0] + 1)
    assert recovery.unwrap(before, about="visits/1") == RAW
    assert recovery.unwrap(after, about="visits/1") == RAW


def test_what_was_changed_or_belongs_to_another_device_or_house_stays_shut(ring: Path) -> None:
    given = wrapped()
    cut = replace(given, data=given.data[:-1])
    flipped = replace(given, data=bytes([given.data[0] ^ 1]) + given.data[1:])
    other_pair = replace(given, ephemeral=wrapped().ephemeral)

    for bad, about in (
        (given, "visits/2"),
        (cut, "visits/1"),
        (flipped, "visits/1"),
        (other_pair, "visits/1"),
        (replace(given, ephemeral=b"\x04" + bytes(64)), "visits/1"),
        (replace(given, nonce=b""), "visits/1"),
        (replace(given, key_id=7), "visits/1"),
    ):
        with pytest.raises(Unreadable):
            recovery.unwrap(bad, about=about)
