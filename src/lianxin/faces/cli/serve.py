"""`lianxin serve`: load the program once, then let server, web workers and worker be born from it.

What is loaded before a process splits is one memory for all that come of it: a second web worker, or the worker that
does the slow work, costs only what it changes.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import signal
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from importlib import import_module
from multiprocessing.process import BaseProcess

# Python computes one page at a time, however many threads wait: more of them only wait at more connections, and each
# takes 3 to 4 MB of statements, tables' shapes and cached pages.
THREADS = 2
APPLICATION = "lianxin.config.wsgi:application"
KILL_AFTER = 15
# Pages read little, and the system caches the file for all of them; the worker goes through whole tables.
WORKER_CACHE_KB = 16_000


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Tell argparse what `serve` takes."""
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: 127.0.0.1)")
    parser.add_argument("--port", type=int, default=8000, help="port (default: 8000)")
    parser.add_argument("--workers", type=int, default=1, help="web worker processes (default: 1)")
    parser.add_argument("--threads", type=int, default=THREADS, help=f"threads per web worker (default: {THREADS})")
    parser.add_argument("--with-worker", action="store_true", help="run the two workers too, as `lianxin up` does")
    parser.add_argument("--worker-cache-kb", type=int, default=WORKER_CACHE_KB, help=argparse.SUPPRESS)


def run(options: argparse.Namespace) -> int:
    """Serve what is prepared already until SIGINT or SIGTERM."""
    return serve(options, ready=lambda: None)


def serve(options: argparse.Namespace, *, ready: Callable[[], None]) -> int:
    """Load, split and watch over the parts until told to stop; a part that ends by itself is started again.

    `ready` is called once the pages answer. The caller's environment is what all parts run in.
    """
    stopping: list[int] = []
    _listen(stopping)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lianxin.config.settings")
    # Loads everything. By its name, as the server itself takes it: faces know nothing of config.
    import_module(APPLICATION.partition(":")[0])

    _listen(stopping)
    from django.db import connections

    # A connection cannot be shared between processes.
    connections.close_all()
    address = f"http://{options.host}:{options.port}"
    parts = {"server": _serve_pages, "worker": _do_quick_work, "slow worker": _do_long_work}
    processes = {"server": _started("server", parts["server"], options)}
    if not _answers(address, processes["server"], stopping):
        _stop(processes)
        if stopping:
            return 0
        print(f"The server did not start on {address}; the reason stands above.", file=sys.stderr)
        return 1
    if options.with_worker:
        # They wait their turn, so that the pages are there sooner.
        processes |= {name: _started(name, parts[name], options) for name in ("worker", "slow worker")}
    ready()
    while not stopping:
        for name, process in processes.items():
            if process.exitcode is not None and not stopping:
                print(f"The {name} ended with {process.exitcode} and is started again.", file=sys.stderr, flush=True)
                processes[name] = _started(name, parts[name], options)
        time.sleep(0.5)
    _stop(processes)
    return 0


def _listen(stopping: list[int]) -> None:
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda received, _frame: stopping.append(received))


def _serve_pages(options: argparse.Namespace) -> None:
    from granian.constants import Interfaces
    from granian.log import LogLevels
    from granian.server import Server

    Server(
        APPLICATION,
        address=options.host,
        port=options.port,
        interface=Interfaces.WSGI,
        workers=options.workers,
        blocking_threads=options.threads,
        websockets=False,
        log_level=LogLevels.warning,
        respawn_failed_workers=True,
        workers_kill_timeout=10,
    ).serve()


def _do_quick_work(options: argparse.Namespace) -> None:
    _work("quick", options)


def _do_long_work(options: argparse.Namespace) -> None:
    """Do what takes long in a process of its own: an import or a plan keeps no message waiting, and no sum."""
    _work("long", options)


def _work(lane: str, options: argparse.Namespace) -> None:
    from django.db import connections

    database = connections.databases["default"]
    if database["ENGINE"].endswith("sqlite3"):
        database["OPTIONS"]["init_command"] += f"PRAGMA cache_size=-{options.worker_cache_kb};"
    from lianxin.platform.worker import Worker

    Worker(lanes=(lane,)).run()


def _started(name: str, work: Callable[[argparse.Namespace], None], options: argparse.Namespace) -> BaseProcess:
    """Start a part that does not hear Ctrl-C, which reaches all of a terminal's processes: we end it ourselves.

    A server whose own children end before it was told to stop takes that for a crash and starts them again.
    """
    process = multiprocessing.get_context("fork").Process(target=work, args=(options,), name=name)
    heard = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        process.start()
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, heard)
    return process


def _answers(address: str, server: BaseProcess, stopping: list[int]) -> bool:
    for _ in range(1000):
        if stopping or server.exitcode is not None:
            return False
        try:
            with urllib.request.urlopen(f"{address}/healthz", timeout=2) as answer:  # noqa: S310
                return bool(answer.status == 200)
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.03)
    return False


def _stop(processes: dict[str, BaseProcess]) -> None:
    for process in processes.values():
        process.terminate()
    for process in processes.values():
        process.join(timeout=KILL_AFTER)
        if process.exitcode is None:
            process.kill()
