"""Identifiers: UUIDv7 (RFC 9562), made by the program so that phones and servers can make them alike."""

import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from hashlib import blake2b
from uuid import UUID, SafeUUID

_TAIL = 0x3FFF_FFFF_FFFF_FFFF
_lock = threading.Lock()
_last_stamp = 0


class _Repeatable(threading.local):
    """The seed of this thread while its ids are to be the same every time; other threads go on by the clock."""

    seed: bytes | None = None
    stamp = 0


_repeated = _Repeatable()


def new_id() -> UUID:
    """Give a new UUIDv7 that sorts after every one this process made before (48 bits of ms, 12 of sub-ms counter)."""
    global _last_stamp
    if _repeated.seed is not None:
        _repeated.stamp += 1
        tail = blake2b(_repeated.stamp.to_bytes(8), key=_repeated.seed, digest_size=8).digest()
        return _made_of(_repeated.stamp, int.from_bytes(tail) & _TAIL)
    random_tail = int.from_bytes(os.urandom(8)) & _TAIL
    with _lock:
        stamp = time.time_ns() * 4096 // 1_000_000
        if stamp <= _last_stamp:
            stamp = _last_stamp + 1
        _last_stamp = stamp
    return _made_of(stamp, random_tail)


def new_ids(count: int) -> list[UUID]:
    """Give so many new ids at once, in order, as `new_id` gives one."""
    global _last_stamp
    if _repeated.seed is not None:
        return [new_id() for _ in range(count)]
    noise = os.urandom(8 * count)
    with _lock:
        first = max(time.time_ns() * 4096 // 1_000_000, _last_stamp + 1)
        _last_stamp = first + count - 1
    tails = (int.from_bytes(noise[at : at + 8]) & _TAIL for at in range(0, len(noise), 8))
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
    """Give this thread the same ids in the same order for the same seed until the block ends (the sample district)."""
    global _last_stamp
    before = _repeated.seed, _repeated.stamp
    _repeated.seed = blake2b(seed.encode(), digest_size=32).digest()
    _repeated.stamp = int(from_at.timestamp() * 1000) << 12
    try:
        yield
    finally:
        with _lock:
            _last_stamp = max(_last_stamp, _repeated.stamp)
        _repeated.seed, _repeated.stamp = before


def bookmark() -> int:
    """Give where this thread's repeatable ids are, for `go_back`."""
    return _repeated.stamp


def go_back(to: int) -> None:
    """Let repeatable ids go on from a bookmark: what was made since came to nothing and is made again."""
    _repeated.stamp = to


def deterministic_id(namespace: UUID, name: str) -> UUID:
    """Give the same id for the same name for ever (UUIDv5): chunk keys, inner command keys, sample data."""
    from uuid import uuid5

    return uuid5(namespace, name)
