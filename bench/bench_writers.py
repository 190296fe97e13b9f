"""16 writers on PostgreSQL: one command with its audit entry, facts and pending tallies, against the same without.

Each side runs in turn, three times; a folder and a sealer work beside the full side, as the worker would. Cost is CPU
seconds of clients and server together, so that the figure holds on a busy machine.
"""

import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

import psutil

from bench.report import Report
from tests.support import postgres

PROCESSES, THREADS, COMMANDS, ROUNDS = 4, 4, 120, 3


def run(report: Report) -> None:
    """Measure throughput per CPU second of both sides."""
    cluster = postgres.start(durable=True)
    try:
        environment = os.environ | {
            "LIANXIN_DATABASE_URL": cluster.url,
            "LIANXIN_TESTING": "1",
            "DJANGO_SETTINGS_MODULE": "lianxin.config.settings",
        }
        _client(environment, "prepare")
        sides: dict[str, list[tuple[float, float]]] = {"with": [], "without": []}
        for _ in range(ROUNDS):
            for side in sides:
                sides[side].append(_round(environment, side, cluster.server_pid()))
        done = PROCESSES * THREADS * COMMANDS
        rates = {side: [done / cpu for cpu, _ in rounds] for side, rounds in sides.items()}
        walls = {side: [done / wall for _, wall in rounds] for side, rounds in sides.items()}
        for side in sides:
            report.figure(f"commands per CPU second, {side} audit and facts", round(max(rates[side]), 1), "1/s")
            report.figure(f"commands per second, {side} audit and facts", round(max(walls[side]), 1), "1/s")
        paired = [a / b for a, b in zip(walls["with"], walls["without"], strict=True)]
        paired_cpu = [a / b for a, b in zip(rates["with"], rates["without"], strict=True)]
        report.figure("throughput kept, per CPU second (median of pairs)", round(statistics.median(paired_cpu), 3), "share")
        report.figure("throughput kept, by wall clock (median of pairs)", round(statistics.median(paired), 3), "share")
        waits = [float(line) for line in _client(environment, "waits").split()]
        report.figure("sessions seen waiting for a lock on audit, facts or tallies", sum(waits), "", at_most=0)
        report.note(f"{PROCESSES} processes of {THREADS} threads, {COMMANDS} commands each; fsync on; 200 venues.")
    finally:
        cluster.close()


def _round(environment: dict[str, str], side: str, server: int) -> tuple[float, float]:
    before, began = _server_cpu(server), time.monotonic()
    clients = [_start(environment, side, str(n)) for n in range(PROCESSES)]
    helper = _start(environment, "fold", "0") if side == "with" else None
    used = 0.0
    for client in clients:
        out, _ = client.communicate()
        if client.returncode:
            raise RuntimeError(f"a client of the side {side!r} failed")
        used += float(out)
    wall = time.monotonic() - began
    server_used = _server_cpu(server) - before
    if helper:
        helper.terminate()
        helper.wait()
    return used + server_used, wall


def _server_cpu(pid: int) -> float:
    """CPU seconds of the server and of everything it has started so far."""
    server = psutil.Process(pid)
    times = server.cpu_times()
    total = times.user + times.system + times.children_user + times.children_system
    for child in server.children(recursive=True):
        try:
            times = child.cpu_times()
        except psutil.NoSuchProcess:
            continue
        total += times.user + times.system
    return total


def _start(environment: dict[str, str], *words: str) -> subprocess.Popen:
    script = Path(__file__).with_name("writers_client.py")
    return subprocess.Popen(
        [sys.executable, str(script), *words],
        env=environment | {"PYTHONPATH": f"{Path('src').resolve()}:{Path().resolve()}"},
        stdout=subprocess.PIPE,
        text=True,
    )


def _client(environment: dict[str, str], *words: str) -> str:
    client = _start(environment, *words)
    out, _ = client.communicate()
    if client.returncode:
        raise RuntimeError(f"the client failed at {words}")
    return out
