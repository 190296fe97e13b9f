"""16 writers on PostgreSQL: one command with its audit entry, facts and pending tallies, against the same without.

Each side runs in turn, three times; a folder and a sealer work beside the full side, as the worker would. CPU is that
of clients and server together. Two shares are told: commands per CPU second (what audit and facts cost) and throughput
kept for the CPU spent (whether anybody waits: a writer in a queue spends wall time and no CPU, so it falls below one).
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

PROCESSES, THREADS, COMMANDS, ROUNDS = 4, 4, 100, 3
ACTS = ("count visitors", "register a household of three with a key")


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
        for act in ACTS:
            _compare(report, environment, act, cluster.server_pid())
        waits = [float(line) for line in _client(environment, "waits").split()]
        report.figure("sessions seen waiting for a lock on audit, facts or tallies", sum(waits), "", at_most=0)
        report.note(f"{PROCESSES} processes of {THREADS} threads, {COMMANDS} commands each; fsync on; 200 venues.")
    finally:
        cluster.close()


def _compare(report: Report, environment: dict[str, str], act: str, server: int) -> None:
    """Measure one command with and without, in turn, and add its figures."""
    sides: dict[str, list[tuple[float, float]]] = {"with": [], "without": []}
    for _ in range(ROUNDS):
        for side in sides:
            sides[side].append(_round(environment, act, side, server))
    done = PROCESSES * THREADS * COMMANDS
    for side, rounds in sides.items():
        cpu, wall = min(cpu for cpu, _ in rounds), min(wall for _, wall in rounds)
        report.figure(f"{act}, {side}: CPU per command", round(1000 * cpu / done, 2), "ms")
        report.figure(f"{act}, {side}: commands per second", round(done / wall, 1), "1/s")
    pairs = list(zip(sides["with"], sides["without"], strict=True))
    per_cpu = statistics.median(without[0] / with_[0] for with_, without in pairs)
    kept = statistics.median((without[1] / with_[1]) * (with_[0] / without[0]) for with_, without in pairs)
    report.figure(f"{act}: commands per CPU second kept", round(per_cpu, 3), "share")
    report.figure(
        f"{act}: throughput kept for the CPU spent (below 1: writers queue)", round(kept, 3), "share", at_least=0.9
    )


def _round(environment: dict[str, str], act: str, side: str, server: int) -> tuple[float, float]:
    before, began = _server_cpu(server), time.monotonic()
    clients = [_start(environment, side, str(n), act) for n in range(PROCESSES)]
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
