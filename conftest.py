"""What every test shares: hypothesis' profiles, a key ring, a database that can be emptied."""

import os
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, settings

pytest_plugins = ["tests.support.district"]

settings.register_profile("ci", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("dev", deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci" if os.environ.get("CI") else "dev"))


@pytest.fixture(scope="session", autouse=True)
def _key_ring(django_db_setup: None) -> None:
    """Give the run a key ring of its own, as `lianxin up` does at first start."""
    from lianxin.platform import keys

    keys.create_ring(at=datetime.now(UTC))


@pytest.fixture(scope="session", autouse=True)
def _tables_may_be_emptied_between_tests() -> None:
    """Empty after a test with real transactions what it filled; Django's flush of all tables is there for the rest."""
    from django.db import DatabaseError, transaction
    from django.test import TransactionTestCase

    from lianxin.platform import append_only

    empty = TransactionTestCase._fixture_teardown

    def empty_unguarded(case: TransactionTestCase) -> None:
        try:
            empty_what_is_filled()
        except DatabaseError:
            # A guard is gone, or a key is checked at once: the flush takes its time and mends all.
            with transaction.atomic(), append_only.retention(append_only.ANY_TABLE):
                empty(case)

    TransactionTestCase._fixture_teardown = empty_unguarded


def empty_what_is_filled() -> None:
    """Empty the tables that hold rows: a flush takes half a second on PostgreSQL, however few these are.

    What Django keeps about the models stays, as nothing would make it again.
    """
    from django.db import DatabaseError, connection, transaction

    from lianxin.platform import append_only, scope

    if append_only.check():
        raise DatabaseError("A table lost its guard.")
    kept = {"django_content_type", "auth_permission"}
    names = sorted(set(connection.introspection.django_table_names(only_existing=True)) - kept)
    with (
        scope.everything(),
        transaction.atomic(),
        append_only.retention(append_only.ANY_TABLE),
        connection.cursor() as cursor,
    ):
        for name in names:
            table = connection.ops.quote_name(name)
            cursor.execute(f"SELECT 1 FROM {table} LIMIT 1")
            if cursor.fetchone():
                cursor.execute(f"DELETE FROM {table}")


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings: None) -> None:
    """Give SQLite's test database a file, as threads and processes must meet the locks of a real one."""
    from pathlib import Path

    from django.conf import settings
    from django.db import connections

    if connections["default"].vendor == "sqlite":
        file = Path(settings.DATABASES["default"]["NAME"])
        connections["default"].settings_dict["TEST"]["NAME"] = str(file.with_name("test.sqlite3"))
