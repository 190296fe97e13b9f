"""Identifiers: UUIDv7 (RFC 9562), made by the program so that phones and servers can make them alike."""

import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from random import Random
from uuid import UUID, SafeUUID

_lock = threading.Lock()
_last_stamp = 0
_repeatable: Random | None = None


def new_id() -> UUID:
    """Give a new UUIDv7 that sorts after every one this process made before (48 bits of ms, 12 of sub-ms counter)."""
    global _last_stamp
    if _repeatable is not None:
        with _lock:
            _last_stamp += 1
            return _made_of(_last_stamp, _repeatable.getrandbits(62))
    random_tail = int.from_bytes(os.urandom(8), "big") & 0x3FFF_FFFF_FFFF_FFFF
    with _lock:
        stamp = time.time_ns() * 4096 // 1_000_000
        if stamp <= _last_stamp:
            stamp = _last_stamp + 1
        _last_stamp = stamp
    return _made_of(stamp, random_tail)


def new_ids(count: int) -> list[UUID]:
    """Give so many new ids at once, in order, as `new_id` gives one."""
    global _last_stamp
    if _repeatable is not None:
        return [new_id() for _ in range(count)]
    noise = os.urandom(8 * count)
    with _lock:
        first = max(time.time_ns() * 4096 // 1_000_000, _last_stamp + 1)
        _last_stamp = first + count - 1
    tails = (int.from_bytes(noise[at : at + 8]) & 0x3FFF_FFFF_FFFF_FFFF for at in range(0, len(noise), 8))
    return [_made_of(first + place, tail) for place, tail in enumerate(tails)]


_VERSION_AND_VARIANT = 0x7 << 76 | 0b10 << 62
_set = object.__setattr__  # as UUID's own constructor does, which spends most of its time on the other ways to make one


def _made_of(stamp: int, random_tail: int) -> UUID:
    made = UUID.__new__(UUID)
    _set(made, "int", (stamp >> 12) << 80 | (stamp & 0xFFF) << 64 | _VERSION_AND_VARIANT | random_tail)
    _set(made, "is_safe", SafeUUID.unknown)
    return made


@contextmanager
def repeatable(seed: str, *, from_at: datetime) -> Iterator[None]:
    """Give the same ids in the same order for the same seed until the block ends (the sample district, one thread)."""
    global _last_stamp, _repeatable
    before = _last_stamp
    _last_stamp, _repeatable = int(from_at.timestamp() * 1000) << 12, Random(seed)  # noqa: S311 - no secret
    try:
        yield
    finally:
        _last_stamp, _repeatable = max(before, _last_stamp), None


def deterministic_id(namespace: UUID, name: str) -> UUID:
    """Give the same id for the same name for ever (UUIDv5): chunk keys, inner command keys, sample data."""
    from uuid import uuid5

    return uuid5(namespace, name)
