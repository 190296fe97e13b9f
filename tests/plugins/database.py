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


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add `--db`."""
    parser.getgroup("lianxin").addoption(
        "--db", choices=CHOICES, default="sqlite", help="the database that the tests run on (default: sqlite)"
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
    """Leave out, on SQLite, what only PostgreSQL can do."""
    if config.getoption("db") == "postgresql":
        return
    kept, left = [], []
    for item in items:
        (left if item.get_closest_marker("postgresql_only") else kept).append(item)
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
