"""The first migration of an app: its tables are made whole at once, which is many times faster than piece by piece.

Django draws every model anew that is connected with a changed one after each single operation, and here everything is
connected with the divisions: a new database would take a minute.
"""

from typing import Any

from django.db import migrations
from django.db.migrations.operations.base import Operation

_PIECES = (migrations.AddField, migrations.AddIndex, migrations.AddConstraint)


class FoundingMigration(migrations.Migration):
    """Makes the tables as they are after all operations on them, then does the rest in order.

    A table that is made here gets its later fields, indexes and constraints along with it; nothing is different in the
    database. Taking the migration back, and writing its SQL, goes Django's usual way.
    """

    def apply(self, project_state: Any, schema_editor: Any, collect_sql: bool = False) -> Any:
        """Make the tables and do the rest; gives the state after that."""
        if collect_sql:
            return super().apply(project_state, schema_editor, collect_sql)
        makers = [one for one in self.operations if isinstance(one, migrations.CreateModel)]
        made = {maker.name_lower for maker in makers}
        # Drawn models are drawn anew by each change: without them a change is an entry in a list.
        project_state.__dict__.pop("apps", None)
        before = project_state.clone()
        rest: list[Operation] = []
        for operation in self.operations:
            if isinstance(operation, migrations.CreateModel) or (
                isinstance(operation, _PIECES) and operation.model_name.lower() in made
            ):
                operation.state_forwards(self.app_label, project_state)
            else:
                rest.append(operation)
        for maker in makers:
            maker.database_forwards(self.app_label, schema_editor, before, project_state)
        for operation in rest:
            old = project_state.clone()
            operation.state_forwards(self.app_label, project_state)
            operation.database_forwards(self.app_label, schema_editor, old, project_state)
        return project_state
