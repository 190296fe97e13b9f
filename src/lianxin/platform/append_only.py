"""Tables that only grow: the database itself refuses UPDATE, DELETE and TRUNCATE on them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created
from django.db.migrations.operations.base import Operation
from django.db.models.signals import post_migrate

REGISTER = "append_only"  # one row per guarded table; on SQLite its flag is what lifts the guard
SETTING = "lianxin.retention"
ANY_TABLE = "*"

REGISTER_SQL = f"CREATE TABLE IF NOT EXISTS {REGISTER} (name varchar(63) PRIMARY KEY, lifted smallint NOT NULL)"

POSTGRES_FUNCTION = f"""
CREATE OR REPLACE FUNCTION lianxin_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    lifted text[] := string_to_array(current_setting('{SETTING}', true), ',');
BEGIN
    IF TG_OP <> 'UPDATE' AND '{ANY_TABLE}' = ANY (lifted) OR TG_OP = 'DELETE' AND TG_TABLE_NAME = ANY (lifted) THEN
        RETURN NULL;
    END IF;
    RAISE EXCEPTION '% only grows: % is refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation';
END
$$"""


def _entered(name: str) -> str:
    return f"INSERT INTO {REGISTER} (name, lifted) VALUES ('{name}', 0) ON CONFLICT (name) DO NOTHING"


def _names(table: str) -> tuple[str, str]:
    return f"{table}_no_update", f"{table}_no_delete"


def _guards(vendor: str, table: str) -> list[str]:
    no_update, no_delete = _names(table)
    if vendor == "postgresql":
        make = 'CREATE TRIGGER "{}" BEFORE {} ON "{}" FOR EACH STATEMENT EXECUTE FUNCTION lianxin_append_only()'
        return [
            POSTGRES_FUNCTION,
            make.format(no_update, "UPDATE", table),
            make.format(no_delete, "DELETE OR TRUNCATE", table),
        ]
    lifted = f"SELECT 1 FROM {REGISTER} WHERE lifted > 0 AND name IN ('{table}', '{ANY_TABLE}')"
    return [
        f'CREATE TRIGGER "{no_update}" BEFORE UPDATE ON "{table}" '
        f"BEGIN SELECT RAISE(ABORT, '{table} only grows: UPDATE is refused'); END",
        f'CREATE TRIGGER "{no_delete}" BEFORE DELETE ON "{table}" WHEN NOT EXISTS ({lifted}) '
        f"BEGIN SELECT RAISE(ABORT, '{table} only grows: DELETE is refused'); END",
    ]


def _removals(vendor: str, table: str) -> list[str]:
    on_table = f' ON "{table}"' if vendor == "postgresql" else ""
    return [f'DROP TRIGGER IF EXISTS "{name}"{on_table}' for name in _names(table)]


class AppendOnly(Operation):
    """Guard a table by one pair of triggers, on both databases; reversible."""

    reversible = True

    def __init__(self, table: str) -> None:
        self.table = table

    def state_forwards(self, app_label: str, state: Any) -> None:
        """The models stay as they are."""

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        vendor = schema_editor.connection.vendor
        for statement in (REGISTER_SQL, _entered(ANY_TABLE), _entered(self.table), *_guards(vendor, self.table)):
            schema_editor.execute(statement, None)

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        for statement in _removals(schema_editor.connection.vendor, self.table):
            schema_editor.execute(statement, None)
        schema_editor.execute(f"DELETE FROM {REGISTER} WHERE name = '{self.table}'", None)

    def describe(self) -> str:
        """One line for `migrate --plan`."""
        return f"Let {self.table} only grow"


@contextmanager
def retention(table: str, *, using: str = DEFAULT_DB_ALIAS) -> Iterator[None]:
    """Let whole sealed batches of one table be deleted inside the running transaction, which the caller audits.

    `ANY_TABLE` lifts every guard, against TRUNCATE too: for tests that empty their database.
    """
    connection = connections[using]
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("Retention runs inside the transaction that is audited.")
    # The savepoint takes the permission back when the block raises.
    with transaction.atomic(using=using), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT coalesce(current_setting(%s, true), '')", [SETTING])
            (before,) = cursor.fetchone()
            cursor.execute("SELECT set_config(%s, %s, true)", [SETTING, f"{before},{table}"])
            yield
            cursor.execute("SELECT set_config(%s, %s, true)", [SETTING, before])
        else:
            cursor.execute(f"UPDATE {REGISTER} SET lifted = lifted + 1 WHERE name = %s", [table])
            yield
            cursor.execute(f"UPDATE {REGISTER} SET lifted = lifted - 1 WHERE name = %s", [table])


def _unguarded(connection: BaseDatabaseWrapper) -> list[str]:
    if REGISTER not in connection.introspection.table_names():
        return []
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT name FROM {REGISTER} WHERE name <> %s ORDER BY name", [ANY_TABLE])
        tables = [name for (name,) in cursor.fetchall()]
        if connection.vendor == "postgresql":
            cursor.execute("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled IN ('O', 'A')")
        else:
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        triggers = {name for (name,) in cursor.fetchall()}
    return [table for table in tables if not triggers.issuperset(_names(table))]


def check(*, using: str = DEFAULT_DB_ALIAS) -> list[str]:
    """Name the tables that should only grow and whose guard is gone or switched off."""
    return [f"{table} should only grow, but its guard is gone." for table in _unguarded(connections[using])]


def _restore_guards(*, using: str = DEFAULT_DB_ALIAS, app_config: Any = None, **_: Any) -> None:
    """Put back what is gone: SQLite alters a table by making it anew, which drops its triggers."""
    if app_config is not None and app_config.label != "platform":
        return
    connection = connections[using]
    with connection.cursor() as cursor:
        for statement in (REGISTER_SQL, _entered(ANY_TABLE)):
            cursor.execute(statement)
        for table in _unguarded(connection):
            for statement in (*_removals(connection.vendor, table), *_guards(connection.vendor, table)):
                cursor.execute(statement)


def _fire_on_replace(*, connection: BaseDatabaseWrapper, **_: Any) -> None:
    """Without this SQLite's INSERT OR REPLACE deletes a row past the trigger."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA recursive_triggers = ON")


def install() -> None:
    """Connect the two receivers; called once by the platform's AppConfig.ready()."""
    connection_created.connect(_fire_on_replace, dispatch_uid="append_only.replace")
    post_migrate.connect(_restore_guards, dispatch_uid="append_only.restore")
