"""Another process that keeps everybody else from writing, as a long import or a stuck session would.

On SQLite it holds the write lock, on PostgreSQL all tables in a mode that lets others read. Our own patience is short
meanwhile: the busy timeout, or `lock_timeout`, is set as an operator would set it.
"""

from __future__ import annotations

import gc
import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection

PATIENCE_MS = 100
HOLD_SQLITE = """
import sqlite3, sys
session = sqlite3.connect(sys.argv[1], timeout=30, isolation_level=None)
session.execute("BEGIN IMMEDIATE")
print("held", flush=True)
sys.stdin.read()
session.execute("ROLLBACK")
"""
HOLD_POSTGRESQL = """
import json, psycopg, sys
with psycopg.connect(**json.loads(sys.argv[1])) as session:
    named = session.execute(
        "SELECT format('%I.%I', schemaname, tablename) FROM pg_tables WHERE schemaname = 'public' "
        "AND has_table_privilege(format('%I.%I', schemaname, tablename), 'UPDATE')"
    )
    tables = ", ".join(name for name, in named)
    session.execute(f"LOCK TABLE {tables} IN EXCLUSIVE MODE")
    print("held", flush=True)
    sys.stdin.read()
    session.rollback()
"""
CONNECTS_BY = ("dbname", "user", "password", "host", "port")


@contextmanager
def short_patience() -> Iterator[None]:
    """Let our own connection wait for a tenth of a second only."""
    settings: dict[str, Any] = connection.settings_dict
    before = settings["OPTIONS"]
    mine = (
        {"timeout": PATIENCE_MS / 1000}
        if connection.vendor == "sqlite"
        else {"options": f"-c lock_timeout={PATIENCE_MS}"}
    )
    settings["OPTIONS"] = before | mine
    connection.close()
    try:
        yield
    finally:
        settings["OPTIONS"] = before
        connection.close()
        # What was refused leaves cursors in cycles, and SQLite's file stays open for them: a copy of it would be old.
        gc.collect()


@contextmanager
def writes_held() -> Iterator[None]:
    """Let nobody else write, from a process of its own."""
    if connection.vendor == "sqlite":
        command = [sys.executable, "-c", HOLD_SQLITE, str(connection.settings_dict["NAME"])]
    else:
        given = {name: value for name, value in connection.get_connection_params().items() if name in CONNECTS_BY}
        command = [sys.executable, "-c", HOLD_POSTGRESQL, json.dumps(given)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdin is not None
        assert holder.stdout is not None
        try:
            assert holder.stdout.readline() == "held\n"
            yield
        finally:
            holder.stdin.close()
            holder.wait(timeout=30)
