"""The pages that everybody opens, in a small and in a full district: queries, CPU beside a bare page, server memory.

Both districts are built once, into `var/bench/`: the small one by `lianxin demo`, the full one from a copy of it by
registering everybody else; remove the folders to build them anew. LIANXIN_BENCH_RESIDENTS takes another number.
"""

import http.client
import json
import os
import shutil
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psutil

from bench.report import Report, pss_bytes
from lianxin.faces.cli.serve import THREADS

SMALL, FULL = 2_000, int(os.environ.get("LIANXIN_BENCH_RESIDENTS", "630000"))
CACHE = Path("var/bench")
QUERIES_AT_MOST = 12
REQUESTS = 1000


def run(report: Report) -> None:
    """Measure both districts and compare."""
    small, full = _small(), _full()
    few, many = _step(small, "measure"), _step(full, "measure")
    report.figure("residents in the small district", few["people"], "")
    report.figure("residents in the full district", many["people"], "", at_least=FULL)
    report.figure("a bare page of ten rows", round(many["floor"] * 1000, 3), "CPU ms")
    for name, page in many["pages"].items():
        before = few["pages"].get(name, {})
        if page["status"] != 200 or before.get("status") != 200:
            report.figure(f"{name}: answered", page["status"], "status", at_least=200, at_most=200)
            continue
        limit = None if page["is_overview"] else QUERIES_AT_MOST
        report.figure(f"{name}: queries", page["queries"], "", at_most=limit)
        report.figure(f"{name}: more queries than in the small one", page["queries"] - before["queries"], "", at_most=0)
        report.figure(f"{name}: CPU", round(page["cpu"] * 1000, 2), "ms")
        report.figure(f"{name}: CPU beside the bare page", round(page["cpu"] / many["floor"], 1), "times")
        report.figure(f"{name}: CPU beside the small district", round(page["cpu"] / before["cpu"], 2), "times")
    if many["absent"]:
        report.note(f"There are no such pages yet: {', '.join(sorted(set(many['absent'])))}.")
    report.note("Queries are those of the second request of a session, the log-in's own included.")
    report.note("The full district is the small one with residents added: consents, cards and needs do not grow.")
    report.figure("web worker after 1,000 mixed requests", round(_memory_after(full), 1), "MB PSS", at_most=110)


def _small() -> dict[str, str]:
    """Give the environment of the small district, built as anybody would build it."""
    folder = CACHE / "small"
    if _is_built(folder, SMALL):
        return _brought_up(_environment(folder))
    _clear(folder)
    environment = _environment(folder)
    _run(environment, "-m", "lianxin", "demo", "--residents", str(SMALL))
    (folder / "built").write_text(str(SMALL))
    return environment


def _full() -> dict[str, str]:
    """Give the environment of the full district: the small one with everybody else registered into it."""
    folder = CACHE / "full"
    if _is_built(folder, FULL):
        return _brought_up(_environment(folder))
    _clear(folder)
    shutil.copytree(CACHE / "small", folder, ignore=shutil.ignore_patterns("built"))
    environment = _environment(folder)
    _run(environment, str(Path(__file__).with_name("full_district.py")), str(FULL))
    (folder / "built").write_text(str(FULL))
    return environment


def _brought_up(environment: dict[str, str]) -> dict[str, str]:
    """Lay the tables of modules that came after the district was built."""
    _run(environment, "-m", "django", "migrate", "--verbosity", "0")
    return environment


def _is_built(folder: Path, residents: int) -> bool:
    built = folder / "built"
    return built.exists() and built.read_text().strip() == str(residents)


def _clear(folder: Path) -> None:
    if folder.exists():
        shutil.rmtree(folder)
    CACHE.mkdir(parents=True, exist_ok=True)


def _environment(folder: Path) -> dict[str, str]:
    folder = folder.resolve()
    return {key: value for key, value in os.environ.items() if not key.startswith("LIANXIN_")} | {
        "LIANXIN_VAR_DIR": str(folder),
        "LIANXIN_DATABASE_URL": f"sqlite:///{folder / 'lianxin.sqlite3'}",
        "DJANGO_SETTINGS_MODULE": "lianxin.config.settings",
        "PYTHONPATH": f"{Path('src').resolve()}:{Path().resolve()}",
    }


def _run(environment: dict[str, str], *words: str) -> None:
    subprocess.run([sys.executable, *words], env=environment, check=True, stdout=subprocess.DEVNULL)


def _step(environment: dict[str, str], word: str) -> Any:
    script = Path(__file__).with_name("pages_steps.py")
    done = subprocess.run([sys.executable, script, word], env=environment, stdout=subprocess.PIPE, check=True)
    return json.loads(done.stdout)


def _memory_after(environment: dict[str, str]) -> float:
    """Give the largest process of the server, its worker left out, in MB."""
    targets = _step(environment, "sessions")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    # As a deployment runs: the server with its worker beside it, which share what they load from the system.
    server = subprocess.Popen(
        [sys.executable, "-m", "lianxin", "up", "--no-sample", "--port", str(port)],
        env=environment | {"PYTHONPATH": f"{_without_tests()}:{environment['PYTHONPATH']}"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait(port)
        asked = [targets[number % len(targets)] for number in range(REQUESTS)]
        # As many at a time as the server has threads: each thread keeps a database connection with its cache.
        with ThreadPoolExecutor(THREADS) as readers:
            for (address, _session), status in zip(
                asked, readers.map(lambda one: _ask(port, *one), asked), strict=True
            ):
                if status != 200:
                    raise RuntimeError(f"{address} answered {status}")
        # The server's own children show pages; the worker has none.
        pages = [one for part in psutil.Process(server.pid).children() for one in part.children()]
        return max(pss_bytes(one.pid) for one in pages) / 1e6
    finally:
        server.terminate()
        server.wait()


def _without_tests() -> Path:
    """Give a folder that hides what a deployment does not have: packages of the tests which ours load when they can."""
    folder = CACHE / "deployed"
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("rich", "greenlet"):
        (folder / f"{name}.py").write_text("raise ImportError\n")
    return folder.resolve()


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
