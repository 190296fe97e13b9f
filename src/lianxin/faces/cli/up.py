"""`lianxin up`: prepare, build the sample district's ground once, then run server and worker until stopped."""

import argparse
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

from lianxin.platform import prepared

# The C library keeps freed memory for each thread unless it is told not to, and Python keeps for each instruction the
# columns that it came from, for the marks under the lines of a traceback; what an operator sets himself holds.
LEAN_MEMORY = {"MALLOC_ARENA_MAX": "1", "MALLOC_TRIM_THRESHOLD_": "131072", "PYTHONNODEBUGRANGES": "1"}
# Python computes one page at a time, however many threads wait: more of them only wait at more connections, and each
# takes 3 to 4 MB of statements, tables' shapes and cached pages.
THREADS = 2
ADDRESS = "{address}"  # stands in the greeting where the address comes


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Tell argparse what `up` takes."""
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: 127.0.0.1)")
    parser.add_argument(
        "--port", type=int, default=int(os.environ.get("PORT", "8000")), help="port (default: 8000, or PORT)"
    )
    parser.add_argument("--workers", type=int, default=1, help="web worker processes (default: 1)")
    parser.add_argument("--threads", type=int, default=THREADS, help=f"threads per web worker (default: {THREADS})")
    parser.add_argument(
        "--no-sample", action="store_true", help="do not build the sample district in an empty database"
    )


def run(options: argparse.Namespace) -> int:
    """Serve until SIGINT or SIGTERM; a process that ends by itself is started again."""
    started = time.monotonic()
    address = f"http://{options.host}:{options.port}"
    reason = _why_closed(options.host, options.port)
    if reason:
        print(f"The server cannot start on {address}: {reason}. PORT=8001 make run takes another.", file=sys.stderr)
        return 1
    program = prepared.fingerprint(environment=os.environ)
    greeting = prepared.find_greeting(environment=os.environ, program=program)
    if greeting is None:
        greeting = _prepare(options, program=program)
    environment = LEAN_MEMORY | os.environ | {"DJANGO_SETTINGS_MODULE": "lianxin.config.settings"}
    commands = {
        "server": [
            sys.executable, "-m", "granian", "--interface", "wsgi", "--host", options.host, "--port", str(options.port),
            "--workers", str(options.workers), "--blocking-threads", str(options.threads), "--no-ws",
            "--log-level", "warning", "--respawn-failed-workers", "--workers-kill-timeout", "10",
            "lianxin.config.wsgi:application",
        ],
        "worker": [sys.executable, "-m", "lianxin", "worker"],
    }  # fmt: skip
    stopping: list[int] = []
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda received, _frame: stopping.append(received))
    processes = {"server": _started(commands["server"], environment)}
    if not _answers(address, processes["server"], stopping):
        _stop(processes)
        if stopping:
            return 0
        print(f"The server did not start on {address}; the reason stands above.", file=sys.stderr)
        return 1
    # The worker waits its turn, so that the pages are there sooner.
    processes["worker"] = _started(commands["worker"], environment)
    print(f"\nLianxin 连心 is ready on {address} after {time.monotonic() - started:.1f} s.", flush=True)
    if greeting:
        print(greeting.replace(ADDRESS, address), flush=True)
    print("Stop with Ctrl-C.", flush=True)
    while not stopping:
        for name, process in processes.items():
            if process.poll() is not None and not stopping:
                print(f"The {name} ended with {process.returncode} and is started again.", file=sys.stderr, flush=True)
                processes[name] = _started(commands[name], environment)
        time.sleep(0.5)
    _stop(processes)
    return 0


def _why_closed(host: str, port: int) -> str:
    """Say why nobody can listen there; another server that answers in our place would look like ours."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        with socket.create_server((host, port), family=family):
            return ""
    except OverflowError:
        return "there is no such port"
    except OSError as error:
        return os.strerror(error.errno).lower() if error.errno and error.errno > 0 else str(error.strerror or error)


def _prepare(options: argparse.Namespace, *, program: str) -> str:
    """Go the long way: look at keys, tables and static files, build the sample's ground; give the greeting."""
    from lianxin.faces.cli import demo
    from lianxin.faces.cli.setup import everything_ready, keep_stamp

    everything_ready()
    if not options.no_sample and demo.is_empty():
        demo.build_ground_with_progress()
    from django.db import connections

    greeting = demo.logins_text(ADDRESS)
    keep_stamp(program=program, greeting=greeting)
    connections.close_all()
    return greeting


def _started(words: list[str], environment: dict[str, str]) -> subprocess.Popen:
    """Start a process that does not hear Ctrl-C, which reaches all of a terminal's processes: we end it ourselves.

    A server whose own children end before it was told to stop takes that for a crash and starts them again.
    """
    heard = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        return subprocess.Popen(words, env=environment)
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, heard)


def _answers(address: str, server: subprocess.Popen, stopping: list[int]) -> bool:
    for _ in range(1000):
        if stopping or server.poll() is not None:
            return False
        try:
            with urllib.request.urlopen(f"{address}/healthz", timeout=2) as answer:  # noqa: S310
                return answer.status == 200
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.03)
    return False


def _stop(processes: dict[str, subprocess.Popen]) -> None:
    for process in processes.values():
        process.terminate()
    for process in processes.values():
        try:
            process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            process.kill()
