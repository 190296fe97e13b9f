"""A real Lianxin for the journeys: the server and worker that `lianxin up` starts, on a folder of their own."""

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.support import clocked

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = Path(sys.executable).parent / "lianxin"
START_SECONDS = 60
STOP_SECONDS = 15


class SiteDidNotStart(RuntimeError):
    """The program did not answer; the text holds the end of what it wrote."""


def free_port() -> int:
    """Give a port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@dataclass
class Site:
    """One deployment under `folder`."""

    folder: Path
    port: int = field(default_factory=free_port)
    settings: dict[str, str] = field(default_factory=dict)
    _process: subprocess.Popen[bytes] | None = field(default=None, init=False)

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> Path:
        """What it wrote."""
        return self.folder / "log.txt"

    @property
    def process(self) -> subprocess.Popen[bytes]:
        """The running program, for tests that kill it."""
        assert self._process, "the site was not started"
        return self._process

    def environment(self) -> dict[str, str]:
        """Give the program's environment: the tests' clock, and the site's own settings."""
        own = {"LIANXIN_VAR_DIR": str(self.folder / "var"), "PORT": str(self.port)}
        return clocked.program_environment() | own | self.settings

    def run(self, *arguments: str, timeout: float = 300) -> str:
        """Run one `lianxin` command to its end and give what it wrote; fails with that text."""
        self.folder.mkdir(parents=True, exist_ok=True)
        done = subprocess.run(
            [PROGRAM, *arguments],
            env=self.environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=timeout,
            check=False,
        )
        assert done.returncode == 0, f"lianxin {' '.join(arguments)} ended with {done.returncode}:\n{done.stdout}"
        return done.stdout

    def run_module(self, module: str, *arguments: str, timeout: float = 180) -> dict[str, Any]:
        """Run a program of the tests beside the site, on its database; gives the JSON of its last line."""
        done = subprocess.run(
            [sys.executable, "-m", module, *arguments],
            env=self.environment() | {"DJANGO_SETTINGS_MODULE": "lianxin.config.settings"},
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return dict(json.loads(done.stdout.splitlines()[-1]))

    def start(self) -> None:
        """Start server and worker and wait until `/healthz` answers."""
        self.folder.mkdir(parents=True, exist_ok=True)
        # The program dies with us, even when we are killed outright.
        guard = ["setpriv", "--pdeathsig", "TERM"] if shutil.which("setpriv") else []
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [*guard, PROGRAM, "up"],
                env=self.environment(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        until = time.monotonic() + START_SECONDS
        while time.monotonic() < until:
            if self._process.poll() is not None:
                raise SiteDidNotStart(f"it ended with {self._process.returncode}:\n{self._tail()}")
            if self.answers():
                return
            time.sleep(0.1)
        self.stop()
        raise SiteDidNotStart(f"no answer within {START_SECONDS} seconds:\n{self._tail()}")

    def answers(self) -> bool:
        """Tell whether the server is up."""
        try:
            with urllib.request.urlopen(f"{self.url}/healthz", timeout=2) as reply:
                return reply.status == 200
        except (urllib.error.URLError, OSError):
            return False

    def stop(self) -> None:
        """Ask it to end, then insist; harmless when it is not running."""
        if self._process is None:
            return
        for number, seconds in ((signal.SIGTERM, STOP_SECONDS), (signal.SIGKILL, STOP_SECONDS)):
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, number)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(timeout=seconds)
                break
        self._process = None

    def copy_to(self, folder: Path) -> "Site":
        """Give a second deployment with the same data; this one must not be running."""
        assert self._process is None, "stop the site before copying it"
        shutil.copytree(self.folder, folder)
        return Site(folder=folder, settings=dict(self.settings))

    def _tail(self) -> str:
        return self.log.read_text(encoding="utf-8", errors="replace")[-4000:]
