"""`lianxin up`: prepare, build the sample district's ground once, then run server and worker until stopped."""

import argparse
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from lianxin.faces.cli.setup import everything_ready

# The C library keeps freed memory for each thread unless it is told not to; what an operator sets himself holds.
LEAN_MEMORY = {"MALLOC_ARENA_MAX": "1", "MALLOC_TRIM_THRESHOLD_": "131072"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Tell argparse what `up` takes."""
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: 127.0.0.1)")
    parser.add_argument(
        "--port", type=int, default=int(os.environ.get("PORT", "8000")), help="port (default: 8000, or PORT)"
    )
    parser.add_argument("--workers", type=int, default=1, help="web worker processes (default: 1)")
    parser.add_argument("--threads", type=int, default=4, help="threads per web worker (default: 4)")
    parser.add_argument(
        "--no-sample", action="store_true", help="do not build the sample district in an empty database"
    )


def run(options: argparse.Namespace) -> int:
    """Serve until SIGINT or SIGTERM; a process that ends by itself is started again."""
    started = time.monotonic()
    everything_ready()
    from django.conf import settings

    from lianxin.faces.cli import demo

    if not options.no_sample and demo.is_empty():
        demo.build_ground_with_progress()
    from django.db import connections

    is_sample = demo.is_sample()
    connections.close_all()
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
    processes = {name: subprocess.Popen(words, env=environment) for name, words in commands.items()}
    stopping: list[int] = []
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda received, _frame: stopping.append(received))
    address = f"http://{options.host}:{options.port}"
    if not _answers(address, processes["server"], stopping):
        print(
            f"The server did not start on {address}. Is the port taken? PORT=8001 make run uses another.",
            file=sys.stderr,
        )
        _stop(processes)
        return 1
    (Path(settings.VAR_DIR) / "server.pid").write_text(str(processes["server"].pid))
    print(f"\nLianxin 连心 is ready on {address} after {time.monotonic() - started:.1f} s.", flush=True)
    if is_sample:
        print(demo.logins_text(address), flush=True)
    print("Stop with Ctrl-C.", flush=True)
    while not stopping:
        for name, process in processes.items():
            if process.poll() is not None and not stopping:
                print(f"The {name} ended with {process.returncode} and is started again.", file=sys.stderr, flush=True)
                processes[name] = subprocess.Popen(commands[name], env=environment)
        time.sleep(0.5)
    _stop(processes)
    return 0


def _answers(address: str, server: subprocess.Popen, stopping: list[int]) -> bool:
    for _ in range(300):
        if stopping or server.poll() is not None:
            return False
        try:
            with urllib.request.urlopen(f"{address}/healthz", timeout=2) as answer:  # noqa: S310
                return answer.status == 200
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.1)
    return False


def _stop(processes: dict[str, subprocess.Popen]) -> None:
    for process in processes.values():
        process.terminate()
    for process in processes.values():
        try:
            process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            process.kill()
