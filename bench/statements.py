"""What a command sends to its database, taken down at the driver, and sent once more without the program."""

import contextlib
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

ON_SQLITE = connection.vendor == "sqlite"
PREPARED, PLAIN, LAST, MANY = "prepared", "plain", "last", "many"


@dataclass
class Sent:
    """The statements of one act, in their order: how each went, its text and its parameters."""

    statements: list[tuple[str, Any, Any]] = field(default_factory=list)


class Recorder:
    """Takes down every statement between `act` and its end; below the program, just above the driver."""

    def __init__(self) -> None:
        self.acts: list[Sent] = []
        self.is_on = False

    def act(self, do: Callable[[], Any]) -> None:
        """Do something and keep what it sent."""
        self.acts.append(Sent())
        self.is_on = True
        try:
            do()
        finally:
            self.is_on = False

    def note(self, how: str, text: Any, values: Any) -> None:
        """Keep one statement."""
        if self.is_on:
            self.acts[-1].statements.append((how, text, values))


@contextlib.contextmanager
def recording() -> Iterator[Recorder]:
    """Stand between the program and its driver."""
    recorder = Recorder()
    with _sqlite(recorder) if ON_SQLITE else _postgresql(recorder):
        yield recorder


@contextlib.contextmanager
def _postgresql(recorder: Recorder) -> Iterator[None]:
    import psycopg

    from lianxin.platform import final_statement

    execute, send = psycopg.Cursor.execute, final_statement.send_and_commit

    def executed(self: Any, query: Any, params: Any = None, **more: Any) -> Any:
        bound_here = isinstance(self, psycopg.ClientCursor)
        recorder.note(PLAIN if bound_here else PREPARED, query, params)
        return execute(self, query, params, **more)

    def sent(sql: str, how: Any, values: Any) -> None:
        encoders, forms = how
        parameters = [None if value is None else encode(value) for encode, value in zip(encoders, values, strict=True)]
        recorder.note(LAST, sql, (parameters, forms))
        send(sql, how, values)

    psycopg.Cursor.execute, final_statement.send_and_commit = executed, sent  # type: ignore[method-assign,assignment]
    try:
        yield
    finally:
        psycopg.Cursor.execute, final_statement.send_and_commit = execute, send  # type: ignore[method-assign]


@contextlib.contextmanager
def _sqlite(recorder: Recorder) -> Iterator[None]:
    from django.db.backends.sqlite3.base import SQLiteCursorWrapper

    from lianxin.domain.points.ledger import sql

    execute, executemany, run, many = SQLiteCursorWrapper.execute, SQLiteCursorWrapper.executemany, sql.run, sql.many

    def executed(self: Any, query: str, params: Any = None) -> Any:
        recorder.note(PLAIN, self.convert_query(query) if params is not None else query, params or ())
        return execute(self, query, params)

    def executed_many(self: Any, query: str, param_list: Any) -> Any:
        rows = [list(row) for row in param_list]
        recorder.note(MANY, self.convert_query(query), rows)
        return executemany(self, query, rows)

    def ran(text: str, parameters: Any = ()) -> Any:
        recorder.note(PLAIN, sql._qmark(text), [sql._plain(value) for value in parameters])
        return run(text, parameters)

    def ran_many(text: str, records: Any) -> int:
        rows = [list(record) for record in records]
        recorder.note(MANY, sql._qmark(text), [[sql._plain(value) for value in row] for row in rows])
        return many(text, rows)

    SQLiteCursorWrapper.execute, SQLiteCursorWrapper.executemany = executed, executed_many
    sql.run, sql.many = ran, ran_many
    try:
        yield
    finally:
        SQLiteCursorWrapper.execute, SQLiteCursorWrapper.executemany = execute, executemany
        sql.run, sql.many = run, many


def bare(url: str) -> Callable[[Sent], None]:
    """Open a session of the bare driver; give what sends the statements of one act on it and fetches their rows."""
    return _bare_sqlite(url) if ON_SQLITE else _bare_postgresql(url)


def _bare_postgresql(url: str) -> Callable[[Sent], None]:
    import psycopg

    from lianxin.platform import final_statement

    connection.ensure_connection()
    # The program's own way of writing values, so that both sides send the same bytes.
    session = psycopg.connect(url, context=connection.connection, prepare_threshold=5)
    names: dict[str, bytes] = {}

    def send(act: Sent) -> None:
        committed = False
        for how, text, values in act.statements:
            if how == LAST:
                name = names.get(text) or final_statement._prepare(session.pgconn, names, text)
                failure = final_statement._round_trip(session.pgconn, name, *values)
                if failure is not None:
                    raise RuntimeError(failure.error_message.decode())
                committed = True
                continue
            if how == PREPARED:
                cursor = psycopg.Cursor(session).execute(text, values, prepare=True)
            else:
                cursor = psycopg.ClientCursor(session).execute(text, values)
            if cursor.description:
                cursor.fetchall()
        if not committed:
            session.commit()

    return send


def _bare_sqlite(url: str) -> Callable[[Sent], None]:
    options = connection.settings_dict["OPTIONS"]
    session = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None, timeout=options["timeout"])
    for pragma in options["init_command"].split(";"):
        session.execute(pragma)

    def send(act: Sent) -> None:
        for how, text, values in act.statements:
            if how == MANY:
                session.executemany(text, values)
            else:
                session.execute(text, values).fetchall()
        if session.in_transaction:
            session.execute("COMMIT")

    return send
