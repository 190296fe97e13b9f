"""The pages that everybody opens, in a small and in a full district: queries, CPU beside a bare page, server memory.

The full district is built once, into `var/bench/full`, by the command that anybody would use; remove the folder to
build it anew. LIANXIN_BENCH_RESIDENTS takes another number than 630,000.
"""

import http.client
import json
import os
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psutil

from bench.report import Report

SMALL, FULL = 2_000, int(os.environ.get("LIANXIN_BENCH_RESIDENTS", "630000"))
CACHE = Path("var/bench")
QUERIES_AT_MOST = 12
REQUESTS = 1000


def run(report: Report) -> None:
    """Measure both districts and compare."""
    small = _district(SMALL, CACHE / "small")
    full = _district(FULL, CACHE / "full")
    few, many = _step(small, "measure"), _step(full, "measure")
    report.figure("residents in the full district", many["people"], "")
    report.figure("a bare page of ten rows", round(many["floor"] * 1000, 3), "CPU ms")
    for name, page in many["pages"].items():
        before = few["pages"].get(name, {})
        if page["status"] != 200 or before.get("status") != 200:
            report.figure(f"{name}: answered", page["status"], "status", at_least=200, at_most=200)
            continue
        report.figure(f"{name}: queries", page["queries"], "", at_most=QUERIES_AT_MOST)
        report.figure(f"{name}: more queries than in a small one", page["queries"] - before["queries"], "", at_most=0)
        report.figure(f"{name}: CPU", round(page["cpu"] * 1000, 2), "ms")
        report.figure(f"{name}: CPU beside the bare page", round(page["cpu"] / many["floor"], 1), "times")
        report.figure(f"{name}: CPU beside the small district", round(page["cpu"] / before["cpu"], 2), "times")
    if many["absent"]:
        report.note(f"There are no such pages yet: {', '.join(sorted(set(many['absent'])))}.")
    report.figure("web worker after 1,000 mixed requests", round(_memory_after(full), 1), "MB PSS", at_most=110)


def _district(residents: int, folder: Path) -> dict[str, str]:
    """Give the environment of a district of this size, building it when it is not there."""
    folder = folder.resolve()
    environment = {key: value for key, value in os.environ.items() if not key.startswith("LIANXIN_")} | {
        "LIANXIN_VAR_DIR": str(folder),
        "LIANXIN_DATABASE_URL": f"sqlite:///{folder / 'lianxin.sqlite3'}",
        "DJANGO_SETTINGS_MODULE": "lianxin.config.settings",
        "PYTHONPATH": f"{Path('src').resolve()}:{Path().resolve()}",
    }
    built = folder / "built"
    if not built.exists() or built.read_text() != str(residents):
        for former in folder.glob("lianxin.sqlite3*"):
            former.unlink()
        folder.mkdir(parents=True, exist_ok=True)
        words = [sys.executable, "-m", "lianxin", "demo", "--residents", str(residents)]
        subprocess.run(words, env=environment, check=True, stdout=subprocess.DEVNULL)
        built.write_text(str(residents))
    return environment


def _step(environment: dict[str, str], word: str) -> Any:
    script = Path(__file__).with_name("pages_steps.py")
    done = subprocess.run([sys.executable, script, word], env=environment, stdout=subprocess.PIPE, check=True)
    return json.loads(done.stdout)


def _memory_after(environment: dict[str, str]) -> float:
    """Give the largest process of the server, other than the one that only watches, in MB."""
    targets = _step(environment, "sessions")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    words = ["--interface", "wsgi", "--workers", "1", "--port", str(port), "--no-ws", "lianxin.config.wsgi:application"]
    server = subprocess.Popen(
        [sys.executable, "-m", "granian", *words],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait(port)
        for number in range(REQUESTS):
            address, session = targets[number % len(targets)]
            status = _ask(port, address, session)
            if status >= 500:
                raise RuntimeError(f"{address} answered {status}")
        workers = psutil.Process(server.pid).children(recursive=True) or [psutil.Process(server.pid)]
        return max(worker.memory_full_info().pss for worker in workers) / 1e6
    finally:
        server.terminate()
        server.wait()


def _ask(port: int, address: str, session: str) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.request("GET", quote(address, safe="/?=&%"), headers={"Cookie": f"sessionid={session}"})
        answer = connection.getresponse()
        answer.read()
        return answer.status
    finally:
        connection.close()


def _wait(port: int) -> None:
    for _ in range(600):
        try:
            _ask(port, "/healthz", "")
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError("the server did not answer")
