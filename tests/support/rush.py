"""Many people at the door of one date, by real HTTP: a server of its own, and visitors as phones without JavaScript."""

from __future__ import annotations

import gzip
import http.client
import json
import re
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from lianxin.faces.cli.serve import THREADS
from lianxin.faces.cli.up import LEAN_MEMORY
from tests.support import clocked

PROJECT = Path(__file__).resolve().parents[2]
HIDDEN = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]+)"')
TICKET = re.compile(r'href="(/t/[A-Z2-7]{26}/)')
FIRST_MOBILE = 13900000000
LONGEST = 60.0


@dataclass(frozen=True)
class Answer:
    """What one request came to."""

    status: int
    text: str
    size: int
    seconds: float


@dataclass(frozen=True)
class Visit:
    """What one person came to: every answer in order, and the path of the ticket."""

    answers: tuple[Answer, ...]
    ticket: str

    @property
    def statuses(self) -> list[int]:
        """The status of each request."""
        return [answer.status for answer in self.answers]


@dataclass(frozen=True)
class Rush:
    """A deployment with one date, on a database and in a folder of its own."""

    folder: Path
    database_url: str
    # The module whose steps it runs in processes of their own.
    steps: str = "tests.support.rush_steps"

    def environment(self) -> dict[str, str]:
        """Give the environment of its processes: ours without the settings of a test run."""
        return clocked.program_environment() | {
            "LIANXIN_VAR_DIR": str(self.folder),
            "LIANXIN_DATABASE_URL": self.database_url,
            "LIANXIN_LOG_LEVEL": "ERROR",
            "DJANGO_SETTINGS_MODULE": "lianxin.config.settings",
        }

    def step(self, *words: str) -> Any:
        """Run one step to its end and give what it told."""
        done = subprocess.run(
            [sys.executable, "-m", self.steps, *words],
            env=self.environment(),
            cwd=PROJECT,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout.splitlines()[-1])

    @contextmanager
    def served(self, *, workers: int = 2, threads: int = THREADS) -> Iterator[Served]:
        """Serve it until the block ends."""
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        words = ["--port", str(port), "--workers", str(workers), "--threads", str(threads)]
        server = subprocess.Popen(
            [sys.executable, "-m", "lianxin", "serve", *words],
            env=LEAN_MEMORY | self.environment(),
            cwd=PROJECT,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            site = Served(port, server.pid)
            site.wait()
            yield site
        finally:
            server.terminate()
            try:
                server.wait(20)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()


@dataclass(frozen=True)
class Served:
    """A running server."""

    port: int
    pid: int

    def wait(self) -> None:
        """Wait until it answers."""
        until = time.monotonic() + LONGEST
        while time.monotonic() < until:
            try:
                if Phone(self.port).ask("GET", "/healthz").status == 200:
                    return
            except OSError:
                time.sleep(0.1)
        raise AssertionError("the server did not answer")

    def sign_up(self, occurrence: str, number: int) -> Visit:
        """Open the page, open the form, send it: three requests of one person."""
        phone = Phone(self.port)
        try:
            page = phone.ask("GET", f"/activities/{occurrence}/")
            form = phone.ask("GET", f"/activities/{occurrence}/sign-up/")
            sent = dict(HIDDEN.findall(form.text)) | {"name": name_of(number), "phone": str(FIRST_MOBILE + number)}
            ticket = phone.ask("POST", f"/activities/{occurrence}/sign-up/", sent)
            found = TICKET.search(ticket.text)
            return Visit((page, form, ticket), found[1] if found else "")
        finally:
            phone.close()

    def cancel(self, ticket: str) -> int:
        """Give a place back by its link; gives the status of the last answer."""
        phone = Phone(self.port)
        try:
            form = phone.ask("GET", f"{ticket}cancel/")
            return phone.ask("POST", f"{ticket}cancel/", dict(HIDDEN.findall(form.text)) | {"who": "all"}).status
        finally:
            phone.close()

    def accept(self, ticket: str) -> int:
        """Take an offered place if there is one; gives the status of the last answer."""
        phone = Phone(self.port)
        try:
            page = phone.ask("GET", ticket)
            if "offer/" not in page.text:
                return page.status
            sent = dict(HIDDEN.findall(page.text)) | {"answer": "yes"}
            return phone.ask("POST", f"{ticket}offer/", sent).status
        finally:
            phone.close()

    def rush(self, count: int, act: Callable[[int], Any], *, together: int = 16) -> list[Any]:
        """Let `count` people do something, so many at a time."""
        with ThreadPoolExecutor(together) as people:
            return list(people.map(act, range(count)))

    def read_again_and_again(self, path: str, *, connections: int = 16, seconds: float = 5.0) -> tuple[int, float]:
        """Ask for one page over open connections; gives how many answers came and in how many seconds."""
        request = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\nAccept-Encoding: gzip\r\n\r\n".encode()
        began = time.monotonic()

        def ask(_number: int) -> int:
            count = 0
            with socket.create_connection(("127.0.0.1", self.port), timeout=LONGEST) as line:
                while time.monotonic() - began < seconds:
                    line.sendall(request)
                    _read_answer(line)
                    count += 1
            return count

        with ThreadPoolExecutor(connections) as readers:
            total = sum(readers.map(ask, range(connections)))
        return total, time.monotonic() - began


def _read_answer(line: socket.socket) -> None:
    """Read one answer of known length; raises when it is no 200."""
    data = b""
    while b"\r\n\r\n" not in data:
        part = line.recv(65536)
        assert part, "the server hung up"
        data += part
    head, _sep, body = data.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200"), head[:60]
    length = re.search(rb"content-length: (\d+)", head, re.IGNORECASE)
    assert length, head
    missing = int(length[1]) - len(body)
    while missing > 0:
        missing -= len(line.recv(min(missing, 65536)))


class Phone:
    """One visitor: a connection and its cookies."""

    def __init__(self, port: int) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=LONGEST)
        self.cookies: dict[str, str] = {}

    def ask(self, method: str, path: str, form: dict[str, str] | None = None) -> Answer:
        """Send one request and read its answer."""
        headers = {"Accept-Encoding": "gzip"}
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        body = None
        if form is not None:
            body = urlencode(form)
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        began = time.monotonic()
        self.connection.request(method, path, body, headers)
        answer = self.connection.getresponse()
        raw = answer.read()
        seconds = time.monotonic() - began
        for line in answer.headers.get_all("Set-Cookie") or []:
            name, _sep, value = line.split(";", 1)[0].partition("=")
            self.cookies[name] = value
        packed = answer.headers.get("Content-Encoding") == "gzip"
        text = (gzip.decompress(raw) if packed else raw).decode()
        return Answer(answer.status, text, len(raw), seconds)

    def close(self) -> None:
        """Hang up."""
        self.connection.close()


def name_of(number: int) -> str:
    """The name under which somebody of the rush signs up."""
    return f"居民{number}"
