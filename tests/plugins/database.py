"""Chooses the database of a test run before Django reads its settings: `pytest --db=sqlite|postgresql`."""

import argparse
import atexit
import os
import shutil
import tempfile
from pathlib import Path

import pytest

from tests.support import postgres

CHOICES = ("sqlite", "postgresql")
# xdist's workers inherit this from the controller, so that one run has one cluster.
CLUSTER_URL = "LIANXIN_TEST_CLUSTER_URL"
ROOT = Path(__file__).resolve().parents[2]
# Here a test that names no database starts none of its own either, as the tests of faults and of journeys do.
BESIDE = (ROOT / "src", ROOT / "tests" / "contracts")
# Without one of these pytest-django lets no test near a database.
MEETS_DATABASE = frozenset({"db", "transactional_db", "django_db_reset_sequences", "django_db_serialized_rollback"})


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add `--db` and `--without-pure`."""
    group = parser.getgroup("lianxin")
    group.addoption(
        "--db", choices=CHOICES, default="sqlite", help="the database that the tests run on (default: sqlite)"
    )
    group.addoption(
        "--without-pure", action="store_true", help="on PostgreSQL leave out the tests of code that meets none"
    )


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config, parser: pytest.Parser, args: list[str]) -> None:
    """Point the settings at a temporary folder and at the chosen database."""
    # Not `parser.parse_known_args(args)`: an xdist worker gets its options as a namespace, not as arguments.
    options = early_config.known_args_namespace
    folder = _run_folder()
    os.environ.update({"LIANXIN_TESTING": "1", "LIANXIN_VAR_DIR": str(folder / "var")})
    for name in ("LIANXIN_SECRET_KEY", "LIANXIN_KEY_FILE", "LIANXIN_TIANDITU_KEY", "LIANXIN_HTTPS", "LIANXIN_DEBUG"):
        os.environ.pop(name, None)
    if options.db == "sqlite" or options.help or options.version:
        os.environ["LIANXIN_DATABASE_URL"] = f"sqlite:///{folder}/lianxin.sqlite3"
        return
    os.environ["LIANXIN_DATABASE_URL"] = os.environ.get(CLUSTER_URL) or _start_cluster(options)


def is_pure(item: pytest.Item) -> bool:
    """Tell whether a test of code meets no database, so that it finds the same on both."""
    marked = any(item.get_closest_marker(name) for name in ("django_db", "postgresql_only"))
    asked = MEETS_DATABASE.intersection(getattr(item, "fixturenames", MEETS_DATABASE))
    return not marked and not asked and any(folder in item.path.parents for folder in BESIDE)


def _start_cluster(options: argparse.Namespace) -> str:
    try:
        cluster = postgres.start()
    except (postgres.PostgresqlMissing, postgres.PostgresqlDidNotStart) as problem:
        raise pytest.UsageError(str(problem)) from problem
    atexit.register(cluster.close)
    os.environ[CLUSTER_URL] = cluster.url
    return cluster.url


def _run_folder() -> Path:
    """Make this process's own folder, in memory where the machine has room for that."""
    memory = Path("/dev/shm")
    roomy = memory.is_dir() and os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > 1 << 30
    folder = Path(tempfile.mkdtemp(prefix="lianxin-tests-", dir=memory if roomy else None))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def pytest_report_header(config: pytest.Config) -> str:
    """Name the database at the head of the run."""
    return f"database: {config.getoption('db')}"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out, on SQLite, what only PostgreSQL can do; and, where asked, what meets no database."""
    kept, left = [], []
    for item in items:
        if config.getoption("db") == "postgresql":
            is_left = config.getoption("without_pure") and is_pure(item)
        else:
            is_left = item.get_closest_marker("postgresql_only") is not None
        (left if is_left else kept).append(item)
    if left:
        config.hook.pytest_deselected(items=left)
        items[:] = kept


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings: None) -> None:
    """Give SQLite's test database a file, as threads and processes must meet the locks of a real one."""
    from django.conf import settings
    from django.db import connections

    if connections["default"].vendor == "sqlite":
        file = Path(settings.DATABASES["default"]["NAME"])
        connections["default"].settings_dict["TEST"]["NAME"] = str(file.with_name("test.sqlite3"))


@pytest.fixture(scope="session")
def django_db_keepdb() -> bool:
    """Leave the test database in place: its folder or cluster is thrown away whole."""
    return True
