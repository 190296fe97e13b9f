"""A deployment per test, on the database of the test run."""

import os
import uuid
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tests.faults.deployment import Deployment, write_residents
from tests.plugins.database import CLUSTER_URL

ROWS = 3000


def new_database(folder: Path, config: pytest.Config) -> str:
    """Give the address of an empty database beside the one of the run."""
    if config.getoption("db") == "sqlite":
        return f"sqlite:///{folder}/var/lianxin.sqlite3"
    cluster = os.environ[CLUSTER_URL]
    name = f"faults_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(cluster, autocommit=True) as session:
        session.execute(f"CREATE DATABASE {name}")
    return cluster.replace("@/lianxin?", f"@/{name}?")


@pytest.fixture
def deployment(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Deployment]:
    (tmp_path / "var").mkdir()
    made = Deployment(tmp_path, new_database(tmp_path, request.config))
    yield made
    made.stop()


@pytest.fixture(scope="session")
def residents(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("residents") / "residents.csv"
    write_residents(path, ROWS)
    return path
