"""Fewer indexes whose order has nothing to do with the order in which people come: each costs an import a page per row.

SQLite merges the rows of all communities in the order of an index that begins with the community, and does without an
index over the whole district. PostgreSQL would sort them, so it keeps its own.
"""

from typing import Any

from django.db import migrations, models


class OnSqlite(migrations.RunSQL):
    """SQL for SQLite alone."""

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        if schema_editor.connection.vendor == "sqlite":
            super().database_forwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        if schema_editor.connection.vendor == "sqlite":
            super().database_backwards(app_label, schema_editor, from_state, to_state)


class Migration(migrations.Migration):

    dependencies = [
        ("people", "0001_ground"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                OnSqlite(
                    'DROP INDEX "people_household_number_all"',
                    'CREATE INDEX "people_household_number_all" ON "people_household" ("number", "id")',
                ),
                OnSqlite(
                    'DROP INDEX "people_person_age_all"',
                    'CREATE INDEX "people_person_age_all" ON "people_person" ("birth_on", "id")',
                ),
            ],
            state_operations=[
                migrations.RemoveIndex(model_name="household", name="people_household_number_all"),
                migrations.RemoveIndex(model_name="person", name="people_person_age_all"),
            ],
        ),
        migrations.AddIndex(
            model_name="person",
            index=models.Index(fields=["community", "phone_digest"], name="people_person_phone_in"),
        ),
        migrations.RemoveIndex(model_name="person", name="people_person_phone"),
    ]
