"""Killing PostgreSQL outright and starting it again on the same data."""

import contextlib
import os
import signal
import subprocess
import time
from pathlib import Path

from tests.support import postgres

LONGEST = 150.0


def kill_at_once(cluster: postgres.Cluster, number: signal.Signals = signal.SIGQUIT) -> None:
    """End the server without a shutdown, as a power cut would, and wait until its processes are gone."""
    pid = cluster.server_pid()
    children = _children(pid)
    os.kill(pid, number)
    until = time.monotonic() + LONGEST
    while any(_runs(each) for each in (pid, *children)):
        assert time.monotonic() < until, "the server did not end"
        time.sleep(0.05)


def start_again(cluster: postgres.Cluster) -> subprocess.Popen[bytes]:
    """Start the server on what is left of its data, and wait until it answers."""
    binaries = postgres.find_binaries()
    options = postgres.SERVER_OPTIONS | {
        "unix_socket_directories": str(cluster.folder),
        "fsync": "on",
        "synchronous_commit": "on",
        "full_page_writes": "on",
    }
    arguments = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
    account = postgres.unprivileged_account()

    def launch() -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [binaries / "postgres", "-D", cluster.folder / "data", *arguments],
            cwd=cluster.folder,
            env={"PATH": os.environ.get("PATH", ""), "LC_ALL": "C.UTF-8", "HOME": str(cluster.folder)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            extra_groups=[] if account else None,
            **account,  # type: ignore[arg-type]
        )

    process = launch()
    probe = [binaries / "pg_isready", "-q", "-h", cluster.folder, "-d", "postgres", "-U", postgres.OWNER_ROLE]
    until = time.monotonic() + LONGEST
    while subprocess.run(probe, check=False).returncode:
        assert time.monotonic() < until, "the server did not answer again"
        if process.poll() is not None:
            # A session that began while the server was killed has its memory still: the next start may succeed.
            process = launch()
        time.sleep(0.1)
    return process


def _children(pid: int) -> list[int]:
    with contextlib.suppress(OSError):
        return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    return []


def _runs(pid: int) -> bool:
    try:
        return ") Z " not in Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False
