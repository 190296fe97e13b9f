"""Row locks in the one written order (docs/architecture.md): ranks never go down inside one command."""

import zlib
from contextvars import ContextVar
from typing import Any

from django.db import connection, models

RECORD, HOUSEHOLD, BUDGET, ACCOUNT, CAP, STOCK = range(1, 7)

# None outside a command: there is no transaction of one act whose order could be broken.
_highest: ContextVar[int | None] = ContextVar("lianxin_lock_rank", default=None)


class LockOrderBroken(AssertionError):
    """A command asked for a lock of a lower rank than one it already holds."""


def begin() -> Any:
    """Start counting ranks for one outermost command; give the token for `end`."""
    return _highest.set(0)


def end(token: Any) -> None:
    """Stop counting ranks."""
    _highest.reset(token)


def reach(rank: int) -> None:
    """Note that rows of this rank are about to be locked; raises LockOrderBroken when a higher one is held."""
    highest = _highest.get()
    if highest is None:
        return
    if rank < highest:
        raise LockOrderBroken(f"rank {rank} asked for after rank {highest}")
    _highest.set(rank)


def lock(rows: models.QuerySet, *, rank: int = RECORD) -> list[Any]:
    """Lock these rows in key order and give them fresh; on SQLite the transaction already excludes other writers."""
    reach(rank)
    if connection.features.has_select_for_update:
        rows = rows.select_for_update(of=("self",))
    return list(rows.order_by("pk"))


def lock_one(rows: models.QuerySet, *, rank: int = RECORD) -> Any:
    """Lock the one row that the queryset names, or give None when there is none."""
    found = lock(rows, rank=rank)
    return found[0] if found else None


def advisory(name: str) -> None:
    """Hold a named lock until the transaction ends (PostgreSQL; SQLite has one writer anyway)."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [zlib.crc32(name.encode()) - 2**31])
