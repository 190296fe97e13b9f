"""Bad luck: errors of the database that pass by themselves, told apart from faults of ours."""

from __future__ import annotations

import sqlite3

from django.db import InterfaceError, OperationalError, connection

from lianxin.platform.errors import Busy

# A serialization failure, a deadlock, and a prepared statement that the server forgot (final_statement.py).
_AT_ONCE = frozenset({"40001", "40P01", "26000"})
_LOCK_TIMEOUT = "55P03"
# The server ended the session, or takes no new one: connection exceptions, too many connections, idle, shutdown.
_BROKEN = frozenset({"53300", "25P03", "57P01", "57P02", "57P03", "57P05"})
_SQLITE_BUSY = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED})


def _state(error: BaseException) -> str:
    return getattr(error.__cause__, "sqlstate", None) or ""


def _waited_in_vain(error: BaseException) -> bool:
    """Tell whether SQLite's write lock, or a table of it, was somebody else's all the time."""
    return getattr(error.__cause__, "sqlite_errorcode", 0) & 0xFF in _SQLITE_BUSY


def may_go_again(error: BaseException) -> bool:
    """Tell whether the same transaction, begun anew at once, may well succeed."""
    return _state(error) in _AT_ONCE or _waited_in_vain(error)


def broke_off(error: BaseException) -> bool:
    """Tell whether the connection was lost, so that nobody knows whether the last statement counted."""
    cause = error.__cause__
    state = _state(error)
    if state:
        return state in _BROKEN or state.startswith("08")
    # libpq's own words, without a state: refused, reset, closed. Named by module: SQLite's houses load no psycopg.
    kinds = {(kind.__module__.partition(".")[0], kind.__name__) for kind in type(cause).__mro__}
    return bool(kinds & {("psycopg", "OperationalError"), ("psycopg", "InterfaceError")})


def passes(error: BaseException) -> bool:
    """Tell whether an error is bad luck: sending the same again a little later is likely to work."""
    if not isinstance(error, OperationalError | InterfaceError):
        return False
    return may_go_again(error) or _state(error) == _LOCK_TIMEOUT or broke_off(error)


def met(error: BaseException, *, kind: type[Busy] = Busy) -> Busy | None:
    """Give the problem that bad luck is to whoever met it, with a usable connection again; None for our own faults."""
    if not passes(error):
        return None
    if not connection.in_atomic_block:
        connection.close_if_unusable_or_obsolete()
    return kind(is_unsure=broke_off(error))
