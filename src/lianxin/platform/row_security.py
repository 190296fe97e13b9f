"""Row-level security on PostgreSQL: the second fence between communities, below the scoped managers."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created
from django.db.migrations.operations.base import Operation

from lianxin.platform import scope

SETTING = "lianxin.communities"
POLICY = "lianxin_scope"
EVERYTHING = "*"
NOTHING = ""


class RowSecurity(Operation):
    """Show and take only rows of the communities in scope, for the table's owner too; nothing to do on SQLite."""

    reversible = True

    def __init__(self, table: str, column: str = "community_id") -> None:
        self.table = table
        self.column = column

    def state_forwards(self, app_label: str, state: Any) -> None:
        """The models stay as they are."""

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        if schema_editor.connection.vendor != "postgresql":
            return
        # Each subselect becomes an InitPlan: read once per statement, not once per row.
        setting = f"current_setting('{SETTING}', true)"
        listed = f"(SELECT string_to_array(NULLIF({setting}, '{EVERYTHING}'), ',')::uuid[])::uuid[]"
        rule = f"(SELECT {setting}) = '{EVERYTHING}' OR \"{self.column}\" = ANY ({listed})"
        for statement in (
            f'ALTER TABLE "{self.table}" ENABLE ROW LEVEL SECURITY',
            f'ALTER TABLE "{self.table}" FORCE ROW LEVEL SECURITY',
            f'CREATE POLICY {POLICY} ON "{self.table}" USING ({rule}) WITH CHECK ({rule})',
        ):
            schema_editor.execute(statement, None)

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        if schema_editor.connection.vendor != "postgresql":
            return
        for statement in (
            f'DROP POLICY {POLICY} ON "{self.table}"',
            f'ALTER TABLE "{self.table}" NO FORCE ROW LEVEL SECURITY',
            f'ALTER TABLE "{self.table}" DISABLE ROW LEVEL SECURITY',
        ):
            schema_editor.execute(statement, None)

    def describe(self) -> str:
        """One line for `migrate --plan`."""
        return f"Fence the rows of {self.table} by {self.column}"


@lru_cache(maxsize=512)
def _listed(communities: frozenset[UUID]) -> str:
    return ",".join(sorted(map(str, communities)))


def wanted() -> str:
    """The value the session setting should have in the current scope."""
    current = scope.current()
    if current is None:
        return NOTHING
    return EVERYTHING if current.communities is None else _listed(current.communities)


class SessionScope:
    """Keeps the session setting of one PostgreSQL connection equal to the scope, sent only when it changed."""

    def __init__(self, connection: BaseDatabaseWrapper) -> None:
        self.connection = connection
        self.value: str | None = None  # None: unknown
        self.in_transaction = False  # a rollback may take the value back

    def __call__(self, execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: Any) -> Any:
        control = isinstance(sql, str) and sql.startswith(("ROLLBACK", "SAVEPOINT", "RELEASE"))
        if not control:
            self.sync()
        try:
            return execute(sql, params, many, context)
        finally:
            if control and self.in_transaction and sql.startswith("ROLLBACK"):
                self.value = None

    def sync(self) -> None:
        """Send the scope when the server does not have it; call it before a raw COPY."""
        from psycopg.pq import TransactionStatus

        session: Any = self.connection.connection
        status = session.info.transaction_status
        if status == TransactionStatus.IDLE and self.in_transaction:
            # The transaction that carried the value is over: committed or rolled back, we were not told.
            self.value, self.in_transaction = None, False
        value = wanted()
        if value == self.value or status not in (TransactionStatus.IDLE, TransactionStatus.INTRANS):
            return
        # Straight through the driver: this is no query of the application.
        with session.cursor() as cursor:
            cursor.execute("SELECT set_config(%s, %s, false)", [SETTING, value])
        self.value, self.in_transaction = value, not session.autocommit


def _attach(*, connection: BaseDatabaseWrapper, **_: Any) -> None:
    if connection.vendor == "postgresql":
        wrappers = connection.execute_wrappers
        wrappers[:] = [wrapper for wrapper in wrappers if not isinstance(wrapper, SessionScope)]
        # First, since `connection.execute_wrapper()` takes the last one off again.
        wrappers.insert(0, SessionScope(connection))


def install() -> None:
    """Attach to every PostgreSQL connection from now on; called once by the platform's AppConfig.ready()."""
    connection_created.connect(_attach, dispatch_uid="row_security.attach")


def check(*, using: str = DEFAULT_DB_ALIAS) -> list[str]:
    """Name what would let a query past the fence: a role that ignores it, a table where it is not forced."""
    connection = connections[using]
    if connection.vendor != "postgresql":
        return []
    found = []
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolname FROM pg_roles WHERE rolname = current_user AND (rolsuper OR rolbypassrls)")
        found += [f"The database role {name} ignores row-level security." for (name,) in cursor.fetchall()]
        cursor.execute(
            "SELECT c.relname FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid WHERE p.polname = %s"
            " AND NOT (c.relrowsecurity AND c.relforcerowsecurity) ORDER BY 1",
            [POLICY],
        )
        found += [f"Row-level security of {name} is switched off." for (name,) in cursor.fetchall()]
    return found
