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
    """Let Django's flush after a test with real transactions pass the append-only guards."""
    from django.db import transaction
    from django.test import TransactionTestCase

    from lianxin.platform import append_only

    empty = TransactionTestCase._fixture_teardown

    def empty_unguarded(case: TransactionTestCase) -> None:
        with transaction.atomic(), append_only.retention(append_only.ANY_TABLE):
            empty(case)

    TransactionTestCase._fixture_teardown = empty_unguarded


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings: None) -> None:
    """Give SQLite's test database a file, as threads and processes must meet the locks of a real one."""
    from pathlib import Path

    from django.conf import settings
    from django.db import connections

    if connections["default"].vendor == "sqlite":
        file = Path(settings.DATABASES["default"]["NAME"])
        connections["default"].settings_dict["TEST"]["NAME"] = str(file.with_name("test.sqlite3"))
