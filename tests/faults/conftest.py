"""A deployment per test, on the database of the test run: a copy of one that was prepared once."""

import os
import shutil
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.faults.deployment import Deployment, write_residents
from tests.plugins.database import CLUSTER_URL

ROWS = 3000


def new_database(folder: Path, config: pytest.Config, *, like: Deployment | None = None) -> str:
    """Give the address of a new database beside the one of the run: empty, or a copy."""
    if config.getoption("db") == "sqlite":
        return f"sqlite:///{folder}/var/lianxin.sqlite3"
    cluster = os.environ[CLUSTER_URL]
    name = f"faults_{uuid.uuid4().hex[:12]}"
    template = f"TEMPLATE {like.database_url.split('@/')[1].split('?')[0]}" if like else ""
    with psycopg.connect(cluster, autocommit=True) as session:
        session.execute(f"CREATE DATABASE {name} {template}")  # type: ignore[call-overload]
    return cluster.replace("@/lianxin?", f"@/{name}?")


def copy_of(original: Deployment, folder: Path, config: pytest.Config) -> Deployment:
    """Give a deployment with the same data; nothing runs on the original."""
    shutil.copytree(original.folder, folder, dirs_exist_ok=True)
    return Deployment(folder, new_database(folder, config, like=original), known=original.known)


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Deployment:
    folder: Any = tmp_path_factory.mktemp("prepared")
    (folder / "var").mkdir()
    made = Deployment(folder, new_database(folder, request.config))
    made.known = made.program("prepare")
    return made


@pytest.fixture
def deployment(prepared: Deployment, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Deployment]:
    made = copy_of(prepared, tmp_path / "site", request.config)
    yield made
    made.stop()


@pytest.fixture(scope="session")
def residents(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("residents") / "residents.csv"
    write_residents(path, ROWS)
    return path
