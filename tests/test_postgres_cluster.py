"""The throw-away cluster does what the suite relies on."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest
from django.db import connection

from tests.support import postgres

WAIT_SECONDS = 30


def gone(folder: Path) -> bool:
    """Wait until a folder is removed."""
    until = time.monotonic() + WAIT_SECONDS
    while folder.exists() and time.monotonic() < until:
        time.sleep(0.05)
    return not folder.exists()


@pytest.mark.postgresql_only
@pytest.mark.django_db
def test_suite_on_postgresql_runs_as_a_role_that_row_level_security_binds() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper, rolbypassrls, rolcreatedb FROM pg_roles WHERE rolname = current_user")
        row = cursor.fetchone()

    assert row == (False, False, True)


@pytest.mark.postgresql_only
def test_row_level_security_hides_rows_even_from_the_owner_of_the_table() -> None:
    cluster = postgres.start()
    try:
        with psycopg.connect(cluster.url) as session:
            session.execute("CREATE TABLE secret (community text)")
            session.execute("INSERT INTO secret VALUES ('a'), ('b')")
            session.execute("ALTER TABLE secret ENABLE ROW LEVEL SECURITY")
            session.execute("ALTER TABLE secret FORCE ROW LEVEL SECURITY")
            session.execute("CREATE POLICY fence ON secret USING (community = current_setting('lianxin.scope', true))")

            session.execute("SET lianxin.scope = 'a'")
            seen = session.execute("SELECT community FROM secret").fetchall()

        assert seen == [("a",)]
    finally:
        cluster.close()


@pytest.mark.postgresql_only
def test_cluster_listens_on_no_network_address() -> None:
    cluster = postgres.start()
    try:
        with psycopg.connect(cluster.url) as session:
            addresses = session.execute("SHOW listen_addresses").fetchone()

        assert addresses == ("",)
    finally:
        cluster.close()


@pytest.mark.postgresql_only
def test_closing_removes_server_and_folder() -> None:
    cluster = postgres.start()
    server = cluster.server_pid()

    cluster.close()

    assert not cluster.folder.exists()
    assert not Path(f"/proc/{server}").exists()


@pytest.mark.postgresql_only
@pytest.mark.faults
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT, signal.SIGTERM])
def test_cluster_goes_when_the_run_that_made_it_is_killed(number: signal.Signals) -> None:
    program = (
        "import time; from tests.support import postgres;"
        "cluster = postgres.start(); print(cluster.folder, flush=True); time.sleep(99)"
    )
    run = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, cwd=Path(__file__).parents[1])
    assert run.stdout
    folder = Path(run.stdout.readline().decode().strip())
    assert folder.is_dir()

    os.kill(run.pid, number)
    run.wait()

    assert gone(folder)


def test_missing_postgresql_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgres, "LIBRARY_FOLDERS", ())
    monkeypatch.setenv("PATH", "/nowhere")

    with pytest.raises(postgres.PostgresqlMissing, match="apt-get install postgresql"):
        postgres.find_binaries()
