"""16 writers on PostgreSQL: one command with its audit entry, facts and pending tallies, against the same without.

"Without" is the whole command less `commands._noted`: no entry, no target, no fact and no pending row, but with its
transaction, its policy, its own rows, and the key with which every form and every client sends it. The key is claimed,
and its outcome is written by the command's last statement along with COMMIT, as on the full side: both have the same
waits, and the difference is what audit and facts cost and nothing else. Beside the full side a worker makes its rounds
at its own pace; whatever folding and sealing every command of that side takes, in its process or in the server, is laid
on the full side.

The sides take turns of a second or two on the same long-lived processes and sessions, as a web worker has them, and
each begins every other pair: a machine that is slower for a while is so for both. CPU is that of clients, server and
worker together. Two shares are told, each the median of all pairs: commands per CPU second (what audit and facts cost)
and throughput kept for the CPU spent (whether anybody waits: a writer in a queue spends wall time and no CPU, so it
falls below one). Both have bounds for commands as they are sent, with a key: the smallest that there is, one row, and
one of several rows. The smallest without a key is told beside them: no page and no client sends it so.
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

PROCESSES, THREADS = 4, 4
WARM_UP = 20
WITH, WITHOUT = "with", "without"
HOUSEHOLD = "register a household of three with a key"
KEYED = "count visitors with a key"
UNKEYED = "count visitors without a key"
# How many pairs of turns, and how many commands each thread sends in one: a second or two of it.
TURNS = {KEYED: 30, HOUSEHOLD: 12, UNKEYED: 12}
COMMANDS = {KEYED: 25, HOUSEHOLD: 8, UNKEYED: 25}


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
        seen = [look for act in TURNS for look in _compare(report, environment, act, cluster.server_pid())]
        report.figure("sessions seen waiting for a lock on audit, facts or tallies", sum(seen), "", at_most=0)
        report.note(
            f"{PROCESSES} processes of {THREADS} threads; pairs of turns and commands of each thread in one, after"
            f" {WARM_UP} to warm up: {', '.join(f'{act} {TURNS[act]} × {COMMANDS[act]}' for act in TURNS)};"
            f" {len(seen)} looks for waiting sessions; fsync on; 200 venues."
        )
        report.note(
            "CPU of the full side counts folding and sealing of each of its commands, by the worker at its own pace"
            " and at the end, its looks for waiting sessions included."
        )
    finally:
        cluster.close()


@dataclass(frozen=True)
class Turn:
    """What one turn of one side took: CPU seconds of clients and server, and wall time."""

    cpu: float
    wall: float


def _compare(report: Report, environment: dict[str, str], act: str, server: int) -> list[int]:
    """Measure one command with and without, in turn, add its figures, and give how many were seen waiting."""
    writers = [_start(environment, "write", str(n), act) for n in range(PROCESSES)]
    worker = _start(environment, "work")
    sides: dict[str, list[Turn]] = {WITH: [], WITHOUT: []}
    for side in sides:
        _turn(writers, worker, side, WARM_UP, server)
    for number in range(TURNS[act]):
        for side in sorted(sides, reverse=bool(number % 2)):
            sides[side].append(_turn(writers, worker, side, COMMANDS[act], server))
    for writer in writers:
        _end(writer)
    before = server_cpu(server)
    spent, *waiting = _end(worker).split()
    done = PROCESSES * THREADS * (COMMANDS[act] * TURNS[act] + WARM_UP)
    at_the_end = server_cpu(server) - before  # what it asked of the server in its turns is in their CPU already
    _tell(report, act, sides, worker=float(spent) / done, server=at_the_end / done)
    return [int(seen) for seen in waiting]


def _tell(report: Report, act: str, sides: dict[str, list[Turn]], *, worker: float, server: float) -> None:
    """Add the figures; `worker` and `server` are CPU seconds per command besides those of the turns."""
    count = PROCESSES * THREADS * COMMANDS[act]
    after = {WITH: worker + server, WITHOUT: 0.0}
    for side, turns in sides.items():
        cpu = statistics.median(turn.cpu / count for turn in turns) + after[side]
        report.figure(f"{act}, {side}: CPU per command", round(1000 * cpu, 2), "ms")
        wall = statistics.median(turn.wall for turn in turns)
        report.figure(f"{act}, {side}: commands per second", round(count / wall, 1), "1/s")
    report.figure(f"{act}, with: of it in the worker's process", round(1000 * worker, 2), "ms")
    pairs = [
        (without.cpu / (with_.cpu + after[WITH] * count), without.wall / with_.wall)
        for with_, without in zip(sides[WITH], sides[WITHOUT], strict=True)
    ]
    report.figure(
        f"{act}: commands per CPU second kept",
        round(statistics.median(per_cpu for per_cpu, _ in pairs), 3),
        "share",
        at_least=None if act == UNKEYED else 0.9,
    )
    report.figure(
        f"{act}: throughput kept for the CPU spent (below 1: writers queue)",
        round(statistics.median(per_second / per_cpu for per_cpu, per_second in pairs), 3),
        "share",
        at_least=0.9,
    )


def _turn(
    writers: list[subprocess.Popen[str]], worker: subprocess.Popen[str], side: str, count: int, server: int
) -> Turn:
    """Let every writer send so many commands from each thread; on the full side the worker goes beside them."""
    before, began = server_cpu(server), time.monotonic()
    if side == WITH:
        _say(worker, "go")
    for writer in writers:
        _say(writer, f"{side} {count}")
    used = sum(float(_hear(writer)) for writer in writers)
    wall = time.monotonic() - began
    if side == WITH:
        _say(worker, "pause")
        _hear(worker)
    return Turn(used + server_cpu(server) - before, wall)


def _start(environment: dict[str, str], *words: str) -> subprocess.Popen[str]:
    script = Path(__file__).with_name("writers_client.py")
    return subprocess.Popen(
        [sys.executable, str(script), *words],
        env=environment | {"PYTHONPATH": f"{Path('src').resolve()}:{Path().resolve()}"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def _say(process: subprocess.Popen[str], line: str) -> None:
    assert process.stdin
    process.stdin.write(line + "\n")
    process.stdin.flush()


def _hear(process: subprocess.Popen[str]) -> str:
    assert process.stdout
    line = process.stdout.readline()
    if not line:
        raise RuntimeError(f"a process ended early: {process.args!r}")
    return line


def _end(process: subprocess.Popen[str]) -> str:
    out, _ = process.communicate()
    if process.returncode:
        raise RuntimeError(f"a process failed: {process.args!r}")
    return out
