"""Identifiers: UUIDv7 (RFC 9562), made by the program so that phones and servers can make them alike."""

import os
import threading
import time
from uuid import UUID

_lock = threading.Lock()
_last_stamp = 0


def new_id() -> UUID:
    """Give a new UUIDv7 that sorts after every one this process made before (48 bits of ms, 12 of sub-ms counter)."""
    global _last_stamp
    random_tail = int.from_bytes(os.urandom(8), "big") & 0x3FFF_FFFF_FFFF_FFFF
    with _lock:
        stamp = time.time_ns() * 4096 // 1_000_000
        if stamp <= _last_stamp:
            stamp = _last_stamp + 1
        _last_stamp = stamp
    milliseconds, fraction = stamp >> 12, stamp & 0xFFF
    return UUID(int=milliseconds << 80 | 0x7 << 76 | fraction << 64 | 0b10 << 62 | random_tail)


def deterministic_id(namespace: UUID, name: str) -> UUID:
    """Give the same id for the same name for ever (UUIDv5): chunk keys, inner command keys, sample data."""
    from uuid import uuid5

    return uuid5(namespace, name)
