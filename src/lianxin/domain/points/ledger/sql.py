"""Plain SQL past Django's cursors: written once with %s, prepared by PostgreSQL, the same rows on SQLite."""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection
from django.db.transaction import TransactionManagementError

from lianxin.platform.row_security import SessionScope

_FEW = 6


def require_transaction() -> None:
    """Raise unless a transaction is open: half an act may never be written."""
    if not connection.in_atomic_block:
        raise TransactionManagementError("The ledger is written inside a command's transaction only.")


def on_sqlite() -> bool:
    """Tell whether this is SQLite, which has one writer and no row locks."""
    return bool(connection.vendor == "sqlite")


@lru_cache(maxsize=512)
def _qmark(text: str) -> str:
    return text.replace("%s", "?")


def _plain(value: Any) -> Any:
    """Write a value as Django keeps it in SQLite."""
    kind = type(value)
    if kind is UUID:
        return value.hex
    if kind is datetime:
        return str(value.astimezone(UTC).replace(tzinfo=None))
    if kind is date:
        return value.isoformat()
    return value


def _session() -> Any:
    """Give the driver's connection with the scope sent to the server."""
    if connection.connection is None:
        connection.ensure_connection()
    for wrapper in connection.execute_wrappers:
        if isinstance(wrapper, SessionScope):
            wrapper.sync()
            break
    return connection.connection


class Outcome(NamedTuple):
    """What a statement did: the rows it changed, and those it gave."""

    rowcount: int
    rows: list[tuple]


def run(text: str, parameters: Sequence[Any] = ()) -> Outcome:
    """Execute one statement and fetch all that it gives, so that nothing stays open when the caller fails."""
    with connection.wrap_database_errors:
        if connection.vendor == "sqlite":
            cursor = _session().execute(_qmark(text), [_plain(value) for value in parameters])
        else:
            cursor = _prepared(text, parameters)
        return Outcome(cursor.rowcount, cursor.fetchall() if cursor.description else [])


def _prepared(text: str, parameters: Sequence[Any]) -> Any:
    """Execute a statement that PostgreSQL parses and plans once per session, unless a pooler forbids that."""
    import psycopg

    session = _session()
    prepare = connection.settings_dict["OPTIONS"].get("prepare_threshold", 0) is not None
    if prepare and session.prepare_threshold is None:
        # Django turns it off for its own cursors, which bind on the client and never prepare.
        session.prepare_threshold = 5
    return psycopg.Cursor(session).execute(text, parameters, prepare=prepare)


def rows(text: str, parameters: Sequence[Any] = ()) -> list[tuple]:
    """Execute one statement and give its rows."""
    return run(text, parameters).rows


def as_uuid(value: Any) -> UUID:
    """Read an id column of either database."""
    return value if isinstance(value, UUID) else UUID(value)


def as_date(value: Any) -> date:
    """Read a day column of either database."""
    return value if isinstance(value, date) else date.fromisoformat(value)


def among(ids: Iterable[UUID]) -> tuple[str, Any]:
    """Give a condition "is one of" with its one parameter, the same text for any number of ids."""
    if connection.vendor == "sqlite":
        import json

        return "IN (SELECT value FROM json_each(%s))", json.dumps([pk.hex for pk in ids])
    return "= ANY(%s)", list(ids)


def for_update() -> str:
    """Give the words that lock rows without stopping foreign keys to them; SQLite has one writer anyway."""
    return " FOR NO KEY UPDATE" if connection.vendor == "postgresql" else ""


@lru_cache(maxsize=512)
def _values(table: str, columns: tuple[str, ...], count: int, ending: str) -> str:
    group = "(" + ", ".join(["%s"] * len(columns)) + ")"
    return f"INSERT INTO {table} ({', '.join(columns)}) VALUES {', '.join([group] * count)}{ending}"


@lru_cache(maxsize=64)
def _unnest(table: str, columns: tuple[str, ...], types: tuple[str, ...], ending: str) -> str:
    arrays = ", ".join(f"%s::{kind}[]" for kind in types)
    return f"INSERT INTO {table} ({', '.join(columns)}) SELECT * FROM unnest({arrays}){ending}"


def insert(
    table: str, columns: tuple[str, ...], types: tuple[str, ...], records: Sequence[Sequence[Any]], ending: str = ""
) -> int:
    """Insert rows: few as one list of values, many as arrays (PostgreSQL) or row by row in one go (SQLite).

    Gives how many there are now that were not before, which an ending "on conflict do nothing" may make fewer.
    """
    if not records:
        return 0
    if len(records) <= _FEW:
        return run(
            _values(table, columns, len(records), ending), [value for record in records for value in record]
        ).rowcount
    if connection.vendor == "sqlite":
        return many(_values(table, columns, 1, ending), records)
    return run(_unnest(table, columns, types, ending), arrays(records)).rowcount


def arrays(records: Iterable[Sequence[Any]]) -> list[str]:
    """Write records column by column as PostgreSQL's array literals; the driver would take five times as long."""
    return ["{" + ",".join(_elements(column)) + "}" for column in zip(*records, strict=True)]


def _elements(column: Sequence[Any]) -> Iterable[str]:
    kinds = set(map(type, column))
    if kinds == {UUID}:
        return [f"{value.int:032x}" for value in column]
    if kinds == {int}:
        return map(str, column)
    return map(_element, column)


def _element(value: Any) -> str:
    if value is None:
        return "NULL"
    kind = type(value)
    if kind is UUID:
        return str(value.hex)
    if kind is int:
        return str(value)
    if kind is bytes:
        return '"\\\\x' + value.hex() + '"'
    if kind is bool:
        return "t" if value else "f"
    if kind is date:
        return str(value.isoformat())
    if kind is datetime:
        return f'"{value.isoformat()}"'
    return '"' + str(value).replace("\\", "\\\\").replace('"', '\\"') + '"'


def many(text: str, records: Iterable[Sequence[Any]]) -> int:
    """Execute one statement for each record (SQLite; PostgreSQL takes arrays instead); gives the rows changed."""
    with connection.wrap_database_errors:
        done = _session().executemany(_qmark(text), [[_plain(value) for value in record] for record in records])
        return int(done.rowcount)
