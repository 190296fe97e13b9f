"""The inverted index of search documents: FTS5 on SQLite, GIN on PostgreSQL.

On SQLite triggers keep the index in step when documents change or go; new ones are added by `index_new`, many at once,
as FTS5 empties its buffer into a segment of its own after every row that a trigger hands it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import closing
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.operations.base import Operation
from django.db.models.signals import post_migrate

TABLE = "platform_searchdoc"
FTS = f"{TABLE}_fts"
GIN = f"{TABLE}_tokens"
# No parser: what goes in is exactly what our tokeniser made.
VECTOR = "array_to_tsvector(string_to_array(tokens, ' '))"

_ADD = f"INSERT INTO {FTS} (rowid, tokens) VALUES (new.id, new.tokens);"
_TAKE = f"INSERT INTO {FTS} ({FTS}, rowid, tokens) VALUES ('delete', old.id, old.tokens);"
SQLITE = (
    f"CREATE VIRTUAL TABLE IF NOT EXISTS {FTS} USING fts5("
    f"tokens, content='{TABLE}', content_rowid='id', detail=none, columnsize=0, tokenize='ascii')",
    # Twice as many segments before they are merged: an import merges half as often.
    f"INSERT INTO {FTS} ({FTS}, rank) VALUES ('automerge', 8)",
    f"CREATE TRIGGER IF NOT EXISTS {FTS}_dropped AFTER DELETE ON {TABLE} BEGIN {_TAKE} END",
    f"CREATE TRIGGER IF NOT EXISTS {FTS}_changed AFTER UPDATE OF tokens ON {TABLE} "
    f"WHEN old.tokens <> new.tokens BEGIN {_TAKE} {_ADD} END",
)
POSTGRESQL = (f"CREATE INDEX IF NOT EXISTS {GIN} ON {TABLE} USING gin ({VECTOR})",)
SQLITE_REMOVED = (
    *(f"DROP TRIGGER IF EXISTS {FTS}_{name}" for name in ("dropped", "changed")),
    f"DROP TABLE IF EXISTS {FTS}",
)
POSTGRESQL_REMOVED = (f"DROP INDEX IF EXISTS {GIN}",)


class SearchIndex(Operation):
    """Make the inverted index of the search table; reversible."""

    reversible = True

    def state_forwards(self, app_label: str, state: Any) -> None:
        """The models stay as they are."""

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        for statement in POSTGRESQL if schema_editor.connection.vendor == "postgresql" else SQLITE:
            schema_editor.execute(statement, None)

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        vendor = schema_editor.connection.vendor
        for statement in POSTGRESQL_REMOVED if vendor == "postgresql" else SQLITE_REMOVED:
            schema_editor.execute(statement, None)

    def describe(self) -> str:
        """One line for `migrate --plan`."""
        return "Index the search documents"


def _ensure(*, using: str = DEFAULT_DB_ALIAS, app_config: Any = None, **_: Any) -> None:
    """Put back what a table made anew by a later SQLite migration has lost; serves databases without migrations too."""
    if app_config is not None and app_config.label != "platform":
        return
    connection = connections[using]
    if TABLE in connection.introspection.table_names():
        with connection.cursor() as cursor:
            for statement in POSTGRESQL if connection.vendor == "postgresql" else SQLITE:
                cursor.execute(statement)


def install() -> None:
    """Connect the receiver; called once by the platform's AppConfig.ready()."""
    post_migrate.connect(_ensure, dispatch_uid="search_index.ensure")


def last_document(connection: BaseDatabaseWrapper) -> int:
    """Give the highest document id there is: on SQLite ids are never given out again and there is one writer."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT COALESCE(max(id), 0) FROM {TABLE}")
        return int(cursor.fetchone()[0])


def index_new(connection: BaseDatabaseWrapper, after: int) -> None:
    """Index the documents with a higher id, in the transaction that wrote them (SQLite)."""
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {FTS} (rowid, tokens) SELECT id, tokens FROM {TABLE} WHERE id > %s", [after])


def any_of(connection: BaseDatabaseWrapper, terms: Iterable[str]) -> str:
    """An expression that holds for a document with one of these terms; a term ending in * is a prefix."""
    postgres = connection.vendor == "postgresql"
    parts = [_term(term, postgres) for term in terms]
    return f"({(' | ' if postgres else ' OR ').join(parts)})"


def all_of(connection: BaseDatabaseWrapper, expressions: Sequence[str]) -> str:
    """An expression that holds where all of them hold."""
    return (" & " if connection.vendor == "postgresql" else " AND ").join(expressions)


def _term(term: str, postgres: bool) -> str:
    name, prefix = term.removesuffix("*"), term.endswith("*")
    if not name.isalnum():
        raise ValueError(f"{term!r} is not a search token")
    if postgres:
        return f"'{name}':*" if prefix else f"'{name}'"
    return f'"{name}" *' if prefix else f'"{name}"'


def branch(connection: BaseDatabaseWrapper, communities: int) -> str:
    """A subselect of document ids; its parameters: the expression, the communities to filter by, the limit."""
    marks = ", ".join(["%s"] * communities)
    seen = f" AND (d.public OR d.community_id IN ({marks}))" if communities else ""
    if connection.vendor == "postgresql":
        return f"SELECT d.id FROM {TABLE} d WHERE {VECTOR} @@ %s::tsquery{seen} LIMIT %s"
    if not communities:
        return f"SELECT rowid AS id FROM {FTS} WHERE {FTS} MATCH %s LIMIT %s"
    # CROSS JOIN fixes the order: the index first, then each found document.
    return f"SELECT d.id FROM {FTS} f CROSS JOIN {TABLE} d ON d.id = f.rowid WHERE {FTS} MATCH %s{seen} LIMIT %s"


def check(*, using: str = DEFAULT_DB_ALIAS) -> list[str]:
    """Name what is wrong with the index: missing, or not in step with the documents."""
    connection = connections[using]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass(%s)", [GIN])
            return [] if cursor.fetchone() == (True,) else ["The search index is missing: run `migrate`."]
        cursor.execute("SELECT count(*) FROM sqlite_master WHERE name LIKE %s ESCAPE '!'", [f"{TABLE}!_fts!_%ed"])
        if FTS not in connection.introspection.table_names() or cursor.fetchone() != (2,):
            return ["The search index is missing: run `migrate`."]
    # The check is an INSERT and holds the write lock for as long as it reads: it reads a copy, and nobody waits.
    with closing(sqlite3.connect("")) as copy:
        checked = copy
        try:
            connection.connection.backup(copy, progress=_end_when_busy)
        except BlockingIOError:
            # A transaction of our own that has written cannot be copied; it holds the lock in any case.
            checked = connection.connection
        try:
            checked.execute(f"INSERT INTO {FTS} ({FTS}, rank) VALUES ('integrity-check', 1)")
        except sqlite3.DatabaseError:
            return ["The search index is not in step with its documents: rebuild it."]
    return []


def _end_when_busy(status: int, _remaining: int, _pages: int) -> None:
    """Stop a copy that would otherwise wait for ever for its own transaction."""
    if status in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        raise BlockingIOError


def rebuild(*, using: str = DEFAULT_DB_ALIAS) -> None:
    """Make the inverted index anew from the documents."""
    connection = connections[using]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"REINDEX INDEX {GIN}")
        else:
            cursor.execute(f"INSERT INTO {FTS} ({FTS}) VALUES ('rebuild')")
