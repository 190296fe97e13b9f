"""Times that may not overlap, held by PostgreSQL itself; on SQLite the one writer checks before it writes."""

from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.migrations.operations.base import Operation

# In a schema of its own: a restore moves the public one aside and drops it in the end, and with it whatever it holds.
EXTENSION = (
    "CREATE SCHEMA IF NOT EXISTS lianxin_extensions",
    "CREATE EXTENSION IF NOT EXISTS btree_gist SCHEMA lianxin_extensions",
)


class NoOverlap(Operation):
    """Exclude two rows of the same owner whose [starts, ends) overlap while `live` holds; reversible.

    PostgreSQL keeps it with an exclusion constraint (extension btree_gist, trusted since version 13). SQLite has none:
    there a command holds the only write lock from its first statement on, so what it checked stays true.
    """

    reversible = True

    def __init__(self, table: str, name: str, *, owner: str, starts: str, ends: str, live: str) -> None:
        self.table = table
        self.name = name
        self.owner = owner
        self.starts = starts
        self.ends = ends
        self.live = live

    def state_forwards(self, app_label: str, state: Any) -> None:
        """The models stay as they are."""

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        if schema_editor.connection.vendor != "postgresql":
            return
        for statement in EXTENSION:
            schema_editor.execute(statement, None)
        schema_editor.execute(
            f'ALTER TABLE "{self.table}" ADD CONSTRAINT "{self.name}" EXCLUDE USING gist '
            f'("{self.owner}" WITH =, tstzrange("{self.starts}", "{self.ends}") WITH &&) WHERE ({self.live})',
            None,
        )

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(f'ALTER TABLE "{self.table}" DROP CONSTRAINT "{self.name}"', None)

    def describe(self) -> str:
        """One line for `migrate --plan`."""
        return f"Let no two live rows of {self.table} overlap"


def held_by_database(name: str, *, using: str = DEFAULT_DB_ALIAS) -> bool:
    """Tell whether this database keeps the named exclusion itself."""
    connection = connections[using]
    if connection.vendor != "postgresql":
        return False
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_constraint WHERE conname = %s AND contype = 'x'", [name])
        return cursor.fetchone() is not None
