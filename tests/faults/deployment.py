"""A deployment of its own, small, whose processes a test may kill."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg

from lianxin.engines.identity import resident_id_check_character
from tests.support import clocked

PROJECT = Path(__file__).resolve().parents[2]
LONGEST = 150.0  # a ceiling for a busy machine; nothing waits that long otherwise


@dataclass
class Deployment:
    """A folder, a database, and the processes that were started on them."""

    folder: Path
    database_url: str
    known: dict[str, str] = field(default_factory=dict)
    programs: str = "tests.faults.programs"
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def environment(self) -> dict[str, str]:
        """Give the environment of its processes: ours without the settings of the test run."""
        return clocked.program_environment() | {
            "LIANXIN_VAR_DIR": str(self.folder / "var"),
            "LIANXIN_DATABASE_URL": self.database_url,
            "LIANXIN_LOG_LEVEL": "ERROR",
            "DJANGO_SETTINGS_MODULE": "lianxin.config.settings",
        }

    def lianxin(self, *arguments: str, wrong: bool = False, **more: Any) -> str:
        """Run one `lianxin` command to its end and give what it wrote; `wrong` says that it should exit with 1."""
        done = subprocess.run(
            [sys.executable, "-m", "lianxin", *arguments],
            env=self.environment(),
            cwd=PROJECT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=LONGEST,
            check=False,
            **more,
        )
        assert done.returncode == int(wrong), f"{arguments} ended with {done.returncode}:\n{done.stdout}"
        assert "Traceback" not in done.stdout
        return done.stdout

    def program(self, *arguments: str) -> Any:
        """Run one of the test's own programs to its end and give the JSON it wrote."""
        command = [sys.executable, "-m", self.programs, *arguments]
        done = subprocess.run(
            command, env=self.environment(), cwd=PROJECT, capture_output=True, text=True, timeout=LONGEST, check=False
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout.splitlines()[-1])

    def start(self, *arguments: str) -> subprocess.Popen[bytes]:
        """Start one of the test's own programs and go on."""
        process = subprocess.Popen(
            [sys.executable, "-m", self.programs, *arguments],
            env=self.environment(),
            cwd=PROJECT,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )
        self.processes.append(process)
        return process

    def stop(self) -> None:
        """End what still runs."""
        for process in self.processes:
            if process.poll() is None:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    def ask(self, sql: str) -> Any:
        """Give the first column of the first row of a query on the deployment's database."""
        if self.database_url.startswith("sqlite"):
            import sqlite3

            with contextlib.closing(
                sqlite3.connect(self.database_url.removeprefix("sqlite:///"), timeout=20)
            ) as session:
                return session.execute(sql).fetchone()[0]
        with psycopg.connect(self.database_url, options="-c lianxin.communities=*") as session:
            row = session.execute(sql).fetchone()  # type: ignore[call-overload]
            return row[0]

    def verify(self) -> dict[str, list[str]]:
        """Give what `lianxin verify` says of each check."""
        return json.loads(self.lianxin("verify", "--json"))["checks"]


def wait_for(happened: Callable[[], Any], what: str) -> None:
    """Wait until something is so; fail when it takes too long."""
    until = time.monotonic() + LONGEST
    while time.monotonic() < until:
        with contextlib.suppress(psycopg.OperationalError):
            if happened():
                return
        time.sleep(0.1)
    raise AssertionError(f"{what} did not happen within {LONGEST:.0f} seconds")


def wait_until_killed(process: subprocess.Popen[bytes]) -> None:
    """Wait until a process has killed itself at the place it was told."""
    assert process.wait(timeout=LONGEST) == -signal.SIGKILL


def write_residents(path: Path, count: int) -> None:
    """Write a file of residents of 翠英社区, three to a household."""
    lines = ["社区,户号,住址,姓名,与户主关系,性别,身份证号,手机"]
    for number in range(count):
        body = f"440507{1950 + number % 40}01{number // 40 % 28 + 1:02d}{number // 1120 * 2 + 1:03d}"
        relation = "子女" if number % 3 else "户主"
        home = number // 3
        lines.append(
            f"翠英社区,H{home:05d},长平路{home}号,陈大明,{relation},男,"
            f"{body}{resident_id_check_character(body)},138{number:08d}"
        )
    path.write_text("\n".join(lines), encoding="utf-8")
