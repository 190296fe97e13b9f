"""Which errors of a database pass by themselves, and how long a command tries."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime
from typing import Any

import psycopg
import pytest
from django.db import DataError, InterfaceError, OperationalError
from psycopg import errors

from lianxin.platform import bad_luck, commands
from lianxin.platform.actors import Actor
from lianxin.platform.errors import BusySending


def from_driver(cause: Exception, kind: type[Exception] = OperationalError) -> Exception:
    """Give the error as Django hands it on."""
    error = kind(str(cause))
    error.__cause__ = cause
    return error


def from_sqlite(code: int) -> sqlite3.OperationalError:
    """Give an error of SQLite with its code."""
    error = sqlite3.OperationalError("database is locked")
    error.sqlite_errorcode = code
    return error


@pytest.mark.parametrize(
    ("error", "passes", "at_once", "is_unsure"),
    [
        (from_driver(from_sqlite(sqlite3.SQLITE_BUSY)), True, True, False),
        (from_driver(from_sqlite(sqlite3.SQLITE_BUSY_SNAPSHOT)), True, True, False),
        (from_driver(from_sqlite(sqlite3.SQLITE_FULL)), False, False, False),
        (from_driver(errors.SerializationFailure()), True, True, False),
        (from_driver(errors.DeadlockDetected()), True, True, False),
        (from_driver(errors.LockNotAvailable()), True, False, False),
        (from_driver(errors.AdminShutdown()), True, False, True),
        (from_driver(psycopg.OperationalError("server closed the connection unexpectedly")), True, False, True),
        (from_driver(psycopg.InterfaceError("closed"), InterfaceError), True, False, True),
        (from_driver(errors.DiskFull()), False, False, False),
        (from_driver(errors.QueryCanceled()), False, False, False),
        (from_driver(errors.NumericValueOutOfRange(), DataError), False, False, False),
        (OperationalError("the disk is gone"), False, False, False),
        (ValueError("locked"), False, False, False),
    ],
)
def test_bad_luck_is_told_from_faults(error: Exception, passes: bool, at_once: bool, is_unsure: bool) -> None:
    assert bad_luck.passes(error) is passes
    assert bad_luck.may_go_again(error) is at_once
    assert bad_luck.broke_off(error) is is_unsure


@pytest.mark.django_db
def test_bad_luck_becomes_a_problem_with_a_status_of_its_own() -> None:
    problem = bad_luck.met(from_driver(errors.AdminShutdown()), kind=BusySending)

    assert problem is not None
    assert (problem.status, problem.code, problem.is_unsure) == (503, "busy", True)
    assert bad_luck.met(ValueError()) is None


@pytest.mark.django_db(transaction=True)
def test_command_gives_up_when_trying_took_longer_than_anybody_looks_at_a_page(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    tries = []

    @commands.command("tests.locked")
    def locked(*, actor: Actor, at: datetime) -> Any:
        tries.append(1)
        raise from_driver(from_sqlite(sqlite3.SQLITE_BUSY))

    monkeypatch.setattr(commands, "LONGEST_SECONDS", -1.0)
    with pytest.raises(OperationalError):
        locked(actor=Actor.system(), at=datetime(2026, 11, 20, 4, tzinfo=UTC))

    assert len(tries) == 1
