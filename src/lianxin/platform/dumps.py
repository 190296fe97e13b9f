"""The whole database as one file and back: SQLite by its online backup, PostgreSQL by its own dump programs."""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from django.db import DatabaseError, connection, transaction

from lianxin.platform import no_overlap, scope
from lianxin.platform.archives import ArchiveDamaged
from lianxin.platform.errors import Refused

LIBRARY_FOLDERS = "/usr/lib/postgresql", "/usr/local/pgsql", "/opt/homebrew/opt/postgresql"
ASIDE = "lianxin_before_restore"
# What a database holds before anybody has entered anything.
BARE = frozenset({"django_migrations", "django_content_type", "auth_permission", "append_only", "sqlite_sequence"})


class ToolMissing(Refused):
    """PostgreSQL's programs are not installed, or too old for the server."""

    title: Any = "PostgreSQL's programs are missing."


class DumpFailed(Refused):
    """The database could not be written out or read back."""

    title: Any = "The database could not be copied."


class InUse(Refused):
    """Another process works on the database."""

    title: Any = "The database is in use. Stop the server and the worker first."


@dataclass(frozen=True)
class State:
    """What two copies of a database must agree on."""

    migrations: list[str]
    tables: dict[str, int]
    audit_batch: int
    audit_root: str


def snapshot(target: Path) -> State:
    """Write one state of the database to a file while others go on writing, and tell what that state is."""
    try:
        if connection.vendor == "sqlite":
            with (
                closing(sqlite3.connect(_sqlite_file(), timeout=60)) as source,
                closing(sqlite3.connect(target)) as copy,
            ):
                source.backup(copy)
            os.chmod(target, 0o600)
            with closing(_open_still(target)) as still:
                return _state(still.execute)
        with scope.everything(), connection.cursor() as cursor:
            cursor.execute("SELECT 1")  # sends the scope before the transaction's first statement
            with transaction.atomic():
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
                cursor.execute("SELECT pg_export_snapshot()")
                (name,) = cursor.fetchone()
                options = ["--format=custom", "--compress=1", "--no-owner", "--no-privileges", "--enable-row-security"]
                _run("pg_dump", [*options, f"--snapshot={name}", f"--file={target}"])
                return _state(lambda sql: _fetched(cursor, sql))
    except (DatabaseError, sqlite3.Error) as error:
        raise DumpFailed(f"The database could not be copied: {error}") from None


def check_readable(path: Path, vendor: str) -> State | None:
    """Prove that a copy is a whole database; give its state where that can be told without loading it."""
    if vendor == "postgresql":
        _run("pg_restore", ["--list", str(path)], connect=False)
        return None
    try:
        with closing(_open_still(path)) as copy:
            (found,) = copy.execute("PRAGMA integrity_check(1)").fetchone()
            if found != "ok":
                raise ArchiveDamaged(f"The database in the archive is damaged: {found}")
            return _state(copy.execute)
    except sqlite3.Error as error:
        raise ArchiveDamaged(f"The database in the archive is damaged: {error}") from None


def is_empty() -> bool:
    """Tell whether nobody has entered anything yet; a database that does not exist is empty too."""
    if connection.vendor == "sqlite":
        file = Path(_sqlite_file())
        if not file.exists() or not file.stat().st_size:
            return True
    tables = [name for name in connection.introspection.table_names() if name not in BARE]
    with scope.everything(), connection.cursor() as cursor:
        for name in tables:
            if _belongs_to_index(name):
                continue
            cursor.execute(f"SELECT 1 FROM {connection.ops.quote_name(name)} LIMIT 1")
            if cursor.fetchone():
                return False
    return True


@contextmanager
def replacing(copy: Path) -> Iterator[None]:
    """Put a copy in the database's place; when the block raises, what was there before is put back."""
    with _replacing_sqlite(copy) if connection.vendor == "sqlite" else _replacing_postgresql(copy):
        yield


def recover() -> None:
    """Clear up after a restore that was killed: put back what it had moved aside, unless its copy was in place."""
    bare = is_empty()
    if connection.vendor == "sqlite":
        file = Path(_sqlite_file())
        aside = file.with_name(f"{file.name}.{ASIDE}")
        if aside.exists() and bare:
            connection.close()
            _move_sqlite(aside, file)
        aside.unlink(missing_ok=True)
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_namespace WHERE nspname = %s", [ASIDE])
        if not cursor.fetchone():
            return
        if bare:
            _put_schema_back()
        else:
            cursor.execute(f"DROP SCHEMA {ASIDE} CASCADE")


@contextmanager
def _replacing_sqlite(copy: Path) -> Iterator[None]:
    file = Path(_sqlite_file())
    aside = file.with_name(f"{file.name}.{ASIDE}")
    connection.close()
    if file.exists():
        _fold_wal(file)
        _move_sqlite(file, aside)
    os.replace(copy, file)
    try:
        yield
    except BaseException:
        connection.close()
        if aside.exists():
            _move_sqlite(aside, file)
        else:
            for ending in ("", "-wal", "-shm"):
                file.with_name(file.name + ending).unlink(missing_ok=True)
        raise
    aside.unlink(missing_ok=True)


def _move_sqlite(source: Path, target: Path) -> None:
    for ending in ("-wal", "-shm"):
        target.with_name(target.name + ending).unlink(missing_ok=True)
    os.replace(source, target)


def _fold_wal(file: Path) -> None:
    """Bring everything into the one file; SQLite refuses while somebody else has the database open."""
    try:
        with closing(sqlite3.connect(file, timeout=5)) as session:
            (mode,) = session.execute("PRAGMA journal_mode=DELETE").fetchone()
    except sqlite3.Error:
        mode = "locked"
    if mode != "delete":
        raise InUse


@contextmanager
def _replacing_postgresql(copy: Path) -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
            " AND backend_type = 'client backend'"
        )
        if cursor.fetchone()[0]:
            raise InUse
        cursor.execute(f"ALTER SCHEMA public RENAME TO {ASIDE}")
        cursor.execute("CREATE SCHEMA public")
        for statement in no_overlap.EXTENSION:
            cursor.execute(statement)
    connection.close()
    try:
        options = ["--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction", "--schema=public"]
        _run("pg_restore", [*options, f"--dbname={connection.settings_dict['NAME']}", str(copy)])
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        yield
    except BaseException:
        connection.close()
        _put_schema_back()
        raise
    with connection.cursor() as cursor:
        cursor.execute(f"DROP SCHEMA {ASIDE} CASCADE")


def _put_schema_back() -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DROP SCHEMA IF EXISTS public CASCADE")
        cursor.execute(f"ALTER SCHEMA {ASIDE} RENAME TO public")


def state() -> State:
    """Tell what state the database is in."""
    with scope.everything(), connection.cursor() as cursor:
        return _state(lambda sql: _fetched(cursor, sql))


def _fetched(cursor: Any, sql: str) -> Any:
    cursor.execute(sql)
    return cursor


def _state(execute: Any) -> State:
    named = (
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'"
        if connection.vendor == "sqlite"
        else "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
    )
    tables = sorted(name for (name,) in execute(named).fetchall() if not _belongs_to_index(name))
    counts = {name: execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in tables}
    applied = execute("SELECT app, name FROM django_migrations ORDER BY app, name").fetchall()
    last = execute("SELECT number, root FROM platform_auditbatch ORDER BY number DESC LIMIT 1").fetchone()
    return State([f"{app}.{name}" for app, name in applied], counts, *(last or (0, "")))


def _belongs_to_index(table: str) -> bool:
    return table.endswith("_fts") or "_fts_" in table


def _sqlite_file() -> str:
    return str(connection.settings_dict["NAME"])


def _open_still(path: Path) -> sqlite3.Connection:
    """Open a copy that nobody writes to, without leaving a journal beside it."""
    return sqlite3.connect(f"file:{quote(str(path))}?mode=ro&immutable=1", uri=True)


def find_tool(name: str, server: int) -> str:
    """Give the newest of PostgreSQL's programs of this name; it must be as new as the server. Raises ToolMissing."""
    folders = [folder for root in LIBRARY_FOLDERS for folder in Path(root).glob("*/bin")]
    paths = [str(folder / name) for folder in folders if (folder / name).exists()]
    on_path = shutil.which(name)
    versions = {path: _version(path) for path in [*paths, *([on_path] if on_path else [])]}
    if not versions:
        raise ToolMissing(f"{name} is not installed. On Debian: apt-get install postgresql-client")
    best = max(versions, key=lambda path: versions[path])
    if versions[best] < server:
        raise ToolMissing(
            f"{best} is of version {versions[best]} and the server of version {server}. Install a newer client."
        )
    return best


def _version(path: str) -> int:
    told = subprocess.run([path, "--version"], capture_output=True, text=True, check=False).stdout
    found = re.search(r"(\d+)", told)
    return int(found[1]) if found else 0


def _run(name: str, arguments: list[str], *, connect: bool = True) -> None:
    known = connection.get_connection_params()
    server = connection.pg_version // 10000 if connect else 0  # type: ignore[attr-defined]
    names = {"host": "PGHOST", "port": "PGPORT", "user": "PGUSER", "password": "PGPASSWORD", "dbname": "PGDATABASE"}
    names |= {key: f"PG{key.upper()}" for key in ("sslmode", "sslrootcert", "sslcert", "sslkey")}
    told = {variable: str(known[key]) for key, variable in names.items() if known.get(key)}
    environment = os.environ | told | {"PGOPTIONS": "-c lianxin.communities=*"}
    done = subprocess.run(
        [find_tool(name, server), *arguments],
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    if done.returncode:
        raise DumpFailed(f"{name} ended with {done.returncode}: {done.stderr.strip()[-600:]}")
