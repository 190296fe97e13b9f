"""Tables that are made whole are those that Django makes piece by piece."""

import sqlite3
from typing import Any

import pytest
from django.db import connections, migrations, models
from django.db.backends.sqlite3.base import DatabaseWrapper
from django.db.migrations.state import ProjectState

from lianxin.platform.founding import FoundingMigration

OPERATIONS = [
    migrations.CreateModel("Home", [("id", models.UUIDField(primary_key=True)), ("number", models.IntegerField())]),
    migrations.CreateModel(
        "Member",
        [
            ("id", models.UUIDField(primary_key=True)),
            ("name", models.CharField(max_length=9)),
            ("home", models.ForeignKey("founded.Home", models.PROTECT)),
        ],
    ),
    migrations.AddField("Home", "head", models.ForeignKey("founded.Member", models.PROTECT, null=True)),
    migrations.RunSQL("INSERT INTO founded_home VALUES ('1', 5, NULL)", migrations.RunSQL.noop),
    migrations.AddIndex("Member", models.Index(fields=["name"], name="by_name")),
    migrations.AddConstraint("Home", models.UniqueConstraint(fields=["number"], name="one_number")),
    migrations.AddConstraint(
        "Member",
        models.UniqueConstraint(fields=["home"], condition=models.Q(name="head"), name="one_head"),
    ),
    migrations.AddConstraint("Home", models.CheckConstraint(condition=models.Q(number__gt=0), name="number_above_0")),
]


@pytest.fixture
def empty(db: None) -> Any:
    """An empty database in memory, whatever the tests run on."""
    settings = connections["default"].settings_dict | {"NAME": ":memory:", "OPTIONS": {}, "TEST": {"NAME": None}}
    connection = DatabaseWrapper(settings, "default")
    yield connection
    connection.connection.close()


def tables_made_by(kind: type[migrations.Migration], connection: Any) -> list[Any]:
    """Apply the operations as a migration of one kind and read what is there then."""
    migration = kind("0001", "founded")
    migration.operations = OPERATIONS
    with connection.schema_editor() as editor:
        state = migration.apply(ProjectState(), editor)
    assert state.models["founded", "home"].options["constraints"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT type, name, sql FROM sqlite_master ORDER BY 1, 2")
        return [*cursor.fetchall(), *cursor.execute("SELECT * FROM founded_home").fetchall()]


def test_tables_are_what_single_operations_make(empty: Any) -> None:
    found = tables_made_by(FoundingMigration, empty)

    empty.connection.close()
    empty.connection = None
    assert found == tables_made_by(migrations.Migration, empty)


def test_constraints_that_came_as_pieces_hold(empty: Any) -> None:
    tables_made_by(FoundingMigration, empty)

    with empty.cursor() as cursor, pytest.raises(Exception, match="number_above_0") as refusal:
        cursor.execute("INSERT INTO founded_home VALUES ('2', 0, NULL)")

    assert isinstance(refusal.value.__cause__, sqlite3.IntegrityError)
