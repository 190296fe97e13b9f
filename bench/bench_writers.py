"""16 writers on PostgreSQL: one command with its audit entry, facts and pending tallies, against the same without.

Each side runs in turn, several times. "Without" is the whole command less what `commands._write_down` does: no entry,
no target, no fact and no pending row, but with its transaction, its policy, its key and its own rows. Beside the full
side the worker's rounds run at the worker's own pace, and each measurement lasts until they have folded and sealed
every command of it; whatever they spend, in their process or in the server, is laid on the full side.

CPU is that of clients, server and worker together. Two shares are told: commands per CPU second (what audit and facts
cost) and throughput kept for the CPU spent (whether anybody waits: a writer in a queue spends wall time and no CPU, so
it falls below one). The first carries its bound on a command as staff send it, with a key and several rows; the
smallest command there is, one row without a key, stands beside it as the worst case.
"""

import os
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from bench.report import Report, server_cpu
from tests.support import postgres

PROCESSES, THREADS, COMMANDS, ROUNDS = 4, 4, 100, 3
HOUSEHOLD = "register a household of three with a key"
ACTS = ("count visitors", HOUSEHOLD)


def run(report: Report) -> None:
    """Measure throughput per CPU second of both sides."""
    cluster = postgres.start(durable=True)
    try:
        environment = os.environ | {
            "LIANXIN_DATABASE_URL": cluster.url,
            "LIANXIN_TESTING": "1",
            "DJANGO_SETTINGS_MODULE": "lianxin.config.settings",
        }
        _end(_start(environment, "prepare"))
        seen = [look for act in ACTS for look in _compare(report, environment, act, cluster.server_pid())]
        report.figure("sessions seen waiting for a lock on audit, facts or tallies", sum(seen), "", at_most=0)
        report.note(
            f"{PROCESSES} processes of {THREADS} threads, {COMMANDS} commands each, {ROUNDS} rounds of each side in"
            f" turn (medians; CPU and speed of the best); {len(seen)} looks for waiting sessions; fsync on; 200 venues."
        )
        report.note(
            "CPU of the full side counts folding and sealing of every command of the round, by the worker at its own"
            " pace, its last look included."
        )
    finally:
        cluster.close()


@dataclass(frozen=True)
class Round:
    """What one round of one side took: CPU seconds in all, those of the worker's process, and wall time."""

    cpu: float
    worker: float
    wall: float
    waiting: list[int]


def _compare(report: Report, environment: dict[str, str], act: str, server: int) -> list[int]:
    """Measure one command with and without, in turn, add its figures, and give how many were seen waiting."""
    sides: dict[str, list[Round]] = {"with": [], "without": []}
    for _ in range(ROUNDS):
        for side in sides:
            sides[side].append(_round(environment, act, side, server))
    done = PROCESSES * THREADS * COMMANDS
    for side, rounds in sides.items():
        cpu, wall = min(one.cpu for one in rounds), min(one.wall for one in rounds)
        report.figure(f"{act}, {side}: CPU per command", round(1000 * cpu / done, 2), "ms")
        report.figure(f"{act}, {side}: commands per second", round(done / wall, 1), "1/s")
    worker = min(one.worker for one in sides["with"])
    report.figure(f"{act}, with: of it in the worker's process", round(1000 * worker / done, 2), "ms")
    pairs = list(zip(sides["with"], sides["without"], strict=True))
    per_cpu = statistics.median(without.cpu / with_.cpu for with_, without in pairs)
    kept = statistics.median((without.wall / with_.wall) * (with_.cpu / without.cpu) for with_, without in pairs)
    report.figure(
        f"{act}: commands per CPU second kept",
        round(per_cpu, 3),
        "share",
        at_least=0.9 if act == HOUSEHOLD else None,
    )
    report.figure(
        f"{act}: throughput kept for the CPU spent (below 1: writers queue)", round(kept, 3), "share", at_least=0.9
    )
    return [seen for one in sides["with"] for seen in one.waiting]


def _round(environment: dict[str, str], act: str, side: str, server: int) -> Round:
    worker = _start(environment, "work") if side == "with" else None
    before, began = server_cpu(server), time.monotonic()
    clients = [_start(environment, side, str(n), act) for n in range(PROCESSES)]
    used = sum(float(_end(client)) for client in clients)
    wall = time.monotonic() - began
    spent, waiting = 0.0, []
    if worker:
        words = _end(worker).split()  # its standard input closes: it folds and seals the rest
        spent, waiting = float(words[0]), [int(word) for word in words[1:]]
    return Round(used + spent + server_cpu(server) - before, spent, wall, waiting)


def _start(environment: dict[str, str], *words: str) -> subprocess.Popen[str]:
    script = Path(__file__).with_name("writers_client.py")
    return subprocess.Popen(
        [sys.executable, str(script), *words],
        env=environment | {"PYTHONPATH": f"{Path('src').resolve()}:{Path().resolve()}"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def _end(client: subprocess.Popen[str]) -> str:
    out, _ = client.communicate()
    if client.returncode:
        raise RuntimeError(f"a client failed: {client.args}")
    return out
