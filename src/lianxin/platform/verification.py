"""Verify: run every proof that the modules contribute, and give their differences as sentences."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from lianxin.platform import contributions, scope
from lianxin.platform.contributions import Check

MOST = 50


@dataclass(frozen=True)
class Result:
    """What one check found; no differences means that all is equal."""

    module: str
    name: str
    differences: list[str]


def checks() -> list[tuple[str, Check]]:
    """Give every check that this level has something to prove by, with its module, in the order of the house."""
    found = [(c.module, check) for c in contributions.modules() for check in c.checks]
    return found if settings.LEVEL == "district" else [one for one in found if not one[1].of_facts]


def run_check(named: tuple[str, Check]) -> Result:
    """Run one check over the whole district, in one consistent view of the database that no writer waits for."""
    module, check = named
    with scope.everything(), one_view():
        return Result(module, check.name, list(islice(check.run(), MOST)))


@contextmanager
def one_view() -> Iterator[None]:
    """Read from one state of the database until the block ends, without a lock that a writer would meet."""
    if connection.in_atomic_block:
        yield
        return
    if connection.vendor == "sqlite":
        with _sqlite_snapshot():
            yield
        return
    with connection.cursor() as cursor:
        # Row-level security learns the scope before the transaction, whose first statement sets its kind.
        cursor.execute("SELECT 1")
        with transaction.atomic():
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield


@contextmanager
def _sqlite_snapshot() -> Iterator[None]:
    connection.ensure_connection()
    sqlite: Any = connection
    usual = sqlite.transaction_mode
    # The house's BEGIN IMMEDIATE takes the only write lock; a deferred one that only reads takes none.
    sqlite.transaction_mode = "DEFERRED"
    try:
        with transaction.atomic():
            yield
    finally:
        sqlite.transaction_mode = usual


def run_all() -> list[Result]:
    """Run every check."""
    return [run_check(named) for named in checks()]
