"""The second fence: PostgreSQL itself shows and takes only rows of the communities in scope."""

from uuid import UUID

import pytest
from django.db import DatabaseError, ProgrammingError, connection, transaction
from django.test.utils import CaptureQueriesContext

from lianxin.platform import row_security, scope
from lianxin.platform.row_security import SETTING, RowSecurity

OURS, THEIRS = UUID(int=1), UUID(int=2)
TABLE = "test_fenced"


@pytest.fixture
def fenced(db):
    """A fenced table, owned by the role that asks, with one row of each of two communities."""
    run(f"CREATE TABLE {TABLE} (id integer PRIMARY KEY, community_id uuid NOT NULL)")
    RowSecurity(TABLE).database_forwards("platform", connection.schema_editor(), None, None)
    with scope.everything():
        run(f"INSERT INTO {TABLE} VALUES (1, '{OURS}'), (2, '{THEIRS}')")


def run(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def seen() -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT id FROM {TABLE} ORDER BY id")
        return [number for (number,) in cursor.fetchall()]


def session_value() -> str | None:
    """What the server has, asked past the wrapper."""
    with connection.connection.cursor() as cursor:
        cursor.execute("SELECT current_setting(%s, true)", [SETTING])
        return cursor.fetchone()[0]


@pytest.mark.postgresql_only
def test_raw_sql_sees_only_the_rows_of_its_scope(fenced):
    with scope.within([OURS]):
        ours = seen()
    with scope.within([OURS, THEIRS]):
        both = seen()
    with scope.within([UUID(int=3)]):
        foreign = seen()
    with scope.within([]):
        none = seen()
    with scope.everything():
        all_rows = seen()

    assert (ours, both, foreign, none, all_rows) == ([1], [1, 2], [], [], [1, 2])


@pytest.mark.postgresql_only
def test_outside_a_scope_there_are_no_rows(fenced):
    with scope.nothing():
        assert seen() == []


@pytest.mark.postgresql_only
def test_a_session_that_never_heard_of_scopes_sees_nothing(fenced):
    with connection.connection.cursor() as cursor:
        cursor.execute(f"SELECT set_config('{SETTING}', NULL, false)")
        cursor.execute(f"SELECT count(*) FROM {TABLE}")

        assert cursor.fetchone() == (0,)


@pytest.mark.postgresql_only
@pytest.mark.parametrize(
    "attempt",
    [
        f"INSERT INTO {TABLE} VALUES (3, '{THEIRS}')",
        f"UPDATE {TABLE} SET community_id = '{THEIRS}' WHERE id = 1",
    ],
)
def test_a_row_of_another_community_is_refused(fenced, attempt):
    with scope.within([OURS]), pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
        run(attempt)


@pytest.mark.postgresql_only
def test_rows_of_another_community_can_be_neither_changed_nor_removed(fenced):
    with scope.within([OURS]):
        run(f"UPDATE {TABLE} SET id = id + 10")
        run(f"DELETE FROM {TABLE} WHERE id = 2")

    with scope.everything():
        assert seen() == [2, 11]


@pytest.mark.postgresql_only
def test_the_scope_is_read_once_per_statement(fenced):
    with scope.within([OURS]), connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN SELECT * FROM {TABLE}")
        plan = "\n".join(line for (line,) in cursor.fetchall())

    assert plan.count("InitPlan") == 2
    assert "current_setting" not in next(line for line in plan.splitlines() if "Filter" in line)


@pytest.mark.postgresql_only
def test_the_setting_is_no_query_of_the_application_and_sent_only_when_it_changed(fenced, monkeypatch):
    with scope.within([OURS]):
        seen()
        asked = []
        monkeypatch.setattr(row_security, "wanted", lambda original=row_security.wanted: asked.append(1) or original())
        with CaptureQueriesContext(
            connection,
        ) as queries:
            seen()
            run(f"SET LOCAL {SETTING} = 'tampered'")
            tampered = session_value()
            run("SELECT 1")

    assert len(queries) == 3
    assert len(asked) == 3
    assert tampered == session_value() == "tampered"


@pytest.mark.postgresql_only
def test_a_savepoint_that_is_rolled_back_does_not_leave_the_wrong_scope(fenced):
    with scope.within([OURS]):
        seen()
        with pytest.raises(ZeroDivisionError), transaction.atomic(), scope.everything():
            seen()
            raise ZeroDivisionError
        after = seen()
    with scope.everything():
        outside = seen()

    assert after == [1]
    assert outside == [1, 2]


@pytest.mark.postgresql_only
def test_a_statement_that_failed_does_not_leave_the_wrong_scope(fenced):
    with scope.within([OURS]):
        with pytest.raises(DatabaseError), transaction.atomic(), scope.everything():
            seen()
            run("SELECT 1 / 0")

        assert seen() == [1]


@pytest.mark.postgresql_only
def test_a_savepoint_rolled_back_by_hand_does_not_leave_the_wrong_scope(fenced):
    with scope.within([OURS]):
        seen()
    mark = transaction.savepoint()
    with scope.everything():
        everything = seen()
        transaction.savepoint_rollback(mark)
        again = seen()

    assert everything == again == [1, 2]


@pytest.mark.postgresql_only
@pytest.mark.django_db(transaction=True)
def test_a_transaction_that_is_rolled_back_does_not_leave_the_wrong_scope():
    with scope.within([OURS]):
        run("SELECT 1")
    with pytest.raises(ZeroDivisionError), scope.within([THEIRS]), transaction.atomic():
        run("SELECT 1")
        raise ZeroDivisionError
    rolled_back = session_value()
    with scope.within([THEIRS]), transaction.atomic():
        run("SELECT 1")
        inside = session_value()
    with scope.within([THEIRS]):
        run("SELECT 1")

    assert rolled_back == str(OURS)
    assert inside == session_value() == str(THEIRS)


@pytest.mark.postgresql_only
@pytest.mark.django_db(transaction=True)
def test_a_new_connection_starts_with_the_scope_of_its_first_statement():
    with scope.within([OURS]):
        run("SELECT 1")
        connection.close()
        run("SELECT 1")

        assert session_value() == str(OURS)


@pytest.mark.postgresql_only
def test_the_check_names_a_table_whose_fence_was_taken_down(fenced):
    assert row_security.check() == []

    run(f"ALTER TABLE {TABLE} NO FORCE ROW LEVEL SECURITY")

    assert row_security.check() == [f"Row-level security of {TABLE} is switched off."]


@pytest.mark.postgresql_only
def test_the_operation_can_be_taken_back(fenced):
    RowSecurity(TABLE).database_backwards("platform", connection.schema_editor(), None, None)

    with scope.within([OURS]):
        assert seen() == [1, 2]


@pytest.mark.django_db
def test_on_sqlite_the_operation_writes_nothing(monkeypatch):
    editor = connection.schema_editor()
    monkeypatch.setattr(connection, "vendor", "sqlite")
    written = []
    monkeypatch.setattr(editor, "execute", lambda *args: written.append(args))

    RowSecurity(TABLE).database_forwards("platform", editor, None, None)
    RowSecurity(TABLE).database_backwards("platform", editor, None, None)

    assert written == []
    assert row_security.check() == []


def test_the_wanted_value_names_the_scope():
    with scope.nothing():
        nothing = row_security.wanted()
    with scope.everything():
        everything = row_security.wanted()
    with scope.within([THEIRS, OURS]):
        both = row_security.wanted()

    assert (nothing, everything, both) == ("", "*", f"{OURS},{THEIRS}")
