"""The last statement of a command on PostgreSQL, sent with its COMMIT: one round trip, prepared once per session.

A session that waits for an answer pays more for going to sleep and waking up, on both sides of the socket, than for
the rows themselves; so what a command notes must not add a wait of its own (docs/adr/0008). Django turns the driver's
own preparing off, and the driver's pipeline sends its messages one by one: hence libpq itself.
"""

import itertools
import json
import re
import struct
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any
from uuid import UUID
from weakref import WeakKeyDictionary

import psycopg
from django.db import DEFAULT_DB_ALIAS, connections, models
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg import pq
from psycopg.errors import error_from_result

KEPT_PER_SESSION = 64
LOST = "26000"
_TEXT, _BINARY = 0, 1
_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)  # from which PostgreSQL counts microseconds and days
_EPOCH_DAY = _EPOCH.toordinal()
_EIGHT_BYTES, _FOUR_BYTES = struct.Struct(">q").pack, struct.Struct(">i").pack

Encoder = Callable[[Any], bytes]

_json = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False)
_numbers = itertools.count()
_sessions: WeakKeyDictionary[psycopg.Connection, dict[str, bytes]] = WeakKeyDictionary()


class StatementLost(psycopg.OperationalError):
    """The server no longer knows a statement that was prepared; the command is to be tried again."""

    sqlstate = LOST


def _uuid(value: UUID | str) -> bytes:
    return value.bytes if isinstance(value, UUID) else UUID(value).bytes


def _moment(value: datetime) -> bytes:
    since = value - _EPOCH
    return _EIGHT_BYTES((since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds)


def _day(value: date) -> bytes:
    return _FOUR_BYTES(value.toordinal() - _EPOCH_DAY)


def _number(value: int) -> bytes:
    return str(value).encode()


def _document(value: Any) -> bytes:
    return _json.encode(value).encode()


# Text goes in binary: with its length, so that a NUL is refused by the server and does not cut a text short.
_KINDS: tuple[tuple[type[models.Field], Encoder, int], ...] = (
    (models.UUIDField, _uuid, _BINARY),
    (models.CharField, str.encode, _BINARY),
    (models.TextField, str.encode, _BINARY),
    (models.DateTimeField, _moment, _BINARY),
    (models.DateField, _day, _BINARY),
    (models.IntegerField, _number, _TEXT),
    (models.JSONField, _document, _TEXT),
)


@lru_cache(maxsize=512)
def encoding(fields: tuple[models.Field, ...]) -> tuple[tuple[Encoder, ...], tuple[int, ...]] | None:
    """Give how values of these fields are encoded and in which forms, or None when one is of a kind not known here."""
    encoders: list[Encoder] = []
    forms: list[int] = []
    for field in fields:
        known = next(((encode, form) for kind, encode, form in _KINDS if isinstance(field, kind)), None)
        if known is None:
            return None
        encoders.append(known[0])
        forms.append(known[1])
    return tuple(encoders), tuple(forms)


_HAS_PIPELINE = pq.version() >= 140000


def may_commit(database: BaseDatabaseWrapper) -> bool:
    """Tell whether the running transaction is one that Django will commit as it is when its only block ends."""
    return (
        database.in_atomic_block
        and not database.savepoint_ids
        and database.commit_on_exit
        and not database.needs_rollback
        and _HAS_PIPELINE
        and database.settings_dict["OPTIONS"].get("prepare_threshold", 0) is not None
    )


def send_and_commit(sql: str, how: tuple[tuple[Encoder, ...], tuple[int, ...]], values: Sequence[Any]) -> None:
    """Execute a statement with `%s` for its values and commit; Django's own COMMIT then finds nothing to do."""
    encoders, forms = how
    parameters = [None if value is None else encode(value) for encode, value in zip(encoders, values, strict=True)]
    connection = connections[DEFAULT_DB_ALIAS]
    session: psycopg.Connection = connection.connection
    with connection.wrap_database_errors, session.lock:
        names = _sessions.get(session)
        if names is None:
            names = _sessions[session] = {}
        name = names.get(sql) or _prepare(session.pgconn, names, sql)
        try:
            failure = _round_trip(session.pgconn, name, parameters, forms)
        except BaseException:
            # Whether it was committed is unknown, and answers may still be on their way: nobody may use it again.
            session.pgconn.finish()
            raise
        if failure is not None:
            error = error_from_result(failure, session.info.encoding)
            if error.sqlstate == LOST:
                names.clear()
                raise StatementLost(str(error))
            raise error


def _round_trip(
    pgconn: pq.abc.PGconn, name: bytes, parameters: Sequence[bytes | None], forms: Sequence[int]
) -> pq.abc.PGresult | None:
    """Send the statement, COMMIT and the mark that ends both; give the first answer that tells of a failure."""
    begun = pgconn.transaction_status != pq.TransactionStatus.IDLE  # the driver sends BEGIN with the first statement
    pgconn.enter_pipeline_mode()
    pgconn.send_query_prepared(name, parameters, param_formats=forms)
    if begun:
        pgconn.send_query_params(b"COMMIT", None)
    pgconn.pipeline_sync()
    failure = None
    while True:
        answer = pgconn.get_result()
        if answer is None:
            if pgconn.status != pq.ConnStatus.OK:
                raise psycopg.OperationalError(pgconn.get_error_message())
            continue
        told = answer.status
        if told == pq.ExecStatus.PIPELINE_SYNC:
            break
        if told == pq.ExecStatus.FATAL_ERROR:
            if pgconn.status != pq.ConnStatus.OK:
                raise psycopg.OperationalError(pgconn.get_error_message())
            failure = failure or answer
    pgconn.exit_pipeline_mode()
    return failure


def _prepare(pgconn: pq.abc.PGconn, names: dict[str, bytes], sql: str) -> bytes:
    if len(names) >= KEPT_PER_SESSION:
        oldest = next(iter(names))
        pgconn.exec_(b"DEALLOCATE " + names.pop(oldest))
    name = b"lianxin_%d" % next(_numbers)
    answer = pgconn.prepare(name, numbered(sql).encode())
    if pgconn.status != pq.ConnStatus.OK:
        raise psycopg.OperationalError(pgconn.get_error_message())
    if answer.status != pq.ExecStatus.COMMAND_OK:
        raise error_from_result(answer)
    names[sql] = name
    return name


def numbered(sql: str) -> str:
    """Give a statement with `$1, $2, …` for its `%s`."""
    places = itertools.count(1)
    return re.sub("%s", lambda _: f"${next(places)}", sql)
