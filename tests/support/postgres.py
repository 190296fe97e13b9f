"""A throw-away PostgreSQL cluster on a unix socket, gone when the process that asked for it is gone.

The cluster lives in a supervisor process that holds the read end of a pipe: whether the test run ends, is
interrupted or is killed outright, the pipe closes and the supervisor stops the server and removes its folder.
"""

import contextlib
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

APPLICATION_ROLE = "lianxin"
APPLICATION_DATABASE = "lianxin"
OWNER_ROLE = "owner"
START_SECONDS = 60
LIBRARY_FOLDERS = "/usr/lib/postgresql", "/usr/local/pgsql", "/opt/homebrew/opt/postgresql"
SERVER_OPTIONS = {
    "listen_addresses": "",
    "max_connections": "100",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "shared_buffers": "128MB",
    "max_parallel_workers_per_gather": "0",
    "timezone": "UTC",
    "log_min_messages": "fatal",
}


class PostgresqlMissing(RuntimeError):
    """PostgreSQL's programs are not installed."""


class PostgresqlDidNotStart(RuntimeError):
    """The server did not come up; the text says what it logged."""


def find_binaries() -> Path:
    """Give the folder that holds `initdb` and `postgres`, the newest version first."""
    candidates = [folder for root in LIBRARY_FOLDERS for folder in Path(root).glob("*/bin")]
    candidates.sort(key=lambda folder: int(folder.parent.name) if folder.parent.name.isdigit() else 0, reverse=True)
    found = shutil.which("initdb")
    for folder in [*candidates, *([Path(found).resolve().parent] if found else [])]:
        if (folder / "initdb").exists() and (folder / "postgres").exists():
            return folder
    raise PostgresqlMissing("PostgreSQL is not installed: on Debian run `apt-get install postgresql`.")


@dataclass
class Cluster:
    """A running cluster: where its socket is, and the supervisor that ends it."""

    folder: Path
    supervisor: subprocess.Popen[bytes]
    durable: bool = False
    _closed: bool = field(default=False, init=False)

    @property
    def url(self) -> str:
        """The application's database, as the role that is no superuser and so meets row-level security."""
        return f"postgresql://{APPLICATION_ROLE}@/{APPLICATION_DATABASE}?host={self.folder}"

    @property
    def owner_url(self) -> str:
        """The same server as its superuser, for what only an operator does."""
        return f"postgresql://{OWNER_ROLE}@/postgres?host={self.folder}"

    def server_pid(self) -> int:
        """The postmaster's process id."""
        return int((self.folder / "data" / "postmaster.pid").read_text().splitlines()[0])

    def close(self) -> None:
        """Stop the server and remove its folder; harmless when called again."""
        if self._closed:
            return
        self._closed = True
        if self.supervisor.stdin:
            with contextlib.suppress(OSError):
                self.supervisor.stdin.close()
        try:
            self.supervisor.wait(timeout=START_SECONDS)
        except subprocess.TimeoutExpired:
            self.supervisor.kill()
            self.supervisor.wait()
        shutil.rmtree(self.folder, ignore_errors=True)


def start(*, durable: bool = False) -> Cluster:
    """Make a cluster and wait until it answers; `durable` keeps fsync on, for tests that kill the server."""
    binaries = find_binaries()
    folder = Path(tempfile.mkdtemp(prefix="lianxin-pg-", dir="/tmp" if len(tempfile.gettempdir()) > 40 else None))
    command = [sys.executable, __file__, str(folder), str(binaries), "durable" if durable else "quick"]
    supervisor = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True
    )
    cluster = Cluster(folder=folder, supervisor=supervisor, durable=durable)
    assert supervisor.stdout
    assert supervisor.stderr
    if supervisor.stdout.readline().strip() != b"ready":
        reason = supervisor.stderr.read().decode(errors="replace").strip()
        cluster.close()
        raise PostgresqlDidNotStart(f"PostgreSQL did not start: {reason or 'no reason given'}")
    return cluster


def unprivileged_account() -> dict[str, int]:
    """Give the account that runs the server when we are root, as PostgreSQL refuses root."""
    if os.geteuid() != 0:
        return {}
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            entry = pwd.getpwnam(name)
            return {"user": entry.pw_uid, "group": entry.pw_gid}
    raise PostgresqlMissing("There is no account `postgres` or `nobody` to run PostgreSQL as.")


def supervise(*, folder: Path, binaries: Path, durable: bool) -> None:
    """Create and run the server until standard input closes, then remove every trace of it."""

    def stop(number: int, frame: FrameType | None) -> None:
        raise SystemExit(0)

    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, stop)
    account = unprivileged_account()
    environment = {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C.UTF-8", "HOME": str(folder)}
    server: subprocess.Popen[bytes] | None = None
    try:
        if account:
            os.chown(folder, account["user"], account["group"])
        run = {"cwd": folder, "env": environment, "extra_groups": [] if account else None, **account}
        data = folder / "data"
        subprocess.run(
            [binaries / "initdb", "-D", data, "-U", OWNER_ROLE, "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8"]
            + ["--no-sync", "--no-instructions"],
            check=True,
            stdout=subprocess.DEVNULL,
            **run,
        )
        options = SERVER_OPTIONS | {"unix_socket_directories": str(folder)}
        if durable:
            options |= {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}
        arguments = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
        server = subprocess.Popen([binaries / "postgres", "-D", data, *arguments], stdout=sys.stderr, **run)
        _wait_until_ready(binaries=binaries, folder=folder, server=server)
        _make_application_role(binaries=binaries, folder=folder)
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        sys.stdin.read()
    finally:
        if server and server.poll() is None:
            # A fast shutdown: sessions that a failed test left open must not hold the end.
            server.send_signal(signal.SIGINT)
            try:
                server.wait(timeout=20)
            except subprocess.TimeoutExpired:
                server.send_signal(signal.SIGQUIT)
                server.wait()
        shutil.rmtree(folder, ignore_errors=True)


def _wait_until_ready(*, binaries: Path, folder: Path, server: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        if server.poll() is not None:
            raise SystemExit(f"the server ended with code {server.returncode}")
        probe = [binaries / "pg_isready", "-q", "-h", folder, "-d", "postgres", "-U", OWNER_ROLE]
        if subprocess.run(probe, check=False).returncode == 0:
            return
        time.sleep(0.1)
    raise SystemExit(f"the server did not answer within {START_SECONDS} seconds")


def _make_application_role(*, binaries: Path, folder: Path) -> None:
    statements = (
        f"CREATE ROLE {APPLICATION_ROLE} LOGIN CREATEDB NOSUPERUSER NOCREATEROLE NOBYPASSRLS",
        f"CREATE DATABASE {APPLICATION_DATABASE} OWNER {APPLICATION_ROLE}",
    )
    for statement in statements:
        psql = [
            binaries / "psql",
            "-X",
            "-q",
            "-v",
            "ON_ERROR_STOP=1",
            "-h",
            folder,
            "-U",
            OWNER_ROLE,
            "-d",
            "postgres",
        ]
        subprocess.run([*psql, "-c", statement], check=True, stdout=subprocess.DEVNULL)


if __name__ == "__main__":
    _folder, _binaries, _kind = sys.argv[1:4]
    supervise(folder=Path(_folder), binaries=Path(_binaries), durable=_kind == "durable")
